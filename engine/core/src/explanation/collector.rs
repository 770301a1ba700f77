//! Hears an evaluation and keeps what reports need.

use std::sync::Arc;

use dictamen_plan::{Decision, DecisionId, FunctionId, Op, ParameterId, Plan, TableId};
use dictamen_value::{Date, Message, Value};

use super::reserve::{self, Reserve};
use super::{CallReport, DecisionReport, ParameterReport, rows};
use crate::evaluation::{Machine, decision_name, function_name, place};
use crate::{Failure, Recorder, Request};

/// The most parameters that a decision's report lists.
const PARAMETERS_MAX: usize = 200;
/// The most diagnostics that a decision's report lists.
const DIAGNOSTICS_MAX: usize = 100;
/// The most tables of functions that a decision's report lists.
const CALLS_MAX: usize = 100;

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
    /// Declared functions that are running, outermost first.
    functions: Vec<FunctionId>,
    calls: Vec<HeardCall>,
    calls_left_out: usize,
    parameters: Vec<HeardParameter>,
    diagnostics: Vec<Failure>,
}

/// A table of a function with what it was called for, and whether that was inside of a reserved function.
#[derive(PartialEq)]
struct HeardCall {
    function: FunctionId,
    table: HeardTable,
    within_reserved: bool,
}

/// A parameter that was read at a day, in which row, and whether that was inside of a reserved function.
#[derive(Clone, Copy, PartialEq)]
struct HeardParameter {
    parameter: ParameterId,
    day: Date,
    row: usize,
    within_reserved: bool,
}

