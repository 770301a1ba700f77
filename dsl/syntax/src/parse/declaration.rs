//! The blocks that declare one thing: imports, types, inputs, decisions and functions.

use dictamen_value::Message;

use super::cursor::Parser;
use super::types::after_type;
use crate::cut::Part;
use crate::keyword::Keyword;
use crate::problem;
use crate::token::Symbol;
use crate::tree::{
    Decision, Expr, ExprKind, Function, FunctionBody, Import, Input, ItemKind, Name, TypeDeclaration, TypeExpr,
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
        let body = self.body_among_lines();
        let body = body.unwrap_or_else(|| self.no_body(start, Keyword::Decision));
        Decision { name, ty, attributes: self.take_attributes(), locals: Vec::new(), body }
    }

    fn no_body(&mut self, start: u32, opener: Keyword) -> Expr {
        let span = crate::Span { source: self.session.source, start, end: start };
        let span = self.tokens.first().map_or(span, |token| crate::Span { start: token.start, end: token.end, ..span });
        self.report(problem::incomplete(span, opener.text(self.session.spelling), "= …"));
        Expr { kind: ExprKind::Error, span }
    }

    /// `= expression` with attributes before and behind it.
    pub(super) fn body_among_lines(&mut self) -> Option<Expr> {
        let mut body = None;
        if !self.at_symbol(Symbol::Equal) {
            self.finish_head();
        }
        while !self.at_end() {
            if body.is_none() && self.eat(Symbol::Equal) {
                body = Some(self.body());
            } else {
                self.one_line();
            }
        }
        body
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
        let body = self.body_among_lines().unwrap_or_else(|| self.no_body(start, Keyword::Function));
        Function { name, parameters, ty, attributes: self.take_attributes(), body: FunctionBody::Expression(Vec::new(), body) }
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
