//! Runs both evaluators on one text and says where they disagree.

use std::collections::BTreeMap;

use dictamen_compile::Compiled;
use dictamen_core::{Facts, Nothing, Record, Recorder};
use dictamen_model::graph::{DecisionId, Model};
use dictamen_plan::Plan;
use dictamen_syntax::{Diagnostic, Severity, Source, SourceId};
use dictamen_value::Value;

use super::facts::Request;

/// A text that was parsed, checked and compiled.
#[derive(Debug)]
pub struct Ready {
    /// What the naive evaluator walks.
    pub model: Model,
    /// What the engine runs.
    pub compiled: Compiled,
    /// The plan after a trip through its bytes.
    pub reread: Plan,
}

/// Why a text is not ready to run.
#[derive(Debug)]
pub enum NotReady {
    /// It has errors, as an analyst may make them.
    Errors(Vec<String>),
    /// It has none, and yet something went wrong: a mistake of ours.
    Broken(String),
}

/// Parses, checks and compiles a text.
pub fn prepare(text: &str) -> Result<Ready, NotReady> {
    let source = Source::new("generada.regla", text);
    let names = dictamen_model::names();
    let parsed = dictamen_syntax::parse(&source, SourceId(0), &names);
    let sources = [source];
    let unit = dictamen_model::Unit { sources: &sources, files: vec![&parsed.file], root: 0 };
    let checked = dictamen_model::check(&unit);
    let errors: Vec<String> = parsed
        .diagnostics
        .iter()
        .chain(&checked.diagnostics)
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| describe(diagnostic, &sources[0]))
        .collect();
    if !errors.is_empty() {
        return Err(NotReady::Errors(errors));
    }
    let compiled = dictamen_compile::compile(&checked.model, &sources)
        .map_err(|message| NotReady::Broken(format!("does not compile: {}", message.en)))?;
    let bytes = compiled.plan.to_bytes().map_err(|error| NotReady::Broken(format!("no bytes: {error:?}")))?;
    let reread = Plan::from_bytes(&bytes).map_err(|error| NotReady::Broken(format!("bytes not read: {error:?}")))?;
    if reread != compiled.plan {
        return Err(NotReady::Broken("the plan read from its bytes is another".into()));
    }
    Ok(Ready { model: checked.model, compiled, reread })
}

fn describe(diagnostic: &Diagnostic, source: &Source) -> String {
    let line = source.line(diagnostic.span).trim();
    format!("{} {}: {} | {line}", source.place(diagnostic.span), diagnostic.code, diagnostic.message.en)
}

/// What both evaluators made of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreed {
    /// The same outcome.
    Outcome,
    /// Failures of one family, with the engine's code.
    Failure(String),
    /// One of them ran into a limit, which they count differently.
    Limit,
}

/// Two evaluations that should be the same and are not.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// The decision.
    pub decision: String,
    /// What was evaluated how, and what came of it.
    pub what: String,
}

/// Outcome bytes, or the code of a failure.
type Result_ = Result<String, String>;

/// Evaluates every decision of a text for a request with both evaluators, and by every way there is into the engine.
pub fn compare(ready: &Ready, request: &Request) -> Result<Vec<Agreed>, Disagreement> {
    let count = DecisionId::try_from(ready.model.decisions.len()).unwrap_or(DecisionId::MAX);
    (0..count).map(|decision| compare_decision(ready, request, decision)).collect()
}

fn compare_decision(ready: &Ready, request: &Request, decision: DecisionId) -> Result<Agreed, Disagreement> {
    let name = ready.model.decisions[decision as usize].name.to_string();
    let disagree = |what: String| Disagreement { decision: name.clone(), what };
    let reference = by_reference(ready, request, decision);
    let facts = facts_of(&ready.compiled.plan, &request.facts);
    let engine = by_engine(&ready.compiled.plan, ready, &facts, request, decision, &mut Nothing);
    let agreed = agreement(&reference, &engine)
        .ok_or_else(|| disagree(format!("reference: {reference:?}\nengine:    {engine:?}")))?;
    let mut others = vec![
        ("recorded", by_engine(&ready.compiled.plan, ready, &facts, request, decision, &mut Record::default())),
        ("plan from bytes", by_engine(&ready.reread, ready, &facts, request, decision, &mut Nothing)),
    ];
    let json = facts.to_json(&ready.compiled.plan);
    match dictamen_core::read_facts(&ready.compiled.plan, decision, &json) {
        Ok(read) => {
            others.push(("facts from JSON", by_engine(&ready.compiled.plan, ready, &read, request, decision, &mut Nothing)));
            let again = read.to_json(&ready.compiled.plan);
            if again != json {
                return Err(disagree(format!("facts {} are written again as {}", lossy(&json), lossy(&again))));
            }
        }
        Err(errors) => return Err(disagree(format!("facts {} are refused: {errors:?}", lossy(&json)))),
    }
    for (how, other) in others {
        if other != engine {
            return Err(disagree(format!("plainly: {engine:?}\n{how}: {other:?}")));
        }
    }
    Ok(agreed)
}

fn by_reference(ready: &Ready, request: &Request, decision: DecisionId) -> Result_ {
    let limits = dictamen_reference::Limits { steps_max: 200_000, ..dictamen_reference::Limits::default() };
    let outcome =
        dictamen_reference::evaluate(&ready.model, decision, &request.facts, request.as_of, request.known_at, limits);
    outcome.map(|value| value.to_json()).map_err(|failure| failure.code.to_owned())
}

fn by_engine<R: Recorder>(
    plan: &Plan,
    ready: &Ready,
    facts: &Facts,
    request: &Request,
    decision: DecisionId,
    recorder: &mut R,
) -> Result_ {
    let limits = dictamen_core::Limits { steps_max: 200_000, ..dictamen_core::Limits::default() };
    let request = dictamen_core::Request {
        plan,
        parameters: &ready.compiled.parameters,
        decision,
        facts,
        as_of: request.as_of,
        known_at: request.known_at,
        limits,
        cancel: None,
    };
    let (outcome, _) = dictamen_core::evaluate(&request, recorder);
    outcome.map(|value| value.to_json()).map_err(|failure| failure.code.to_string())
}

/// The facts of a request as the engine takes them.
pub fn facts_of(plan: &Plan, values: &BTreeMap<u32, Value>) -> Facts {
    let mut facts = Facts::new(plan);
    for (input, value) in values {
        facts.set(*input, value.clone());
    }
    facts
}

fn agreement(reference: &Result_, engine: &Result_) -> Option<Agreed> {
    let limited = |result: &Result_| result.as_ref().is_err_and(|code| code.starts_with("limite."));
    if limited(reference) || limited(engine) {
        return Some(Agreed::Limit);
    }
    match (reference, engine) {
        (Ok(one), Ok(other)) if one == other => Some(Agreed::Outcome),
        (Err(one), Err(other)) if family(one) == family(other) => Some(Agreed::Failure(other.clone())),
        _ => None,
    }
}

fn family(code: &str) -> &str {
    code.split('.').next().unwrap_or_default()
}

fn lossy(json: &[u8]) -> String {
    String::from_utf8_lossy(json).into_owned()
}
