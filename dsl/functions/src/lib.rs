//! The built-in functions: one entry each with signatures, documentation, body and examples, read by checker,
//! evaluators, completion and manual alike. A new function is one entry in one of the chapters of the catalogue.
//!
//! This crate refuses to know clocks, tables of data, the tree and the plan.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

mod catalogue;
mod entry;
pub mod external;
mod manual;
mod pattern;

pub use catalogue::{all, find, names_with_spaces};
pub use entry::{Entry, Example, FunctionError, Host, Parameter, Presence, Shape, Signature};
pub use manual::chapters;
