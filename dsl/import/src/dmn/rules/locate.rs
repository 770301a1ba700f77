//! The way back from the tree of a FEEL text to the file that the text came from.

use dictamen_syntax::Span;
use dictamen_syntax::tree::{
    Arguments, Domain, Expr, ExprKind, FieldDeclaration, Name, Test, TestKind, Tests, TestsKind, TypeExpr, TypeKind,
};

/// What is done to each place of a tree.
pub(super) trait Visit {
    /// A span.
    fn span(&mut self, span: &mut Span);

    /// A type, before its own span is seen.
    fn ty(&mut self, _: &mut TypeExpr) {}
}

pub(super) fn expression(expr: &mut Expr, visit: &mut dyn Visit) {
    kind(&mut expr.kind, visit);
    visit.span(&mut expr.span);
}

pub(super) fn tests(tests: &mut Tests, visit: &mut dyn Visit) {
    match &mut tests.kind {
        TestsKind::AnyOf(tests) | TestsKind::NoneOf(tests) => tests.iter_mut().for_each(|each| test(each, visit)),
        TestsKind::Any | TestsKind::Error => {}
    }
    visit.span(&mut tests.span);
}

fn test(test: &mut Test, visit: &mut dyn Visit) {
    match &mut test.kind {
        TestKind::Compare(_, value) | TestKind::Expression(value) => expression(value, visit),
    }
    visit.span(&mut test.span);
}

fn kind(kind: &mut ExprKind, visit: &mut dyn Visit) {
    match kind {
        ExprKind::Path(of, name) => {
            expression(of, visit);
            visit.span(&mut name.span);
        }
        ExprKind::Negate(of) | ExprKind::External(of) => expression(of, visit),
        ExprKind::Filter(left, right) | ExprKind::Binary(_, left, right) => pair(left, right, visit),
        ExprKind::Between(one, two, three) | ExprKind::If(one, two, three) => {
            pair(one, two, visit);
            expression(three, visit);
        }
        ExprKind::Call(function, arguments) => call(function, arguments, visit),
        ExprKind::In(value, tests) => {
            expression(value, visit);
            tests.iter_mut().for_each(|each| test(each, visit));
        }
        ExprKind::InstanceOf(value, of) | ExprKind::Typed(value, of) => {
            expression(value, visit);
            ty(of, visit);
        }
        ExprKind::For(iterations, body) | ExprKind::Quantified(_, iterations, body) => {
            for iteration in iterations {
                visit.span(&mut iteration.name.span);
                domain(&mut iteration.domain, visit);
            }
            expression(body, visit);
        }
        ExprKind::List(items) => items.iter_mut().for_each(|item| expression(item, visit)),
        ExprKind::Context(entries) => entries.iter_mut().for_each(|entry| {
            visit.span(&mut entry.name.span);
            entry.comments.iter_mut().for_each(|comment| visit.span(&mut comment.span));
            expression(&mut entry.value, visit);
        }),
        ExprKind::Range(range) => range.low.iter_mut().chain(&mut range.high).for_each(|end| expression(end, visit)),
        ExprKind::Function(parameters, body) => {
            parameters.iter_mut().for_each(|parameter| typed_name(parameter, visit));
            expression(body, visit);
        }
        ExprKind::Error
        | ExprKind::Null
        | ExprKind::Boolean(_)
        | ExprKind::Number(_)
        | ExprKind::Text(_)
        | ExprKind::At(_)
        | ExprKind::Name(_)
        | ExprKind::Tested
        | ExprKind::Unreadable(_) => {}
    }
}

fn pair(left: &mut Expr, right: &mut Expr, visit: &mut dyn Visit) {
    expression(left, visit);
    expression(right, visit);
}

fn call(function: &mut Expr, arguments: &mut Arguments, visit: &mut dyn Visit) {
    expression(function, visit);
    match arguments {
        Arguments::Positional(values) => values.iter_mut().for_each(|value| expression(value, visit)),
        Arguments::Named(values) => values.iter_mut().for_each(|(name, value)| {
            visit.span(&mut name.span);
            expression(value, visit);
        }),
    }
}

fn domain(domain: &mut Domain, visit: &mut dyn Visit) {
    match domain {
        Domain::List(list) => expression(list, visit),
        Domain::Interval(from, to) => pair(from, to, visit),
    }
}

fn typed_name((name, of): &mut (Name, Option<TypeExpr>), visit: &mut dyn Visit) {
    visit.span(&mut name.span);
    of.iter_mut().for_each(|of| ty(of, visit));
}

pub(super) fn ty(of: &mut TypeExpr, visit: &mut dyn Visit) {
    visit.ty(of);
    match &mut of.kind {
        TypeKind::Name(_) | TypeKind::Error => {}
        TypeKind::WithUnit(of, above, below) => {
            ty(of, visit);
            above.iter_mut().chain(below).for_each(|unit| visit.span(&mut unit.span));
        }
        TypeKind::List(of) | TypeKind::Range(of) | TypeKind::Optional(of) => ty(of, visit),
        TypeKind::Record(fields) => fields.iter_mut().for_each(|each| field(each, visit)),
        TypeKind::Choice(choices) => choices.iter_mut().for_each(|choice| expression(choice, visit)),
        TypeKind::Tested(of, of_tests) => {
            ty(of, visit);
            tests(of_tests, visit);
        }
        TypeKind::Where(of, condition) => {
            ty(of, visit);
            expression(condition, visit);
        }
        TypeKind::Function(parameters, result) => {
            parameters.iter_mut().for_each(|parameter| ty(parameter, visit));
            ty(result, visit);
        }
    }
    visit.span(&mut of.span);
}

fn field(field: &mut FieldDeclaration, visit: &mut dyn Visit) {
    visit.span(&mut field.name.span);
    ty(&mut field.ty, visit);
}
