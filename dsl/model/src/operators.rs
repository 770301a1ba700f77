//! Operators: arithmetic with units, comparison, conjunction, `between`, `in`.

use dictamen_syntax::tree::{self, BinaryOp, Comparison};
use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::{Message, Type, Unit};

use crate::checker::Checker;
use crate::expressions::is_literal;
use crate::fit;
use crate::frame::Frame;
use crate::graph::{ArithmeticOp, Expr, ExprKind, Test, TestKind};
use crate::tests_of_cells;

impl<'a> Checker<'a> {
    /// Unary minus.
    pub(crate) fn negate(
        &mut self,
        frame: &mut Frame,
        inner: &'a tree::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        let inner = self.expression(frame, inner, expected);
        self.operand(&inner);
        let ty = match inner.ty.basic() {
            Type::Number { .. } | Type::DaysDuration | Type::MonthsDuration | Type::Any => inner.ty.basic(),
            other => {
                let name = other.describe();
                self.error(
                    "tipos.operador",
                    span,
                    format!("no se puede cambiar el signo de {}", name.es),
                    format!("{} has no sign to change", name.en),
                );
                Type::Any
            }
        };
        Expr { kind: ExprKind::Negate(Box::new(inner)), ty, span }
    }

    /// An operator with two sides.
    pub(crate) fn binary(
        &mut self,
        frame: &mut Frame,
        op: BinaryOp,
        left: &'a tree::Expr,
        right: &'a tree::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        match op {
            BinaryOp::And => self.connective(frame, left, right, span, true),
            BinaryOp::Or => self.connective(frame, left, right, span, false),
            BinaryOp::Compare(comparison) => self.comparison(frame, comparison, left, right, span),
            BinaryOp::Add => self.arithmetic(frame, ArithmeticOp::Add, left, right, span, expected),
            BinaryOp::Subtract => self.arithmetic(frame, ArithmeticOp::Subtract, left, right, span, expected),
            BinaryOp::Multiply => self.arithmetic(frame, ArithmeticOp::Multiply, left, right, span, None),
            BinaryOp::Divide => self.arithmetic(frame, ArithmeticOp::Divide, left, right, span, None),
            BinaryOp::Power => self.arithmetic(frame, ArithmeticOp::Power, left, right, span, None),
        }
    }

    /// `and` / `or`: the right side knows what the left one being true (or false) tells.
    fn connective(
        &mut self,
        frame: &mut Frame,
        left: &'a tree::Expr,
        right: &'a tree::Expr,
        span: Span,
        and: bool,
    ) -> Expr {
        let left = self.expression(frame, left, Some(&Type::Boolean));
        self.must_fit(&left, &Type::Boolean.optional());
        let mark = frame.mark();
        frame.assume(&left, and);
        let right = self.expression(frame, right, Some(&Type::Boolean));
        self.must_fit(&right, &Type::Boolean.optional());
        frame.release(mark);
        let ty = if left.ty.is_optional() || right.ty.is_optional() { Type::Boolean.optional() } else { Type::Boolean };
        let (left, right) = (Box::new(left), Box::new(right));
        let kind = if and { ExprKind::And(left, right) } else { ExprKind::Or(left, right) };
        Expr { kind, ty, span }
    }

    /// Both sides, so that a literal is typed after the side that tells its unit or its choices.
    fn sides(
        &mut self,
        frame: &mut Frame,
        left: &'a tree::Expr,
        right: &'a tree::Expr,
        expected: Option<&Type>,
        compared: bool,
    ) -> (Expr, Expr) {
        if literal_tree(left) && !literal_tree(right) {
            let right = self.expression(frame, right, expected);
            let left = self.expression(frame, left, Some(&hint_of(&right, compared)));
            return (left, right);
        }
        let left = self.expression(frame, left, expected);
        let hint = if literal_tree(right) { Some(hint_of(&left, compared)) } else { expected.cloned() };
        let right = self.expression(frame, right, hint.as_ref());
        (left, right)
    }

    fn comparison(
        &mut self,
        frame: &mut Frame,
        comparison: Comparison,
        left: &'a tree::Expr,
        right: &'a tree::Expr,
        span: Span,
    ) -> Expr {
        let (left, right) = self.sides(frame, left, right, None, true);
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if !equality {
            self.operand(&left);
            self.operand(&right);
        }
        self.must_compare(&left, &right, equality, span);
        Expr { kind: ExprKind::Compare(comparison, Box::new(left), Box::new(right)), ty: Type::Boolean, span }
    }

    /// Reports two sides that cannot be compared.
    pub(crate) fn must_compare(&mut self, left: &Expr, right: &Expr, equality: bool, span: Span) {
        let units_differ = match (fit::number(&left.ty), fit::number(&right.ty)) {
            (Some((_, a)), Some((_, b))) => a != b && !is_literal(left) && !is_literal(right),
            _ => false,
        };
        if units_differ {
            self.units_differ(left, right, span);
            return;
        }
        let null = |expr: &Expr| matches!(expr.ty, Type::Null);
        if !equality && (null(left) || null(right)) {
            return;
        }
        let numbers = fit::number(&left.ty).is_some() && fit::number(&right.ty).is_some();
        let orders = equality || (fit::ordered(&left.ty) && fit::ordered(&right.ty));
        if self.model.dmn_mode || (orders && (numbers || fit::comparable(&left.ty, &right.ty))) {
            return;
        }
        let (a, b) = (left.ty.describe(), right.ty.describe());
        self.error(
            "tipos.no-se-comparan",
            span,
            format!("no se puede comparar {} con {}", a.es, b.es),
            format!("{} cannot be compared with {}", a.en, b.en),
        );
    }

    fn units_differ(&mut self, left: &Expr, right: &Expr, span: Span) {
        let (a, b) = (left.ty.describe(), right.ty.describe());
        self.report(
            Diagnostic::error(
                "tipos.unidades",
                span,
                Message::new(
                    format!("las unidades no coinciden: a la izquierda {}, a la derecha {}", a.es, b.es),
                    format!("units do not match: {} on the left, {} on the right", a.en, b.en),
                ),
            )
            .with_help(Message::new(
                "lleve ambos lados a la misma unidad, por ejemplo dividiendo los pesos por el valor de la UVT",
                "bring both sides to one unit, for instance by dividing pesos by the value of the UVT",
            )),
        );
    }

    /// Reports an operand that may be absent.
    pub(crate) fn operand(&mut self, expr: &Expr) {
        if expr.ty.is_optional() && !matches!(expr.ty, Type::Any) && !self.model.dmn_mode {
            if matches!(expr.ty, Type::Null) {
                self.error(
                    "tipos.nulo",
                    expr.span,
                    "«null» no tiene orden ni se puede calcular con él",
                    "`null` has no order and cannot be computed with",
                );
            } else {
                self.may_be_absent(expr, expr.span);
            }
        }
    }

    fn arithmetic(
        &mut self,
        frame: &mut Frame,
        op: ArithmeticOp,
        left: &'a tree::Expr,
        right: &'a tree::Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> Expr {
        let additive = matches!(op, ArithmeticOp::Add | ArithmeticOp::Subtract);
        let expected = expected.filter(|ty| additive && fit::number(ty).is_some());
        let (left, right) = if additive {
            self.sides(frame, left, right, expected, false)
        } else {
            (self.expression(frame, left, None), self.expression(frame, right, None))
        };
        self.operand(&left);
        self.operand(&right);
        let ty = self.result(op, &left, &right, span);
        Expr { kind: ExprKind::Arithmetic(op, Box::new(left), Box::new(right)), ty, span }
    }

    /// The type of an arithmetic result (DMN 1.5, tables 54 to 58).
    fn result(&mut self, op: ArithmeticOp, left: &Expr, right: &Expr, span: Span) -> Type {
        use ArithmeticOp::{Add, Divide, Multiply, Subtract};
        use Type::{Any, Date, DateTime, DaysDuration, MonthsDuration, Number, Text, Time};
        let (a, b) = (left.ty.basic(), right.ty.basic());
        match (op, &a, &b) {
            (_, Any, _) | (_, _, Any) => Any,
            (_, Number { .. }, Number { .. }) => self.number_result(op, left, right, span),
            (Add, Text, Text) => Text,
            (Subtract, Date | DateTime, Date | DateTime) | (Subtract, Time, Time) => DaysDuration,
            (Add | Subtract, DaysDuration, DaysDuration) => DaysDuration,
            (Add | Subtract, MonthsDuration, MonthsDuration) => MonthsDuration,
            (Add | Subtract, Date | DateTime | Time, DaysDuration) => a,
            (Add, DaysDuration, Date | DateTime | Time) => b,
            (Add | Subtract, Date | DateTime, MonthsDuration) => a,
            (Add, MonthsDuration, Date | DateTime) => b,
            (Multiply | Divide, DaysDuration | MonthsDuration, Number { .. }) => a,
            (Multiply, Number { .. }, DaysDuration | MonthsDuration) => b,
            (Divide, DaysDuration, DaysDuration) | (Divide, MonthsDuration, MonthsDuration) => Type::number(),
            _ => {
                self.no_such_operation(op, &a, &b, span);
                Any
            }
        }
    }

    fn number_result(&mut self, op: ArithmeticOp, left: &Expr, right: &Expr, span: Span) -> Type {
        let (Some((a_whole, a)), Some((b_whole, b))) = (fit::number(&left.ty), fit::number(&right.ty)) else {
            return Type::Any;
        };
        let whole = a_whole && b_whole;
        match op {
            ArithmeticOp::Add | ArithmeticOp::Subtract => {
                let unit = match (is_literal(left), is_literal(right)) {
                    (true, _) => b,
                    (_, true) => a,
                    _ if a == b => a,
                    _ => {
                        self.units_differ(left, right, span);
                        return Type::Any;
                    }
                };
                Type::Number { integer: whole, unit }
            }
            ArithmeticOp::Multiply => Type::Number { integer: whole, unit: a.times(&b) },
            ArithmeticOp::Divide => Type::Number { integer: false, unit: a.over(&b) },
            ArithmeticOp::Power => self.power(&a, &b, span),
        }
    }

    fn power(&mut self, base: &Unit, exponent: &Unit, span: Span) -> Type {
        if !base.is_none() || !exponent.is_none() {
            self.error(
                "tipos.unidades",
                span,
                "solo se elevan a una potencia números sin unidad",
                "only plain numbers can be raised to a power",
            );
        }
        Type::number()
    }

    fn no_such_operation(&mut self, op: ArithmeticOp, a: &Type, b: &Type, span: Span) {
        if self.model.dmn_mode {
            return;
        }
        let symbol = match op {
            ArithmeticOp::Add => "+",
            ArithmeticOp::Subtract => "-",
            ArithmeticOp::Multiply => "*",
            ArithmeticOp::Divide => "/",
            ArithmeticOp::Power => "**",
        };
        let dates_and_numbers = matches!((a, b), (Type::Date | Type::DateTime, Type::Number { .. }));
        let (a, b) = (a.describe(), b.describe());
        let mut diagnostic = Diagnostic::error(
            "tipos.operador",
            span,
            Message::new(
                format!("«{symbol}» no se aplica a {} y {}", a.es, b.es),
                format!("`{symbol}` does not apply to {} and {}", a.en, b.en),
            ),
        );
        if dates_and_numbers {
            diagnostic = diagnostic.with_help(Message::new(
                "a una fecha se le suma una duración: 30 días son duration(\"P30D\"), un mes es duration(\"P1M\")",
                "what is added to a date is a duration: 30 days are duration(\"P30D\"), a month is duration(\"P1M\")",
            ));
        }
        self.report(diagnostic);
    }

    /// `value between low and high`: a test of the value, so that it is evaluated once.
    pub(crate) fn between(
        &mut self,
        frame: &mut Frame,
        value: &'a tree::Expr,
        low: &'a tree::Expr,
        high: &'a tree::Expr,
        span: Span,
    ) -> Expr {
        let value = self.expression(frame, value, None);
        self.operand(&value);
        let low = self.expression(frame, low, Some(&value.ty));
        let high = self.expression(frame, high, Some(&value.ty));
        for end in [&low, &high] {
            self.operand(end);
            self.must_compare(&value, end, false, end.span);
        }
        if self.model.dmn_mode {
            return between_by_parts(value, low, high, span);
        }
        let tested = frame.fresh();
        let test = Test { kind: TestKind::Within { low, low_closed: true, high, high_closed: true }, span };
        Expr { kind: ExprKind::In { value: Box::new(value), tested, tests: vec![test] }, ty: Type::Boolean, span }
    }

    /// `value in (tests)`.
    pub(crate) fn membership(
        &mut self,
        frame: &mut Frame,
        value: &'a tree::Expr,
        tests: &'a [tree::Test],
        span: Span,
    ) -> Expr {
        let value = self.expression(frame, value, None);
        let mark = frame.mark();
        let tested = frame.declare("?", value.ty.clone());
        let mut tests: Vec<Test> =
            tests.iter().map(|test| tests_of_cells::test(self, frame, test, &value.ty, tested)).collect();
        frame.release(mark);
        if let ([_], true) = (tests.as_slice(), self.model.dmn_mode) {
            tests = tests.into_iter().map(tests_of_cells::alone).collect();
        }
        Expr { kind: ExprKind::In { value: Box::new(value), tested, tests }, ty: Type::Boolean, span }
    }
}

