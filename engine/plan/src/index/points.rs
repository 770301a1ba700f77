//! Sorted keys of 64 bits, and how many of them a value has reached.

use super::keys::Key;

/// With so few keys, counting all of them is fastest.
const COUNTED_MAX: usize = 16;
/// Buckets for each key, so that most hold one or none.
const BUCKETS_PER_KEY: usize = 2;

/// Different keys in order, with a table over their leading bits where there are many.
#[derive(Clone, Debug, Default)]
pub(super) struct Points {
    keys: Vec<i64>,
    /// For each value of the leading bits of the distance from the first key, how many keys come before; one more at the end.
    buckets: Vec<u32>,
    shift: u32,
}

impl Points {
    /// From keys in any order.
    pub(super) fn new(mut keys: Vec<i64>) -> Points {
        keys.sort_unstable();
        keys.dedup();
        keys.shrink_to_fit();
        let (buckets, shift) = if keys.len() > COUNTED_MAX { buckets(&keys) } else { (Vec::new(), 0) };
        Points { keys, buckets, shift }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// How many keys are not greater than the value, and whether it is the last of those.
    #[inline]
    pub(super) fn locate(&self, key: Key) -> (u32, bool) {
        let before = if self.buckets.is_empty() { self.count(key.floor) } else { self.search(key.floor) };
        let last = before.checked_sub(1).and_then(|last| self.keys.get(last as usize));
        (before, key.exact && last == Some(&key.floor))
    }

    /// Adds for each value, in units so many digits finer than those of the keys, one more than how many keys are less, and how
    /// many are not greater; `false` where the keys do not fit finer units.
    pub(super) fn locate_all(&self, values: &[i64], finer: u32, places: &mut Vec<u32>) -> bool {
        let finer = 10_i64.checked_pow(finer);
        let at_scale = |key: &i64| key.checked_mul(finer?);
        let Some(keys) = self.keys.iter().map(at_scale).collect::<Option<Vec<i64>>>() else { return false };
        if keys.len() > COUNTED_MAX {
            let below = |value: i64| keys.partition_point(|key| *key < value) as u32;
            places.extend(values.iter().map(|value| {
                let below = below(*value);
                let is_key = keys.get(below as usize) == Some(value);
                below.wrapping_mul(2).wrapping_add(1).wrapping_add(u32::from(is_key))
            }));
            return true;
        }
        let start = places.len();
        places.resize(start.saturating_add(values.len()), 1);
        for key in keys {
            let places = places.iter_mut().skip(start);
            values.iter().zip(places).for_each(|(value, place)| {
                *place = place.wrapping_add(u32::from(key < *value)).wrapping_add(u32::from(key <= *value));
            });
        }
        true
    }

    #[inline]
    fn count(&self, floor: i64) -> u32 {
        self.keys.iter().fold(0_u32, |count, key| count.wrapping_add(u32::from(*key <= floor)))
    }

    #[inline]
    fn search(&self, floor: i64) -> u32 {
        let Some(first) = self.keys.first() else { return 0 };
        if floor < *first {
            return 0;
        }
        let bucket = (distance(*first, floor) >> self.shift) as usize;
        let (from, to) = match self.buckets.get(bucket..bucket.saturating_add(2)) {
            Some([from, to]) => (*from, *to),
            _ => return self.keys.len() as u32,
        };
        let within = self.keys.get(from as usize..to as usize).unwrap_or_default();
        from.wrapping_add(reached(within, floor))
    }
}

/// How many of some sorted keys are not greater than another, without branches that depend on it.
#[inline]
fn reached(mut keys: &[i64], floor: i64) -> u32 {
    let mut before = 0_u32;
    while keys.len() > 1 {
        let (left, right) = keys.split_at(keys.len() / 2);
        let is_beyond = right.first().is_some_and(|key| *key <= floor);
        before = before.wrapping_add(if is_beyond { left.len() as u32 } else { 0 });
        keys = if is_beyond { right } else { left };
    }
    before.wrapping_add(u32::from(keys.first().is_some_and(|key| *key <= floor)))
}

fn distance(first: i64, key: i64) -> u64 {
    key.wrapping_sub(first).cast_unsigned()
}

fn buckets(keys: &[i64]) -> (Vec<u32>, u32) {
    let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return (Vec::new(), 0) };
    let wanted = keys.len().saturating_mul(BUCKETS_PER_KEY).next_power_of_two().trailing_zeros();
    let bits = distance(*first, *last).checked_ilog2().unwrap_or_default().saturating_add(1);
    let shift = bits.saturating_sub(wanted);
    let count = (distance(*first, *last) >> shift).saturating_add(1) as usize;
    let mut buckets = Vec::with_capacity(count.saturating_add(1));
    let mut before = 0_u32;
    let mut left = keys.iter().peekable();
    for bucket in 0..count as u64 {
        buckets.push(before);
        while left.next_if(|key| distance(*first, **key) >> shift == bucket).is_some() {
            before = before.saturating_add(1);
        }
    }
    buckets.push(before);
    (buckets, shift)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn naive(keys: &[i64], key: Key) -> (u32, bool) {
        let before = keys.iter().filter(|own| **own <= key.floor).count() as u32;
        (before, key.exact && keys.contains(&key.floor))
    }

    fn check(mut keys: Vec<i64>, others: &[i64]) {
        keys.sort_unstable();
        keys.dedup();
        let points = Points::new(keys.clone());
        let around = keys.iter().flat_map(|key| [key.saturating_sub(1), *key, key.saturating_add(1)]);
        for floor in around.chain(others.iter().copied()).chain([i64::MIN, i64::MAX, 0]) {
            for exact in [false, true] {
                let key = Key { floor, exact };
                assert_eq!(points.locate(key), naive(&keys, key), "{key:?} in {keys:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn keys_are_located(
            even in prop::collection::vec(-500_i64..500, 0..60),
            wide in prop::collection::vec(any::<i64>(), 0..60),
            skewed in prop::collection::vec((0_u32..63).prop_map(|bits| 1_i64 << bits), 0..40),
        ) {
            check(even.clone(), &wide);
            check(wide.clone(), &even);
            check(skewed.clone(), &even);
            check([even, wide, skewed].concat(), &[]);
        }
    }
}
