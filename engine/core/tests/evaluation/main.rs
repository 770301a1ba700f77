//! The evaluator through its public interface: cases as data, limits, facts, explanations and damaged plans.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

mod cases;
mod conversions;
mod explaining;
mod expressions;
mod facts;
mod hostile;
mod indexing;
mod limits;
mod plans;
mod recording;
