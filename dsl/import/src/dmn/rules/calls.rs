//! Boxed invocations become calls with named arguments (DMN 1.5, clause 10.2.1.3).

use dictamen_syntax::tree::{Arguments, Expr, ExprKind, Name};

use super::mapping::{self, Mapping};
use crate::dmn::model::{Binding, Invocation};

impl Mapping<'_, '_> {
    pub(super) fn invocation(&mut self, invocation: &Invocation) -> Expr {
        let origin = &invocation.element.origin;
        let function = self.optional(invocation.function.as_deref(), "funcion", origin);
        if !may_be_called(&function) {
            return Expr { kind: ExprKind::Null, span: origin.span };
        }
        let arguments: Vec<(Name, Expr)> = invocation.bindings.iter().map(|binding| self.argument(binding)).collect();
        let arguments = match arguments.is_empty() {
            true => Arguments::Positional(Vec::new()),
            false => Arguments::Named(arguments),
        };
        Expr { kind: ExprKind::Call(Box::new(function), arguments), span: origin.span }
    }

    fn argument(&mut self, binding: &Binding) -> (Name, Expr) {
        let parameter = &binding.parameter;
        let value = self.optional(binding.formula.as_ref(), &parameter.name, &binding.element.origin);
        let value = self.given_type(value, parameter.type_ref.as_ref());
        (mapping::name(&parameter.name, &parameter.element.origin), value)
    }
}

/// What stands for itself is no function: its call gives null.
fn may_be_called(function: &Expr) -> bool {
    use ExprKind::{At, Boolean, Error, Null, Number, Text, Unreadable};
    !matches!(function.kind, Null | Boolean(_) | Number(_) | Text(_) | At(_) | Unreadable(_) | Error)
}
