//! The naive evaluator: walks the typed model by plain recursion, so that the engine has something to be compared with.
//!
//! Clarity is its only virtue: no indexes, no compiled form, no cache but the outcomes of decisions. It is a development
//! dependency, and refuses to know the plan, the engine that runs it, source text and I/O.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

mod calls;
mod conformance;
mod evaluation;
mod expression;
mod failure;
mod iteration;
mod operators;
mod services;
mod table;
mod unary;

pub use evaluation::{Limits, conforms, evaluate};
pub use failure::Failure;
