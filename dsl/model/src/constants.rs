//! The value of an expression that is made of constants only: rows of parameters, choices, facts of cases.

use std::sync::Arc;

use dictamen_functions::{FunctionError, Host};
use dictamen_value::{Context, FunctionValue, Range, Value};

use crate::graph::{Expr, ExprKind};

/// The value of a constant expression; `None` where it depends on anything else.
pub(crate) fn fold(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Constant(value) => Some(value.clone()),
        ExprKind::Negate(inner) => fold(inner)?.negate().ok(),
        ExprKind::List(items) => Some(Value::list(items.iter().map(fold).collect::<Option<Vec<_>>>()?)),
        ExprKind::Context(entries) => {
            let pairs: Option<Vec<(Arc<str>, Value)>> =
                entries.iter().map(|entry| Some((entry.name.clone(), fold(&entry.value)?))).collect();
            Some(Value::Context(Arc::new(Context::from_pairs(pairs?))))
        }
        ExprKind::Range { low, low_closed, high, high_closed } => Some(Value::Range(Arc::new(Range {
            low: fold(low)?,
            low_closed: *low_closed,
            high: fold(high)?,
            high_closed: *high_closed,
        }))),
        ExprKind::BuiltIn { name, signature, arguments } => call(name, *signature, arguments),
        _ => None,
    }
}

fn call(name: &str, signature: usize, arguments: &[Expr]) -> Option<Value> {
    let arguments = arguments.iter().map(fold).collect::<Option<Vec<_>>>()?;
    let signature = dictamen_functions::find(name)?.signatures.get(signature)?;
    (signature.body)(&arguments, &mut NoHost { items_left: 100_000 }).ok()
}

/// Constants call no functions and stay small.
struct NoHost {
    items_left: usize,
}

impl Host for NoHost {
    fn call(&mut self, _: &FunctionValue, _: &[Value]) -> Result<Value, FunctionError> {
        Err(FunctionError::Host)
    }

    fn charge(&mut self, items: usize) -> Result<(), FunctionError> {
        self.items_left = self.items_left.checked_sub(items).ok_or(FunctionError::Host)?;
        Ok(())
    }
}
