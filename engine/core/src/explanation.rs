//! Why an outcome is what it is: decisions, rows, cells and parameters, found by evaluating again.

mod cells;
mod collector;
mod public;
mod reserve;
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
use reserve::Reserve;

pub use public::{conceal, is_reserved, mentions_reserved};

/// How much of an evaluation is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// What the person may know: nothing that is reserved.
    #[default]
    Public,
    /// Everything, for those whose task it is.
    Reserved,
}

/// What happened in an evaluation. In JSON, outcomes are `{"value": …}` or `{"failure": …}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Decisions in the order in which they ended: what a decision asks comes before it, the one asked for last.
    pub decisions: Vec<DecisionReport>,
    /// The outcome of the decision asked for.
    #[serde(serialize_with = "outcome_as_json")]
    pub outcome: Result<Value, Failure>,
    /// What the decision asked for rests on and is reserved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved: Option<ReserveReport>,
}

/// How much of what a decision may rest on is reserved; the public form tells no more of it. It is the same whatever the facts are, so
/// that nobody learns from it which criteria were met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReserveReport {
    /// How many decisions, functions, parameters and facts.
    pub criteria: usize,
    /// Why, and by which norms.
    pub norms: Vec<Arc<str>>,
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
    /// Why it is reserved, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved: Option<Arc<str>>,
    /// Where it stands, as `file:line:column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Its outcome.
    #[serde(serialize_with = "outcome_as_json")]
    pub outcome: Result<Value, Failure>,
    /// Its table, where it is one and its columns had values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<TableReport>,
    /// Tables of functions that it called, in the order in which they were evaluated, each different call once, up to a limit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<CallReport>,
    /// How many calls are not among `calls`.
    #[serde(skip_serializing_if = "is_zero")]
    pub calls_left_out: usize,
    /// Parameters that it read, in order; each day once.
    pub parameters: Vec<ParameterReport>,
    /// Decisions that it may ask itself, as `ruleset.name`.
    pub asks: Vec<String>,
    /// DMN mode: what went wrong and became null.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Failure>,
    /// Whether the public form tells of it.
    #[serde(skip)]
    is_told: bool,
    /// Whether it names what is reserved, itself or through functions.
    #[serde(skip)]
    touches_reserved: bool,
    /// What the public form has for `asks`.
    #[serde(skip)]
    public_asks: Vec<String>,
}

/// A table that is the body of a function, as it was evaluated in one call: only rows that matched.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallReport {
    /// `ruleset.name` of the function.
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
    /// Why it is reserved, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved: Option<Arc<str>>,
    /// Where it stands, as `file:line:column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Its table.
    pub table: TableReport,
    /// Whether a reserved function called it.
    #[serde(skip)]
    within_reserved: bool,
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

/// An input column. The public form of one that is reserved is `{"reserved": true}`.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnReport {
    /// As written.
    pub text: String,
    /// Its value.
    pub value: Value,
    /// Whether it names what is reserved.
    pub reserved: bool,
    /// Whether text and value were taken away.
    concealed: bool,
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
    /// What is not yet sure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_verify: Option<Arc<str>>,
    /// Names and texts of annotation columns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<(String, String)>,
    /// Its input cells.
    pub cells: Vec<CellReport>,
}

/// An input cell. The public form of one that is reserved is `{"reserved": true}`.
#[derive(Clone, Debug, PartialEq)]
pub struct CellReport {
    /// As written.
    pub text: String,
    /// Whether it holds by itself; `None` where that could not be found out.
    pub holds: Option<bool>,
    /// Whether it, or its column, names what is reserved.
    pub reserved: bool,
    /// Whether all else was taken away.
    concealed: bool,
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
    /// What is not yet sure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_verify: Option<Arc<str>>,
}

/// A parameter that was read at a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParameterReport {
    /// `ruleset.name`.
    pub name: String,
    /// Title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Arc<str>>,
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
    /// What is not yet sure, of the row and of the parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_verify: Option<Arc<str>>,
    /// Why it is reserved, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved: Option<Arc<str>>,
    /// Whether a reserved function read it.
    #[serde(skip)]
    within_reserved: bool,
}

/// Evaluates again and tells how the outcome came about. Costs more than `evaluate`, for rows that did not match too.
pub fn explain(request: &Request<'_>, form: Form) -> Explanation {
    let mut collector = Collector::new(request);
    let mut machine = Machine::new(request, &mut collector);
    let outcome = machine.decide(request.decision).map_err(|stop| *stop);
    let memo = machine.into_memo();
    // Cells are tried one by one apart from the run, which they must not change.
    let mut nothing = Nothing;
    let mut machine = Machine::with_memo(request, &mut nothing, memo);
    let (reserve, reserved) = (Reserve::of(request.plan), reserve::report(request.plan, request.decision));
    let explanation = Explanation { decisions: collector.reports(&mut machine, &reserve), outcome, reserved };
    match form {
        Form::Public => public::of(explanation, request),
        Form::Reserved => explanation,
    }
}

impl Explanation {
    /// Whether the decision asked for is itself reserved, so that the public form has nothing to tell of it.
    pub fn is_concealed(&self) -> bool {
        matches!(&self.outcome, Err(failure) if &*failure.code == public::RESERVED_OUTCOME)
    }
}

impl ColumnReport {
    /// Whether text and value were taken away, since it names what is reserved.
    pub fn is_concealed(&self) -> bool {
        self.concealed
    }
}

impl CellReport {
    /// Whether all was taken away, since it names what is reserved.
    pub fn is_concealed(&self) -> bool {
        self.concealed
    }
}

impl Serialize for ColumnReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entry = serializer.serialize_struct("Column", 3)?;
        if !self.concealed {
            entry.serialize_field("text", &self.text)?;
            entry.serialize_field("value", &raw(&self.value).map_err(S::Error::custom)?)?;
        }
        if self.reserved {
            entry.serialize_field("reserved", &true)?;
        }
        entry.end()
    }
}

impl Serialize for CellReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entry = serializer.serialize_struct("Cell", 3)?;
        if !self.concealed {
            entry.serialize_field("text", &self.text)?;
            entry.serialize_field("holds", &self.holds)?;
        }
        if self.reserved {
            entry.serialize_field("reserved", &true)?;
        }
        entry.end()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields by reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
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
