//! Indexes of decision tables: from the values of a table's columns to the rows whose cells they may satisfy.
//!
//! Each input column that has cells with constant operands gets *coordinates*: its values fall into as few classes as its
//! cells can tell apart, numbered in order. Cells become intervals of coordinates, rows become boxes, and a finder that fits
//! their number (masks, or a tree) gives the rows whose box a point lies in. An index is derived from its plan and can be made
//! anew at any time; it says the same as testing all rows one by one, failures included: a cell whose operand has to be
//! evaluated ends the box of its row, and the cells from there on are for the caller to test, on the rows that are found.

mod boxes;
mod cells;
mod column;
mod constants;
mod finder;
mod keys;
mod masks;
mod meaning;
mod planting;
mod points;
mod probe;
mod spans;
mod texts;
mod tree;

use crate::{HitPolicy, Plan, Table};
use boxes::Boxes;
use finder::Finder;

pub use column::Column;
pub use probe::Probe;
pub use spans::Span;

/// The place of a value among those that the cells of a column tell apart: 0 for null, then upwards in the order of the
/// values, or in any order where the cells only know equality.
pub type Coordinate = u32;

/// The index of one table.
#[derive(Clone, Debug)]
pub struct TableIndex {
    columns: Vec<Column>,
    boxes: Boxes,
    finder: Finder,
}

impl TableIndex {
    /// The index of a table of a plan; `None` where no cell can be indexed, or where there are too few rows to pay.
    pub fn build(plan: &Plan, table: &Table) -> Option<TableIndex> {
        let (columns, boxes) = cells::read(plan, table)?;
        let finder = Finder::build(&boxes, table.policy == HitPolicy::First);
        Some(TableIndex { columns, boxes, finder })
    }

    /// The columns that it looks at, in the order of the table.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Adds to `found` the rows (by position from 0, in order) whose boxes the point lies in, given by one coordinate a
    /// column. Of those rows, the ones that [`TableIndex::residual`] names hold only if their remaining cells do, and the
    /// others hold. With `first_only` it may stop behind the first row that holds.
    #[inline]
    pub fn find(&self, point: &[Coordinate], first_only: bool, found: &mut Vec<u32>) {
        self.finder.find(&self.boxes, point, first_only, found);
    }

    /// The first input column (position in `Table::inputs`) whose cell in this row is still to be tested, with those after
    /// it; `None` where the box says it all.
    #[inline]
    pub fn residual(&self, row: u32) -> Option<usize> {
        self.boxes.residual(row)
    }

    /// Whether any row has cells that are still to be tested.
    #[inline]
    pub fn has_residuals(&self) -> bool {
        self.boxes.has_residuals()
    }

    /// The coordinates that satisfy the cell of a row in an indexed column (position in [`TableIndex::columns`]): spans that
    /// do not touch, in order. `None` where the row can never match, or has no box.
    pub fn spans(&self, row: u32, column: usize) -> Option<&[Span]> {
        self.boxes.spans_of_row(row, column)
    }

    /// How it finds rows, in a few words: for people who wonder about its size or speed.
    pub fn shape(&self) -> String {
        self.finder.shape()
    }
}
