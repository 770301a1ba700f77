//! Rows of a table, cell by cell: why some matched and why others did not.

use dictamen_plan::{Decision, Plan, Row, Table};

use super::collector::HeardTable;
use super::{CellReport, ColumnReport, DefaultReport, RowReport, TableReport};
use crate::evaluation::{Machine, place};

/// The most rows that did not match that a report shows.
const OTHER_ROWS_MAX: usize = 200;
/// The most rows that matched that a report shows.
const MATCHED_ROWS_MAX: usize = 1_000;

/// The report of a decision's table.
pub(super) fn report<'a>(
    machine: &mut Machine<'a>,
    plan: &'a Plan,
    decision: &Decision,
    heard: &HeardTable,
) -> Option<TableReport> {
    let table = plan.tables.get(heard.table as usize)?;
    let mut rows = Vec::new();
    for number in heard.matched.iter().take(MATCHED_ROWS_MAX) {
        rows.extend(row(machine, plan, decision, table, heard, *number as usize));
    }
    for number in (0..table.rows.len()).filter(|number| !heard.has_matched(*number)).take(OTHER_ROWS_MAX) {
        rows.extend(row(machine, plan, decision, table, heard, number));
    }
    let default = table.default.as_ref().filter(|_| heard.matched.is_empty());
    Some(TableReport {
        policy: table.policy.letters(),
        columns: columns(plan, table, heard),
        rows_left_out: table.rows.len().saturating_sub(rows.len()),
        rows,
        default_used: default.is_some(),
        default: default.map(|(_, about, position)| DefaultReport {
            place: place(plan, *position),
            legal_basis: about.legal_basis.clone(),
            note: about.note.clone(),
        }),
    })
}

fn columns(plan: &Plan, table: &Table, heard: &HeardTable) -> Vec<ColumnReport> {
    let column = |((_, _, name), value): (&(u32, u32, u32), &dictamen_value::Value)| ColumnReport {
        text: text(plan, *name),
        value: value.clone(),
    };
    table.inputs.iter().zip(&heard.columns).map(column).collect()
}

fn row<'a>(
    machine: &mut Machine<'a>,
    plan: &'a Plan,
    decision: &Decision,
    table: &'a Table,
    heard: &HeardTable,
    number: usize,
) -> Option<RowReport> {
    let row = table.rows.get(number)?;
    Some(RowReport {
        number: number.saturating_add(1),
        place: place(plan, row.position),
        matched: heard.has_matched(number),
        legal_basis: row.about.legal_basis.clone(),
        note: row.about.note.clone(),
        annotations: annotations(plan, table, row),
        cells: cells(machine, plan, decision, table, heard, row),
    })
}

fn annotations(plan: &Plan, table: &Table, row: &Row) -> Vec<(String, String)> {
    let named = table.annotations.iter().zip(&row.annotations);
    named.map(|(name, value)| (name.to_string(), text(plan, *value))).collect()
}

fn cells<'a>(
    machine: &mut Machine<'a>,
    plan: &'a Plan,
    decision: &Decision,
    table: &'a Table,
    heard: &HeardTable,
    row: &'a Row,
) -> Vec<CellReport> {
    let mut reports = Vec::with_capacity(row.inputs.len());
    for (cell, (_, local, _)) in row.inputs.iter().zip(&table.inputs) {
        let holds = machine.try_cell(decision.body.frame, table, &heard.columns, cell, *local);
        reports.push(CellReport { text: text(plan, cell.text), holds: holds.ok() });
    }
    reports
}

fn text(plan: &Plan, id: u32) -> String {
    plan.texts.get(id as usize).map(|text| text.to_string()).unwrap_or_default()
}
