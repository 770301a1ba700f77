//! Decimal numbers: IEEE 754 decimal128, 34 significant digits, rounded half to even, always in one canonical form.

mod bits;
mod division;
mod error;
mod exponential;
mod form;
mod long;
mod order;
mod rounding;
mod short;
mod text;
mod units;
mod wide;
mod written;

use std::num::NonZeroU64;

use dfp_number_sys::bid128_000 as intel;
use dfp_number_sys::{BID128, EXE_CLEAR, ExcFlags, RND_NEAREST_EVEN, RndMode};

use bits::Parts;
pub use error::NumberError;
pub use rounding::Rounding;

/// A decimal number of at most 34 significant digits. Never infinite, never undefined, no negative zero; trailing
/// zeros say nothing: equality, order, hash and text are those of the value.
///
/// Most numbers are held as 64-bit units at a scale of 0 to 18 digits after the point; all that do not fit so, and only
/// those, as the bits of an IEEE 754 decimal128 without trailing zeros. The high word says which. It is never zero, so
/// that neither an `Option` nor a `Result` takes more than the sixteen bytes.
#[derive(Clone, Copy)]
pub struct Number {
    low: u64,
    high: NonZeroU64,
}

impl Number {
    /// 0.
    pub const ZERO: Number = Number::short(0, 0);
    /// 1.
    pub const ONE: Number = Number::short(1, 0);

    /// The number that a text writes: FEEL's and JSON's syntax, with an optional sign and exponent. More than 34
    /// significant digits are an error (trailing zeros are not significant), never rounded away.
    #[inline]
    pub fn parse(text: &str) -> Result<Number, NumberError> {
        text::parse(text)
    }

    /// The same, rounded to 34 significant digits, half to even, where more are written (DMN 1.5, clause 10.3.2.3.1).
    pub fn parse_rounded(text: &str) -> Result<Number, NumberError> {
        long::parse(text)
    }

    /// The whole number, where it is one that fits.
    #[inline]
    pub fn to_i64(self) -> Option<i64> {
        // What fits 64 bits is held in them.
        let (units, unit) = self.is_short().then(|| (self.units(), short::power(u32::from(self.scale()))))?;
        if self.scale() == 0 {
            return Some(units);
        }
        (units.checked_rem(unit?)? == 0).then(|| units.checked_div(unit?))?
    }

    /// The whole number, where it is one that fits and is not negative.
    #[inline]
    pub fn to_usize(self) -> Option<usize> {
        usize::try_from(self.to_i64()?).ok()
    }

    /// Whether this is a whole number.
    #[inline]
    pub fn is_integer(self) -> bool {
        if self.is_short() { self.to_i64().is_some() } else { self.loose_parts().exponent >= 0 }
    }

    /// Whether this is zero.
    #[inline]
    pub fn is_zero(self) -> bool {
        self.low == 0 && self.is_short()
    }

    /// Whether this is less than zero.
    #[inline]
    pub fn is_negative(self) -> bool {
        if self.is_short() { self.units() < 0 } else { self.loose_parts().negative }
    }

    /// The sum.
    #[inline]
    pub fn checked_add(self, other: Number) -> Result<Number, NumberError> {
        short::sum(self, other).map_or_else(|| self.through(other, intel::bid128_add), Ok)
    }

    /// The difference.
    #[inline]
    pub fn checked_sub(self, other: Number) -> Result<Number, NumberError> {
        short::difference(self, other).map_or_else(|| self.through(other, intel::bid128_sub), Ok)
    }

    /// The product.
    #[inline]
    pub fn checked_mul(self, other: Number) -> Result<Number, NumberError> {
        short::product(self, other).map_or_else(|| self.wide_product(other), Ok)
    }

    /// The quotient.
    #[inline]
    pub fn checked_div(self, other: Number) -> Result<Number, NumberError> {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        division::quotient(self, other).map_or_else(|| self.through(other, intel::bid128_div), Ok)
    }

    /// The quotient, rounded to `scale` digits after the point: what [`Number::checked_div`] and then [`Number::round`] give.
    #[inline]
    pub fn rounded_quotient(self, other: Number, scale: i32, rounding: Rounding) -> Result<Number, NumberError> {
        division::rounded_quotient(self, other, scale, rounding)
            .map_or_else(|| self.checked_div(other)?.round(scale, rounding), Ok)
    }

    /// `self - other * floor(self / other)` (DMN 1.5, table 75): what is left has the sign of the divisor.
    #[inline]
    pub fn modulo(self, other: Number) -> Result<Number, NumberError> {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        short::modulo(self, other).map_or_else(|| self.long_modulo(other), Ok)
    }

    /// This number raised to another, computed with guard digits and rounded once.
    pub fn power(self, exponent: Number) -> Result<Number, NumberError> {
        exponential::power(self, exponent)
    }

    /// The square root, rounded half to even.
    pub fn sqrt(self) -> Result<Number, NumberError> {
        if self.is_negative() {
            return Err(NumberError::Undefined);
        }
        let mut flags = EXE_CLEAR;
        Number::from_bid(intel::bid128_sqrt(self.to_bid(), RND_NEAREST_EVEN, &mut flags))
    }

