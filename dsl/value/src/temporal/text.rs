//! Reading the pieces that dates, times and durations are written in, byte by byte.

use super::{TemporalError, TemporalKind, Zone};

/// What is left to read of a text.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    kind: TemporalKind,
}

/// A run of digits: its value (saturated) and how many there were.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) value: i64,
    pub(super) length: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, kind: TemporalKind) -> Cursor<'a> {
        Cursor { rest: text.as_bytes(), kind }
    }

    /// The error that says which form was expected.
    pub(super) fn form(&self) -> TemporalError {
        TemporalError::Form(self.kind)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Takes one byte where it is next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<(), TemporalError> {
        if self.take(byte) { Ok(()) } else { Err(self.form()) }
    }

    pub(super) fn expect_end(&self) -> Result<(), TemporalError> {
        if self.is_at_end() { Ok(()) } else { Err(self.form()) }
    }

    /// Takes one byte, whatever it is.
    pub(super) fn next_byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Digits, at least one.
    pub(super) fn digits(&mut self) -> Result<Run, TemporalError> {
        let length = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            return Err(self.form());
        }
        let (digits, rest) = self.rest.split_at_checked(length).ok_or_else(|| self.form())?;
        self.rest = rest;
        let value = digits
            .iter()
            .fold(0_i64, |value, digit| value.saturating_mul(10).saturating_add(i64::from(digit.wrapping_sub(b'0'))));
        Ok(Run { value, length })
    }

    /// Exactly two digits.
    pub(super) fn two_digits(&mut self) -> Result<u8, TemporalError> {
        match self.digits()? {
            Run { value, length: 2 } => u8::try_from(value).map_err(|_| self.form()),
            _ => Err(self.form()),
        }
    }

    /// The digits after a point as nanoseconds; 0 where there is no point. At least one digit follows the point, save
    /// in durations (`PT0.S`, which XML Schema allows).
    pub(super) fn fraction_nanos(&mut self) -> Result<u32, TemporalError> {
        if !self.take(b'.') {
            return Ok(0);
        }
        let run = match self.digits() {
            Err(_) if self.kind == TemporalKind::DaysDuration => return Ok(0),
            run => run?,
        };
        let missing = 9_usize.checked_sub(run.length).ok_or(TemporalError::Fraction)?;
        let scale = 10_i64.saturating_pow(u32::try_from(missing).unwrap_or_default());
        u32::try_from(run.value.saturating_mul(scale)).map_err(|_| TemporalError::Fraction)
    }

    /// What follows a time up to the end: nothing, `Z`, an offset or `@` and a zone's name.
    pub(super) fn zone(&mut self) -> Result<Zone, TemporalError> {
        match self.next_byte() {
            None => Ok(Zone::None),
            Some(b'Z' | b'z') => Ok(Zone::UTC),
            Some(b'@') => {
                let name = std::str::from_utf8(self.rest).map_err(|_| self.form())?;
                self.rest = &[];
                Zone::named(name)
            }
            Some(b'+') => self.offset(1),
            Some(b'-') => self.offset(-1),
            Some(_) => Err(self.form()),
        }
    }

    fn offset(&mut self, sign: i32) -> Result<Zone, TemporalError> {
        let hours = i32::from(self.two_digits()?);
        self.expect(b':')?;
        let minutes = i32::from(self.two_digits()?);
        let seconds = if self.take(b':') { i32::from(self.two_digits()?) } else { 0 };
        if minutes > 59 || seconds > 59 {
            return Err(TemporalError::Offset);
        }
        let total = hours.saturating_mul(3600).saturating_add(minutes.saturating_mul(60)).saturating_add(seconds);
        Zone::offset(total.saturating_mul(sign))
    }
}

/// Writes the fraction of a second without trailing zeros; nothing for none.
pub(super) fn write_fraction(nanos: u32, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    if nanos == 0 {
        return Ok(());
    }
    let digits = format!("{nanos:09}");
    write!(out, ".{}", digits.trim_end_matches('0'))
}

/// Serde for a type that is written as its text.
macro_rules! serde_as_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                <$type>::parse(&text).map_err(serde::de::Error::custom)
            }
        }

        impl std::str::FromStr for $type {
            type Err = super::TemporalError;

            fn from_str(text: &str) -> Result<$type, Self::Err> {
                <$type>::parse(text)
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, out)
            }
        }
    };
}
pub(super) use serde_as_text;