/// `value >= low and value <= high`, as DMN 1.5 (table 55) has it: unknown where either comparison is.
fn between_by_parts(value: Expr, low: Expr, high: Expr, span: Span) -> Expr {
    let compare = |comparison, value: Expr, end: Expr| {
        let kind = ExprKind::Compare(comparison, Box::new(value), Box::new(end));
        Box::new(Expr { kind, ty: Type::Boolean.optional(), span })
    };
    let above = compare(Comparison::GreaterOrEqual, value.clone(), low);
    let below = compare(Comparison::LessOrEqual, value, high);
    Expr { kind: ExprKind::And(above, below), ty: Type::Boolean.optional(), span }
}

/// What the other side tells of a literal: compared with a choice it must be one; added to a choice it need not.
fn hint_of(other: &Expr, compared: bool) -> Type {
    if compared { other.ty.clone() } else { other.ty.basic() }
}

/// Whether a tree is made of literals only, so that the other side should tell its type.
fn literal_tree(expr: &tree::Expr) -> bool {
    use tree::ExprKind as K;
    match &expr.kind {
        K::Number(_) | K::Text(_) => true,
        K::Negate(inner) => literal_tree(inner),
        K::Binary(BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide, left, right) => {
            literal_tree(left) && literal_tree(right)
        }
        _ => false,
    }
}
