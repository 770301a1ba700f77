//! Values made of others: lists, contexts, ranges and function values.

use std::sync::Arc;

use dictamen_plan::{FunctionId, LambdaId, LocalId, Op, OpId, ShapeId};
use dictamen_value::{Context, FunctionTarget, FunctionValue, Value};

use super::faults;
use super::machine::{Machine, Stop};

impl<'a> Machine<'a> {
    /// A list of operands.
    pub(super) fn list(&mut self, id: OpId, elements: &[OpId]) -> Result<Value, Stop> {
        self.spend_values(elements.len(), id)?;
        let mut values = Vec::with_capacity(elements.len());
        for element in elements {
            values.push(self.eval(*element)?);
        }
        self.bounded(id, Value::list(values))
    }

    /// A context; each entry is put in its local, which later ones see.
    pub(super) fn context(&mut self, id: OpId, shape: ShapeId, entries: &[(LocalId, OpId)]) -> Result<Value, Stop> {
        self.spend_values(entries.len(), id)?;
        let mut values = Vec::with_capacity(entries.len());
        for (local, entry) in entries {
            let value = self.eval(*entry)?;
            self.set_local(*local, value.clone())?;
            values.push(value);
        }
        self.record(id, shape, values)
    }

    /// A context of a shape of the plan.
    pub(super) fn record(&mut self, id: OpId, shape: ShapeId, values: Vec<Value>) -> Result<Value, Stop> {
        let names = self.plan.shapes.get(shape as usize);
        match names.and_then(|names| Context::with_shape(names.clone(), values)) {
            Some(context) => self.bounded(id, Value::Context(Arc::new(context))),
            None => Err(self.damaged("forma", "shape", shape)),
        }
    }

    /// A range.
    pub(super) fn range(
        &mut self,
        id: OpId,
        low: OpId,
        low_closed: bool,
        high: OpId,
        high_closed: bool,
    ) -> Result<Value, Stop> {
        let low_value = self.eval(low)?;
        let high_value = self.eval(high)?;
        if !ends_fit(&low_value, &high_value)
            || self.unknown_end(low, &low_value)
            || self.unknown_end(high, &high_value)
        {
            return self.fail(faults::range_ends(&low_value, &high_value), self.position(id));
        }
        self.spend_values(2, id)?;
        Ok(Value::range(low_value, low_closed, high_value, high_closed))
    }

    /// DMN mode: an end that was written and came out null, unlike one that was left out.
    fn unknown_end(&self, end: OpId, value: &Value) -> bool {
        let left_out = || matches!(self.plan.operations.get(end as usize), Some(Op::Constant(_)));
        self.plan.dmn_mode && value.is_null() && !left_out()
    }

    /// A function value that captures locals by value.
    pub(super) fn lambda(&mut self, id: OpId, lambda: LambdaId) -> Result<Value, Stop> {
        let Some(declared) = self.plan.lambdas.get(lambda as usize) else {
            return Err(self.damaged("función", "function", lambda));
        };
        self.spend_values(declared.captures.len().saturating_add(1), id)?;
        let captured = declared.captures.iter().map(|local| self.local(*local).cloned().unwrap_or_default()).collect();
        let function = FunctionValue { target: FunctionTarget::Lambda(lambda), captured };
        self.bounded(id, Value::Function(Arc::new(function)))
    }

    /// A declared function as a value.
    pub(super) fn function_value(&self, function: FunctionId) -> Result<Value, Stop> {
        let target = FunctionTarget::Declared(function);
        Ok(Value::Function(Arc::new(FunctionValue { target, captured: Vec::new() })))
    }
}

fn ends_fit(low: &Value, high: &Value) -> bool {
    match (low, high) {
        (Value::Null, Value::Null) => false,
        (Value::Null, end) | (end, Value::Null) => end.order(end).is_some(),
        (low, high) => low.order(high).is_some(),
    }
}
