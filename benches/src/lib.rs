//! Measurements: our engine beside hand-written Rust and other engines, on the same generated work in one run.
//!
//! This crate refuses to know how an engine decides: it spells the same model for each, compares what they decide, and
//! only then measures.
#![allow(clippy::indexing_slicing, reason = "a measurement, not a product: it fails loudly")]

pub mod batch;
pub mod chance;
pub mod clock;
pub mod engines;
pub mod graph;
pub mod loading;
pub mod policy_table;
pub mod recording;
pub mod report;
pub mod rounds;
pub mod ruleset;
pub mod service;
pub mod tables;
