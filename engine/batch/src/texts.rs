//! Cells as JSON that facts are read from: the type that is expected says how a text is meant, and nothing is guessed.

use arrow_buffer::i256;
use dictamen_value::{Date, DateTime, DaysDuration, Number, Time, Type, Value, Zone};

use crate::cells::{Cell, Cells};

/// Appends the JSON of a cell where a type is expected. What does not fit it is written as it is, for the reader of facts to refuse.
pub(crate) fn write(cell: &Cell<'_>, ty: &Type, out: &mut Vec<u8>) {
    match cell {
        Cell::Null => out.extend_from_slice(b"null"),
        Cell::Boolean(boolean) => out.extend_from_slice(if *boolean { b"true" } else { b"false" }),
        Cell::Integer(units) => out.extend_from_slice(units.to_string().as_bytes()),
        Cell::Decimal(units, scale) => write_decimal(&units.to_string(), *scale, out),
        Cell::WideDecimal(units, scale) => write_wide(*units, *scale, out),
        Cell::ShortFloat(float) => write_float(format!("{float:?}"), float.is_finite(), out),
        Cell::Float(float) => write_float(format!("{float:?}"), float.is_finite(), out),
        Cell::Text(text) => write_text(text, ty, out),
        Cell::Date(days) => write_written(date(*days), out),
        Cell::Time(nanos) => write_written(time(*nanos), out),
        Cell::Moment(nanos, zoned) => write_written(moment(*nanos, *zoned), out),
        Cell::Duration(nanos) => write_written(DaysDuration::from_nanos(*nanos).ok(), out),
        Cell::List(values, place) => write_list(values, place.clone(), ty, out),
        Cell::Record(fields, row) => write_record(fields, *row, ty, out),
    }
}

/// A date so many days from 1970-01-01; `None` where it is out of range.
pub(crate) fn date(days: i64) -> Option<Date> {
    Date::from_day_number(days).ok()
}

/// A time without a zone, so many nanoseconds after midnight.
pub(crate) fn time(nanos: i64) -> Option<Time> {
    let (seconds, nanos) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
    let part = |of: i64| u8::try_from(of).ok();
    let (hour, minute, second) = (part(seconds / 3_600)?, part(seconds / 60 % 60)?, part(seconds % 60)?);
    Time::new(hour, minute, second, u32::try_from(nanos).ok()?, Zone::None).ok()
}

/// A date and a time, so many nanoseconds after 1970-01-01T00:00; an instant where it is of UTC.
pub(crate) fn moment(nanos: i128, zoned: bool) -> Option<DateTime> {
    if zoned {
        return DateTime::from_instant(nanos).ok();
    }
    let day = i128::from(86_400_i64).saturating_mul(1_000_000_000);
    let days = i64::try_from(nanos.div_euclid(day)).ok()?;
    Some(DateTime::new(date(days)?, time(i64::try_from(nanos.rem_euclid(day)).ok()?)?))
}

/// The number of a text cell.
pub(crate) fn number(text: &str) -> Option<Number> {
    Number::parse(text).ok()
}

/// Decimal notation of units of `10^-scale`, where the number itself may have more digits than numbers have.
fn write_decimal(units: &str, scale: i8, out: &mut Vec<u8>) {
    out.extend_from_slice(units.as_bytes());
    if scale != 0 {
        out.extend_from_slice(format!("e{}", i32::from(scale).saturating_neg()).as_bytes());
    }
}

/// Decimals of 256 bits often have zeros at the end that 34 digits have no room for.
fn write_wide(units: i256, scale: i8, out: &mut Vec<u8>) {
    let digits = units.to_string();
    let kept = digits.trim_end_matches('0');
    if kept.is_empty() || kept == "-" {
        return out.push(b'0');
    }
    let zeros = i32::try_from(digits.len().saturating_sub(kept.len())).unwrap_or(i32::MAX);
    out.extend_from_slice(kept.as_bytes());
    let exponent = zeros.saturating_sub(scale.into());
    out.extend_from_slice(format!("e{exponent}").as_bytes());
}

fn write_float(text: String, is_finite: bool, out: &mut Vec<u8>) {
    if is_finite { out.extend_from_slice(text.as_bytes()) } else { write_string(&text, out) }
}

/// What a text means depends on what is expected: in files of text, everything is text.
fn write_text(text: &str, ty: &Type, out: &mut Vec<u8>) {
    match ty.basic() {
        Type::Number { .. } => match number(text) {
            Some(number) => number.write_to(out),
            None => write_string(text, out),
        },
        Type::Boolean if matches!(text, "true" | "false") => out.extend_from_slice(text.as_bytes()),
        Type::List(_) | Type::Record(_) if is_json(text) => out.extend_from_slice(text.as_bytes()),
        _ => write_string(text, out),
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    Value::text(text).write_json(out);
}

fn write_written(value: Option<impl std::fmt::Display>, out: &mut Vec<u8>) {
    match value {
        Some(value) => write_string(&value.to_string(), out),
        None => write_string("?", out),
    }
}

fn write_list(values: &Cells, place: std::ops::Range<usize>, ty: &Type, out: &mut Vec<u8>) {
    let of = match ty.bare() {
        Type::List(of) => of,
        _ => &Type::Any,
    };
    out.push(b'[');
    for (position, row) in place.enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write(&values.at(row), of, out);
    }
    out.push(b']');
}

/// Fields that are null are left out, as columns are.
fn write_record(fields: &[(std::sync::Arc<str>, Cells)], row: usize, ty: &Type, out: &mut Vec<u8>) {
    let record = match ty.bare() {
        Type::Record(record) => Some(record),
        _ => None,
    };
    let mut entries = Entries::open(out);
    for (name, cells) in fields {
        let cell = cells.at(row);
        if matches!(cell, Cell::Null) {
            continue;
        }
        let known = record.and_then(|record| record.fields.iter().find(|field| field.name == *name));
        write(&cell, known.map_or(&Type::Any, |field| &field.ty), entries.next(name));
    }
    entries.close();
}

/// Writes the entries of an object.
pub(crate) struct Entries<'o> {
    out: &'o mut Vec<u8>,
    count: usize,
}

impl<'o> Entries<'o> {
    /// Begins an object.
    pub(crate) fn open(out: &'o mut Vec<u8>) -> Entries<'o> {
        out.push(b'{');
        Entries { out, count: 0 }
    }

    /// Writes a name; its value is to follow.
    pub(crate) fn next(&mut self, name: &str) -> &mut Vec<u8> {
        if self.count > 0 {
            self.out.push(b',');
        }
        self.count = self.count.saturating_add(1);
        write_string(name, self.out);
        self.out.push(b':');
        self.out
    }

    /// Ends it and says how many entries it has.
    pub(crate) fn close(self) -> usize {
        self.out.push(b'}');
        self.count
    }
}
