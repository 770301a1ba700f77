//! Texts: from the characters between quotes to the text that they stand for.

use super::cursor::Parser;
use crate::problem;
use crate::token::{Token, TokenKind};
use crate::tree::{Expr, ExprKind};

impl Parser<'_, '_> {
    /// The string under the cursor as an expression.
    pub(super) fn text_literal(&mut self) -> Expr {
        let span = self.span_here();
        let text = self.take_text().unwrap_or_default();
        Expr { kind: ExprKind::Text(text), span }
    }

    /// Takes the string under the cursor, unescaped, if one stands there.
    pub(super) fn take_text(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| matches!(token.kind, TokenKind::Text | TokenKind::OpenText))?;
        let text = self.unescaped(token);
        self.bump();
        Some(text)
    }

    /// `@"…"`, or a bare date where one may stand.
    pub(super) fn temporal_literal(&mut self, token: Token) -> Expr {
        let span = self.span_here();
        let text = self.text_of(token);
        let kind = if token.kind == TokenKind::At {
            ExprKind::At(self.unescaped(token))
        } else {
            ExprKind::At(text.to_owned())
        };
        if token.kind == TokenKind::Date && !self.bare_dates {
            self.note(problem::bare_date(span, text));
        }
        self.bump();
        Expr { kind, span }
    }

    /// What a string token stands for; says which escapes mean nothing.
    pub(super) fn unescaped(&mut self, token: Token) -> String {
        let written = self.text_of(token);
        let opened = written.trim_start_matches(['@', ' ']);
        let inner = opened.strip_prefix('"').unwrap_or(opened);
        let offset = written.len().saturating_sub(inner.len());
        let closed = token.kind != TokenKind::OpenText;
        let inner = if closed { inner.strip_suffix('"').unwrap_or(inner) } else { inner.trim_end() };
        let (text, wrong) = unescape(inner);
        let wrong = if self.session.names.is_native() { Vec::new() } else { wrong };
        for (at, escape) in wrong {
            let start = token.start as usize;
            let start = start.saturating_add(offset).saturating_add(at);
            let span = self.session.span(start, start.saturating_add(escape.len()));
            self.session.push(problem::bad_escape(span, &escape));
        }
        text
    }
}

/// The text that the characters between quotes stand for, and the escapes that mean nothing, with their places.
fn unescape(inner: &str) -> (String, Vec<(usize, String)>) {
    let mut text = String::with_capacity(inner.len());
    let mut wrong = Vec::new();
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let taken = match escape(after) {
            Some((letter, taken)) => {
                text.push(letter);
                taken
            }
            None => {
                text.push('\\');
                let at = inner.len().saturating_sub(after.len()).saturating_sub(1);
                wrong.push((at, format!("\\{}", after.chars().next().map(String::from).unwrap_or_default())));
                0
            }
        };
        rest = after.get(taken..).unwrap_or_default();
    }
    text.push_str(rest);
    (text, wrong)
}

/// The character that an escape stands for, and the bytes it takes after the backslash.
fn escape(after: &str) -> Option<(char, usize)> {
    let letter = match after.chars().next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'u' => return unicode(after),
        'U' => return hex(after, 6).and_then(char::from_u32).map(|letter| (letter, 7)),
        same @ ('"' | '\'' | '\\' | '|') => same,
        _ => return None,
    };
    Some((letter, 1))
}

/// `uXXXX`, or two of them that are a surrogate pair.
fn unicode(after: &str) -> Option<(char, usize)> {
    let high = hex(after, 4)?;
    if let Some(letter) = char::from_u32(high) {
        return Some((letter, 5));
    }
    let low = hex(after.get(5..)?.strip_prefix('\\').filter(|rest| rest.starts_with('u'))?, 4)?;
    let units = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
    let letter = char::decode_utf16(units).next()?.ok()?;
    Some((letter, 11))
}

/// The number that `digits` hexadecimal digits after the first letter stand for.
fn hex(after: &str, digits: usize) -> Option<u32> {
    let text = after.get(1..digits.saturating_add(1))?;
    text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(text, 16).ok())?
}

/// Whether a token is a date or time, bare or not.
pub(super) fn is_date_like(kind: Option<TokenKind>) -> bool {
    matches!(kind, Some(TokenKind::At | TokenKind::Date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_characters() {
        for (inner, expected) in [
            (r"a\n\t\r\\", "a\n\t\r\\"),
            (r#"\"x\'"#, "\"x'"),
            (r"\u00F1\U01F40E", "ñ🐎"),
            (r"\uD83D\uDC0E", "🐎"),
            (r"a\|b", "a|b"),
        ] {
            assert_eq!(unescape(inner), (expected.to_owned(), Vec::new()), "{inner}");
        }
    }

    #[test]
    fn an_escape_that_means_nothing_stays_and_is_told() {
        for (inner, at, escape) in [(r"[0-9]\d", 5, r"\d"), (r"\u12", 0, r"\u"), (r"ñ\uD83D", 2, r"\u")] {
            assert_eq!(unescape(inner), (inner.to_owned(), vec![(at, escape.to_owned())]), "{inner}");
        }
    }
}
