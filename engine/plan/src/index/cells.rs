//! From the cells of a table to columns and boxes.
//!
//! The cells of a row are tested from left to right up to the first that does not hold, and what a computed operand needs or
//! fails with is part of the outcome. So the box of a row ends before its first cell that is not indexed: pruning by a cell
//! behind that one would leave out an evaluation that testing the row has.

use super::Coordinate;
use super::boxes::Boxes;
use super::column::{Collected, Column};
use super::meaning::{self, Meant};
use super::probe::Kind;
use super::spans::{self, Span};
use crate::{Cell, Plan, Table};

/// Fewer rows are tested one by one faster than they are found.
const ROWS_MIN: usize = 2;
/// More coordinates than any table that fits in memory has.
const COORDINATES_MAX: Coordinate = 1 << 30;

/// The columns and boxes of a table; `None` where nothing is indexed.
pub(super) fn read(plan: &Plan, table: &Table) -> Option<(Vec<Column>, Boxes)> {
    if table.rows.len() < ROWS_MIN || u32::try_from(table.rows.len()).is_err() {
        return None;
    }
    let mut reader = Reader {
        plan,
        table,
        states: vec![State::Open; table.rows.len()],
        columns: Vec::new(),
        spans: Vec::new(),
        sets: Vec::new(),
    };
    (0..table.inputs.len()).for_each(|position| reader.column(position));
    reader.finish()
}

/// How far the box of a row has come.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Every cell until now is in the box.
    Open,
    /// The box ended before this column.
    Ended(u32),
    /// A cell never holds, so that the row never matches.
    Dead,
}

struct Reader<'p> {
    plan: &'p Plan,
    table: &'p Table,
    states: Vec<State>,
    columns: Vec<Column>,
    /// For each column, one entry a row.
    spans: Vec<Vec<Extent>>,
    /// Spans of cells that have several.
    sets: Vec<Span>,
}

/// The coordinates of a cell.
#[derive(Clone, Copy, Debug)]
pub(super) enum Extent {
    /// One span.
    One(Span),
    /// Several: where they start in the sets, and how many.
    Several(u32, u32),
}

impl<'p> Reader<'p> {
    /// Reads a column: which kind its cells are of, what they compare with, and then where they hold.
    fn column(&mut self, position: usize) {
        let Some(kind) = self.kind(position) else { return self.end_all(position) };
        let mut collected = Collected::default();
        self.end_unless(position, |reader, cell| reader.collect(cell, kind, &mut collected));
        match Column::new(position, kind, &collected).filter(|column| column.last() <= COORDINATES_MAX) {
            Some(column) => self.place(position, column),
            None => self.end_all(position),
        }
    }

    /// The kind of most of the column's cells.
    fn kind(&self, position: usize) -> Option<Kind> {
        let mut counts = [0_usize; Kind::ALL.len()];
        for cell in self.open_cells(position) {
            let kind = cell.tests.iter().find_map(|test| meaning::kind(self.plan, test));
            let count = kind.and_then(|kind| counts.get_mut(kind as usize));
            count.into_iter().for_each(|count| *count = count.saturating_add(1));
        }
        let most = Kind::ALL.into_iter().zip(counts).max_by_key(|(_, count)| *count);
        most.filter(|(_, count)| *count > 0).map(|(kind, _)| kind)
    }

