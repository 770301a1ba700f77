//! Runs both evaluators on one text and says where they disagree.

use std::collections::BTreeMap;

use dictamen_compile::Compiled;
use dictamen_core::{Facts, Form, Nothing, Prepared, Record, Recorder};
use dictamen_model::graph::{DecisionId, Model};
use dictamen_plan::Plan;
use dictamen_syntax::{Diagnostic, Parsed, Severity, Source, SourceId};
use dictamen_value::Value;

use super::facts::Request;
use super::ways::by_session;

/// A text that was parsed, checked and compiled.
#[derive(Debug)]
pub struct Ready {
    /// What the naive evaluator walks.
    pub model: Model,
    /// What was compiled.
    pub compiled: Compiled,
    /// What the engine runs.
    pub plan: Prepared,
    /// The plan after a trip through its bytes.
    pub reread: Prepared,
}

/// Why a text is not ready to run.
#[derive(Debug)]
pub enum NotReady {
    /// It has errors, as an analyst may make them.
    Errors(Vec<String>),
    /// It has none, and yet something went wrong: a mistake of ours.
    Broken(String),
}

/// Parses, checks and compiles a text that imports nothing.
pub fn prepare(text: &str) -> Result<Ready, NotReady> {
    prepare_unit(&[Source::new("generada.regla", text)])
}

/// Parses, checks and compiles the first of some texts, with the others as what it may import.
pub fn prepare_unit(sources: &[Source]) -> Result<Ready, NotReady> {
    let names = dictamen_model::names();
    let parsed: Vec<Parsed> =
        (0..).zip(sources).map(|(id, source)| dictamen_syntax::parse(source, SourceId(id), &names)).collect();
    let files = parsed.iter().map(|parsed| &parsed.file).collect();
    let checked = dictamen_model::check(&dictamen_model::Unit { sources, files, root: 0 });
    let diagnostics = parsed.iter().flat_map(|parsed| &parsed.diagnostics).chain(&checked.diagnostics);
    let errors: Vec<String> = diagnostics
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| describe(diagnostic, sources))
        .collect();
    if !errors.is_empty() {
        return Err(NotReady::Errors(errors));
    }
    let compiled = dictamen_compile::compile(&checked.model, sources)
        .map_err(|message| NotReady::Broken(format!("does not compile\n{}", message.en)))?;
    let bytes = compiled.plan.to_bytes().map_err(|error| NotReady::Broken(format!("no bytes\n{error:?}")))?;
    let reread = Plan::from_bytes(&bytes).map_err(|error| NotReady::Broken(format!("bytes not read\n{error:?}")))?;
    if reread != compiled.plan {
        return Err(NotReady::Broken("bytes\nthe plan read from its bytes is another".into()));
    }
    let plan = Prepared::new(compiled.plan.clone());
    Ok(Ready { model: checked.model, compiled, plan, reread: reread.into() })
}

fn describe(diagnostic: &Diagnostic, sources: &[Source]) -> String {
    let source = &sources[diagnostic.span.source.0 as usize];
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
    /// Decisions of the text were made by columns, with the same outcomes.
    ByColumns,
}

/// Two evaluations that should be the same and are not.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// The decision.
    pub decision: String,
    /// What was evaluated how, and what came of it.
    pub what: String,
}

/// Codes that both evaluators must give alike.
const EXACT: [&str; 4] = ["tabla.sin-fila", "parametro.sin-valor", "evaluacion.restriccion", "funcion.dominio"];

/// Outcome bytes, or the code of a failure.
pub(super) type Result_ = Result<String, String>;

/// Evaluates every decision of a text for a request with both evaluators, and by every way there is into the engine.
pub fn compare(ready: &Ready, request: &Request) -> Result<Vec<Agreed>, Disagreement> {
    let count = DecisionId::try_from(ready.model.decisions.len()).unwrap_or(DecisionId::MAX);
    (0..count).map(|decision| compare_decision(ready, request, decision)).collect()
}

/// What the engine makes of every decision: outcome bytes or the code of a failure.
pub fn outcomes(ready: &Ready, request: &Request) -> Vec<(String, Result<String, String>)> {
    let plan = &ready.plan;
    let facts = facts_of(plan, &request.facts);
    let evaluated = (0..)
        .zip(&plan.decisions)
        .map(|(id, decision)| (decision.name.to_string(), by_engine(plan, ready, &facts, request, id, &mut Nothing)));
    evaluated.collect()
}

