//! What was covered and what was not, in order of files and places.

use std::fmt;
use std::sync::Arc;

use dictamen_value::{Date, Message};
use serde::Serialize;

use super::tally::{CellTally, Dated, Place, RowTally, Shown, Tally};

/// What the cases of rulesets have covered.
#[derive(Clone, Debug, Serialize)]
pub struct CoverageReport {
    /// Rows of all tables, defaults among them.
    pub rows: Count,
    /// Input cells of all tables, without those that are `-`.
    pub cells: Count,
    /// Tables of decisions and functions.
    pub tables: Vec<TableCoverage>,
    /// Rows of parameters that no case has read: for information, they are not counted.
    pub parameter_rows_unread: Vec<ParameterRowMissed>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// How many are covered.
    pub covered: usize,
    /// How many there are.
    pub total: usize,
}

/// A table.
#[derive(Clone, Debug, Serialize)]
pub struct TableCoverage {
    /// The ruleset.
    pub ruleset: Arc<str>,
    /// The ruleset's version.
    pub version: Arc<str>,
    /// `ruleset.name` of the decision or function that it is; empty for a table inside another expression.
    pub name: String,
    /// Where it stands, as `file:line:column`.
    pub place: String,
    /// Its rows.
    pub rows: Count,
    /// Its cells.
    pub cells: Count,
    /// Rows that no case has hit.
    pub rows_missed: Vec<RowMissed>,
    /// Cells that have not been seen to both hold and fail.
    pub cells_missed: Vec<CellMissed>,
}

/// A row that no case has hit.
#[derive(Clone, Debug, Serialize)]
pub struct RowMissed {
    /// Its number, from 1; `None` for the default.
    pub number: Option<usize>,
    /// Where it stands, as `file:line:column`.
    pub place: String,
    /// Its input cells, as written.
    pub cells: Vec<Arc<str>>,
}

/// A cell that has not been seen to both hold and fail.
#[derive(Clone, Debug, Serialize)]
pub struct CellMissed {
    /// The number of its row, from 1.
    pub row: usize,
    /// Where its row stands, as `file:line:column`.
    pub place: String,
    /// Its column, as written.
    pub column: Arc<str>,
    /// The cell, as written.
    pub cell: Arc<str>,
    /// What was not seen.
    pub missing: Missing,
}

/// What was not seen of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// It never held.
    Holds,
    /// It never failed to hold.
    Fails,
    /// It was never looked at.
    Both,
}

/// A row of a parameter that no case has read.
#[derive(Clone, Debug, Serialize)]
pub struct ParameterRowMissed {
    /// `ruleset.name`.
    pub parameter: Arc<str>,
    /// First day on which it holds.
    pub from: Date,
    /// Where it stands, as `file:line:column`.
    pub place: String,
}

/// Row coverage that is less than what was asked for.
#[derive(Clone, Debug, Serialize)]
pub struct Shortfall {
    /// What was asked for, in tenths of a percent.
    pub asked_per_mille: usize,
    /// What was reached.
    pub reached: Count,
    /// What to tell people: both, and which tables have rows that no case hits.
    #[serde(skip)]
    pub message: Message,
}

/// How many tables a shortfall names.
const TABLES_NAMED_MAX: usize = 10;

impl CoverageReport {
    /// What is missing where less than so many tenths of a percent of rows are covered.
    pub fn shortfall(&self, asked_per_mille: usize) -> Option<Shortfall> {
        let reached = self.rows;
        let enough = reached.covered.saturating_mul(1_000) >= reached.total.saturating_mul(asked_per_mille);
        (!enough).then(|| Shortfall { asked_per_mille, reached, message: self.too_little(asked_per_mille) })
    }

    fn too_little(&self, asked_per_mille: usize) -> Message {
        let missed = || self.tables.iter().filter(|table| !table.rows_missed.is_empty());
        let name = |table: &TableCoverage| format!("{} ({}) {}", table.title(), table.place, table.rows);
        let named: Vec<String> = missed().take(TABLES_NAMED_MAX).map(name).collect();
        let more = missed().count().saturating_sub(named.len());
        let more = if more > 0 { format!(" … +{more}") } else { String::new() };
        let (asked, reached, named) = (percent(asked_per_mille), self.rows.with_percent(), named.join(", "));
        Message::new(
            format!(
                "los casos cubren {reached} de las filas y se pide al menos {asked}; faltan filas en: {named}{more}"
            ),
            format!(
                "cases cover {reached} of rows and at least {asked} is asked for; rows are missing in: {named}{more}"
            ),
        )
    }
}

