//! What came of one row.

use dictamen_core::{FactError, Failure};
use dictamen_value::{Language, Value};

use crate::decider::Decider;

/// A row that was evaluated.
pub struct Row<'r> {
    /// Its number, from 1.
    pub number: u64,
    pub(crate) given: &'r [u8],
    pub(crate) made: &'r Made,
    pub(crate) decider: &'r Decider<'r>,
}

/// Why a row has no outcome.
#[derive(Clone, Copy, Debug)]
pub enum Undecided<'r> {
    /// It could not be decided.
    Failed(&'r Failure),
    /// Its facts do not fit what the decision needs: at least one error.
    Refused(&'r [FactError]),
}

pub(crate) enum Made {
    Outcome(Value),
    Failed(Failure),
    Refused(Vec<FactError>),
}

impl Row<'_> {
    /// The facts as they were given, as JSON.
    pub fn given(&self) -> &[u8] {
        self.given
    }

    /// The outcome, or why there is none.
    pub fn outcome(&self) -> Result<&Value, Undecided<'_>> {
        match self.made {
            Made::Outcome(outcome) => Ok(outcome),
            Made::Failed(failure) => Err(Undecided::Failed(failure)),
            Made::Refused(errors) => Err(Undecided::Refused(errors)),
        }
    }

    /// Appends the facts: the canonical JSON of those that were read, or what was given where they could not be.
    pub fn write_facts(&self, out: &mut Vec<u8>) {
        match self.made {
            Made::Refused(_) => out.extend_from_slice(self.given),
            _ => self.decider.write_facts(out),
        }
    }
}

impl Undecided<'_> {
    /// The kind of it, stable: that of the failure, or of the first error of the facts.
    pub fn code(&self) -> &str {
        match self {
            Undecided::Failed(failure) => &failure.code,
            Undecided::Refused(errors) => errors.first().map(|error| error.code).unwrap_or_default(),
        }
    }

    /// What happened, where and what to do, on one line.
    pub fn text(&self, language: Language) -> String {
        match self {
            Undecided::Failed(failure) => {
                let place = failure.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
                format!("{}{place}", failure.message.text(language))
            }
            Undecided::Refused(errors) => {
                let texts = errors.iter().map(|error| format!("{}: {}", column(error), error.message.text(language)));
                texts.collect::<Vec<_>>().join("; ")
            }
        }
    }
}

/// The column that an error of facts is in, by its dotted path.
fn column(error: &FactError) -> String {
    let names = error.pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~"));
    names.collect::<Vec<_>>().join(".")
}
