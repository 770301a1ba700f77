//! Operators of FEEL by binding power (DMN 1.5, clause 10.3.1.2), and the expressions that start with a keyword.

use dictamen_value::Message;

use super::cursor::Parser;
use crate::keyword::FEEL_WORDS;
use crate::problem;
use crate::token::{Symbol, TokenKind};
use crate::tree::{BinaryOp, Comparison, Domain, Expr, ExprKind, Iteration, Quantifier, Test, TestKind};

/// An expression and the height of its tree, which is limited so that no reader of the tree runs out of stack.
pub(super) struct Tall {
    pub(super) expr: Expr,
    pub(super) height: u16,
}

/// How tightly an operator binds; each level reads its right side one level higher.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Power {
    Or,
    And,
    Comparison,
    Additive,
    Multiplicative,
    Exponent,
    /// `instance of`, and what stands before it.
    Operand,
}

/// What stands after an operand.
enum Infix {
    Binary(BinaryOp),
    Between,
    In,
    InstanceOf,
    /// An operator of another language and the one that was meant.
    Foreign(BinaryOp),
}

pub(super) fn after_expression() -> Message {
    Message::new("una expresión completa", "a complete expression")
}

impl Parser<'_, '_> {
    /// An expression up to the end of the cell or to the next line of the block; what is left over is an error.
    pub(super) fn whole_expression(&mut self, after: &Message) -> Expr {
        let expr = self.expression();
        let left_over = !self.at_end() && !self.at_line();
        self.finish(after);
        if left_over { Expr { kind: ExprKind::Error, ..expr } } else { expr }
    }

    /// An expression.
    pub(super) fn expression(&mut self) -> Expr {
        self.tall().expr
    }

    pub(super) fn tall(&mut self) -> Tall {
        self.infix(Power::Or)
    }

    /// An operand and the operators that bind at least as tightly as `least`.
    pub(super) fn infix(&mut self, least: Power) -> Tall {
        let start = self.start();
        if self.depth >= self.session.limits.nesting_levels {
            return self.too_deep();
        }
        self.depth = self.depth.saturating_add(1);
        let operand = self.unary();
        let whole = self.continue_from(operand, start, least);
        self.depth = self.depth.saturating_sub(1);
        whole
    }

    fn too_deep(&mut self) -> Tall {
        let span = self.span_here();
        let problem = problem::too_deep(span, &self.session.limits);
        self.report(problem);
        Tall { expr: Expr { kind: ExprKind::Error, span }, height: 1 }
    }

    /// The operators after an operand that was read already.
    pub(super) fn continue_from(&mut self, operand: Tall, start: u32, least: Power) -> Tall {
        let mut left = operand;
        let mut compared = false;
        while let Some((infix, power, tokens)) = self.infix_here() {
            if power < least {
                break;
            }
            if power == Power::Comparison && compared && !self.session.names.is_native() {
                let problem = problem::chained_comparison(self.span_here());
                self.note(problem);
            }
            compared = power == Power::Comparison;
            left = self.apply(left, start, &infix, power, tokens);
        }
        left
    }

    fn infix_here(&self) -> Option<(Infix, Power, usize)> {
        let token = self.peek()?;
        match token.kind {
            TokenKind::Symbol(Symbol::Foreign | Symbol::BarBar) => foreign(self.text_of(token)),
            TokenKind::Symbol(symbol) => symbol_infix(symbol),
            TokenKind::Name => self.word_infix(self.text_of(token)),
            _ => None,
        }
    }

    fn word_infix(&self, word: &str) -> Option<(Infix, Power, usize)> {
        match word {
            "or" => Some((Infix::Binary(BinaryOp::Or), Power::Or, 1)),
            "and" => Some((Infix::Binary(BinaryOp::And), Power::And, 1)),
            "between" => Some((Infix::Between, Power::Comparison, 1)),
            "in" => Some((Infix::In, Power::Comparison, 1)),
            "instance" if self.word_at(1) == Some("of") => Some((Infix::InstanceOf, Power::Operand, 2)),
            _ => None,
        }
    }

