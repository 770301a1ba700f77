//! Text of the rule language to a tree with spans, and back.
//!
//! Parsing never fails: it gives a tree and diagnostics, so that the studio works on half-typed rules.
//! This crate refuses to know types, meaning and files.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

pub mod tree;
pub mod walk;

mod cut;
mod diagnostic;
mod dump;
mod keyword;
mod names;
mod parse;
mod print;
mod problem;
mod render;
mod scan;
mod source;
mod token;

pub use diagnostic::{Code, Diagnostic, Severity};
pub use dump::{dump, dump_expression};
pub use keyword::{FEEL_WORDS, type_names};
pub use names::{FEEL_NAMES, Names};
pub use parse::{Limits, Parsed, parse, parse_expression, parse_tests, parse_type, parse_within};
pub use print::{format, print_expression, print_feel, print_feel_tests, print_tests, print_type};
pub use problem::CODES;
pub use render::render;
pub use source::{Place, Source, SourceId, Span};
