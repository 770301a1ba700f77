//! Runs a plan: facts in, outcome and record out, as a pure function under limits.
//!
//! This crate refuses to know the model, source text, I/O, async, clocks, randomness and globals. Whatever is not
//! deterministic enters as a recorded fact, so that the same plan and facts give the same bytes for ever.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

mod evaluation;
mod explanation;
mod facts;
mod failure;
mod limits;
mod prepared;
mod program;
mod recorder;

pub use evaluation::{Request, evaluate};
pub use explanation::{
    CallReport, CellReport, ColumnReport, DecisionReport, DefaultReport, Explanation, Form, ParameterReport,
    ReserveReport, RowReport, TableReport, conceal, evaluate_with_cells, explain, is_reserved, mentions_reserved,
};
pub use facts::{FactError, Facts, read_facts};
pub use failure::Failure;
pub use limits::{Limits, Usage};
pub use prepared::Prepared;
pub use program::{ColumnSession, Field, Others, Outcomes, Scalar, Scratch, Session, SlotId, Truths};
pub use recorder::{CellRecorder, Nothing, Record, Recorder};
