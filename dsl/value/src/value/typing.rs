//! Which type a value has, and which types it fits.

use std::sync::Arc;

use crate::{Context, Field, FunctionType, Message, Range, RecordType, Type, Value};

impl Value {
    /// The kind of value, as people call it.
    pub fn type_name(&self) -> Message {
        match self {
            Value::Null => Message::new("nulo", "null"),
            Value::Boolean(_) => Message::new("booleano", "boolean"),
            Value::Number(_) => Message::new("número", "number"),
            Value::Text(_) => Message::new("texto", "text"),
            Value::Date(_) => Message::new("fecha", "date"),
            Value::Time(_) => Message::new("hora", "time"),
            Value::DateTime(_) => Message::new("fecha con hora", "date and time"),
            Value::DaysDuration(_) => Message::new("duración en días", "duration in days"),
            Value::MonthsDuration(_) => Message::new("duración en meses", "duration in months"),
            Value::Range(_) => Message::new("rango", "range"),
            Value::List(_) => Message::new("lista", "list"),
            Value::Context(_) => Message::new("registro", "record"),
            Value::Function(_) => Message::new("función", "function"),
        }
    }

    /// The basic type: a plain number for any number, the common type of a list's elements (`Any` where there is
    /// none), a record for a context.
    pub fn type_of(&self) -> Type {
        match self {
            Value::Null => Type::Null,
            Value::Boolean(_) => Type::Boolean,
            Value::Number(_) => Type::number(),
            Value::Text(_) => Type::Text,
            Value::Date(_) => Type::Date,
            Value::Time(_) => Type::Time,
            Value::DateTime(_) => Type::DateTime,
            Value::DaysDuration(_) => Type::DaysDuration,
            Value::MonthsDuration(_) => Type::MonthsDuration,
            Value::Range(range) => Type::Range(Box::new(common_type([&range.low, &range.high]))),
            Value::List(elements) => Type::list(common_type(elements.iter())),
            Value::Context(context) => record_type(context),
            Value::Function(_) => Type::Function(Arc::new(FunctionType { parameters: Vec::new(), result: Type::Any })),
        }
    }

    /// Whether the value belongs to a type, whatever constraints the type has: whole numbers are checked, units are
    /// not (a value does not carry one), a record has no field that the type lacks.
    pub fn fits(&self, ty: &Type) -> bool {
        match ty {
            Type::Any => true,
            Type::Null => self.is_null(),
            Type::Boolean => matches!(self, Value::Boolean(_)),
            Type::Number { integer, .. } => self.as_number().is_some_and(|number| !integer || number.is_integer()),
            Type::Text => matches!(self, Value::Text(_)),
            Type::Date => matches!(self, Value::Date(_)),
            Type::Time => matches!(self, Value::Time(_)),
            Type::DateTime => matches!(self, Value::DateTime(_)),
            Type::DaysDuration => matches!(self, Value::DaysDuration(_)),
            Type::MonthsDuration => matches!(self, Value::MonthsDuration(_)),
            Type::Range(of) => self.as_range().is_some_and(|range| range_fits(range, of)),
            Type::List(of) => self.as_list().is_some_and(|elements| elements.iter().all(|element| element.fits(of))),
            Type::Record(record) => self.as_context().is_some_and(|context| context_fits(context, record)),
            Type::Choice(values) => values.iter().any(|value| value.same(self)),
            Type::Optional(of) => self.is_null() || self.fits(of),
            Type::Function(_) => matches!(self, Value::Function(_)),
            Type::Named(named) => self.fits(&named.base),
        }
    }
}

/// The type that all values have; nulls make it optional, `Any` where there is none or no value.
fn common_type<'a>(values: impl IntoIterator<Item = &'a Value>) -> Type {
    let mut common = None;
    let mut nulls = false;
    for value in values {
        match (value.type_of(), &common) {
            (Type::Null, _) => nulls = true,
            (ty, None) => common = Some(ty),
            (ty, Some(known)) if ty == *known => {}
            _ => return Type::Any,
        }
    }
    match common {
        Some(ty) if nulls => ty.optional(),
        Some(ty) => ty,
        None if nulls => Type::Null,
        None => Type::Any,
    }
}

fn record_type(context: &Context) -> Type {
    let fields = context.entries().map(|(name, value)| Field { name: name.clone(), ty: value.type_of() }).collect();
    Type::Record(Arc::new(RecordType { fields }))
}

fn range_fits(range: &Range, of: &Type) -> bool {
    [&range.low, &range.high].into_iter().all(|end| end.is_null() || end.fits(of))
}

fn context_fits(context: &Context, record: &RecordType) -> bool {
    let declared = |name: &str| record.fields.iter().any(|field| &*field.name == name);
    context.names().iter().all(|name| declared(name))
        && record.fields.iter().all(|field| match context.get(&field.name) {
            Some(value) => value.fits(&field.ty),
            None => field.ty.is_optional(),
        })
}
