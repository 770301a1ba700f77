//! What can be wrong with a date, a time or a duration, and how people are told.

use std::fmt;

use super::date::month_name;
use crate::{Language, Message};

/// Which kind of value was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TemporalKind {
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A date with a time.
    DateTime,
    /// A duration in days, hours, minutes and seconds.
    DaysDuration,
    /// A duration in years and months.
    MonthsDuration,
}

/// Why there is no such date, time or duration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TemporalError {
    /// The text has another form.
    Form(TemporalKind),
    /// A year before -999 999 999 or after 999 999 999.
    Year,
    /// A month that is not 1 to 12.
    Month(i64),
    /// A day that the month does not have.
    Day {
        /// The year.
        year: i32,
        /// The month, 1 to 12.
        month: u8,
        /// The day that was asked for.
        day: i64,
        /// How many days the month has.
        days_in_month: u8,
    },
    /// A time of day after 23:59:59.999999999.
    TimeOfDay,
    /// More than nine digits after the second's point.
    Fraction,
    /// An offset from UTC beyond 18 hours.
    Offset,
    /// A time zone that the IANA database does not have.
    UnknownZone(Box<str>),
    /// One has an offset or zone and the other has none.
    MixedZones,
    /// The offset of this zone depends on the day, and there is only a time of day.
    ZoneWithoutOffset(&'static str),
    /// The result is beyond what can be held.
    Overflow,
    /// Divided by zero.
    DivisionByZero,
}

impl TemporalError {
    /// What is wrong and what was expected, for people.
    pub fn message(&self) -> Message {
        match self {
            TemporalError::Form(kind) => form_message(*kind),
            TemporalError::Year => Message::new(
                "el año debe estar entre -999999999 y 999999999",
                "the year must be between -999999999 and 999999999",
            ),
            TemporalError::Month(month) => Message::new(
                format!("el mes {month} no existe: va de 1 a 12"),
                format!("there is no month {month}: months go from 1 to 12"),
            ),
            TemporalError::Day { year, month, day, days_in_month } => day_message(*year, *month, *day, *days_in_month),
            TemporalError::TimeOfDay => Message::new(
                "la hora debe estar entre 00:00:00 y 23:59:59.999999999",
                "the time must be between 00:00:00 and 23:59:59.999999999",
            ),
            TemporalError::Fraction => Message::new(
                "los segundos admiten hasta nueve decimales",
                "seconds take at most nine digits after the point",
            ),
            TemporalError::Offset => Message::new(
                "el desfase respecto a UTC debe estar entre -18:00 y +18:00",
                "the offset from UTC must be between -18:00 and +18:00",
            ),
            TemporalError::UnknownZone(name) => Message::new(
                format!("no existe la zona horaria «{name}»; se esperaba una como America/Bogota"),
                format!("there is no time zone “{name}”; expected one such as America/Bogota"),
            ),
            TemporalError::MixedZones => Message::new(
                "una de las horas tiene zona o desfase y la otra no: escriba ambos con desfase, como -05:00, o ninguno",
                "one of the times has a zone or offset and the other has none: write both with one, such as -05:00, or neither",
            ),
            TemporalError::ZoneWithoutOffset(name) => Message::new(
                format!(
                    "el desfase de la zona {name} depende del día y aquí solo hay una hora; escriba el desfase, como -05:00"
                ),
                format!(
                    "the offset of zone {name} depends on the day and here is only a time; write the offset, such as -05:00"
                ),
            ),
            TemporalError::Overflow => Message::new(
                "el resultado queda fuera del rango de fechas y duraciones",
                "the result is out of the range of dates and durations",
            ),
            TemporalError::DivisionByZero => Message::new("división por cero", "division by zero"),
        }
    }
}

impl fmt::Display for TemporalError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

impl std::error::Error for TemporalError {}

fn form_message(kind: TemporalKind) -> Message {
    match kind {
        TemporalKind::Date => Message::new(
            "no es una fecha: se esperaba año-mes-día, como 2026-01-31",
            "not a date: expected year-month-day, such as 2026-01-31",
        ),
        TemporalKind::Time => Message::new(
            "no es una hora: se esperaba hora:minuto:segundo, como 14:30:00 o 14:30:00-05:00",
            "not a time: expected hour:minute:second, such as 14:30:00 or 14:30:00-05:00",
        ),
        TemporalKind::DateTime => Message::new(
            "no es una fecha con hora: se esperaba algo como 2026-01-31T14:30:00-05:00",
            "not a date and time: expected something like 2026-01-31T14:30:00-05:00",
        ),
        TemporalKind::DaysDuration => Message::new(
            "no es una duración en días: se esperaba algo como P45D, PT8H o P1DT2H30M",
            "not a duration in days: expected something like P45D, PT8H or P1DT2H30M",
        ),
        TemporalKind::MonthsDuration => Message::new(
            "no es una duración en meses: se esperaba algo como P1Y, P6M o P1Y6M",
            "not a duration in months: expected something like P1Y, P6M or P1Y6M",
        ),
    }
}

fn day_message(year: i32, month: u8, day: i64, days_in_month: u8) -> Message {
    let (es, en) = (month_name(month, Language::Es), month_name(month, Language::En));
    Message::new(
        format!("no existe el día {day}: {es} de {year} tiene {days_in_month} días"),
        format!("there is no day {day}: {en} {year} has {days_in_month} days"),
    )
}
