//! Comparisons, three-valued logic and conditionals.

use std::cmp::Ordering;

use dictamen_plan::{Comparison, OpId};
use dictamen_value::Value;

use super::faults;
use super::machine::{Machine, Stop};

impl Machine<'_> {
    /// Comparison of any values.
    pub(super) fn compare(&mut self, id: OpId, comparison: Comparison, left: OpId, right: OpId) -> Result<Value, Stop> {
        let left = self.eval(left)?;
        let right = self.eval(right)?;
        self.spend_comparison(id, &left, &right)?;
        match holds(comparison, &left, &right) {
            Some(holds) => Ok(Value::Boolean(holds)),
            None => self.fail(faults::not_comparable(&left, &right), self.position(id)),
        }
    }

    /// Comparison of numbers.
    pub(super) fn number_compare(&mut self, comparison: Comparison, left: OpId, right: OpId) -> Result<Value, Stop> {
        match (self.number(left)?, self.number(right)?) {
            (Some(left), Some(right)) => Ok(Value::Boolean(order_holds(comparison, left.cmp(&right)))),
            _ => Ok(Value::Null),
        }
    }

    /// Conjunction: false where either is false, else null where either is null.
    pub(super) fn and(&mut self, id: OpId, left: OpId, right: OpId) -> Result<Value, Stop> {
        self.join(id, left, right, false)
    }

    /// Disjunction: true where either is true, else null where either is null.
    pub(super) fn or(&mut self, id: OpId, left: OpId, right: OpId) -> Result<Value, Stop> {
        self.join(id, left, right, true)
    }

    fn join(&mut self, id: OpId, left: OpId, right: OpId, decisive: bool) -> Result<Value, Stop> {
        let first = self.truth(id, left)?;
        if first == Some(decisive) {
            return Ok(Value::Boolean(decisive));
        }
        let second = self.truth(id, right)?;
        Ok(match (first, second) {
            (_, Some(second)) if second == decisive => Value::Boolean(decisive),
            (Some(_), Some(_)) => Value::Boolean(!decisive),
            _ => Value::Null,
        })
    }

    fn truth(&mut self, id: OpId, operand: OpId) -> Result<Option<bool>, Stop> {
        match self.eval(operand)? {
            Value::Boolean(truth) => Ok(Some(truth)),
            Value::Null => Ok(None),
            other => self.fail(faults::logic(&other), self.position(id)).map(|_| None),
        }
    }

    /// A conditional. In native rules a condition that is null fails: neither branch was meant for it.
    pub(super) fn conditional(
        &mut self,
        id: OpId,
        condition: OpId,
        then: OpId,
        otherwise: OpId,
    ) -> Result<Value, Stop> {
        match self.eval(condition)? {
            Value::Boolean(true) => self.eval(then),
            Value::Boolean(false) => self.eval(otherwise),
            Value::Null if self.plan.dmn_mode => self.eval(otherwise),
            other => self.fail(faults::condition(&other), self.position(id)),
        }
    }
}

/// Whether a comparison holds; `None` where the values cannot be compared. Equality knows null, order does not.
pub(super) fn holds(comparison: Comparison, left: &Value, right: &Value) -> Option<bool> {
    match comparison {
        Comparison::Equal => left.equal(right),
        Comparison::NotEqual => left.equal(right).map(|equal| !equal),
        _ => left.order(right).map(|order| order_holds(comparison, order)),
    }
}

#[inline]
pub(crate) fn order_holds(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}
