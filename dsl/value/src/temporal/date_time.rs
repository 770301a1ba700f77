//! Dates with a time of day.

use std::cmp::Ordering;
use std::fmt;

use super::text::{Cursor, serde_as_text};
use super::{Date, DaysDuration, MonthsDuration, NANOS_PER_DAY, NANOS_PER_SECOND, TemporalError, TemporalKind};
use super::{SECONDS_PER_DAY, Time, Zone};

/// A date with a time. `==` compares as written; [`DateTime::compare`] compares moments.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    date: Date,
    time: Time,
}

impl DateTime {
    /// A date with a time.
    pub fn new(date: Date, time: Time) -> DateTime {
        DateTime { date, time }
    }

    /// The first moment of a date, in UTC: what a date means among dates with times (DMN 1.5, table 55).
    pub fn at_midnight_utc(date: Date) -> DateTime {
        DateTime { date, time: Time::midnight(Zone::UTC) }
    }

    /// Reads `2026-01-31T14:30:00-05:00` or `2026-01-31T14:30:00@America/Bogota`; `T24:00:00` is the next midnight.
    pub fn parse(text: &str) -> Result<DateTime, TemporalError> {
        let mut cursor = Cursor::new(text, TemporalKind::DateTime);
        let date = Date::read(&mut cursor)?;
        cursor.expect(b'T')?;
        let (time, ends_day) = Time::read(&mut cursor)?;
        Ok(DateTime { date: if ends_day { date.add_days(1)? } else { date }, time })
    }

    /// The moment so many nanoseconds after 1970-01-01T00:00:00Z, in UTC.
    pub fn from_instant(nanos: i128) -> Result<DateTime, TemporalError> {
        DateTime::from_local_nanos(nanos, Zone::UTC)
    }

    /// The date, as written.
    pub fn date(self) -> Date {
        self.date
    }

    /// The time, as written.
    pub fn time(self) -> Time {
        self.time
    }

    /// The offset or zone.
    pub fn zone(self) -> Zone {
        self.time.zone()
    }

    /// Seconds east of UTC at this moment; `None` for local times. Where a zone's clocks show a time twice, the first
    /// one is meant; where they skip it, the offset is the one from before the gap.
    pub fn offset_seconds(self) -> Option<i32> {
        let local = self.date.day_number().saturating_mul(SECONDS_PER_DAY).saturating_add(self.time.second_of_day());
        self.zone().offset_at_local(local)
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z; `None` for local times.
    pub fn instant(self) -> Option<i128> {
        let offset = i128::from(self.offset_seconds()?);
        Some(self.local_nanos().saturating_sub(offset.saturating_mul(NANOS_PER_SECOND)))
    }

    /// The same moment as the clocks of another offset or zone show it; a local time is taken to be theirs.
    pub fn in_zone(self, zone: Zone) -> Result<DateTime, TemporalError> {
        let Some(instant) = self.instant() else {
            return Ok(DateTime { date: self.date, time: self.time.with_zone(zone) });
        };
        let seconds = i64::try_from(instant.div_euclid(NANOS_PER_SECOND)).map_err(|_| TemporalError::Overflow)?;
        let offset = i128::from(zone.offset_at(seconds).unwrap_or_default());
        DateTime::from_local_nanos(instant.saturating_add(offset.saturating_mul(NANOS_PER_SECOND)), zone)
    }

    /// The moment so much later (or earlier), at the same offset or in the same zone: where the clocks of a zone change in
    /// between, the local time shows it.
    pub fn add_duration(self, duration: DaysDuration) -> Result<DateTime, TemporalError> {
        let nanos = duration.total_nanos();
        match (self.zone(), self.instant()) {
            (zone @ Zone::Named(_), Some(instant)) => {
                DateTime::from_instant(instant.saturating_add(nanos))?.in_zone(zone)
            }
            (zone, _) => DateTime::from_local_nanos(self.local_nanos().saturating_add(nanos), zone),
        }
    }

    /// The same time so many months later (or earlier); a day that the month does not have becomes its last.
    pub fn add_months(self, duration: MonthsDuration) -> Result<DateTime, TemporalError> {
        Ok(DateTime { date: self.date.add_months(duration)?, time: self.time })
    }

    /// How long it is from another moment to this one. Both have an offset, or neither has.
    pub fn since(self, other: DateTime) -> Result<DaysDuration, TemporalError> {
        let (left, right) = self.aligned(other)?;
        DaysDuration::from_nanos(left.saturating_sub(right))
    }

    /// Whole months from another moment to this one, as written, towards zero.
    pub fn months_since(self, other: DateTime) -> Result<MonthsDuration, TemporalError> {
        let months = self.date.months_since(other.date).months();
        let whole = other.add_months(MonthsDuration::from_months(months))?.local_nanos();
        let correction = match (months, self.local_nanos().cmp(&whole)) {
            (1.., Ordering::Less) => -1,
            (..=-1, Ordering::Greater) => 1,
            _ => 0,
        };
        Ok(MonthsDuration::from_months(months.saturating_add(correction)))
    }

    /// Which of two moments comes first; `None` where one has an offset or zone and the other has none.
    pub fn compare(self, other: DateTime) -> Option<Ordering> {
        let (left, right) = self.aligned(other).ok()?;
        Some(left.cmp(&right))
    }

    fn from_local_nanos(nanos: i128, zone: Zone) -> Result<DateTime, TemporalError> {
        let days = i64::try_from(nanos.div_euclid(NANOS_PER_DAY)).map_err(|_| TemporalError::Overflow)?;
        Ok(DateTime { date: Date::from_day_number(days)?, time: Time::from_nanos_of_day(nanos, zone) })
    }

    fn local_nanos(self) -> i128 {
        i128::from(self.date.day_number()).saturating_mul(NANOS_PER_DAY).saturating_add(self.time.nanos_of_day())
    }

    fn aligned(self, other: DateTime) -> Result<(i128, i128), TemporalError> {
        match (self.instant(), other.instant()) {
            (Some(left), Some(right)) => Ok((left, right)),
            (None, None) => Ok((self.local_nanos(), other.local_nanos())),
            _ => Err(TemporalError::MixedZones),
        }
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}T{}", self.date, self.time)
    }
}

serde_as_text!(DateTime);
