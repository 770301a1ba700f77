//! Values as FEEL literals, for messages, explanations and cases.

use std::fmt::{self, Write};

use crate::{Context, FunctionTarget, Range, Value};

impl Value {
    /// The value as a FEEL literal: text in quotes, dates as `date("…")`, contexts as `{a: 1}`.
    pub fn to_feel(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => out.write_str("null"),
            Value::Boolean(boolean) => boolean.fmt(out),
            Value::Number(number) => number.fmt(out),
            Value::Text(text) => write_quoted(text, out),
            Value::Date(date) => write!(out, "date(\"{date}\")"),
            Value::Time(time) => write!(out, "time(\"{time}\")"),
            Value::DateTime(moment) => write!(out, "date and time(\"{moment}\")"),
            Value::DaysDuration(duration) => write!(out, "duration(\"{duration}\")"),
            Value::MonthsDuration(duration) => write!(out, "duration(\"{duration}\")"),
            Value::Range(range) => range.fmt(out),
            Value::List(elements) => write_list(elements, out),
            Value::Context(context) => context.fmt(out),
            Value::Function(function) => function.target.fmt(out),
        }
    }
}

/// `[1..5)`, or `(<5)` and the like where an end is missing.
impl fmt::Display for Range {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let equal = |closed: bool| if closed { "=" } else { "" };
        match (self.low.is_null(), self.high.is_null()) {
            (true, false) => write!(out, "(<{}{})", equal(self.high_closed), self.high),
            (false, true) => write!(out, "(>{}{})", equal(self.low_closed), self.low),
            _ => {
                let (open, close) = (if self.low_closed { '[' } else { '(' }, if self.high_closed { ']' } else { ')' });
                write!(out, "{open}{}..{}{close}", self.low, self.high)
            }
        }
    }
}

/// `{a: 1, "b c": 2}`.
impl fmt::Display for Context {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("{")?;
        for (position, (name, value)) in self.entries().enumerate() {
            out.write_str(if position == 0 { "" } else { ", " })?;
            if is_plain_name(name) { out.write_str(name) } else { write_quoted(name, out) }?;
            write!(out, ": {value}")?;
        }
        out.write_str("}")
    }
}

/// Functions have no literal: this is what messages call them.
impl fmt::Display for FunctionTarget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FunctionTarget::Lambda(_) => out.write_str("function(…)"),
            FunctionTarget::Declared(number) => write!(out, "function #{number}"),
            FunctionTarget::BuiltIn(name) => out.write_str(name),
        }
    }
}

fn write_list(elements: &[Value], out: &mut fmt::Formatter<'_>) -> fmt::Result {
    out.write_str("[")?;
    for (position, element) in elements.iter().enumerate() {
        out.write_str(if position == 0 { "" } else { ", " })?;
        write!(out, "{element}")?;
    }
    out.write_str("]")
}

fn write_quoted(text: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    out.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => out.write_str("\\\""),
            '\\' => out.write_str("\\\\"),
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            control if control.is_control() => write!(out, "\\u{:04X}", u32::from(control)),
            other => out.write_char(other),
        }?;
    }
    out.write_char('"')
}

/// Whether a name can stand without quotes.
fn is_plain_name(name: &str) -> bool {
    const KEYWORDS: [&str; 20] = [
        "and",
        "between",
        "else",
        "every",
        "external",
        "false",
        "for",
        "function",
        "if",
        "in",
        "instance",
        "not",
        "null",
        "of",
        "or",
        "return",
        "satisfies",
        "some",
        "then",
        "true",
    ];
    let starts = name.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    starts && name.chars().all(|part| part.is_alphanumeric() || part == '_') && !KEYWORDS.contains(&name)
}
