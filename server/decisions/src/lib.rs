//! The decision port and its HTTP face: catalogue of rulesets, evaluation with a trace, replay, explanation, cases.
//!
//! This crate refuses to know legal nouns, figures and deadlines: those stand in rulesets. It evaluates nothing itself
//! (`dictamen_core` does) and keeps nothing itself (the ports of `dictamen_platform` do).
//!
//! What others use, from the bottom to the top:
//!
//! - [`catalogue::Catalogue::load`] reads folders and files into versions of rulesets; [`catalogue::Catalogue::resolve`]
//!   gives the one in force on a day, as known at a moment, compiled ([`catalogue::Ready`]). Diagnostics stay with their sources.
//! - [`port::Decisions`] decides: it evaluates under limits, writes the trace, then answers. [`port::DryRuns`] evaluates
//!   without a store or a trace, for the command line.
//! - [`trace::DecisionTrace`] is what a trace says; [`replay::Replayer`] evaluates traces again and compares bytes.
//! - [`batches`] reads and writes files of many facts and outcomes, with one root of hashes over all rows.
//! - [`explain::Report`] says why, as text for people or as JSON.
//! - [`cases::run`] runs the cases of a catalogue; [`cases::run_with_coverage`] says what of its tables they reached.
//! - [`http::front`] is the service: decisions, batches, traces, OpenAPI, pages, health and metrics.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

pub mod batches;
pub mod cases;
pub mod catalogue;
pub mod coverage;
pub mod explain;
pub mod http;
pub mod port;
pub mod replay;
pub mod trace;

mod openapi;
mod pages;

pub use catalogue::{Catalogue, Day, LoadLimits, Ready, Selection, Unresolved};
pub use openapi::{Example, examples};
pub use port::{Answer, Decisions, Ports, Question, Settings};
