//! Reads numbers of more digits than a number holds: they are rounded, half to even.

use super::bits::SIGNIFICANT_DIGITS_LIMIT;
use super::{Number, NumberError, text};

/// Reads a number, rounded to the digits that there is room for; see `Number::parse_rounded`.
pub(super) fn parse(written: &str) -> Result<Number, NumberError> {
    match text::parse(written) {
        Err(NumberError::TooManyDigits) => rounded(written),
        other => other,
    }
}

fn rounded(written: &str) -> Result<Number, NumberError> {
    let (mantissa, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
    let (negative, unsigned) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = format!("{whole}{fraction}");
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(NumberError::NotANumber);
    }
    let digits = digits.trim_start_matches('0');
    let kept = usize::try_from(SIGNIFICANT_DIGITS_LIMIT).unwrap_or(usize::MAX);
    let (head, tail) = digits.split_at_checked(kept).ok_or(NumberError::TooManyDigits)?;
    let scale = length(tail)?.checked_sub(length(fraction)?).ok_or(NumberError::OutOfRange)?;
    let exponent = exponent.parse::<i32>().map_err(|_| NumberError::OutOfRange)?;
    let exponent = exponent.checked_add(scale).ok_or(NumberError::OutOfRange)?;
    let units: i128 = head.parse().map_err(|_| NumberError::NotANumber)?;
    let cut = Number::from_scaled(units, exponent)?;
    let number = if goes_up(head, tail) { cut.checked_add(Number::from_scaled(1, exponent)?)? } else { cut };
    Ok(if negative { number.negate() } else { number })
}

fn length(digits: &str) -> Result<i32, NumberError> {
    i32::try_from(digits.len()).map_err(|_| NumberError::OutOfRange)
}

/// Whether what is cut off is more than half of the last digit that stays, or exactly half of an odd one.
fn goes_up(head: &str, tail: &str) -> bool {
    let exactly_half = tail.starts_with('5') && tail.bytes().skip(1).all(|digit| digit == b'0');
    let odd = head.bytes().last().is_some_and(|digit| digit % 2 == 1);
    if exactly_half { odd } else { tail.starts_with(['5', '6', '7', '8', '9']) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_many_digits_are_rounded_half_to_even() {
        for (written, expected) in [
            ("1234567890123456789012345678901234567890", "1.234567890123456789012345678901235E39"),
            ("1.00000000000000000000000000000000001", "1"),
            ("0.33333333333333333333333333333333333333", "0.3333333333333333333333333333333333"),
            ("-0.66666666666666666666666666666666666666", "-0.6666666666666666666666666666666667"),
            ("10000000000000000000000000000000005", "10000000000000000000000000000000000"),
            ("10000000000000000000000000000000015", "10000000000000000000000000000000020"),
            ("100000000000000000000000000000000050001E-5", "1.000000000000000000000000000000001E33"),
            ("99999999999999999999999999999999999", "1E35"),
            ("000.500", "0.5"),
        ] {
            assert_eq!(parse(written), text::parse(expected), "{written}");
        }
        assert_eq!(parse("12345678901234567890123456789012345x"), Err(NumberError::NotANumber));
        assert_eq!(parse("1234567890123456789012345678901234567E999999999999"), Err(NumberError::OutOfRange));
    }
}
