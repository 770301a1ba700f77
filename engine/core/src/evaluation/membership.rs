//! Tests of the value in a local: what cells of tables, constraints of types and `in` consist of.
//!
//! A test never fails because values cannot be compared: it does not hold. Only null equals null.

use std::cmp::Ordering;

use dictamen_plan::{Cell, Comparison, LocalId, Op, OpId, Test};
use dictamen_value::Value;

use super::comparison::holds;
use super::machine::{Machine, Stop};

impl<'a> Machine<'a> {
    /// Puts a value in the local and says whether one of the tests holds.
    pub(super) fn is_in(&mut self, value: OpId, local: LocalId, tests: &'a [Test]) -> Result<Value, Stop> {
        let value = self.eval(value)?;
        self.set_local(local, value)?;
        self.any_holds(tests, local).map(Value::Boolean)
    }

    /// Whether a cell holds for the value in the local.
    #[inline]
    pub(super) fn cell_holds(&mut self, cell: &'a Cell, local: LocalId) -> Result<bool, Stop> {
        if cell.tests.is_empty() {
            return Ok(true);
        }
        Ok(self.any_holds(&cell.tests, local)? != cell.negated)
    }

    /// Whether one of the tests holds for the value in the local.
    pub(super) fn any_holds(&mut self, tests: &'a [Test], local: LocalId) -> Result<bool, Stop> {
        for test in tests {
            if self.test_holds(test, local)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[inline]
    fn test_holds(&mut self, test: &'a Test, local: LocalId) -> Result<bool, Stop> {
        match test {
            Test::Compare(comparison, operand) => self.compares(*comparison, local, *operand),
            Test::Within(low, low_closed, high, high_closed) => {
                Ok(self.lies_beyond(local, *low, *low_closed, Ordering::Greater)?
                    && self.lies_beyond(local, *high, *high_closed, Ordering::Less)?)
            }
            Test::InRange(range) => self.lies_in_range(local, *range),
            Test::InList(list) => self.is_listed(local, *list),
            Test::Condition(condition) => Ok(matches!(self.eval(*condition)?, Value::Boolean(true))),
            Test::Dynamic(operand) => self.matches_dynamically(local, *operand),
        }
    }

    fn compares(&mut self, comparison: Comparison, local: LocalId, operand: OpId) -> Result<bool, Stop> {
        self.spend_steps(1, operand)?;
        if let (Some(tested), Some(operand)) = (self.local(local), self.peek(operand))
            && !matches!(tested, Value::List(_) | Value::Context(_))
        {
            return Ok(test_compares(comparison, tested, operand));
        }
        let operand_value = self.eval(operand)?;
        let tested = self.tested(local)?;
        self.spend_comparison(operand, &tested, &operand_value)?;
        Ok(test_compares(comparison, &tested, &operand_value))
    }

    /// Whether the value lies on the right side of an end. A constant null is no end; one that was computed is an end
    /// that is not known, on whose right side nothing lies.
    fn lies_beyond(&mut self, local: LocalId, end: OpId, closed: bool, side: Ordering) -> Result<bool, Stop> {
        self.spend_steps(1, end)?;
        if let (Some(tested), Some(end_value)) = (self.local(local), self.peek(end)) {
            return Ok(match end_value {
                Value::Null => !tested.is_null() && self.is_constant(end),
                end => beyond(tested, end, closed, side),
            });
        }
        let end = self.eval(end)?;
        let tested = self.tested(local)?;
        Ok(beyond(&tested, &end, closed, side))
    }

    fn is_constant(&self, id: OpId) -> bool {
        matches!(self.plan.operations.get(id as usize), Some(Op::Constant(_)))
    }

    fn lies_in_range(&mut self, local: LocalId, range: OpId) -> Result<bool, Stop> {
        let range = self.eval(range)?;
        let tested = self.tested(local)?;
        Ok(range.as_range().is_some_and(|range| range.contains(&tested) == Some(true)))
    }

    fn is_listed(&mut self, local: LocalId, list: OpId) -> Result<bool, Stop> {
        let elements = self.eval(list)?;
        let tested = self.tested(local)?;
        let Some(elements) = elements.as_list() else { return Ok(false) };
        for element in elements {
            self.spend_steps(1, list)?;
            self.spend_comparison(list, element, &tested)?;
            if element.same(&tested) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// DMN 1.5, clause 7.3.13 and table 55: a list holds the value or a range around it, a range contains it, a
    /// condition is true, anything else equals it.
    fn matches_dynamically(&mut self, local: LocalId, operand: OpId) -> Result<bool, Stop> {
        let operand_value = self.eval(operand)?;
        let tested = self.tested(local)?;
        self.spend_comparison(operand, &operand_value, &tested)?;
        Ok(match &operand_value {
            Value::List(elements) => {
                self.spend_steps(elements.len() as u64, operand)?;
                operand_value.same(&tested) || elements.iter().any(|element| matches_element(element, &tested))
            }
            Value::Boolean(truth) if !matches!(tested, Value::Boolean(_)) => *truth,
            other => matches_element(other, &tested),
        })
    }

    fn tested(&self, local: LocalId) -> Result<Value, Stop> {
        self.local(local).cloned().ok_or_else(|| self.damaged("variable", "variable", local))
    }
}

fn matches_element(element: &Value, tested: &Value) -> bool {
    match element {
        Value::Range(range) if !matches!(tested, Value::Range(_)) => range.contains(tested) == Some(true),
        other => other.same(tested),
    }
}

/// A comparison with null on either side does not hold, but that null is null, and that something else is not.
fn test_compares(comparison: Comparison, tested: &Value, operand: &Value) -> bool {
    match comparison {
        Comparison::NotEqual if tested.is_null() => false,
        _ => holds(comparison, tested, operand) == Some(true),
    }
}

fn beyond(tested: &Value, end: &Value, closed: bool, side: Ordering) -> bool {
    tested.order(end).is_some_and(|order| order == side || (closed && order.is_eq()))
}
