//! Hears an evaluation and keeps what reports need.

use dictamen_plan::{Decision, DecisionId, Op, ParameterId, Plan, TableId};
use dictamen_value::{Date, Message, Value};

use super::{DecisionReport, ParameterReport, rows};
use crate::evaluation::{Machine, decision_name, place};
use crate::{Failure, Recorder, Request};

/// The most parameters that a decision's report lists.
const PARAMETERS_MAX: usize = 200;
/// The most diagnostics that a decision's report lists.
const DIAGNOSTICS_MAX: usize = 100;

/// What was heard of all decisions.
pub(super) struct Collector<'a> {
    request: Request<'a>,
    /// Decisions that are being made, outermost first.
    running: Vec<Heard>,
    /// Decisions that have ended, in order.
    ended: Vec<(Heard, Result<Value, Failure>)>,
}

/// What was heard of one decision.
struct Heard {
    decision: DecisionId,
    table: Option<HeardTable>,
    parameters: Vec<(ParameterId, Date, usize)>,
    diagnostics: Vec<Failure>,
}

/// A table with the values of its columns and the rows that matched.
pub(super) struct HeardTable {
    pub(super) table: TableId,
    pub(super) columns: Vec<Value>,
    pub(super) matched: Vec<u32>,
}

impl HeardTable {
    /// Whether a row, by its position, matched.
    pub(super) fn has_matched(&self, row: usize) -> bool {
        u32::try_from(row).is_ok_and(|row| self.matched.binary_search(&row).is_ok())
    }
}

impl Recorder for Collector<'_> {
    fn deciding(&mut self, _plan: &Plan, decision: DecisionId) {
        self.running.push(Heard { decision, table: None, parameters: Vec::new(), diagnostics: Vec::new() });
    }

    fn decided(&mut self, _plan: &Plan, _decision: DecisionId, outcome: Result<&Value, &Failure>) {
        if let Some(heard) = self.running.pop() {
            self.ended.push((heard, outcome.cloned().map_err(Clone::clone)));
        }
    }

    fn table(&mut self, plan: &Plan, table: TableId, columns: &[Value], matched: &[u32]) {
        let Some(heard) = self.running.last_mut() else { return };
        // A table inside a function that the decision calls is not the decision's own.
        if table_of(plan, heard.decision) == Some(table) {
            heard.table = Some(HeardTable { table, columns: columns.to_vec(), matched: matched.to_vec() });
        }
    }

    fn parameter(&mut self, _plan: &Plan, parameter: ParameterId, day: Date, row: usize) {
        let Some(heard) = self.running.last_mut() else { return };
        let read = (parameter, day, row);
        if heard.parameters.len() < PARAMETERS_MAX && !heard.parameters.contains(&read) {
            heard.parameters.push(read);
        }
    }

    fn diagnostic(&mut self, _plan: &Plan, failure: &Failure, _explanation: &Message) {
        let Some(heard) = self.running.last_mut() else { return };
        if heard.diagnostics.len() < DIAGNOSTICS_MAX {
            heard.diagnostics.push(failure.clone());
        }
    }
}

impl<'a> Collector<'a> {
    pub(super) fn new(request: &Request<'a>) -> Collector<'a> {
        Collector { request: *request, running: Vec::new(), ended: Vec::new() }
    }

    /// Reports of all decisions that have ended; the machine tries the cells of their tables.
    pub(super) fn reports(self, machine: &mut Machine<'a>) -> Vec<DecisionReport> {
        let request = self.request;
        let reports = self.ended.into_iter().filter_map(|(heard, outcome)| {
            let decision = request.plan.decisions.get(heard.decision as usize)?;
            Some(report(&request, machine, decision, heard, outcome))
        });
        reports.collect()
    }
}

fn report<'a>(
    request: &Request<'a>,
    machine: &mut Machine<'a>,
    decision: &'a Decision,
    heard: Heard,
    outcome: Result<Value, Failure>,
) -> DecisionReport {
    let plan = request.plan;
    let about = &decision.about;
    DecisionReport {
        name: decision_name(plan, heard.decision),
        title: about.title.clone(),
        legal_basis: about.legal_basis.clone(),
        note: about.note.clone(),
        to_verify: about.to_verify.clone(),
        place: place(plan, decision.position),
        outcome,
        table: heard.table.and_then(|table| rows::report(machine, plan, decision, &table)),
        parameters: heard.parameters.iter().filter_map(|read| parameter(request, *read)).collect(),
        asks: decision.asks.iter().map(|asked| decision_name(plan, *asked)).collect(),
        diagnostics: heard.diagnostics,
    }
}

fn parameter(request: &Request<'_>, (id, day, row): (ParameterId, Date, usize)) -> Option<ParameterReport> {
    let (name, _, about) = request.plan.parameters.get(id as usize)?;
    let row = request.parameters.parameters.get(id as usize)?.rows.get(row)?;
    Some(ParameterReport {
        name: name.to_string(),
        day,
        value: row.value.clone(),
        from: row.from,
        to: row.to,
        known: row.known,
        legal_basis: row.about.legal_basis.clone().or_else(|| about.legal_basis.clone()),
        note: row.about.note.clone().or_else(|| about.note.clone()),
        to_verify: row.about.to_verify.clone().or_else(|| about.to_verify.clone()),
    })
}

/// The table that a decision is, if it is one.
fn table_of(plan: &Plan, decision: DecisionId) -> Option<TableId> {
    let root = plan.decisions.get(decision as usize)?.body.root;
    match plan.operations.get(root as usize)? {
        Op::Table(table) => Some(*table),
        _ => None,
    }
}
