//! Values that stand for themselves: literals, names, brackets of every kind, contexts and functions.

use super::cursor::Parser;
use super::expression::{Power, Tall, comparison};
use crate::keyword::Keyword;
use crate::problem;
use crate::token::{Symbol, Token, TokenKind};
use crate::tree::{Comparison, Entry, Expr, ExprKind, Name, Quantifier, RangeExpr};

impl Parser<'_, '_> {
    pub(super) fn primary(&mut self) -> Tall {
        let Some(token) = self.peek() else { return self.no_expression() };
        match token.kind {
            TokenKind::Number if self.at_native_name() => self.name_expression(),
            TokenKind::Name => self.word_expression(token),
            TokenKind::Quoted => self.name_expression(),
            TokenKind::OpenName => self.broken(),
            TokenKind::Number => self.number(token),
            TokenKind::Text | TokenKind::OpenText if !self.text_of(token).starts_with('@') => leaf(self.text_literal()),
            TokenKind::At | TokenKind::OpenText | TokenKind::Text | TokenKind::Date => {
                leaf(self.temporal_literal(token))
            }
            TokenKind::Symbol(symbol) => self.symbol_expression(symbol),
            TokenKind::Bad | TokenKind::OpenComment => self.broken(),
        }
    }

    /// Whether a known name starts here that no name of FEEL would be, such as `5 years rate`.
    fn at_native_name(&self) -> bool {
        self.session.names.is_native() && self.known_name().is_some()
    }

    fn no_expression(&mut self) -> Tall {
        let span = self.gap();
        let problem = problem::expression_expected(span, &self.came());
        self.report(problem);
        leaf(Expr { kind: ExprKind::Error, span })
    }

    /// Characters that were reported already.
    fn broken(&mut self) -> Tall {
        let span = self.span_here();
        if self.session.names.is_native() {
            let problem =
                problem::bad_characters(span, self.peek().map(|token| self.text_of(token)).unwrap_or_default());
            self.report(problem);
        }
        self.bump();
        self.recovering = true;
        leaf(Expr { kind: ExprKind::Error, span })
    }

    fn number(&mut self, token: Token) -> Tall {
        let kind = ExprKind::Number(self.text_of(token).to_owned());
        self.token_expression(kind)
    }

    fn token_expression(&mut self, kind: ExprKind) -> Tall {
        let span = self.span_here();
        self.bump();
        leaf(Expr { kind, span })
    }

    fn name_expression(&mut self) -> Tall {
        let name = self.reference();
        leaf(Expr { kind: ExprKind::Name(name.text), span: name.span })
    }

    fn word_expression(&mut self, token: Token) -> Tall {
        let word = self.text_of(token);
        if self.known_name().is_some() {
            return self.name_expression();
        }
        match word {
            "null" => self.token_expression(ExprKind::Null),
            "true" => self.token_expression(ExprKind::Boolean(true)),
            "false" => self.token_expression(ExprKind::Boolean(false)),
            "if" => self.conditional(),
            "for" => self.iteration(),
            "some" => self.quantified(Quantifier::Some),
            "every" => self.quantified(Quantifier::Every),
            "function" if self.symbol_at(1, Symbol::LeftParen) => self.function(),
            _ if self.at_unreadable() => self.unreadable(),
            "and" | "or" | "then" | "else" | "return" | "satisfies" | "in" | "between" => self.no_expression(),
            _ => self.name_expression(),
        }
    }

    /// Whether `ilegible "…"` stands here, which no text from DMN itself has.
    fn at_unreadable(&self) -> bool {
        let text = self.peek_at(1).is_some_and(|token| token.kind == TokenKind::Text && !token.starts_line);
        text && self.at_keyword(Keyword::Unreadable) && !self.session.names.is_native()
    }

    fn unreadable(&mut self) -> Tall {
        let start = self.start();
        self.eat_keyword(Keyword::Unreadable);
        let text = self.take_text().unwrap_or_default();
        self.node(start, 0, ExprKind::Unreadable(text))
    }

    fn symbol_expression(&mut self, symbol: Symbol) -> Tall {
        match symbol {
            Symbol::Question => self.token_expression(ExprKind::Tested),
            Symbol::LeftParen => self.parentheses(),
            Symbol::LeftBracket => self.brackets(),
            Symbol::RightBracket if self.reversed_range_follows() => self.reversed_range(),
            Symbol::LeftBrace => self.context(),
            Symbol::Foreign => self.foreign_prefix(),
            Symbol::Less | Symbol::LessOrEqual | Symbol::Greater | Symbol::GreaterOrEqual
                if self.session.names.is_native() =>
            {
                self.bare_range()
            }
            _ => self.no_expression(),
        }
    }

