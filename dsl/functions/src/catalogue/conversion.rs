//! Functions that make a value of one kind from values of others (DMN 1.5, clause 10.3.4.1).

use dictamen_value::{Date, DateTime, DaysDuration, MonthsDuration, Number, TemporalError, Time, Value, Zone};

use super::arguments::{Outcome, argument, number, optional_text, text, unsuitable, whole};
use super::range_text;
use super::writing;
use crate::{Entry, Example, FunctionError, Host, Parameter, Shape, Signature};

const CHAPTER: &str = "conversion";
const FROM_TEXT: &[Parameter] = &[Parameter::required("from", Shape::Text)];
const FROM_DATE: &[Parameter] = &[Parameter::required("from", Shape::Date)];
const FROM_TIME: &[Parameter] = &[Parameter::required("from", Shape::Time)];
const FROM_DATE_TIME: &[Parameter] = &[Parameter::required("from", Shape::DateTime)];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "string",
        chapter: CHAPTER,
        doc_es: "Un valor escrito como texto.",
        doc_en: "A value written as text.",
        signatures: &[Signature::new(&[Parameter::required("from", Shape::Any)], Shape::Text, writing::string)],
        examples: &[
            Example::new("string(1.10)", "\"1.1\""),
            Example::new("string(@\"2026-01-31\")", "\"2026-01-31\""),
            Example::new("string([1, \"a\"])", "\"[1, \\\"a\\\"]\""),
            Example::new("string({a: 1, \"b:\": 2})", "\"{a: 1, \\\"b:\\\": 2}\""),
        ],
    },
    Entry {
        name: "number",
        chapter: CHAPTER,
        doc_es: "El número escrito en un texto, con su separador de miles (espacio, coma o punto) y el de decimales (punto o coma).",
        doc_en: "The number written in a text, with its grouping separator (space, comma or period) and its decimal one (period or comma).",
        signatures: &[
            Signature::new(FROM_TEXT, Shape::Number, number_from),
            Signature::new(
                &[
                    Parameter::required("from", Shape::Text),
                    Parameter::required("grouping separator", Shape::Optional(&Shape::Text)),
                    Parameter::required("decimal separator", Shape::Optional(&Shape::Text)),
                ],
                Shape::Number,
                number_from,
            ),
        ],
        examples: &[
            Example::new("number(\"1 000,0\", \" \", \",\")", "1000"),
            Example::new("number(\"1.234.567,89\", \".\", \",\")", "1234567.89"),
            Example::new("number(\"-2.5\")", "-2.5"),
        ],
    },
    Entry {
        name: "date",
        chapter: CHAPTER,
        doc_es: "Una fecha: la escrita en un texto, la de una fecha con hora, o la de un año, un mes y un día.",
        doc_en: "A date: the one written in a text, that of a date and time, or that of a year, a month and a day.",
        signatures: &[
            Signature::new(FROM_TEXT, Shape::Date, date_from_text),
            Signature::new(FROM_DATE, Shape::Date, date_from_moment),
            Signature::new(FROM_DATE_TIME, Shape::Date, date_from_moment),
            Signature::new(
                &[
                    Parameter::required("year", Shape::Integer),
                    Parameter::required("month", Shape::Integer),
                    Parameter::required("day", Shape::Integer),
                ],
                Shape::Date,
                date_from_parts,
            ),
        ],
        examples: &[
            Example::new("date(\"2026-01-31\")", "@\"2026-01-31\""),
            Example::new("date(2026, 1, 31)", "@\"2026-01-31\""),
            Example::new("date(@\"2026-01-31T11:00:00Z\")", "@\"2026-01-31\""),
        ],
    },
    Entry {
        name: "time",
        chapter: CHAPTER,
        doc_es: "Una hora: la escrita en un texto, la de una fecha con hora, o la de horas, minutos, segundos y un desfase.",
        doc_en: "A time: the one written in a text, that of a date and time, or that of hours, minutes, seconds and an offset.",
        signatures: &[
            Signature::new(FROM_TEXT, Shape::Time, time_from_text),
            Signature::new(FROM_TIME, Shape::Time, time_from_moment),
            Signature::new(FROM_DATE_TIME, Shape::Time, time_from_moment),
            Signature::new(FROM_DATE, Shape::Time, time_from_moment),
            Signature::new(
                &[
                    Parameter::required("hour", Shape::Integer),
                    Parameter::required("minute", Shape::Integer),
                    Parameter::required("second", Shape::Number),
                    Parameter::optional("offset", Shape::Optional(&Shape::DaysDuration)),
                ],
                Shape::Time,
                time_from_parts,
            ),
        ],
        examples: &[
            Example::new("time(\"23:59:00Z\")", "@\"23:59:00Z\""),
            Example::new("time(14, 30, 0.5)", "@\"14:30:00.5\""),
            Example::new("time(14, 30, 0, @\"-PT5H\")", "@\"14:30:00-05:00\""),
        ],
    },
    Entry {
        name: "date and time",
        chapter: CHAPTER,
        doc_es: "Una fecha con hora: la escrita en un texto, la de una fecha y una hora, o el mismo momento en otra zona horaria. (Lo último es propio de Dictamen; no es de FEEL.)",
        doc_en: "A date and time: the one written in a text, that of a date and a time, or the same moment in another time zone. (The last is Dictamen's own; not of FEEL.)",
        signatures: &[
            Signature::new(FROM_TEXT, Shape::DateTime, date_time_from_text),
            Signature::new(
                &[Parameter::required("date", Shape::Date), Parameter::required("time", Shape::Time)],
                Shape::DateTime,
                date_time_from_parts,
            ),
            Signature::new(
                &[Parameter::required("date", Shape::DateTime), Parameter::required("time", Shape::Time)],
                Shape::DateTime,
                date_time_from_parts,
            ),
            Signature::new(
                &[Parameter::required("date", Shape::DateTime), Parameter::required("timezone", Shape::Text)],
                Shape::DateTime,
                date_time_in_zone,
            ),
        ],
        examples: &[
            Example::new("date and time(\"2026-01-31T14:30:00-05:00\")", "@\"2026-01-31T14:30:00-05:00\""),
            Example::new("date and time(@\"2026-01-31\", @\"14:30:00Z\")", "@\"2026-01-31T14:30:00Z\""),
            Example::new("date and time(\"2026-01-31\")", "@\"2026-01-31T00:00:00\""),
            Example::new(
                "date and time(@\"2026-07-01T12:00:00-05:00\", \"Europe/Paris\")",
                "@\"2026-07-01T19:00:00@Europe/Paris\"",
            ),
        ],
    },
    Entry {
        name: "duration",
        chapter: CHAPTER,
        doc_es: "La duración escrita en un texto: en días (P1DT2H) o en meses (P1Y2M).",
        doc_en: "The duration written in a text: in days (P1DT2H) or in months (P1Y2M).",
        signatures: &[Signature::new(FROM_TEXT, Shape::Any, duration)],
        examples: &[
            Example::new("duration(\"P1DT2H\")", "@\"P1DT2H\""),
            Example::new("duration(\"P26M\")", "@\"P2Y2M\""),
        ],
    },
    Entry {
        name: "years and months duration",
        chapter: CHAPTER,
        doc_es: "Los años y meses completos de una fecha a otra.",
        doc_en: "The whole years and months from one date to another.",
        signatures: &[
            Signature::new(
                &[Parameter::required("from", Shape::Date), Parameter::required("to", Shape::Date)],
                Shape::MonthsDuration,
                months_between,
            ),
            Signature::new(
                &[Parameter::required("from", Shape::DateTime), Parameter::required("to", Shape::DateTime)],
                Shape::MonthsDuration,
                months_between,
            ),
            Signature::new(
                &[Parameter::required("from", Shape::Date), Parameter::required("to", Shape::DateTime)],
                Shape::MonthsDuration,
                months_between,
            ),
            Signature::new(
                &[Parameter::required("from", Shape::DateTime), Parameter::required("to", Shape::Date)],
                Shape::MonthsDuration,
                months_between,
            ),
        ],
        examples: &[
            Example::new("years and months duration(date(2011, 12, 22), date(2013, 8, 24))", "@\"P1Y8M\""),
            Example::new("years and months duration(date(2026, 3, 31), date(2026, 2, 28))", "@\"-P1M\""),
        ],
    },
    Entry {
        name: "range",
        chapter: CHAPTER,
        doc_es: "El rango escrito en un texto; sus extremos son números, textos, fechas, horas o duraciones.",
        doc_en: "The range written in a text; its ends are numbers, texts, dates, times or durations.",
        signatures: &[Signature::new(FROM_TEXT, Shape::Range(&Shape::Any), range)],
        examples: &[
            Example::new("range(\"[18..21)\")", "[18..21)"),
            Example::new("range(\"[@\\\"2026-01-01\\\"..@\\\"2026-12-31\\\"]\")", "[@\"2026-01-01\"..@\"2026-12-31\"]"),
            Example::new("includes(range(\"[2..)\"), 5)", "true"),
        ],
    },
];

