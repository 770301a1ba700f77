//! Values of the rule language and their types: what every other crate of Dictamen computes with.
//!
//! This crate refuses to know clocks, binary floats as numbers, files, syntax, and every other crate of ours.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

mod context;
mod digits;
mod json;
mod message;
mod number;
mod temporal;
mod types;
mod value;

pub use context::Context;
pub use json::write_text;
pub use message::{Language, Message};
pub use number::{Number, NumberError, Rounding};
pub use temporal::{Date, DateTime, DaysDuration, MonthsDuration, TemporalError, TemporalKind, Time, Zone, ZoneName};
pub use types::{Field, FunctionType, NamedType, RecordType, Type, Unit};
pub use value::{FunctionTarget, FunctionValue, Range, Value};
