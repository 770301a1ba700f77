//! The dates of a request: what it says, or else what the clock and the zone of the service say.

use std::fmt;
use std::str::FromStr;

use dictamen_platform::{Clock, Timestamp};
use dictamen_value::{Date, DateTime, Message};

use crate::catalogue::Day;

/// The offset from UTC whose calendar day is "today" where a request doesn't say as of which day. Configuration: `--zone`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServiceZone {
    seconds: i32,
}

/// The most that an offset may be away from UTC, in seconds (14 hours).
const OFFSET_MAX_S: i32 = 14 * 3_600;

/// The dates that a request says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AskedDates {
    /// The day as of which to decide.
    pub as_of: Option<Date>,
    /// The moment as known at which to decide; with an offset.
    pub known_at: Option<DateTime>,
}

/// The dates of a request with those that came from the clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SettledDates {
    /// The dates to decide by.
    pub day: Day,
    /// Whether the as-of day came from the clock.
    pub as_of_defaulted: bool,
    /// Whether the known-at moment came from the clock.
    pub known_at_defaulted: bool,
    /// What the clock said.
    pub now: Timestamp,
}

impl ServiceZone {
    /// The calendar day of a moment at this offset.
    pub fn day_of(self, moment: Timestamp) -> Option<Date> {
        let local = moment.unix_milliseconds().checked_add(i64::from(self.seconds).checked_mul(1_000)?)?;
        Date::from_day_number(local.div_euclid(86_400_000)).ok()
    }
}

impl AskedDates {
    /// What the request says, and for the rest what the clock says.
    pub fn settle(self, clock: &dyn Clock, zone: ServiceZone) -> Result<SettledDates, Message> {
        let now = clock.now();
        let today = || zone.day_of(now).ok_or_else(no_clock);
        let moment = || {
            DateTime::from_instant(i128::from(now.unix_milliseconds()).saturating_mul(1_000_000))
                .map_err(|_| no_clock())
        };
        Ok(SettledDates {
            day: Day { as_of: self.as_of.map_or_else(today, Ok)?, known_at: self.known_at.map_or_else(moment, Ok)? },
            as_of_defaulted: self.as_of.is_none(),
            known_at_defaulted: self.known_at.is_none(),
            now,
        })
    }
}

/// Reads an as-of day: `2026-01-31`.
pub fn read_as_of(text: &str) -> Result<Date, Message> {
    Date::parse(text).map_err(|_| {
        Message::new("no es una fecha del calendario como 2026-01-31", "not a date of the calendar such as 2026-01-31")
    })
}

/// Reads a known-at moment: a date with time and offset, or a date, which means its first instant in UTC.
pub fn read_known_at(text: &str) -> Result<DateTime, Message> {
    let day = Date::parse(text).map(DateTime::at_midnight_utc).ok();
    let moment = day.or_else(|| DateTime::parse(text).ok()).filter(|moment| moment.instant().is_some());
    moment.ok_or_else(|| {
        Message::new(
            "no es un momento con su diferencia horaria como 2026-01-31T14:30:00-05:00, ni una fecha",
            "not a moment with its offset such as 2026-01-31T14:30:00-05:00, nor a date",
        )
    })
}

fn no_clock() -> Message {
    Message::new(
        "el reloj de la máquina da una fecha imposible; corríjalo",
        "the machine's clock gives an impossible date; mend it",
    )
}

impl FromStr for ServiceZone {
    type Err = Message;

    /// Reads `-05:00`, `+01:00` or `Z`.
    fn from_str(text: &str) -> Result<ServiceZone, Message> {
        let read = || {
            if text == "Z" {
                return Some(0);
            }
            let (sign, rest) = match text.split_at_checked(1)? {
                ("+", rest) => (1, rest),
                ("-", rest) => (-1, rest),
                _ => return None,
            };
            let (hours, minutes) = rest.split_once(':')?;
            let two = |digits: &str| (digits.len() == 2).then(|| digits.parse::<u8>().ok()).flatten().map(i32::from);
            let minutes = two(minutes).filter(|minutes| *minutes < 60)?;
            two(hours)?.checked_mul(3_600)?.checked_add(minutes.checked_mul(60)?)?.checked_mul(sign)
        };
        let seconds = read().filter(|seconds: &i32| seconds.abs() <= OFFSET_MAX_S);
        seconds.map(|seconds| ServiceZone { seconds }).ok_or_else(|| {
            Message::new(
                format!("«{text}» no es una diferencia horaria: se esperaba algo como -05:00, +01:00 o Z"),
                format!("“{text}” is not an offset: expected something like -05:00, +01:00 or Z"),
            )
        })
    }
}

impl fmt::Display for ServiceZone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.seconds < 0 { '-' } else { '+' };
        let minutes = self.seconds.unsigned_abs().div_euclid(60);
        write!(out, "{sign}{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
    }
}

#[cfg(test)]
mod tests {
    use dictamen_platform::SettableClock;

    use super::*;

    #[test]
    fn today_is_that_of_the_zone() {
        let clock = SettableClock::at("2026-03-01T04:59:59.999Z".parse().unwrap());
        for (zone, expected) in
            [("-05:00", "2026-02-28"), ("Z", "2026-03-01"), ("-04:59", "2026-03-01"), ("+05:30", "2026-03-01")]
        {
            let settled = AskedDates::default().settle(&clock, zone.parse().unwrap()).unwrap();
            assert_eq!(settled.day.as_of.to_string(), expected, "{zone}");
            assert_eq!(settled.day.known_at.to_string(), "2026-03-01T04:59:59.999Z");
            assert!(settled.as_of_defaulted && settled.known_at_defaulted);
        }
    }

    #[test]
    fn what_the_request_says_stays() {
        let clock = SettableClock::at("2026-03-01T04:59:59.999Z".parse().unwrap());
        let asked = AskedDates { as_of: read_as_of("2020-02-29").ok(), known_at: read_known_at("2020-03-01").ok() };
        let settled = asked.settle(&clock, ServiceZone::default()).unwrap();
        assert_eq!((settled.as_of_defaulted, settled.known_at_defaulted), (false, false));
        assert_eq!(settled.day.known_at.instant(), DateTime::parse("2020-03-01T00:00:00Z").unwrap().instant());
    }

    #[test]
    fn zones_and_moments_that_are_none_are_refused() {
        for text in ["", "5", "-5:00", "-05:60", "+14:01", "America/Bogota", "-0500", "z", "+é:00"] {
            assert!(text.parse::<ServiceZone>().is_err(), "{text}");
        }
        for text in ["-05:00", "+05:30", "+00:00"] {
            assert_eq!(text.parse::<ServiceZone>().unwrap().to_string(), text);
        }
        for text in ["", "2026-02-30", "2026-01-01T10:00:00", "10:00:00Z"] {
            assert!(read_known_at(text).is_err(), "{text}");
        }
    }
}
