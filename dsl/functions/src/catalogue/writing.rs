//! Values as the text that `string` makes of them (DMN 1.5, clause 10.3.4.1).

use std::fmt::Write;

use dictamen_value::Value;

use super::arguments::{Outcome, argument};
use crate::{FunctionError, Host};

/// The body of `string`.
pub(super) fn string(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    match argument(arguments, 0)? {
        Value::Null => Err(FunctionError::domain("null no tiene texto", "null has no text")),
        Value::Text(text) => Ok(Value::Text(text.clone())),
        other => {
            let mut out = String::new();
            write_value(other, &mut out, host)?;
            Ok(Value::from(out))
        }
    }
}

/// Writes a value: text in quotes, dates, times and durations bare.
fn write_value(value: &Value, out: &mut String, host: &mut dyn Host) -> Result<(), FunctionError> {
    host.charge(1)?;
    // Writing to memory cannot fail.
    let _ = match value {
        Value::Date(date) => write!(out, "{date}"),
        Value::Time(time) => write!(out, "{time}"),
        Value::DateTime(moment) => write!(out, "{moment}"),
        Value::DaysDuration(duration) => write!(out, "{duration}"),
        Value::MonthsDuration(duration) => write!(out, "{duration}"),
        Value::List(elements) => return write_all("[", elements.iter().map(|element| (None, element)), "]", out, host),
        Value::Context(context) => {
            let entries = context.entries().map(|(name, value)| (Some(&**name), value));
            return write_all("{", entries, "}", out, host);
        }
        other => write!(out, "{other}"),
    };
    Ok(())
}

fn write_all<'a>(
    open: &str,
    elements: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    close: &str,
    out: &mut String,
    host: &mut dyn Host,
) -> Result<(), FunctionError> {
    out.push_str(open);
    for (position, (name, element)) in elements.enumerate() {
        out.push_str(if position == 0 { "" } else { ", " });
        if let Some(name) = name {
            write_name(name, out);
            out.push_str(": ");
        }
        write_value(element, out, host)?;
    }
    out.push_str(close);
    Ok(())
}

/// The name of an entry, in quotes where it is no FEEL name.
fn write_name(name: &str, out: &mut String) {
    if is_name(name) {
        out.push_str(name);
    } else {
        // Writing to memory cannot fail.
        let _ = write!(out, "{}", Value::text(name));
    }
}

/// Words of letters, digits and the signs that names may have, with one space between them (grammar rules 26 to 29).
fn is_name(name: &str) -> bool {
    let is_part = |part: char| part.is_alphanumeric() || "?_'./-+*".contains(part);
    let starts = name.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '?'));
    starts && name.split(' ').all(|word| !word.is_empty() && word.chars().all(is_part))
}
