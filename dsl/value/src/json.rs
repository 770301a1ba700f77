//! Values as JSON: compact and deterministic, so that equal values give equal bytes.

use std::io::Write;

use crate::digits::eight_digits;
use crate::{Context, Date, Value};

impl Value {
    /// Appends compact JSON: contexts in their order, numbers in canonical text, dates, times and durations as ISO 8601
    /// strings, ranges as strings with their FEEL text, functions as null.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        self.write(out, Order::AsWritten);
    }

    /// The same with the names of contexts sorted by code point, so that equal contexts give equal bytes.
    pub fn write_canonical_json(&self, out: &mut Vec<u8>) {
        self.write(out, Order::ByName);
    }

    /// Compact JSON as a text; see [`Value::write_json`].
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        self.write_json(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    fn write(&self, out: &mut Vec<u8>, order: Order) {
        match self {
            Value::Null | Value::Function(_) => out.extend_from_slice(b"null"),
            Value::Boolean(true) => out.extend_from_slice(b"true"),
            Value::Boolean(false) => out.extend_from_slice(b"false"),
            Value::Number(number) => number.write_to(out),
            Value::Text(text) => write_string(out, text),
            Value::Date(date) => write_date(out, *date),
            Value::Time(time) => write_quoted(out, time),
            Value::DateTime(moment) => write_quoted(out, moment),
            Value::DaysDuration(duration) => write_quoted(out, duration),
            Value::MonthsDuration(duration) => write_quoted(out, duration),
            Value::Range(range) => write_string(out, &range.to_string()),
            Value::List(elements) => write_list(out, elements, order),
            Value::Context(context) => write_context(out, context, order),
        }
    }
}

/// Appends a text as a JSON string: the bytes that [`Value::write_json`] gives.
pub fn write_text(text: &str, out: &mut Vec<u8>) {
    write_string(out, text);
}

/// In which order the entries of contexts are written.
#[derive(Clone, Copy)]
enum Order {
    AsWritten,
    ByName,
}

fn write_plain(out: &mut Vec<u8>, value: &impl std::fmt::Display) {
    // Writing to memory cannot fail.
    let _ = write!(out, "{value}");
}

/// Writes what never needs escapes.
fn write_quoted(out: &mut Vec<u8>, value: &impl std::fmt::Display) {
    out.push(b'"');
    write_plain(out, value);
    out.push(b'"');
}

fn write_date(out: &mut Vec<u8>, date: Date) {
    let Some(year) = u64::try_from(date.year()).ok().filter(|year| *year < 10_000) else {
        return write_quoted(out, &date);
    };
    let packed = year.wrapping_mul(10_000).wrapping_add(u64::from(date.month()).wrapping_mul(100));
    let [a, b, c, d, e, f, g, h] = eight_digits(packed.wrapping_add(u64::from(date.day())));
    out.extend_from_slice(&[b'"', a, b, c, d, b'-', e, f, b'-', g, h, b'"']);
}

fn write_list(out: &mut Vec<u8>, elements: &[Value], order: Order) {
    out.push(b'[');
    for (position, element) in elements.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        element.write(out, order);
    }
    out.push(b']');
}

fn write_context(out: &mut Vec<u8>, context: &Context, order: Order) {
    let mut entries: Vec<_> = context.entries().collect();
    if matches!(order, Order::ByName) {
        entries.sort_by_key(|(name, _)| *name);
    }
    out.push(b'{');
    for (position, (name, value)) in entries.into_iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write_string(out, name);
        out.push(b':');
        value.write(out, order);
    }
    out.push(b'}');
}

fn write_string(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len().saturating_add(2));
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some((plain, escaped, after)) = split_at_escape(rest) {
        out.extend_from_slice(plain);
        write_escape(out, escaped);
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// What stands before the first byte that needs an escape, that byte, and what follows it.
fn split_at_escape(text: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let (words, _) = text.as_chunks::<8>();
    let plain = words.iter().take_while(|word| !word_needs_escape(u64::from_le_bytes(**word))).count();
    let (plain, rest) = text.split_at_checked(plain.saturating_mul(8))?;
    let further = rest.iter().position(|byte| needs_escape(*byte))?;
    let (before, after) = text.split_at_checked(plain.len().saturating_add(further))?;
    let (escaped, after) = after.split_first()?;
    Some((before, *escaped, after))
}

fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Whether any of eight bytes needs an escape: subtracting borrows the highest bit of a byte that is less.
fn word_needs_escape(word: u64) -> bool {
    const ONES: u64 = u64::from_le_bytes([0x01; 8]);
    let quotes = word ^ u64::from_le_bytes([b'"'; 8]);
    let backslashes = word ^ u64::from_le_bytes([b'\\'; 8]);
    let controls = word.wrapping_sub(u64::from_le_bytes([0x20; 8])) & !word;
    let quotes = quotes.wrapping_sub(ONES) & !quotes;
    let backslashes = backslashes.wrapping_sub(ONES) & !backslashes;
    (controls | quotes | backslashes) & (ONES << 7) != 0
}

fn write_escape(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0x08 => out.extend_from_slice(b"\\b"),
        0x0C => out.extend_from_slice(b"\\f"),
        _ => {
            // Writing to memory cannot fail.
            let _ = write!(out, "\\u{byte:04x}");
        }
    }
}
