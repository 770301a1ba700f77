//! Cases with their expectations as hidden decisions of a plan, so that the engine itself decides them.

use std::sync::Arc;

use dictamen_model::graph::{self, ExpectationKind, Model};
use dictamen_plan::{About, DecisionId, InputId, ParameterSet, Plan, Position};
use dictamen_syntax::{Source, Span};
use dictamen_value::{Date, DateTime, Message, Value};

use crate::builder::{Builder, about};

/// A plan with hidden decisions for what cases expect. Never the plan that decides in production.
#[derive(Clone, Debug)]
pub struct CompiledCases {
    /// The plan: the ruleset's own decisions first, in their usual numbering.
    pub plan: Plan,
    /// Its parameters.
    pub parameters: ParameterSet,
    /// The cases.
    pub cases: Vec<CompiledCase>,
}

/// One case.
#[derive(Clone, Debug)]
pub struct CompiledCase {
    /// What it is about.
    pub title: Arc<str>,
    /// Legal basis, notes.
    pub about: About,
    /// Where it stands.
    pub position: Position,
    /// As-of date; the runner's default where `None`.
    pub as_of: Option<Date>,
    /// Known-at instant; the runner's default where `None`.
    pub known_at: Option<DateTime>,
    /// Facts.
    pub facts: Vec<(InputId, Value)>,
    /// What must hold.
    pub expectations: Vec<CompiledExpectation>,
}

/// One thing that must hold.
#[derive(Clone, Debug)]
pub struct CompiledExpectation {
    /// As written.
    pub text: Arc<str>,
    /// Where it stands.
    pub position: Position,
    /// What it is.
    pub kind: CompiledExpectationKind,
}

/// What may be expected, in terms of decisions of the plan.
#[derive(Clone, Debug)]
pub enum CompiledExpectationKind {
    /// The outcomes of two decisions are equal.
    Equal(DecisionId, DecisionId),
    /// The outcome of a decision is true.
    Holds(DecisionId),
    /// Evaluating a decision fails with a code.
    Fails(Arc<str>, DecisionId),
}

/// Compiles a model that has no errors, with its cases.
pub fn compile_cases(model: &Model, sources: &[Source]) -> Result<CompiledCases, Message> {
    let mut builder = Builder::new(model, sources);
    builder.lower_model();
    let cases = model.cases.iter().map(|case| compiled_case(&mut builder, case)).collect();
    let compiled = builder.finish()?;
    Ok(CompiledCases { plan: compiled.plan, parameters: compiled.parameters, cases })
}

fn compiled_case(builder: &mut Builder<'_>, case: &graph::Case) -> CompiledCase {
    CompiledCase {
        title: case.title.clone(),
        about: about(&case.about),
        position: builder.position(case.span),
        as_of: case.as_of,
        known_at: case.known_at,
        facts: case.given.clone(),
        expectations: case.expectations.iter().map(|one| expectation(builder, one)).collect(),
    }
}

fn expectation(builder: &mut Builder<'_>, one: &graph::Expectation) -> CompiledExpectation {
    let kind = match &one.kind {
        ExpectationKind::Equal(left, right) => {
            CompiledExpectationKind::Equal(hidden(builder, left, one.span), hidden(builder, right, one.span))
        }
        ExpectationKind::Holds(body) => CompiledExpectationKind::Holds(hidden(builder, body, one.span)),
        ExpectationKind::Fails(code, decision) => CompiledExpectationKind::Fails(code.clone(), *decision),
    };
    CompiledExpectation { text: one.text.clone(), position: builder.position(one.span), kind }
}

/// A decision that only this plan has.
fn hidden(builder: &mut Builder<'_>, body: &graph::Body, span: Span) -> DecisionId {
    let number = builder.plan.decisions.len();
    builder.hidden(0, &format!("espera {number}"), body, span)
}
