//! Expressions and tests as indented text.

use super::Writer;
use crate::print::comparison;
use crate::tree::{
    Arguments, BinaryOp, Domain, Entry, Expr, ExprKind, Iteration, Quantifier, RangeExpr, Test, TestKind, Tests,
    TestsKind,
};

impl Writer {
    pub(super) fn expression(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Error => self.line("error"),
            ExprKind::Null => self.line("null"),
            ExprKind::Boolean(value) => self.line(value),
            ExprKind::Number(digits) => self.line(format_args!("number {digits}")),
            ExprKind::Text(text) => self.line(format_args!("text {text:?}")),
            ExprKind::At(text) => self.line(format_args!("at {text:?}")),
            ExprKind::Name(name) => self.line(format_args!("name {name}")),
            ExprKind::Tested => self.line("tested"),
            ExprKind::Path(of, name) => self.node(format_args!("path {}", name.text), |out| out.expression(of)),
            ExprKind::Filter(of, condition) => self.all("filter", [of.as_ref(), condition.as_ref()]),
            ExprKind::Call(function, arguments) => self.node("call", |out| out.call(function, arguments)),
            ExprKind::Negate(operand) => self.all("negate", [operand.as_ref()]),
            ExprKind::Binary(op, left, right) => {
                self.all(format_args!("binary {}", operator(*op)), [left.as_ref(), right.as_ref()]);
            }
            ExprKind::Between(value, low, high) => self.all("between", [value.as_ref(), low.as_ref(), high.as_ref()]),
            ExprKind::In(value, tests) => self.node("in", |out| {
                out.expression(value);
                tests.iter().for_each(|test| out.test(test));
            }),
            ExprKind::InstanceOf(value, ty) => self.node("instance of", |out| {
                out.expression(value);
                out.ty(ty);
            }),
            ExprKind::If(condition, then, otherwise) => {
                self.all("if", [condition.as_ref(), then.as_ref(), otherwise.as_ref()]);
            }
            ExprKind::For(iterations, body) => self.loops("for", iterations, body),
            ExprKind::Quantified(Quantifier::Some, iterations, body) => self.loops("some", iterations, body),
            ExprKind::Quantified(Quantifier::Every, iterations, body) => self.loops("every", iterations, body),
            ExprKind::List(items) => self.all("list", items),
            ExprKind::Context(entries) => {
                self.node("context", |out| entries.iter().for_each(|entry| out.entry(entry)));
            }
            ExprKind::Range(range) => self.range(range),
            ExprKind::Function(parameters, body) => self.node("function", |out| {
                out.parameters(parameters);
                out.expression(body);
            }),
            ExprKind::External(context) => self.all("external", [context.as_ref()]),
            ExprKind::Typed(value, ty) => self.node("typed", |out| {
                out.expression(value);
                out.ty(ty);
            }),
            ExprKind::Unreadable(text) => self.line(format_args!("unreadable {text:?}")),
        }
    }

    fn all<'e>(&mut self, text: impl std::fmt::Display, parts: impl IntoIterator<Item = &'e Expr>) {
        self.node(text, |out| parts.into_iter().for_each(|part| out.expression(part)));
    }

    fn call(&mut self, function: &Expr, arguments: &Arguments) {
        self.expression(function);
        match arguments {
            Arguments::Positional(values) => values.iter().for_each(|value| self.all("argument", [value])),
            Arguments::Named(values) => {
                values.iter().for_each(|(name, value)| self.all(format_args!("argument {}", name.text), [value]));
            }
        }
    }

    fn loops(&mut self, word: &str, iterations: &[Iteration], body: &Expr) {
        self.node(word, |out| {
            for iteration in iterations {
                let parts = match &iteration.domain {
                    Domain::List(list) => vec![list],
                    Domain::Interval(from, to) => vec![from, to],
                };
                out.all(format_args!("each {}", iteration.name.text), parts);
            }
            out.expression(body);
        });
    }

    fn entry(&mut self, entry: &Entry) {
        self.comments("comment", &entry.comments);
        self.all(format_args!("entry {}", entry.name.text), [&entry.value]);
    }

    fn range(&mut self, range: &RangeExpr) {
        let open = if range.low_closed { "[" } else { "(" };
        let close = if range.high_closed { "]" } else { ")" };
        let end = |end: &Option<Expr>| if end.is_some() { "" } else { "∞" };
        let text = format!("range {open}{}..{}{close}", end(&range.low), end(&range.high));
        self.all(text, range.low.iter().chain(&range.high));
    }

    pub(super) fn tests(&mut self, tests: &Tests) {
        match &tests.kind {
            TestsKind::Any => self.line("any"),
            TestsKind::Error => self.line("error"),
            TestsKind::AnyOf(tests) => self.node("any of", |out| tests.iter().for_each(|test| out.test(test))),
            TestsKind::NoneOf(tests) => self.node("none of", |out| tests.iter().for_each(|test| out.test(test))),
        }
    }

    fn test(&mut self, test: &Test) {
        match &test.kind {
            TestKind::Compare(op, value) => self.all(format_args!("test {}", comparison(*op)), [value]),
            TestKind::Expression(value) => self.all("test", [value]),
        }
    }
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Compare(op) => comparison(op),
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Power => "**",
    }
}
