//! Rows of a table, cell by cell: why some matched and why others did not.

use dictamen_plan::{Cell, Decision, Plan, Row, Table};
use dictamen_value::Value;

use super::collector::HeardTable;
use super::reserve::Reserve;
use super::{CellReport, ColumnReport, DefaultReport, RowReport, TableReport};
use crate::evaluation::{Machine, place};

/// The most rows that did not match that a report shows.
const OTHER_ROWS_MAX: usize = 200;
/// The most rows that matched that a report shows.
const MATCHED_ROWS_MAX: usize = 1_000;
/// The most rows that matched that the report of a call shows.
const CALL_ROWS_MAX: usize = 20;

/// The report of a decision's table: every row, cell by cell.
pub(super) fn of_decision<'a>(
    machine: &mut Machine<'a>,
    plan: &'a Plan,
    reserve: &Reserve,
    decision: &Decision,
    heard: &HeardTable,
) -> Option<TableReport> {
    let table = plan.tables.get(heard.table as usize)?;
    let shown = Shown { plan, reserve, table, heard };
    let others = (0..table.rows.len()).filter(|number| !heard.has_matched(*number)).take(OTHER_ROWS_MAX);
    let mut rows = Vec::new();
    for number in matched(heard, MATCHED_ROWS_MAX).chain(others) {
        if let Some(row) = table.rows.get(number) {
            let cells = tried_cells(machine, &shown, decision.body.frame, row);
            rows.push(shown.row(number, row, cells));
        }
    }
    Some(shown.report(rows))
}

/// The report of a function's table, of which only what matched is told.
pub(super) fn of_call(plan: &Plan, reserve: &Reserve, heard: &HeardTable) -> Option<TableReport> {
    let table = plan.tables.get(heard.table as usize)?;
    let shown = Shown { plan, reserve, table, heard };
    let rows = matched(heard, CALL_ROWS_MAX).filter_map(|number| {
        let row = table.rows.get(number)?;
        let cells = row.inputs.iter().zip(&table.inputs);
        let cells = cells.map(|(cell, column)| shown.cell(cell, column, Some(true))).collect();
        Some(shown.row(number, row, cells))
    });
    Some(shown.report(rows.collect()))
}

fn matched(heard: &HeardTable, max: usize) -> impl Iterator<Item = usize> {
    heard.matched.iter().take(max).map(|number| *number as usize)
}

fn tried_cells<'a>(machine: &mut Machine<'a>, shown: &Shown<'a, '_>, frame: u32, row: &'a Row) -> Vec<CellReport> {
    let mut reports = Vec::with_capacity(row.inputs.len());
    for (cell, column) in row.inputs.iter().zip(&shown.table.inputs) {
        let holds = machine.try_cell(frame, shown.table, &shown.heard.columns, cell, column.1);
        reports.push(shown.cell(cell, column, holds.ok()));
    }
    reports
}

/// A table that is told of.
struct Shown<'a, 'b> {
    plan: &'a Plan,
    reserve: &'b Reserve,
    table: &'a Table,
    heard: &'b HeardTable,
}

impl Shown<'_, '_> {
    fn report(&self, rows: Vec<RowReport>) -> TableReport {
        let table = self.table;
        let default = table.default.as_ref().filter(|_| self.heard.matched.is_empty());
        TableReport {
            policy: table.policy.letters(),
            columns: table
                .inputs
                .iter()
                .zip(&self.heard.columns)
                .map(|(column, value)| self.column(column, value))
                .collect(),
            rows_left_out: table.rows.len().saturating_sub(rows.len()),
            rows,
            default_used: default.is_some(),
            default: default.map(|(_, about, position)| DefaultReport {
                place: place(self.plan, *position),
                legal_basis: about.legal_basis.clone(),
                note: about.note.clone(),
                to_verify: about.to_verify.clone(),
            }),
        }
    }

    fn column(&self, (value_of, _, name): &(u32, u32, u32), value: &Value) -> ColumnReport {
        let reserved = self.reserve.is_tainted(*value_of);
        ColumnReport { text: text(self.plan, *name), value: value.clone(), reserved, concealed: false }
    }

    fn row(&self, number: usize, row: &Row, cells: Vec<CellReport>) -> RowReport {
        RowReport {
            number: number.saturating_add(1),
            place: place(self.plan, row.position),
            matched: self.heard.has_matched(number),
            legal_basis: row.about.legal_basis.clone(),
            note: row.about.note.clone(),
            to_verify: row.about.to_verify.clone(),
            annotations: annotations(self.plan, self.table, row),
            cells,
        }
    }

    /// A cell is reserved where its column is, and where its own tests name what is reserved.
    fn cell(&self, cell: &Cell, (column, ..): &(u32, u32, u32), holds: Option<bool>) -> CellReport {
        let mut reserved = self.reserve.is_tainted(*column);
        for test in &cell.tests {
            test.operands(&mut |operand, _| reserved |= self.reserve.is_tainted(operand));
        }
        CellReport { text: text(self.plan, cell.text), holds, reserved, concealed: false }
    }
}

fn annotations(plan: &Plan, table: &Table, row: &Row) -> Vec<(String, String)> {
    let named = table.annotations.iter().zip(&row.annotations);
    named.map(|(name, value)| (name.to_string(), text(plan, *value))).collect()
}

fn text(plan: &Plan, id: u32) -> String {
    plan.texts.get(id as usize).map(|text| text.to_string()).unwrap_or_default()
}
