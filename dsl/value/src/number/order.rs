//! Equality, order and hash of numbers, all by value: 1.50 and 1.5 are one number.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::bits::{self, Parts};
use super::{Number, short};

impl PartialEq for Number {
    #[inline]
    fn eq(&self, other: &Number) -> bool {
        if self.high == other.high {
            return self.low == other.low;
        }
        // What has a short form is never held in the long one, and long forms are canonical.
        self.is_short() && other.is_short() && compare_short(*self, *other).is_eq()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    #[inline]
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    #[inline]
    fn cmp(&self, other: &Number) -> Ordering {
        if self.is_short() && other.is_short() {
            return compare_short(*self, *other);
        }
        compare_long(*self, *other)
    }
}

impl Hash for Number {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Number { low, high } = if self.is_short() { short::least_scale(*self) } else { *self };
        low.hash(state);
        high.hash(state);
    }
}

#[inline]
fn compare_short(left: Number, right: Number) -> Ordering {
    if left.high == right.high {
        return left.units().cmp(&right.units());
    }
    let scale = left.scale().max(right.scale());
    units_at(left, scale).cmp(&units_at(right, scale))
}

/// The units of a short number at a scale that is not less than its own.
#[inline]
fn units_at(number: Number, scale: u8) -> i128 {
    let factor = short::power(u32::from(scale.wrapping_sub(number.scale()))).unwrap_or_default();
    // Below 2^63 * 10^18, which fits.
    i128::from(number.units()).wrapping_mul(i128::from(factor))
}

#[cold]
#[inline(never)]
fn compare_long(left: Number, right: Number) -> Ordering {
    let (left, right) = (left.loose_parts(), right.loose_parts());
    match (left.negative, right.negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => compare_magnitude(&left, &right),
        (true, true) => compare_magnitude(&right, &left),
    }
}

fn compare_magnitude(left: &Parts, right: &Parts) -> Ordering {
    if left.exponent == right.exponent || left.coefficient == 0 || right.coefficient == 0 {
        return left.coefficient.cmp(&right.coefficient);
    }
    let magnitude = |parts: &Parts| parts.digits().saturating_add(parts.exponent);
    magnitude(left).cmp(&magnitude(right)).then_with(|| {
        let lowest = left.exponent.min(right.exponent);
        coefficient_at(left, lowest).cmp(&coefficient_at(right, lowest))
    })
}

/// The coefficient for a lower exponent; both have the same magnitude, so at most 34 digits result.
fn coefficient_at(parts: &Parts, exponent: i32) -> u128 {
    let shift = parts.exponent.saturating_sub(exponent).unsigned_abs();
    parts.coefficient.saturating_mul(bits::power(shift).unwrap_or(u128::MAX))
}
