//! Boxed invocations become calls with named arguments (DMN 1.5, clause 10.2.1.3).

use dictamen_syntax::tree::{Arguments, Expr, ExprKind, Name};

use super::elements::typed;
use super::mapping::{self, Mapping};
use crate::dmn::model::{Binding, Invocation};

impl Mapping<'_, '_> {
    pub(super) fn invocation(&mut self, invocation: &Invocation) -> Expr {
        let origin = &invocation.element.origin;
        let function = self.optional(invocation.function.as_deref(), "funcion", origin);
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
        let ty = self.telling_type(parameter.type_ref.as_ref());
        (mapping::name(&parameter.name, &parameter.element.origin), typed(value, ty))
    }
}
