//! DMN documents become rulesets: the trees that `.regla` files give, in `modo dmn`.
//!
//! | DMN | tree |
//! |---|---|
//! | item definition | `tipo` |
//! | import | `usa … como …` |
//! | input data | `entrada` |
//! | decision | `decision`, or `tabla` where its logic is a table |
//! | business knowledge model | `funcion` |
//! | decision service | `servicio` |
//! | boxed context with a result or with typed entries | `sea` lines |
//! | decision table inside another box | a `funcion` of its own, whose parameters are the local names that it uses |
//! | text that is no FEEL | `ilegible "…"` |
//!
//! An element that a decision or function does not require is not in its scope (DMN 1.5, clause 10.4): a text that names
//! it all the same gives null, so its name becomes `ilegible "…"` too.
//!
//! Labels and questions become titles; descriptions, text annotations and comments inside of FEEL texts become notes
//! (comments above rows, fields and entries);
//! knowledge sources legal bases. What rules have no place for stays behind: diagrams, extensions of tools, groups,
//! business context, who decides and who answers for it, and allowed answers.

mod annotations;
mod attributes;
mod calls;
mod circles;
mod contexts;
mod elements;
mod expressions;
mod functions;
mod identifiers;
mod items;
mod iterations;
mod known;
mod library;
mod lifting;
mod locate;
mod mapping;
mod names;
mod outputs;
mod policies;
mod problem;
mod remarks;
mod scope;
mod services;
mod tables;
mod texts;
mod types;

pub(super) use problem::CODES;

use dictamen_syntax::tree::File;
use dictamen_syntax::{Diagnostic, Severity};

use super::model::Definitions;
use crate::outcome::Problems;
use crate::xml::Limits;
use library::Library;
use mapping::Mapping;

/// A ruleset that a document became.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// Its identifier, made from the name of the document; `file` has it in its header.
    pub id: String,
    /// Its tree; spans are of the XML source.
    pub file: File,
}

/// What became of some documents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapped {
    /// One ruleset a document, in the order of the documents.
    pub rules: Vec<Rules>,
    /// What could not be said faithfully, in the order of the documents and in each in the order of its file.
    pub diagnostics: Vec<Diagnostic>,
}

impl Mapped {
    /// Whether there are errors: the rulesets then lack something that the documents have.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Diagnostics of one document.
const DIAGNOSTICS: usize = 1000;

/// Maps documents, which find what they import among each other by its namespace.
pub fn to_rules(documents: &[&Definitions]) -> Mapped {
    let library = Library::new(documents);
    let mut mapped = Mapped::default();
    for position in 0..documents.len() {
        let Some(document) = library.document(position) else { continue };
        let mut problems = Problems::new(&Limits { diagnostics: DIAGNOSTICS, ..Limits::default() });
        let file = Mapping::new(&library, document, &mut problems).file();
        mapped.rules.push(Rules { id: document.ruleset.clone(), file });
        mapped.diagnostics.extend(problems.finish());
    }
    mapped
}
