//! Bytes of a file to its text: the size, the encoding and the characters are checked before anything else.

use dictamen_syntax::{Diagnostic, Source, SourceId};

use super::text::is_xml_space;
use super::{Limits, problem};

/// The text of a file, as a source that places can be looked up in, with the problem where it is no text of XML.
pub(crate) fn decode(id: SourceId, name: &str, bytes: &[u8], limits: &Limits) -> (Source, Option<Diagnostic>) {
    if bytes.len() > limits.file_bytes {
        return (Source::markup(name, ""), Some(problem::file_too_large(id, bytes.len(), limits)));
    }
    match text(bytes) {
        Ok(text) | Err(Undecodable::At(text)) if !starts_like_xml(&text) => {
            let start = text.len().saturating_sub(text.trim_start_matches(is_xml_space).len());
            let problem = problem::not_xml(id, start, text.trim_start_matches(is_xml_space));
            (Source::markup(name, text), Some(problem))
        }
        Ok(text) => {
            let bad = text.char_indices().find(|(_, character)| !is_xml_character(*character));
            let bad = bad.map(|(offset, character)| problem::bad_character(id, offset, character));
            (Source::markup(name, text), bad)
        }
        Err(Undecodable::Encoding(encoding)) => (Source::markup(name, ""), Some(problem::encoding(id, &encoding))),
        Err(Undecodable::At(before)) => {
            let problem = problem::bad_bytes(id, before.len());
            (Source::markup(name, before), Some(problem))
        }
    }
}

/// Whether a tag comes first, or nothing at all.
fn starts_like_xml(text: &str) -> bool {
    let text = text.trim_start_matches(is_xml_space);
    text.is_empty() || text.starts_with(['<', '\u{FEFF}'])
}

enum Undecodable {
    /// An encoding that is not read.
    Encoding(String),
    /// Bytes that are not of the encoding, after this text.
    At(String),
}

fn text(bytes: &[u8]) -> Result<String, Undecodable> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [b'<', 0, 0, 0, ..] | [0, 0, 0, b'<', ..] => {
            Err(Undecodable::Encoding("UTF-32".to_owned()))
        }
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'<', 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, b'<', ..] => utf16(bytes, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Undecodable> {
    if let Some(encoding) = declared_encoding(bytes).filter(|encoding| !is_within_utf8(encoding)) {
        return Err(Undecodable::Encoding(encoding));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            Err(Undecodable::At(String::from_utf8_lossy(valid).into_owned()))
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Undecodable> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match decoded {
            Ok(character) => text.push(character),
            Err(_) => return Err(Undecodable::At(text)),
        }
    }
    if rest.is_empty() { Ok(text) } else { Err(Undecodable::At(text)) }
}

/// Bytes among which the encoding is declared, if it is.
const DECLARATION_BYTES: usize = 256;

/// The encoding that the first line names, as it is written.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(bytes.get(..DECLARATION_BYTES.min(bytes.len()))?);
    let (declaration, _) = start.strip_prefix("<?xml")?.split_once("?>")?;
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.split(quote).nth(1).map(str::to_owned)
}

fn is_within_utf8(encoding: &str) -> bool {
    ["utf-8", "utf8", "us-ascii", "ascii"].contains(&encoding.to_ascii_lowercase().as_str())
}

/// Characters of XML 1.0 (production 2).
pub(super) fn is_xml_character(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        other => other >= ' ',
    }
}
