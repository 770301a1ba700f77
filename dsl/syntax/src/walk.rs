//! Visits the expressions of a tree, so that who looks for something in it need not know every form.

use crate::tree::{
    Arguments, Domain, ExpectationKind, Expr, ExprKind, FunctionBody, Item, ItemKind, Local, RangeExpr, Service,
    TableBody, Test, TestKind, Tests, TestsKind, TypeExpr, TypeKind,
};

/// Visits the expressions right below one, in the order they are written.
pub fn children(expr: &Expr, visit: &mut dyn FnMut(&Expr)) {
    match &expr.kind {
        ExprKind::Path(of, _) | ExprKind::Negate(of) | ExprKind::InstanceOf(of, _) | ExprKind::Function(_, of) => {
            visit(of)
        }
        ExprKind::External(of) | ExprKind::Typed(of, _) => visit(of),
        ExprKind::Filter(left, right) | ExprKind::Binary(_, left, right) => {
            [left, right].into_iter().for_each(|part| visit(part))
        }
        ExprKind::Between(one, two, three) | ExprKind::If(one, two, three) => {
            [one, two, three].into_iter().for_each(|part| visit(part));
        }
        ExprKind::Call(function, arguments) => {
            visit(function);
            arguments_of(arguments, visit);
        }
        ExprKind::In(value, tests) => {
            visit(value);
            tests.iter().for_each(|test| visit(value_of(test)));
        }
        ExprKind::For(iterations, body) | ExprKind::Quantified(_, iterations, body) => {
            iterations.iter().for_each(|iteration| domain_of(&iteration.domain, visit));
            visit(body);
        }
        ExprKind::List(items) => items.iter().for_each(visit),
        ExprKind::Context(entries) => entries.iter().for_each(|entry| visit(&entry.value)),
        ExprKind::Range(range) => range_of(range, visit),
        _ => {}
    }
}

/// Whether some part of a block could not be read.
pub fn has_errors(item: &Item) -> bool {
    match &item.kind {
        ItemKind::Import(_) => false,
        ItemKind::Type(declaration) => type_fails(&declaration.ty),
        ItemKind::Input(input) => type_fails(&input.ty),
        ItemKind::Parameter(parameter) => {
            let values = |row: &crate::tree::ParameterRow| {
                row.from.is_none()
                    || row.value.is_none()
                    || [&row.from, &row.to, &row.known, &row.value].into_iter().flatten().any(fails)
            };
            type_fails(&parameter.ty) || parameter.rows.iter().any(values)
        }
        ItemKind::Decision(decision) => {
            decision.ty.as_ref().is_some_and(type_fails) || locals_fail(&decision.locals) || fails(&decision.body)
        }
        ItemKind::Table(table) => table.ty.as_ref().is_some_and(type_fails) || table_fails(&table.body),
        ItemKind::Function(function) => {
            let types = function.parameters.iter().filter_map(|(_, ty)| ty.as_ref()).chain(&function.ty);
            let body = match &function.body {
                FunctionBody::Expression(locals, body) => locals_fail(locals) || fails(body),
                FunctionBody::Table(body) => table_fails(body),
                FunctionBody::External { class, method } => class.is_empty() || method.is_empty(),
            };
            body || types.into_iter().any(type_fails)
        }
        ItemKind::Service(service) => service_fails(service),
        ItemKind::Letter(letter) => {
            let nameless = letter.decision.text.is_empty();
            nameless || locals_fail(&letter.locals) || letter.lines.iter().any(|line| fails(&line.value))
        }
        ItemKind::Glossary(glossary) => {
            glossary.entries.iter().any(|entry| entry.term.is_empty() || entry.meaning.is_empty())
        }
        ItemKind::Case(case) => {
            let given = [&case.as_of, &case.known_at, &case.given].into_iter().flatten().any(fails);
            let expected = case.expectations.iter().any(|expectation| match &expectation.kind {
                ExpectationKind::Holds(expr) => fails(expr),
                ExpectationKind::Fails { .. } => false,
            });
            given || expected || case.like.as_ref().is_some_and(|like| like.title.is_empty())
        }
        ItemKind::Error(_) => true,
    }
}

fn fails(expr: &Expr) -> bool {
    let mut found = match &expr.kind {
        ExprKind::Error => true,
        ExprKind::Typed(_, ty) => type_fails(ty),
        _ => false,
    };
    children(expr, &mut |child| found = found || fails(child));
    found
}

fn service_fails(service: &Service) -> bool {
    let lists = [&service.outputs, &service.encloses, &service.inputs, &service.input_decisions];
    let nameless = lists.into_iter().flatten().any(|name| name.text.is_empty());
    nameless || service.name.text.is_empty() || service.ty.as_ref().is_some_and(type_fails)
}

fn locals_fail(locals: &[Local]) -> bool {
    locals.iter().any(|local| fails(&local.value) || local.ty.as_ref().is_some_and(type_fails))
}

fn table_fails(body: &TableBody) -> bool {
    let default = body.default.iter().flat_map(|row| &row.outputs);
    let outputs = body.rows.iter().flat_map(|row| &row.outputs);
    let tests = body.rows.iter().flat_map(|row| &row.inputs).any(tests_fail);
    tests || body.inputs.iter().chain(outputs).chain(default).any(fails)
}

fn tests_fail(tests: &Tests) -> bool {
    match &tests.kind {
        TestsKind::Any => false,
        TestsKind::AnyOf(tests) | TestsKind::NoneOf(tests) => tests.iter().any(|test| fails(value_of(test))),
        TestsKind::Error => true,
    }
}

fn type_fails(ty: &TypeExpr) -> bool {
    match &ty.kind {
        TypeKind::Error => true,
        TypeKind::Name(_) => false,
        TypeKind::WithUnit(of, ..) | TypeKind::List(of) | TypeKind::Range(of) | TypeKind::Optional(of) => {
            type_fails(of)
        }
        TypeKind::Record(fields) => fields.iter().any(|field| type_fails(&field.ty)),
        TypeKind::Choice(choices) => choices.iter().any(fails),
        TypeKind::Tested(of, tests) => type_fails(of) || tests_fail(tests),
        TypeKind::Where(of, condition) => type_fails(of) || fails(condition),
        TypeKind::Function(parameters, result) => type_fails(result) || parameters.iter().any(type_fails),
    }
}

fn arguments_of(arguments: &Arguments, visit: &mut dyn FnMut(&Expr)) {
    match arguments {
        Arguments::Positional(values) => values.iter().for_each(visit),
        Arguments::Named(values) => values.iter().for_each(|(_, value)| visit(value)),
    }
}

fn value_of(test: &Test) -> &Expr {
    match &test.kind {
        TestKind::Compare(_, value) | TestKind::Expression(value) => value,
    }
}

fn domain_of(domain: &Domain, visit: &mut dyn FnMut(&Expr)) {
    match domain {
        Domain::List(list) => visit(list),
        Domain::Interval(from, to) => [from, to].into_iter().for_each(visit),
    }
}

fn range_of(range: &RangeExpr, visit: &mut dyn FnMut(&Expr)) {
    range.low.iter().chain(&range.high).for_each(visit);
}
