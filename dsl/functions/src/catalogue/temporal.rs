//! Functions on dates (DMN 1.5, clause 10.3.4.7).

use dictamen_value::{Date, Value};

use super::arguments::{Outcome, argument, unsuitable};
use crate::{Entry, Example, FunctionError, Host, Parameter, Shape, Signature};

const CHAPTER: &str = "fechas";
const OF_DATE: &[Parameter] = &[Parameter::required("date", Shape::Date)];
const OF_DATE_TIME: &[Parameter] = &[Parameter::required("date", Shape::DateTime)];
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "day of year",
        chapter: CHAPTER,
        doc_es: "El número del día dentro del año, de 1 a 366.",
        doc_en: "The number of the day in the year, 1 to 366.",
        signatures: &[
            Signature::new(OF_DATE, Shape::Integer, day_of_year),
            Signature::new(OF_DATE_TIME, Shape::Integer, day_of_year),
        ],
        examples: &[Example::new("day of year(date(2019, 9, 17))", "260")],
    },
    Entry {
        name: "day of week",
        chapter: CHAPTER,
        doc_es: "El día de la semana, con su nombre en inglés: \"Monday\" a \"Sunday\".",
        doc_en: "The day of the week by its English name: \"Monday\" to \"Sunday\".",
        signatures: &[
            Signature::new(OF_DATE, Shape::Text, day_of_week),
            Signature::new(OF_DATE_TIME, Shape::Text, day_of_week),
        ],
        examples: &[Example::new("day of week(date(2019, 9, 17))", "\"Tuesday\"")],
    },
    Entry {
        name: "month of year",
        chapter: CHAPTER,
        doc_es: "El mes, con su nombre en inglés: \"January\" a \"December\".",
        doc_en: "The month by its English name: \"January\" to \"December\".",
        signatures: &[
            Signature::new(OF_DATE, Shape::Text, month_of_year),
            Signature::new(OF_DATE_TIME, Shape::Text, month_of_year),
        ],
        examples: &[Example::new("month of year(date(2019, 9, 17))", "\"September\"")],
    },
    Entry {
        name: "week of year",
        chapter: CHAPTER,
        doc_es: "La semana del año según ISO 8601: empieza en lunes, y la primera tiene el primer jueves.",
        doc_en: "The week of the year by ISO 8601: it starts on Monday, and the first has the first Thursday.",
        signatures: &[
            Signature::new(OF_DATE, Shape::Integer, week_of_year),
            Signature::new(OF_DATE_TIME, Shape::Integer, week_of_year),
        ],
        examples: &[
            Example::new("week of year(date(2019, 9, 17))", "38"),
            Example::new("week of year(date(2003, 12, 29))", "1"),
            Example::new("week of year(date(2005, 1, 1))", "53"),
        ],
    },
];

fn day_of_year(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(u32::from(date(arguments)?.day_of_year())))
}

fn day_of_week(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    name(&WEEKDAYS, date(arguments)?.weekday())
}

fn month_of_year(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    name(&MONTHS, date(arguments)?.month())
}

fn week_of_year(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(u32::from(date(arguments)?.iso_week())))
}

fn date(arguments: &[Value]) -> Result<Date, FunctionError> {
    match argument(arguments, 0)? {
        Value::Date(date) => Ok(*date),
        Value::DateTime(moment) => Ok(moment.date()),
        _ => Err(unsuitable(0)),
    }
}

/// The name of a weekday or month that counts from 1.
fn name(names: &[&str], number: u8) -> Outcome {
    let name = names.get(usize::from(number).saturating_sub(1)).ok_or_else(|| unsuitable(0))?;
    Ok(Value::text(name))
}
