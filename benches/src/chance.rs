//! Chance with a seed: the same numbers on every machine (SplitMix64).

/// A stream of numbers.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` up to, but not, `high`; `low` where there is none.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.saturating_sub(low).max(1) as u64;
        low + (self.bits() % width) as i64
    }

    /// A position in something of a length.
    pub fn below(&mut self, length: usize) -> usize {
        self.between(0, length as i64) as usize
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, times: i64) -> bool {
        self.between(0, 100) < times
    }

    /// Any element of a slice.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// So many different numbers from `low` up to `high`, ascending.
    pub fn ascending(&mut self, count: usize, low: i64, high: i64) -> Vec<i64> {
        let mut drawn = std::collections::BTreeSet::new();
        while drawn.len() < count {
            drawn.insert(self.between(low, high));
        }
        drawn.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_bounds_hold() {
        let draw = |seed| (0..100).map(|_| Chance::new(seed).between(-3, 4)).collect::<Vec<_>>();
        assert_eq!(draw(1), draw(1));
        let mut chance = Chance::new(7);
        assert!((0..1_000).all(|_| (-3..4).contains(&chance.between(-3, 4))));
        let cuts = chance.ascending(50, 0, 100);
        assert!(cuts.len() == 50 && cuts.is_sorted());
    }
}
