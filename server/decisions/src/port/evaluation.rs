//! One evaluation: from facts to bytes, the same for a request, a batch, a replay and the command line.

use std::sync::atomic::AtomicBool;

use dictamen_core::{Explanation, Facts, Failure, Limits, Recorder, Request, Usage};
use dictamen_plan::{DecisionId, Plan, TableId};
use dictamen_value::Value;

use super::{Refusal, find_decision};
use crate::catalogue::{Day, Ready};

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

/// Evaluates a decision without a store: nothing is recorded.
pub fn dry_run(
    ready: &Ready,
    decision: &str,
    input: &[u8],
    day: &Day,
    limits: Limits,
    with_explanation: bool,
) -> Result<DryRun, Refusal> {
    let decision = find_decision(ready, decision)?;
    let facts = dictamen_core::read_facts(&ready.plan, decision, input).map_err(Refusal::Facts)?;
    let Evaluated { result, usage, .. } = evaluate(ready, decision, &facts, day, limits, None);
    let explanation = with_explanation.then(|| explain(ready, decision, &facts, day, limits));
    Ok(DryRun { result, usage, explanation })
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
pub(crate) fn explain(ready: &Ready, decision: DecisionId, facts: &Facts, day: &Day, limits: Limits) -> Explanation {
    dictamen_core::explain(&request(ready, decision, facts, day, limits, None))
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