    fn foreign_prefix(&mut self) -> Tall {
        let text = self.peek().map(|token| self.text_of(token)).unwrap_or_default();
        let problem = problem::foreign_operator(self.span_here(), text);
        self.report(problem);
        self.broken()
    }

    // Parentheses and ranges.

    fn parentheses(&mut self) -> Tall {
        let start = self.start();
        let open = self.span_here();
        self.bump();
        if let Some(op) = self.comparison_here() {
            return self.range_of_comparison(open, op);
        }
        let inner = self.tall();
        if self.at_symbol(Symbol::DotDot) {
            return self.range_from(start, inner, false);
        }
        if self.at_symbol(Symbol::Colon) && !self.session.names.is_native() {
            return self.typed_from(open, inner);
        }
        self.close(open, Symbol::LeftParen);
        inner
    }

    /// `: type)` behind an expression in parentheses that was read.
    pub(super) fn typed_from(&mut self, open: crate::Span, value: Tall) -> Tall {
        self.bump();
        let ty = self.declared_type();
        self.close(open, Symbol::LeftParen);
        self.node(open.start, value.height, ExprKind::Typed(Box::new(value.expr), Box::new(ty)))
    }

    /// The comparison that stands here, if one does.
    pub(super) fn comparison_here(&self) -> Option<Comparison> {
        match self.kind() {
            Some(TokenKind::Symbol(symbol)) => comparison(symbol),
            _ => None,
        }
    }

    /// `(>= 1)` as a range without the other end.
    fn range_of_comparison(&mut self, open: crate::Span, op: Comparison) -> Tall {
        if op == Comparison::NotEqual {
            let problem = problem::expression_expected(self.gap(), &self.came());
            self.report(problem);
        }
        self.bump();
        let end = self.infix(Power::Additive);
        self.close(open, Symbol::LeftParen);
        self.half_range(open.start, op, end)
    }

    /// `> 5` as a range (DMN 1.5, grammar rules 2 and 7).
    fn bare_range(&mut self) -> Tall {
        let start = self.start();
        let op = self.comparison_here().unwrap_or(Comparison::Less);
        self.bump();
        let end = self.infix(Power::Additive);
        self.half_range(start, op, end)
    }

    fn half_range(&mut self, start: u32, op: Comparison, end: Tall) -> Tall {
        let closed = !matches!(op, Comparison::Less | Comparison::Greater);
        let high = matches!(op, Comparison::Less | Comparison::LessOrEqual | Comparison::Equal);
        let low = matches!(op, Comparison::Greater | Comparison::GreaterOrEqual | Comparison::Equal);
        let range = RangeExpr {
            low: low.then(|| end.expr.clone()),
            low_closed: low && closed,
            high: high.then_some(end.expr),
            high_closed: high && closed,
        };
        self.node(start, end.height, ExprKind::Range(Box::new(range)))
    }

    fn brackets(&mut self) -> Tall {
        let open = self.span_here();
        self.bump();
        if self.eat(Symbol::RightBracket) {
            return self.node(open.start, 0, ExprKind::List(Vec::new()));
        }
        let first = self.tall();
        if self.at_symbol(Symbol::DotDot) {
            return self.range_from(open.start, first, true);
        }
        let mut height = first.height;
        let mut items = vec![first.expr];
        while self.next_or_close(open, Symbol::LeftBracket) {
            let item = self.tall();
            height = item.height.max(height);
            items.push(item.expr);
        }
        self.node(open.start, height, ExprKind::List(items))
    }

    /// `]` opens a range that does not hold its lower end, if a value follows.
    fn reversed_range_follows(&self) -> bool {
        self.peek_at(1).is_some_and(|token| super::cursor::starts_operand(token.kind))
    }

    fn reversed_range(&mut self) -> Tall {
        let start = self.start();
        self.bump();
        let low = self.tall();
        if !self.at_symbol(Symbol::DotDot) {
            let problem = problem::missing(self.gap(), "..", &self.came());
            self.report(problem);
            return Tall { expr: Expr { kind: ExprKind::Error, span: self.span_from(start) }, height: 1 };
        }
        self.range_from(start, low, false)
    }

