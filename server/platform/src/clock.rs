//! The clock port: the only place of Dictamen that reads the time.

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A source of time that is passed in, so that tests set it and nothing else reads it.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time of the day, in UTC.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment in the past, which never goes back: for measuring how long something took.
    fn monotonic(&self) -> Duration;
}

/// A moment in UTC, to the millisecond; written as RFC 3339 (`2026-11-21T15:04:05.123Z`), always with three decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    milliseconds: i64,
}

impl Timestamp {
    /// The last moment that four digits of year can write: `9999-12-31T23:59:59.999Z`.
    pub const LAST: Timestamp = Timestamp { milliseconds: 253_402_300_799_999 };

    /// The moment so many milliseconds after 1970-01-01T00:00:00Z; kept within years 1970 to 9999.
    pub fn from_unix_milliseconds(milliseconds: i64) -> Timestamp {
        Timestamp { milliseconds: milliseconds.clamp(0, Timestamp::LAST.milliseconds) }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn unix_milliseconds(self) -> i64 {
        self.milliseconds
    }

    /// This moment and a while; stays at [`Timestamp::LAST`] past the end.
    pub fn after(self, while_: Duration) -> Timestamp {
        let more = i64::try_from(while_.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_unix_milliseconds(self.milliseconds.saturating_add(more))
    }

    /// How long ago `earlier` was; zero if it was not.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.milliseconds.saturating_sub(earlier.milliseconds)).unwrap_or(0))
    }
}

/// Puts the digits of a number over the zeros that end at a place.
fn put_number(mut number: i64, last: usize, text: &mut [u8; 24]) {
    let zeros = text.iter_mut().take(last.saturating_add(1)).rev().take_while(|digit| **digit == b'0');
    for digit in zeros {
        let unit = u8::try_from(number.rem_euclid(10)).unwrap_or_default();
        *digit = b'0'.saturating_add(unit);
        number = number.div_euclid(10);
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.milliseconds.div_euclid(DAY_MS));
        let rest = self.milliseconds.rem_euclid(DAY_MS);
        let (seconds, thousandths) = (rest.div_euclid(1_000), rest.rem_euclid(1_000));
        let (hour, minute, second) =
            (seconds.div_euclid(3_600), seconds.rem_euclid(3_600).div_euclid(60), seconds.rem_euclid(60));
        // One piece: every trace writes a moment, and each number by itself would be a call.
        let mut text = *b"0000-00-00T00:00:00.000Z";
        for (number, last) in
            [(year, 3), (month, 6), (day, 9), (hour, 12), (minute, 15), (second, 18), (thousandths, 22)]
        {
            put_number(number, last, &mut text);
        }
        out.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// What a text that is not a timestamp is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATimestamp;

impl fmt::Display for NotATimestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("se esperaba un momento UTC como 2026-11-21T15:04:05.123Z / expected a UTC moment such as 2026-11-21T15:04:05.123Z")
    }
}

impl std::error::Error for NotATimestamp {}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    /// Accepts exactly what `Display` writes and nothing else.
    fn from_str(text: &str) -> Result<Timestamp, NotATimestamp> {
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let read = || {
            let days = days_from_civil(number(0, 4)?, number(5, 7)?, number(8, 10)?)?;
            let seconds = number(11, 13)?.checked_mul(3_600)?.checked_add(number(14, 16)?.checked_mul(60)?)?;
            let seconds = seconds.checked_add(number(17, 19)?)?;
            let rest = seconds.checked_mul(1_000)?.checked_add(number(20, 23)?)?;
            Some(Timestamp::from_unix_milliseconds(days.checked_mul(DAY_MS)?.checked_add(rest)?))
        };
        read().filter(|moment| moment.to_string() == text).ok_or(NotATimestamp)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The clock of this machine.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time starts now.
    #[expect(clippy::new_without_default, reason = "creating it reads the clock, which a default should not do")]
    pub fn new() -> SystemClock {
        SystemClock { started: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::default().after(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A clock that stands still until it is moved: for tests and simulations.
#[derive(Debug)]
pub struct SettableClock {
    state: Mutex<(Timestamp, Duration)>,
}

impl SettableClock {
    /// A clock that stands at one moment.
    pub fn at(moment: Timestamp) -> SettableClock {
        SettableClock { state: Mutex::new((moment, Duration::ZERO)) }
    }

    /// Moves both the time of the day and the monotonic time forward.
    pub fn advance(&self, by: Duration) {
        let mut state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *state = (state.0.after(by), state.1.saturating_add(by));
    }

    /// Sets the time of the day, backwards too, as an operator may; the monotonic time stays.
    pub fn set(&self, moment: Timestamp) {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).0 = moment;
    }
}

impl Clock for SettableClock {
    fn now(&self) -> Timestamp {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).0
    }

    fn monotonic(&self) -> Duration {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).1
    }
}

const DAY_MS: i64 = 86_400_000;

/// Year, month and day of a day counted from 1970-01-01 (Howard Hinnant's `civil_from_days`), for days not before it.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let leaps = day_of_era.div_euclid(1_460).saturating_sub(day_of_era.div_euclid(36_524));
    let year_of_era = day_of_era.saturating_sub(leaps).saturating_sub(day_of_era.div_euclid(146_096)).div_euclid(365);
    civil_from_year_of_era(era, day_of_era, year_of_era)
}

