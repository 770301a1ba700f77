//! Examples of decisions, taken from the cases that hold.

use std::collections::BTreeSet;

use dictamen_compile::{CompiledCase, CompiledExpectationKind};
use dictamen_core::{Facts, Limits};
use dictamen_plan::{DecisionId, Plan};

use crate::cases::{Run, facts_of};
use crate::catalogue::{CasePlan, Catalogue, Ready};

/// What evaluating one example may use.
const LIMITS: Limits = Limits { steps_max: 200_000, depth_max: 64, rows_max: 200_000, bytes_max: 16 * 1024 * 1024 };

/// The longest example, in bytes.
const EXAMPLE_BYTES_MAX: usize = 16 * 1024;

/// Facts of a decision with what they give.
#[derive(Clone, Debug)]
pub struct Example {
    /// The decision, by its position in the plan.
    pub decision: DecisionId,
    /// What the case is about.
    pub title: String,
    /// The body of the request.
    pub request: String,
    /// The outcome's JSON.
    pub outcome: String,
}

/// For each decision of a ruleset, the first case that holds and asks it.
pub fn examples(catalogue: &Catalogue, ready: &Ready) -> Vec<Example> {
    let Some(plan) = catalogue.case_plan_of(ready) else { return Vec::new() };
    let mut wanted: BTreeSet<DecisionId> = ready.public_decisions().map(|(id, _)| id).collect();
    let mut found = Vec::new();
    for (position, day) in &plan.cases {
        let Some(case) = plan.compiled.get(*position) else { continue };
        let run = Run { plan: &plan, day: *day, limits: LIMITS, facts: facts_of(&plan, case) };
        let asked = asked(&plan.plan, case);
        let of_interest: Vec<DecisionId> = asked.intersection(&wanted).copied().collect();
        if of_interest.is_empty() || !run.case(case).passed() {
            continue;
        }
        for decision in of_interest {
            if let Some(example) = example(&plan, case, &run, decision) {
                wanted.remove(&decision);
                found.push(example);
            }
        }
    }
    found
}

/// The decisions that a case asks, directly or through others.
fn asked(plan: &Plan, case: &CompiledCase) -> BTreeSet<DecisionId> {
    let mut waiting: Vec<DecisionId> = Vec::new();
    for expectation in &case.expectations {
        match &expectation.kind {
            CompiledExpectationKind::Equal(actual, _) => waiting.push(*actual),
            CompiledExpectationKind::Holds(condition) => waiting.push(*condition),
            CompiledExpectationKind::Fails(..) => {}
        }
    }
    let mut met = BTreeSet::new();
    while let Some(decision) = waiting.pop() {
        if met.insert(decision) {
            waiting.extend(plan.decisions.get(decision as usize).into_iter().flat_map(|decision| &decision.asks));
        }
    }
    met
}

fn example(plan: &CasePlan, case: &CompiledCase, run: &Run<'_>, decision: DecisionId) -> Option<Example> {
    let outcome = run.evaluate(decision).ok()?.to_json();
    let compiled = &plan.plan;
    let needs = &compiled.decisions.get(decision as usize)?.needs;
    let mut facts = Facts::new(compiled);
    let is_open = |input: &u32| compiled.inputs.get(*input as usize).is_some_and(|it| it.about.reserved.is_none());
    let needed = || case.facts.iter().filter(|(input, _)| needs.contains(input));
    // Without its reserved facts it would be another request, with another answer.
    if !needed().all(|(input, _)| is_open(input)) {
        return None;
    }
    for (input, value) in needed() {
        facts.set(*input, value.clone());
    }
    let input = String::from_utf8(facts.to_json(compiled)).ok()?;
    let as_of = run.day.as_of;
    let known_at = case.known_at.map(|moment| format!(",\"known_at\":\"{moment}\"")).unwrap_or_default();
    let request = format!("{{\"input\":{input},\"as_of\":\"{as_of}\"{known_at}}}");
    let fits = request.len().saturating_add(outcome.len()) <= EXAMPLE_BYTES_MAX;
    fits.then(|| Example { decision, title: case.title.to_string(), request, outcome })
}
