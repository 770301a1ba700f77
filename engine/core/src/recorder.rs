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

    /// Rows of a table matched, in order: told of every table that is evaluated, whatever evaluates it.
    fn matched(&mut self, _plan: &Plan, _table: TableId, _rows: &[u32]) {}

    /// Whether it hears more than [`Recorder::matched`]. What says no is evaluated in the quickest way there is.
    fn wants_details(&self) -> bool {
        true
    }

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

impl Recorder for Nothing {
    fn wants_details(&self) -> bool {
        false
    }
}

/// What metrics and traces need of an evaluation. Cleared and used again, it allocates nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Tables, each with where its rows end.
    ends: Vec<(TableId, usize)>,
    rows: Vec<u32>,
}

impl Record {
    /// Tables with the rows that matched, in the order in which they were evaluated.
    pub fn tables(&self) -> impl Iterator<Item = (TableId, &[u32])> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(_, end)| *end));
        self.ends
            .iter()
            .zip(starts)
            .map(|((table, end), start)| (*table, self.rows.get(start..*end).unwrap_or_default()))
    }

    /// Forgets what was heard.
    pub fn clear(&mut self) {
        self.ends.clear();
        self.rows.clear();
    }
}

impl Recorder for Record {
    #[inline]
    fn matched(&mut self, _plan: &Plan, table: TableId, rows: &[u32]) {
        self.rows.extend_from_slice(rows);
        self.ends.push((table, self.rows.len()));
    }

    fn wants_details(&self) -> bool {
        false
    }
}
