//! IEEE 754 decimal128 bits in their binary integer decimal encoding: taking them apart and putting them together.

use dfp_number_sys::BID128;

use super::{Number, NumberError};

pub(super) const SIGNIFICANT_DIGITS_LIMIT: u32 = 34;
pub(super) const EXPONENT_MIN: i32 = -6176;
pub(super) const EXPONENT_MAX: i32 = 6111;
/// One more than the largest coefficient.
pub(super) const COEFFICIENT_LIMIT: u128 = 10_u128.pow(SIGNIFICANT_DIGITS_LIMIT);

/// How many digits the halves of a coefficient have.
pub(super) const HALF_DIGITS: i32 = 17;
const HALF: u128 = 10_u128.pow(HALF_DIGITS.unsigned_abs());

const EXPONENT_BIAS: i32 = 6176;
const EXPONENT_SHIFT: u32 = 49;
const HIGH_COEFFICIENT_MASK: u64 = (1 << EXPONENT_SHIFT) - 1;
const EXPONENT_MASK: u64 = (1 << 14) - 1;
/// Both of these bits are set in infinities, NaNs and encodings that are never canonical.
const SPECIAL_MASK: u64 = 0b11 << 61;
/// All four of these bits are set in infinities and NaNs.
const NOT_FINITE_MASK: u64 = 0b1111 << 59;

#[expect(clippy::indexing_slicing, reason = "computed by the compiler, which refuses what lies outside")]
const POWERS: [u128; 39] = {
    let mut powers = [1; 39];
    let mut exponent = 1;
    while exponent < powers.len() {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// `±coefficient * 10^exponent`.
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
}

/// How many decimal digits a coefficient has; 0 for zero.
pub(super) fn digits(coefficient: u128) -> i32 {
    // 1233 / 2^12 is just more than the logarithm of 2, so that this is the number of digits or one less.
    let bits = 128_u32.wrapping_sub(coefficient.leading_zeros());
    let fewest = bits.wrapping_mul(1233) >> 12;
    let more = power(fewest).is_some_and(|power| coefficient >= power);
    fewest.wrapping_add(u32::from(more)).cast_signed()
}

/// The power of ten, where it fits 128 bits.
#[inline]
pub(super) fn power(exponent: u32) -> Option<u128> {
    POWERS.get(exponent as usize).copied()
}

/// The low and high word of a coefficient below 10^34 and an exponent in range, as they are.
pub(super) fn pack(parts: Parts) -> [u64; 2] {
    let biased = u64::from(parts.exponent.saturating_add(EXPONENT_BIAS).cast_unsigned());
    let high = (parts.coefficient >> 64) as u64;
    [parts.coefficient as u64, (u64::from(parts.negative) << 63) | (biased << EXPONENT_SHIFT) | high]
}

/// The parts of a low and high word that stand for a finite number.
pub(super) fn unpack([low, high]: [u64; 2]) -> Parts {
    let biased = (high >> EXPONENT_SHIFT) & EXPONENT_MASK;
    let coefficient = (u128::from(high & HIGH_COEFFICIENT_MASK) << 64) | u128::from(low);
    Parts { negative: high >> 63 == 1, coefficient, exponent: (biased as i32).saturating_sub(EXPONENT_BIAS) }
}

/// The parts of what the Intel library computed; an error where that is infinite or no number.
pub(super) fn finite(bid: BID128) -> Result<Parts, NumberError> {
    let [low, high] = words(bid);
    if high & NOT_FINITE_MASK == NOT_FINITE_MASK {
        return Err(NumberError::OutOfRange);
    }
    if high & SPECIAL_MASK == SPECIAL_MASK {
        // The standard reads these encodings as zero; the library never produces them.
        return Ok(Parts { negative: false, coefficient: 0, exponent: 0 });
    }
    Ok(unpack([low, high]))
}

/// The number of a coefficient below 10^34 and any exponent; it must be exact.
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
    Ok(Number::of_parts(Parts { negative, coefficient, exponent }))
}

/// The same value without zeros at the end of its coefficient, as far as exponents reach; zero has exponent 0.
pub(super) fn strip(parts: Parts) -> Parts {
    let Parts { negative, coefficient, exponent } = parts;
    if coefficient == 0 {
        return Parts { negative: false, coefficient, exponent: 0 };
    }
    let (coefficient, exponent) = match u64::try_from(coefficient) {
        Ok(short) => strip_short(short, exponent),
        Err(_) => strip_long(coefficient, exponent),
    };
    Parts { negative, coefficient, exponent }
}

/// Sixteen zeros at once where there are so many, then eight, and so on.
fn strip_short(mut coefficient: u64, mut exponent: i32) -> (u128, i32) {
    for zeros in [16, 8, 4, 2, 1] {
        let (unit, stripped) = (10_u64.saturating_pow(zeros), exponent.saturating_add(zeros.cast_signed()));
        if coefficient.is_multiple_of(unit) && stripped <= EXPONENT_MAX {
            coefficient = coefficient.checked_div(unit).unwrap_or_default();
            exponent = stripped;
        }
    }
    (u128::from(coefficient), exponent)
}

/// Halves of 17 digits, so that at most two long divisions are needed.
fn strip_long(coefficient: u128, exponent: i32) -> (u128, i32) {
    let room = EXPONENT_MAX.saturating_sub(exponent);
    if room <= 0 || !is_multiple_of_ten(coefficient) {
        return (coefficient, exponent);
    }
    let (high, low) = halves(coefficient);
    if low == 0 && room >= HALF_DIGITS {
        return strip_short(high, exponent.saturating_add(HALF_DIGITS));
    }
    let (_, zeros) = strip_short(low, 0);
    let zeros = if low == 0 { room } else { zeros.min(room) };
    let unit = power(zeros.unsigned_abs()).unwrap_or(1);
    (coefficient.checked_div(unit).unwrap_or_default(), exponent.saturating_add(zeros))
}

/// The digits of a coefficient below 10^34 or equal to it, down to the last 17, and those.
#[inline]
pub(super) fn halves(coefficient: u128) -> (u64, u64) {
    let high = (coefficient / HALF) as u64;
    // Below 10^17, so that the low words are enough.
    (high, (coefficient as u64).wrapping_sub(high.wrapping_mul(HALF as u64)))
}

/// Without a long division: 2^64 leaves 1 when divided by 5, so that both halves count alike.
fn is_multiple_of_ten(coefficient: u128) -> bool {
    let (high, low) = ((coefficient >> 64) as u64, coefficient as u64);
    low.is_multiple_of(2) && (high % 5).saturating_add(low % 5).is_multiple_of(5)
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
