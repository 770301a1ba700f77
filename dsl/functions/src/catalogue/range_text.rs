//! Ranges written in texts, as `range` reads them (DMN 1.5, clause 10.3.1.2, grammar rules 66 to 68).

use dictamen_value::{Date, DateTime, DaysDuration, MonthsDuration, Number, Time, Value};

use super::arguments::Outcome;
use crate::FunctionError;

/// Reads a range such as `[18..21)`, `]"a".."c"]`, `[@"2026-01-01"..)` or `(..duration("P1Y")]`. An end that is missing is
/// open, and one of them is there; both are of one kind.
pub(super) fn read(text: &str) -> Outcome {
    parse(text).ok_or_else(|| {
        FunctionError::domain(
            format!(
                "«{text}» no es un rango: se esperaba algo como [18..21), (..5] o [@\"2026-01-01\"..@\"2026-12-31\"]"
            ),
            format!(
                "“{text}” is not a range: expected something like [18..21), (..5] or [@\"2026-01-01\"..@\"2026-12-31\"]"
            ),
        )
    })
}

fn parse(text: &str) -> Option<Value> {
    let mut rest = text.trim();
    let low_closed = take(&mut rest, "[");
    (low_closed || take(&mut rest, "(") || take(&mut rest, "]")).then_some(())?;
    let low = end(&mut rest)?;
    take(&mut rest, "..").then_some(())?;
    let high = end(&mut rest)?;
    let high_closed = take(&mut rest, "]");
    (high_closed || take(&mut rest, ")") || take(&mut rest, "[")).then_some(())?;
    let closed_where_missing = low.is_null() && low_closed || high.is_null() && high_closed;
    let of_one_kind = low.is_null() != high.is_null() || low.order(&high).is_some();
    (rest.is_empty() && !closed_where_missing && of_one_kind).then(|| Value::range(low, low_closed, high, high_closed))
}

fn take(rest: &mut &str, wanted: &str) -> bool {
    match rest.trim_start().strip_prefix(wanted) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

/// The literal that an end is; null where there is none.
fn end(rest: &mut &str) -> Option<Value> {
    *rest = rest.trim_start();
    if rest.starts_with('"') {
        return quoted(rest).map(Value::from);
    }
    if take(rest, "@") {
        return literal(&quoted(rest)?);
    }
    if rest.starts_with("..") || rest.starts_with([']', ')', '[']) {
        return Some(Value::Null);
    }
    if rest.starts_with(|first: char| first.is_ascii_digit() || "-.".contains(first)) {
        return number(rest);
    }
    let (name, after) = rest.split_once('(')?;
    *rest = after;
    let written = quoted(rest)?;
    take(rest, ")").then_some(())?;
    constructed(name.trim(), &written)
}

fn number(rest: &mut &str) -> Option<Value> {
    let point = rest.find("..").unwrap_or(rest.len());
    let sign = rest.find([' ', ']', ')', '[', '\t', '\n', '\r']).unwrap_or(rest.len());
    let (digits, after) = rest.split_at_checked(point.min(sign))?;
    *rest = after;
    Number::parse(digits).ok().map(Value::from)
}

/// A text in quotes, with FEEL's escapes.
fn quoted(rest: &mut &str) -> Option<String> {
    let mut characters = rest.trim_start().strip_prefix('"')?.chars();
    let mut units = Vec::new();
    loop {
        let next = characters.next()?;
        let code = match (next, characters.as_str().chars().next()) {
            ('"', _) => break,
            ('\\', Some(letter @ ('u' | 'U'))) => {
                characters.next();
                let digits = if letter == 'u' { 4 } else { 6 };
                let (code, after) = characters.as_str().split_at_checked(digits)?;
                characters = after.chars();
                u32::from_str_radix(code, 16).ok()?
            }
            ('\\', Some(sign @ ('n' | 'r' | 't' | '"' | '\'' | '\\'))) => {
                characters.next();
                u32::from(escaped(sign))
            }
            (other, _) => u32::from(other),
        };
        push_units(code, &mut units)?;
    }
    *rest = characters.as_str();
    String::from_utf16(&units).ok()
}

fn escaped(sign: char) -> char {
    match sign {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        other => other,
    }
}

/// Adds a code point, or half of one, in UTF-16.
fn push_units(code: u32, units: &mut Vec<u16>) -> Option<()> {
    match u16::try_from(code) {
        Ok(unit) => units.push(unit),
        Err(_) => units.extend(char::from_u32(code)?.encode_utf16(&mut [0; 2]).iter()),
    }
    Some(())
}

fn literal(text: &str) -> Option<Value> {
    ["date", "time", "date and time", "duration"].into_iter().find_map(|name| constructed(name, text))
}

fn constructed(name: &str, text: &str) -> Option<Value> {
    match name {
        "date" => Date::parse(text).ok().map(Value::from),
        "time" => Time::parse(text).ok().map(Value::from),
        "date and time" => DateTime::parse(text).ok().map(Value::from),
        "duration" => {
            let months = MonthsDuration::parse(text).ok().map(Value::from);
            months.or_else(|| DaysDuration::parse(text).ok().map(Value::from))
        }
        _ => None,
    }
}
