//! External functions: bodies that name a method of the closed list of `dictamen_functions::external`.

use dictamen_syntax::Span;
use dictamen_syntax::tree::{self, Name};
use dictamen_value::Type;

use crate::checker::Checker;
use crate::expressions::unknown;
use crate::graph::{Expr, ExprKind};

/// Where a context says what to call: `{ java: { class: "…", method signature: "…" } }` (DMN 1.5, clause 10.3.2.13.3).
const JAVA: &str = "java";
const CLASS: &str = "class";
const SIGNATURE: &str = "method signature";

impl<'a> Checker<'a> {
    /// The call of an external method over the first locals of a body, one a parameter.
    pub(crate) fn external_call(&mut self, class: &str, method: &str, parameters: usize, span: Span) -> Expr {
        if let Err(message) = dictamen_functions::external::find(class, method, parameters) {
            self.error("tipos.externa", span, message.es, message.en);
            return self.nothing(span);
        }
        let count = u32::try_from(parameters).unwrap_or(u32::MAX);
        let argument = |local: u32| Expr { kind: ExprKind::Local(local), ty: Type::Any, span };
        let arguments = (0..count).map(argument).collect();
        Expr { kind: ExprKind::External(class.into(), method.into(), arguments), ty: Type::Any, span }
    }

    /// What a method gives, as the function says: nobody has checked that, so that natively it is made sure of when it runs.
    pub(crate) fn of_declared_type(&self, call: Expr, ty: &Type) -> Expr {
        if self.model.dmn_mode || matches!(ty, Type::Any) {
            return call;
        }
        let span = call.span;
        Expr { kind: ExprKind::Ensure(Box::new(call), ty.clone()), ty: ty.clone(), span }
    }

    /// The body of `function(x) external { … }`.
    pub(crate) fn external_body(
        &mut self,
        context: &'a tree::Expr,
        parameters: &[(Name, Option<tree::TypeExpr>)],
        span: Span,
    ) -> Expr {
        if !self.model.dmn_mode {
            self.error(
                "tipos.externa",
                span,
                "declárela, para que se sepa qué da: funcion coseno(x: numero) : numero externa java \"java.lang.Math\" \"cos(double)\"",
                "declare it, so that it is known what it gives: function cosine(x: number) : number external java \"java.lang.Math\" \"cos(double)\"",
            );
            return unknown(span);
        }
        let java = entry(context, JAVA);
        let text = |name: &str| java.and_then(|java| entry(java, name)).and_then(text_of);
        match (text(CLASS), text(SIGNATURE)) {
            (Some(class), Some(method)) => self.external_call(class, method, parameters.len(), span),
            _ => {
                self.error(
                    "tipos.externa",
                    span,
                    "una función externa se escribe external { java: { class: \"java.lang.Math\", method signature: \"cos(double)\" } }",
                    "an external function is written external { java: { class: \"java.lang.Math\", method signature: \"cos(double)\" } }",
                );
                self.nothing(span)
            }
        }
    }

    /// `external` where no function is.
    pub(crate) fn stray_external(&mut self, span: Span) -> Expr {
        self.error(
            "tipos.externa",
            span,
            "«external» es el cuerpo de una función: function(x) external { … }",
            "`external` is the body of a function: function(x) external { … }",
        );
        match self.model.dmn_mode {
            true => self.nothing(span),
            false => unknown(span),
        }
    }
}

fn entry<'t>(context: &'t tree::Expr, name: &str) -> Option<&'t tree::Expr> {
    match &context.kind {
        tree::ExprKind::Context(entries) => {
            entries.iter().find(|entry| entry.name.text == name).map(|entry| &entry.value)
        }
        _ => None,
    }
}

fn text_of(expr: &tree::Expr) -> Option<&str> {
    match &expr.kind {
        tree::ExprKind::Text(text) => Some(text),
        _ => None,
    }
}
