//! Whether a value belongs to a type (DMN 1.5, clause 10.3.2.9.1), constraints of named types included.

use std::sync::Arc;

use dictamen_model::graph::{ConstraintId, LocalId};
use dictamen_value::{DateTime, Field, NamedType, Type, Value};

use crate::evaluation::{Evaluation, assign, empty_frame};
use crate::failure::{self, Failure};
use crate::operators;

/// The local that constraints see the value in.
const CONSTRAINED: LocalId = 0;

impl Evaluation<'_> {
    /// Whether a value is of a type.
    pub(crate) fn conforms(&mut self, value: &Value, ty: &Type) -> Result<bool, Failure> {
        match (ty, value) {
            (Type::Null, _) => Ok(matches!(value, Value::Null)),
            (Type::Named(named), _) => self.conforms_to_named(value, named),
            (Type::Optional(_), Value::Null) => Ok(true),
            (Type::Optional(inner), _) => self.conforms(value, inner),
            (_, Value::Null) => Ok(self.nulls_belong),
            (Type::Number { integer, .. }, Value::Number(number)) => Ok(!integer || number.is_integer()),
            (Type::Choice(choices), _) => {
                Ok(choices.iter().any(|choice| operators::equal(choice, value) == Some(true)))
            }
            (Type::List(element), Value::List(items)) => self.all_conform(items.iter(), element),
            (Type::Range(of), Value::Range(range)) => {
                let ends = [&range.low, &range.high].into_iter().filter(|end| !matches!(end, Value::Null));
                self.all_conform(ends, of)
            }
            (Type::Record(record), Value::Context(_)) => self.fields_conform(value, &record.fields),
            (Type::Any, _)
            | (Type::Boolean, Value::Boolean(_))
            | (Type::Text, Value::Text(_))
            | (Type::Date, Value::Date(_))
            | (Type::Time, Value::Time(_))
            | (Type::DateTime, Value::DateTime(_))
            | (Type::DaysDuration, Value::DaysDuration(_))
            | (Type::MonthsDuration, Value::MonthsDuration(_))
            | (Type::Function(_), Value::Function(_)) => Ok(true),
            _ => Ok(false),
        }
    }

    /// The value for a place of a type: converted in DMN mode; native rules were checked, and say where to make sure.
    pub(crate) fn as_wanted(&mut self, value: Value, ty: &Type) -> Result<Value, Failure> {
        if self.model.dmn_mode { self.converted(value, ty) } else { Ok(value) }
    }

    /// The value as a type wants it, out of or into a list, a date as its midnight in UTC; null where it cannot be
    /// (DMN 1.5, clause 10.3.2.9.4).
    fn converted(&mut self, value: Value, ty: &Type) -> Result<Value, Failure> {
        self.nulls_belong = true;
        let converted = self.conversion(value, ty);
        self.nulls_belong = false;
        converted
    }

    fn conversion(&mut self, value: Value, ty: &Type) -> Result<Value, Failure> {
        if self.conforms(&value, ty)? {
            return Ok(value);
        }
        let other = match (ty.bare(), &value) {
            (Type::DateTime, Value::Date(date)) => Value::DateTime(DateTime::at_midnight_utc(*date)),
            (Type::List(_), Value::List(_) | Value::Null) => Value::Null,
            (Type::List(_), _) => Value::List(Arc::new(vec![value])),
            (_, Value::List(items)) => match items.as_slice() {
                [single] => single.clone(),
                _ => Value::Null,
            },
            _ => Value::Null,
        };
        Ok(if self.conforms(&other, ty)? { other } else { Value::Null })
    }

    fn all_conform<'v>(&mut self, values: impl Iterator<Item = &'v Value>, ty: &Type) -> Result<bool, Failure> {
        for value in values {
            if !self.conforms(value, ty)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn fields_conform(&mut self, value: &Value, fields: &[Field]) -> Result<bool, Failure> {
        let Value::Context(context) = value else { return Ok(false) };
        for field in fields {
            let fits = match context.get(&field.name) {
                Some(entry) => self.conforms(entry, &field.ty)?,
                None => field.ty.is_optional(),
            };
            if !fits {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// An absent value meets the constraint of a type that may be absent.
    fn conforms_to_named(&mut self, value: &Value, named: &NamedType) -> Result<bool, Failure> {
        if !self.conforms(value, &named.base)? {
            return Ok(false);
        }
        match (named.constraint, value) {
            (None, _) | (_, Value::Null) => Ok(true),
            (Some(id), value) => self.meets(value, id),
        }
    }

    fn meets(&mut self, value: &Value, id: ConstraintId) -> Result<bool, Failure> {
        let constraint = self.model.constraints.get(id as usize).ok_or(Failure::new(failure::MODEL))?;
        let mut frame = empty_frame(constraint.frame.max(1));
        assign(&mut frame, CONSTRAINED, value.clone())?;
        self.cell(&constraint.tests, CONSTRAINED, &mut frame)
    }
}
