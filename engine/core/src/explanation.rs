//! Why an outcome is what it is: decisions, rows, cells and parameters, found by evaluating again.

mod cells;
mod collector;
mod rows;

use std::sync::Arc;

use dictamen_value::{Date, DateTime, Value};
use serde::Serialize;
use serde::ser::{Error as _, SerializeStruct as _, Serializer};
use serde_json::value::RawValue;

use crate::evaluation::Machine;
use crate::{Failure, Nothing, Request};
pub use cells::evaluate_with_cells;
use collector::Collector;

/// What happened in an evaluation. In JSON, outcomes are `{"value": …}` or `{"failure": …}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Decisions in the order in which they ended: what a decision asks comes before it, the one asked for last.
    pub decisions: Vec<DecisionReport>,
    /// The outcome of the decision asked for.
    #[serde(serialize_with = "outcome_as_json")]
    pub outcome: Result<Value, Failure>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionReport {
    /// `ruleset.name`.
    pub name: String,
    /// Title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Arc<str>>,
    /// Legal basis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<Arc<str>>,
    /// Note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Arc<str>>,
    /// What is not yet sure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_verify: Option<Arc<str>>,
    /// Where it stands, as `file:line:column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Its outcome.
    #[serde(serialize_with = "outcome_as_json")]
    pub outcome: Result<Value, Failure>,
    /// Its table, where it is one and its columns had values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<TableReport>,
    /// Parameters that it read, in order; each day once.
    pub parameters: Vec<ParameterReport>,
    /// Decisions that it may ask itself, as `ruleset.name`.
    pub asks: Vec<String>,
    /// DMN mode: what went wrong and became null.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Failure>,
}

/// A table as it was evaluated.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableReport {
    /// Letters of the hit policy (DMN 1.5, clause 8.2.8).
    pub policy: &'static str,
    /// Input columns.
    pub columns: Vec<ColumnReport>,
    /// Rows: those that matched first, then others in order, up to a limit.
    pub rows: Vec<RowReport>,
    /// How many rows that did not match are not among `rows`.
    pub rows_left_out: usize,
    /// Whether no row matched and the default was taken.
    pub default_used: bool,
    /// The default, where it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultReport>,
}

/// An input column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ColumnReport {
    /// As written.
    pub text: String,
    /// Its value.
    #[serde(serialize_with = "value_as_json")]
    pub value: Value,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowReport {
    /// Its number, from 1.
    pub number: usize,
    /// Where it stands, as `file:line:column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Whether it matched.
    pub matched: bool,
    /// Legal basis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<Arc<str>>,
    /// Note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Arc<str>>,
    /// Names and texts of annotation columns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<(String, String)>,
    /// Its input cells.
    pub cells: Vec<CellReport>,
}

/// An input cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellReport {
    /// As written.
    pub text: String,
    /// Whether it holds by itself; `None` where that could not be found out.
    pub holds: Option<bool>,
}

/// The default row of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DefaultReport {
    /// Where it stands, as `file:line:column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Legal basis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<Arc<str>>,
    /// Note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Arc<str>>,
}

/// A parameter that was read at a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParameterReport {
    /// `ruleset.name`.
    pub name: String,
    /// The day.
    pub day: Date,
    /// Its value on that day.
    #[serde(serialize_with = "value_as_json")]
    pub value: Value,
    /// First day on which the value holds.
    pub from: Date,
    /// Last day on which it holds; for ever where `None`.
    pub to: Option<Date>,
    /// Instant from which it is known; always where `None`.
    pub known: Option<DateTime>,
    /// Legal basis, of the row or else of the parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<Arc<str>>,
    /// Note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Arc<str>>,
    /// What is not yet sure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_verify: Option<Arc<str>>,
}

/// Evaluates again and tells how the outcome came about. Costs more than `evaluate`, for rows that did not match too.
pub fn explain(request: &Request<'_>) -> Explanation {
    let mut collector = Collector::new(request);
    let mut machine = Machine::new(request, &mut collector);
    let outcome = machine.decide(request.decision).map_err(|stop| *stop);
    let memo = machine.into_memo();
    // Cells are tried one by one apart from the run, which they must not change.
    let mut nothing = Nothing;
    let mut machine = Machine::with_memo(request, &mut nothing, memo);
    Explanation { decisions: collector.reports(&mut machine), outcome }
}

fn value_as_json<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    raw(value).map_err(S::Error::custom)?.serialize(serializer)
}

fn outcome_as_json<S: Serializer>(outcome: &Result<Value, Failure>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut entry = serializer.serialize_struct("Outcome", 1)?;
    match outcome {
        Ok(value) => entry.serialize_field("value", &raw(value).map_err(S::Error::custom)?)?,
        Err(failure) => entry.serialize_field("failure", failure)?,
    }
    entry.end()
}

/// The value as plain JSON, numbers digit by digit.
fn raw(value: &Value) -> Result<Box<RawValue>, serde_json::Error> {
    RawValue::from_string(value.to_json())
}
