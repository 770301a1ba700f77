//! Chance that repeats: the same seed and row give the same draws on every machine.

/// A stream of draws (SplitMix64), of integers only: binary floating point could differ between machines.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

/// How far apart the streams of two rows are.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Chance {
    /// The stream of a row; rows do not depend on those before them.
    pub(super) fn of_row(seed: u64, row: u64) -> Chance {
        let mut mixer = Chance(seed);
        let start = mixer.next();
        Chance(start ^ Chance(row.wrapping_mul(STEP)).next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number below `end`, which is at least 1.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// True once in so many times.
    pub(super) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of some, each as likely.
    pub(super) fn one_of<'a, T>(&mut self, some: &'a [T]) -> &'a T {
        &some[self.below(some.len() as u64) as usize]
    }

    /// One of some, each as likely as its weight says.
    pub(super) fn weighted<'a, T>(&mut self, some: &'a [(u64, T)]) -> &'a T {
        let mut left = self.below(some.iter().map(|(weight, _)| weight).sum());
        for (weight, one) in some {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return one,
            }
        }
        &some[0].1
    }

    /// Pesos with every order of magnitude as likely: from two to the power `low` up to twice two to the power `high`,
    /// in whole thousands as people write amounts, or to the peso now and then.
    pub(super) fn pesos(&mut self, low: u64, high: u64) -> u64 {
        let octave = 1_u64 << (low + self.below(high - low + 1));
        let amount = octave + self.below(octave);
        if self.once_in(8) { amount } else { amount / 1_000 * 1_000 }
    }

    /// A part of an amount, from nothing to all of it.
    pub(super) fn part(&mut self, of: u64) -> u64 {
        of / 64 * self.below(65)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_its_own_stream_and_the_same_one_each_time() {
        let draws = |seed, row| (0..4).map(|_| Chance::of_row(seed, row).next()).collect::<Vec<_>>();
        assert_eq!(draws(1, 2), draws(1, 2));
        assert_ne!(draws(1, 2), draws(1, 3));
        assert_ne!(draws(1, 2), draws(2, 2));
    }

    #[test]
    fn weights_and_octaves_keep_their_bounds() {
        let mut chance = Chance::of_row(7, 0);
        for _ in 0..2_000 {
            assert_eq!(*chance.weighted(&[(0, 'a'), (3, 'b'), (0, 'c')]), 'b');
            let pesos = chance.pesos(10, 12);
            assert!((1_000..8_192).contains(&pesos), "{pesos}");
        }
    }
}
