//! Numbers read from text: FEEL and JSON syntax.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::bits::{self, SIGNIFICANT_DIGITS_LIMIT};
use super::{Number, NumberError, short};

/// Reads a number; see `Number::parse`.
#[inline]
pub(super) fn parse(text: &str) -> Result<Number, NumberError> {
    match short::parse(text.as_bytes()) {
        Some(number) => Ok(number),
        None => parse_any(text),
    }
}

#[inline(never)]
fn parse_any(text: &str) -> Result<Number, NumberError> {
    let (negative, unsigned) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut digits = Digits::default();
    let after_whole = digits.read(unsigned, false)?;
    let whole_digits = unsigned.len().saturating_sub(after_whole.len());
    let after_fraction = match after_whole {
        [b'.', fraction @ ..] => {
            let rest = digits.read(fraction, true)?;
            if rest.len() == fraction.len() {
                return Err(NumberError::NotANumber);
            }
            rest
        }
        _ if whole_digits == 0 => return Err(NumberError::NotANumber),
        rest => rest,
    };
    let written = match after_fraction {
        [] => 0,
        [b'e' | b'E', exponent @ ..] => parse_exponent(exponent)?,
        _ => return Err(NumberError::NotANumber),
    };
    digits.number(negative, written)
}

#[derive(Default)]
struct Digits {
    coefficient: u128,
    significant: u32,
    /// Zeros read after the coefficient that count only if another digit follows.
    pending_zeros: u32,
    /// How many digits stood after the point.
    fraction: i64,
}

impl Digits {
    /// Reads digits and returns what follows them.
    fn read<'a>(&mut self, text: &'a [u8], fraction: bool) -> Result<&'a [u8], NumberError> {
        let mut rest = text;
        while let [digit @ b'0'..=b'9', after @ ..] = rest {
            self.push(digit.wrapping_sub(b'0'))?;
            self.fraction = self.fraction.saturating_add(i64::from(fraction));
            rest = after;
        }
        Ok(rest)
    }

    fn push(&mut self, digit: u8) -> Result<(), NumberError> {
        if digit == 0 {
            self.pending_zeros = self.pending_zeros.saturating_add(u32::from(self.coefficient != 0));
            return Ok(());
        }
        let added = self.pending_zeros.saturating_add(1);
        self.significant = self.significant.saturating_add(added);
        if self.significant > SIGNIFICANT_DIGITS_LIMIT {
            return Err(NumberError::TooManyDigits);
        }
        // At most 34 digits fit.
        let unit = bits::power(added).unwrap_or_default();
        self.coefficient = self.coefficient.wrapping_mul(unit).wrapping_add(u128::from(digit));
        self.pending_zeros = 0;
        Ok(())
    }

    fn number(&self, negative: bool, written_exponent: i64) -> Result<Number, NumberError> {
        let exponent = written_exponent.saturating_sub(self.fraction).saturating_add(i64::from(self.pending_zeros));
        let exponent = exponent.clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        bits::exact(negative, self.coefficient, i32::try_from(exponent).unwrap_or(i32::MAX))
    }
}

fn parse_exponent(text: &[u8]) -> Result<i64, NumberError> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NumberError::NotANumber);
    }
    let magnitude = digits
        .iter()
        .fold(0_i64, |value, digit| value.saturating_mul(10).saturating_add(i64::from(digit.wrapping_sub(b'0'))));
    Ok(if negative { magnitude.saturating_neg() } else { magnitude })
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Number::parse(&text).map_err(D::Error::custom)
    }
}
