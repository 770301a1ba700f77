//! Lengths of time: in days, hours, minutes and seconds, or in years and months.

use std::fmt;

use super::text::{Cursor, serde_as_text, write_fraction};
use super::{NANOS_PER_SECOND, SECONDS_PER_DAY, TemporalError, TemporalKind};
use crate::{Number, NumberError, Rounding};

/// A length of time in days, hours, minutes and seconds, to the nanosecond.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DaysDuration {
    /// Whole seconds, rounded down.
    seconds: i64,
    /// Nanoseconds on top of them.
    nanos: u32,
}

/// A length of time in years and months.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthsDuration {
    months: i64,
}

impl DaysDuration {
    /// So many seconds.
    pub fn from_seconds(seconds: i64) -> DaysDuration {
        DaysDuration { seconds, nanos: 0 }
    }

    /// So many days.
    pub fn from_days(days: i64) -> Result<DaysDuration, TemporalError> {
        days.checked_mul(SECONDS_PER_DAY).map(DaysDuration::from_seconds).ok_or(TemporalError::Overflow)
    }

    /// So many nanoseconds.
    pub fn from_nanos(nanos: i128) -> Result<DaysDuration, TemporalError> {
        let seconds = i64::try_from(nanos.div_euclid(NANOS_PER_SECOND)).map_err(|_| TemporalError::Overflow)?;
        let nanos = u32::try_from(nanos.rem_euclid(NANOS_PER_SECOND)).map_err(|_| TemporalError::Overflow)?;
        Ok(DaysDuration { seconds, nanos })
    }

    /// Reads `P1DT2H30M0.5S`, with an optional leading minus.
    pub fn parse(text: &str) -> Result<DaysDuration, TemporalError> {
        let mut cursor = Cursor::new(text, TemporalKind::DaysDuration);
        let negative = cursor.take(b'-');
        cursor.expect(b'P')?;
        let nanos = read_days(&mut cursor)?;
        DaysDuration::from_nanos(if negative { nanos.saturating_neg() } else { nanos })
    }

    /// Whole seconds, rounded down (so -0.5 s has -1).
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// All of it in nanoseconds.
    pub fn total_nanos(self) -> i128 {
        i128::from(self.seconds).saturating_mul(NANOS_PER_SECOND).saturating_add(i128::from(self.nanos))
    }

    /// All of it in seconds.
    pub fn total_seconds(self) -> Number {
        Number::from_scaled(self.total_nanos(), -9).unwrap_or(Number::ZERO)
    }

    /// The sum.
    pub fn checked_add(self, other: DaysDuration) -> Result<DaysDuration, TemporalError> {
        DaysDuration::from_nanos(self.total_nanos().saturating_add(other.total_nanos()))
    }

    /// The difference.
    pub fn checked_sub(self, other: DaysDuration) -> Result<DaysDuration, TemporalError> {
        DaysDuration::from_nanos(self.total_nanos().saturating_sub(other.total_nanos()))
    }

    /// The same length backwards.
    pub fn negate(self) -> Result<DaysDuration, TemporalError> {
        DaysDuration::from_nanos(self.total_nanos().saturating_neg())
    }

    /// The length without its direction.
    pub fn abs(self) -> Result<DaysDuration, TemporalError> {
        DaysDuration::from_nanos(self.total_nanos().saturating_abs())
    }

    /// So many times this length, to the nearest nanosecond.
    pub fn multiply(self, factor: Number) -> Result<DaysDuration, TemporalError> {
        DaysDuration::from_total_seconds(self.total_seconds().checked_mul(factor).map_err(from_number_error)?)
    }

    /// This length divided by a number, to the nearest nanosecond.
    pub fn divide(self, divisor: Number) -> Result<DaysDuration, TemporalError> {
        DaysDuration::from_total_seconds(self.total_seconds().checked_div(divisor).map_err(from_number_error)?)
    }

