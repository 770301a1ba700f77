//! Unary tests: whether a cell or one test of it holds for the value in a local (DMN 1.5, grammar rules 14 to 17).

use dictamen_model::graph::{Cell, CellKind, Expr, ExprKind, LocalId, Test, TestKind};
use dictamen_syntax::tree::Comparison;
use dictamen_value::{Range, Value};

use crate::evaluation::{Evaluation, Frame};
use crate::expression::truth;
use crate::failure::{self, Failure};
use crate::operators;

impl<'m> Evaluation<'m> {
    /// Whether a cell holds.
    pub(crate) fn cell(&mut self, cell: &'m Cell, tested: LocalId, frame: &mut Frame) -> Result<bool, Failure> {
        match &cell.kind {
            CellKind::Any => Ok(true),
            CellKind::AnyOf(tests) => self.any_holds(tests, tested, frame),
            CellKind::NoneOf(tests) => self.any_holds(tests, tested, frame).map(|any| !any),
        }
    }

    /// Whether one of the tests holds; those after it are not looked at.
    pub(crate) fn any_holds(&mut self, tests: &'m [Test], tested: LocalId, frame: &mut Frame) -> Result<bool, Failure> {
        for test in tests {
            if self.test(test, tested, frame).map_err(|failure| failure.at(test.span))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn test(&mut self, test: &'m Test, tested: LocalId, frame: &mut Frame) -> Result<bool, Failure> {
        let value = frame.get(tested as usize).cloned().ok_or(Failure::new(failure::MODEL))?;
        let held = match &test.kind {
            TestKind::Compare(op, with) => {
                let with = self.expression(with, frame)?;
                compares(*op, &value, &with)
            }
            TestKind::Within { low, low_closed, high, high_closed } => {
                let above = if *low_closed { Comparison::GreaterOrEqual } else { Comparison::Greater };
                let below = if *high_closed { Comparison::LessOrEqual } else { Comparison::Less };
                match self.beside(&value, above, low, frame) {
                    Ok(true) => self.beside(&value, below, high, frame),
                    settled => settled,
                }
            }
            TestKind::InRange(range) => {
                let range = self.expression(range, frame)?;
                in_range_value(&value, &range)
            }
            TestKind::InList(list) => {
                let list = self.expression(list, frame)?;
                in_list_value(&value, &list)
            }
            TestKind::Condition(condition) => {
                let condition = self.expression(condition, frame)?;
                truth(&condition).map(|known| known == Some(true))
            }
            TestKind::Dynamic(expr) => {
                let with = self.expression(expr, frame)?;
                dynamic(&value, &with)
            }
        };
        match held {
            Err(failure) if self.model.dmn_mode && failure.becomes_null() => Ok(false),
            held => held,
        }
    }

    /// Whether a value is on the right side of an end of a range: of no end (the constant null), if it is present. The
    /// ends are a conjunction (DMN 1.5, table 55): the upper one is not looked at where the lower one settles it.
    fn beside(&mut self, value: &Value, op: Comparison, end: &'m Expr, frame: &mut Frame) -> Result<bool, Failure> {
        match &end.kind {
            ExprKind::Constant(Value::Null) => Ok(!matches!(value, Value::Null)),
            _ => {
                let end = self.expression(end, frame)?;
                compares(op, value, &end)
            }
        }
    }
}

/// A comparison of a test: with null it does not hold, except that null equals null and what is present does not.
fn compares(op: Comparison, value: &Value, with: &Value) -> Result<bool, Failure> {
    match (value, with) {
        (Value::Null, Value::Null) => Ok(op == Comparison::Equal),
        (Value::Null, _) => Ok(false),
        (_, Value::Null) => Ok(op == Comparison::NotEqual),
        _ => operators::compare(op, value, with),
    }
}

fn between(
    value: &Value,
    low: Option<&Value>,
    low_closed: bool,
    high: Option<&Value>,
    high_closed: bool,
) -> Result<bool, Failure> {
    let above = if low_closed { Comparison::GreaterOrEqual } else { Comparison::Greater };
    let below = if high_closed { Comparison::LessOrEqual } else { Comparison::Less };
    let over_low = low.map_or(Ok(!matches!(value, Value::Null)), |low| compares(above, value, low))?;
    Ok(over_low && high.map_or(Ok(!matches!(value, Value::Null)), |high| compares(below, value, high))?)
}

fn in_range_value(value: &Value, range: &Value) -> Result<bool, Failure> {
    match range {
        Value::Null => Ok(false),
        Value::Range(range) => in_range(value, range),
        _ => Err(Failure::new(failure::KIND)),
    }
}

fn in_range(value: &Value, range: &Range) -> Result<bool, Failure> {
    let end = |end| if matches!(end, &Value::Null) { None } else { Some(end) };
    between(value, end(&range.low), range.low_closed, end(&range.high), range.high_closed)
}

fn in_list_value(value: &Value, list: &Value) -> Result<bool, Failure> {
    match list {
        Value::Null => Ok(false),
        Value::List(items) => Ok(items.iter().any(|item| operators::equal(value, item) == Some(true))),
        _ => Err(Failure::new(failure::KIND)),
    }
}

/// DMN mode: equal to the value, an element of it, within it, or it is true by itself.
fn dynamic(value: &Value, with: &Value) -> Result<bool, Failure> {
    match (value, with) {
        (Value::Boolean(_), Value::Boolean(_)) => Ok(value_equal(value, with)),
        (_, Value::Boolean(holds)) => Ok(*holds),
        (_, Value::Range(range)) if !matches!(value, Value::Range(_)) => in_range(value, range),
        (_, Value::List(items)) if !value_equal(value, with) => {
            for item in items.iter() {
                if matches!(item, Value::Range(_)) && dynamic(value, item)? || value_equal(value, item) {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Ok(value_equal(value, with)),
    }
}

fn value_equal(left: &Value, right: &Value) -> bool {
    operators::equal(left, right) == Some(true)
}
