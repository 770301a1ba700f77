//! FEEL's `=` and `<` over values, and what lies in a range (DMN 1.5, tables 42 to 44).

use std::cmp::Ordering;

use crate::{Context, Range, Value};

impl Value {
    /// FEEL's `=`. Null equals null and nothing else; `None` where the kinds differ, so that the question makes no
    /// sense. Lists and contexts are compared in depth; times and dates with times as moments.
    pub fn equal(&self, other: &Value) -> Option<bool> {
        match (self, other) {
            (Value::Null, _) | (_, Value::Null) => Some(self.is_null() && other.is_null()),
            (Value::Boolean(left), Value::Boolean(right)) => Some(left == right),
            (Value::Number(left), Value::Number(right)) => Some(left == right),
            (Value::Text(left), Value::Text(right)) => Some(left == right),
            (Value::Date(left), Value::Date(right)) => Some(left == right),
            (Value::Time(left), Value::Time(right)) => Some(left.compare(*right) == Some(Ordering::Equal)),
            (Value::DateTime(left), Value::DateTime(right)) => Some(left.compare(*right) == Some(Ordering::Equal)),
            (Value::DaysDuration(left), Value::DaysDuration(right)) => Some(left == right),
            (Value::MonthsDuration(left), Value::MonthsDuration(right)) => Some(left == right),
            (Value::Range(left), Value::Range(right)) => equal_ranges(left, right),
            (Value::List(left), Value::List(right)) => equal_lists(left, right),
            (Value::Context(left), Value::Context(right)) => equal_contexts(left, right),
            (Value::Function(left), Value::Function(right)) => Some(left == right),
            _ => None,
        }
    }

    /// FEEL's `<` and `>`; `None` where the two are not of one ordered kind, or are times of which only one has an
    /// offset. Text is ordered by code points.
    pub fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
            (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
            (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
            (Value::Time(left), Value::Time(right)) => left.compare(*right),
            (Value::DateTime(left), Value::DateTime(right)) => left.compare(*right),
            (Value::DaysDuration(left), Value::DaysDuration(right)) => Some(left.cmp(right)),
            (Value::MonthsDuration(left), Value::MonthsDuration(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }

    /// Whether two values are known to be equal: what `list contains`, `distinct values` and the like ask.
    pub fn same(&self, other: &Value) -> bool {
        self.equal(other) == Some(true)
    }
}

impl Range {
    /// Whether a value lies between the ends; `None` where it cannot be compared with them, or where both are missing.
    pub fn contains(&self, value: &Value) -> Option<bool> {
        let above = end_holds(value, &self.low, self.low_closed, Ordering::Greater);
        let below = end_holds(value, &self.high, self.high_closed, Ordering::Less);
        match (self.low.is_null(), self.high.is_null()) {
            (true, true) => None,
            (true, false) => below,
            (false, true) => above,
            (false, false) => Some(above? && below?),
        }
    }
}

fn end_holds(value: &Value, end: &Value, closed: bool, wanted: Ordering) -> Option<bool> {
    let order = value.order(end)?;
    Some(order == wanted || (closed && order == Ordering::Equal))
}

fn equal_ranges(left: &Range, right: &Range) -> Option<bool> {
    let same_ends = (left.low_closed, left.high_closed) == (right.low_closed, right.high_closed);
    all([Some(same_ends), left.low.equal(&right.low), left.high.equal(&right.high)])
}

fn equal_lists(left: &[Value], right: &[Value]) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    all(left.iter().zip(right).map(|(left, right)| left.equal(right)))
}

fn equal_contexts(left: &Context, right: &Context) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    all(left.entries().map(|(name, value)| match right.get(name) {
        Some(other) => value.equal(other),
        None => Some(false),
    }))
}

/// Three-valued "and": false where any is false, else unknown where any is unknown.
fn all(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
}
