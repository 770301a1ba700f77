//! Texts that cells are equal to, each with its number: found by one look at a place, without following a pointer to short ones.

/// Different texts, numbered from 1 in the order in which they came.
///
/// Places are chosen by a hash, the next ones being tried where one is taken. Whoever writes rules could write texts that
/// all choose one place: so few places are ever tried that a look is fast all the same, and where that is not enough for
/// the texts of a column, there is no such set.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    /// A power of two of them, at most half of which are taken.
    places: Vec<Place>,
    /// How far a hash is shifted to the right to give a place.
    shift: u32,
    count: u32,
    /// Texts whose ends do not say all of them, one after another.
    long: Vec<u8>,
    /// Where those start, by number.
    starts: Vec<u32>,
}

/// A text by its ends; 24 bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    ends: Ends,
    /// 0 where no text stands here.
    number: u32,
}

/// The first and last eight bytes of a text, which overlap where it has fewer than sixteen, and how many it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ends {
    head: u64,
    tail: u64,
    bytes: u32,
}

/// Up to so many bytes, ends say all.
const SHORT_BYTES_MAX: usize = 16;
/// Places that are tried.
const TRIES_MAX: usize = 64;
/// Places for each text, where hashes fall badly.
const PLACES_PER_TEXT_MAX: usize = 64;
const FIRST_PLACES: usize = 16;
/// Odd, with bits in no pattern: the fractions of the golden ratio and of the square root of two.
const HEAD_SALT: u64 = 0x9E37_79B9_7F4A_7C15;
const TAIL_SALT: u64 = 0x6A09_E667_F3BC_C909;

impl Texts {
    /// The different ones of some texts; `None` where they cannot be told apart fast.
    pub(super) fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Texts> {
        let mut made = Texts::with_places(FIRST_PLACES);
        for text in texts {
            if made.find(text) == 0 {
                made.add(text)?;
            }
        }
        made.long.shrink_to_fit();
        made.starts.shrink_to_fit();
        Some(made)
    }

    fn with_places(count: usize) -> Texts {
        let (long, starts) = (Vec::new(), Vec::new());
        let shift = u64::BITS.saturating_sub(count.trailing_zeros());
        Texts { places: vec![Place::default(); count], shift, count: 0, long, starts }
    }

    /// How many there are.
    pub(super) fn len(&self) -> u32 {
        self.count
    }

    /// The number of a text; 0 where it is none of these.
    #[inline]
    pub(super) fn find(&self, text: &str) -> u32 {
        let bytes = text.as_bytes();
        let ends = Ends::of(bytes);
        let is_short = bytes.len() <= SHORT_BYTES_MAX;
        for place in self.tried(hash(bytes, ends)) {
            if place.number == 0 {
                return 0;
            }
            if place.ends == ends && (is_short || self.is_long(place.number, bytes)) {
                return place.number;
            }
        }
        0
    }

    /// The places that a hash leads to, in the order in which they are tried.
    #[inline]
    fn tried(&self, hash: u64) -> impl Iterator<Item = &Place> {
        let (first, last) = (self.first_place(hash), self.places.len().wrapping_sub(1));
        (0..TRIES_MAX).filter_map(move |further| self.places.get(first.wrapping_add(further) & last))
    }

    #[inline]
    fn first_place(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }

    fn is_long(&self, number: u32, bytes: &[u8]) -> bool {
        let start = self.starts.get(number.wrapping_sub(1) as usize).copied().unwrap_or_default() as usize;
        self.long.get(start..start.saturating_add(bytes.len())) == Some(bytes)
    }

    /// Adds a text that is none of these.
    fn add(&mut self, text: &str) -> Option<()> {
        let bytes = text.as_bytes();
        let ends = Ends::of(bytes);
        let start = u32::try_from(self.long.len()).ok()?;
        // No text has as many bytes as 32 bits cannot count: ends of two such could be the same.
        u32::try_from(bytes.len()).ok()?;
        if bytes.len() > SHORT_BYTES_MAX {
            self.long.extend_from_slice(bytes);
        }
        self.starts.push(start);
        self.count = self.count.checked_add(1)?;
        if (self.count as usize).saturating_mul(2) > self.places.len() {
            self.grow()?;
        }
        let place = Place { ends, number: self.count };
        while !self.put(place, hash(bytes, ends)) {
            self.grow()?;
        }
        Some(())
    }

    /// Puts a text where there is room; tells whether there was.
    fn put(&mut self, place: Place, hash: u64) -> bool {
        let (first, last) = (self.first_place(hash), self.places.len().wrapping_sub(1));
        for further in 0..TRIES_MAX {
            if let Some(free) = self.places.get_mut(first.wrapping_add(further) & last)
                && free.number == 0
            {
                *free = place;
                return true;
            }
        }
        false
    }

