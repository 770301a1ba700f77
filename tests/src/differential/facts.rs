//! Facts for any model: at and around its constants, absent where they may be, lists empty or not.

use std::collections::BTreeMap;
use std::sync::Arc;

use dictamen_model::graph::{Expr, ExprKind, InputId, Model};
use dictamen_value::{
    Context, Date, DateTime, DaysDuration, MonthsDuration, NamedType, Number, Range, Time, Type, Value,
};

use super::choices::Choices;
use super::walk::{Visitor, walk};

/// Facts and dates of one evaluation.
#[derive(Clone, Debug)]
pub struct Request {
    /// Values of all inputs.
    pub facts: BTreeMap<InputId, Value>,
    /// The as-of date.
    pub as_of: Date,
    /// The known-at instant.
    pub known_at: DateTime,
}

/// Constants of a model: facts are taken from around them.
#[derive(Clone, Debug)]
pub struct Constants {
    values: Vec<Value>,
}

/// Days that things are asked at: around those on which generated parameters change.
const DAYS: [&str; 6] = ["2026-01-01", "2025-12-31", "2026-03-01", "2024-12-31", "2030-01-01", "1980-01-01"];
/// When things are known: after all, and between those that generated parameters become known at.
const KNOWN: [&str; 3] = ["2026-06-01T00:00:00Z", "2025-12-15T00:00:00Z", "2024-12-31T23:59:59-05:00"];
/// Values that every pool starts with.
const NUMBERS: [&str; 6] = ["0", "1", "-1", "0.5", "100", "3500"];
const TEXTS: [&str; 4] = ["", "a", "b", "natural"];
const DATES: [&str; 3] = ["2026-01-01", "2024-02-29", "1999-12-31"];
const TIMES: [&str; 6] = ["00:00:00", "14:30:00", "23:59:59", "14:30:01", "14:30:00-05:00", "10:00:00@America/Bogota"];
const MOMENTS: [&str; 6] = [
    "2026-01-01T00:00:00Z",
    "2025-12-31T19:00:00-05:00",
    "2024-02-29T12:30:15Z",
    "2025-12-31T23:59:59Z",
    "2025-12-31T19:00:00@America/Bogota",
    "2026-01-01T00:00:00",
];
const DAYS_DURATIONS: [&str; 5] = ["P1D", "PT36H", "-P2DT3H", "PT0S", "P365D"];
const MONTHS_DURATIONS: [&str; 4] = ["P1M", "P1Y2M", "-P3M", "P0M"];
/// How often a value that meets a constraint is looked for.
const ATTEMPTS: usize = 12;

impl Constants {
    /// Those of a model, and some more.
    pub fn of(model: &Model) -> Constants {
        let mut constants = Constants { values: Vec::new() };
        constants.values.extend(NUMBERS.map(|text| Value::Number(parsed(Number::parse(text)))));
        constants.values.extend(TEXTS.map(|text| Value::Text(text.into())));
        constants.values.extend(DATES.map(|text| Value::Date(parsed(Date::parse(text)))));
        constants.values.extend(TIMES.map(|text| Value::Time(parsed(Time::parse(text)))));
        constants.values.extend(MOMENTS.map(|text| Value::DateTime(parsed(DateTime::parse(text)))));
        constants.values.extend(DAYS_DURATIONS.map(|text| Value::DaysDuration(parsed(DaysDuration::parse(text)))));
        constants
            .values
            .extend(MONTHS_DURATIONS.map(|text| Value::MonthsDuration(parsed(MonthsDuration::parse(text)))));
        walk(model, &mut constants);
        constants
    }

    fn some(&self, choices: &mut Choices, accept: impl Fn(&Value) -> bool) -> Value {
        let fitting: Vec<&Value> = self.values.iter().filter(|value| accept(value)).collect();
        if fitting.is_empty() { Value::Null } else { (*choices.pick(&fitting)).clone() }
    }
}

impl Visitor for Constants {
    fn expression(&mut self, expr: &Expr) {
        if let ExprKind::Constant(value) = &expr.kind {
            self.values.push(value.clone());
        }
    }
}

/// A request for a model.
pub fn request(choices: &mut Choices, model: &Model, constants: &Constants) -> Request {
    let as_of = parsed(Date::parse(choices.word(&DAYS)));
    let known_at = parsed(DateTime::parse(choices.word(&KNOWN)));
    let mut making = Making { choices, model, constants };
    let facts = (0..).zip(&model.inputs).map(|(id, input)| (id, making.value(&input.ty))).collect();
    Request { facts, as_of, known_at }
}