    /// How many times another length goes into this one.
    pub fn ratio(self, other: DaysDuration) -> Result<Number, TemporalError> {
        self.total_seconds().checked_div(other.total_seconds()).map_err(from_number_error)
    }

    /// So many seconds, to the nearest nanosecond.
    pub fn from_total_seconds(seconds: Number) -> Result<DaysDuration, TemporalError> {
        let nanos = seconds.to_scaled(9, Rounding::HalfEven).ok_or(TemporalError::Overflow)?;
        DaysDuration::from_nanos(nanos)
    }

    /// Days, hours, minutes and seconds, each with the sign of the whole (FEEL's properties).
    pub fn parts(self) -> (i64, i64, i64, i64) {
        let total = self.total_nanos() / NANOS_PER_SECOND;
        let total = i64::try_from(total).unwrap_or(i64::MAX);
        (total / SECONDS_PER_DAY, total % SECONDS_PER_DAY / 3600, total % 3600 / 60, total % 60)
    }
}

impl MonthsDuration {
    /// So many months.
    pub fn from_months(months: i64) -> MonthsDuration {
        MonthsDuration { months }
    }

    /// Reads `P1Y2M`, with an optional leading minus.
    pub fn parse(text: &str) -> Result<MonthsDuration, TemporalError> {
        let mut cursor = Cursor::new(text, TemporalKind::MonthsDuration);
        let negative = cursor.take(b'-');
        cursor.expect(b'P')?;
        let mut months = 0_i64;
        let mut units: &[(u8, i64)] = &[(b'Y', 12), (b'M', 1)];
        loop {
            let run = cursor.digits()?;
            let factor = take_unit(&mut cursor, &mut units)?;
            let part = run.value.checked_mul(factor).ok_or(TemporalError::Overflow)?;
            months = months.checked_add(part).ok_or(TemporalError::Overflow)?;
            if cursor.is_at_end() {
                return Ok(MonthsDuration { months: if negative { months.saturating_neg() } else { months } });
            }
        }
    }

    /// All of it in months.
    pub fn months(self) -> i64 {
        self.months
    }

    /// Years and months, each with the sign of the whole (FEEL's properties).
    pub fn parts(self) -> (i64, i64) {
        (self.months / 12, self.months % 12)
    }

    /// The sum.
    pub fn checked_add(self, other: MonthsDuration) -> Result<MonthsDuration, TemporalError> {
        self.months.checked_add(other.months).map(MonthsDuration::from_months).ok_or(TemporalError::Overflow)
    }

    /// The difference.
    pub fn checked_sub(self, other: MonthsDuration) -> Result<MonthsDuration, TemporalError> {
        self.months.checked_sub(other.months).map(MonthsDuration::from_months).ok_or(TemporalError::Overflow)
    }

    /// The same length backwards.
    pub fn negate(self) -> Result<MonthsDuration, TemporalError> {
        self.months.checked_neg().map(MonthsDuration::from_months).ok_or(TemporalError::Overflow)
    }

    /// The length without its direction.
    pub fn abs(self) -> Result<MonthsDuration, TemporalError> {
        self.months.checked_abs().map(MonthsDuration::from_months).ok_or(TemporalError::Overflow)
    }

    /// So many times this length, in whole months towards zero.
    pub fn multiply(self, factor: Number) -> Result<MonthsDuration, TemporalError> {
        whole_months(Number::from(self.months).checked_mul(factor))
    }

    /// This length divided by a number, in whole months towards zero.
    pub fn divide(self, divisor: Number) -> Result<MonthsDuration, TemporalError> {
        whole_months(Number::from(self.months).checked_div(divisor))
    }

    /// How many times another length goes into this one.
    pub fn ratio(self, other: MonthsDuration) -> Result<Number, TemporalError> {
        Number::from(self.months).checked_div(Number::from(other.months)).map_err(from_number_error)
    }
}