    /// `..` and the rest of a range whose lower end was read.
    pub(super) fn range_from(&mut self, start: u32, low: Tall, low_closed: bool) -> Tall {
        self.bump();
        let high = self.tall();
        let high_closed = self.at_symbol(Symbol::RightBracket);
        if !(self.eat(Symbol::RightBracket) || self.eat(Symbol::RightParen) || self.eat(Symbol::LeftBracket)) {
            let problem = problem::missing(self.gap(), "]", &self.came());
            self.report(problem);
        }
        let height = low.height.max(high.height);
        let range = RangeExpr { low: Some(low.expr), low_closed, high: Some(high.expr), high_closed };
        self.node(start, height, ExprKind::Range(Box::new(range)))
    }

    // Contexts and functions.

    fn context(&mut self) -> Tall {
        let open = self.span_here();
        let mark = self.session.names.enter();
        self.bump();
        let mut entries = Vec::new();
        let mut height = 0;
        while !self.at_symbol(Symbol::RightBrace) {
            let comments = self.comments_above();
            let (entry, below) = self.entry();
            height = below.max(height);
            self.session.names.push(&entry.name.text);
            self.session.names.push_entry(&entry.name.text);
            entries.push(Entry { comments, ..entry });
            if !self.another_entry(open) {
                break;
            }
            if let Some(last) = entries.last_mut() {
                last.comments.extend(self.comments_behind());
            }
        }
        self.close(open, Symbol::LeftBrace);
        self.session.names.leave(mark);
        self.node(open.start, height, ExprKind::Context(entries))
    }

    fn entry(&mut self) -> (Entry, u16) {
        let name = if self.at_key() { self.key() } else { self.key_without_colon() };
        if self.recovering {
            let value = Expr { kind: ExprKind::Error, span: self.span_here() };
            self.skip_to(|_, token| token.kind == TokenKind::Symbol(Symbol::Comma));
            return (Entry { name, value, comments: Vec::new() }, 1);
        }
        self.bump();
        let value = self.tall();
        (Entry { name, value: value.expr, comments: Vec::new() }, value.height)
    }

    /// Reports what is wrong with an entry that does not start with a name and a colon; `=` instead of it is understood.
    fn key_without_colon(&mut self) -> Name {
        let name = match self.kind() {
            Some(TokenKind::Text | TokenKind::OpenText) => {
                let span = self.span_here();
                Name { text: self.take_text().unwrap_or_default(), span }
            }
            _ => self.name(),
        };
        let problem = problem::missing(self.gap(), ":", &self.came());
        if self.at_symbol(Symbol::Equal) {
            self.note(problem);
        } else {
            self.report(problem);
        }
        name
    }

    /// Takes the comma before another entry; where it is missing before one, says so and reads on.
    fn another_entry(&mut self, open: crate::Span) -> bool {
        if !self.at_symbol(Symbol::Comma) && !self.at_symbol(Symbol::RightBrace) {
            if self.at_key() && self.line_here().is_none() {
                let problem = problem::missing(self.gap(), ",", &self.came());
                self.note(problem);
                self.recovering = false;
                return true;
            }
            let came = self.came();
            let problem = problem::open_bracket(self.gap(), open, "{", "}", &came);
            self.report(problem);
            self.skip_to(|_, token| token.kind == TokenKind::Symbol(Symbol::Comma));
        }
        let found = self.eat(Symbol::Comma);
        self.recovering &= !found;
        found
    }

    fn function(&mut self) -> Tall {
        let start = self.start();
        self.bump();
        let open = self.span_here();
        self.bump();
        let mark = self.session.names.enter();
        let mut parameters = Vec::new();
        self.separated(open, Symbol::LeftParen, |parser| parameters.push(parser.feel_parameter()));
        let body = if self.at_word("external") && self.symbol_at(1, Symbol::LeftBrace) {
            self.external_body_here()
        } else {
            self.tall()
        };
        self.session.names.leave(mark);
        self.node(start, body.height, ExprKind::Function(parameters, Box::new(body.expr)))
    }

    /// `external { java: … }`.
    fn external_body_here(&mut self) -> Tall {
        let start = self.start();
        self.bump();
        let context = self.tall();
        self.node(start, context.height, ExprKind::External(Box::new(context.expr)))
    }
}

/// An expression without others inside.
pub(super) fn leaf(expr: Expr) -> Tall {
    Tall { expr, height: 1 }
}
