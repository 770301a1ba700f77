//! What follows a value: `.name`, `[condition]` and `(arguments)`.

use super::cursor::Parser;
use super::expression::Tall;
use crate::problem;
use crate::token::{Symbol, TokenKind};
use crate::tree::{Arguments, Expr, ExprKind, Name};

impl Parser<'_, '_> {
    pub(super) fn postfix(&mut self) -> Tall {
        let start = self.start();
        let primary = self.primary();
        self.postfix_from(primary, start)
    }

    /// Paths, filters and calls after a value that was read already.
    pub(super) fn postfix_from(&mut self, primary: Tall, start: u32) -> Tall {
        let mut value = primary;
        loop {
            value = match self.kind() {
                Some(TokenKind::Symbol(Symbol::Dot)) => self.path(value, start),
                Some(TokenKind::Symbol(Symbol::LeftBracket)) if self.opens_filter() => self.filter(value, start),
                Some(TokenKind::Symbol(Symbol::LeftParen)) if callable(&value.expr) => self.call(value, start),
                _ => return value,
            };
        }
    }

    fn path(&mut self, of: Tall, start: u32) -> Tall {
        self.bump();
        let name = self.member();
        self.node(start, of.height, ExprKind::Path(Box::new(of.expr), Box::new(name)))
    }

    /// A bracket after the end of a range such as `]1..3[` closes it.
    fn opens_filter(&self) -> bool {
        let follows = self.peek_at(1);
        let word = self.word_at(1).unwrap_or_default();
        follows.is_some_and(|token| super::cursor::starts_operand(token.kind))
            && !matches!(word, "and" | "or" | "then" | "else" | "return" | "satisfies" | "in" | "between" | "instance")
    }

    fn filter(&mut self, of: Tall, start: u32) -> Tall {
        let open = self.span_here();
        self.bump();
        self.filters = self.filters.saturating_add(1);
        let condition = self.tall();
        self.filters = self.filters.saturating_sub(1);
        self.close(open, Symbol::LeftBracket);
        let below = of.height.max(condition.height);
        self.node(start, below, ExprKind::Filter(Box::new(of.expr), Box::new(condition.expr)))
    }

    fn call(&mut self, function: Tall, start: u32) -> Tall {
        let open = self.span_here();
        self.bump();
        let (arguments, height) =
            if self.at_key() { self.named_arguments(open) } else { self.positional_arguments(open) };
        self.node(start, function.height.max(height), ExprKind::Call(Box::new(function.expr), arguments))
    }

    fn positional_arguments(&mut self, open: crate::Span) -> (Arguments, u16) {
        let mut height = 0;
        let mut arguments = Vec::new();
        self.separated(open, Symbol::LeftParen, |parser| {
            if parser.at_key() {
                let problem = problem::mixed_arguments(parser.span_here());
                parser.note(problem);
                parser.key();
                parser.bump();
            }
            let argument = parser.tall();
            height = argument.height.max(height);
            arguments.push(argument.expr);
        });
        (Arguments::Positional(arguments), height)
    }

    fn named_arguments(&mut self, open: crate::Span) -> (Arguments, u16) {
        let mut height = 0;
        let mut arguments: Vec<(Name, Expr)> = Vec::new();
        self.separated(open, Symbol::LeftParen, |parser| {
            let name = if parser.at_key() {
                let name = parser.key();
                parser.bump();
                name
            } else {
                let span = parser.span_here();
                parser.note(problem::mixed_arguments(span));
                Name { text: String::new(), span }
            };
            let argument = parser.tall();
            height = argument.height.max(height);
            arguments.push((name, argument.expr));
        });
        (Arguments::Named(arguments), height)
    }

    /// Things separated by commas up to the closing bracket, which is taken.
    pub(super) fn separated(&mut self, open: crate::Span, bracket: Symbol, mut read: impl FnMut(&mut Self)) {
        let (closing, _) = closing(bracket);
        if self.eat(closing) {
            return;
        }
        loop {
            read(self);
            if !self.next_or_close(open, bracket) {
                return;
            }
        }
    }

    /// After one of several things: takes a comma and says that another one follows, or takes the closing bracket.
    pub(super) fn next_or_close(&mut self, open: crate::Span, bracket: Symbol) -> bool {
        let (closing, _) = closing(bracket);
        if !self.at_symbol(Symbol::Comma) && !self.at_symbol(closing) {
            self.report_open(open, bracket);
            self.skip_to(|_, token| token.kind == TokenKind::Symbol(Symbol::Comma));
        }
        if self.eat(Symbol::Comma) {
            self.recovering = false;
            return true;
        }
        self.recovering &= !self.eat(closing);
        false
    }

    /// The closing bracket must stand here; where it does not, skips to it.
    pub(super) fn close(&mut self, open: crate::Span, bracket: Symbol) -> bool {
        let (closing, _) = closing(bracket);
        if self.eat(closing) {
            return true;
        }
        self.report_open(open, bracket);
        self.skip_to(|_, token| token.kind == TokenKind::Symbol(closing));
        let found = self.eat(closing);
        self.recovering &= !found;
        found
    }

    fn report_open(&mut self, open: crate::Span, bracket: Symbol) {
        let (_, close) = closing(bracket);
        let problem = problem::open_bracket(self.gap(), open, opening(bracket), close, &self.came());
        self.report(problem);
    }
}

/// Only names, paths, calls, filters and expressions in parentheses can be called.
fn callable(expr: &Expr) -> bool {
    !matches!(
        expr.kind,
        ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::At(_)
            | ExprKind::Null
            | ExprKind::Boolean(_)
            | ExprKind::Error
    )
}

fn closing(bracket: Symbol) -> (Symbol, &'static str) {
    match bracket {
        Symbol::LeftBracket => (Symbol::RightBracket, "]"),
        Symbol::LeftBrace => (Symbol::RightBrace, "}"),
        _ => (Symbol::RightParen, ")"),
    }
}

fn opening(bracket: Symbol) -> &'static str {
    match bracket {
        Symbol::LeftBracket => "[",
        Symbol::LeftBrace => "{",
        _ => "(",
    }
}
