//! The blocks that declare one thing: imports, types, inputs, decisions and functions.

use dictamen_value::Message;

use super::cursor::{Parser, bracket};
use super::types::after_type;
use crate::cut::Part;
use crate::keyword::{self, Keyword};
use crate::problem;
use crate::token::{Symbol, TokenKind};
use crate::tree::{
    Decision, Expr, ExprKind, Function, FunctionBody, Import, Input, ItemKind, Local, Name, TypeDeclaration, TypeExpr,
};

impl Parser<'_, '_> {
    /// What the block declares; the cursor stands behind the keyword.
    pub(super) fn declaration(&mut self, opener: Keyword, rows: &[Part]) -> ItemKind {
        match opener {
            Keyword::Use => ItemKind::Import(self.import()),
            Keyword::Type => ItemKind::Type(self.type_declaration()),
            Keyword::Input => ItemKind::Input(self.input()),
            Keyword::Decision => ItemKind::Decision(self.decision()),
            Keyword::Case => ItemKind::Case(self.case()),
            Keyword::Parameter => ItemKind::Parameter(self.parameter(rows)),
            Keyword::Table => ItemKind::Table(self.table(rows)),
            Keyword::Service => ItemKind::Service(self.service()),
            Keyword::Letter => ItemKind::Letter(self.letter()),
            Keyword::Glossary => ItemKind::Glossary(self.glossary(rows)),
            _ => ItemKind::Function(self.function_declaration(rows)),
        }
    }

    fn import(&mut self) -> Import {
        let ruleset = self.qualified_name();
        let alias = self.eat_keyword(Keyword::As).then(|| self.name());
        self.finish(&Message::new("una línea completa", "a complete line"));
        self.each_line(|_, _| {});
        Import { ruleset, alias }
    }

    fn type_declaration(&mut self) -> TypeDeclaration {
        let name = self.name();
        if !self.at_symbol(Symbol::LeftBrace) {
            self.expect(Symbol::Equal, "=");
        }
        let ty = self.declared_type();
        self.finish(&after_type());
        self.each_line(|_, _| {});
        TypeDeclaration { name, attributes: self.take_attributes(), ty }
    }

    fn input(&mut self) -> Input {
        let (name, ty) = self.typed_name();
        self.finish(&after_type());
        self.each_line(|_, _| {});
        Input { name, ty, attributes: self.take_attributes() }
    }

    /// `name : type`, both required.
    pub(super) fn typed_name(&mut self) -> (Name, TypeExpr) {
        let name = self.name();
        self.expect(Symbol::Colon, ":");
        let ty = self.declared_type();
        (name, ty)
    }

    /// `: type`, if it is there.
    pub(super) fn optional_type(&mut self) -> Option<TypeExpr> {
        self.eat(Symbol::Colon).then(|| self.declared_type())
    }

    fn decision(&mut self) -> Decision {
        let start = self.start();
        let name = self.qualified_name();
        let ty = self.optional_type();
        let (locals, body) = self.body_among_lines();
        let body = body.unwrap_or_else(|| self.no_body(start, Keyword::Decision));
        Decision { name, ty, attributes: self.take_attributes(), locals, body }
    }

    fn no_body(&mut self, start: u32, opener: Keyword) -> Expr {
        let span = crate::Span { source: self.session.source, start, end: start };
        let span = self.tokens.first().map_or(span, |token| crate::Span { start: token.start, end: token.end, ..span });
        self.report(problem::incomplete(span, opener.text(self.session.spelling), "= …"));
        Expr { kind: ExprKind::Error, span }
    }

    /// `= expression` with attributes before and behind it, and `sea` lines before it.
    fn body_among_lines(&mut self) -> (Vec<Local>, Option<Expr>) {
        let (mut locals, mut body) = (Vec::new(), None);
        if !self.at_symbol(Symbol::Equal) {
            self.finish_head();
        }
        while !self.at_end() {
            if body.is_none() && self.eat(Symbol::Equal) {
                body = Some(self.body());
            } else if self.at_line() && self.at_keyword(Keyword::Let) {
                if body.is_some() {
                    self.note(problem::local_behind_body(self.span_here(), Keyword::Let.text(self.session.spelling)));
                }
                locals.push(self.local());
            } else {
                self.one_line();
            }
        }
        (locals, body)
    }

    /// `sea x : T = …`: it ends where the next line of the block starts, and an `=` that starts a line is the body's.
    pub(super) fn local(&mut self) -> Local {
        let comments = self.comments_above();
        self.eat_keyword(Keyword::Let);
        let head = |parser: &mut Self| (parser.name(), parser.optional_type());
        let ((name, ty), value) = self.line_with_value(head);
        Local { comments, name, ty, value }
    }

