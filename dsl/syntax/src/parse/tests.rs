//! Unary tests: the cells of input columns, and what stands after `in` (DMN 1.5, grammar rules 7 and 14 to 17).

use dictamen_value::Message;

use super::cursor::Parser;
use super::expression::{Power, Tall};
use crate::problem;
use crate::token::Symbol;
use crate::tree::Expr;
use crate::tree::{ExprKind, Test, TestKind, Tests, TestsKind};

impl Parser<'_, '_> {
    /// The tests of one cell: `-`, `not(…)`, or tests separated by commas.
    pub(crate) fn cell_tests(&mut self) -> Tests {
        let start = self.start();
        let kind = self.cell_tests_kind();
        let left_over = !self.at_end();
        if let Some(word @ ("and" | "or")) = self.word() {
            let problem = problem::joined_tests(self.span_here(), word);
            self.report(problem);
        }
        self.finish(&Message::new("una condición completa", "a complete condition"));
        let kind = if left_over { TestsKind::Error } else { kind };
        Tests { kind, span: self.span_from(start) }
    }

    fn cell_tests_kind(&mut self) -> TestsKind {
        if self.at_end() {
            let problem = problem::empty_cell(self.span_here(), true);
            self.report(problem);
            return TestsKind::Error;
        }
        if self.at_symbol(Symbol::Minus) && self.peek_at(1).is_none() {
            self.bump();
            return TestsKind::Any;
        }
        self.negated().unwrap_or_else(|| TestsKind::AnyOf(self.tests_separated()))
    }

    /// `not(…)` as the whole cell; where more follows, it was a call of the function and nothing is taken.
    fn negated(&mut self) -> Option<TestsKind> {
        if !self.at_word("not") || !self.symbol_at(1, Symbol::LeftParen) {
            return None;
        }
        let (at, told) = (self.at, self.session.diagnostics.len());
        self.bump();
        let (tests, _) = self.tests_in_parentheses();
        if self.at_end() {
            return Some(TestsKind::NoneOf(tests));
        }
        self.at = at;
        self.recovering = false;
        self.session.diagnostics.truncate(told);
        None
    }

    fn tests_separated(&mut self) -> Vec<Test> {
        let mut tests = vec![self.test(Power::Or).0];
        while self.eat(Symbol::Comma) {
            self.recovering = false;
            tests.push(self.test(Power::Or).0);
        }
        tests
    }

    /// `(` tests `)`, or a range that opens with a parenthesis.
    pub(super) fn tests_in_parentheses(&mut self) -> (Vec<Test>, u16) {
        let open = self.span_here();
        self.bump();
        let (first, mut height) = self.test(Power::Or);
        if let (TestKind::Expression(low), true) = (&first.kind, self.at_symbol(Symbol::DotDot)) {
            let range = self.range_from(open.start, Tall { expr: low.clone(), height }, false);
            return (vec![expression_test(range.expr)], range.height);
        }
        let typed = self.at_symbol(Symbol::Colon) && !self.session.names.is_native();
        if let (TestKind::Expression(value), true) = (&first.kind, typed) {
            let typed = self.typed_from(open, Tall { expr: value.clone(), height });
            return (vec![expression_test(typed.expr)], typed.height);
        }
        let mut tests = vec![first];
        while self.next_or_close(open, Symbol::LeftParen) {
            let (test, below) = self.test(Power::Or);
            height = below.max(height);
            tests.push(test);
        }
        (tests, height)
    }

    /// One test; a value that is tested binds at least as tightly as `least`.
    pub(super) fn test(&mut self, least: Power) -> (Test, u16) {
        let start = self.start();
        let Some(op) = self.comparison_here() else {
            let value = self.infix(least);
            return (expression_test(value.expr), value.height);
        };
        self.bump();
        let value = self.infix(Power::Additive);
        (Test { kind: TestKind::Compare(op, value.expr), span: self.span_from(start) }, value.height)
    }

    /// An output cell: one expression.
    pub(super) fn cell_expression(&mut self) -> Expr {
        if self.at_end() {
            let span = self.span_here();
            let problem = problem::empty_cell(span, false);
            self.report(problem);
            return Expr { kind: ExprKind::Error, span };
        }
        self.whole_expression(&super::expression::after_expression())
    }
}

fn expression_test(expr: Expr) -> Test {
    Test { span: expr.span, kind: TestKind::Expression(expr) }
}
