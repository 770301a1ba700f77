//! Which rows of a batch something is about.

/// Rows of one batch.
pub(crate) const LANES: usize = 1_024;
const WORDS: usize = LANES / 64;

/// A set of rows of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mask([u64; WORDS]);

impl Mask {
    pub(crate) const NONE: Mask = Mask([0; WORDS]);

    /// The first rows.
    pub(crate) fn first(rows: usize) -> Mask {
        Mask::from_fn(rows.min(LANES), |_| true)
    }

    /// Those of the first rows for which something holds.
    #[inline]
    pub(crate) fn from_fn(rows: usize, mut holds: impl FnMut(usize) -> bool) -> Mask {
        let mut mask = Mask::NONE;
        for (word, start) in mask.0.iter_mut().zip((0..rows).step_by(64)) {
            for bit in 0..rows.saturating_sub(start).min(64) {
                *word |= u64::from(holds(start.wrapping_add(bit))) << bit;
            }
        }
        mask
    }

    /// Those of the first rows for which it is said that something holds.
    #[inline]
    pub(crate) fn of(holds: impl Iterator<Item = bool>) -> Mask {
        let mut mask = Mask::NONE;
        for (row, holds) in holds.take(LANES).enumerate() {
            if let Some(word) = mask.0.get_mut(row / 64) {
                *word |= u64::from(holds) << (row % 64);
            }
        }
        mask
    }

    /// From bits, 64 rows a word.
    #[inline]
    pub(crate) fn of_words(words: impl Iterator<Item = u64>) -> Mask {
        let mut mask = Mask::NONE;
        mask.0.iter_mut().zip(words).for_each(|(own, word)| *own = word);
        mask
    }

    /// Its rows as bits, 64 a word.
    pub(crate) fn words(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().copied()
    }

    /// How many rows it has.
    pub(crate) fn count(&self) -> usize {
        self.0.iter().fold(0_usize, |count, word| count.saturating_add(word.count_ones() as usize))
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    #[inline]
    pub(crate) fn contains(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    pub(crate) fn insert(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    #[inline]
    pub(crate) fn and(&self, other: &Mask) -> Mask {
        self.zip(other, |left, right| left & right)
    }

    #[inline]
    pub(crate) fn or(&self, other: &Mask) -> Mask {
        self.zip(other, |left, right| left | right)
    }

    #[inline]
    pub(crate) fn without(&self, other: &Mask) -> Mask {
        self.zip(other, |left, right| left & !right)
    }

    #[inline]
    fn zip(&self, other: &Mask, join: impl Fn(u64, u64) -> u64) -> Mask {
        let mut joined = *self;
        for (word, other) in joined.0.iter_mut().zip(&other.0) {
            *word = join(*word, *other);
        }
        joined
    }

    /// Its rows in order.
    #[inline]
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.0
            .iter()
            .enumerate()
            .flat_map(|(position, word)| Bits(*word).map(move |bit| position.wrapping_mul(64).wrapping_add(bit)))
    }
}

/// Positions of the bits that are set.
#[derive(Clone)]
struct Bits(u64);

impl Iterator for Bits {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros() as usize;
        self.0 &= self.0.wrapping_sub(1);
        Some(bit)
    }
}
