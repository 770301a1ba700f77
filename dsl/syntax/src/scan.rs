//! Cuts plain text into the tokens that the grammar gives, byte by byte; where it meets anything rarer it leaves all to the grammar.

use crate::token::{TokenKind, symbol};

/// Two signs that are one symbol.
const PAIRS: [&[u8]; 11] = [b"<=", b">=", b"->", b"..", b"**", b"!=", b"==", b"=>", b"=<", b"<>", b"&&"];

/// What is found from a position on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Found {
    /// A token that ends before this byte.
    Token(TokenKind, usize),
    /// A line break, which takes one byte.
    Newline,
    /// The end of the text.
    End,
    /// Something that only the grammar tells: comments, letters beyond ASCII outside strings, dates, what is not closed.
    Rare,
}

/// Where the next token starts, and what it is.
pub(crate) fn next(text: &str, from: usize) -> (usize, Found) {
    let bytes = text.as_bytes();
    let start = from.saturating_add(count(bytes, from, |byte| matches!(byte, b' ' | b'\t' | b'\r')));
    let Some(first) = bytes.get(start).copied() else { return (start, Found::End) };
    let found = match first {
        b'\n' => Found::Newline,
        b'|' => stroke(bytes, start),
        b'"' => closed_text(TokenKind::Text, bytes, start),
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => name(bytes, start),
        b'0'..=b'9' => number(bytes, start),
        b'.' if is_digit(bytes, start.saturating_add(1)) => fraction(bytes, start),
        b'@' => at(bytes, start),
        _ => sign(text, start),
    };
    (start, found)
}

/// How many bytes from a position on are such.
fn count(bytes: &[u8], from: usize, is_such: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(|byte| !is_such(*byte)).unwrap_or(rest.len())
}

fn digits(bytes: &[u8], from: usize) -> usize {
    count(bytes, from, |byte| byte.is_ascii_digit())
}

fn is_digit(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(u8::is_ascii_digit)
}

fn stroke(bytes: &[u8], start: usize) -> Found {
    let double = bytes.get(start.saturating_add(1)) == Some(&b'|');
    let (text, length) = if double { ("||", 2) } else { ("|", 1) };
    Found::Token(TokenKind::Symbol(symbol(text)), start.saturating_add(length))
}

/// A string that opens at a quote and is closed on its line.
fn closed_text(kind: TokenKind, bytes: &[u8], quote: usize) -> Found {
    let mut end = quote.saturating_add(1);
    loop {
        end = end.saturating_add(count(bytes, end, |byte| !matches!(byte, b'"' | b'\\' | b'\n')));
        match bytes.get(end) {
            Some(b'"') => return Found::Token(kind, end.saturating_add(1)),
            Some(b'\\') if !matches!(bytes.get(end.saturating_add(1)), None | Some(b'\n')) => {
                end = end.saturating_add(2)
            }
            _ => return Found::Rare,
        }
    }
}

fn at(bytes: &[u8], start: usize) -> Found {
    let after = start.saturating_add(1);
    let quote = after.saturating_add(count(bytes, after, |byte| byte == b' '));
    if bytes.get(quote) == Some(&b'"') { closed_text(TokenKind::At, bytes, quote) } else { Found::Rare }
}

fn name(bytes: &[u8], start: usize) -> Found {
    let end = start.saturating_add(count(bytes, start, |byte| byte.is_ascii_alphanumeric() || byte == b'_'));
    if bytes.get(end).is_some_and(|byte| !byte.is_ascii()) { Found::Rare } else { Found::Token(TokenKind::Name, end) }
}

fn number(bytes: &[u8], start: usize) -> Found {
    let whole = digits(bytes, start);
    let end = start.saturating_add(whole);
    let may_be_date = whole == 4 && bytes.get(end) == Some(&b'-') && is_digit(bytes, end.saturating_add(1));
    match bytes.get(end) {
        _ if may_be_date => Found::Rare,
        Some(b'.') if is_digit(bytes, end.saturating_add(1)) => fraction(bytes, end),
        _ => exponent(bytes, end),
    }
}

/// What stands from the decimal point on.
fn fraction(bytes: &[u8], point: usize) -> Found {
    let from = point.saturating_add(1);
    exponent(bytes, from.saturating_add(digits(bytes, from)))
}

/// The exponent after the digits that end here, if there is one.
fn exponent(bytes: &[u8], end: usize) -> Found {
    let number = |end: usize| Found::Token(TokenKind::Number, end);
    if !matches!(bytes.get(end), Some(b'e' | b'E')) {
        return number(end);
    }
    let after = end.saturating_add(1);
    let signed = after.saturating_add(usize::from(matches!(bytes.get(after), Some(b'+' | b'-'))));
    match digits(bytes, signed) {
        0 => number(end),
        count => number(signed.saturating_add(count)),
    }
}

fn sign(text: &str, start: usize) -> Found {
    let bytes = text.as_bytes();
    let two = bytes.get(start..start.saturating_add(2)).unwrap_or_default();
    let length = match bytes.get(start).copied().unwrap_or_default() {
        _ if PAIRS.contains(&two) => 2,
        b'/' if matches!(two, b"//" | b"/*") => return Found::Rare,
        b'('..=b'/' | b':'..=b'?' | b'[' | b']' | b'{' | b'}' | b'\'' | b'!' | b'#' => 1,
        _ => return Found::Rare,
    };
    let end = start.saturating_add(length);
    Found::Token(TokenKind::Symbol(symbol(text.get(start..end).unwrap_or_default())), end)
}
