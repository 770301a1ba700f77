//! A tree becomes a typed decision graph: names, types, hit policies, dated parameters and checks.
//!
//! Everything is checked here before anything runs. This crate refuses to know the shape of plans, execution and files.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

pub mod graph;

mod bodies;
mod built_in_calls;
mod calls;
mod cases;
mod checker;
mod collections;
mod constants;
mod cycles;
mod declarations;
mod dump;
mod dynamic;
mod expressions;
mod externals;
mod fields;
mod fit;
mod frame;
mod header;
mod hidden_names;
mod inheritance;
mod lambdas;
mod letters;
mod literals;
mod names;
mod operators;
mod parameters;
mod reach;
mod reserves;
mod services;
mod shapes;
mod symbols;
mod tables;
mod tests_of_cells;
mod types;

pub use checker::{Checked, Unit, check};
pub use dump::dump;
pub use header::{HeaderInfo, header};
pub use inheritance::{case_titles, lay_cases, named_cases};
pub use names::folded;

use dictamen_syntax::Names;

/// The names with spaces that the parser must know: those of built-in functions and their parameters.
pub fn names() -> Names {
    Names::new(dictamen_functions::names_with_spaces())
}
