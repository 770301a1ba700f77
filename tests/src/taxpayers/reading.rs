//! Answers as a person reads them: JSON without its signs, a field a line, indented; what is empty is left out.

use serde_json::Value;

/// The text of an answer.
pub fn readable(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}

fn write(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(_, value)| !is_empty(value)) {
                field(name, value, depth, text);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| self::element(element, depth, text)),
        plain => line(&self::plain(plain), depth, text),
    }
}

fn field(name: &str, value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(_) | Value::Array(_) => {
            line(&format!("{name}:"), depth, text);
            write(value, depth + 1, text);
        }
        plain => line(&format!("{name}: {}", self::plain(plain)), depth, text),
    }
}

/// An element of a list: a dash, and its fields below one another.
fn element(value: &Value, depth: usize, text: &mut String) {
    let mut inner = String::new();
    write(value, depth + 1, &mut inner);
    let indent = "  ".repeat(depth);
    let rest = inner.get(indent.len() + 2..).unwrap_or_default();
    text.push_str(&format!("{indent}- {rest}"));
}

fn line(content: &str, depth: usize, text: &mut String) {
    text.push_str(&"  ".repeat(depth));
    text.push_str(content);
    text.push('\n');
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "sí".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_stand_below_one_another_and_empty_ones_nowhere() {
        let answer = json!({ "codigos": ["05", "48"], "nada": [], "vacio": null, "razones": [{ "motivo": "a", "aplica": true, "n": 1.5 }] });
        assert_eq!(
            readable(&answer),
            "codigos:\n  - 05\n  - 48\nrazones:\n  - motivo: a\n    aplica: sí\n    n: 1.5\n"
        );
    }
}
