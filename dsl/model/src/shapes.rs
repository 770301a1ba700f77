//! Shapes of built-in functions matched against types of arguments.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use dictamen_functions::{Parameter, Presence, Shape, Signature};
use dictamen_value::{FunctionType, Type, Unit};

use crate::expressions::is_literal;
use crate::fit;
use crate::graph::Expr;

/// What the numbered parts of a signature stand for in one call.
#[derive(Debug, Default)]
pub(crate) struct Bindings {
    types: HashMap<u8, Type>,
    /// Numbered parts that only number literals have told of so far: those take the unit they meet.
    literals: HashSet<u8>,
    units: HashMap<u8, Option<Unit>>,
}

/// Matches arguments against a signature; `None` where they don't fit.
pub(crate) fn match_signature(signature: &Signature, arguments: &[Expr]) -> Option<Bindings> {
    let mut bindings = Bindings::default();
    let required = signature.parameters.iter().filter(|parameter| parameter.presence == Presence::Required).count();
    if arguments.len() < required {
        return None;
    }
    for (position, argument) in arguments.iter().enumerate() {
        let parameter = parameter_at(signature, position)?;
        let literal = is_literal(argument);
        if !bindings.matches(&parameter.shape, &argument.ty, literal) {
            return None;
        }
    }
    Some(bindings)
}

/// The parameter that takes the argument at a position.
pub(crate) fn parameter_at(signature: &Signature, position: usize) -> Option<&'static Parameter> {
    signature
        .parameters
        .get(position)
        .or_else(|| signature.parameters.last().filter(|last| last.presence == Presence::Variadic))
}

impl Bindings {
    fn matches(&mut self, shape: &Shape, ty: &Type, literal: bool) -> bool {
        if matches!(ty, Type::Any) {
            return true;
        }
        match shape {
            Shape::Any => true,
            Shape::Optional(inner) => matches!(ty, Type::Null) || self.matches(inner, ty.present(), literal),
            Shape::Null => matches!(ty, Type::Null),
            Shape::Same(number) => self.same(*number, ty, literal),
            _ if ty.is_optional() => false,
            Shape::Unit(number) => self.unit(*number, ty, literal),
            Shape::List(inner) => ty.element().is_some_and(|element| self.matches(inner, element, false)),
            Shape::Range(inner) => match ty.bare() {
                Type::Range(element) => self.matches(inner, element, false),
                _ => false,
            },
            Shape::Context => ty.fields().is_some(),
            Shape::Function(parameters, result) => self.function(parameters, result, ty),
            basic => self.basic(basic, ty, literal),
        }
    }

    fn basic(&mut self, shape: &Shape, ty: &Type, literal: bool) -> bool {
        let basic = ty.basic();
        match (shape, &basic) {
            (Shape::Number, Type::Number { unit, .. }) => unit.is_none() || literal,
            (Shape::Integer, Type::Number { integer, unit }) => *integer && unit.is_none(),
            (Shape::Boolean, Type::Boolean)
            | (Shape::Text, Type::Text)
            | (Shape::Date, Type::Date)
            | (Shape::Time, Type::Time)
            | (Shape::DateTime, Type::DateTime)
            | (Shape::DaysDuration, Type::DaysDuration)
            | (Shape::MonthsDuration, Type::MonthsDuration) => true,
            _ => false,
        }
    }

    fn same(&mut self, number: u8, ty: &Type, literal: bool) -> bool {
        let is_number = |ty: &Type| fit::number(ty).is_some();
        let so_far_literal = self.literals.contains(&number);
        let joined = match self.types.get(&number) {
            Some(known) if so_far_literal && !literal && is_number(ty) => {
                fit::join(known, ty).or_else(|| Some(fit::unconstrained(ty)))
            }
            Some(known) if literal && is_number(known) => {
                fit::join(known, ty).or_else(|| Some(fit::unconstrained(known)))
            }
            Some(known) => fit::join(known, ty),
            None => Some(ty.clone()),
        };
        if literal && (so_far_literal || !self.types.contains_key(&number)) {
            self.literals.insert(number);
        } else {
            self.literals.remove(&number);
        }
        let matches = joined.is_some();
        self.types.extend(joined.map(|joined| (number, joined)));
        matches
    }

    fn unit(&mut self, number: u8, ty: &Type, literal: bool) -> bool {
        let Some((_, unit)) = fit::number(ty) else { return false };
        if literal && unit.is_none() {
            self.units.entry(number).or_insert(None);
            return true;
        }
        match self.units.get(&number) {
            Some(Some(known)) => *known == unit,
            _ => {
                self.units.insert(number, Some(unit));
                true
            }
        }
    }

    fn function(&mut self, parameters: &[Shape], result: &Shape, ty: &Type) -> bool {
        let Type::Function(function) = ty.bare() else { return false };
        function.parameters.len() == parameters.len()
            && parameters.iter().zip(&function.parameters).all(|(shape, ty)| self.matches(shape, ty, false))
            && self.matches(result, &function.result, false)
    }

    /// The type that a shape stands for in this call.
    pub(crate) fn instantiate(&self, shape: &Shape) -> Type {
        match shape {
            Shape::Any => Type::Any,
            Shape::Null => Type::Null,
            Shape::Boolean => Type::Boolean,
            Shape::Number => Type::number(),
            Shape::Integer => Type::integer(),
            Shape::Unit(number) => {
                let unit = self.units.get(number).cloned().flatten().unwrap_or_default();
                Type::Number { integer: false, unit }
            }
            Shape::Text => Type::Text,
            Shape::Date => Type::Date,
            Shape::Time => Type::Time,
            Shape::DateTime => Type::DateTime,
            Shape::DaysDuration => Type::DaysDuration,
            Shape::MonthsDuration => Type::MonthsDuration,
            Shape::Context => Type::Any,
            Shape::Same(number) => self.types.get(number).cloned().unwrap_or(Type::Any),
            Shape::List(inner) => Type::list(self.instantiate(inner)),
            Shape::Range(inner) => Type::Range(Box::new(self.instantiate(inner))),
            Shape::Optional(inner) => self.instantiate(inner).optional(),
            Shape::Function(parameters, result) => Type::Function(Arc::new(FunctionType {
                parameters: parameters.iter().map(|shape| self.instantiate(shape)).collect(),
                result: self.instantiate(result),
            })),
        }
    }
}

/// A signature for people: `substring(string, start position, [length])`.
pub(crate) fn describe(name: &str, signature: &Signature) -> String {
    let parameters = signature.parameters.iter().map(|parameter| match parameter.presence {
        Presence::Required => parameter.name.to_owned(),
        Presence::Optional => format!("[{}]", parameter.name),
        Presence::Variadic => format!("{}…", parameter.name),
    });
    format!("{name}({})", parameters.collect::<Vec<_>>().join(", "))
}
