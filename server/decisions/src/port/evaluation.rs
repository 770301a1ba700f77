//! One evaluation: from facts to bytes, the same for a request, a batch, a replay and the command line.

use std::sync::atomic::AtomicBool;

use dictamen_core::{Explanation, Facts, Failure, Form, Limits, Nothing, Recorder, Request, Usage};
use dictamen_plan::{DecisionId, Plan, TableId};
use dictamen_value::{Language, Value};

use super::{Refusal, find_decision};
use crate::catalogue::{Day, Ready};
use crate::explain::letter::{Letter, Sources, Written};

/// What an evaluation gave.
#[derive(Clone, Debug)]
pub(crate) struct Evaluated {
    /// The outcome's JSON, or why there is none.
    pub(crate) result: Result<Vec<u8>, Failure>,
    /// What it used.
    pub(crate) usage: Usage,
    /// Tables in the order they were evaluated, each with how many of its rows matched.
    pub(crate) matched: Vec<(TableId, u64)>,
}

/// Counts the rows that matched, for the metrics.
#[derive(Debug, Default)]
struct Matched(Vec<(TableId, u64)>);

impl Recorder for Matched {
    fn table(&mut self, _plan: &Plan, table: TableId, _columns: &[Value], matched: &[u32]) {
        self.0.push((table, matched.len() as u64));
    }
}

/// An evaluation that leaves no trace.
#[derive(Clone, Debug)]
pub struct DryRun {
    /// The outcome's JSON, or why there is none.
    pub result: Result<Vec<u8>, Failure>,
    /// What it used.
    pub usage: Usage,
    /// Why, if that was asked for.
    pub explanation: Option<Explanation>,
}

/// Evaluates a decision without a store: nothing is recorded. `told` is the form of the explanation, where one is wanted.
pub fn dry_run(
    ready: &Ready,
    decision: &str,
    input: &[u8],
    day: &Day,
    limits: Limits,
    told: Option<Form>,
) -> Result<DryRun, Refusal> {
    let decision = find_decision(ready, decision, true)?;
    let facts = dictamen_core::read_facts(&ready.plan, decision, input).map_err(Refusal::Facts)?;
    let Evaluated { result, usage, .. } = evaluate(ready, decision, &facts, day, limits, None);
    let explanation = told.map(|form| explain(ready, decision, &facts, day, limits, form));
    Ok(DryRun { result, usage, explanation })
}

/// Writes the letter of a decision without a store; the failure is that of the ruleset's own words for it.
pub fn dry_letter(
    ready: &Ready,
    decision: &str,
    input: &[u8],
    day: &Day,
    limits: Limits,
    language: Language,
) -> Result<Written, Refusal> {
    let decision = find_decision(ready, decision, true)?;
    let facts = dictamen_core::read_facts(&ready.plan, decision, input).map_err(Refusal::Facts)?;
    let asked = Asked { ready, decision, facts: &facts, day, limits };
    Ok(write_letter(&asked, None, language))
}

/// A decision with its facts and dates.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) ready: &'a Ready,
    pub(crate) decision: DecisionId,
    pub(crate) facts: &'a Facts,
    pub(crate) day: &'a Day,
    pub(crate) limits: Limits,
}

/// Writes the letter of a decision: from its public explanation, and from what the ruleset says, unless nothing was decided.
pub(crate) fn write_letter(asked: &Asked<'_>, trace_id: Option<&str>, language: Language) -> Written {
    let Asked { ready, decision, facts, day, limits } = *asked;
    let explanation = explain(ready, decision, facts, day, limits, Form::Public);
    let letter = ready.plan.letter(decision).filter(|_| explanation.outcome.is_ok());
    let said = letter.map(|letter| said(asked, letter.body)).transpose()?;
    let sources = Sources {
        ready,
        decision,
        explanation: &explanation,
        said: said.as_ref(),
        facts: &facts.to_json(&ready.plan),
        date: day.as_of,
        trace_id,
    };
    Ok(Letter::of(&sources, language))
}

fn said(asked: &Asked<'_>, body: DecisionId) -> Result<Value, Box<Failure>> {
    let Asked { ready, facts, day, limits, .. } = *asked;
    let (outcome, _) = dictamen_core::evaluate(&request(ready, body, facts, day, limits, None), &mut Nothing);
    outcome.map_err(|failure| Box::new(dictamen_core::conceal(&ready.plan, &failure)))
}

/// Evaluates a decision.
pub(crate) fn evaluate(
    ready: &Ready,
    decision: DecisionId,
    facts: &Facts,
    day: &Day,
    limits: Limits,
    cancel: Option<&AtomicBool>,
) -> Evaluated {
    let mut matched = Matched::default();
    let request = request(ready, decision, facts, day, limits, cancel);
    let (result, usage) = dictamen_core::evaluate(&request, &mut matched);
    let result = result.map(|outcome| {
        let mut bytes = Vec::with_capacity(256);
        outcome.write_json(&mut bytes);
        bytes
    });
    Evaluated { result, usage, matched: matched.0 }
}

/// Why a decision comes out as it does.
pub(crate) fn explain(
    ready: &Ready,
    decision: DecisionId,
    facts: &Facts,
    day: &Day,
    limits: Limits,
    form: Form,
) -> Explanation {
    dictamen_core::explain(&request(ready, decision, facts, day, limits, None), form)
}

fn request<'a>(
    ready: &'a Ready,
    decision: DecisionId,
    facts: &'a Facts,
    day: &Day,
    limits: Limits,
    cancel: Option<&'a AtomicBool>,
) -> Request<'a> {
    Request {
        plan: &ready.plan,
        parameters: &ready.parameters,
        decision,
        facts,
        as_of: day.as_of,
        known_at: day.known_at,
        limits,
        cancel,
    }
}
