//! Which types values have while rules run: `instance of`, constraints of types, and DMN's implicit conversions.

use dictamen_plan::{ConstraintId, Decision, OpId, Position};
use dictamen_value::{Context, DateTime, RecordType, Type, Value};

use super::faults;
use super::machine::{Machine, Stop};

/// Whether null belongs to types that do not say so.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Nulls {
    Refused,
    Welcome,
}

impl Machine<'_> {
    /// Whether a value is of a type, constraints included.
    pub(super) fn instance_of(&mut self, id: OpId, value: OpId, ty: &Type) -> Result<Value, Stop> {
        let value = self.eval(value)?;
        self.spend_comparison(id, &value, &value)?;
        if self.plan.dmn_mode {
            return Ok(Value::Boolean(self.is_instance(&value, ty)));
        }
        self.conforms(&value, ty, Nulls::Refused).map(Value::Boolean)
    }

    /// The value, where it meets the constraints of a type.
    pub(super) fn ensure(&mut self, id: OpId, value: OpId, ty: &Type) -> Result<Value, Stop> {
        let value = self.eval(value)?;
        self.spend_comparison(id, &value, &value)?;
        if self.conforms(&value, ty, Nulls::Refused)? {
            return Ok(value);
        }
        let rule = self.broken_constraint(ty);
        self.fail(faults::constraint(&rule, ty, &value), self.position(id))
    }

    /// The constraint of a type as written, where it has one of its own.
    fn broken_constraint(&self, ty: &Type) -> String {
        let constraint = match ty.present() {
            Type::Named(named) => named.constraint,
            _ => None,
        };
        let text = constraint.and_then(|id| self.plan.constraints.get(id as usize));
        text.and_then(|constraint| self.plan.texts.get(constraint.text as usize))
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    /// Whether a value belongs to a type; records may have more fields than it says.
    fn conforms(&mut self, value: &Value, ty: &Type, nulls: Nulls) -> Result<bool, Stop> {
        match (ty, value) {
            (Type::Named(named), value) => {
                Ok(self.conforms(value, &named.base, nulls)? && self.meets_if_any(named.constraint, value)?)
            }
            (Type::Null | Type::Optional(_), Value::Null) => Ok(true),
            (_, Value::Null) => Ok(nulls == Nulls::Welcome),
            (Type::Optional(of), value) => self.conforms(value, of, nulls),
            (Type::List(of), Value::List(elements)) => self.all_conform(elements, of, nulls),
            (Type::Record(record), Value::Context(context)) => self.record_conforms(context, record, nulls),
            (Type::Function(wanted), Value::Function(function)) if self.plan.dmn_mode => {
                Ok(self.may_serve(function, wanted))
            }
            (ty, value) => Ok(value.fits(ty)),
        }
    }

    fn all_conform(&mut self, elements: &[Value], of: &Type, nulls: Nulls) -> Result<bool, Stop> {
        for element in elements {
            if !self.conforms(element, of, nulls)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn record_conforms(&mut self, context: &Context, record: &RecordType, nulls: Nulls) -> Result<bool, Stop> {
        for (position, field) in record.fields.iter().enumerate() {
            let conforms = match context.get_at(position, &field.name) {
                Some(value) => self.conforms(value, &field.ty, nulls)?,
                None => field.ty.is_optional(),
            };
            if !conforms {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn meets_if_any(&mut self, constraint: Option<ConstraintId>, value: &Value) -> Result<bool, Stop> {
        match constraint {
            // What is absent is not constrained.
            Some(constraint) if !value.is_null() => self.meets(constraint, value),
            _ => Ok(true),
        }
    }

    /// Whether a value meets a constraint of a type.
    pub(crate) fn meets(&mut self, id: ConstraintId, value: &Value) -> Result<bool, Stop> {
        let Some(constraint) = self.plan.constraints.get(id as usize) else {
            return Err(self.damaged("restricción", "constraint", id));
        };
        self.enter(None)?;
        let start = self.stack.len();
        self.stack.push(value.clone());
        let previous = self.open_frame(start, constraint.frame.max(1))?;
        let holds = match self.plan.dmn_mode {
            true => self.any_known(&constraint.tests, 0).map(|known| known == Some(!constraint.negated)),
            false => self.any_holds(&constraint.tests, 0).map(|holds| holds != constraint.negated),
        };
        self.close_frame(previous);
        self.leave();
        holds
    }

    /// DMN mode: an outcome fits the type of its decision, or is null.
    pub(super) fn fit_outcome(&mut self, decision: &Decision, value: Value) -> Result<Value, Stop> {
        if !self.plan.dmn_mode {
            return Ok(value);
        }
        self.fit(value, &decision.ty, (&decision.name, &decision.name), Some(decision.position))
    }

    /// DMN mode: the value converted to a type (DMN 1.5, clause 10.3.2.9.4), null where it cannot be.
    pub(super) fn fit(
        &mut self,
        value: Value,
        ty: &Type,
        what: (&str, &str),
        place: Option<Position>,
    ) -> Result<Value, Stop> {
        match self.converted(&value, ty)? {
            Some(converted) => Ok(converted),
            None => self.fail(faults::does_not_fit(what.0, what.1, ty, &value), place),
        }
    }

    fn converted(&mut self, value: &Value, ty: &Type) -> Result<Option<Value>, Stop> {
        if self.conforms(value, ty, Nulls::Welcome)? {
            return Ok(Some(value.clone()));
        }
        let candidates = [in_a_list(value, ty), out_of_its_list(value), at_midnight(value, ty)];
        for candidate in candidates.into_iter().flatten() {
            if self.conforms(&candidate, ty, Nulls::Welcome)? {
                return Ok(Some(candidate));
            }
        }
        Ok(None)
    }
}

/// The value alone in a list, where a list is wanted; a list may be what the elements are to be.
fn in_a_list(value: &Value, ty: &Type) -> Option<Value> {
    matches!(ty.bare(), Type::List(_)).then(|| Value::list(vec![value.clone()]))
}

/// The value that is alone in its list.
fn out_of_its_list(value: &Value) -> Option<Value> {
    match value.as_list() {
        Some([only]) => Some(only.clone()),
        _ => None,
    }
}

/// A date's midnight in UTC, where a date with a time is wanted.
fn at_midnight(value: &Value, ty: &Type) -> Option<Value> {
    match (ty.bare(), value) {
        (Type::DateTime, Value::Date(date)) => Some(Value::DateTime(DateTime::at_midnight_utc(*date))),
        _ => None,
    }
}
