//! A typed model becomes a plan: names become slots, expressions operations, rows tests.
//!
//! This crate refuses to know facts, I/O and source text (it asks sources for places only).
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

mod builder;
mod cases;
mod constants;
mod expressions;
mod folding;
mod needs;
mod places;
mod tables;

use dictamen_model::graph::Model;
use dictamen_plan::{ParameterSet, Plan};
use dictamen_syntax::Source;
use dictamen_value::Message;

pub use cases::{CompiledCase, CompiledCases, CompiledExpectation, CompiledExpectationKind, compile_cases};

/// A plan and the parameters it reads: two artefacts, so that a new figure is not new logic.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The logic.
    pub plan: Plan,
    /// The dated figures.
    pub parameters: ParameterSet,
}

/// Compiles a model that has no errors.
pub fn compile(model: &Model, sources: &[Source]) -> Result<Compiled, Message> {
    let mut builder = builder::Builder::new(model, sources);
    builder.lower_model();
    builder.finish()
}