    fn open_cells(&self, position: usize) -> impl Iterator<Item = &'p Cell> {
        let open = self.table.rows.iter().zip(&self.states).filter(|(_, state)| **state == State::Open);
        open.filter_map(move |(row, _)| row.inputs.get(position))
    }

    /// Ends the boxes of open rows whose cell is not as wanted.
    fn end_unless(&mut self, position: usize, mut is_wanted: impl FnMut(&Reader<'p>, &'p Cell) -> bool) {
        let mut states = std::mem::take(&mut self.states);
        for (row, state) in self.table.rows.iter().zip(&mut states) {
            // A row without this cell (of a damaged plan) is not tested any further.
            let cell = row.inputs.get(position).filter(|cell| *state == State::Open && !cell.tests.is_empty());
            if cell.is_some_and(|cell| !is_wanted(self, cell)) {
                *state = State::Ended(clamped(position));
            }
        }
        self.states = states;
    }

    /// Ends the boxes of all rows that have a cell here.
    fn end_all(&mut self, position: usize) {
        self.end_unless(position, |_, _| false);
    }

    /// Adds what a cell compares with, unless it cannot be indexed.
    fn collect(&self, cell: &'p Cell, kind: Kind, collected: &mut Collected<'p>) -> bool {
        let before = (collected.operands.len(), collected.asks_order);
        let is_read = cell.tests.iter().all(|test| {
            let mut add = |ends: meaning::Between<'p>| collected.add(ends);
            meaning::read(self.plan, test, kind, &mut add).is_some()
        });
        if !is_read {
            collected.operands.truncate(before.0);
            collected.asks_order = before.1;
        }
        is_read
    }

    /// Puts the rows in their places in a column.
    fn place(&mut self, position: usize, column: Column) {
        let whole = column.whole();
        let mut extents = vec![Extent::One(whole); self.table.rows.len()];
        // Also by a cell that holds for every value of its kind: for others it may fail.
        let mut is_tested = false;
        let mut scratch = Vec::new();
        for (number, row) in self.table.rows.iter().enumerate() {
            let (Some(state), Some(extent)) = (self.states.get_mut(number), extents.get_mut(number)) else { continue };
            let Some(cell) = row.inputs.get(position).filter(|cell| *state == State::Open && !cell.tests.is_empty())
            else {
                continue;
            };
            cell_spans(self.plan, cell, &column, &mut scratch);
            match scratch.as_slice() {
                [] => *state = State::Dead,
                [one] => *extent = Extent::One(*one),
                several => *extent = kept(&mut self.sets, several),
            }
            is_tested = true;
        }
        if is_tested {
            self.columns.push(column);
            self.spans.push(extents);
        }
    }

    fn finish(self) -> Option<(Vec<Column>, Boxes)> {
        if self.columns.is_empty() {
            return None;
        }
        let wholes = self.columns.iter().map(Column::whole).collect();
        let mut boxes = Boxes::new(wholes, self.sets);
        for (number, state) in (0_u32..).zip(&self.states) {
            let extents = self.spans.iter().filter_map(|column| column.get(number as usize)).copied();
            match state {
                State::Open => boxes.add(number, None, extents),
                State::Ended(column) => boxes.add(number, Some(*column), extents),
                State::Dead => boxes.add_dead(),
            }
        }
        boxes.finish();
        Some((self.columns, boxes))
    }
}

fn clamped(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn kept(sets: &mut Vec<Span>, several: &[Span]) -> Extent {
    let start = u32::try_from(sets.len()).unwrap_or(u32::MAX);
    sets.extend_from_slice(several);
    Extent::Several(start, u32::try_from(several.len()).unwrap_or(u32::MAX))
}

impl<'p> Collected<'p> {
    fn add(&mut self, between: meaning::Between<'p>) {
        self.asks_order |= between.asks_order();
        self.operands.extend(between.low.map(|(end, _)| end));
        if between.asks_order() {
            self.operands.extend(between.high.map(|(end, _)| end));
        }
    }
}

/// The coordinates for which a cell holds, normalised.
fn cell_spans(plan: &Plan, cell: &Cell, column: &Column, spans: &mut Vec<Span>) {
    spans.clear();
    // Whether one of the tests holds for null: `None` where that is not known, which only DMN mode has.
    let mut null = Some(false);
    for test in &cell.tests {
        let from = spans.len();
        let mut add = |between: meaning::Between<'_>| spans.extend(span(column, between));
        let meant =
            meaning::read(plan, test, column.kind(), &mut add).unwrap_or(Meant { inverted: false, null: Some(false) });
        if meant.inverted {
            invert_from(spans, from, column);
        }
        null = match (null, meant.null) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (known, null) => known.and(null),
        };
    }
    spans::normalise(spans);
    if cell.negated {
        spans::complement(spans, column.present());
    }
    // Unknown is no reason for a cell to hold, negated or not.
    if null.is_some_and(|any| any != cell.negated) {
        spans.push(Span { low: 0, high: 0 });
        spans::normalise(spans);
    }
}

/// The spans of one test become what they leave out.
fn invert_from(spans: &mut Vec<Span>, from: usize, column: &Column) {
    let mut own = spans.split_off(from);
    spans::normalise(&mut own);
    spans::complement(&mut own, column.present());
    spans.append(&mut own);
}

/// The coordinates of what lies between two ends.
fn span(column: &Column, between: meaning::Between<'_>) -> Option<Span> {
    let present = column.present();
    let low = match between.low {
        None => present.low,
        Some((end, closed)) => column.coordinate(end)?.saturating_add(u32::from(!closed)),
    };
    let high = match between.high {
        None => present.high,
        Some((end, closed)) => column.coordinate(end)?.saturating_sub(u32::from(!closed)),
    };
    Some(Span { low, high })
}
