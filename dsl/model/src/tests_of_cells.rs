//! Unary tests, in cells of tables, in `in (…)` and in constraints of types.

use dictamen_syntax::tree::{self, Comparison, TestsKind};
use dictamen_value::{Type, Value};

use crate::checker::Checker;
use crate::expressions::constant;
use crate::frame::Frame;
use crate::graph::{Cell, CellKind, Expr, ExprKind, LocalId, Test, TestKind};

/// Types the tests of a cell over a value of a type, which is in a local under the name `?`.
pub(crate) fn cell<'a>(
    checker: &mut Checker<'a>,
    frame: &mut Frame,
    tests: &'a tree::Tests,
    subject: &Type,
    tested: LocalId,
) -> Cell {
    let mut all =
        |tests: &'a [tree::Test]| tests.iter().map(|one| test(checker, frame, one, subject, tested)).collect();
    let kind = match &tests.kind {
        TestsKind::Any | TestsKind::Error => CellKind::Any,
        TestsKind::AnyOf(tests) => CellKind::AnyOf(all(tests)),
        TestsKind::NoneOf(tests) => CellKind::NoneOf(all(tests)),
    };
    let text = match &tests.kind {
        TestsKind::Any => "-".into(),
        _ => checker.text(tests.span).into(),
    };
    Cell { kind, text, span: tests.span }
}

/// Types one test.
pub(crate) fn test<'a>(
    checker: &mut Checker<'a>,
    frame: &mut Frame,
    test: &'a tree::Test,
    subject: &Type,
    tested: LocalId,
) -> Test {
    let value = Expr { kind: ExprKind::Local(tested), ty: subject.clone(), span: test.span };
    let kind = match &test.kind {
        tree::TestKind::Compare(comparison, expr) => compare(checker, frame, *comparison, expr, &value),
        tree::TestKind::Expression(expr) => by_expression(checker, frame, expr, &value),
    };
    Test { kind, span: test.span }
}

fn compare<'a>(
    checker: &mut Checker<'a>,
    frame: &mut Frame,
    comparison: Comparison,
    expr: &'a tree::Expr,
    value: &Expr,
) -> TestKind {
    let other = checker.expression(frame, expr, Some(value.ty.present()));
    let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    if !equality {
        checker.operand(&other);
    }
    checker.must_compare(value, &other, equality, other.span);
    TestKind::Compare(comparison, other)
}

/// A test that is an expression: what it is depends on the expression and its type (DMN 1.5, clause 7.3.13).
fn by_expression<'a>(checker: &mut Checker<'a>, frame: &mut Frame, expr: &'a tree::Expr, value: &Expr) -> TestKind {
    if let tree::ExprKind::Range(range) = &expr.kind {
        return within(checker, frame, range, value);
    }
    let hint = if mentions_tested(expr) { Type::Boolean } else { value.ty.present().clone() };
    let typed = checker.expression(frame, expr, Some(&hint));
    if mentions_tested(expr) && matches!(typed.ty.basic(), Type::Boolean | Type::Any) {
        return TestKind::Condition(typed);
    }
    if checker.model.dmn_mode {
        return by_value(typed);
    }
    match (typed.ty.bare(), value.ty.bare()) {
        (Type::List(element), subject) if !matches!(subject, Type::List(_)) => {
            let element = Expr { ty: (**element).clone(), ..constant(Value::Null, Type::Any, typed.span) };
            checker.must_compare(value, &element, true, typed.span);
            TestKind::InList(typed)
        }
        (Type::Range(element), subject) if !matches!(subject, Type::Range(_)) => {
            let element = Expr { ty: (**element).clone(), ..constant(Value::Null, Type::Any, typed.span) };
            checker.must_compare(value, &element, false, typed.span);
            TestKind::InRange(typed)
        }
        (Type::Any, _) if !matches!(typed.kind, ExprKind::Constant(_)) => TestKind::Dynamic(typed),
        _ => {
            checker.must_compare(value, &typed, true, typed.span);
            TestKind::Compare(Comparison::Equal, typed)
        }
    }
}

/// DMN mode: values, not types, tell what a test is; what makes no sense does not hold.
fn by_value(typed: Expr) -> TestKind {
    match &typed.kind {
        ExprKind::Fault(..) => TestKind::Condition(typed),
        ExprKind::Constant(Value::Number(_) | Value::Text(_) | Value::Boolean(_)) => {
            TestKind::Compare(Comparison::Equal, typed)
        }
        _ => TestKind::Dynamic(typed),
    }
}

/// DMN mode: `value in expression`, where a list is what the value may be an element of, and never equal to it.
pub(crate) fn alone(test: Test) -> Test {
    let kind = match test.kind {
        TestKind::Dynamic(expr) => TestKind::InList(expr),
        other => other,
    };
    Test { kind, ..test }
}

fn within<'a>(checker: &mut Checker<'a>, frame: &mut Frame, range: &'a tree::RangeExpr, value: &Expr) -> TestKind {
    let mut end = |end: &'a Option<tree::Expr>| match end {
        Some(expr) => {
            let typed = checker.expression(frame, expr, Some(value.ty.present()));
            checker.operand(&typed);
            checker.must_compare(value, &typed, false, typed.span);
            checker.written_end(typed)
        }
        None => constant(Value::Null, Type::Null, value.span),
    };
    let (low, high) = (end(&range.low), end(&range.high));
    TestKind::Within { low, low_closed: range.low_closed, high, high_closed: range.high_closed }
}

/// Whether an expression asks about the value under test.
fn mentions_tested(expr: &tree::Expr) -> bool {
    use tree::ExprKind as K;
    let any = |items: &[tree::Expr]| items.iter().any(mentions_tested);
    match &expr.kind {
        K::Tested => true,
        K::Path(of, _) | K::Negate(of) | K::InstanceOf(of, _) => mentions_tested(of),
        K::Filter(a, b) | K::Binary(_, a, b) => mentions_tested(a) || mentions_tested(b),
        K::Between(a, b, c) | K::If(a, b, c) => [a, b, c].into_iter().any(|part| mentions_tested(part)),
        K::Call(function, arguments) => mentions_tested(function) || arguments_mention(arguments),
        K::In(value, _) => mentions_tested(value),
        K::For(iterations, body) | K::Quantified(_, iterations, body) => {
            mentions_tested(body) || iterations.iter().any(domain_mentions)
        }
        K::List(items) => any(items),
        K::Context(entries) => entries.iter().any(|entry| mentions_tested(&entry.value)),
        K::Function(_, body) => mentions_tested(body),
        _ => false,
    }
}

fn arguments_mention(arguments: &tree::Arguments) -> bool {
    match arguments {
        tree::Arguments::Positional(items) => items.iter().any(mentions_tested),
        tree::Arguments::Named(items) => items.iter().any(|(_, item)| mentions_tested(item)),
    }
}

fn domain_mentions(iteration: &tree::Iteration) -> bool {
    match &iteration.domain {
        tree::Domain::List(list) => mentions_tested(list),
        tree::Domain::Interval(from, to) => mentions_tested(from) || mentions_tested(to),
    }
}
