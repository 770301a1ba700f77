//! The values themselves, their equality and their order (DMN 1.5, clauses 10.3.2.2 and 10.3.2.13).

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Context, Date, DateTime, DaysDuration, MonthsDuration, Number, Time, Type};

/// A FEEL value. Cheap to clone: what is large is shared.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// Nothing, or unknown.
    #[default]
    Null,
    /// True or false.
    Boolean(bool),
    /// A decimal number.
    Number(Number),
    /// Text.
    Text(Arc<str>),
    /// A calendar date.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A date with a time.
    DateTime(DateTime),
    /// A length of time in days, hours, minutes and seconds.
    DaysDuration(DaysDuration),
    /// A length of time in years and months.
    MonthsDuration(MonthsDuration),
    /// Values between two ends.
    Range(Arc<Range>),
    /// Values in order.
    List(Arc<Vec<Value>>),
    /// Named values.
    Context(Arc<Context>),
    /// A function.
    Function(Arc<FunctionValue>),
}

/// Values between two ends, each of which may be open, closed or missing (`Null`).
#[derive(Clone, Debug)]
pub struct Range {
    /// The lower end; `Null` where there is none.
    pub low: Value,
    /// Whether the lower end belongs.
    pub low_closed: bool,
    /// The upper end; `Null` where there is none.
    pub high: Value,
    /// Whether the upper end belongs.
    pub high_closed: bool,
}

/// A function as a value: what to run, in the numbering of the evaluator that made it, and what it has captured.
#[derive(Clone, Debug)]
pub struct FunctionValue {
    /// What it runs.
    pub target: FunctionTarget,
    /// Values of the names around it when it was made.
    pub captured: Vec<Value>,
}

/// What a function value runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FunctionTarget {
    /// `function(x) …`, by its number in the plan or model.
    Lambda(u32),
    /// A declared function, by its number in the plan or model.
    Declared(u32),
    /// A built-in function, by its name.
    BuiltIn(Arc<str>),
}
