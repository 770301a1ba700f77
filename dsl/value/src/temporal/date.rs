//! Calendar dates, in the Gregorian calendar at all times.

use std::fmt;

use super::text::{Cursor, serde_as_text};
use super::{DaysDuration, MonthsDuration, SECONDS_PER_DAY, TemporalError, TemporalKind};
use crate::Language;

/// Names of the months in Spanish and English.
const MONTHS: [(&str, &str); 12] = [
    ("enero", "January"),
    ("febrero", "February"),
    ("marzo", "March"),
    ("abril", "April"),
    ("mayo", "May"),
    ("junio", "June"),
    ("julio", "July"),
    ("agosto", "August"),
    ("septiembre", "September"),
    ("octubre", "October"),
    ("noviembre", "November"),
    ("diciembre", "December"),
];

/// A date: year -999 999 999 to 999 999 999 (0 is the year before 1), month 1 to 12, day 1 to 31.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

const YEAR_LIMIT: i32 = 999_999_999;
/// From 0000-03-01 to 1970-01-01.
const DAYS_BEFORE_EPOCH: i64 = 719_468;
const DAYS_PER_400_YEARS: i64 = 146_097;

impl Date {
    /// A date, where the calendar has it.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Date, TemporalError> {
        Date::from_parts(i64::from(year), i64::from(month), i64::from(day))
    }

    /// A date from numbers of any size, where the calendar has it.
    pub fn from_parts(year: i64, month: i64, day: i64) -> Result<Date, TemporalError> {
        let year = i32::try_from(year).ok().filter(|year| year.unsigned_abs() <= YEAR_LIMIT.unsigned_abs());
        let year = year.ok_or(TemporalError::Year)?;
        let month_number = u8::try_from(month).ok().filter(|month| (1..=12).contains(month));
        let month = month_number.ok_or(TemporalError::Month(month))?;
        let last = days_in_month(year, month);
        match u8::try_from(day) {
            Ok(day) if (1..=last).contains(&day) => Ok(Date { year, month, day }),
            _ => Err(TemporalError::Day { year, month, day, days_in_month: last }),
        }
    }

    /// Reads `2026-01-31`; years of more than four digits have no leading zeros.
    pub fn parse(text: &str) -> Result<Date, TemporalError> {
        let mut cursor = Cursor::new(text, TemporalKind::Date);
        let date = Date::read(&mut cursor)?;
        cursor.expect_end()?;
        Ok(date)
    }

    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Date, TemporalError> {
        let negative = cursor.take(b'-');
        let leading_zero = cursor.clone().take(b'0');
        let year = cursor.digits()?;
        if year.length < 4 || (year.length > 4 && leading_zero) {
            return Err(cursor.form());
        }
        cursor.expect(b'-')?;
        let month = cursor.two_digits()?;
        cursor.expect(b'-')?;
        let day = cursor.two_digits()?;
        let year = if negative { year.value.saturating_neg() } else { year.value };
        Date::from_parts(year, i64::from(month), i64::from(day))
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The name of the month, in small letters where the language writes it so.
    pub fn month_name(self, language: Language) -> &'static str {
        month_name(self.month, language)
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01.
    pub fn day_number(self) -> i64 {
        let months_from_march = i64::from(self.month).saturating_add(9) % 12;
        let year = i64::from(self.year).saturating_sub(i64::from(self.month <= 2));
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = day_of_march_year(months_from_march).saturating_add(i64::from(self.day)).saturating_sub(1);
        let leap_days = (year_of_era / 4).saturating_sub(year_of_era / 100);
        let day_of_era = year_of_era.saturating_mul(365).saturating_add(leap_days).saturating_add(day_of_year);
        era.saturating_mul(DAYS_PER_400_YEARS).saturating_add(day_of_era).saturating_sub(DAYS_BEFORE_EPOCH)
    }

    /// The date so many days after 1970-01-01.
    pub fn from_day_number(days: i64) -> Result<Date, TemporalError> {
        let shifted = days.checked_add(DAYS_BEFORE_EPOCH).ok_or(TemporalError::Overflow)?;
        let (era, day_of_era) = (shifted.div_euclid(DAYS_PER_400_YEARS), shifted.rem_euclid(DAYS_PER_400_YEARS));
        let leap_days = (day_of_era / 1460).saturating_sub(day_of_era / 36_524).saturating_add(day_of_era / 146_096);
        let year_of_era = day_of_era.saturating_sub(leap_days) / 365;
        let days_before_year =
            year_of_era.saturating_mul(365).saturating_add(year_of_era / 4).saturating_sub(year_of_era / 100);
        let day_of_year = day_of_era.saturating_sub(days_before_year);
        let months_from_march = day_of_year.saturating_mul(5).saturating_add(2) / 153;
        let day = day_of_year.saturating_sub(day_of_march_year(months_from_march)).saturating_add(1);
        let month = (months_from_march.saturating_add(2) % 12).saturating_add(1);
        let year = era.saturating_mul(400).saturating_add(year_of_era).saturating_add(i64::from(month <= 2));
        Date::from_parts(year, month, day).map_err(|_| TemporalError::Overflow)
    }

    /// The day of the week: 1 for Monday to 7 for Sunday.
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        let from_monday = self.day_number().saturating_add(3).rem_euclid(7);
        u8::try_from(from_monday.saturating_add(1)).unwrap_or(1)
    }

    /// The day of the year, 1 to 366.
    pub fn day_of_year(self) -> u16 {
        let first = Date { year: self.year, month: 1, day: 1 };
        let day = self.day_number().saturating_sub(first.day_number()).saturating_add(1);
        u16::try_from(day).unwrap_or(1)
    }

    /// The week of the year by ISO 8601, 1 to 53: weeks start on Monday, the first one has the year's first Thursday.
    pub fn iso_week(self) -> u8 {
        let days_to_thursday = 4_i64.saturating_sub(i64::from(self.weekday()));
        let thursday = self.day_number().saturating_add(days_to_thursday);
        let day_of_year = match Date::from_day_number(thursday) {
            Ok(date) => date.day_of_year(),
            // The Thursday lies beyond the last year; its week is the last year's 53rd or the next one's first.
            Err(_) => 1,
        };
        u8::try_from((day_of_year.saturating_sub(1) / 7).saturating_add(1)).unwrap_or(1)
    }

    /// The date so many months later (or earlier); a day that the month does not have becomes its last.
    pub fn add_months(self, duration: MonthsDuration) -> Result<Date, TemporalError> {
        let months = i64::from(self.year).saturating_mul(12).saturating_add(i64::from(self.month)).saturating_sub(1);
        let months = months.checked_add(duration.months()).ok_or(TemporalError::Overflow)?;
        let year = i32::try_from(months.div_euclid(12)).map_err(|_| TemporalError::Overflow)?;
        let month = u8::try_from(months.rem_euclid(12).saturating_add(1)).map_err(|_| TemporalError::Overflow)?;
        Date::new(year, month, self.day.min(days_in_month(year, month))).map_err(|_| TemporalError::Overflow)
    }

    /// The date so many days later (or earlier).
    pub fn add_days(self, days: i64) -> Result<Date, TemporalError> {
        Date::from_day_number(self.day_number().checked_add(days).ok_or(TemporalError::Overflow)?)
    }

    /// The date of the moment so long after this day's midnight.
    pub fn add_duration(self, duration: DaysDuration) -> Result<Date, TemporalError> {
        self.add_days(duration.seconds().div_euclid(SECONDS_PER_DAY))
    }

    /// How long it is from another date to this one; negative where this one is earlier.
    pub fn since(self, other: Date) -> DaysDuration {
        let days = self.day_number().saturating_sub(other.day_number());
        DaysDuration::from_seconds(days.saturating_mul(SECONDS_PER_DAY))
    }

    /// Whole months from another date to this one, towards zero.
    pub fn months_since(self, other: Date) -> MonthsDuration {
        let count = |date: Date| i64::from(date.year).saturating_mul(12).saturating_add(i64::from(date.month));
        let months = count(self).saturating_sub(count(other));
        let correction = match months {
            1.. if self.day < other.day => -1,
            ..=-1 if self.day > other.day => 1,
            _ => 0,
        };
        MonthsDuration::from_months(months.saturating_add(correction))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.year < 0 { "-" } else { "" };
        write!(out, "{sign}{:04}-{:02}-{:02}", self.year.unsigned_abs(), self.month, self.day)
    }
}

serde_as_text!(Date);

/// How many days a month has.
fn days_in_month(year: i32, month: u8) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// How many days of a year that starts in March lie before a month (0 for March).
fn day_of_march_year(months_from_march: i64) -> i64 {
    months_from_march.saturating_mul(153).saturating_add(2) / 5
}

/// The name of a month, 1 to 12.
pub(super) fn month_name(month: u8, language: Language) -> &'static str {
    let (es, en) = MONTHS.get(usize::from(month).saturating_sub(1)).copied().unwrap_or(("?", "?"));
    match language {
        Language::Es => es,
        Language::En => en,
    }
}
