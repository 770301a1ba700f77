//! The values themselves, their equality and their order (DMN 1.5, clauses 10.3.2.2 and 10.3.2.13).

mod arithmetic;
mod comparison;
mod literal;
mod properties;
mod typing;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Context, Date, DateTime, DaysDuration, MonthsDuration, Number, Time};

/// A FEEL value. Cheap to clone: what is large is shared. `==` compares what was written (two times at different
/// offsets differ, though they may be the same moment); [`Value::equal`] is FEEL's `=`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

impl Value {
    /// Text.
    pub fn text(text: impl AsRef<str>) -> Value {
        Value::Text(Arc::from(text.as_ref()))
    }

    /// A list.
    pub fn list(elements: Vec<Value>) -> Value {
        Value::List(Arc::new(elements))
    }

    /// A context from pairs in order; the caller has made sure that names are unique.
    pub fn context<N: Into<Arc<str>>>(entries: impl IntoIterator<Item = (N, Value)>) -> Value {
        Value::from(Context::from_pairs(entries.into_iter().map(|(name, value)| (name.into(), value))))
    }

    /// A range; `Null` for an end that is missing.
    pub fn range(low: Value, low_closed: bool, high: Value, high_closed: bool) -> Value {
        Value::Range(Arc::new(Range { low, low_closed, high, high_closed }))
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The number, where this is one.
    pub fn as_number(&self) -> Option<Number> {
        if let Value::Number(number) = self { Some(*number) } else { None }
    }

    /// The boolean, where this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Boolean(boolean) = self { Some(*boolean) } else { None }
    }

    /// The text, where this is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The elements, where this is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        if let Value::List(elements) = self { Some(elements) } else { None }
    }

    /// The context, where this is one.
    pub fn as_context(&self) -> Option<&Context> {
        if let Value::Context(context) = self { Some(context) } else { None }
    }

    /// The range, where this is one.
    pub fn as_range(&self) -> Option<&Range> {
        if let Value::Range(range) = self { Some(range) } else { None }
    }
}

macro_rules! from_payload {
    ($($payload:ty => $variant:ident),*) => {
        $(impl From<$payload> for Value {
            fn from(value: $payload) -> Value {
                Value::$variant(value.into())
            }
        })*
    };
}

from_payload! {
    bool => Boolean, Number => Number, i64 => Number, i32 => Number, u32 => Number, u64 => Number, usize => Number,
    &str => Text, String => Text, Arc<str> => Text,
    Date => Date, Time => Time, DateTime => DateTime, DaysDuration => DaysDuration, MonthsDuration => MonthsDuration,
    Range => Range, Vec<Value> => List, Context => Context, FunctionValue => Function
}
