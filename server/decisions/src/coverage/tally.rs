//! What was seen of one table, or of one row of a parameter.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use dictamen_plan::{Cell, DatedValue, Parameter, Plan, Position, Table, TextId};
use dictamen_value::Date;

/// A place in a text: the source's name, line and column from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(pub(super) Arc<str>, pub(super) u32, pub(super) u32);

/// A version of a ruleset.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) ruleset: Arc<str>,
    pub(super) version: Arc<str>,
}

/// Which outcomes a cell has shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) held: bool,
    pub(super) failed: bool,
}

/// A table with what was seen of it by cases that hold.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) owner: Owner,
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) columns: Vec<Arc<str>>,
    pub(super) rows: Vec<RowTally>,
    pub(super) default: Option<(Place, bool)>,
    /// How many cells have not shown both outcomes yet.
    open_cells: usize,
}

/// A row.
#[derive(Debug)]
pub(super) struct RowTally {
    pub(super) place: Place,
    pub(super) hit: bool,
    /// One a column; nothing is asked of `-`.
    pub(super) cells: Vec<CellTally>,
}

/// A cell.
#[derive(Debug)]
pub(super) struct CellTally {
    pub(super) text: Arc<str>,
    /// Whether it says anything.
    pub(super) counts: bool,
    pub(super) shown: Shown,
}

/// A row of a parameter.
#[derive(Debug)]
pub(super) struct Dated {
    pub(super) parameter: Arc<str>,
    pub(super) from: Date,
    pub(super) place: Place,
    pub(super) read: bool,
}

/// What one case has seen of a table.
#[derive(Debug, Default)]
pub(super) struct Seen {
    rows: BTreeSet<u32>,
    no_row: bool,
    cells: HashMap<(usize, usize), Shown>,
}

impl Shown {
    pub(super) fn both(self) -> bool {
        self.held && self.failed
    }

    fn and(self, other: Shown) -> Shown {
        Shown { held: self.held || other.held, failed: self.failed || other.failed }
    }
}

impl Tally {
    pub(super) fn of(plan: &Plan, table: &Table, name: String, owner: Owner) -> Tally {
        let rows = table.rows.iter().map(|row| {
            let cells = row.inputs.iter().map(|cell| CellTally::of(plan, cell));
            RowTally { place: place(plan, row.position), hit: false, cells: cells.collect() }
        });
        let rows: Vec<RowTally> = rows.collect();
        let open_cells = rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.counts).count();
        Tally {
            owner,
            name,
            place: place(plan, table.position),
            columns: table.inputs.iter().map(|(_, _, name)| text(plan, *name)).collect(),
            rows,
            default: table.default.as_ref().map(|(_, _, position)| (place(plan, *position), false)),
            open_cells,
        }
    }

    pub(super) fn has_open_cells(&self) -> bool {
        self.open_cells > 0
    }

    /// Whether a cell has not shown both outcomes yet, with what a case has seen of it besides.
    pub(super) fn wants(&self, row: usize, column: usize, seen: Shown) -> bool {
        let cell = self.rows.get(row).and_then(|row| row.cells.get(column));
        cell.is_some_and(|cell| cell.counts && !cell.shown.and(seen).both())
    }

    pub(super) fn add(&mut self, seen: Seen) {
        for row in seen.rows {
            if let Some(row) = self.rows.get_mut(row as usize) {
                row.hit = true;
            }
        }
        if let Some((_, hit)) = &mut self.default {
            *hit |= seen.no_row;
        }
        for ((row, column), shown) in seen.cells {
            let cell = self.rows.get_mut(row).and_then(|row| row.cells.get_mut(column));
            let Some(cell) = cell.filter(|cell| cell.counts && !cell.shown.both()) else { continue };
            cell.shown = cell.shown.and(shown);
            self.open_cells = self.open_cells.saturating_sub(usize::from(cell.shown.both()));
        }
    }
}

impl CellTally {
    fn of(plan: &Plan, cell: &Cell) -> CellTally {
        CellTally { text: text(plan, cell.text), counts: !cell.tests.is_empty(), shown: Shown::default() }
    }
}

impl Dated {
    pub(super) fn of(plan: &Plan, parameter: &Parameter, row: &DatedValue) -> Dated {
        Dated { parameter: parameter.name.clone(), from: row.from, place: place(plan, row.position), read: false }
    }
}

impl Seen {
    pub(super) fn rows(&mut self, matched: &[u32]) {
        self.rows.extend(matched);
        self.no_row |= matched.is_empty();
    }

    pub(super) fn cell(&mut self, row: usize, column: usize, holds: bool) {
        let shown = self.cells.entry((row, column)).or_default();
        *shown = shown.and(Shown { held: holds, failed: !holds });
    }

    pub(super) fn of_cell(&self, row: usize, column: usize) -> Shown {
        self.cells.get(&(row, column)).copied().unwrap_or_default()
    }
}

fn place(plan: &Plan, Position(source, line, column): Position) -> Place {
    let source = plan.sources.get(source as usize).cloned().unwrap_or_else(|| "?".into());
    Place(source, line, column)
}

fn text(plan: &Plan, id: TextId) -> Arc<str> {
    plan.texts.get(id as usize).cloned().unwrap_or_else(|| "?".into())
}
