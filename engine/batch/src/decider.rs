//! Makes one decision for one row after another.

use dictamen_core::{FactError, Failure, Nothing, Session};
use dictamen_value::Value;

use crate::evaluator::Question;

/// One decision with the facts and what came of them last.
pub(crate) struct Decider<'q>(Session<'q>);

impl<'q> Decider<'q> {
    pub(crate) fn new(question: Question<'q>) -> Decider<'q> {
        let Question { plan, parameters, decision, as_of, known_at, limits } = question;
        Decider(Session::new(plan, parameters, decision, (as_of, known_at), limits))
    }

    /// Reads facts from JSON.
    pub(crate) fn read(&mut self, json: &[u8]) -> Result<(), Vec<FactError>> {
        self.0.read(json)
    }

    /// Makes the decision.
    pub(crate) fn decide(&mut self) -> Result<Value, Failure> {
        self.0.decide(&mut Nothing)?;
        Ok(self.0.outcome().unwrap_or_default())
    }

    /// Appends the canonical JSON of the facts that were read.
    pub(crate) fn write_facts(&self, out: &mut Vec<u8>) {
        // Facts that were read have JSON.
        let _ = self.0.write_facts(out);
    }
}
