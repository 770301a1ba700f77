//! Decimal numbers: IEEE 754 decimal128, 34 significant digits, rounded half to even, always in one canonical form.

mod bits;
mod exponential;
mod long;
mod rounding;
mod short;
mod text;
mod wide;

use std::cmp::Ordering;
use std::fmt;

use dfp_number_sys::bid128_000 as intel;
use dfp_number_sys::{EXE_CLEAR, RND_NEAREST_EVEN};

use crate::Message;
use bits::{Parts, SIGNIFICANT_DIGITS_LIMIT};
pub use rounding::Rounding;

/// A decimal number of at most 34 significant digits. Never infinite, never undefined, no negative zero, no trailing
/// zeros: equal numbers have equal bits, so that equality, order, hash and text agree.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number {
    low: u64,
    high: u64,
}

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberError {
    /// The text is not a number.
    NotANumber,
    /// More than 34 significant digits were written; the number would have to be rounded to be read.
    TooManyDigits,
    /// The result is larger than 9.99…E+6144, or what was read smaller than 1E-6176.
    OutOfRange,
    /// Something was divided by zero.
    DivisionByZero,
    /// There is no such real number, such as the square root of -1.
    Undefined,
}

impl NumberError {
    /// What happened, for people.
    pub fn message(self) -> Message {
        match self {
            NumberError::NotANumber => Message::new(
                "no es un número: se esperaban dígitos, con punto decimal y exponente opcionales, como -12.5 o 1E-3",
                "not a number: expected digits, with an optional decimal point and exponent, such as -12.5 or 1E-3",
            ),
            NumberError::TooManyDigits => Message::new(
                format!("el número tiene más de {SIGNIFICANT_DIGITS_LIMIT} cifras significativas; escríbalo con menos"),
                format!("the number has more than {SIGNIFICANT_DIGITS_LIMIT} significant digits; write it with fewer"),
            ),
            NumberError::OutOfRange => Message::new(
                "el número queda fuera del rango permitido (de 1E-6176 a 9.99E+6144 en valor absoluto)",
                "the number is out of range (1E-6176 to 9.99E+6144 in absolute value)",
            ),
            NumberError::DivisionByZero => Message::new("división por cero", "division by zero"),
            NumberError::Undefined => Message::new(
                "la operación no da un número real (como la raíz cuadrada o el logaritmo de un número negativo)",
                "the operation gives no real number (such as the square root or logarithm of a negative number)",
            ),
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

impl std::error::Error for NumberError {}

impl Number {
    /// 0.
    pub const ZERO: Number = bits::pack(false, 0, 0);
    /// 1.
    pub const ONE: Number = bits::pack(false, 1, 0);

    /// The number that a text writes: FEEL's and JSON's syntax, with an optional sign and exponent. More than 34
    /// significant digits are an error (trailing zeros are not significant), never rounded away.
    pub fn parse(text: &str) -> Result<Number, NumberError> {
        text::parse(text)
    }

    /// The same, rounded to 34 significant digits, half to even, where more are written (DMN 1.5, clause 10.3.2.3.1).
    pub fn parse_rounded(text: &str) -> Result<Number, NumberError> {
        long::parse(text)
    }

    /// The whole number, where it is one that fits.
    pub fn to_i64(self) -> Option<i64> {
        let Parts { negative, coefficient, exponent } = self.parts();
        let scale = 10_i128.checked_pow(u32::try_from(exponent).ok()?)?;
        let magnitude = i128::try_from(coefficient).ok()?.checked_mul(scale)?;
        i64::try_from(if negative { magnitude.checked_neg()? } else { magnitude }).ok()
    }

    /// The whole number, where it is one that fits and is not negative.
    pub fn to_usize(self) -> Option<usize> {
        usize::try_from(self.to_i64()?).ok()
    }

    /// Whether this is a whole number.
    pub fn is_integer(self) -> bool {
        self.parts().exponent >= 0
    }

    /// Whether this is zero.
    pub fn is_zero(self) -> bool {
        self == Number::ZERO
    }

    /// Whether this is less than zero.
    pub fn is_negative(self) -> bool {
        self.parts().negative
    }

    /// The sum.
    pub fn checked_add(self, other: Number) -> Result<Number, NumberError> {
        if let Some(sum) = short::sum(self, other) {
            return Ok(sum);
        }
        Number::through(|flags| intel::bid128_add(self.to_bid(), other.to_bid(), RND_NEAREST_EVEN, flags))
    }

    /// The difference.
    pub fn checked_sub(self, other: Number) -> Result<Number, NumberError> {
        if let Some(difference) = short::sum(self, other.negate()) {
            return Ok(difference);
        }
        Number::through(|flags| intel::bid128_sub(self.to_bid(), other.to_bid(), RND_NEAREST_EVEN, flags))
    }

    /// The product.
    pub fn checked_mul(self, other: Number) -> Result<Number, NumberError> {
        if let Some(product) = short::product(self, other) {
            return Ok(product);
        }
        Number::through(|flags| intel::bid128_mul(self.to_bid(), other.to_bid(), RND_NEAREST_EVEN, flags))
    }

    /// The quotient.
    pub fn checked_div(self, other: Number) -> Result<Number, NumberError> {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        Number::through(|flags| intel::bid128_div(self.to_bid(), other.to_bid(), RND_NEAREST_EVEN, flags))
    }

    /// `self - other * floor(self / other)` (DMN 1.5, table 75): what is left has the sign of the divisor.
    pub fn modulo(self, other: Number) -> Result<Number, NumberError> {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        let left = Number::through(|flags| intel::bid128_fmod(self.to_bid(), other.to_bid(), flags))?;
        if left.is_zero() || left.is_negative() == other.is_negative() { Ok(left) } else { left.checked_add(other) }
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
        Number::through(|flags| intel::bid128_sqrt(self.to_bid(), RND_NEAREST_EVEN, flags))
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
    pub fn negate(self) -> Number {
        let Parts { negative, coefficient, exponent } = self.parts();
        bits::pack(!negative && coefficient != 0, coefficient, exponent)
    }

    /// The number without its sign.
    pub fn abs(self) -> Number {
        if self.is_negative() { self.negate() } else { self }
    }

    /// Rounded to `scale` digits after the point; a negative scale rounds to tens, hundreds…
    pub fn round(self, scale: i32, rounding: Rounding) -> Result<Number, NumberError> {
        rounding::round(self, scale, rounding)
    }

    /// The greatest number of `scale` digits after the point that is not greater.
    pub fn floor(self, scale: i32) -> Result<Number, NumberError> {
        self.round(scale, Rounding::Floor)
    }

    /// The least number of `scale` digits after the point that is not less.
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
        let shift = u32::try_from(exponent.saturating_add(scale)).ok();
        let units = match shift {
            Some(shift) => coefficient.checked_mul(10_u128.checked_pow(shift)?)?,
            None => 0,
        };
        let units = i128::try_from(units).ok()?;
        Some(if negative { units.saturating_neg() } else { units })
    }

    fn through(
        operation: impl FnOnce(&mut dfp_number_sys::ExcFlags) -> dfp_number_sys::BID128,
    ) -> Result<Number, NumberError> {
        let mut flags = EXE_CLEAR;
        Number::from_bid(operation(&mut flags))
    }
}

impl Default for Number {
    fn default() -> Number {
        Number::ZERO
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Number {
        bits::canonical(value < 0, u128::from(value.unsigned_abs()), 0)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Number {
        bits::canonical(false, u128::from(value), 0)
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Number {
        Number::from(i64::from(value))
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Number {
        Number::from(u64::from(value))
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Number {
        // Every platform Rust runs on has pointers of at most 64 bits.
        Number::from(u64::try_from(value).unwrap_or(u64::MAX))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        let (left, right) = (self.parts(), other.parts());
        match (left.negative, right.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => left.compare_magnitude(&right),
            (true, true) => right.compare_magnitude(&left),
        }
    }
}

impl std::str::FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Number, NumberError> {
        Number::parse(text)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write(&self.parts(), out)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