fn number_from(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let from = text(arguments, 0)?;
    host.charge(from.len())?;
    let grouping = separator(optional_text(arguments, 1), &[" ", ",", "."])?;
    let decimal = separator(optional_text(arguments, 2), &[".", ","])?;
    if grouping.is_some() && grouping == decimal {
        return Err(FunctionError::domain(
            "el separador de miles y el de decimales deben ser distintos",
            "the grouping and the decimal separator must be different",
        ));
    }
    let plain = match grouping {
        Some(grouping) => from.replace(grouping, ""),
        None => from.to_owned(),
    };
    let plain = match decimal {
        Some(decimal) if decimal != "." && plain.contains('.') => return Err(not_a_number(from)),
        Some(decimal) => plain.replace(decimal, "."),
        None => plain,
    };
    Number::parse(&plain).map(Value::from).map_err(|_| not_a_number(from))
}

fn separator<'a>(given: Option<&'a str>, allowed: &[&str]) -> Result<Option<&'a str>, FunctionError> {
    match given {
        Some(separator) if !allowed.contains(&separator) => Err(FunctionError::domain(
            format!(
                "«{separator}» no es un separador: se admiten espacio, coma o punto para miles y punto o coma para decimales"
            ),
            format!(
                "“{separator}” is not a separator: space, comma or period group digits, period or comma start decimals"
            ),
        )),
        other => Ok(other),
    }
}

