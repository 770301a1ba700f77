//! Tests of the value in a local: what cells of tables, constraints of types and `in` consist of.
//!
//! A test with null does not hold (but that null is null, and that something else is not). Where two values that are there
//! cannot be compared, native rules fail: nobody knows the answer. In DMN mode the test does not hold.

use std::cmp::Ordering;

use dictamen_plan::{Cell, Comparison, LocalId, Op, OpId, Test};
use dictamen_value::Value;

use super::comparison::holds;
use super::faults;
use super::machine::{Machine, Stop};

impl<'a> Machine<'a> {
    /// Puts a value in the local and says whether one of the tests holds.
    pub(super) fn is_in(&mut self, value: OpId, local: LocalId, tests: &'a [Test]) -> Result<Value, Stop> {
        let value = self.eval(value)?;
        self.set_local(local, value)?;
        if self.plan.dmn_mode {
            return Ok(self.any_known(tests, local)?.map_or(Value::Null, Value::Boolean));
        }
        self.any_holds(tests, local).map(Value::Boolean)
    }

    /// Whether a cell holds for the value in the local.
    #[inline]
    pub(super) fn cell_holds(&mut self, cell: &'a Cell, local: LocalId) -> Result<bool, Stop> {
        if cell.tests.is_empty() {
            return Ok(true);
        }
        if self.plan.dmn_mode {
            return Ok(self.any_known(&cell.tests, local)? == Some(!cell.negated));
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
            // Only DMN mode has these, and asks what is known.
            Test::Dynamic(operand) => Ok(self.matches_dynamically(local, *operand)? == Some(true)),
        }
    }

    fn compares(&mut self, comparison: Comparison, local: LocalId, operand: OpId) -> Result<bool, Stop> {
        self.spend_steps(1, operand)?;
        let id = operand;
        if let (Some(tested), Some(operand)) = (self.local(local), self.peek(operand))
            && !matches!(tested, Value::List(_) | Value::Context(_))
        {
            return match test_compares(comparison, tested, operand) {
                Some(holds) => Ok(holds),
                None => self.no_answer(&tested.clone(), &operand.clone(), id),
            };
        }
        let operand_value = self.eval(operand)?;
        let tested = self.tested(local)?;
        self.spend_comparison(operand, &tested, &operand_value)?;
        match test_compares(comparison, &tested, &operand_value) {
            Some(holds) => Ok(holds),
            None => self.no_answer(&tested, &operand_value, operand),
        }
    }

    /// Two values that are there and cannot be compared.
    #[cold]
    fn no_answer(&mut self, tested: &Value, operand: &Value, id: OpId) -> Result<bool, Stop> {
        self.fail(faults::not_comparable(tested, operand), self.position(id)).map(|_| false)
    }

    /// Whether the value lies on the right side of an end. A constant null is no end; one that was computed is an end
    /// that is not known, on whose right side nothing lies.
    fn lies_beyond(&mut self, local: LocalId, end: OpId, closed: bool, side: Ordering) -> Result<bool, Stop> {
        self.spend_steps(1, end)?;
        if let (Some(tested), Some(end_value)) = (self.local(local), self.peek(end)) {
            return match beyond(tested, end_value, closed, side) {
                _ if end_value.is_null() => Ok(!tested.is_null() && self.is_constant(end)),
                Some(holds) => Ok(holds),
                None => self.no_answer(&tested.clone(), &end_value.clone(), end),
            };
        }
        let end_value = self.eval(end)?;
        let tested = self.tested(local)?;
        match beyond(&tested, &end_value, closed, side) {
            Some(holds) => Ok(holds),
            None => self.no_answer(&tested, &end_value, end),
        }
    }

    fn is_constant(&self, id: OpId) -> bool {
        matches!(self.plan.operations.get(id as usize), Some(Op::Constant(_)))
    }

    fn lies_in_range(&mut self, local: LocalId, range: OpId) -> Result<bool, Stop> {
        let range_value = self.eval(range)?;
        let tested = self.tested(local)?;
        match range_value.as_range().map(|range| range.contains(&tested)) {
            Some(Some(holds)) => Ok(holds),
            Some(None) if !tested.is_null() => self.no_answer(&tested, &range_value, range),
            _ => Ok(false),
        }
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

    pub(super) fn tested(&self, local: LocalId) -> Result<Value, Stop> {
        self.local(local).cloned().ok_or_else(|| self.damaged("variable", "variable", local))
    }
}

/// A comparison with null on either side does not hold, but that null is null, and that something else is not; `None` where two
/// values that are there cannot be compared.
fn test_compares(comparison: Comparison, tested: &Value, operand: &Value) -> Option<bool> {
    match comparison {
        Comparison::NotEqual if tested.is_null() => Some(false),
        _ if tested.is_null() || operand.is_null() => Some(holds(comparison, tested, operand) == Some(true)),
        _ => holds(comparison, tested, operand),
    }
}

fn beyond(tested: &Value, end: &Value, closed: bool, side: Ordering) -> Option<bool> {
    if tested.is_null() || end.is_null() {
        return Some(false);
    }
    tested.order(end).map(|order| order == side || (closed && order.is_eq()))
}
