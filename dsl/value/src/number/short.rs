//! Numbers in their short form, as most are: computed in machine arithmetic, exactly; `None` where that does not reach.

use super::Number;
use super::bits::{COEFFICIENT_LIMIT, Parts};
use super::form::{POWERS, SCALE_LIMIT};
use super::rounding::{Rounding, rounds_away};

/// How many characters of digits and point always fit 64 bits.
const CHARACTERS_LIMIT: usize = 19;

#[inline]
pub(super) fn sum(left: Number, right: Number) -> Option<Number> {
    if left.high == right.high && left.is_short() {
        return Some(left.with_units(left.units().checked_add(right.units())?));
    }
    let (left, right, scale) = aligned(left, right)?;
    Some(Number::short(left.checked_add(right)?, scale))
}

#[inline]
pub(super) fn difference(left: Number, right: Number) -> Option<Number> {
    if left.high == right.high && left.is_short() {
        return Some(left.with_units(left.units().checked_sub(right.units())?));
    }
    let (left, right, scale) = aligned(left, right)?;
    Some(Number::short(left.checked_sub(right)?, scale))
}

#[inline]
pub(super) fn product(left: Number, right: Number) -> Option<Number> {
    if !(left.is_short() && right.is_short()) {
        return None;
    }
    let units = left.units().checked_mul(right.units())?;
    at_scale(units, left.scale().wrapping_add(right.scale()))
}

/// The product of short numbers whose units need up to 34 digits.
pub(super) fn wide_product(left: Number, right: Number) -> Option<Number> {
    if !(left.is_short() && right.is_short()) {
        return None;
    }
    let units = i128::from(left.units()).checked_mul(i128::from(right.units()))?;
    let exponent = i32::from(left.scale().wrapping_add(right.scale())).saturating_neg();
    let parts = Parts { negative: units < 0, coefficient: units.unsigned_abs(), exponent };
    (parts.coefficient < COEFFICIENT_LIMIT).then(|| Number::of_parts(parts))
}

/// What is left of a division by a number that is not zero, with the sign of the divisor.
#[inline]
pub(super) fn modulo(left: Number, right: Number) -> Option<Number> {
    let (left, right, scale) = aligned(left, right)?;
    let rest = left.checked_rem(right)?;
    let opposite = rest != 0 && (rest < 0) != (right < 0);
    Some(Number::short(if opposite { rest.checked_add(right)? } else { rest }, scale))
}

#[inline]
pub(super) fn round(number: Number, scale: i32, rounding: Rounding) -> Option<Number> {
    if !number.is_short() {
        return None;
    }
    let dropped = i32::from(number.scale()).saturating_sub(scale);
    if dropped <= 0 {
        return Some(number);
    }
    let unit = POWERS.get(dropped.cast_unsigned() as usize)?.unsigned_abs();
    let (negative, magnitude) = (number.units() < 0, number.units().unsigned_abs());
    let (kept, rest) = (magnitude.checked_div(unit)?, magnitude.checked_rem(unit)?);
    let away = rest != 0 && rounds_away(rounding, negative, kept % 2 == 1, rest.cmp(&(unit / 2)));
    // At most a tenth of the magnitude, and one more.
    let kept = kept.wrapping_add(u64::from(away)).cast_signed();
    let kept = if negative { kept.wrapping_neg() } else { kept };
    match u8::try_from(scale) {
        Ok(scale) => Some(Number::short(kept, scale)),
        Err(_) => Some(Number::short(kept.checked_mul(power(scale.unsigned_abs())?)?, 0)),
    }
}

/// The number that a short text writes: digits and perhaps a point, no exponent; others are left to the full reader.
#[inline]
pub(super) fn parse(text: &[u8]) -> Option<Number> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let ([b'0'..=b'9', .., b'0'..=b'9'] | [b'0'..=b'9']) = digits else { return None };
    if digits.len() > CHARACTERS_LIMIT {
        return None;
    }
    let (mut units, mut point) = (0_u64, digits.len().wrapping_sub(1));
    for (position, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => units = units.wrapping_mul(10).wrapping_add(u64::from(byte.wrapping_sub(b'0'))),
            b'.' if point == digits.len().wrapping_sub(1) => point = position,
            _ => return None,
        }
    }
    let scale = digits.len().wrapping_sub(1).wrapping_sub(point);
    let units = i64::try_from(units).ok()?;
    Some(Number::short(if negative { units.wrapping_neg() } else { units }, scale as u8))
}

/// The same short number at the least scale that holds it.
#[inline]
pub(super) fn least_scale(number: Number) -> Number {
    let (mut units, mut scale) = (number.units(), number.scale());
    while scale > 0 && units % 10 == 0 {
        units /= 10;
        scale = scale.wrapping_sub(1);
    }
    Number::short(units, scale)
}

/// `units * 10^-scale`, where the scale is one of short numbers.
#[inline]
pub(super) fn at_scale(units: i64, scale: u8) -> Option<Number> {
    (u32::from(scale) <= SCALE_LIMIT).then(|| Number::short(units, scale))
}

/// The power of ten that short numbers reach.
#[inline]
pub(super) fn power(exponent: u32) -> Option<i64> {
    POWERS.get(exponent as usize).copied()
}

/// The units of two short numbers at the larger of their scales.
#[inline]
fn aligned(left: Number, right: Number) -> Option<(i64, i64, u8)> {
    if !(left.is_short() && right.is_short()) {
        return None;
    }
    let (high, low) = (left.scale(), right.scale());
    if high >= low {
        let factor = power(u32::from(high.wrapping_sub(low)))?;
        Some((left.units(), right.units().checked_mul(factor)?, high))
    } else {
        let factor = power(u32::from(low.wrapping_sub(high)))?;
        Some((left.units().checked_mul(factor)?, right.units(), low))
    }
}
