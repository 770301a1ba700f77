//! Forms that texts from DMN need: typed values, texts that are no FEEL, and names that only the value at hand can settle.

use dictamen_syntax::Span;
use dictamen_syntax::tree;
use dictamen_value::{Message, Type, Value};

use crate::checker::Checker;
use crate::expressions::{constant, fault, unknown};
use crate::frame::Frame;
use crate::graph::{Expr, ExprKind, LocalId};

impl<'a> Checker<'a> {
    /// `(value : T)`: natively the value must fit; in DMN mode it is converted when it is evaluated.
    pub(crate) fn typed(&mut self, frame: &mut Frame, value: &'a tree::Expr, ty: &'a tree::TypeExpr) -> Expr {
        let ty = self.resolve_type(frame.ruleset, ty);
        let value = self.expression(frame, value, Some(&ty));
        self.conforming(value, &ty)
    }

    /// The value as a type: for what has its type written beside it (`sea` lines, typed values).
    pub(crate) fn conforming(&mut self, value: Expr, ty: &Type) -> Expr {
        if self.model.dmn_mode {
            return converted(value, ty);
        }
        let mut value = self.given_to(value, ty);
        if !matches!(value.ty, Type::Any) {
            value.ty = ty.clone();
        }
        value
    }

    /// Remembers the name of a function literal, by which its body may call it.
    pub(crate) fn name_function(&mut self, name: &str, value: &tree::Expr) {
        let function = matches!(value.kind, tree::ExprKind::Function(..)) && self.model.dmn_mode;
        self.named_function = function.then(|| name.to_owned());
    }

    /// `ilegible "…"`: null, with the text as its diagnostic.
    pub(crate) fn unreadable(&mut self, text: &str, span: Span) -> Expr {
        let message = Message::new(
            format!("este texto de DMN no es FEEL: {text}"),
            format!("this text from DMN is not FEEL: {text}"),
        );
        if self.model.dmn_mode {
            return fault("evaluacion.ilegible", message, span);
        }
        self.error(
            "expresion.ilegible",
            span,
            "«ilegible» solo vale en textos con «modo dmn»; escriba la expresión",
            "`unreadable` is only for texts in `mode dmn`; write the expression",
        );
        unknown(span)
    }

    /// A name inside filters over values that may be contexts: their own entries come first, those of the innermost filter
    /// before those of the ones around it (DMN 1.5, clause 10.3.2.5).
    pub(crate) fn entry_or(items: &[LocalId], name: &str, otherwise: Expr) -> Expr {
        items.iter().rev().fold(otherwise, |otherwise, item| {
            let span = otherwise.span;
            let kind = ExprKind::EntryOr(*item, name.into(), Box::new(otherwise));
            Expr { kind, ty: Type::Any, span }
        })
    }

    /// A name that nothing outside the values at hand stands for: no problem of the text, but null where they do not have it.
    pub(crate) fn no_such_name(name: &str, span: Span) -> Expr {
        let message = Message::new(
            format!("nada se llama «{name}», ni aquí ni en el valor que se filtra"),
            format!("nothing is called `{name}`, neither here nor in the value that is filtered"),
        );
        fault("nombres.desconocido", message, span)
    }

    /// DMN mode: an end of a range that was written; `null` is one that is not known, unlike one that was left out.
    pub(crate) fn written_end(&self, end: Expr) -> Expr {
        match &end.kind {
            ExprKind::Constant(Value::Null) if self.model.dmn_mode => {
                let null = constant(Value::Null, Type::Null, end.span);
                Expr { kind: ExprKind::Convert(Box::new(null), Type::Any), ty: Type::Null, span: end.span }
            }
            _ => end,
        }
    }
}

/// DMN mode: a value where a type is declared; what has no type is as it is.
fn converted(value: Expr, ty: &Type) -> Expr {
    if matches!(ty, Type::Any) {
        return value;
    }
    let span = value.span;
    Expr { kind: ExprKind::Convert(Box::new(value), ty.clone()), ty: ty.clone(), span }
}
