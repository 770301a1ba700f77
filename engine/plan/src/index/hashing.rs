//! A fast hash for texts of rules. Facts are only looked up, never put in, so that nobody outside can make it slow.

use std::hash::{BuildHasherDefault, Hasher};

/// A map by text, for look-ups only: its order means nothing.
pub(super) type TextMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<TextHasher>>;

/// Folds words of eight bytes by multiplication.
#[derive(Clone, Debug, Default)]
pub(super) struct TextHasher {
    state: u64,
}

/// Odd, with bits in no pattern: the fraction of the golden ratio.
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

impl TextHasher {
    #[inline]
    fn add(&mut self, word: u64) {
        let product = u128::from(self.state ^ word).wrapping_mul(u128::from(MULTIPLIER));
        self.state = ((product >> 64) as u64) ^ (product as u64) ^ word.rotate_left(32);
    }
}

impl Hasher for TextHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.add(u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.add(u64::from_le_bytes(last) ^ (bytes.len() as u64).rotate_left(56));
    }

    #[inline]
    fn write_u8(&mut self, _end: u8) {
        // Texts end with a mark that says nothing: their length is in the last word.
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.state.wrapping_mul(MULTIPLIER)
    }
}
