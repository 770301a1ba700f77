//! Text of the rule language to a tree with spans, and back.
//!
//! Parsing never fails: it gives a tree and diagnostics, so that the studio works on half-typed rules.
//! This crate refuses to know types, meaning and files.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

pub mod tree;

mod diagnostic;
mod source;

pub use diagnostic::{Code, Diagnostic, Severity};
pub use source::{Place, Source, SourceId, Span};
