//! Why a decision came out as it did, for people in their language and as JSON for programs.

pub(crate) mod letter;
mod text;

use dictamen_core::Explanation;
use dictamen_value::Language;
use serde::Serialize;

use crate::trace::{DecisionTrace, Head};

pub use letter::{Doubt, Explained, Figure, Letter, Named, Reason, Written};

/// An explanation, with the trace it is of where there is one.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    explanation: &'a Explanation,
    head: Option<&'a Head>,
}

#[derive(Serialize)]
struct Document<'a> {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<&'a Head>,
    #[serde(flatten)]
    explanation: &'a Explanation,
}

impl<'a> Report<'a> {
    /// A report of an explanation.
    pub fn new(explanation: &'a Explanation) -> Report<'a> {
        Report { explanation, head: None }
    }

    /// The same, of a recorded decision.
    #[must_use]
    pub fn with_trace(self, trace: &'a DecisionTrace) -> Report<'a> {
        Report { head: Some(&trace.head), ..self }
    }

    /// Sentences for people.
    pub fn text(&self, language: Language) -> String {
        text::write(self.explanation, self.head, language)
    }

    /// JSON text: the sentences, the trace's head, and every decision, row, cell and parameter; numbers digit by digit.
    pub fn json(&self, language: Language) -> String {
        let document = Document { text: self.text(language), trace: self.head, explanation: self.explanation };
        serde_json::to_string(&document).unwrap_or_default()
    }
}