fn not_a_number(text: &str) -> FunctionError {
    FunctionError::domain(
        format!("«{text}» no es un número con los separadores dados"),
        format!("“{text}” is not a number with the given separators"),
    )
}

fn date_from_text(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(Date::parse(text(arguments, 0)?)?))
}

fn date_from_moment(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    match argument(arguments, 0)? {
        Value::Date(date) => Ok(Value::from(*date)),
        Value::DateTime(moment) => Ok(Value::from(moment.date())),
        _ => Err(unsuitable(0)),
    }
}

fn date_from_parts(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    let (year, month, day) = (whole(arguments, 0)?, whole(arguments, 1)?, whole(arguments, 2)?);
    Ok(Value::from(Date::from_parts(year, month, day)?))
}

fn time_from_text(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(Time::parse(text(arguments, 0)?)?))
}

fn time_from_moment(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    match argument(arguments, 0)? {
        Value::Time(time) => Ok(Value::from(*time)),
        Value::DateTime(moment) => Ok(Value::from(moment.time())),
        Value::Date(_) => Ok(Value::from(Time::midnight(Zone::UTC))),
        _ => Err(unsuitable(0)),
    }
}

fn time_from_parts(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    let part = |position| -> Result<u8, FunctionError> {
        Ok(u8::try_from(whole(arguments, position)?).map_err(|_| TemporalError::TimeOfDay)?)
    };
    let second = DaysDuration::from_total_seconds(number(arguments, 2)?)?;
    let nanos = u32::try_from(second.total_nanos().rem_euclid(1_000_000_000)).unwrap_or_default();
    let whole_second = u8::try_from(second.seconds()).map_err(|_| TemporalError::TimeOfDay)?;
    let zone = match arguments.get(3) {
        Some(Value::DaysDuration(offset)) => zone_of(*offset)?,
        _ => Zone::None,
    };
    Ok(Value::from(Time::new(part(0)?, part(1)?, whole_second, nanos, zone)?))
}

fn zone_of(offset: DaysDuration) -> Result<Zone, TemporalError> {
    Zone::offset(i32::try_from(offset.seconds()).map_err(|_| TemporalError::Offset)?)
}

fn date_time_from_text(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    let text = text(arguments, 0)?;
    match Date::parse(text) {
        Ok(date) => Ok(Value::from(DateTime::new(date, Time::midnight(Zone::None)))),
        Err(_) => Ok(Value::from(DateTime::parse(text)?)),
    }
}

fn date_time_from_parts(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    let date = match argument(arguments, 0)? {
        Value::Date(date) => *date,
        Value::DateTime(moment) => moment.date(),
        _ => return Err(unsuitable(0)),
    };
    match argument(arguments, 1)? {
        Value::Time(time) => Ok(Value::from(DateTime::new(date, *time))),
        _ => Err(unsuitable(1)),
    }
}

fn date_time_in_zone(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    match argument(arguments, 0)? {
        Value::DateTime(moment) => Ok(Value::from(moment.in_zone(Zone::named(text(arguments, 1)?)?)?)),
        _ => Err(unsuitable(0)),
    }
}

fn duration(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    let text = text(arguments, 0)?;
    match (MonthsDuration::parse(text), DaysDuration::parse(text)) {
        (Ok(months), _) => Ok(Value::from(months)),
        (_, Ok(days)) => Ok(Value::from(days)),
        (Err(TemporalError::Form(_)), Err(TemporalError::Form(_))) => Err(FunctionError::domain(
            format!("«{text}» no es una duración: se esperaba algo como P45D, PT8H, P1DT2H30M, P1Y o P6M"),
            format!("“{text}” is not a duration: expected something like P45D, PT8H, P1DT2H30M, P1Y or P6M"),
        )),
        (Err(TemporalError::Form(_)), Err(error)) | (Err(error), _) => Err(error.into()),
    }
}

fn range(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let text = text(arguments, 0)?;
    host.charge(text.len())?;
    range_text::read(text)
}

fn months_between(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    let months = match (argument(arguments, 0)?, argument(arguments, 1)?) {
        (Value::Date(from), Value::Date(to)) => to.months_since(*from),
        (from, to) => moment(to, 1)?.months_since(moment(from, 0)?)?,
    };
    Ok(Value::from(months))
}

/// A date with a time, or a date's midnight.
fn moment(value: &Value, position: usize) -> Result<DateTime, FunctionError> {
    match value {
        Value::Date(date) => Ok(DateTime::new(*date, Time::midnight(Zone::None))),
        Value::DateTime(moment) => Ok(*moment),
        _ => Err(unsuitable(position)),
    }
}
