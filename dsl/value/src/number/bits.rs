//! The bits of a number (IEEE 754 decimal128, binary integer decimal encoding): taking them apart and putting them together.

use std::cmp::Ordering;

use dfp_number_sys::BID128;

use super::{Number, NumberError, short};

pub(super) const SIGNIFICANT_DIGITS_LIMIT: u32 = 34;
pub(super) const EXPONENT_MIN: i32 = -6176;
pub(super) const EXPONENT_MAX: i32 = 6111;
/// One more than the largest coefficient.
pub(super) const COEFFICIENT_LIMIT: u128 = 10_u128.pow(SIGNIFICANT_DIGITS_LIMIT);

const EXPONENT_BIAS: i32 = 6176;
const EXPONENT_SHIFT: u32 = 49;
const HIGH_COEFFICIENT_MASK: u64 = (1 << EXPONENT_SHIFT) - 1;
const EXPONENT_MASK: u64 = (1 << 14) - 1;
/// Both of these bits are set in infinities, NaNs and encodings that are never canonical.
const SPECIAL_MASK: u64 = 0b11 << 61;
/// All four of these bits are set in infinities and NaNs.
const NOT_FINITE_MASK: u64 = 0b1111 << 59;

/// `±coefficient * 10^exponent`, as decoded from a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    pub(super) negative: bool,
    pub(super) coefficient: u128,
    pub(super) exponent: i32,
}

impl Parts {
    /// How many digits the coefficient has; 0 for zero.
    pub(super) fn digits(&self) -> i32 {
        digits(self.coefficient)
    }

    pub(super) fn compare_magnitude(&self, other: &Parts) -> Ordering {
        if self.exponent == other.exponent || self.coefficient == 0 || other.coefficient == 0 {
            return self.coefficient.cmp(&other.coefficient);
        }
        if let Some(order) = short::compare_magnitude(self, other) {
            return order;
        }
        let magnitude = |parts: &Parts| parts.digits().saturating_add(parts.exponent);
        magnitude(self).cmp(&magnitude(other)).then_with(|| {
            let lowest = self.exponent.min(other.exponent);
            self.coefficient_at(lowest).cmp(&other.coefficient_at(lowest))
        })
    }

    /// The coefficient for a lower exponent; both have the same magnitude, so at most 34 digits result.
    fn coefficient_at(&self, exponent: i32) -> u128 {
        let shift = self.exponent.saturating_sub(exponent).unsigned_abs();
        self.coefficient.saturating_mul(10_u128.saturating_pow(shift))
    }
}

/// How many decimal digits a coefficient has; 0 for zero.
pub(super) fn digits(coefficient: u128) -> i32 {
    let digits = match u64::try_from(coefficient) {
        Ok(short) => short.checked_ilog10(),
        Err(_) => coefficient.checked_ilog10(),
    };
    digits.map_or(0, |power| power.cast_signed().saturating_add(1))
}

/// The bits of a coefficient below 10^34 and an exponent in range, as they are.
pub(super) const fn pack(negative: bool, coefficient: u128, exponent: i32) -> Number {
    let biased = exponent.saturating_add(EXPONENT_BIAS).cast_unsigned() as u64;
    let high = (coefficient >> 64) as u64;
    Number { low: coefficient as u64, high: ((negative as u64) << 63) | (biased << EXPONENT_SHIFT) | high }
}

/// The canonical number of a coefficient below 10^34 and an exponent in range: trailing zeros go into the exponent.
pub(super) fn canonical(negative: bool, coefficient: u128, exponent: i32) -> Number {
    if coefficient == 0 {
        return Number::ZERO;
    }
    let (coefficient, exponent) = match u64::try_from(coefficient) {
        Ok(short) => strip_short(short, exponent),
        Err(_) => strip_long(coefficient, exponent),
    };
    pack(negative, coefficient, exponent)
}

/// The canonical number of a coefficient below 10^34 and any exponent; it must be exact.
pub(super) fn exact(negative: bool, mut coefficient: u128, mut exponent: i32) -> Result<Number, NumberError> {
    if coefficient == 0 {
        return Ok(Number::ZERO);
    }
    while exponent > EXPONENT_MAX {
        exponent = exponent.saturating_sub(1);
        coefficient = coefficient.saturating_mul(10);
        if coefficient >= COEFFICIENT_LIMIT {
            return Err(NumberError::OutOfRange);
        }
    }
    while exponent < EXPONENT_MIN {
        if !coefficient.is_multiple_of(10) {
            return Err(NumberError::OutOfRange);
        }
        exponent = exponent.saturating_add(1);
        coefficient /= 10;
    }
    Ok(canonical(negative, coefficient, exponent))
}

fn strip_short(mut coefficient: u64, mut exponent: i32) -> (u128, i32) {
    while coefficient.is_multiple_of(10) && exponent < EXPONENT_MAX {
        coefficient /= 10;
        exponent = exponent.saturating_add(1);
    }
    (u128::from(coefficient), exponent)
}

fn strip_long(mut coefficient: u128, mut exponent: i32) -> (u128, i32) {
    while exponent < EXPONENT_MAX && is_multiple_of_ten(coefficient) {
        coefficient /= 10;
        exponent = exponent.saturating_add(1);
    }
    (coefficient, exponent)
}

/// Without a long division: 2^64 leaves 1 when divided by 5, so that both halves count alike.
fn is_multiple_of_ten(coefficient: u128) -> bool {
    let (high, low) = ((coefficient >> 64) as u64, coefficient as u64);
    low.is_multiple_of(2) && (high % 5).saturating_add(low % 5).is_multiple_of(5)
}

impl Number {
    pub(super) fn parts(self) -> Parts {
        let biased = (self.high >> EXPONENT_SHIFT) & EXPONENT_MASK;
        let coefficient = (u128::from(self.high & HIGH_COEFFICIENT_MASK) << 64) | u128::from(self.low);
        let exponent = (biased as i32).saturating_sub(EXPONENT_BIAS);
        Parts { negative: self.high >> 63 == 1, coefficient, exponent }
    }

    pub(super) fn to_bid(self) -> BID128 {
        BID128::new(self.low, self.high)
    }

    /// The canonical number of what the Intel library computed; an error where that is infinite or no number.
    pub(super) fn from_bid(bid: BID128) -> Result<Number, NumberError> {
        let [low, high] = words(bid);
        if high & NOT_FINITE_MASK == NOT_FINITE_MASK {
            return Err(NumberError::OutOfRange);
        }
        if high & SPECIAL_MASK == SPECIAL_MASK {
            // The standard reads these encodings as zero; the library never produces them.
            return Ok(Number::ZERO);
        }
        let Parts { negative, coefficient, exponent } = Number { low, high }.parts();
        Ok(canonical(negative, coefficient, exponent))
    }
}

#[expect(
    unsafe_code,
    reason = "the binding keeps its two words private and offers no other way to read them than text"
)]
fn words(bid: BID128) -> [u64; 2] {
    const { assert!(size_of::<BID128>() == size_of::<[u64; 2]>()) };
    // SAFETY: BID128 is repr(C) around exactly one [u64; 2], for which every bit pattern is valid.
    unsafe { std::mem::transmute::<BID128, [u64; 2]>(bid) }
}