    /// The rest of a line: what `head` reads, `=` and an expression, which ends where the next line of the block starts.
    pub(super) fn line_with_value<T>(&mut self, head: impl FnOnce(&mut Self) -> T) -> (T, Expr) {
        let (from, to) = (self.at, self.line_end());
        let (line, value_from, stopped) = self.within(from, to, |parser| {
            let head = head(parser);
            parser.expect(Symbol::Equal, "=");
            let value_from = parser.at;
            let value = parser.whole_expression(&super::expression::after_expression());
            ((head, value), value_from, parser.at)
        });
        self.at = stopped;
        self.leave_comments_in_text(value_from);
        line
    }

    /// Where the line under the cursor ends, in tokens: brackets may take it further. One that is never closed does not.
    fn line_end(&mut self) -> usize {
        let start = self.at;
        let (mut open, mut body) = (0usize, None);
        while let Some(token) = self.peek().filter(|_| self.line_here().is_none()) {
            if token.starts_line && token.kind == TokenKind::Symbol(Symbol::Equal) {
                body = body.or(Some(self.at));
                if open == 0 {
                    body = Some(self.at);
                    break;
                }
            }
            match bracket(token.kind) {
                Some(true) => open = open.saturating_add(1),
                Some(false) => open = open.saturating_sub(1),
                None => {}
            }
            self.bump();
        }
        let end = std::mem::replace(&mut self.at, start);
        body.filter(|_| open > 0).unwrap_or(end)
    }

    /// Behind the head of a block stand its lines or its body, nothing else.
    fn finish_head(&mut self) {
        let next_line = self.peek().is_none_or(|token| token.starts_line);
        if next_line {
            self.recovering = false;
            return;
        }
        let after = Message::new("la cabecera del bloque", "the head of the block");
        let problem = problem::unexpected(self.span_here(), &self.came(), &after);
        self.report(problem);
        self.skip_to(|parser, token| {
            token.starts_line && (parser.at_line() || parser.at_symbol(Symbol::Equal))
                || parser.at_symbol(Symbol::Equal)
        });
        self.recovering = false;
    }

    fn one_line(&mut self) {
        if self.at_line() {
            self.attributes_or_policy();
        } else {
            self.unknown_line();
        }
    }

    fn body(&mut self) -> Expr {
        let first = self.at;
        let body = self.whole_expression(&super::expression::after_expression());
        self.leave_comments_in_text(first);
        body
    }

    fn function_declaration(&mut self, rows: &[Part]) -> Function {
        let start = self.start();
        let name = self.name();
        let parameters = self.parameters();
        let ty = self.optional_type();
        if !rows.is_empty() || self.at_keyword(Keyword::Policy) {
            let body = self.table_body(rows);
            return Function {
                name,
                parameters,
                ty,
                attributes: self.take_attributes(),
                body: FunctionBody::Table(body),
            };
        }
        self.attributes();
        let body = if self.at_keyword(Keyword::External) {
            self.external_body()
        } else {
            let (locals, body) = self.body_among_lines();
            FunctionBody::Expression(locals, body.unwrap_or_else(|| self.no_body(start, Keyword::Function)))
        };
        Function { name, parameters, ty, attributes: self.take_attributes(), body }
    }

    /// `externa java "java.lang.Math" "cos(double)"`.
    fn external_body(&mut self) -> FunctionBody {
        self.eat_keyword(Keyword::External);
        if !self.eat_word("java") {
            let problem = problem::missing(self.gap(), "java", &self.came());
            self.report(problem);
        }
        let class = self.external_text(&Message::new(
            "una clase como `\"java.lang.Math\"`",
            "a class such as `\"java.lang.Math\"`",
        ));
        let method =
            self.external_text(&Message::new("un método como `\"cos(double)\"`", "a method such as `\"cos(double)\"`"));
        self.finish(&Message::new("la función externa", "the external function"));
        self.lines = keyword::ATTRIBUTES;
        self.each_line(|_, _| {});
        FunctionBody::External { class, method }
    }

    fn external_text(&mut self, what: &Message) -> String {
        if let Some(text) = self.take_text() {
            return text;
        }
        let problem = problem::missing_thing(self.gap(), what, &self.came());
        self.report(problem);
        String::new()
    }

    fn parameters(&mut self) -> Vec<(Name, Option<TypeExpr>)> {
        let open = self.span_here();
        let mut parameters = Vec::new();
        if self.expect(Symbol::LeftParen, "(") {
            self.separated(open, Symbol::LeftParen, |parser| {
                let name = parser.name();
                parameters.push((name, parser.optional_type()));
            });
        }
        parameters
    }
}
