//! What an evaluation tells of itself while it runs. The recorded run is the run: there is no other path.

use dictamen_plan::{DecisionId, ParameterId, Plan, TableId};
use dictamen_value::{Date, Message, Value};

use crate::Failure;

/// Hears what happens. Methods do nothing unless overridden, so that what is not needed costs nothing.
pub trait Recorder {
    /// A decision is about to be made.
    fn deciding(&mut self, _plan: &Plan, _decision: DecisionId) {}

    /// A decision was made or has failed (once each, in the order in which they ended).
    fn decided(&mut self, _plan: &Plan, _decision: DecisionId, _outcome: Result<&Value, &Failure>) {}

    /// A table was evaluated: values of its input columns, and the rows that matched, in order.
    fn table(&mut self, _plan: &Plan, _table: TableId, _columns: &[Value], _matched: &[u32]) {}

    /// A parameter was read at a day; the row is its position in the parameter set.
    fn parameter(&mut self, _plan: &Plan, _parameter: ParameterId, _day: Date, _row: usize) {}

    /// DMN mode: something went wrong and became null.
    fn diagnostic(&mut self, _plan: &Plan, _failure: &Failure, _explanation: &Message) {}
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Recorder for Nothing {}

/// What metrics and traces need of an evaluation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Tables with their matched rows, in the order in which they were evaluated.
    pub tables: Vec<(TableId, Vec<u32>)>,
}

impl Recorder for Record {
    fn table(&mut self, _plan: &Plan, table: TableId, _columns: &[Value], matched: &[u32]) {
        self.tables.push((table, matched.to_vec()));
    }
}
