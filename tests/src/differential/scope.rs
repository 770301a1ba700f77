//! Names that a generated expression may use, and what they stand for.

use super::choices::Choices;
use super::kinds::{Choice, Kind, Record, Words};

/// A declared function.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// Names and types of its parameters.
    pub parameters: Vec<(String, Kind)>,
    /// What it returns.
    pub result: Kind,
}

/// A name, or a path that starts with one, and its type.
#[derive(Clone, Debug)]
pub struct Known {
    /// As it is written.
    pub text: String,
    /// What it stands for here.
    pub kind: Kind,
    /// Whether a condition around has said that it is present: bodies of functions do not know.
    pub narrowed: bool,
}

/// What the writer of expressions works with.
#[derive(Debug)]
pub struct Writer<'c> {
    /// Where decisions come from.
    pub choices: &'c mut Choices,
    /// The spelling of the file.
    pub words: Words,
    /// Declared records.
    pub records: Vec<Record>,
    /// Declared choices.
    pub options: Vec<Choice>,
    /// Names in scope, innermost last.
    pub scope: Vec<Known>,
    /// Functions declared so far.
    pub functions: Vec<Declared>,
    /// Names of parameters, which may be read at a date.
    pub dated: Vec<(String, Kind)>,
    /// Blocks that what was written needs.
    pub declarations: Vec<String>,
    /// Whether the ruleset is in DMN mode, where any expression may stand anywhere.
    pub dmn: bool,
    names_given: usize,
}

impl<'c> Writer<'c> {
    /// A writer to whom nothing is known yet.
    pub fn new(choices: &'c mut Choices, words: Words) -> Writer<'c> {
        Writer {
            choices,
            words,
            records: Vec::new(),
            options: Vec::new(),
            scope: Vec::new(),
            functions: Vec::new(),
            dated: Vec::new(),
            declarations: Vec::new(),
            dmn: false,
            names_given: 0,
        }
    }

    /// A name that nothing has yet: most are plain, some have accents, some spaces.
    pub fn fresh(&mut self, stem: &str) -> String {
        self.names_given += 1;
        let number = self.names_given;
        match self.choices.below(12) {
            10 => format!("{stem}_año{number}"),
            11 => format!("`{stem} de base {number}`"),
            _ => format!("{stem}{number}"),
        }
    }

    /// Brings a name into scope.
    pub fn know(&mut self, text: &str, kind: Kind) {
        self.scope.push(Known { text: text.into(), kind, narrowed: false });
    }

    /// Says that something in scope is present from here on.
    pub fn narrow(&mut self, text: &str, kind: Kind) {
        self.scope.push(Known { text: text.into(), kind, narrowed: true });
    }

    /// Writes something with names in scope that are forgotten afterwards.
    pub fn within<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.scope.len();
        let written = write(self);
        self.scope.truncate(mark);
        written
    }

    /// Writes the body of a function expression: what is known to be present outside is not known there.
    pub fn in_function<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let outside = self.scope.clone();
        self.scope.retain(|known| !known.narrowed);
        let written = write(self);
        self.scope = outside;
        written
    }

    /// All names that are not hidden by others, and fields of those that are records.
    pub fn visible(&self) -> Vec<Known> {
        let mut visible: Vec<Known> = Vec::new();
        for known in self.scope.iter().rev() {
            self.see(known.clone(), &mut visible, 0);
        }
        visible
    }

    fn see(&self, known: Known, visible: &mut Vec<Known>, depth: usize) {
        if visible.iter().any(|other| other.text == known.text) {
            return;
        }
        let fields = match &known.kind {
            Kind::Record(position) if depth < 2 => self.records[*position].fields.clone(),
            _ => Vec::new(),
        };
        let (text, narrowed) = (known.text.clone(), known.narrowed);
        visible.push(known);
        for (name, kind) in fields {
            self.see(Known { text: format!("{text}.{name}"), kind, narrowed }, visible, depth + 1);
        }
    }

    /// One of the names in scope that may stand where a type is wanted.
    pub fn named(&mut self, wanted: &Kind) -> Option<String> {
        let fitting: Vec<String> =
            self.visible().into_iter().filter(|known| known.kind.fits(wanted)).map(|known| known.text).collect();
        if fitting.is_empty() { None } else { Some(self.choices.pick(&fitting).clone()) }
    }

    /// One of the names in scope of which something holds.
    pub fn any_named(&mut self, accept: impl Fn(&Kind) -> bool) -> Option<(String, Kind)> {
        let fitting: Vec<Known> = self.visible().into_iter().filter(|known| accept(&known.kind)).collect();
        if fitting.is_empty() {
            return None;
        }
        let chosen = self.choices.pick(&fitting);
        Some((chosen.text.clone(), chosen.kind.clone()))
    }

    /// The type as it is written in this file.
    pub fn type_text(&self, kind: &Kind) -> String {
        kind.text(self.words, &self.records, &self.options)
    }
}
