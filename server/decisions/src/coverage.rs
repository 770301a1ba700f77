//! What of their tables the cases of rulesets reach: rows that were hit, and cells that were seen to hold and to fail.
//!
//! A row is covered when it matched in a case that holds, whichever ruleset's case that was; the default counts as a row. An
//! input cell other than `-` is covered when cases that hold saw it, taken by itself, both hold and fail.

mod report;
mod tally;
mod text;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use dictamen_core::{CellRecorder, Failure, Recorder, Request};
use dictamen_plan::{ParameterId, ParameterSet, Plan, Position, TableId};
use dictamen_value::{Date, Value};

use crate::cases::Watch;
use crate::catalogue::{Catalogue, table_names};
pub use report::{CellMissed, Count, CoverageReport, Missing, ParameterRowMissed, RowMissed, Shortfall, TableCoverage};
use tally::{Dated, Owner, Seen, Tally};

/// A source's name, a line and a column, and how many stand there before: models from DMN may have several at one place.
type Key = (Arc<str>, u32, u32, usize);

/// What cases have reached so far.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    /// Whose tables are counted, by the names of their sources.
    owners: HashMap<Arc<str>, Owner>,
    tables: Vec<Tally>,
    parameters: Vec<Dated>,
    tables_by_place: HashMap<Key, usize>,
    parameters_by_place: HashMap<Key, usize>,
}

/// Where the tables and parameter rows of a plan are counted.
#[derive(Debug)]
pub(crate) struct PlanMap {
    tables: Vec<Option<usize>>,
    parameters: Vec<Vec<Option<usize>>>,
}

impl Coverage {
    /// Nothing reached yet of what was asked for.
    pub(crate) fn of(catalogue: &Catalogue) -> Coverage {
        let owners = catalogue.wanted_sources().into_iter();
        let owners = owners.map(|(source, (ruleset, version))| (source, Owner { ruleset, version }));
        let mut coverage = Coverage { owners: owners.collect(), ..Coverage::default() };
        for ready in catalogue.wanted_plans() {
            coverage.map(&ready.plan, &ready.parameters);
        }
        coverage
    }

    /// Finds what of a plan is counted, by where it stands.
    pub(crate) fn map(&mut self, plan: &Plan, parameters: &ParameterSet) -> PlanMap {
        let mut met = HashMap::new();
        let tables = plan.tables.iter().zip(table_names(plan));
        let tables = tables.map(|(table, name)| {
            let (key, owner) = self.key(plan, table.position, &mut met)?;
            let next = self.tables.len();
            let index = *self.tables_by_place.entry(key).or_insert(next);
            if index == next {
                self.tables.push(Tally::of(plan, table, name, owner));
            }
            Some(index)
        });
        let tables = tables.collect();
        let mut met = HashMap::new();
        let mut dated = Vec::with_capacity(parameters.parameters.len());
        for parameter in &parameters.parameters {
            let rows = parameter.rows.iter().map(|row| {
                let (key, _) = self.key(plan, row.position, &mut met)?;
                let next = self.parameters.len();
                let index = *self.parameters_by_place.entry(key).or_insert(next);
                if index == next {
                    self.parameters.push(Dated::of(plan, parameter, row));
                }
                Some(index)
            });
            dated.push(rows.collect());
        }
        PlanMap { tables, parameters: dated }
    }

    /// What tells a thing of a plan from others, and whose it is; `None` where it was not asked for.
    fn key(&self, plan: &Plan, position: Position, met: &mut HashMap<Position, usize>) -> Option<(Key, Owner)> {
        let before = met.entry(position).or_default();
        let same = std::mem::replace(before, before.saturating_add(1));
        let Position(source, line, column) = position;
        let source = plan.sources.get(source as usize)?;
        let owner = self.owners.get(source)?.clone();
        Some(((source.clone(), line, column, same), owner))
    }

    /// Looks on while a case runs.
    pub(crate) fn start<'a>(&'a self, map: &'a PlanMap) -> Onlooker<'a> {
        Onlooker { coverage: self, map, found: Found::default() }
    }

    /// Adds what a case has found.
    pub(crate) fn add(&mut self, found: Found) {
        for (table, seen) in found.tables {
            if let Some(tally) = self.tables.get_mut(table) {
                tally.add(seen);
            }
        }
        for row in found.parameters {
            if let Some(row) = self.parameters.get_mut(row) {
                row.read = true;
            }
        }
    }

    /// What was reached and what was not.
    pub(crate) fn report(self) -> CoverageReport {
        report::of(self.tables, self.parameters)
    }
}

/// What one case reaches.
#[derive(Debug, Default)]
pub(crate) struct Found {
    tables: HashMap<usize, Seen>,
    parameters: BTreeSet<usize>,
}

/// Sees what one case reaches.
#[derive(Debug)]
pub(crate) struct Onlooker<'a> {
    coverage: &'a Coverage,
    map: &'a PlanMap,
    found: Found,
}

impl Onlooker<'_> {
    /// What it has seen.
    pub(crate) fn into_found(self) -> Found {
        self.found
    }

    fn index(&self, table: TableId) -> Option<usize> {
        self.map.tables.get(table as usize).copied().flatten()
    }

    fn tally(&self, table: TableId) -> Option<(usize, &Tally)> {
        let index = self.index(table)?;
        Some((index, self.coverage.tables.get(index)?))
    }
}

impl Watch for Onlooker<'_> {
    fn evaluate(&mut self, request: &Request<'_>) -> Result<Value, Failure> {
        dictamen_core::evaluate_with_cells(request, self)
    }
}

impl Recorder for Onlooker<'_> {
    fn table(&mut self, _plan: &Plan, table: TableId, _columns: &[Value], matched: &[u32]) {
        if let Some(index) = self.index(table) {
            self.found.tables.entry(index).or_default().rows(matched);
        }
    }

    fn parameter(&mut self, _plan: &Plan, parameter: ParameterId, _day: Date, row: usize) {
        let rows = self.map.parameters.get(parameter as usize);
        self.found.parameters.extend(rows.and_then(|rows| rows.get(row)).copied().flatten());
    }
}

impl CellRecorder for Onlooker<'_> {
    fn wants_cells_of(&self, table: TableId) -> bool {
        self.tally(table).is_some_and(|(_, tally)| tally.has_open_cells())
    }

    fn wants_cell(&self, table: TableId, row: usize, column: usize) -> bool {
        let Some((index, tally)) = self.tally(table) else { return false };
        let seen = self.found.tables.get(&index).map(|seen| seen.of_cell(row, column)).unwrap_or_default();
        tally.wants(row, column, seen)
    }

    fn cell(&mut self, table: TableId, row: usize, column: usize, holds: bool) {
        if let Some(index) = self.index(table) {
            self.found.tables.entry(index).or_default().cell(row, column, holds);
        }
    }
}