    /// Doubles the places, until all texts have one.
    fn grow(&mut self) -> Option<()> {
        let mut count = self.places.len();
        loop {
            count = count.checked_mul(2)?;
            if count > (self.count as usize).saturating_mul(PLACES_PER_TEXT_MAX).max(FIRST_PLACES) {
                return None;
            }
            let mut wider = Texts::with_places(count);
            let taken = self.places.iter().filter(|place| place.number > 0);
            if taken.copied().all(|place| wider.put(place, self.hash_of(place))) {
                (self.places, self.shift) = (wider.places, wider.shift);
                return Some(());
            }
        }
    }

    fn hash_of(&self, place: Place) -> u64 {
        let bytes = place.ends.bytes as usize;
        if bytes <= SHORT_BYTES_MAX {
            return hash(&[], place.ends);
        }
        let start = self.starts.get(place.number.wrapping_sub(1) as usize).copied().unwrap_or_default() as usize;
        hash(self.long.get(start..start.saturating_add(bytes)).unwrap_or_default(), place.ends)
    }
}

impl Ends {
    #[inline]
    fn of(bytes: &[u8]) -> Ends {
        let (head, tail) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            _ => (few(bytes), 0),
        };
        Ends { head, tail, bytes: bytes.len() as u32 }
    }
}

/// Up to seven bytes as one number, which together with their count says all of them.
#[inline]
fn few(bytes: &[u8]) -> u64 {
    if let (Some(head), Some(tail)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*head)) | (u64::from(u32::from_le_bytes(*tail)) << 32);
    }
    let at = |place: usize| bytes.get(place).copied().map_or(0, u64::from);
    at(0) | (at(1) << 8) | (at(2) << 16)
}

/// Folds the ends, and what lies between them where they do not meet.
#[inline]
fn hash(bytes: &[u8], ends: Ends) -> u64 {
    let folded = fold(ends.head ^ HEAD_SALT, ends.tail ^ TAIL_SALT ^ (u64::from(ends.bytes) << 56));
    let between = bytes.get(8..bytes.len().saturating_sub(8)).unwrap_or_default();
    between.chunks(8).fold(folded, |folded, chunk| {
        let mut word = [0; 8];
        word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        fold(folded ^ u64::from_le_bytes(word), HEAD_SALT)
    })
}

#[inline]
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left).wrapping_mul(u128::from(right));
    ((product >> 64) as u64) ^ (product as u64)
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Compares with a list that is searched from its start.
    fn check(own: &[String], others: &[String]) {
        let texts = Texts::new(own.iter().map(String::as_str)).unwrap();
        let mut different: Vec<&String> = Vec::new();
        for text in own {
            if !different.contains(&text) {
                different.push(text);
            }
        }
        assert_eq!(texts.len() as usize, different.len());
        for text in own.iter().chain(others) {
            let expected = different.iter().position(|known| *known == text).map_or(0, |at| at as u32 + 1);
            assert_eq!(texts.find(text), expected, "{text:?} among {different:?}");
        }
    }

    proptest! {
        #[test]
        fn texts_keep_their_numbers(
            own in prop::collection::vec("[ab]{0,20}|[a-z]{0,3}", 0..300),
            others in prop::collection::vec("[ab]{0,20}", 0..50),
        ) {
            check(&own, &others);
        }
    }

    #[test]
    fn texts_that_differ_anywhere_are_told_apart() {
        let same = |bytes: usize| "x".repeat(bytes);
        let changed = (0..41).map(|at| format!("{}y{}", same(at), same(40 - at)));
        let all: Vec<String> = (0..=41).map(same).chain(changed).collect();
        check(&all[..40], &all);
        check(&all, &[]);
    }

    #[test]
    fn many_texts_take_few_places() {
        let many: Vec<String> = (0..100_000).map(|number| format!("NIT-{number:09}")).collect();
        let texts = Texts::new(many.iter().map(String::as_str)).unwrap();
        assert!(many.iter().zip(1..).all(|(text, number)| texts.find(text) == number));
        assert!(texts.places.len() <= 4 * many.len(), "{}", texts.places.len());
    }

    #[test]
    fn texts_of_one_place_are_refused_and_not_searched_for_ever() {
        let crafted = crafted(100);
        assert!(Texts::new(crafted.iter().map(String::as_str)).is_none());
        assert!(Texts::new(crafted[..60].iter().map(String::as_str)).is_some());
    }

    /// Texts whose hashes share so many leading bits that they all lead to one place.
    pub(in crate::index) fn crafted(count: usize) -> Vec<String> {
        let all = (0_u64..).map(|number| format!("{number:016}"));
        all.filter(|text| hash(text.as_bytes(), Ends::of(text.as_bytes())) >> 50 == 0).take(count).collect()
    }
}
