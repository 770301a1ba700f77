//! Values as indexes see them: borrowed, and of the kinds that cells can tell apart.

use dictamen_value::{Date, DateTime, DaysDuration, MonthsDuration, Number, Time, Value};

/// A value to look up.
#[derive(Clone, Copy, Debug)]
pub enum Probe<'a> {
    /// Null.
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(&'a str),
    /// A date.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A date with a time.
    DateTime(DateTime),
    /// A length of time in days and seconds.
    Days(DaysDuration),
    /// A length of time in months.
    Months(MonthsDuration),
    /// Anything else, which no index knows.
    Other,
}

/// Values that are equal or not, and where there is an order, ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Number,
    Text,
    Date,
    LocalTime,
    Time,
    LocalDateTime,
    DateTime,
    Days,
    Months,
}

impl Kind {
    pub(super) const ALL: [Kind; 10] = [
        Kind::Boolean,
        Kind::Number,
        Kind::Text,
        Kind::Date,
        Kind::LocalTime,
        Kind::Time,
        Kind::LocalDateTime,
        Kind::DateTime,
        Kind::Days,
        Kind::Months,
    ];

    pub(super) fn is_ordered(self) -> bool {
        self != Kind::Boolean
    }
}

impl<'a> Probe<'a> {
    /// The probe of a value.
    #[inline]
    pub fn of(value: &'a Value) -> Probe<'a> {
        match value {
            Value::Null => Probe::Null,
            Value::Boolean(truth) => Probe::Boolean(*truth),
            Value::Number(number) => Probe::Number(*number),
            Value::Text(text) => Probe::Text(text),
            Value::Date(date) => Probe::Date(*date),
            Value::Time(time) => Probe::Time(*time),
            Value::DateTime(moment) => Probe::DateTime(*moment),
            Value::DaysDuration(duration) => Probe::Days(*duration),
            Value::MonthsDuration(duration) => Probe::Months(*duration),
            Value::Range(_) | Value::List(_) | Value::Context(_) | Value::Function(_) => Probe::Other,
        }
    }

    /// Its kind; `None` for null, for what is not indexed, and for times whose offset depends on the day.
    pub(super) fn kind(self) -> Option<Kind> {
        match self {
            Probe::Null | Probe::Other => None,
            Probe::Boolean(_) => Some(Kind::Boolean),
            Probe::Number(_) => Some(Kind::Number),
            Probe::Text(_) => Some(Kind::Text),
            Probe::Date(_) => Some(Kind::Date),
            Probe::Time(time) => time.zone().offset_seconds().ok().map(|offset| match offset {
                Some(_) => Kind::Time,
                None => Kind::LocalTime,
            }),
            Probe::DateTime(moment) => {
                Some(if moment.offset_seconds().is_some() { Kind::DateTime } else { Kind::LocalDateTime })
            }
            Probe::Days(_) => Some(Kind::Days),
            Probe::Months(_) => Some(Kind::Months),
        }
    }
}
