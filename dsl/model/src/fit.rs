//! Which types fit where: assignment, joining of branches, what can be compared.

use std::sync::Arc;

use dictamen_value::{Field, RecordType, Type, Unit};

/// Whether every value of one type belongs to another, constraints aside (those are checked on values).
pub(crate) fn fits(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::Named(a), Type::Named(b)) if a == b => true,
        (Type::Null, _) => to.is_optional(),
        (Type::Named(named), _) if !matches!(to, Type::Optional(_)) => fits(&named.base, to),
        (_, Type::Named(named)) => fits(from, &named.base),
        (Type::Optional(inner), Type::Optional(wanted)) => fits(inner, wanted),
        (Type::Optional(_), _) => false,
        (_, Type::Optional(wanted)) => fits(from, wanted),
        _ => present_fits(from, to),
    }
}

fn present_fits(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Number { integer, unit }, Type::Number { integer: wanted, unit: wanted_unit }) => {
            (*integer || !wanted) && unit == wanted_unit
        }
        (Type::Choice(values), Type::Choice(wanted)) => values.iter().all(|value| wanted.contains(value)),
        (Type::Choice(_), basic) => fits(&from.basic(), basic),
        (Type::List(element), Type::List(wanted)) | (Type::Range(element), Type::Range(wanted)) => {
            fits(element, wanted)
        }
        (Type::Record(record), Type::Record(wanted)) => record_fits(record, wanted),
        (Type::Function(function), Type::Function(wanted)) => {
            function.parameters.len() == wanted.parameters.len()
                && function.parameters.iter().zip(&wanted.parameters).all(|(mine, theirs)| fits(theirs, mine))
                && fits(&function.result, &wanted.result)
        }
        _ => from == to,
    }
}

fn record_fits(record: &RecordType, wanted: &RecordType) -> bool {
    let has = |field: &Field| match record.fields.iter().find(|mine| mine.name == field.name) {
        Some(mine) => fits(&mine.ty, &field.ty),
        None => field.ty.is_optional(),
    };
    let known = |mine: &Field| wanted.fields.iter().any(|field| field.name == mine.name);
    wanted.fields.iter().all(has) && record.fields.iter().all(known)
}

/// The smallest type that both belong to; `None` where there is none worth having.
pub(crate) fn join(a: &Type, b: &Type) -> Option<Type> {
    let (a_in_b, b_in_a) = (fits(a, b) && !matches!(a, Type::Any), fits(b, a) && !matches!(b, Type::Any));
    if a_in_b && !constrains(b, a) {
        return Some(b.clone());
    }
    if b_in_a && !constrains(a, b) {
        return Some(a.clone());
    }
    if a_in_b || b_in_a {
        return Some(unconstrained(if a_in_b { b } else { a }));
    }
    match (a, b) {
        (Type::Any, other) | (other, Type::Any) => Some(other.clone()),
        (Type::Null, other) | (other, Type::Null) => Some(other.clone().optional()),
        (Type::Optional(inner), other) | (other, Type::Optional(inner)) => {
            join(inner, other.present()).map(Type::optional)
        }
        _ => join_bare(a, b),
    }
}

fn join_bare(a: &Type, b: &Type) -> Option<Type> {
    match (a.bare(), b.bare()) {
        (Type::Number { unit, .. }, Type::Number { unit: other, .. }) if unit == other => {
            Some(Type::Number { integer: false, unit: unit.clone() })
        }
        (Type::Choice(x), Type::Choice(y)) if a.basic() == b.basic() => {
            let more = y.iter().filter(|value| !x.contains(value));
            Some(Type::Choice(x.iter().chain(more).cloned().collect()))
        }
        (Type::Choice(_), _) | (_, Type::Choice(_)) if a.basic() == b.basic() => Some(a.basic()),
        (Type::List(x), Type::List(y)) => join(x, y).map(Type::list),
        (Type::Record(x), Type::Record(y)) => join_records(x, y),
        (x, y) if x == y => Some(x.clone()),
        _ => None,
    }
}

fn join_records(a: &RecordType, b: &RecordType) -> Option<Type> {
    let same_names = a.fields.len() == b.fields.len()
        && a.fields.iter().all(|field| b.fields.iter().any(|other| other.name == field.name));
    if !same_names {
        return None;
    }
    let fields = a.fields.iter().map(|field| {
        let other = b.fields.iter().find(|other| other.name == field.name)?;
        Some(Field { name: field.name.clone(), ty: join(&field.ty, &other.ty)? })
    });
    Some(Type::Record(Arc::new(RecordType { fields: fields.collect::<Option<_>>()? })))
}

/// Whether values of two types may ever be equal, so that comparing them makes sense.
pub(crate) fn comparable(a: &Type, b: &Type) -> bool {
    match (a.bare(), b.bare()) {
        (Type::Any | Type::Null, _) | (_, Type::Any | Type::Null) => true,
        (Type::Choice(x), Type::Choice(y)) => x.iter().any(|value| y.contains(value)),
        _ => join(a.present(), b.present()).is_some(),
    }
}

/// Whether values of a type have an order.
pub(crate) fn ordered(ty: &Type) -> bool {
    matches!(
        ty.basic(),
        Type::Any
            | Type::Number { .. }
            | Type::Text
            | Type::Date
            | Type::Time
            | Type::DateTime
            | Type::DaysDuration
            | Type::MonthsDuration
    )
}

/// Whether a type holds constraints that values of another type were not already held to.
pub(crate) fn constrains(wanted: &Type, from: &Type) -> bool {
    match (wanted, from) {
        (wanted, from) if wanted == from => false,
        (Type::Optional(wanted), from) => constrains(wanted, from.present()),
        (Type::Named(named), from) => {
            named.constraint.is_some() && !already_meets(named.constraint, from) || constrains(&named.base, from)
        }
        (wanted, Type::Named(named)) => constrains(wanted, &named.base),
        (Type::List(wanted), Type::List(from)) => constrains(wanted, from),
        (Type::Record(wanted), from) => wanted.fields.iter().any(|field| {
            let mine = from.fields().and_then(|fields| fields.iter().find(|mine| mine.name == field.name));
            mine.is_none_or(|mine| constrains(&field.ty, &mine.ty))
        }),
        _ => false,
    }
}

/// The type without its constraints: what is known of a value that nobody held to them.
pub(crate) fn unconstrained(ty: &Type) -> Type {
    match ty {
        Type::Named(named) if named.constraint.is_none() && !constrains(&named.base, &Type::Any) => ty.clone(),
        Type::Named(named) => unconstrained(&named.base),
        Type::Optional(inner) => unconstrained(inner).optional(),
        Type::List(inner) => Type::list(unconstrained(inner)),
        Type::Range(inner) => Type::Range(Box::new(unconstrained(inner))),
        Type::Record(record) => {
            let fields = record.fields.iter();
            let fields = fields.map(|field| Field { name: field.name.clone(), ty: unconstrained(&field.ty) });
            Type::Record(Arc::new(RecordType { fields: fields.collect() }))
        }
        other => other.clone(),
    }
}

fn already_meets(constraint: Option<u32>, from: &Type) -> bool {
    match from {
        Type::Named(named) => named.constraint == constraint || already_meets(constraint, &named.base),
        Type::Null => true,
        _ => false,
    }
}

/// Unit and wholeness, where this is a number.
pub(crate) fn number(ty: &Type) -> Option<(bool, Unit)> {
    match ty.basic() {
        Type::Number { integer, unit } => Some((integer, unit)),
        _ => None,
    }
}