    fn apply(&mut self, left: Tall, start: u32, infix: &Infix, power: Power, tokens: usize) -> Tall {
        if matches!(infix, Infix::Foreign(_)) {
            let text = self.peek().map(|token| self.text_of(token)).unwrap_or_default();
            self.note(problem::foreign_operator(self.span_here(), text));
        }
        (0..tokens).for_each(|_| self.bump());
        match infix {
            Infix::Binary(op) | Infix::Foreign(op) => self.binary(left, start, *op, power),
            Infix::Between => self.between(left, start),
            Infix::In => self.membership(left, start),
            Infix::InstanceOf => self.instance_of(left, start),
        }
    }

    fn binary(&mut self, left: Tall, start: u32, op: BinaryOp, power: Power) -> Tall {
        let right = self.infix(power.next());
        let below = left.height.max(right.height);
        self.node(start, below, ExprKind::Binary(op, Box::new(left.expr), Box::new(right.expr)))
    }

    fn between(&mut self, left: Tall, start: u32) -> Tall {
        let low = self.infix(Power::Additive);
        self.expect_feel_word("and");
        let high = self.infix(Power::Additive);
        let below = left.height.max(low.height).max(high.height);
        self.node(start, below, ExprKind::Between(Box::new(left.expr), Box::new(low.expr), Box::new(high.expr)))
    }

    fn membership(&mut self, left: Tall, start: u32) -> Tall {
        let (tests, height) = self.tests_after_in();
        self.node(start, left.height.max(height), ExprKind::In(Box::new(left.expr), tests))
    }

    fn instance_of(&mut self, left: Tall, start: u32) -> Tall {
        let ty = self.feel_type();
        self.node(start, left.height, ExprKind::InstanceOf(Box::new(left.expr), Box::new(ty)))
    }

    fn unary(&mut self) -> Tall {
        let start = self.start();
        if !self.eat(Symbol::Minus) {
            return self.postfix();
        }
        // `-1` is a number as a whole, also before `instance of`.
        let number = self.kind() == Some(TokenKind::Number);
        let operand = if number { self.postfix() } else { self.infix(Power::Operand) };
        self.node(start, operand.height, ExprKind::Negate(Box::new(operand.expr)))
    }

    /// A node above others of height `below`.
    pub(super) fn node(&mut self, start: u32, below: u16, kind: ExprKind) -> Tall {
        let span = self.span_from(start);
        let height = below.saturating_add(1);
        if height <= self.session.limits.nesting_levels {
            return Tall { expr: Expr { kind, span }, height };
        }
        let problem = problem::too_deep(span, &self.session.limits);
        self.report(problem);
        Tall { expr: Expr { kind: ExprKind::Error, span }, height: 1 }
    }

    /// A word of FEEL that must stand here; where it is missing, skips to it if it stands further on.
    pub(super) fn expect_feel_word(&mut self, word: &str) {
        if self.eat_word(word) {
            return;
        }
        let problem = problem::missing(self.gap(), word, &self.came());
        self.report(problem);
        let stops = ["then", "else", "return", "satisfies", word];
        self.skip_to(|parser, token| {
            token.kind == TokenKind::Symbol(Symbol::Comma) || stops.contains(&parser.text_of(token))
        });
        if self.eat_word(word) {
            self.recovering = false;
        }
    }

    // Expressions that start with a keyword.

    pub(super) fn conditional(&mut self) -> Tall {
        let start = self.start();
        self.bump();
        let condition = self.tall();
        self.expect_feel_word("then");
        let then = self.tall();
        self.expect_feel_word("else");
        let otherwise = self.tall();
        let below = condition.height.max(then.height).max(otherwise.height);
        let kind = ExprKind::If(Box::new(condition.expr), Box::new(then.expr), Box::new(otherwise.expr));
        self.node(start, below, kind)
    }

    pub(super) fn iteration(&mut self) -> Tall {
        let start = self.start();
        self.bump();
        let mark = self.session.names.enter();
        let (iterations, height) = self.iterations();
        self.expect_feel_word("return");
        let body = self.tall();
        self.session.names.leave(mark);
        self.node(start, height.max(body.height), ExprKind::For(iterations, Box::new(body.expr)))
    }

