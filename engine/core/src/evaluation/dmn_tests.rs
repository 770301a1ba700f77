//! Unary tests in DMN mode, which know true, false and null (DMN 1.5, clauses 7.3.13 and 10.3.2.9, table 55).

use std::cmp::Ordering;

use dictamen_plan::{Comparison, LocalId, Op, OpId, Test};
use dictamen_value::Value;

use super::comparison::holds;
use super::faults;
use super::machine::{Machine, Stop};

impl<'a> Machine<'a> {
    /// Whether one of the tests holds for the value in the local: a disjunction, `None` where it is null.
    pub(super) fn any_known(&mut self, tests: &'a [Test], local: LocalId) -> Result<Option<bool>, Stop> {
        let mut any = Some(false);
        for test in tests {
            match self.test_known(test, local)? {
                Some(true) => return Ok(Some(true)),
                Some(false) => {}
                None => any = None,
            }
        }
        Ok(any)
    }

    fn test_known(&mut self, test: &'a Test, local: LocalId) -> Result<Option<bool>, Stop> {
        match test {
            Test::Compare(comparison, operand) => self.compares_known(*comparison, local, *operand),
            Test::Within(low, low_closed, high, high_closed) => {
                let above = self.beyond_known(local, *low, *low_closed, Ordering::Greater)?;
                if above == Some(false) {
                    return Ok(above);
                }
                let below = self.beyond_known(local, *high, *high_closed, Ordering::Less)?;
                Ok(if below == Some(false) { below } else { above.and(below) })
            }
            Test::Condition(condition) => Ok(self.eval(*condition)?.as_bool()),
            Test::InList(operand) | Test::InRange(operand) => self.is_in_value(local, *operand),
            Test::Dynamic(operand) => self.matches_dynamically(local, *operand),
        }
    }

    fn compares_known(&mut self, comparison: Comparison, local: LocalId, operand: OpId) -> Result<Option<bool>, Stop> {
        let operand_value = self.eval(operand)?;
        let tested = self.tested(local)?;
        self.spend_comparison(operand, &tested, &operand_value)?;
        let known = holds(comparison, &tested, &operand_value);
        if known.is_none() && !tested.is_null() {
            self.fail(faults::not_comparable(&tested, &operand_value), self.position(operand))?;
        }
        Ok(known)
    }

    /// Whether the value lies on the right side of an end; a constant null is no end.
    fn beyond_known(&mut self, local: LocalId, end: OpId, closed: bool, side: Ordering) -> Result<Option<bool>, Stop> {
        let no_end = matches!(self.plan.operations.get(end as usize), Some(Op::Constant(_)));
        let end_value = self.eval(end)?;
        let tested = self.tested(local)?;
        if end_value.is_null() && no_end {
            return Ok((!tested.is_null()).then_some(true));
        }
        let known = tested.order(&end_value).map(|order| order == side || (closed && order.is_eq()));
        if known.is_none() && !tested.is_null() {
            self.fail(faults::not_comparable(&tested, &end_value), self.position(end))?;
        }
        Ok(known)
    }

    /// `value in list`, `value in range`: an element, or within one; else equal.
    fn is_in_value(&mut self, local: LocalId, operand: OpId) -> Result<Option<bool>, Stop> {
        let operand_value = self.eval(operand)?;
        let tested = self.tested(local)?;
        self.spend_comparison(operand, &operand_value, &tested)?;
        match &operand_value {
            Value::List(elements) => {
                self.spend_steps(elements.len() as u64, operand)?;
                Ok(Some(elements.iter().any(|element| element_known(element, &tested) == Some(true))))
            }
            Value::Null if !tested.is_null() => Ok(None),
            other => Ok(element_known(other, &tested)),
        }
    }

    /// A list equals or holds the value or a range around it, a range contains it, a condition is true, anything else
    /// equals it.
    pub(super) fn matches_dynamically(&mut self, local: LocalId, operand: OpId) -> Result<Option<bool>, Stop> {
        let operand_value = self.eval(operand)?;
        let tested = self.tested(local)?;
        self.spend_comparison(operand, &operand_value, &tested)?;
        Ok(match &operand_value {
            Value::List(elements) => {
                self.spend_steps(elements.len() as u64, operand)?;
                let holds_it = |element: &Value| element_known(element, &tested) == Some(true);
                Some(operand_value.same(&tested) || elements.iter().any(holds_it))
            }
            Value::Boolean(truth) if !matches!(tested, Value::Boolean(_)) => Some(*truth),
            other => element_known(other, &tested),
        })
    }
}

fn element_known(element: &Value, tested: &Value) -> Option<bool> {
    match element {
        Value::Range(_) if tested.is_null() => None,
        Value::Range(range) if !matches!(tested, Value::Range(_)) => range.contains(tested),
        other => other.equal(tested),
    }
}
