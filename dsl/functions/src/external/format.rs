//! `String.format`: patterns with `%` and what they are filled with, as `java.util.Formatter` does in the root locale.

use dictamen_value::{Message, Number, Rounding, Value};

use super::text::object_text;

/// The widest field, in characters.
const WIDTH_MAX: usize = 1_000;
/// Decimals where a pattern says no number of them.
const DECIMALS: usize = 6;
/// The most decimals that a pattern may ask for.
const DECIMALS_MAX: usize = 100;

/// `%[argument$][flags][width][.precision]conversion`.
#[derive(Debug, Default)]
struct Field {
    argument: Option<usize>,
    flags: String,
    width: usize,
    precision: Option<usize>,
    conversion: char,
}

/// The pattern, filled.
pub(super) fn format(pattern: &str, arguments: &[Value]) -> Result<String, Message> {
    let mut out = String::new();
    let mut next = 0_usize;
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let (field, after) = read(after).ok_or_else(|| unknown(after))?;
        rest = after;
        match field.conversion {
            'n' => out.push('\n'),
            '%' => out.push_str(&padded(&field, "%".to_owned())),
            _ => {
                let position = field.argument.unwrap_or(next);
                if field.argument.is_none() {
                    next = next.saturating_add(1);
                }
                let value = arguments.get(position).ok_or_else(|| missing(position))?;
                out.push_str(&filled(&field, value)?);
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn read(text: &str) -> Option<(Field, &str)> {
    let mut field = Field::default();
    let (digits, mut rest) = take(text, |c| c.is_ascii_digit());
    match (digits.is_empty(), rest.strip_prefix('$')) {
        (false, Some(after)) => {
            field.argument = Some(digits.parse::<usize>().ok()?.checked_sub(1)?);
            rest = after;
        }
        _ => rest = text,
    }
    let (flags, after) = take(rest, |c| "-#+ 0,(".contains(c));
    field.flags = flags.to_owned();
    let (width, mut after) = take(after, |c| c.is_ascii_digit());
    field.width = if width.is_empty() { 0 } else { width.parse().ok().filter(|width| *width <= WIDTH_MAX)? };
    if let Some(precision) = after.strip_prefix('.') {
        let (digits, remaining) = take(precision, |c| c.is_ascii_digit());
        field.precision = Some(digits.parse().ok().filter(|precision| *precision <= DECIMALS_MAX)?);
        after = remaining;
    }
    let mut characters = after.chars();
    field.conversion = characters.next()?;
    Some((field, characters.as_str()))
}

fn take(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn filled(field: &Field, value: &Value) -> Result<String, Message> {
    let upper = field.conversion.is_ascii_uppercase();
    let text = match (field.conversion.to_ascii_lowercase(), value) {
        ('s', value) => cut(field, object_text(value)),
        ('b', Value::Boolean(boolean)) => cut(field, boolean.to_string()),
        ('b', value) => cut(field, (!value.is_null()).to_string()),
        (_, Value::Null) => cut(field, "null".to_owned()),
        ('c', Value::Text(text)) if text.chars().count() == 1 => text.to_string(),
        ('d', Value::Number(number)) if number.is_integer() => return Ok(number_text(field, *number, 0)),
        ('f', Value::Number(number)) => return Ok(number_text(field, *number, field.precision.unwrap_or(DECIMALS))),
        ('x', Value::Number(number)) => format!("{:x}", whole(field, *number)?),
        ('o', Value::Number(number)) => format!("{:o}", whole(field, *number)?),
        _ => return Err(unsuitable(field, value)),
    };
    Ok(padded(field, if upper { text.to_uppercase() } else { text }))
}

fn whole(field: &Field, number: Number) -> Result<i64, Message> {
    number.to_i64().ok_or_else(|| unsuitable(field, &Value::Number(number)))
}

fn cut(field: &Field, text: String) -> String {
    match field.precision {
        Some(most) => text.chars().take(most).collect(),
        None => text,
    }
}

/// A number with so many decimals, halves away from zero, its sign and groups as the flags say.
fn number_text(field: &Field, number: Number, decimals: usize) -> String {
    let has = |flag: char| field.flags.contains(flag);
    let scale = i32::try_from(decimals).unwrap_or_default();
    let units = number.abs().to_scaled(scale, Rounding::HalfUp);
    let digits = units.map_or_else(|| number.abs().to_string(), |units| fixed(units, decimals));
    let digits = if has(',') { grouped(&digits) } else { digits };
    let (before, after) = match (number.is_negative(), has('('), has('+'), has(' ')) {
        (true, true, _, _) => ("(", ")"),
        (true, false, _, _) => ("-", ""),
        (false, _, true, _) => ("+", ""),
        (false, _, false, true) => (" ", ""),
        (false, _, false, false) => ("", ""),
    };
    let taken = before.len().saturating_add(after.len()).saturating_add(digits.len());
    let zeros = if has('0') { field.width.saturating_sub(taken) } else { 0 };
    padded(field, format!("{before}{}{digits}{after}", "0".repeat(zeros)))
}

fn fixed(units: i128, decimals: usize) -> String {
    if decimals == 0 {
        return units.to_string();
    }
    let least = decimals.saturating_add(1);
    let digits = format!("{units:0>least$}");
    let (whole, decimals) = digits.split_at_checked(digits.len().saturating_sub(decimals)).unwrap_or((&digits, ""));
    format!("{whole}.{decimals}")
}

fn grouped(digits: &str) -> String {
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, decimals)| (whole, Some(decimals)));
    let mut out = String::new();
    for (position, digit) in whole.chars().enumerate() {
        let left = whole.len().saturating_sub(position);
        if position > 0 && left.checked_rem(3) == Some(0) {
            out.push(',');
        }
        out.push(digit);
    }
    match decimals {
        Some(decimals) => format!("{out}.{decimals}"),
        None => out,
    }
}

fn padded(field: &Field, text: String) -> String {
    let missing = " ".repeat(field.width.saturating_sub(text.chars().count()));
    if field.flags.contains('-') { text + &missing } else { missing + &text }
}

fn unknown(after: &str) -> Message {
    let shown: String = after.chars().take(10).collect();
    Message::new(
        format!("el patrón tiene «%{shown}», que no se entiende"),
        format!("the pattern has `%{shown}`, which is not understood"),
    )
}

fn missing(position: usize) -> Message {
    let number = position.saturating_add(1);
    Message::new(
        format!("el patrón pide el valor número {number}, que no se dio"),
        format!("the pattern asks for value number {number}, which was not given"),
    )
}

fn unsuitable(field: &Field, value: &Value) -> Message {
    let kind = value.type_name();
    Message::new(
        format!("%{} no escribe {}", field.conversion, kind.es),
        format!("%{} does not write {}", field.conversion, kind.en),
    )
}
