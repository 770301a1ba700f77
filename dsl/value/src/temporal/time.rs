//! Times of day.

use std::cmp::Ordering;
use std::fmt;

use super::text::{Cursor, serde_as_text, write_fraction};
use super::zone::PackedZone;
use super::{DaysDuration, NANOS_PER_DAY, NANOS_PER_SECOND, TemporalError, TemporalKind, Zone};

/// A time of day, to the nanosecond, with or without an offset or zone. `==` compares as written; [`Time::compare`]
/// compares moments.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    nanos: u32,
    hour: u8,
    minute: u8,
    second: u8,
    zone: PackedZone,
}

impl Time {
    /// 00:00:00 without a zone.
    pub fn midnight(zone: Zone) -> Time {
        Time { nanos: 0, hour: 0, minute: 0, second: 0, zone: PackedZone::pack(zone) }
    }

    /// A time: hour 0 to 23, minute and second 0 to 59, nanoseconds below 10^9.
    pub fn new(hour: u8, minute: u8, second: u8, nanos: u32, zone: Zone) -> Result<Time, TemporalError> {
        if hour > 23 || minute > 59 || second > 59 || nanos > 999_999_999 {
            return Err(TemporalError::TimeOfDay);
        }
        Ok(Time { nanos, hour, minute, second, zone: PackedZone::pack(zone) })
    }

    /// Reads `14:30:00`, `14:30:00.5Z`, `14:30:00-05:00` or `14:30:00@America/Bogota`; `24:00:00` is midnight.
    pub fn parse(text: &str) -> Result<Time, TemporalError> {
        let mut cursor = Cursor::new(text, TemporalKind::Time);
        Time::read(&mut cursor).map(|(time, _)| time)
    }

    /// Reads a time up to the end of the text, and whether it was written as 24:00:00, the midnight that ends a day
    /// (XML Schema 1.1, part 2, clause 3.3.7.2).
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<(Time, bool), TemporalError> {
        let hour = cursor.two_digits()?;
        cursor.expect(b':')?;
        let minute = cursor.two_digits()?;
        cursor.expect(b':')?;
        let second = cursor.two_digits()?;
        let nanos = cursor.fraction_nanos()?;
        let zone = cursor.zone()?;
        cursor.expect_end()?;
        let ends_day = (hour, minute, second, nanos) == (24, 0, 0, 0);
        let hour = if ends_day { 0 } else { hour };
        Ok((Time::new(hour, minute, second, nanos, zone)?, ends_day))
    }

    /// The hour, 0 to 23.
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    pub fn minute(self) -> u8 {
        self.minute
    }

    /// The second, 0 to 59.
    pub fn second(self) -> u8 {
        self.second
    }

    /// Nanoseconds of the second, below 10^9.
    pub fn nanos(self) -> u32 {
        self.nanos
    }

    /// The offset or zone.
    pub fn zone(self) -> Zone {
        self.zone.unpack()
    }

    /// The same time with another offset or zone.
    pub fn with_zone(self, zone: Zone) -> Time {
        Time { zone: PackedZone::pack(zone), ..self }
    }

    /// Nanoseconds since midnight, as written.
    pub fn nanos_of_day(self) -> i128 {
        i128::from(self.second_of_day()).saturating_mul(NANOS_PER_SECOND).saturating_add(i128::from(self.nanos))
    }

    /// Whole seconds since midnight, as written.
    pub(super) fn second_of_day(self) -> i64 {
        let minutes = i64::from(self.hour).saturating_mul(60).saturating_add(i64::from(self.minute));
        minutes.saturating_mul(60).saturating_add(i64::from(self.second))
    }

    /// The time so many nanoseconds after midnight, counted around the clock.
    pub(super) fn from_nanos_of_day(nanos: i128, zone: Zone) -> Time {
        let within = nanos.rem_euclid(NANOS_PER_DAY);
        let seconds = within / NANOS_PER_SECOND;
        let small = |value: i128| u8::try_from(value).unwrap_or_default();
        Time {
            nanos: u32::try_from(within % NANOS_PER_SECOND).unwrap_or_default(),
            hour: small(seconds / 3600),
            minute: small(seconds / 60 % 60),
            second: small(seconds % 60),
            zone: PackedZone::pack(zone),
        }
    }

    /// The time so much later (or earlier), around the clock, at the same offset.
    pub fn add_duration(self, duration: DaysDuration) -> Result<Time, TemporalError> {
        let nanos = self.nanos_of_day().saturating_add(duration.total_nanos());
        Ok(Time::from_nanos_of_day(nanos, self.zone()))
    }

    /// How long it is from another time of the same day to this one. Both have an offset, or neither has.
    pub fn since(self, other: Time) -> Result<DaysDuration, TemporalError> {
        let (left, right) = self.aligned(other)?;
        DaysDuration::from_nanos(left.saturating_sub(right))
    }

    /// Which of two moments of the same day comes first; `None` where one has an offset and the other has none, or
    /// where the offset of a zone depends on the day.
    pub fn compare(self, other: Time) -> Option<Ordering> {
        let (left, right) = self.aligned(other).ok()?;
        Some(left.cmp(&right))
    }

    fn aligned(self, other: Time) -> Result<(i128, i128), TemporalError> {
        if self.zone == other.zone {
            return Ok((self.nanos_of_day(), other.nanos_of_day()));
        }
        match (self.zone().offset_seconds()?, other.zone().offset_seconds()?) {
            (Some(left), Some(right)) => Ok((self.nanos_at_utc(left), other.nanos_at_utc(right))),
            (None, None) => Ok((self.nanos_of_day(), other.nanos_of_day())),
            _ => Err(TemporalError::MixedZones),
        }
    }

    fn nanos_at_utc(self, offset_seconds: i32) -> i128 {
        self.nanos_of_day().saturating_sub(i128::from(offset_seconds).saturating_mul(NANOS_PER_SECOND))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        write_fraction(self.nanos, out)?;
        self.zone().fmt(out)
    }
}

serde_as_text!(Time);
