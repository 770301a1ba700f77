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
        let native = !self.model.dmn_mode;
        match &cell.kind {
            CellKind::Any => Ok(true),
            CellKind::AnyOf(tests) => Ok(self.any_holds(tests, tested, frame)? == Some(true)),
            CellKind::NoneOf(tests) => match self.any_holds(tests, tested, frame)? {
                None => Ok(native),
                Some(any) => Ok(!any),
            },
        }
    }

    /// Whether one of the tests holds; those after it are not looked at. `None` where that is not known, in DMN mode.
    pub(crate) fn any_holds(
        &mut self,
        tests: &'m [Test],
        tested: LocalId,
        frame: &mut Frame,
    ) -> Result<Option<bool>, Failure> {
        let mut any = Some(false);
        for test in tests {
            match self.test(test, tested, frame).map_err(|failure| failure.at(test.span))? {
                Some(true) => return Ok(Some(true)),
                Some(false) => {}
                None => any = None,
            }
        }
        Ok(any)
    }

    fn test(&mut self, test: &'m Test, tested: LocalId, frame: &mut Frame) -> Result<Option<bool>, Failure> {
        let value = frame.get(tested as usize).cloned().ok_or(Failure::new(failure::MODEL))?;
        if self.model.dmn_mode {
            return match self.dmn_test(test, &value, frame) {
                Err(failure) if failure.becomes_null() => Ok(None),
                held => held,
            };
        }
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
            // Only DMN mode has these.
            TestKind::Dynamic(_) => Err(Failure::new(failure::MODEL)),
        };
        held.map(Some)
    }

    /// DMN mode: a test as the expression it stands for (DMN 1.5, table 55), with true, false and null.
    fn dmn_test(&mut self, test: &'m Test, value: &Value, frame: &mut Frame) -> Result<Option<bool>, Failure> {
        match &test.kind {
            TestKind::Compare(op, with) => {
                let with = self.expression(with, frame)?;
                Ok(operators::compare(*op, value, &with).ok())
            }
            TestKind::Within { low, low_closed, high, high_closed } => {
                let above = if *low_closed { Comparison::GreaterOrEqual } else { Comparison::Greater };
                let below = if *high_closed { Comparison::LessOrEqual } else { Comparison::Less };
                let above = self.dmn_end(value, above, low, frame)?;
                if above == Some(false) {
                    return Ok(Some(false));
                }
                let below = self.dmn_end(value, below, high, frame)?;
                Ok(match (above, below) {
                    (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                })
            }
            TestKind::Condition(condition) => Ok(truth(&self.expression(condition, frame)?).unwrap_or(None)),
            TestKind::InRange(of) | TestKind::InList(of) => match self.expression(of, frame)? {
                Value::List(items) => Ok(Some(items.iter().any(|item| is_or_contains(item, value) == Some(true)))),
                Value::Null if !value.is_null() => Ok(None),
                other => Ok(is_or_contains(&other, value)),
            },
            TestKind::Dynamic(of) => {
                let with = self.expression(of, frame)?;
                match (value, &with) {
                    (Value::Boolean(_), Value::Boolean(_)) => Ok(operators::equal(value, &with)),
                    (_, Value::Boolean(holds)) => Ok(Some(*holds)),
                    (_, Value::List(items)) => Ok(Some(
                        value_equal(value, &with) || items.iter().any(|item| is_or_contains(item, value) == Some(true)),
                    )),
                    _ => Ok(is_or_contains(&with, value)),
                }
            }
        }
    }

    /// Whether a value is on the right side of an end; the constant null is none.
    fn dmn_end(
        &mut self,
        value: &Value,
        op: Comparison,
        end: &'m Expr,
        frame: &mut Frame,
    ) -> Result<Option<bool>, Failure> {
        if matches!(end.kind, ExprKind::Constant(Value::Null)) {
            return Ok((!value.is_null()).then_some(true));
        }
        let end = self.expression(end, frame)?;
        Ok(operators::compare(op, value, &end).ok())
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

/// DMN mode: whether something equals a value, or is a range that contains it; `None` where that is null.
fn is_or_contains(of: &Value, value: &Value) -> Option<bool> {
    match (of, value) {
        (Value::Range(_), Value::Null) => None,
        (Value::Range(_), Value::Range(_)) => operators::equal(of, value),
        (Value::Range(range), _) => in_range(value, range).ok(),
        _ => operators::equal(of, value),
    }
}

fn value_equal(left: &Value, right: &Value) -> bool {
    operators::equal(left, right) == Some(true)
}
