//! What is wrong, where, and what would mend it.

use dictamen_value::Message;

use crate::Span;

/// A stable name of a kind of problem, such as `sintaxis.caracter` or `tipos.nombre-desconocido`; the manual lists them.
pub type Code = &'static str;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing runs until it is mended.
    Error,
    /// It runs, but is likely not what was meant.
    Warning,
}

/// One problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Its kind.
    pub code: Code,
    /// Where it is.
    pub span: Span,
    /// What is wrong: what was expected, what came.
    pub message: Message,
    /// What would mend it, if we know.
    pub help: Option<Message>,
    /// Other places that it has to do with, each with what they are.
    pub related: Vec<(Span, Message)>,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, span: Span, message: Message) -> Diagnostic {
        Diagnostic { severity: Severity::Error, code, span, message, help: None, related: Vec::new() }
    }

    /// A warning.
    pub fn warning(code: Code, span: Span, message: Message) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// The same with what would mend it.
    pub fn with_help(mut self, help: Message) -> Diagnostic {
        self.help = Some(help);
        self
    }

    /// The same with another place that it has to do with.
    pub fn with_related(mut self, span: Span, message: Message) -> Diagnostic {
        self.related.push((span, message));
        self
    }
}
