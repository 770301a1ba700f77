//! `get or else(value, default)`, the one function of rules that DMN lacks, as a conditional.

use dictamen_syntax::Span;
use dictamen_syntax::tree::{Arguments, BinaryOp, Comparison, Expr, ExprKind, Name};

/// The name of the function.
pub(super) const NAME: &str = "get or else";

/// The names of its parameters.
const VALUE: &str = "value";
const DEFAULT: &str = "default";

/// The value and the default of a call, where it has both.
pub(super) fn arguments(arguments: &Arguments) -> Option<(&Expr, &Expr)> {
    match arguments {
        Arguments::Positional(values) => match values.as_slice() {
            [value, default] => Some((value, default)),
            _ => None,
        },
        Arguments::Named(values) => {
            let called = |wanted: &str| values.iter().find(|(name, _)| name.text == wanted).map(|(_, value)| value);
            Some((called(VALUE)?, called(DEFAULT)?))
        }
    }
}

/// `if value != null then value else default`.
pub(super) fn choice(value: &Expr, default: &Expr, span: Span) -> Expr {
    let at = |kind| Box::new(Expr { kind, span });
    let different = BinaryOp::Compare(Comparison::NotEqual);
    let present = at(ExprKind::Binary(different, Box::new(value.clone()), at(ExprKind::Null)));
    Expr { kind: ExprKind::If(present, Box::new(value.clone()), Box::new(default.clone())), span }
}

/// The function itself, where it is given to another.
pub(super) fn function(span: Span) -> Expr {
    let named = |name: &str| Expr { kind: ExprKind::Name(name.to_owned()), span };
    let parameters = [VALUE, DEFAULT].map(|name| (Name { text: name.to_owned(), span }, None));
    let body = choice(&named(VALUE), &named(DEFAULT), span);
    Expr { kind: ExprKind::Function(parameters.into(), Box::new(body)), span }
}
