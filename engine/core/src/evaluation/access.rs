//! Parts of values: fields, elements, and the elements for which a condition holds.

use std::sync::Arc;

use dictamen_plan::{LocalId, Op, OpId, TextId};
use dictamen_value::{Number, Value};

use super::faults::{self, Fault};
use super::machine::{Machine, Stop};

impl<'a> Machine<'a> {
    /// A field of a record, or a property of a date, time, duration or range.
    pub(super) fn field(&mut self, id: OpId, record: OpId, name: TextId, position: u32) -> Result<Value, Stop> {
        let name = self.text(name)?;
        if let Some(Value::Context(context)) = self.peek(record)
            && let Some(value) = context.get_at(position as usize, name)
        {
            let value = value.clone();
            self.spend_steps(1, record)?;
            return Ok(value);
        }
        match self.eval(record)? {
            Value::List(elements) if self.plan.dmn_mode => self.field_of_elements(id, &elements, name),
            value => self.settle(id, field_of(&value, position, name)),
        }
    }

    /// A field of every record of a list.
    pub(super) fn field_of_each(&mut self, id: OpId, list: OpId, name: TextId) -> Result<Value, Stop> {
        let name = self.text(name)?;
        match self.eval(list)? {
            Value::List(elements) => self.field_of_elements(id, &elements, name),
            value if self.plan.dmn_mode => self.settle(id, field_of(&value, 0, name)),
            value => self.fail(faults::not_a_list(&value), self.position(id)),
        }
    }

    fn field_of_elements(&mut self, id: OpId, elements: &[Value], name: &str) -> Result<Value, Stop> {
        self.spend_steps(elements.len() as u64, id)?;
        self.spend_values(elements.len(), id)?;
        let mut values = Vec::with_capacity(elements.len());
        for element in elements {
            values.push(match element {
                Value::List(inner) if self.plan.dmn_mode => self.field_of_inner(id, inner, name)?,
                other => self.settle(id, field_of(other, 0, name))?,
            });
        }
        Ok(Value::list(values))
    }

    /// DMN mode: a field of every record of a list inside a list.
    fn field_of_inner(&mut self, id: OpId, elements: &[Value], name: &str) -> Result<Value, Stop> {
        self.nest(id)?;
        let values = self.field_of_elements(id, elements, name);
        self.unnest();
        values
    }

    /// The element at a position from 1, from the end where negative; null where there is none.
    pub(super) fn element(&mut self, id: OpId, list: OpId, position: OpId) -> Result<Value, Stop> {
        let elements = self.eval(list)?;
        let position = self.eval(position)?;
        let Some(elements) = self.elements(&elements) else {
            return self.fail(faults::not_a_list(&elements), self.position(id));
        };
        match position {
            Value::Number(position) if position.is_integer() => Ok(element_at(&elements, position)),
            // DMN mode, where what stands in the brackets had no type: it was a condition.
            Value::Boolean(keep) if self.plan.dmn_mode => {
                Ok(if keep { Value::List(elements) } else { Value::list(Vec::new()) })
            }
            other => self.fail(faults::not_a_position(&other), self.position(id)),
        }
    }

    /// The elements, each put in the local, for which the condition is true.
    pub(super) fn filter(&mut self, id: OpId, list: OpId, item: LocalId, condition: OpId) -> Result<Value, Stop> {
        let list = self.eval(list)?;
        let Some(elements) = self.elements(&list) else {
            return self.fail(faults::not_a_list(&list), self.position(id));
        };
        if elements.is_empty() && self.may_be_position(condition) {
            self.set_local(item, Value::Null)?;
            let position = self.eval(condition)?;
            return Ok(if matches!(position, Value::Number(_)) { Value::Null } else { Value::List(elements) });
        }
        let mut kept = Vec::new();
        for element in elements.iter() {
            self.set_local(item, element.clone())?;
            match self.eval(condition)? {
                Value::Boolean(true) => {
                    self.spend_values(1, id)?;
                    kept.push(element.clone());
                }
                Value::Boolean(false) | Value::Null => {}
                // DMN mode, where what stands in the brackets had no type: it was a position.
                Value::Number(position) if self.plan.dmn_mode => return Ok(element_at(&elements, position)),
                // DMN mode: neither a condition nor a position.
                other => return self.fail(faults::logic(&other), self.position(condition)),
            }
        }
        Ok(Value::list(kept))
    }

    /// DMN mode: whether what stands in the brackets may be a position, of which an empty list has none.
    fn may_be_position(&self, condition: OpId) -> bool {
        let op = self.plan.operations.get(condition as usize);
        let reads = matches!(op, Some(Op::EntryOr(..) | Op::Local(_) | Op::Field(..) | Op::Input(_) | Op::Decision(_)));
        self.plan.dmn_mode && reads
    }

    /// The elements of a list; in DMN mode any other value is the list of itself (DMN 1.5, clause 10.3.2.9.4).
    pub(super) fn elements(&self, value: &Value) -> Option<Arc<Vec<Value>>> {
        match value {
            Value::List(elements) => Some(elements.clone()),
            Value::Null => None,
            other if self.plan.dmn_mode => Some(Arc::new(vec![other.clone()])),
            _ => None,
        }
    }

    /// A text of the plan.
    pub(super) fn text(&self, id: TextId) -> Result<&'a str, Stop> {
        let plan = self.plan;
        plan.texts.get(id as usize).map(|text| &**text).ok_or_else(|| self.damaged("texto", "text", id))
    }
}

/// A field of a record, null where it was left out; a property of a date, time, duration or range.
fn field_of(value: &Value, position: u32, name: &str) -> Result<Value, Fault> {
    match value {
        Value::Context(context) => Ok(context.get_at(position as usize, name).cloned().unwrap_or_default()),
        other => other.property(name).ok_or_else(|| faults::field(name, other)),
    }
}

fn element_at(elements: &[Value], position: Number) -> Value {
    let index = match position.to_i64() {
        Some(from_start @ 1..) => usize::try_from(from_start).ok().and_then(|position| position.checked_sub(1)),
        Some(from_end) => {
            usize::try_from(from_end.unsigned_abs()).ok().and_then(|position| elements.len().checked_sub(position))
        }
        _ => None,
    };
    index.and_then(|index| elements.get(index)).cloned().unwrap_or_default()
}
