//! XML with two spaces a level: attributes in the order given, empty elements closed at once.

use std::borrow::Cow;

/// Writes elements one inside the other.
#[derive(Debug, Default)]
pub(crate) struct XmlWriter {
    out: String,
    /// Names of the elements that are open.
    open: Vec<String>,
    /// Whether the last start tag still lacks its `>`.
    in_tag: bool,
}

impl XmlWriter {
    /// A writer whose elements stand inside one that is written later.
    pub(crate) fn inside(around: &str) -> XmlWriter {
        XmlWriter { out: String::new(), open: vec![around.to_owned()], in_tag: false }
    }

    /// Starts an element, which may get attributes until something is written inside.
    pub(crate) fn start(&mut self, name: &str) {
        self.end_tag();
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        self.open.push(name.to_owned());
        self.in_tag = true;
    }

    /// An attribute of the element that was just started.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.out.push_str(&escape_attribute(value));
        self.out.push('"');
    }

    /// Ends the innermost element.
    pub(crate) fn end(&mut self) {
        let Some(name) = self.open.pop() else { return };
        if self.in_tag {
            self.out.push_str("/>\n");
            self.in_tag = false;
        } else {
            self.indent();
            self.close(&name);
        }
    }

    /// Ends the element that was just started, with text inside on the same line.
    pub(crate) fn end_with_text(&mut self, text: &str) {
        if text.is_empty() {
            return self.end();
        }
        let Some(name) = self.open.pop() else { return };
        self.in_tag = false;
        self.out.push('>');
        self.out.push_str(&escape_content(text));
        self.close(&name);
    }

    /// A piece of XML that is well formed by itself, on a line of its own.
    pub(crate) fn raw(&mut self, xml: &str) {
        self.end_tag();
        self.indent();
        self.out.push_str(xml);
        self.out.push('\n');
    }

    /// A start tag alone, for content that was written by another writer; closed at once where there is none.
    pub(crate) fn finish_tag(mut self, has_content: bool) -> String {
        self.out.push_str(if has_content { ">\n" } else { "/>\n" });
        self.out
    }

    /// What was written.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    fn end_tag(&mut self) {
        if self.in_tag {
            self.out.push_str(">\n");
            self.in_tag = false;
        }
    }

    fn indent(&mut self) {
        for _ in &self.open {
            self.out.push_str("  ");
        }
    }
}

/// The value of an attribute between double quotes.
pub(crate) fn escape_attribute(value: &str) -> Cow<'_, str> {
    escape(value, |character| match character {
        '"' => Some("&quot;"),
        '\t' => Some("&#9;"),
        '\n' => Some("&#10;"),
        other => reference(other),
    })
}

/// Content of an element.
fn escape_content(text: &str) -> Cow<'_, str> {
    escape(text, reference)
}

fn reference(character: char) -> Option<&'static str> {
    match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#13;"),
        other if super::bytes::is_xml_character(other) => None,
        _ => Some("\u{FFFD}"),
    }
}

fn escape(text: &str, replacement: impl Fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    if !text.contains(|character| replacement(character).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match replacement(character) {
            Some(reference) => escaped.push_str(reference),
            None => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_stand_one_inside_the_other() {
        let mut writer = XmlWriter::inside("root");
        writer.start("a");
        writer.attribute("x", "1 < \"2\"\n");
        writer.start("b");
        writer.end_with_text("p & q\r");
        writer.start("c");
        writer.end();
        writer.raw("<d/>");
        writer.end();
        let expected = "  <a x=\"1 &lt; &quot;2&quot;&#10;\">\n    <b>p &amp; q&#13;</b>\n    <c/>\n    <d/>\n  </a>\n";
        assert_eq!(writer.finish(), expected);
    }
}
