//! What came of one row.

use std::cell::OnceCell;

use dictamen_core::{FactError, Failure};
use dictamen_value::{Language, Value};

use crate::decider::Decider;
use crate::sweep::Sweep;

/// A row that was evaluated.
pub struct Row<'r> {
    /// Its number, from 1.
    pub number: u64,
    pub(crate) from: From<'r>,
}

/// Where a row stands.
pub(crate) enum From<'r> {
    /// By itself: with its facts as they were given, and who decided it.
    One(&'r [u8], &'r Made, &'r Decider<'r>),
    /// Among others that were decided by columns; its outcome as a value, once somebody has asked for it.
    Many(&'r Sweep<'r>, usize, OnceCell<Value>),
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
    /// The facts as they were given, as JSON; nothing where the row was decided by columns.
    pub fn given(&self) -> &[u8] {
        match &self.from {
            From::One(given, ..) => given,
            From::Many(..) => &[],
        }
    }

    /// The outcome, or why there is none.
    pub fn outcome(&self) -> Result<&Value, Undecided<'_>> {
        match &self.from {
            From::One(_, Made::Outcome(outcome), _) => Ok(outcome),
            From::One(_, Made::Failed(failure), _) => Err(Undecided::Failed(failure)),
            From::One(_, Made::Refused(errors), _) => Err(Undecided::Refused(errors)),
            From::Many(sweep, row, value) => Ok(value.get_or_init(|| sweep.outcomes().value(*row).unwrap_or_default())),
        }
    }

    /// Why there is no outcome, where there is none.
    pub fn undecided(&self) -> Option<Undecided<'_>> {
        match &self.from {
            From::One(..) => self.outcome().err(),
            From::Many(..) => None,
        }
    }

    /// Appends the JSON of the outcome; nothing where there is none.
    pub fn write_outcome(&self, out: &mut Vec<u8>) {
        match &self.from {
            From::One(_, Made::Outcome(outcome), _) => outcome.write_json(out),
            From::One(..) => {}
            // Outcomes by columns are scalars and records of them, which have JSON.
            From::Many(sweep, row, _) => _ = sweep.outcomes().write(*row, out),
        }
    }

    /// Appends the facts: the canonical JSON of those that were read, or what was given where they could not be.
    pub fn write_facts(&self, out: &mut Vec<u8>) {
        match &self.from {
            From::One(given, Made::Refused(_), _) => out.extend_from_slice(given),
            From::One(_, _, decider) => decider.write_facts(out),
            From::Many(sweep, row, _) => sweep.write_facts(*row, out),
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