impl TableCoverage {
    /// Its name, or `tabla` where it has none.
    pub(super) fn title(&self) -> &str {
        if self.name.is_empty() { &self.ruleset } else { &self.name }
    }
}

impl Count {
    fn of(covered: impl Iterator<Item = bool>) -> Count {
        covered.fold(Count::default(), |count, covered| Count {
            covered: count.covered.saturating_add(usize::from(covered)),
            total: count.total.saturating_add(1),
        })
    }

    fn and(self, other: Count) -> Count {
        Count { covered: self.covered.saturating_add(other.covered), total: self.total.saturating_add(other.total) }
    }

    /// How many, of how many, and the percentage, rounded down so that 100 means all: `3/4 (75.0 %)`.
    pub fn with_percent(self) -> String {
        let per_mille = self.covered.saturating_mul(1_000).checked_div(self.total).unwrap_or(1_000);
        format!("{self} ({})", percent(per_mille))
    }
}

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.covered, self.total)
    }
}

fn percent(per_mille: usize) -> String {
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}

/// The report of what was tallied.
pub(super) fn of(mut tables: Vec<Tally>, mut parameters: Vec<Dated>) -> CoverageReport {
    tables.sort_by(|one, other| one.place.cmp(&other.place));
    parameters.sort_by(|one, other| one.place.cmp(&other.place));
    let tables: Vec<TableCoverage> = tables.iter().map(table).collect();
    let unread = parameters.iter().filter(|row| !row.read);
    CoverageReport {
        rows: tables.iter().fold(Count::default(), |count, table| count.and(table.rows)),
        cells: tables.iter().fold(Count::default(), |count, table| count.and(table.cells)),
        tables,
        parameter_rows_unread: unread.map(parameter_row).collect(),
    }
}

fn table(tally: &Tally) -> TableCoverage {
    let cells = tally.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.counts);
    let hits = tally.rows.iter().map(|row| row.hit).chain(tally.default.iter().map(|(_, hit)| *hit));
    let mut rows_missed: Vec<RowMissed> =
        tally.rows.iter().zip(1..).filter(|(row, _)| !row.hit).map(|(row, number)| row_missed(row, number)).collect();
    let default = tally.default.iter().filter(|(_, hit)| !hit);
    rows_missed.extend(default.map(|(place, _)| RowMissed {
        number: None,
        place: place.to_string(),
        cells: Vec::new(),
    }));
    TableCoverage {
        ruleset: tally.owner.ruleset.clone(),
        version: tally.owner.version.clone(),
        name: tally.name.clone(),
        place: tally.place.to_string(),
        rows: Count::of(hits),
        cells: Count::of(cells.map(|cell| cell.shown.both())),
        rows_missed,
        cells_missed: tally.rows.iter().zip(1..).flat_map(|(row, number)| cells_missed(tally, row, number)).collect(),
    }
}

fn row_missed(row: &RowTally, number: usize) -> RowMissed {
    let cells = row.cells.iter().map(|cell| cell.text.clone()).collect();
    RowMissed { number: Some(number), place: row.place.to_string(), cells }
}

fn cells_missed<'a>(tally: &'a Tally, row: &'a RowTally, number: usize) -> impl Iterator<Item = CellMissed> + 'a {
    let columns = row.cells.iter().zip(&tally.columns);
    columns.filter(|(cell, _)| cell.counts).filter_map(move |(cell, column)| {
        let missing = missing(cell)?;
        let (place, column, cell) = (row.place.to_string(), column.clone(), cell.text.clone());
        Some(CellMissed { row: number, place, column, cell, missing })
    })
}

fn missing(cell: &CellTally) -> Option<Missing> {
    match cell.shown {
        Shown { held: true, failed: true } => None,
        Shown { held: false, failed: true } => Some(Missing::Holds),
        Shown { held: true, failed: false } => Some(Missing::Fails),
        Shown { held: false, failed: false } => Some(Missing::Both),
    }
}

fn parameter_row(row: &Dated) -> ParameterRowMissed {
    ParameterRowMissed { parameter: row.parameter.clone(), from: row.from, place: row.place.to_string() }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place(source, line, column) = self;
        write!(out, "{source}:{line}:{column}")
    }
}
