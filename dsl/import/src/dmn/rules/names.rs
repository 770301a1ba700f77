//! Visits the names that an expression uses, with those that it binds itself.

use dictamen_syntax::tree::{
    Arguments, Domain, Expr, ExprKind, Iteration, TableBody, Test, TestKind, Tests, TestsKind,
};

/// Where a name stands.
#[derive(Debug, Default)]
pub(super) struct Bound {
    names: Vec<String>,
    /// Filters around it, in which fields of elements are names too.
    filters: usize,
    /// Whether it is called.
    called: bool,
}

impl Bound {
    /// Whether the expression itself binds that name here.
    pub(super) fn binds(&self, name: &str) -> bool {
        self.names.iter().any(|bound| bound == name)
    }

    /// Whether the name is that of what is called.
    pub(super) fn is_called(&self) -> bool {
        self.called
    }

    /// Whether the name may be that of a field of an element that is filtered.
    pub(super) fn in_filter(&self) -> bool {
        self.filters > 0
    }
}

/// What is done with each name: the expression that is the name may be replaced.
pub(super) type OnName<'f> = dyn FnMut(&mut Expr, &Bound) + 'f;

/// Visits the names in an expression.
pub(super) fn of_expression(expr: &mut Expr, on_name: &mut OnName<'_>) {
    expression(expr, &mut Bound::default(), on_name);
}

/// Visits the names in the tests of a cell.
pub(super) fn of_tests(tests: &mut Tests, on_name: &mut OnName<'_>) {
    match &mut tests.kind {
        TestsKind::AnyOf(tests) | TestsKind::NoneOf(tests) => each_test(tests, &mut Bound::default(), on_name),
        TestsKind::Any | TestsKind::Error => {}
    }
}

/// Visits the names in a table.
pub(super) fn of_table(body: &mut TableBody, on_name: &mut OnName<'_>) {
    body.inputs.iter_mut().for_each(|input| of_expression(input, on_name));
    for row in &mut body.rows {
        row.inputs.iter_mut().for_each(|tests| of_tests(tests, on_name));
        row.outputs.iter_mut().for_each(|output| of_expression(output, on_name));
    }
    let default = body.default.iter_mut().flat_map(|row| &mut row.outputs);
    default.for_each(|output| of_expression(output, on_name));
}

fn expression(expr: &mut Expr, bound: &mut Bound, on_name: &mut OnName<'_>) {
    if matches!(expr.kind, ExprKind::Name(_)) {
        return on_name(expr, bound);
    }
    match &mut expr.kind {
        ExprKind::Path(of, _)
        | ExprKind::Negate(of)
        | ExprKind::External(of)
        | ExprKind::InstanceOf(of, _)
        | ExprKind::Typed(of, _) => expression(of, bound, on_name),
        ExprKind::Filter(of, condition) => {
            expression(of, bound, on_name);
            filtered(condition, bound, on_name);
        }
        ExprKind::Call(function, arguments) => call(function, arguments, bound, on_name),
        ExprKind::Binary(_, left, right) => each([&mut **left, &mut **right], bound, on_name),
        ExprKind::Between(one, two, three) | ExprKind::If(one, two, three) => {
            each([&mut **one, &mut **two, &mut **three], bound, on_name);
        }
        ExprKind::In(value, tests) => {
            expression(value, bound, on_name);
            each_test(tests, bound, on_name);
        }
        ExprKind::For(iterations, body) | ExprKind::Quantified(_, iterations, body) => {
            iterated(iterations, body, bound, on_name);
        }
        ExprKind::List(items) => each(items, bound, on_name),
        ExprKind::Context(entries) => {
            let mark = bound.names.len();
            for entry in entries {
                expression(&mut entry.value, bound, on_name);
                bound.names.push(entry.name.text.clone());
            }
            bound.names.truncate(mark);
        }
        ExprKind::Range(range) => each(range.low.iter_mut().chain(&mut range.high), bound, on_name),
        ExprKind::Function(parameters, body) => {
            let mark = bound.names.len();
            bound.names.extend(parameters.iter().map(|(name, _)| name.text.clone()));
            expression(body, bound, on_name);
            bound.names.truncate(mark);
        }
        _ => {}
    }
}

fn each<'e>(exprs: impl IntoIterator<Item = &'e mut Expr>, bound: &mut Bound, on_name: &mut OnName<'_>) {
    exprs.into_iter().for_each(|expr| expression(expr, bound, on_name));
}

fn each_test(tests: &mut [Test], bound: &mut Bound, on_name: &mut OnName<'_>) {
    for test in tests {
        match &mut test.kind {
            TestKind::Compare(_, value) | TestKind::Expression(value) => expression(value, bound, on_name),
        }
    }
}

fn filtered(condition: &mut Expr, bound: &mut Bound, on_name: &mut OnName<'_>) {
    let mark = bound.names.len();
    bound.names.push("item".to_owned());
    bound.filters = bound.filters.saturating_add(1);
    expression(condition, bound, on_name);
    bound.filters = bound.filters.saturating_sub(1);
    bound.names.truncate(mark);
}

fn call(function: &mut Expr, arguments: &mut Arguments, bound: &mut Bound, on_name: &mut OnName<'_>) {
    if let ExprKind::Name(_) = &function.kind {
        bound.called = true;
        on_name(function, bound);
        bound.called = false;
    } else {
        expression(function, bound, on_name);
    }
    match arguments {
        Arguments::Positional(values) => each(values, bound, on_name),
        Arguments::Named(values) => each(values.iter_mut().map(|(_, value)| value), bound, on_name),
    }
}

fn iterated(iterations: &mut [Iteration], body: &mut Expr, bound: &mut Bound, on_name: &mut OnName<'_>) {
    let mark = bound.names.len();
    for iteration in iterations {
        match &mut iteration.domain {
            Domain::List(list) => expression(list, bound, on_name),
            Domain::Interval(from, to) => each([from, to], bound, on_name),
        }
        bound.names.push(iteration.name.text.clone());
    }
    bound.names.push("partial".to_owned());
    expression(body, bound, on_name);
    bound.names.truncate(mark);
}

/// Whether an expression asks for the value under test, `?`.
pub(super) fn tests_a_value(expr: &Expr) -> bool {
    let mut found = matches!(expr.kind, ExprKind::Tested);
    dictamen_syntax::walk::children(expr, &mut |child| found = found || tests_a_value(child));
    found
}
