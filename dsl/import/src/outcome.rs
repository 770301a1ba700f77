//! What comes of reading a file: what could be read, and everything that is wrong with it.

use dictamen_syntax::{Diagnostic, Severity, Source, Span};
use dictamen_value::Message;

use crate::xml::{Limits, Origin};

/// What was read, with the problems found on the way.
#[derive(Clone, Debug)]
pub struct Read<T> {
    /// What could be read; `None` where the file is no XML or of another format. Where there are errors it is not
    /// whole.
    pub value: Option<T>,
    /// Errors and warnings in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// The decoded text, in which the spans count.
    pub source: Source,
}

impl<T> Read<T> {
    /// Whether there are errors.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// What was read, where there is nothing wrong with it but warnings.
    pub fn whole(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| !self.has_errors())
    }

    /// Nothing was read.
    pub(crate) fn refused(source: Source, problem: Diagnostic) -> Read<T> {
        Read { value: None, diagnostics: vec![problem], source }
    }
}

/// Problems that are found on the way, up to a number.
#[derive(Debug)]
pub(crate) struct Problems {
    found: Vec<Diagnostic>,
    allowed: usize,
    /// Where the first problem too many is.
    beyond: Option<Span>,
}

impl Problems {
    /// None yet.
    pub(crate) fn new(limits: &Limits) -> Problems {
        Problems { found: Vec::new(), allowed: limits.diagnostics, beyond: None }
    }

    /// Adds a problem at a place, with the way to it.
    pub(crate) fn add(&mut self, origin: &Origin, problem: Diagnostic) {
        if self.found.len() >= self.allowed {
            self.beyond = self.beyond.or(Some(origin.span));
            return;
        }
        let path = Message::same(origin.path.to_string());
        self.found.push(problem.with_related(origin.span, path));
    }

    /// All of them in the order of the file.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|problem| problem.span.start);
        if let Some(span) = self.beyond {
            let allowed = self.allowed;
            let message = Message::new(
                format!("hay más de {allowed} problemas; los demás no se muestran"),
                format!("there are more than {allowed} problems; the others are not shown"),
            );
            self.found.push(Diagnostic::error("dmn.demasiados-problemas", span, message));
        }
        self.found
    }
}