fn compare_decision(ready: &Ready, request: &Request, decision: DecisionId) -> Result<Agreed, Disagreement> {
    let name = ready.model.decisions[decision as usize].name.to_string();
    let disagree = |what: String| Disagreement { decision: name.clone(), what };
    let reference = by_reference(ready, request, decision);
    let facts = facts_of(&ready.compiled.plan, &request.facts);
    let engine = by_engine(&ready.plan, ready, &facts, request, decision, &mut Nothing);
    let agreed = agreement(&reference, &engine)
        .ok_or_else(|| disagree(format!("reference: {reference:?}\nengine:    {engine:?}")))?;
    if let Some(value) = untyped_outcome(ready, request, decision) {
        return Err(disagree(format!("an outcome that is not of its type\n{value}")));
    }
    let mut others = vec![
        ("recorded", by_engine(&ready.plan, ready, &facts, request, decision, &mut Record::default())),
        ("plan from bytes", by_engine(&ready.reread, ready, &facts, request, decision, &mut Nothing)),
    ];
    let json = facts.to_json(&ready.compiled.plan);
    match dictamen_core::read_facts(&ready.compiled.plan, decision, &json) {
        Ok(read) => {
            // JSON does not tell a date from a text where no type does: such facts come back as others.
            if read == facts || !ready.model.dmn_mode {
                others.push(("facts from JSON", by_engine(&ready.plan, ready, &read, request, decision, &mut Nothing)));
            }
            let again = read.to_json(&ready.compiled.plan);
            if !ready.model.dmn_mode {
                others.push(("session", by_session(ready, request, decision, &json).map_err(&disagree)?));
            }
            if again != json {
                return Err(disagree(format!("facts {} are written again as {}", lossy(&json), lossy(&again))));
            }
        }
        Err(errors) => return Err(disagree(format!("facts {} are refused: {errors:?}", lossy(&json)))),
    }
    others.push(("explained", by_explanation(ready, &facts, request, decision)));
    for (how, other) in others {
        if other != engine {
            return Err(disagree(format!("plainly: {engine:?}\n{how}: {other:?}")));
        }
    }
    Ok(agreed)
}

fn by_reference(ready: &Ready, request: &Request, decision: DecisionId) -> Result_ {
    let outcome = reference_outcome(ready, request, decision);
    outcome.map(|value| value.to_json()).map_err(|failure| failure.code.to_owned())
}

fn reference_outcome(
    ready: &Ready,
    request: &Request,
    decision: DecisionId,
) -> Result<Value, dictamen_reference::Failure> {
    let limits = dictamen_reference::Limits { steps_max: 200_000, ..dictamen_reference::Limits::default() };
    dictamen_reference::evaluate(&ready.model, decision, &request.facts, request.as_of, request.known_at, limits)
}

/// An outcome that does not belong to the type that the checker gave the decision, if that is what came.
fn untyped_outcome(ready: &Ready, request: &Request, decision: DecisionId) -> Option<String> {
    let value = reference_outcome(ready, request, decision).ok()?;
    let ty = &ready.model.decisions[decision as usize].ty;
    let belongs = ready.model.dmn_mode || dictamen_reference::conforms(&ready.model, &value, ty) == Ok(true);
    (!belongs).then(|| value.to_json())
}

fn by_engine<R: Recorder>(
    plan: &Prepared,
    ready: &Ready,
    facts: &Facts,
    request: &Request,
    decision: DecisionId,
    recorder: &mut R,
) -> Result_ {
    let (outcome, _) = dictamen_core::evaluate(&asked(plan, ready, facts, request, decision), recorder);
    outcome.map(|value| value.to_json()).map_err(|failure| failure.code.to_string())
}

/// The outcome that the explanation tells; it must be fit to be written.
fn by_explanation(ready: &Ready, facts: &Facts, request: &Request, decision: DecisionId) -> Result_ {
    let explanation = {
        let asked = asked(&ready.plan, ready, facts, request, decision);
        dictamen_core::explain(&asked, Form::Reserved)
    };
    let written = serde_json::to_string(&explanation).map_err(|error| format!("cannot be written: {error}"))?;
    assert!(!written.is_empty(), "an explanation says something");
    explanation.outcome.map(|value| value.to_json()).map_err(|failure| failure.code.to_string())
}

pub(super) fn asked<'a>(
    plan: &'a Prepared,
    ready: &'a Ready,
    facts: &'a Facts,
    request: &Request,
    decision: DecisionId,
) -> dictamen_core::Request<'a> {
    dictamen_core::Request {
        plan,
        parameters: &ready.compiled.parameters,
        decision,
        facts,
        as_of: request.as_of,
        known_at: request.known_at,
        limits: dictamen_core::Limits { steps_max: 200_000, ..dictamen_core::Limits::default() },
        cancel: None,
    }
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
        (Err(one), Err(other)) if kind_of_failure(one) == kind_of_failure(other) => {
            Some(Agreed::Failure(other.clone()))
        }
        _ => None,
    }
}

/// Failures are compared by family (the part of the code before the point), those that have one cause only by code.
fn kind_of_failure(code: &str) -> &str {
    if EXACT.contains(&code) { code } else { code.split('.').next().unwrap_or_default() }
}

fn lossy(json: &[u8]) -> String {
    String::from_utf8_lossy(json).into_owned()
}
