//! Ranges in JSON: strings that hold their FEEL text, as values are written.

use dictamen_value::{Date, DateTime, DaysDuration, MonthsDuration, Number, Time, Type, Value};

/// The range that a text such as `[1..5)`, `(<5)` or `(>=date("2026-01-01"))` writes, with ends of a type.
pub(super) fn parse(text: &str, of: &Type) -> Option<Value> {
    let text = text.trim();
    let half = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    if let Some(half) = half {
        for (sign, below, closed) in [("<=", true, true), (">=", false, true), ("<", true, false), (">", false, false)]
        {
            if let Some(end) = half.strip_prefix(sign) {
                let end = parse_end(end, of)?;
                return Some(match below {
                    true => Value::range(Value::Null, false, end, closed),
                    false => Value::range(end, closed, Value::Null, false),
                });
            }
        }
    }
    parse_between(text, of)
}

fn parse_between(text: &str, of: &Type) -> Option<Value> {
    let (low_closed, rest) = match text.strip_prefix('[') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('(').or_else(|| text.strip_prefix(']'))?),
    };
    let (high_closed, rest) = match rest.strip_suffix(']') {
        Some(rest) => (true, rest),
        None => (false, rest.strip_suffix(')').or_else(|| rest.strip_suffix('['))?),
    };
    // Dots in a quoted end are its own: the split that gives two good ends is the one.
    let (low, high) = rest.match_indices("..").find_map(|(position, _)| {
        let (low, high) = rest.split_at_checked(position)?;
        Some((parse_end(low, of)?, parse_end(high.strip_prefix("..")?, of)?))
    })?;
    low.order(&high)?;
    Some(Value::range(low, low_closed, high, high_closed))
}

fn parse_end(text: &str, of: &Type) -> Option<Value> {
    let text = text.trim();
    let called = |name: &str| {
        let inner = text.strip_prefix(name)?.trim().strip_prefix('(')?.strip_suffix(')')?;
        inner.trim().strip_prefix('"')?.strip_suffix('"')
    };
    match of.basic() {
        Type::Number { .. } => Number::parse(text).ok().map(Value::Number),
        Type::Text => unquoted(text).map(Value::from),
        Type::Date => Date::parse(called("date").unwrap_or(text)).ok().map(Value::Date),
        Type::Time => Time::parse(called("time").unwrap_or(text)).ok().map(Value::Time),
        Type::DateTime => DateTime::parse(called("date and time").unwrap_or(text)).ok().map(Value::DateTime),
        Type::DaysDuration => DaysDuration::parse(called("duration").unwrap_or(text)).ok().map(Value::DaysDuration),
        Type::MonthsDuration => {
            MonthsDuration::parse(called("duration").unwrap_or(text)).ok().map(Value::MonthsDuration)
        }
        Type::Any => any_end(text),
        _ => None,
    }
    .filter(|end| end.fits(of))
}

/// An end whose type is not known: what FEEL writes tells.
fn any_end(text: &str) -> Option<Value> {
    let types = [Type::number(), Type::Date, Type::Time, Type::DateTime, Type::DaysDuration, Type::MonthsDuration];
    types.iter().find_map(|ty| parse_end(text, ty)).or_else(|| unquoted(text).map(Value::from))
}

/// What a FEEL text literal holds.
fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return None,
            '\\' => out.push(escaped(&mut characters)?),
            other => out.push(other),
        }
    }
    Some(out)
}

fn escaped(characters: &mut std::str::Chars<'_>) -> Option<char> {
    match characters.next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        same @ ('"' | '\\' | '/' | '\'') => Some(same),
        'u' => hexadecimal(characters, 4),
        'U' => hexadecimal(characters, 6),
        _ => None,
    }
}

fn hexadecimal(characters: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let digits: String = characters.by_ref().take(digits).collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}
