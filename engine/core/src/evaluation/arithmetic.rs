//! Arithmetic.

use dictamen_plan::{ArithmeticOp, Op, OpId};
use dictamen_value::{Number, NumberError, Value};

use super::faults::{self, Fault};
use super::machine::{Machine, Stop};

impl Machine<'_> {
    /// Arithmetic over any kinds of value.
    pub(super) fn arithmetic(
        &mut self,
        id: OpId,
        operator: ArithmeticOp,
        left: OpId,
        right: OpId,
    ) -> Result<Value, Stop> {
        let left = self.eval(left)?;
        let right = self.eval(right)?;
        if let (ArithmeticOp::Add, Value::Text(left), Value::Text(right)) = (operator, &left, &right) {
            self.spend_bytes(left.len().saturating_add(right.len()), id)?;
        }
        match calculate(operator, &left, &right) {
            Ok(value) => Ok(value),
            Err(fault) => self.fail(fault, self.position(id)),
        }
    }

    /// Arithmetic over numbers.
    pub(super) fn number_arithmetic(
        &mut self,
        id: OpId,
        operator: ArithmeticOp,
        left: OpId,
        right: OpId,
    ) -> Result<Value, Stop> {
        Ok(self.number_result(id, operator, left, right)?.map_or(Value::Null, Value::Number))
    }

    fn number_result(
        &mut self,
        id: OpId,
        operator: ArithmeticOp,
        left: OpId,
        right: OpId,
    ) -> Result<Option<Number>, Stop> {
        let (Some(left), Some(right)) = (self.number(left)?, self.number(right)?) else { return Ok(None) };
        match calculate_numbers(operator, left, right) {
            Ok(number) => Ok(Some(number)),
            Err(error) => {
                let fault = faults::number(error, &Value::Number(left), &Value::Number(right));
                self.fail(fault, self.position(id)).map(|_| None)
            }
        }
    }

    /// The number that an operation gives, without making a value of it on the way; `None` where in DMN mode it is null.
    #[inline]
    pub(super) fn number(&mut self, id: OpId) -> Result<Option<Number>, Stop> {
        self.spend_steps(1, id)?;
        if let Some(Value::Number(number)) = self.peek(id) {
            return Ok(Some(*number));
        }
        match self.plan.operations.get(id as usize) {
            Some(Op::NumberArithmetic(operator, left, right)) => {
                self.nest(id)?;
                let number = self.number_result(id, *operator, *left, *right);
                self.unnest();
                number
            }
            _ => self.number_of_any(id),
        }
    }

    fn number_of_any(&mut self, id: OpId) -> Result<Option<Number>, Stop> {
        match self.eval_counted(id)? {
            Value::Number(number) => Ok(Some(number)),
            other => self.fail(faults::not_a_number(&other), self.position(id)).map(|_| None),
        }
    }

    /// Unary minus.
    pub(super) fn negate(&mut self, id: OpId, operand: OpId) -> Result<Value, Stop> {
        let value = self.eval(operand)?;
        let result = value.negate().map_err(|message| faults::operand(&message, &value));
        self.settle(id, result)
    }
}

/// The result of an operator over two values.
pub(super) fn calculate(operator: ArithmeticOp, left: &Value, right: &Value) -> Result<Value, Fault> {
    if let (Value::Number(left_number), Value::Number(right_number)) = (left, right) {
        let result = calculate_numbers(operator, *left_number, *right_number);
        return result.map(Value::Number).map_err(|error| faults::number(error, left, right));
    }
    if operator == ArithmeticOp::Divide && right.as_number().is_some_and(Number::is_zero) && !left.is_null() {
        return Err(faults::number(NumberError::DivisionByZero, left, right));
    }
    let result = match operator {
        ArithmeticOp::Add => left.add(right),
        ArithmeticOp::Subtract => left.subtract(right),
        ArithmeticOp::Multiply => left.multiply(right),
        ArithmeticOp::Divide => left.divide(right),
        ArithmeticOp::Power => left.power(right),
    };
    result.map_err(|message| faults::operands(&message, left, right))
}

fn calculate_numbers(operator: ArithmeticOp, left: Number, right: Number) -> Result<Number, NumberError> {
    match operator {
        ArithmeticOp::Add => left.checked_add(right),
        ArithmeticOp::Subtract => left.checked_sub(right),
        ArithmeticOp::Multiply => left.checked_mul(right),
        ArithmeticOp::Divide => left.checked_div(right),
        ArithmeticOp::Power => left.power(right),
    }
}
