//! What an evaluation tells of itself while it runs. The recorded run is the run: there is no other path.

use dictamen_plan::{DecisionId, FunctionId, ParameterId, Plan, TableId};
use dictamen_value::{Date, Message, Value};

use crate::Failure;

/// Hears what happens. Methods do nothing unless overridden, so that what is not needed costs nothing.
pub trait Recorder {
    /// A decision is about to be made.
    fn deciding(&mut self, _plan: &Plan, _decision: DecisionId) {}

    /// A decision was made or has failed (once each, in the order in which they ended).
    fn decided(&mut self, _plan: &Plan, _decision: DecisionId, _outcome: Result<&Value, &Failure>) {}

    /// A declared function is about to run.
    fn calling(&mut self, _plan: &Plan, _function: FunctionId) {}

    /// The declared function that began to run last has ended, whether it gave a value or failed.
    fn called(&mut self, _plan: &Plan, _function: FunctionId) {}

    /// A table was evaluated: values of its input columns, and the rows that matched, in order.
    fn table(&mut self, _plan: &Plan, _table: TableId, _columns: &[Value], _matched: &[u32]) {}

    /// The locals of the body in which a table was evaluated, its columns among them: told right before [`Recorder::table`].
    fn locals(&mut self, _plan: &Plan, _table: TableId, _locals: &[Value]) {}

    /// A parameter was read at a day; the row is its position in the parameter set.
    fn parameter(&mut self, _plan: &Plan, _parameter: ParameterId, _day: Date, _row: usize) {}

    /// DMN mode: something went wrong and became null.
    fn diagnostic(&mut self, _plan: &Plan, _failure: &Failure, _explanation: &Message) {}
}

/// Hears what happens in an evaluation, and which cells hold.
pub trait CellRecorder: Recorder {
    /// Whether any cell of a table is of interest.
    fn wants_cells_of(&self, table: TableId) -> bool;

    /// Whether a cell (row and column by position) is of interest: those that are not cost nothing.
    fn wants_cell(&self, table: TableId, row: usize, column: usize) -> bool;

    /// A cell, taken by itself, holds or does not, for the values that its columns had. A cell that fails is not told.
    fn cell(&mut self, table: TableId, row: usize, column: usize, holds: bool);
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
