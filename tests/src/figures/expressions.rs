//! Numbers and texts inside expressions and types of the tree.

use dictamen_syntax::tree::{Expr, ExprKind, FieldDeclaration, Test, TestKind, Tests, TestsKind, TypeExpr, TypeKind};
use dictamen_syntax::{Span, walk};

/// A number as it was written, or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    Number(String),
    Text(String),
}

/// Visits every literal of an expression, with whether it is data: the value itself, an element of it, or an end of a range.
pub(super) fn literals(expr: &Expr, is_data: bool, visit: &mut dyn FnMut(Literal, Span, bool)) {
    match &expr.kind {
        ExprKind::Number(number) => visit(Literal::Number(number.clone()), expr.span, is_data),
        ExprKind::Text(text) => visit(Literal::Text(text.clone()), expr.span, is_data),
        ExprKind::List(_) | ExprKind::Context(_) | ExprKind::Range(_) | ExprKind::Negate(_) => {
            walk::children(expr, &mut |child| literals(child, is_data, visit));
        }
        ExprKind::Typed(_, ty) | ExprKind::InstanceOf(_, ty) => {
            in_type(ty, visit);
            walk::children(expr, &mut |child| literals(child, false, visit));
        }
        _ => walk::children(expr, &mut |child| literals(child, false, visit)),
    }
}

/// The same for a cell of tests, whose values are data.
pub(super) fn in_cell(cell: &Tests, visit: &mut dyn FnMut(Literal, Span, bool)) {
    in_tests(cell, true, visit);
}

fn in_tests(cell: &Tests, is_data: bool, visit: &mut dyn FnMut(Literal, Span, bool)) {
    if let TestsKind::AnyOf(tests) | TestsKind::NoneOf(tests) = &cell.kind {
        for Test { kind: TestKind::Compare(_, expr) | TestKind::Expression(expr), .. } in tests {
            literals(expr, is_data, visit);
        }
    }
}

/// The same for a type with its constraints, which are no data: a limit of the law is a parameter.
pub(super) fn in_type(ty: &TypeExpr, visit: &mut dyn FnMut(Literal, Span, bool)) {
    match &ty.kind {
        TypeKind::List(of) | TypeKind::Range(of) | TypeKind::Optional(of) | TypeKind::WithUnit(of, ..) => {
            in_type(of, visit);
        }
        TypeKind::Record(fields) => fields.iter().for_each(|FieldDeclaration { ty, .. }| in_type(ty, visit)),
        TypeKind::Choice(values) => values.iter().for_each(|value| literals(value, false, visit)),
        TypeKind::Tested(of, tests) => {
            in_type(of, visit);
            in_tests(tests, false, visit);
        }
        // A pattern of texts is no figure, and numbers in a condition are found like all others.
        TypeKind::Where(of, condition) => {
            in_type(of, visit);
            literals(condition, false, visit);
        }
        TypeKind::Function(parameters, result) => {
            parameters.iter().chain([&**result]).for_each(|ty| in_type(ty, visit));
        }
        TypeKind::Name(_) | TypeKind::Error => {}
    }
}
