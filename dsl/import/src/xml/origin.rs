//! Where a piece of a file stood: its bytes, its line and column, and its path through the elements.

use std::fmt;
use std::sync::Arc;

use dictamen_syntax::Span;

/// Where something stood. Two of them are always equal: where a thing stood is no part of what it says, so that models
/// read from different layouts can be compared.
#[derive(Clone, Default)]
pub struct Origin {
    /// Its bytes in the decoded text of the file.
    pub span: Span,
    /// Line, from 1; 0 for what was not read from a file.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The way to it through the elements.
    pub path: Path,
}

/// The way to an element or attribute, written like an XPath: `/definitions/decision[@name='X']/literalExpression`.
#[derive(Clone, Default)]
pub struct Path(Option<Arc<Step>>);

struct Step {
    parent: Path,
    text: Box<str>,
}

/// Characters of a name that a step shows.
const SHOWN_CHARACTERS: usize = 60;

impl Path {
    /// The path of a child: the local name of its element, told apart by its `name` or else by its number among those
    /// of the same kind (from 1; the first has none).
    pub(crate) fn child(&self, element: &str, name: Option<&str>, number: u32) -> Path {
        let element = shorten(element);
        let text = match (name, number) {
            (Some(name), _) => format!("{element}[@name='{}']", shorten(name)),
            (None, 0 | 1) => element,
            (None, number) => format!("{element}[{number}]"),
        };
        self.step(text)
    }

    /// The path of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Path {
        self.step(format!("@{}", shorten(name)))
    }

    fn step(&self, text: String) -> Path {
        Path(Some(Arc::new(Step { parent: self.clone(), text: text.into() })))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(step) => write!(out, "{}/{}", step.parent, step.text),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl PartialEq for Origin {
    fn eq(&self, _: &Origin) -> bool {
        true
    }
}

impl Eq for Origin {}

impl fmt::Debug for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{} {}", self.line, self.column, self.path)
    }
}

fn shorten(name: &str) -> String {
    let plain = |character: char| if character.is_control() { ' ' } else { character };
    let mut short: String = name.chars().take(SHOWN_CHARACTERS).map(plain).collect();
    if name.chars().nth(SHOWN_CHARACTERS).is_some() {
        short.push('…');
    }
    short
}
