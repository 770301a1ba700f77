//! Numbers of at most 64 bits, as most are: read, compared, added and multiplied in machine arithmetic, exactly.

use std::cmp::Ordering;

use super::Number;
use super::bits::{self, COEFFICIENT_LIMIT, Parts};

/// How many characters of digits and point always fit 64 bits.
const DIGITS_LIMIT: usize = 19;

/// The sum, where both coefficients have at most 64 bits and the exponents are near each other.
pub(super) fn sum(left: Number, right: Number) -> Option<Number> {
    let (left, right) = (left.parts(), right.parts());
    let (high, low) = if left.exponent >= right.exponent { (left, right) } else { (right, left) };
    let scaled = scaled(&high, low.exponent)?;
    let other = u128::from(short(&low)?);
    let (negative, coefficient) = match (high.negative == low.negative, scaled >= other) {
        (true, _) => (high.negative, scaled.saturating_add(other)),
        (false, true) => (high.negative, scaled.saturating_sub(other)),
        (false, false) => (low.negative, other.saturating_sub(scaled)),
    };
    exact(negative, coefficient, low.exponent)
}

/// The product, where both coefficients have at most 64 bits.
pub(super) fn product(left: Number, right: Number) -> Option<Number> {
    let (left, right) = (left.parts(), right.parts());
    let coefficient = u128::from(short(&left)?).saturating_mul(u128::from(short(&right)?));
    exact(left.negative != right.negative, coefficient, left.exponent.saturating_add(right.exponent))
}

/// Which of two magnitudes is less, where both coefficients have at most 64 bits and the exponents are near each other.
pub(super) fn compare_magnitude(left: &Parts, right: &Parts) -> Option<Ordering> {
    let lowest = left.exponent.min(right.exponent);
    Some(scaled(left, lowest)?.cmp(&scaled(right, lowest)?))
}

/// The number that a short text writes: digits and perhaps a point, no exponent; others are left to the full reader.
pub(super) fn parse(text: &[u8]) -> Option<Number> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let ([b'0'..=b'9', .., b'0'..=b'9'] | [b'0'..=b'9']) = digits else { return None };
    if digits.len() > DIGITS_LIMIT {
        return None;
    }
    let (mut coefficient, mut point) = (0_u64, None);
    for (position, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                coefficient = coefficient.wrapping_mul(10).wrapping_add(u64::from(byte.wrapping_sub(b'0')));
            }
            b'.' if point.is_none() => point = Some(position),
            _ => return None,
        }
    }
    let fraction = point.map_or(0, |point| digits.len().saturating_sub(point).saturating_sub(1));
    let exponent = i32::try_from(fraction).ok()?.checked_neg()?;
    Some(bits::canonical(negative, u128::from(coefficient), exponent))
}

/// The coefficient at a lower exponent that is at most 19 below.
fn scaled(parts: &Parts, exponent: i32) -> Option<u128> {
    let distance = u32::try_from(parts.exponent.saturating_sub(exponent)).ok()?;
    Some(u128::from(short(parts)?).saturating_mul(u128::from(10_u64.checked_pow(distance)?)))
}

fn short(parts: &Parts) -> Option<u64> {
    u64::try_from(parts.coefficient).ok()
}

fn exact(negative: bool, coefficient: u128, exponent: i32) -> Option<Number> {
    let in_range = (bits::EXPONENT_MIN..=bits::EXPONENT_MAX).contains(&exponent);
    (coefficient < COEFFICIENT_LIMIT && in_range).then(|| bits::canonical(negative, coefficient, exponent))
}