/// A table with the values of its columns and the rows that matched.
#[derive(PartialEq)]
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
        self.running.push(Heard::of(decision));
    }

    fn decided(&mut self, _plan: &Plan, _decision: DecisionId, outcome: Result<&Value, &Failure>) {
        if let Some(heard) = self.running.pop() {
            self.ended.push((heard, outcome.cloned().map_err(Clone::clone)));
        }
    }

    fn calling(&mut self, _plan: &Plan, function: FunctionId) {
        self.running.iter_mut().last().into_iter().for_each(|heard| heard.functions.push(function));
    }

    fn called(&mut self, _plan: &Plan, _function: FunctionId) {
        self.running.iter_mut().last().into_iter().for_each(|heard| _ = heard.functions.pop());
    }

    fn table(&mut self, plan: &Plan, table: TableId, columns: &[Value], matched: &[u32]) {
        let Some(heard) = self.running.last_mut() else { return };
        let told = || HeardTable { table, columns: columns.to_vec(), matched: matched.to_vec() };
        // A table inside a function that the decision calls is not the decision's own.
        match heard.functions.last() {
            Some(function) => heard.call(plan, *function, told()),
            None if table_of(plan, heard.decision) == Some(table) => heard.table = Some(told()),
            None => {}
        }
    }

    fn parameter(&mut self, plan: &Plan, parameter: ParameterId, day: Date, row: usize) {
        let Some(heard) = self.running.last_mut() else { return };
        let read = HeardParameter { parameter, day, row, within_reserved: heard.is_within_reserved(plan) };
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

impl Heard {
    fn of(decision: DecisionId) -> Heard {
        Heard {
            decision,
            table: None,
            functions: Vec::new(),
            calls: Vec::new(),
            calls_left_out: 0,
            parameters: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    fn is_within_reserved(&self, plan: &Plan) -> bool {
        self.functions.iter().any(|function| reserve::function_reserve(plan, *function).is_some())
    }

    /// Remembers a call, each once.
    fn call(&mut self, plan: &Plan, function: FunctionId, table: HeardTable) {
        let call = HeardCall { function, table, within_reserved: self.is_within_reserved(plan) };
        if self.calls.contains(&call) {
            return;
        }
        match self.calls.len() < CALLS_MAX {
            true => self.calls.push(call),
            false => self.calls_left_out = self.calls_left_out.saturating_add(1),
        }
    }
}

impl<'a> Collector<'a> {
    pub(super) fn new(request: &Request<'a>) -> Collector<'a> {
        Collector { request: *request, running: Vec::new(), ended: Vec::new() }
    }

    /// Reports of all decisions that have ended; the machine tries the cells of their tables.
    pub(super) fn reports(self, machine: &mut Machine<'a>, reserve: &Reserve) -> Vec<DecisionReport> {
        let request = self.request;
        let told = reserve.told(request.plan, request.decision);
        let reports = self.ended.into_iter().filter_map(|(heard, outcome)| {
            let decision = request.plan.decisions.get(heard.decision as usize)?;
            let is_told = told.contains(&heard.decision);
            Some(DecisionReport { is_told, ..report(&request, machine, reserve, decision, heard, outcome) })
        });
        reports.collect()
    }
}

fn report<'a>(
    request: &Request<'a>,
    machine: &mut Machine<'a>,
    reserve: &Reserve,
    decision: &'a Decision,
    heard: Heard,
    outcome: Result<Value, Failure>,
) -> DecisionReport {
    let plan = request.plan;
    let about = &decision.about;
    let names = |ids: &[DecisionId]| ids.iter().map(|asked| decision_name(plan, *asked)).collect();
    DecisionReport {
        name: decision_name(plan, heard.decision),
        title: about.title.clone(),
        legal_basis: about.legal_basis.clone(),
        note: about.note.clone(),
        to_verify: about.to_verify.clone(),
        reserved: about.reserved.clone(),
        place: place(plan, decision.position),
        outcome,
        table: heard.table.and_then(|table| rows::of_decision(machine, plan, reserve, decision, &table)),
        calls: heard.calls.iter().filter_map(|call| call_report(plan, reserve, call)).collect(),
        calls_left_out: heard.calls_left_out,
        parameters: heard.parameters.iter().filter_map(|read| parameter(request, *read)).collect(),
        asks: names(&decision.asks),
        diagnostics: heard.diagnostics,
        is_told: true,
        touches_reserved: reserve.touches(heard.decision),
        public_asks: names(&reserve.asks(plan, heard.decision)),
    }
}

fn call_report(plan: &Plan, reserve: &Reserve, call: &HeardCall) -> Option<CallReport> {
    let function = plan.functions.get(call.function as usize)?;
    let about = &function.about;
    Some(CallReport {
        name: function_name(plan, call.function),
        title: about.title.clone(),
        legal_basis: about.legal_basis.clone(),
        note: about.note.clone(),
        to_verify: about.to_verify.clone(),
        reserved: about.reserved.clone(),
        place: place(plan, function.position),
        table: rows::of_call(plan, reserve, &call.table)?,
        within_reserved: call.within_reserved,
    })
}

fn parameter(request: &Request<'_>, read: HeardParameter) -> Option<ParameterReport> {
    let (name, _, about) = request.plan.parameters.get(read.parameter as usize)?;
    let row = request.parameters.parameters.get(read.parameter as usize)?.rows.get(read.row)?;
    Some(ParameterReport {
        name: name.to_string(),
        title: about.title.clone(),
        day: read.day,
        value: row.value.clone(),
        from: row.from,
        to: row.to,
        known: row.known,
        legal_basis: row.about.legal_basis.clone().or_else(|| about.legal_basis.clone()),
        note: row.about.note.clone().or_else(|| about.note.clone()),
        to_verify: both(row.about.to_verify.as_ref(), about.to_verify.as_ref()),
        reserved: about.reserved.clone(),
        within_reserved: read.within_reserved,
    })
}

/// What is not sure about a row, and about its parameter as a whole.
fn both(row: Option<&Arc<str>>, whole: Option<&Arc<str>>) -> Option<Arc<str>> {
    match (row, whole) {
        (Some(row), Some(whole)) if row != whole => Some(format!("{row} {whole}").into()),
        _ => row.or(whole).cloned(),
    }
}

/// The table that a decision is, if it is one.
fn table_of(plan: &Plan, decision: DecisionId) -> Option<TableId> {
    let root = plan.decisions.get(decision as usize)?.body.root;
    match plan.operations.get(root as usize)? {
        Op::Table(table) => Some(*table),
        _ => None,
    }
}