impl fmt::Display for DaysDuration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total_nanos();
        let sign = if total < 0 { "-" } else { "" };
        let nanos = u32::try_from(total.unsigned_abs() % 1_000_000_000).unwrap_or_default();
        let (days, hours, minutes, seconds) = self.parts();
        write!(out, "{sign}P")?;
        write_unit(days, 'D', out)?;
        if total == 0 {
            return out.write_str("T0S");
        }
        if (hours, minutes, seconds, nanos) == (0, 0, 0, 0) {
            return Ok(());
        }
        out.write_str("T")?;
        write_unit(hours, 'H', out)?;
        write_unit(minutes, 'M', out)?;
        if seconds == 0 && nanos == 0 {
            return Ok(());
        }
        write!(out, "{}", seconds.unsigned_abs())?;
        write_fraction(nanos, out)?;
        out.write_str("S")
    }
}

impl fmt::Display for MonthsDuration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (years, months) = self.parts();
        write!(out, "{}P", if self.months < 0 { "-" } else { "" })?;
        write_unit(years, 'Y', out)?;
        if self.months == 0 { out.write_str("0M") } else { write_unit(months, 'M', out) }
    }
}

serde_as_text!(DaysDuration);
serde_as_text!(MonthsDuration);

/// Reads what follows the `P` of a duration in days up to the end, as nanoseconds.
fn read_days(cursor: &mut Cursor<'_>) -> Result<i128, TemporalError> {
    let mut nanos = 0_i128;
    if !cursor.take(b'T') {
        nanos = i128::from(cursor.digits()?.value).saturating_mul(super::NANOS_PER_DAY);
        cursor.expect(b'D')?;
        if cursor.is_at_end() {
            return Ok(nanos);
        }
        cursor.expect(b'T')?;
    }
    let mut units: &[(u8, i64)] = &[(b'H', 3600), (b'M', 60), (b'S', 1)];
    loop {
        let run = cursor.digits()?;
        let with_point = *cursor;
        let fraction = cursor.fraction_nanos()?;
        let factor = take_unit(cursor, &mut units)?;
        if factor != 1 && cursor_moved(with_point) {
            return Err(cursor.form());
        }
        let whole = i128::from(run.value).saturating_mul(i128::from(factor)).saturating_mul(NANOS_PER_SECOND);
        nanos = nanos.saturating_add(whole).saturating_add(i128::from(fraction));
        if cursor.is_at_end() {
            return Ok(nanos);
        }
    }
}

/// Whether a point stands where the cursor was.
fn cursor_moved(mut before: Cursor<'_>) -> bool {
    before.take(b'.')
}

/// Takes the letter of a unit that was not passed yet and returns its size.
fn take_unit(cursor: &mut Cursor<'_>, units: &mut &[(u8, i64)]) -> Result<i64, TemporalError> {
    let letter = cursor.next_byte().ok_or_else(|| cursor.form())?;
    let position = units.iter().position(|(unit, _)| *unit == letter).ok_or_else(|| cursor.form())?;
    let (passed, rest) = units.split_at_checked(position.saturating_add(1)).ok_or_else(|| cursor.form())?;
    *units = rest;
    passed.last().map(|(_, size)| *size).ok_or_else(|| cursor.form())
}

fn write_unit(value: i64, unit: char, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    if value == 0 { Ok(()) } else { write!(out, "{}{unit}", value.unsigned_abs()) }
}

fn whole_months(months: Result<Number, NumberError>) -> Result<MonthsDuration, TemporalError> {
    let whole = months.and_then(|months| months.round(0, Rounding::Down)).map_err(from_number_error)?;
    whole.to_i64().map(MonthsDuration::from_months).ok_or(TemporalError::Overflow)
}

fn from_number_error(error: NumberError) -> TemporalError {
    match error {
        NumberError::DivisionByZero => TemporalError::DivisionByZero,
        _ => TemporalError::Overflow,
    }
}
