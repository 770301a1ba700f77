//! Decision tables as they run: columns in locals, cells as tests, rows in order.

use std::sync::Arc;

use dictamen_value::Type;
use serde::{Deserialize, Serialize};

use crate::{About, LocalId, OpId, Position, ShapeId, Test, TextId};

/// A decision table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// How many rows may match and what comes of them.
    pub policy: HitPolicy,
    /// Input columns: the value, the local that cells see it in, its text.
    pub inputs: Vec<(OpId, LocalId, TextId)>,
    /// Names of the output columns.
    pub outputs: ShapeId,
    /// Whether an outcome is the value of the only output column.
    pub single: bool,
    /// Types of the output columns: the order of choices is that of priority.
    pub output_types: Vec<Type>,
    /// Names of annotation columns.
    pub annotations: Vec<Arc<str>>,
    /// Rows in order.
    pub rows: Vec<Row>,
    /// Outcome where no row matches, with what people should know of it.
    pub default: Option<(Vec<OpId>, About, Position)>,
    /// Whether no row matching is no outcome (null) and not an error: the table's type says it may be absent.
    pub may_be_absent: bool,
    /// Where it stands.
    pub position: Position,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// One cell an input column.
    pub inputs: Vec<Cell>,
    /// One operation an output column.
    pub outputs: Vec<OpId>,
    /// Legal basis and notes.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
    /// Texts of the annotation columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<TextId>,
    /// Where it stands.
    pub position: Position,
}

/// An input cell: holds where any of its tests does; without tests, always.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The tests.
    pub tests: Vec<Test>,
    /// Whether none of the tests may hold, instead of one.
    pub negated: bool,
    /// As written.
    pub text: TextId,
}

/// Hit policies (DMN 1.5, clause 8.2.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HitPolicy {
    /// At most one row matches.
    Unique,
    /// Rows that match agree.
    Any,
    /// The outcome of the highest priority.
    Priority,
    /// The first row that matches.
    First,
    /// All, in the order of rows.
    RuleOrder,
    /// All, in decreasing priority.
    OutputOrder,
    /// All.
    Collect,
    /// Their sum.
    CollectSum,
    /// The smallest.
    CollectMin,
    /// The largest.
    CollectMax,
    /// How many.
    CollectCount,
}

impl HitPolicy {
    /// The letters of the standard.
    pub fn letters(self) -> &'static str {
        match self {
            HitPolicy::Unique => "U",
            HitPolicy::Any => "A",
            HitPolicy::Priority => "P",
            HitPolicy::First => "F",
            HitPolicy::RuleOrder => "R",
            HitPolicy::OutputOrder => "O",
            HitPolicy::Collect => "C",
            HitPolicy::CollectSum => "C+",
            HitPolicy::CollectMin => "C<",
            HitPolicy::CollectMax => "C>",
            HitPolicy::CollectCount => "C#",
        }
    }
}
