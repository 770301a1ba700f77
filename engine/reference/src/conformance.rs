//! Whether a value belongs to a type (DMN 1.5, clause 10.3.2.9.1), constraints of named types included.

use std::sync::Arc;

use dictamen_model::graph::{ConstraintId, LocalId};
use dictamen_value::{DateTime, Field, FunctionTarget, FunctionType, FunctionValue, NamedType, Type, Value};

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
            | (Type::MonthsDuration, Value::MonthsDuration(_)) => Ok(true),
            (Type::Function(wanted), Value::Function(function)) => {
                Ok(!self.model.dmn_mode || self.may_serve(function, wanted))
            }
            _ => Ok(false),
        }
    }

    /// DMN mode: whether a value is of a type, whatever its constraints (DMN 1.5, clause 10.3.2.9.1); null is of none but
    /// those that say so.
    pub(crate) fn is_instance(&self, value: &Value, ty: &Type) -> bool {
        match value {
            Value::Null => may_be_null(ty),
            _ => self.is_of(value, ty),
        }
    }

    fn is_of(&self, value: &Value, ty: &Type) -> bool {
        match (ty, value) {
            (Type::Named(named), _) => self.is_of(value, &named.base),
            (Type::Optional(inner), _) => self.is_of(value, inner),
            (_, Value::Null) => true,
            (Type::Choice(choices), _) => choices.first().is_none_or(|choice| value.fits(&choice.type_of())),
            (Type::List(element), Value::List(items)) => items.iter().all(|item| self.is_of(item, element)),
            (Type::Range(of), Value::Range(range)) => self.is_of(&range.low, of) && self.is_of(&range.high, of),
            (Type::Record(record), Value::Context(context)) => record.fields.iter().all(|field| {
                let missing = || may_be_null(&field.ty);
                context.get(&field.name).map_or_else(missing, |entry| self.is_of(entry, &field.ty))
            }),
            (Type::Function(wanted), Value::Function(function)) => match self.function_type(function) {
                Some(own) => is_subtype(&Type::Function(Arc::new(own)), &Type::Function(wanted.clone())),
                None => true,
            },
            (ty, value) => value.fits(ty),
        }
    }

    /// Whether a function may stand where one of a type is wanted; one whose result has no known type may.
    fn may_serve(&self, function: &FunctionValue, wanted: &FunctionType) -> bool {
        let Some(mut own) = self.function_type(function) else { return true };
        if own.result == Type::Any {
            own.result = wanted.result.clone();
        }
        is_subtype(&Type::Function(Arc::new(own)), &Type::Function(Arc::new(wanted.clone())))
    }

    fn function_type(&self, function: &FunctionValue) -> Option<FunctionType> {
        let (parameters, result) = match &function.target {
            FunctionTarget::Declared(id) => {
                self.model.functions.get(*id as usize).map(|declared| (&declared.parameters, &declared.ty))
            }
            FunctionTarget::Lambda(id) => {
                self.model.lambdas.get(*id as usize).map(|lambda| (&lambda.parameters, &lambda.body.ty))
            }
            FunctionTarget::BuiltIn(_) => None,
        }?;
        let parameters = parameters.iter().map(|(_, ty)| ty.clone()).collect();
        Some(FunctionType { parameters, result: result.clone() })
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
        let mut others = Vec::new();
        match (ty.bare(), &value) {
            (Type::DateTime, Value::Date(date)) => others.push(Value::DateTime(DateTime::at_midnight_utc(*date))),
            (Type::List(_), _) => others.push(Value::List(Arc::new(vec![value.clone()]))),
            _ => {}
        }
        if let Some([single]) = value.as_list() {
            others.push(single.clone());
        }
        for other in others {
            if self.conforms(&other, ty)? {
                return Ok(other);
            }
        }
        Ok(Value::Null)
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

/// Whether every value of one type is of another: lists and ranges by what they hold, records by the fields that the other
/// has, functions by their results and, the other way round, by their parameters.
fn is_subtype(from: &Type, to: &Type) -> bool {
    if let Type::Named(_) | Type::Optional(_) | Type::Choice(_) = from {
        return is_subtype(&plain(from), to);
    }
    if let Type::Named(_) | Type::Optional(_) | Type::Choice(_) = to {
        return is_subtype(from, &plain(to));
    }
    match (from, to) {
        (_, Type::Any) | (Type::Null, _) => true,
        (Type::List(from), Type::List(to)) | (Type::Range(from), Type::Range(to)) => is_subtype(from, to),
        (Type::Record(from), Type::Record(to)) => to.fields.iter().all(|wanted| {
            let field = from.fields.iter().find(|field| field.name == wanted.name);
            field.is_some_and(|field| is_subtype(&field.ty, &wanted.ty))
        }),
        (Type::Function(from), Type::Function(to)) => {
            let parameters = from.parameters.iter().zip(&to.parameters);
            from.parameters.len() == to.parameters.len()
                && parameters.into_iter().all(|(mine, theirs)| is_subtype(theirs, mine))
                && is_subtype(&from.result, &to.result)
        }
        (Type::Number { integer, .. }, Type::Number { integer: wanted, .. }) => *integer || !*wanted,
        (from, to) => from == to,
    }
}

fn may_be_null(ty: &Type) -> bool {
    match ty {
        Type::Named(named) => may_be_null(&named.base),
        other => matches!(other, Type::Null | Type::Optional(_)),
    }
}

/// A type without its name, its "may be absent" or its choices.
fn plain(ty: &Type) -> Type {
    match ty {
        Type::Named(named) => named.base.clone(),
        Type::Optional(inner) => (**inner).clone(),
        other => other.basic(),
    }
}
