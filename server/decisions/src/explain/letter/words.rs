//! Dates, numbers and names as people write them.

use dictamen_value::{Date, Language, Number, Type, Value};

/// A date in words: `10 de marzo de 2026`, `10 March 2026`.
pub(super) fn date(date: Date, language: Language) -> String {
    let month = date.month_name(language);
    match language {
        Language::Es => format!("{} de {month} de {}", date.day(), date.year()),
        Language::En => format!("{} {month} {}", date.day(), date.year()),
    }
}

/// A name of the rules as words, with a capital: `valor_uvt` is `Valor uvt`.
pub(super) fn name(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    capital(&last.replace('_', " "))
}

/// The same text with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The same text with a full stop, unless it ends a sentence already.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '?', '!', ':', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// A value of a type in words; none where it has too many parts for a line.
pub(super) fn value(value: &Value, ty: &Type, language: Language) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Number(number) => Some(with_unit(*number, ty)),
        Value::Boolean(true) => Some(if language == Language::Es { "sí" } else { "yes" }.to_owned()),
        Value::Boolean(false) => Some("no".to_owned()),
        Value::Date(day) => Some(date(*day, language)),
        Value::Null => Some(if language == Language::Es { "ninguno" } else { "none" }.to_owned()),
        Value::List(elements) => {
            let of = ty.element().cloned().unwrap_or(Type::Any);
            let shown: Option<Vec<String>> =
                elements.iter().take(ELEMENTS_MAX.saturating_add(1)).map(|one| simple(one, &of, language)).collect();
            shown.filter(|shown| shown.len() <= ELEMENTS_MAX).map(|shown| enumerated(&shown, language))
        }
        Value::Context(_) | Value::Range(_) | Value::Function(_) => None,
        other => Some(other.to_feel()),
    }
}

/// The most elements of a list that are told one by one.
const ELEMENTS_MAX: usize = 12;

fn simple(one: &Value, ty: &Type, language: Language) -> Option<String> {
    if matches!(one, Value::List(_)) { None } else { value(one, ty, language) }
}

fn enumerated(shown: &[String], language: Language) -> String {
    let and = if language == Language::Es { " y " } else { " and " };
    match shown.split_last() {
        None => value(&Value::Null, &Type::Any, language).unwrap_or_default(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{}{and}{last}", others.join(", ")),
    }
}

fn with_unit(number: Number, ty: &Type) -> String {
    let grouped = grouped(&number.to_string());
    let unit = match ty.basic() {
        Type::Number { unit, .. } => unit.to_string(),
        _ => String::new(),
    };
    match unit.as_str() {
        "" => grouped,
        "COP" | "COP/UVT" => match grouped.strip_prefix('-') {
            Some(grouped) => format!("-${grouped}"),
            None => format!("${grouped}"),
        },
        unit => format!("{grouped} {unit}"),
    }
}

/// A number with points between thousands and a comma before decimals, as it is written in Colombia.
fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, decimals) = digits.split_once('.').map_or((digits, ""), |(whole, decimals)| (whole, decimals));
    let mut out = String::from(sign);
    for (position, digit) in whole.chars().enumerate() {
        let left = whole.len().saturating_sub(position);
        if position > 0 && left.checked_rem(3) == Some(0) {
            out.push('.');
        }
        out.push(digit);
    }
    if !decimals.is_empty() {
        out.push(',');
        out.push_str(decimals);
    }
    out
}

/// A text as it sorts among others: numbers by their size, letters whatever their capitals.
pub(super) fn sort_key(text: &str) -> Vec<(u8, u64, String)> {
    let mut key: Vec<(u8, u64, String)> = Vec::new();
    for letter in text.to_lowercase().chars() {
        match (letter.to_digit(10), key.last_mut()) {
            (Some(digit), Some((0, number, _))) => *number = number.saturating_mul(10).saturating_add(digit.into()),
            (Some(digit), _) => key.push((0, digit.into(), String::new())),
            (None, Some((1, _, word))) => word.push(letter),
            (None, _) => key.push((1, 0, letter.to_string())),
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_people_write_them() {
        for (number, expected) in [("1500000", "1.500.000"), ("-1234.5", "-1.234,5"), ("999", "999"), ("0.25", "0,25")]
        {
            assert_eq!(grouped(number), expected);
        }
        let day = Date::parse("2026-08-12").unwrap();
        assert_eq!(date(day, Language::Es), "12 de agosto de 2026");
        assert_eq!(date(day, Language::En), "12 August 2026");
        assert_eq!(name("comun.uvt.valor_uvt"), "Valor uvt");
        assert_eq!(sentence("Así"), "Así.");
        assert_eq!(sentence("¿Así?"), "¿Así?");
    }

    #[test]
    fn norms_sort_by_their_numbers() {
        let mut norms = ["ET art. 437", "ET art. 20", "Decreto 1165/2019", "ET art. 437-2"];
        norms.sort_by_key(|norm| sort_key(norm));
        assert_eq!(norms, ["Decreto 1165/2019", "ET art. 20", "ET art. 437", "ET art. 437-2"]);
    }
}
