//! Evaluates a decision over Arrow batches: columns of facts in, columns of outcomes out, row by row the same as one by one.
//!
//! This crate refuses to know files, formats, HTTP, stores and threads: whoever reads the batches brings them, in order.
//!
//! - [`Binding`] says which column is which fact of a plan, and what is wrong with the columns there are.
//! - [`BatchEvaluator`] evaluates a batch; [`Row`] is what came of one row, for whoever counts, hashes or writes it.
//! - [`OutcomeColumns`] says which columns an outcome has; [`Numbers`] how its numbers are held.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

mod binding;
mod cells;
mod decider;
mod entry;
mod evaluator;
mod outcome;
mod row;
mod sweep;
mod texts;

pub use binding::{Binding, UnknownColumns};
pub use entry::Numbers;
pub use evaluator::{Answered, BatchEvaluator, Hears, Question, Rows};
pub use outcome::OutcomeColumns;
pub use row::{Row, Undecided};
