//! The quotient of short numbers, correctly rounded to 34 digits in machine arithmetic.

use super::bits::{self, Parts, SIGNIFICANT_DIGITS_LIMIT};
use super::rounding::{Rounding, rounds_away};
use super::{Number, short};

/// Rounded quotients below 16 digits, of divisors of at most 18, are those of quotients of 34 digits.
const ROUNDED_QUOTIENT_LIMIT: u64 = 10_u64.pow(16);
const ROUNDED_DIVISOR_LIMIT: u64 = 10_u64.pow(18);
/// How many digits of a quotient are found at a time, at most; a remainder with as many zeros after it fits 128 bits.
const LONG_STEP_DIGITS: u32 = 18;
/// Steps of fewer digits than this are not worth being computed in 64 bits.
const SHORT_STEP_DIGITS: u32 = 6;
/// What has so many digits always fits 64 bits.
const WORD_DIGITS: u32 = 19;

/// The quotient of two numbers of which the second is not zero, where both are short.
#[inline]
pub(super) fn quotient(left: Number, right: Number) -> Option<Number> {
    if !(left.is_short() && right.is_short()) {
        return None;
    }
    by_power_of_ten(left, right).or_else(|| by_division(left, right))
}

/// The quotient at a scale, where rounding it to 34 digits on the way would not change it: its remainder is then either
/// nothing, or a half, or further from both than such a rounding reaches.
#[inline]
pub(super) fn rounded_quotient(left: Number, right: Number, scale: i32, rounding: Rounding) -> Option<Number> {
    if !(left.is_short() && right.is_short()) {
        return None;
    }
    let shift = i32::from(right.scale()).wrapping_sub(i32::from(left.scale())).checked_add(scale)?;
    let unit = short::power(shift.unsigned_abs())?.unsigned_abs();
    let (dividend, divisor) = (left.units().unsigned_abs(), right.units().unsigned_abs());
    let (dividend, divisor) = match shift {
        0.. => (dividend.checked_mul(unit)?, divisor),
        _ => (dividend, divisor.checked_mul(unit)?),
    };
    let (kept, rest) = (dividend.checked_div(divisor)?, dividend.checked_rem(divisor)?);
    // An error of half a unit in the 34th digit is less than half of what one part of the divisor is worth.
    if kept >= ROUNDED_QUOTIENT_LIMIT || divisor >= ROUNDED_DIVISOR_LIMIT {
        return None;
    }
    let negative = (left.units() < 0) != (right.units() < 0);
    let half = rest.wrapping_mul(2).cmp(&divisor);
    let away = rest != 0 && rounds_away(rounding, negative, kept % 2 == 1, half);
    let kept = kept.wrapping_add(u64::from(away)).cast_signed();
    short::at_scale(if negative { kept.wrapping_neg() } else { kept }, u8::try_from(scale).ok()?)
}

/// Where the divisor's units are a power of ten, the scale moves.
#[inline]
fn by_power_of_ten(left: Number, right: Number) -> Option<Number> {
    let zeros = right.units().trailing_zeros();
    if short::power(zeros) != Some(right.units()) {
        return None;
    }
    let scale = i32::from(left.scale()).wrapping_sub(i32::from(right.scale())).wrapping_add(zeros.cast_signed());
    match u8::try_from(scale) {
        Ok(scale) => short::at_scale(left.units(), scale),
        Err(_) => Some(Number::short(left.units().checked_mul(short::power(scale.unsigned_abs())?)?, 0)),
    }
}

#[inline(never)]
fn by_division(left: Number, right: Number) -> Option<Number> {
    let negative = (left.units() < 0) != (right.units() < 0);
    let (dividend, divisor) = (left.units().unsigned_abs(), right.units().unsigned_abs());
    let exponent = i32::from(right.scale()).wrapping_sub(i32::from(left.scale()));
    let (whole, rest) = (dividend.checked_div(divisor)?, dividend.checked_rem(divisor)?);
    if rest == 0 {
        return Some(Number::of_parts(Parts { negative, coefficient: u128::from(whole), exponent }));
    }
    let (coefficient, places) = with_places(whole, rest, divisor)?;
    let parts = Parts { negative, coefficient, exponent: exponent.saturating_sub(places.cast_signed()) };
    // Without the zeros of a quotient that ended early, so that what is computed from it stays short.
    Some(Number::of_parts(bits::strip(parts)))
}

/// `(whole + rest / divisor) * 10^places`, with so many places that it is whole or has 34 digits, rounded half to even.
fn with_places(whole: u64, mut rest: u64, divisor: u64) -> Option<(u128, u32)> {
    let (mut coefficient, mut places) = (u128::from(whole), 0_u32);
    let longest = match WORD_DIGITS.saturating_sub(digits(divisor)) {
        ..SHORT_STEP_DIGITS => LONG_STEP_DIGITS,
        fits => fits,
    };
    let mut missing = SIGNIFICANT_DIGITS_LIMIT.saturating_sub(digits(whole));
    while rest != 0 && missing > 0 {
        let step = missing.min(longest);
        let unit = short::power(step)?.unsigned_abs();
        let (next, left) = divided(rest, unit, divisor)?;
        // The first digits that are not zero decide how many follow.
        let found = if coefficient == 0 { digits(next) } else { step };
        coefficient = coefficient.wrapping_mul(u128::from(unit)).wrapping_add(u128::from(next));
        missing = missing.saturating_sub(found);
        (rest, places) = (left, places.wrapping_add(step));
    }
    let half = u128::from(rest).wrapping_mul(2).cmp(&u128::from(divisor));
    let up = rest != 0 && rounds_away(Rounding::HalfEven, false, coefficient % 2 == 1, half);
    Some((coefficient.wrapping_add(u128::from(up)), places))
}

fn digits(value: u64) -> u32 {
    bits::digits(u128::from(value)).cast_unsigned()
}

/// The quotient and the remainder of `rest * unit` and a divisor that is more than `rest`; the quotient is below `unit`.
fn divided(rest: u64, unit: u64, divisor: u64) -> Option<(u64, u64)> {
    let dividend = u128::from(rest).wrapping_mul(u128::from(unit));
    let quotient = match u64::try_from(dividend) {
        Ok(short) => short.checked_div(divisor)?,
        Err(_) => dividend.checked_div(u128::from(divisor))? as u64,
    };
    // Below the divisor, so that the low words are enough.
    Some((quotient, (dividend as u64).wrapping_sub(quotient.wrapping_mul(divisor))))
}
