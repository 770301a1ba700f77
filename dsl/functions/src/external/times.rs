//! `java.time`: what reads or makes dates, times and durations. What asks the clock is not in the list.

use dictamen_value::{Date, DateTime, DaysDuration, Message, MonthsDuration, TemporalError, Time, Value, Zone};

use super::java::{Java, Kind, argument};
use super::{Body, Method};

const TEXT: &[Kind] = &[Kind::Text];

const fn any(
    class: &'static str,
    name: &'static str,
    parameters: &'static [Kind],
    body: fn(&[Java]) -> Result<Java, Message>,
) -> Method {
    Method::new(class, name, parameters, Body::Any(body))
}

pub(super) const METHODS: &[Method] = &[
    any("java.time.LocalDate", "parse", TEXT, |arguments| parsed(arguments, Date::parse)),
    any("java.time.LocalTime", "parse", TEXT, |arguments| parsed(arguments, Time::parse)),
    any("java.time.OffsetTime", "parse", TEXT, |arguments| parsed(arguments, Time::parse)),
    any("java.time.LocalDateTime", "parse", TEXT, |arguments| parsed(arguments, DateTime::parse)),
    any("java.time.OffsetDateTime", "parse", TEXT, |arguments| parsed(arguments, DateTime::parse)),
    any("java.time.ZonedDateTime", "parse", TEXT, |arguments| parsed(arguments, DateTime::parse)),
    any("java.time.Duration", "parse", TEXT, |arguments| parsed(arguments, DaysDuration::parse)),
    any("java.time.Period", "parse", TEXT, |arguments| parsed(arguments, MonthsDuration::parse)),
    any("java.time.LocalDate", "of", &[Kind::Int, Kind::Int, Kind::Int], date),
    any("java.time.LocalTime", "of", &[Kind::Int, Kind::Int], time),
    any("java.time.LocalTime", "of", &[Kind::Int, Kind::Int, Kind::Int], time),
    any("java.time.Year", "isLeap", &[Kind::Long], leap),
];

fn parsed<T: Into<Value>>(arguments: &[Java], parse: fn(&str) -> Result<T, TemporalError>) -> Result<Java, Message> {
    let read = parse(argument(arguments, 0)?.text()?).map_err(|error| error.message())?;
    Ok(Java::Value(read.into()))
}

fn date(arguments: &[Java]) -> Result<Java, Message> {
    let at = |position| argument(arguments, position)?.long();
    let date = Date::from_parts(at(0)?, at(1)?, at(2)?).map_err(|error| error.message())?;
    Ok(Java::Value(date.into()))
}

fn time(arguments: &[Java]) -> Result<Java, Message> {
    let at = |position: usize| -> Result<u8, Message> {
        let number = arguments.get(position).map_or(Ok(0), Java::long)?;
        // What no clock shows is refused below.
        Ok(u8::try_from(number).unwrap_or(u8::MAX))
    };
    let time = Time::new(at(0)?, at(1)?, at(2)?, 0, Zone::None).map_err(|error| error.message())?;
    Ok(Java::Value(time.into()))
}

fn leap(arguments: &[Java]) -> Result<Java, Message> {
    let year = argument(arguments, 0)?.long()?;
    let divides = |by: i64| year.checked_rem(by) == Some(0);
    Ok(Java::Boolean(divides(4) && (!divides(100) || divides(400))))
}