    pub(super) fn quantified(&mut self, quantifier: Quantifier) -> Tall {
        let start = self.start();
        self.bump();
        let mark = self.session.names.enter();
        let (iterations, height) = self.iterations();
        self.expect_feel_word("satisfies");
        let body = self.tall();
        self.session.names.leave(mark);
        let kind = ExprKind::Quantified(quantifier, iterations, Box::new(body.expr));
        self.node(start, height.max(body.height), kind)
    }

    fn iterations(&mut self) -> (Vec<Iteration>, u16) {
        let mut iterations = Vec::new();
        let mut height = 0;
        loop {
            let name = self.new_name(&|parser| parser.word().is_some_and(|word| FEEL_WORDS.contains(&word)));
            self.session.names.push(&name.text);
            self.expect_feel_word("in");
            let (domain, below) = self.domain();
            height = below.max(height);
            iterations.push(Iteration { name, domain });
            if !self.eat(Symbol::Comma) {
                return (iterations, height);
            }
        }
    }

    fn domain(&mut self) -> (Domain, u16) {
        let from = self.tall();
        if !self.eat(Symbol::DotDot) {
            return (Domain::List(from.expr), from.height);
        }
        let to = self.tall();
        (Domain::Interval(from.expr, to.expr), from.height.max(to.height))
    }

    /// What stands after `in`: one test, or several in parentheses.
    fn tests_after_in(&mut self) -> (Vec<Test>, u16) {
        let start = self.start();
        if !self.at_symbol(Symbol::LeftParen) {
            let (test, height) = self.test(Power::Additive);
            return (vec![test], height);
        }
        let (mut tests, height) = self.tests_in_parentheses();
        let [Test { kind: TestKind::Expression(_), .. }] = tests.as_slice() else { return (tests, height) };
        let Some(Test { kind: TestKind::Expression(expr), .. }) = tests.pop() else { return (tests, height) };
        let first = self.postfix_from(Tall { expr, height }, start);
        let whole = self.continue_from(first, start, Power::Additive);
        let span = whole.expr.span;
        (vec![Test { kind: TestKind::Expression(whole.expr), span }], whole.height)
    }
}

impl Power {
    fn next(self) -> Power {
        match self {
            Power::Or => Power::And,
            Power::And => Power::Comparison,
            Power::Comparison => Power::Additive,
            Power::Additive => Power::Multiplicative,
            Power::Multiplicative => Power::Exponent,
            Power::Exponent | Power::Operand => Power::Operand,
        }
    }
}

fn symbol_infix(symbol: Symbol) -> Option<(Infix, Power, usize)> {
    let (op, power) = match symbol {
        Symbol::Plus => (BinaryOp::Add, Power::Additive),
        Symbol::Minus => (BinaryOp::Subtract, Power::Additive),
        Symbol::Star => (BinaryOp::Multiply, Power::Multiplicative),
        Symbol::Slash => (BinaryOp::Divide, Power::Multiplicative),
        Symbol::StarStar => (BinaryOp::Power, Power::Exponent),
        other => (BinaryOp::Compare(comparison(other)?), Power::Comparison),
    };
    Some((Infix::Binary(op), power, 1))
}

/// The comparison that a symbol stands for.
pub(super) fn comparison(symbol: Symbol) -> Option<Comparison> {
    match symbol {
        Symbol::Equal => Some(Comparison::Equal),
        Symbol::NotEqual => Some(Comparison::NotEqual),
        Symbol::Less => Some(Comparison::Less),
        Symbol::LessOrEqual => Some(Comparison::LessOrEqual),
        Symbol::Greater => Some(Comparison::Greater),
        Symbol::GreaterOrEqual => Some(Comparison::GreaterOrEqual),
        _ => None,
    }
}

/// The operator of FEEL that one of another language stands for.
fn foreign(text: &str) -> Option<(Infix, Power, usize)> {
    let compare = |comparison| (BinaryOp::Compare(comparison), Power::Comparison);
    let (op, power) = match text {
        "&&" => (BinaryOp::And, Power::And),
        "||" => (BinaryOp::Or, Power::Or),
        "==" => compare(Comparison::Equal),
        "<>" => compare(Comparison::NotEqual),
        "=>" => compare(Comparison::GreaterOrEqual),
        "=<" => compare(Comparison::LessOrEqual),
        _ => return None,
    };
    Some((Infix::Foreign(op), power, 1))
}