fn civil_from_year_of_era(era: i64, day_of_era: i64, year_of_era: i64) -> (i64, i64, i64) {
    let year_days = days_before_year(year_of_era);
    let day_of_year = day_of_era.saturating_sub(year_days);
    let month_index = day_of_year.saturating_mul(5).saturating_add(2).div_euclid(153);
    let day = day_of_year.saturating_sub(days_before_month(month_index)).saturating_add(1);
    let month = if month_index < 10 { month_index.saturating_add(3) } else { month_index.saturating_sub(9) };
    let year = year_of_era.saturating_add(era.saturating_mul(400)).saturating_add(i64::from(month <= 2));
    (year, month, day)
}

/// Days from 1970-01-01 to a date of years 1970 to 9999; none for a month that does not exist.
fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = year.checked_sub(i64::from(month <= 2))?;
    let month_index = if month > 2 { month.checked_sub(3)? } else { month.checked_add(9)? };
    let within = days_before_year(year.rem_euclid(400)).checked_add(days_before_month(month_index))?;
    let eras = year.div_euclid(400).checked_mul(146_097)?;
    eras.checked_add(within)?.checked_add(day)?.checked_sub(719_469)
}

/// Days of a 400-year era (which starts on a 1 March) before one of its years.
fn days_before_year(year_of_era: i64) -> i64 {
    let leaps = year_of_era.div_euclid(4).saturating_sub(year_of_era.div_euclid(100));
    year_of_era.saturating_mul(365).saturating_add(leaps)
}

/// Days of a year that starts on 1 March before one of its months, counted from 0.
fn days_before_month(month_index: i64) -> i64 {
    month_index.saturating_mul(153).saturating_add(2).div_euclid(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_rfc_3339() {
        for (milliseconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_001, "2000-02-29T00:00:00.001Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (Timestamp::LAST.unix_milliseconds(), "9999-12-31T23:59:59.999Z"),
        ] {
            let moment = Timestamp::from_unix_milliseconds(milliseconds);
            assert_eq!(moment.to_string(), text);
            assert_eq!(text.parse(), Ok(moment));
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in ["", "2026-11-21", "2026-02-30T00:00:00.000Z", "2026-11-21T24:00:00.000Z", "2026-11-21T15:04:05Z"] {
            assert_eq!(text.parse::<Timestamp>(), Err(NotATimestamp), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_moment_reads_back(milliseconds in 0..=Timestamp::LAST.unix_milliseconds()) {
            let moment = Timestamp::from_unix_milliseconds(milliseconds);
            assert_eq!(moment.to_string().parse(), Ok(moment));
        }
    }

    #[test]
    fn a_settable_clock_moves_when_told() {
        let clock = SettableClock::at("2026-11-21T15:04:05.123Z".parse().unwrap());
        clock.advance(Duration::from_secs(2));
        assert_eq!(clock.now().to_string(), "2026-11-21T15:04:07.123Z");
        clock.set(Timestamp::default());
        assert_eq!((clock.now(), clock.monotonic()), (Timestamp::default(), Duration::from_secs(2)));
    }
}
