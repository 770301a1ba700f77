//! Rulesets become DMN 1.5 documents: the inverse of [`super::to_rules`].
//!
//! | tree | DMN |
//! |---|---|
//! | ruleset | document; its identifier is the name, its title the label |
//! | `usa … como …` | import |
//! | `tipo`, and a type without a name where DMN needs one | item definition |
//! | `entrada`, and `fecha_decision` where it is read | input data |
//! | `decision` | decision: a literal expression, or a boxed one where a part says its type; a context with a result for `sea` |
//! | `tabla` | decision with a decision table |
//! | `funcion` | business knowledge model, with parameters for the inputs and decisions that it reads |
//! | `parametro` | business knowledge model over the date |
//! | `servicio` | decision service |
//! | `base_legal` | knowledge source that decisions and functions rest on |
//! | `titulo`; `nota` and the like | label; description |
//! | `caso`, comments above blocks, units, absence, since when a value is known | lost, and told |

mod attributes;
mod boxes;
mod closures;
mod completion;
mod document;
mod fields;
mod ids;
mod losses;
mod or_else;
mod parameters;
mod requirements;
mod rewrite;
mod rulesets;
mod tables;
mod types;

pub(super) use losses::CODES;
pub(super) use types::WHOLE;

use dictamen_syntax::tree::File;
use dictamen_syntax::{Diagnostic, Severity};

use super::model::Definitions;
use closures::Closures;
use document::Document;
use rulesets::Rulesets;

/// What became of some rulesets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exported {
    /// One document a ruleset, in the order in which they were given, without diagrams ([`super::lay_out`] makes one).
    pub documents: Vec<Definitions>,
    /// What is lost in them: for each document one diagnostic a kind of loss, with its first places.
    pub diagnostics: Vec<Diagnostic>,
}

impl Exported {
    /// Whether there are errors: the documents then mean something else than the rulesets.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Rulesets as DMN documents, which refer to each other where one imports another. Files with one identifier are one
/// ruleset; files of cases alone are left out. `namespace_of` gives the namespace of the document of a ruleset by its
/// identifier ([`namespace_of`] unless it came from DMN and has one).
pub fn from_rules(files: &[&File], namespace_of: &dyn Fn(&str) -> String) -> Exported {
    let rulesets = Rulesets::of(files, namespace_of);
    let closures = Closures::of_rulesets(&rulesets);
    let mut exported = Exported::default();
    for here in 0..rulesets.sets.len() {
        if let Some((document, diagnostics)) = Document::new(&rulesets, here, &closures).finished() {
            exported.documents.push(document);
            exported.diagnostics.extend(diagnostics);
        }
    }
    exported
}

/// The namespace of the document of a ruleset, from its identifier: `urn:dictamen:reglas:rut.iva`.
pub fn namespace_of(ruleset: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let encoded = ruleset.chars().map(|letter| {
        let mut bytes = [0_u8; 4];
        match letter {
            letter if plain(letter) => letter.to_string(),
            letter => letter.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect(),
        }
    });
    format!("urn:dictamen:reglas:{}", encoded.collect::<String>())
}