    /// *e* raised to this number, computed with guard digits and rounded once.
    pub fn exp(self) -> Result<Number, NumberError> {
        exponential::exp(self)
    }

    /// The natural logarithm, computed with guard digits and rounded once.
    pub fn ln(self) -> Result<Number, NumberError> {
        if self.is_negative() || self.is_zero() {
            return Err(NumberError::Undefined);
        }
        exponential::ln(self)
    }

    /// The number with the opposite sign.
    #[inline]
    pub fn negate(self) -> Number {
        match self.units().checked_neg() {
            Some(units) if self.is_short() => self.with_units(units),
            _ => self.long_negate(),
        }
    }

    /// The number without its sign.
    #[inline]
    pub fn abs(self) -> Number {
        if self.is_negative() { self.negate() } else { self }
    }

    /// Rounded to `scale` digits after the point; a negative scale rounds to tens, hundreds…
    #[inline]
    pub fn round(self, scale: i32, rounding: Rounding) -> Result<Number, NumberError> {
        short::round(self, scale, rounding).map_or_else(|| rounding::round(self, scale, rounding), Ok)
    }

    /// The greatest number of `scale` digits after the point that is not greater.
    #[inline]
    pub fn floor(self, scale: i32) -> Result<Number, NumberError> {
        self.round(scale, Rounding::Floor)
    }

    /// The least number of `scale` digits after the point that is not less.
    #[inline]
    pub fn ceiling(self, scale: i32) -> Result<Number, NumberError> {
        self.round(scale, Rounding::Ceiling)
    }

    /// `units * 10^exponent`, where that has at most 34 digits.
    pub fn from_scaled(units: i128, exponent: i32) -> Result<Number, NumberError> {
        let coefficient = units.unsigned_abs();
        if coefficient >= bits::COEFFICIENT_LIMIT {
            return Err(NumberError::TooManyDigits);
        }
        bits::exact(units < 0, coefficient, exponent)
    }

    /// This number in units of `10^-scale`, rounded to whole ones; `None` where they are too many.
    pub fn to_scaled(self, scale: i32, rounding: Rounding) -> Option<i128> {
        let Parts { negative, coefficient, exponent } = self.round(scale, rounding).ok()?.parts();
        let units = match u32::try_from(exponent.saturating_add(scale)) {
            Ok(shift) if coefficient > 0 => coefficient.checked_mul(bits::power(shift)?)?,
            _ => 0,
        };
        let units = i128::try_from(units).ok()?;
        Some(if negative { units.saturating_neg() } else { units })
    }

    /// What the Intel library computes, rounded half to even.
    #[cold]
    #[inline(never)]
    fn through(self, other: Number, operation: Operation) -> Result<Number, NumberError> {
        let mut flags = EXE_CLEAR;
        Number::from_bid(operation(self.to_bid(), other.to_bid(), RND_NEAREST_EVEN, &mut flags))
    }

    #[cold]
    #[inline(never)]
    fn wide_product(self, other: Number) -> Result<Number, NumberError> {
        short::wide_product(self, other).map_or_else(|| self.through(other, intel::bid128_mul), Ok)
    }

    #[cold]
    #[inline(never)]
    fn long_modulo(self, other: Number) -> Result<Number, NumberError> {
        let mut flags = EXE_CLEAR;
        let left = Number::from_bid(intel::bid128_fmod(self.to_bid(), other.to_bid(), &mut flags))?;
        if left.is_zero() || left.is_negative() == other.is_negative() { Ok(left) } else { left.checked_add(other) }
    }

    #[cold]
    #[inline(never)]
    fn long_negate(self) -> Number {
        let parts = self.loose_parts();
        Number::of_parts(Parts { negative: !parts.negative, ..parts })
    }
}

/// A function of the Intel library that takes two numbers.
type Operation = fn(BID128, BID128, RndMode, &mut ExcFlags) -> BID128;

impl Default for Number {
    fn default() -> Number {
        Number::ZERO
    }
}

impl From<i64> for Number {
    #[inline]
    fn from(value: i64) -> Number {
        Number::short(value, 0)
    }
}

impl From<u64> for Number {
    #[inline]
    fn from(value: u64) -> Number {
        match i64::try_from(value) {
            Ok(value) => Number::short(value, 0),
            Err(_) => Number::of_parts(Parts { negative: false, coefficient: u128::from(value), exponent: 0 }),
        }
    }
}

impl From<i32> for Number {
    #[inline]
    fn from(value: i32) -> Number {
        Number::from(i64::from(value))
    }
}

impl From<u32> for Number {
    #[inline]
    fn from(value: u32) -> Number {
        Number::from(u64::from(value))
    }
}

impl From<usize> for Number {
    #[inline]
    fn from(value: usize) -> Number {
        // Every platform Rust runs on has pointers of at most 64 bits.
        Number::from(u64::try_from(value).unwrap_or(u64::MAX))
    }
}

impl std::str::FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Number, NumberError> {
        Number::parse(text)
    }
}