/// Whether all facts of a request belong to their types: a constraint may be met by none of the values at hand.
pub fn fits(request: &Request, model: &Model) -> bool {
    request.facts.iter().all(|(id, value)| {
        let input = model.inputs.get(*id as usize);
        input.is_some_and(|input| dictamen_reference::conforms(model, value, &input.ty) == Ok(true))
    })
}

struct Making<'m, 'c> {
    choices: &'c mut Choices,
    model: &'m Model,
    constants: &'m Constants,
}

impl Making<'_, '_> {
    fn value(&mut self, ty: &Type) -> Value {
        match ty {
            Type::Any => self.constants.some(self.choices, |_| true),
            Type::Null | Type::Function(_) => Value::Null,
            Type::Boolean => Value::Boolean(self.choices.below(2) == 1),
            Type::Number { integer, .. } => self.number(*integer),
            Type::Text => self.text(),
            Type::Date => self.date(),
            Type::Time => self.constants.some(self.choices, |value| matches!(value, Value::Time(_))),
            Type::DateTime => self.constants.some(self.choices, |value| matches!(value, Value::DateTime(_))),
            Type::DaysDuration => self.constants.some(self.choices, |value| matches!(value, Value::DaysDuration(_))),
            Type::MonthsDuration => {
                self.constants.some(self.choices, |value| matches!(value, Value::MonthsDuration(_)))
            }
            Type::Range(of) => self.range(of),
            Type::List(of) => {
                let count = self.choices.below(4);
                Value::List(Arc::new((0..count).map(|_| self.value(of)).collect()))
            }
            Type::Record(record) => {
                let pairs: Vec<(Arc<str>, Value)> =
                    record.fields.iter().map(|field| (field.name.clone(), self.value(&field.ty))).collect();
                Value::Context(Arc::new(Context::from_pairs(pairs)))
            }
            Type::Choice(options) => self.choices.pick(options).clone(),
            Type::Optional(of) => {
                if self.choices.percent(60) {
                    self.value(of)
                } else {
                    Value::Null
                }
            }
            Type::Named(named) => self.constrained(ty, named),
        }
    }

    /// A value that meets the constraint, if one is found: among some tries, or else among the constants.
    fn constrained(&mut self, ty: &Type, named: &NamedType) -> Value {
        let meets = |value: &Value| dictamen_reference::conforms(self.model, value, ty) == Ok(true);
        let mut value = Value::Null;
        for _ in 0..ATTEMPTS {
            let mut making = Making { choices: self.choices, model: self.model, constants: self.constants };
            value = making.value(&named.base);
            if named.constraint.is_none() || meets(&value) {
                return value;
            }
        }
        self.constants.values.iter().find(|value| meets(value)).cloned().unwrap_or(value)
    }

    /// A constant, or what lies just beside it.
    fn number(&mut self, whole: bool) -> Value {
        let Value::Number(constant) = self.constants.some(self.choices, |value| matches!(value, Value::Number(_)))
        else {
            return Value::Null;
        };
        let moved = match self.choices.below(6) {
            3 => constant.checked_add(Number::ONE),
            4 => constant.checked_sub(Number::ONE),
            5 => Ok(constant.negate()),
            _ => Ok(constant),
        };
        let moved = moved.unwrap_or(constant);
        Value::Number(if whole { moved.floor(0).unwrap_or_default() } else { moved })
    }

    fn text(&mut self) -> Value {
        let constant = self.constants.some(self.choices, |value| matches!(value, Value::Text(_)));
        let Value::Text(text) = &constant else { return constant };
        match self.choices.below(4) {
            2 => Value::Text(format!("{text}a").into()),
            3 => Value::Text(text.to_uppercase().into()),
            _ => constant,
        }
    }

    fn date(&mut self) -> Value {
        let constant = self.constants.some(self.choices, |value| matches!(value, Value::Date(_)));
        let Value::Date(date) = constant else { return constant };
        let moved = match self.choices.below(5) {
            3 => date.add_days(1),
            4 => date.add_days(-1),
            _ => Ok(date),
        };
        Value::Date(moved.unwrap_or(date))
    }

    fn range(&mut self, of: &Type) -> Value {
        let (low, high) = (self.value(of), self.value(of));
        // Where the type of the ends is not known, what has no order is no end.
        let low = if low.order(&low).is_some() { low } else { Value::Number(Number::ONE) };
        // Ends without an order between them, such as times with and without an offset, make no range.
        let high = if low.order(&high).is_some() { high } else { Value::Null };
        let (low_closed, high_closed) = (self.choices.percent(50), self.choices.percent(50));
        Value::Range(Arc::new(Range { low, low_closed, high, high_closed }))
    }
}

fn parsed<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.expect("a literal that can be read")
}
