//! Character data with the way back from each of its characters to the file.

use std::fmt;

use dictamen_syntax::Span;

use super::Origin;

/// Text read from a file, without its references and line ends, which still knows where each part of it stood.
/// Two texts are equal where they say the same.
#[derive(Clone, Default)]
pub struct Text {
    /// What it says.
    pub value: String,
    /// The element or attribute that it is the content of.
    pub origin: Origin,
    /// Runs that stand in the file as they stand here.
    runs: Vec<Run>,
}

/// A run that was copied from the file: where it starts here and there, in bytes.
#[derive(Clone, Copy, Debug)]
struct Run {
    here: usize,
    there: usize,
}

impl Text {
    /// A text that was not read from a file.
    pub fn new(value: impl Into<String>) -> Text {
        Text { value: value.into(), ..Text::default() }
    }

    /// A text still empty.
    pub(crate) fn at(origin: Origin) -> Text {
        Text { origin, ..Text::default() }
    }

    /// Where the bytes from `start` up to `end` of the value stood in the file; the element where nobody knows.
    pub fn span(&self, start: usize, end: usize) -> Span {
        match (self.place(start), self.place(end.max(start))) {
            (Some(start), Some(end)) => Span::new(self.origin.span.source, start, end),
            _ => self.origin.span,
        }
    }

    fn place(&self, here: usize) -> Option<usize> {
        let after = self.runs.partition_point(|run| run.here <= here);
        let run = self.runs.get(after.checked_sub(1)?)?;
        run.there.checked_add(here.checked_sub(run.here)?)
    }

    /// Adds content of the file, whose line ends become `\n` (XML 1.0, clause 2.11).
    pub(crate) fn push_content(&mut self, raw: &str, there: usize) {
        self.push_normalised(raw, there, &['\r'], '\n');
    }

    /// Adds a part of an attribute's value, whose line ends and tabs become spaces (XML 1.0, clause 3.3.3).
    pub(crate) fn push_attribute(&mut self, raw: &str, there: usize) {
        self.push_normalised(raw, there, &['\t', '\n', '\r'], ' ');
    }

    /// Adds text with `instead` for each of the `stops`; a carriage return before a line feed gives nothing.
    fn push_normalised(&mut self, raw: &str, there: usize, stops: &[char], instead: char) {
        let mut here = 0_usize;
        for part in raw.split_inclusive(stops) {
            let kept = part.strip_suffix(stops).unwrap_or(part);
            self.push_verbatim(kept, there.saturating_add(here));
            here = here.saturating_add(part.len());
            let before_line_feed = part.ends_with('\r') && raw.as_bytes().get(here) == Some(&b'\n');
            if kept.len() < part.len() && !before_line_feed {
                self.push_decoded(instead, there.saturating_add(here).saturating_sub(1));
            }
        }
    }

    /// Adds a character that stands in another form in the file.
    pub(crate) fn push_decoded(&mut self, character: char, there: usize) {
        self.runs.push(Run { here: self.value.len(), there });
        self.value.push(character);
    }

    fn push_verbatim(&mut self, run: &str, there: usize) {
        if !run.is_empty() {
            self.runs.push(Run { here: self.value.len(), there });
            self.value.push_str(run);
        }
    }
}

/// Space, tab and line ends (XML 1.0, production 3).
pub(crate) fn is_xml_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.value == other.value
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} at {:?}", self.value, self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_knows_its_place() {
        let mut text = Text::default();
        text.push_content("a\r\nb", 10);
        text.push_decoded('<', 14);
        text.push_content("c\rd", 18);
        assert_eq!(text.value, "a\nb<c\nd");
        let there: Vec<u32> = (0..=text.value.len()).map(|here| text.span(here, here).start).collect();
        assert_eq!(there, [10, 12, 13, 14, 18, 19, 20, 21]);
        let mut attribute = Text::default();
        attribute.push_attribute("a\r\n\tb\rc", 0);
        assert_eq!(attribute.value, "a  b c");
        assert_eq!(attribute.span(3, 4), Span::new(Default::default(), 4, 5));
        assert_eq!(Text::new("x").span(0, 1), Span::default());
    }
}
