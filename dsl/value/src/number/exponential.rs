//! Powers, exponentials and logarithms, computed with guard digits and rounded once, so that they are the same on every
//! machine.

use std::cmp::Ordering;

use dfp_number_sys::bid128_000 as intel;
use dfp_number_sys::{EXE_CLEAR, RND_NEAREST_EVEN};

use super::wide::Wide;
use super::{Number, NumberError};

/// The largest whole exponent that is computed by squaring.
const WHOLE_EXPONENT_LIMIT: u64 = 999_999_999;
/// Beyond this exponent, and its negative, *e* raised to it is out of range or zero.
const NATURAL_EXPONENT_LIMIT: i64 = 15_000;
/// How often an exponent below the limit is halved to be below 2^-10.
const HALVINGS: u32 = 24;

/// This number raised to another.
pub(super) fn power(base: Number, exponent: Number) -> Result<Number, NumberError> {
    if base.is_zero() {
        return power_of_zero(exponent);
    }
    match exponent.to_i64() {
        Some(whole) if whole.unsigned_abs() <= WHOLE_EXPONENT_LIMIT => {
            let magnitude = Wide::from(base).raised(whole.unsigned_abs());
            if whole >= 0 { magnitude.rounded() } else { magnitude.inverse().rounded() }
        }
        _ if base.is_negative() => power_of_negative(base, exponent),
        _ => exponential_in_range(&Wide::from(exponent).times(&logarithm(base)?)),
    }
}

/// *e* raised to a number.
pub(super) fn exp(number: Number) -> Result<Number, NumberError> {
    exponential_in_range(&Wide::from(number))
}

/// The natural logarithm of a positive number.
pub(super) fn ln(number: Number) -> Result<Number, NumberError> {
    logarithm(number)?.rounded()
}

fn power_of_zero(exponent: Number) -> Result<Number, NumberError> {
    match exponent.cmp(&Number::ZERO) {
        Ordering::Equal => Ok(Number::ONE),
        Ordering::Less => Err(NumberError::DivisionByZero),
        Ordering::Greater => Ok(Number::ZERO),
    }
}

/// A power of a negative number with an exponent that is large or not whole.
fn power_of_negative(base: Number, exponent: Number) -> Result<Number, NumberError> {
    if !exponent.is_integer() {
        return Err(NumberError::Undefined);
    }
    let magnitude = power(base.abs(), exponent)?;
    let odd = !exponent.modulo(Number::from(2))?.is_zero();
    Ok(if odd { magnitude.negate() } else { magnitude })
}

fn exponential_in_range(exponent: &Wide) -> Result<Number, NumberError> {
    let approximate = match exponent.rounded() {
        Err(NumberError::OutOfRange) if exponent.is_negative() => return Ok(Number::ZERO),
        rounded => rounded?,
    };
    if approximate > Number::from(NATURAL_EXPONENT_LIMIT) {
        return Err(NumberError::OutOfRange);
    }
    if approximate.abs() > Number::from(NATURAL_EXPONENT_LIMIT) {
        return Ok(Number::ZERO);
    }
    exponential(exponent).rounded()
}

/// *e* raised to a number between the limits: its series for the exponent halved many times, squared as often.
fn exponential(exponent: &Wide) -> Wide {
    let small = exponent.divided_by(1 << HALVINGS);
    let (mut sum, mut term) = (Wide::one(), Wide::one());
    for step in 1.. {
        term = term.times(&small).divided_by(step);
        if term.is_negligible() {
            break;
        }
        sum = sum.plus(&term);
    }
    (0..HALVINGS).fold(sum, |power, _| power.times(&power))
}

/// The logarithm: the library's, plus the logarithm of what that leaves, `1 + t` with a tiny `t`.
fn logarithm(number: Number) -> Result<Wide, NumberError> {
    let mut flags = EXE_CLEAR;
    let near = Number::from_bid(intel::bid128_log(number.to_canonical_bid(), RND_NEAREST_EVEN, &mut flags))?;
    let near = Wide::from(near);
    let left = Wide::from(number).times(&exponential(&near.clone().negated()));
    let t = left.plus(&Wide::one().negated());
    let half_square = t.times(&t).divided_by(2);
    Ok(near.plus(&t).plus(&half_square.negated()))
}
