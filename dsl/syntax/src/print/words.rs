//! Names, strings and dates as they are written.

use crate::keyword::FEEL_WORDS;
use crate::names::FEEL_NAMES;
use crate::parse::is_feel_name;
use crate::token::{TokenKind, Tokens};

/// A string between quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// How names with spaces are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// In back-quotes.
    Quotes,
    /// As they are, as DMN does.
    Native,
}

/// A name where a value stands; those of FEEL need no back-quotes.
pub(super) fn reference(name: &str, quoting: Quoting) -> String {
    if FEEL_NAMES.contains(&name) { name.to_owned() } else { declared(name, quoting) }
}

/// A name where it is introduced.
pub(super) fn declared(name: &str, quoting: Quoting) -> String {
    if is_plain(name) || quoting == Quoting::Native {
        name.to_owned()
    } else {
        format!("`{}`", name.replace('`', "``"))
    }
}

/// The name of an entry or a named argument.
pub(super) fn key(name: &str, quoting: Quoting) -> String {
    let unsayable = match quoting {
        Quoting::Quotes => name.is_empty() || name.contains(char::is_control),
        Quoting::Native => !is_feel_name(name),
    };
    if unsayable { quoted(name) } else { declared(name, quoting) }
}

/// A name whose parts are joined by dots.
pub(super) fn qualified(name: &str) -> String {
    if name.split('.').any(str::is_empty) {
        return declared(name, Quoting::Quotes);
    }
    let parts = name.split('.').map(|part| declared(part, Quoting::Quotes));
    parts.collect::<Vec<_>>().join(".")
}

/// Whether a name is one word that is no word of FEEL.
pub(super) fn is_plain(name: &str) -> bool {
    is_single(name, TokenKind::Name) && !FEEL_WORDS.contains(&name)
}

/// Whether a text reads as a date without quotes.
pub(super) fn is_bare_date(text: &str) -> bool {
    is_single(text, TokenKind::Date)
}

fn is_single(text: &str, kind: TokenKind) -> bool {
    let tokens = Tokens::of(text, 0, text.len());
    matches!(tokens.tokens.as_slice(), [token] if token.kind == kind && token.end as usize == text.len() && token.start == 0)
}
