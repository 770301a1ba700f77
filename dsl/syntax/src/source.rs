//! Where things were written: spans, and the sources that turn them into line:column, `Sheet!B17` or an XML path.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Which source of a set: its position there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceId(pub u32);

/// A stretch of one source: bytes from `start` up to `end` of a text, positions in the table of places of other formats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The source.
    pub source: SourceId,
    /// Where it starts.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

impl Span {
    /// A stretch of a source.
    pub fn new(source: SourceId, start: usize, end: usize) -> Span {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { source, start: clamp(start), end: clamp(end) }
    }

    /// From the start of this to the end of the other.
    pub fn to(self, other: Span) -> Span {
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One source: its name for people and its text.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    lines: Vec<u32>,
    is_markup: bool,
}

/// A position as people name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Place {
    /// Line and column of a text, both from 1; columns count characters.
    Text {
        /// The file.
        file: Arc<str>,
        /// Line, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
    },
}

impl Source {
    /// A text under the name that messages show.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Source {
        let text = text.into();
        let after_breaks = text.bytes().zip(1u32..).filter_map(|(byte, next)| (byte == b'\n').then_some(next));
        let lines = std::iter::once(0).chain(after_breaks).collect();
        Source { name: name.into(), text, lines, is_markup: false }
    }

    /// A text in XML: what people read of it has characters where it has references.
    pub fn markup(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Source {
        Source { is_markup: true, ..Source::new(name, text) }
    }

    /// The name that messages show.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The text of a span; empty where the span is not of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The text of a span as people read it.
    pub fn reading(&self, span: Span) -> Cow<'_, str> {
        let text = self.slice(span);
        if self.is_markup && text.contains(['&', '<']) { without_references(text).into() } else { text.into() }
    }

    /// Where a span starts, as people name it.
    pub fn place(&self, span: Span) -> Place {
        let (_, line, column) = self.line_and_column(span, 0);
        Place::Text { file: self.name.clone(), line, column }
    }

    /// The position of the line in which a span starts, and its line and column from 1 as in [`Source::place`]. That line is
    /// looked for first at the position `near` and after it, which spares a search where spans are asked for in order.
    pub fn line_and_column(&self, span: Span, near: usize) -> (usize, u32, u32) {
        let index = self.line_index(span.start, near);
        let start = self.lines.get(index).copied().unwrap_or_default();
        let before = self.text.get(start as usize..span.start as usize).unwrap_or_default();
        let number = |count: usize| u32::try_from(count.saturating_add(1)).unwrap_or(u32::MAX);
        (index, number(index), number(before.chars().count()))
    }

    /// The position of the line that a byte is in.
    fn line_index(&self, byte: u32, near: usize) -> usize {
        let starts_by = |index: usize| self.lines.get(index).is_some_and(|start| *start <= byte);
        let nearby = [near, near.saturating_add(1)];
        let holds = |index: &usize| starts_by(*index) && !starts_by(index.saturating_add(1));
        nearby
            .into_iter()
            .find(holds)
            .unwrap_or_else(|| self.lines.partition_point(|start| *start <= byte).saturating_sub(1))
    }

    /// The whole line in which a span starts, without its line break.
    pub fn line(&self, span: Span) -> &str {
        let start = self.lines.get(self.line_index(span.start, 0)).copied().unwrap_or_default() as usize;
        self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Text { file, line, column } => write!(out, "{file}:{line}:{column}"),
        }
    }
}

/// A text of XML with characters for its references; those that are none stay.
fn without_references(text: &str) -> String {
    let text = text.replace("<![CDATA[", "").replace("]]>", "");
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(';').and_then(|(name, rest)| Some((referred(name)?, rest))) {
            Some((character, rest)) => {
                plain.push(character);
                plain.push_str(rest);
            }
            None => {
                plain.push('&');
                plain.push_str(part);
            }
        }
    }
    plain
}

/// The character that a reference stands for (XML 1.0, clause 4.1).
fn referred(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix('x') {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => digits.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_wherever_it_is_looked_for_first() {
        let source = Source::new("t.regla", "uno\n\nañ o\n");
        for (byte, expected) in
            [(0, (0, 1, 1)), (3, (0, 1, 4)), (4, (1, 2, 1)), (5, (2, 3, 1)), (8, (2, 3, 3)), (11, (3, 4, 1))]
        {
            for near in 0..6 {
                let found = source.line_and_column(Span::new(SourceId(0), byte, byte), near);
                assert_eq!(found, expected, "byte {byte}, near {near}");
            }
        }
    }

    #[test]
    fn xml_is_read_as_its_characters_and_other_text_as_it_is() {
        let text = "&lt;= 18 &amp;&#65;&#x41; &nothing; & <![CDATA[<3]]>";
        let whole = Span::new(SourceId(0), 0, text.len());
        assert_eq!(Source::markup("m.dmn", text).reading(whole), "<= 18 &AA &nothing; & <3");
        assert_eq!(Source::new("t.regla", text).reading(whole), text);
    }
}
