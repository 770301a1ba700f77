//! Numbers as text: FEEL and JSON syntax in, the canonical text out.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bits::{self, Parts, SIGNIFICANT_DIGITS_LIMIT};
use super::{Number, NumberError, short};

/// The longest plain decimal notation, in characters; numbers that would need more are written with an exponent.
const PLAIN_CHARACTERS_LIMIT: i32 = 40;

/// A coefficient has at most 34 digits; the buffer has room for any 128 bits.
const COEFFICIENT_CHARACTERS: usize = 39;

/// Reads a number; see `Number::parse`.
pub(super) fn parse(text: &str) -> Result<Number, NumberError> {
    match short::parse(text.as_bytes()) {
        Some(number) => Ok(number),
        None => parse_any(text),
    }
}

/// Writes the canonical text: plain decimal notation of at most 40 characters, else `d.ddE±x`.
pub(super) fn write(parts: &Parts, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    if parts.negative {
        out.write_str("-")?;
    }
    if parts.coefficient == 0 {
        return out.write_str("0");
    }
    let count = parts.digits();
    let plain_length = match parts.exponent {
        0.. => count.saturating_add(parts.exponent),
        exponent if count.saturating_add(exponent) > 0 => count.saturating_add(1),
        exponent => 2_i32.saturating_sub(exponent),
    };
    if plain_length.saturating_add(i32::from(parts.negative)) <= PLAIN_CHARACTERS_LIMIT {
        write_plain(parts, out)
    } else {
        write_scientific(parts, out)
    }
}

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
        self.coefficient =
            self.coefficient.saturating_mul(10_u128.saturating_pow(added)).saturating_add(u128::from(digit));
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

fn write_plain(parts: &Parts, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut buffer = [0; COEFFICIENT_CHARACTERS];
    let text = digits_of(parts.coefficient, &mut buffer);
    if let Ok(zeros) = usize::try_from(parts.exponent) {
        out.write_str(text)?;
        return write_zeros(zeros, out);
    }
    let point = parts.digits().saturating_add(parts.exponent);
    match usize::try_from(point) {
        Ok(point @ 1..) => {
            let (whole, fraction) = text.split_at_checked(point).unwrap_or((text, ""));
            out.write_str(whole)?;
            out.write_str(".")?;
            out.write_str(fraction)
        }
        _ => {
            out.write_str("0.")?;
            write_zeros(point.unsigned_abs() as usize, out)?;
            out.write_str(text)
        }
    }
}

fn write_zeros(count: usize, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    (0..count).try_for_each(|_| out.write_str("0"))
}

/// The digits of a coefficient, written into a buffer from its end.
fn digits_of(coefficient: u128, buffer: &mut [u8; COEFFICIENT_CHARACTERS]) -> &str {
    let mut rest = coefficient;
    let mut start = buffer.len();
    for place in buffer.iter_mut().rev() {
        if rest == 0 {
            break;
        }
        let digit = match u64::try_from(rest) {
            Ok(short) => {
                rest = u128::from(short / 10);
                short % 10
            }
            Err(_) => {
                let digit = rest % 10;
                rest /= 10;
                digit as u64
            }
        };
        *place = b'0'.wrapping_add(digit as u8);
        start = start.saturating_sub(1);
    }
    buffer.get(start..).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or_default()
}

fn write_scientific(parts: &Parts, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut buffer = [0; COEFFICIENT_CHARACTERS];
    let text = digits_of(parts.coefficient, &mut buffer);
    let (first, rest) = text.split_at_checked(1).unwrap_or((text, ""));
    let rest = rest.trim_end_matches('0');
    let exponent = parts.exponent.saturating_add(parts.digits()).saturating_sub(1);
    let point = if rest.is_empty() { "" } else { "." };
    write!(out, "{first}{point}{rest}E{exponent:+}")
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Number::parse(&text).map_err(D::Error::custom)
    }
}
