//! `instance of` in DMN mode: which types a value is of, whatever constraints they have (DMN 1.5, clause 10.3.2.9.1).

use dictamen_value::{FunctionTarget, FunctionType, FunctionValue, RecordType, Type, Value};

use super::machine::Machine;

impl Machine<'_> {
    /// Whether a value is of a type; null is of none but those that say so.
    pub(super) fn is_instance(&self, value: &Value, ty: &Type) -> bool {
        if value.is_null() { says_null(ty) } else { self.belongs(value, ty) }
    }

    /// The same for what is inside another value, where null may always stand.
    fn belongs(&self, value: &Value, ty: &Type) -> bool {
        match (ty, value) {
            (Type::Named(named), value) => self.belongs(value, &named.base),
            (Type::Optional(of), value) => self.belongs(value, of),
            (_, Value::Null) => true,
            (Type::Choice(_), value) => value.fits(&ty.basic()),
            (Type::List(of), Value::List(elements)) => elements.iter().all(|element| self.belongs(element, of)),
            (Type::Range(of), Value::Range(range)) => self.belongs(&range.low, of) && self.belongs(&range.high, of),
            (Type::Record(record), Value::Context(context)) => {
                record.fields.iter().all(|field| match context.get(&field.name) {
                    Some(value) => self.belongs(value, &field.ty),
                    None => says_null(&field.ty),
                })
            }
            (Type::Function(wanted), Value::Function(function)) => {
                self.type_of_function(function).is_none_or(|(parameters, result)| {
                    let own = FunctionType { parameters, result };
                    function_conforms(&own, wanted)
                })
            }
            (ty, value) => value.fits(ty),
        }
    }

    /// Whether a function may stand where one of a type is wanted: as if it were of that type, where nobody knows what it
    /// returns.
    pub(super) fn may_serve(&self, function: &FunctionValue, wanted: &FunctionType) -> bool {
        self.type_of_function(function).is_none_or(|(parameters, result)| {
            let result = if matches!(result, Type::Any) { wanted.result.clone() } else { result };
            function_conforms(&FunctionType { parameters, result }, wanted)
        })
    }

    /// Types of the parameters and of the result; `None` for built-in functions, which have many.
    fn type_of_function(&self, function: &FunctionValue) -> Option<(Vec<Type>, Type)> {
        let types = |parameters: &[(std::sync::Arc<str>, Type)]| parameters.iter().map(|(_, ty)| ty.clone()).collect();
        match &function.target {
            FunctionTarget::Declared(id) => {
                let declared = self.plan.functions.get(*id as usize)?;
                Some((types(&declared.parameters), declared.ty.clone()))
            }
            FunctionTarget::Lambda(id) => {
                let lambda = self.plan.lambdas.get(*id as usize)?;
                Some((types(&lambda.signature), lambda.result.clone().unwrap_or(Type::Any)))
            }
            FunctionTarget::BuiltIn(_) => None,
        }
    }
}

fn says_null(ty: &Type) -> bool {
    match ty {
        Type::Null | Type::Optional(_) => true,
        Type::Named(named) => says_null(&named.base),
        _ => false,
    }
}

/// Parameters the other way round: a function that takes more is of the type of those that take less.
fn function_conforms(own: &FunctionType, wanted: &FunctionType) -> bool {
    own.parameters.len() == wanted.parameters.len()
        && own.parameters.iter().zip(&wanted.parameters).all(|(mine, theirs)| conforms(theirs, mine))
        && conforms(&own.result, &wanted.result)
}

/// Whether every value of one type is of another.
fn conforms(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (_, Type::Any) | (Type::Null, _) => true,
        (Type::Named(named), _) => conforms(&named.base, to),
        (_, Type::Named(named)) => conforms(from, &named.base),
        (Type::Optional(of), _) => conforms(of, to),
        (_, Type::Optional(of)) => conforms(from, of),
        (Type::Choice(_), _) => conforms(&from.basic(), to),
        (_, Type::Choice(_)) => conforms(from, &to.basic()),
        (Type::List(from), Type::List(to)) | (Type::Range(from), Type::Range(to)) => conforms(from, to),
        (Type::Record(from), Type::Record(to)) => record_conforms(from, to),
        (Type::Function(from), Type::Function(to)) => function_conforms(from, to),
        (Type::Number { integer, .. }, Type::Number { integer: wanted, .. }) => *integer || !wanted,
        _ => from == to,
    }
}

fn record_conforms(from: &RecordType, to: &RecordType) -> bool {
    to.fields
        .iter()
        .all(|wanted| from.fields.iter().any(|field| field.name == wanted.name && conforms(&field.ty, &wanted.ty)))
}
