//! What people and programs see: lines or JSON on standard output, progress and complaints on standard error.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use dictamen_value::{Language, Message};
use serde::Serialize;

use crate::json_text;

/// Where a command writes to, and how.
pub(crate) struct Output {
    language: Language,
    json: bool,
    colour: bool,
    out: BufWriter<Stdout>,
}

impl Output {
    /// Standard output; colours only where a person watches and has not refused them (`NO_COLOR`).
    pub(crate) fn new(language: Language, json: bool) -> Output {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let stdout = io::stdout();
        Output { language, json, colour: wanted && stdout.is_terminal(), out: BufWriter::new(stdout) }
    }

    /// The reader's language.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Whether a program reads, and not a person.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Whether colours may be used.
    pub(crate) fn has_colour(&self) -> bool {
        self.colour
    }

    /// One of two texts.
    pub(crate) fn say<'a>(&self, es: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Es => es,
            Language::En => en,
        }
    }

    /// A line.
    pub(crate) fn line(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    /// A message as a line.
    pub(crate) fn message(&mut self, message: &Message) -> io::Result<()> {
        let language = self.language;
        self.line(message.text(language))
    }

    /// Text as it is.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// Bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    /// A JSON document over several lines, for one answer of a command.
    pub(crate) fn document(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value)?;
        self.line(json_text::pretty(&text))
    }

    /// A JSON document on one line, for an answer in a stream of them.
    pub(crate) fn record(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")
    }

    /// Brings what was written to the reader.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// A complaint or a notice for a person, on standard error.
    pub(crate) fn notice(&self, message: &Message) {
        complain(message.text(self.language));
    }
}

/// A line on standard error; where not even that can be written there is nobody left to tell.
pub(crate) fn complain(text: &str) {
    drop(writeln!(io::stderr(), "{text}"));
}
