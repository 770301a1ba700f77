//! Types: as declarations spell them (`lista de texto`), and as FEEL does (`list<string>`).

use dictamen_value::Message;

use super::cursor::Parser;
use super::expression::Power;
use crate::keyword::{self, Keyword};
use crate::problem;
use crate::token::{Symbol, TokenKind};
use crate::tree::{Expr, ExprKind, FieldDeclaration, Name, Tests, TestsKind, TypeExpr, TypeKind};

pub(super) fn after_type() -> Message {
    Message::new("un tipo completo", "a complete type")
}

impl Parser<'_, '_> {
    /// A type in a declaration, with tests, `donde` and `?`.
    pub(super) fn declared_type(&mut self) -> TypeExpr {
        let outer = std::mem::replace(&mut self.in_type, true);
        let ty = self.nested_type(Parser::suffixed_type);
        self.in_type = outer;
        ty
    }

    /// A type inside an expression.
    pub(super) fn feel_type(&mut self) -> TypeExpr {
        self.nested_type(Parser::feel_type_here)
    }

    /// `name: type` of a function inside an expression.
    pub(super) fn feel_parameter(&mut self) -> (Name, Option<TypeExpr>) {
        let name = self.new_name(&|_| false);
        self.session.names.push(&name.text);
        let ty = self.eat(Symbol::Colon).then(|| self.feel_type());
        (name, ty)
    }

    fn nested_type(&mut self, read: impl FnOnce(&mut Self) -> TypeExpr) -> TypeExpr {
        if self.depth >= self.session.limits.nesting_levels {
            let span = self.span_here();
            let problem = problem::too_deep(span, &self.session.limits);
            self.report(problem);
            return TypeExpr { kind: TypeKind::Error, span };
        }
        self.depth = self.depth.saturating_add(1);
        let ty = read(self);
        self.depth = self.depth.saturating_sub(1);
        ty
    }

    fn type_from(&self, start: u32, kind: TypeKind) -> TypeExpr {
        TypeExpr { kind, span: self.span_from(start) }
    }

    fn no_type(&mut self) -> TypeExpr {
        let span = self.gap();
        let problem = problem::type_expected(span, &self.came());
        self.report(problem);
        TypeExpr { kind: TypeKind::Error, span }
    }

    // Suffixes: each at most once, in this order.

    fn suffixed_type(&mut self) -> TypeExpr {
        let start = self.start();
        let mut ty = self.primary_type();
        if self.eat(Symbol::Question) {
            ty = self.type_from(start, TypeKind::Optional(Box::new(ty)));
        }
        if self.at_type_test() {
            let tests = self.type_tests();
            ty = self.type_from(start, TypeKind::Tested(Box::new(ty), Box::new(tests)));
        }
        if self.eat_keyword(Keyword::Where) {
            let condition = self.expression();
            ty = self.type_from(start, TypeKind::Where(Box::new(ty), Box::new(condition)));
        }
        ty
    }

    fn at_type_test(&self) -> bool {
        match self.kind() {
            Some(TokenKind::Symbol(symbol)) => matches!(
                symbol,
                Symbol::Less
                    | Symbol::LessOrEqual
                    | Symbol::Greater
                    | Symbol::GreaterOrEqual
                    | Symbol::NotEqual
                    | Symbol::LeftBracket
                    | Symbol::RightBracket
                    | Symbol::LeftParen
            ),
            Some(TokenKind::Name) => self.at_word("not") && self.symbol_at(1, Symbol::LeftParen),
            _ => false,
        }
    }

    fn type_tests(&mut self) -> Tests {
        let start = self.start();
        let kind = if self.eat_word("not") {
            TestsKind::NoneOf(self.tests_in_parentheses().0)
        } else if self.at_symbol(Symbol::LeftParen) {
            TestsKind::AnyOf(self.tests_in_parentheses().0)
        } else {
            TestsKind::AnyOf(vec![self.test(Power::Additive).0])
        };
        Tests { kind, span: self.span_from(start) }
    }

    // What a type starts with.

    fn primary_type(&mut self) -> TypeExpr {
        match self.kind() {
            Some(TokenKind::Name) => self.word_type(),
            Some(TokenKind::Quoted | TokenKind::OpenName) => self.type_with_unit(),
            Some(TokenKind::Symbol(Symbol::LeftBrace)) => self.record_type(),
            Some(TokenKind::Symbol(Symbol::LeftParen)) => self.type_in_parentheses(),
            Some(TokenKind::Symbol(Symbol::Minus)) => self.choice_type(),
            Some(TokenKind::Symbol(_)) | None => self.no_type(),
            Some(_) => self.choice_type(),
        }
    }

    fn word_type(&mut self) -> TypeExpr {
        let word = self.word().unwrap_or_default();
        let of = self.word_at(1).is_some_and(|next| Keyword::Of.is(next));
        let angle = self.opens_angle() && matches!(word, "list" | "range" | "context" | "function");
        match word {
            "null" | "true" | "false" => self.choice_type(),
            _ if angle => self.angle_type(),
            _ if of && Keyword::List.is(word) => self.element_type(Keyword::List),
            _ if of && Keyword::Range.is(word) => self.element_type(Keyword::Range),
            _ if Keyword::Function.is(word) && self.symbol_at(1, Symbol::LeftParen) => self.function_type(),
            _ => self.type_with_unit(),
        }
    }

    /// `lista de T`, `rango de T`: everything behind it is about the elements.
    fn element_type(&mut self, keyword: Keyword) -> TypeExpr {
        let start = self.start();
        self.eat_keyword(keyword);
        self.eat_keyword(Keyword::Of);
        let element = Box::new(self.nested_type(Parser::suffixed_type));
        let kind = if keyword == Keyword::List { TypeKind::List(element) } else { TypeKind::Range(element) };
        self.type_from(start, kind)
    }

    fn function_type(&mut self) -> TypeExpr {
        let start = self.start();
        self.eat_keyword(Keyword::Function);
        let open = self.span_here();
        self.bump();
        let mut parameters = Vec::new();
        self.separated(open, Symbol::LeftParen, |parser| parameters.push(parser.declared_type()));
        self.expect(Symbol::Colon, ":");
        let result = self.nested_type(Parser::suffixed_type);
        self.type_from(start, TypeKind::Function(parameters, Box::new(result)))
    }

    fn type_in_parentheses(&mut self) -> TypeExpr {
        let open = self.span_here();
        self.bump();
        let ty = self.declared_type();
        self.close(open, Symbol::LeftParen);
        ty
    }

    /// `numero en COP/UVT`.
    fn type_with_unit(&mut self) -> TypeExpr {
        let start = self.start();
        let ty = self.named_type();
        if !self.eat_keyword(Keyword::In) {
            return ty;
        }
        let above = self.units();
        let below = if self.eat(Symbol::Slash) { self.units() } else { Vec::new() };
        self.type_from(start, TypeKind::WithUnit(Box::new(ty), above, below))
    }

    /// Units joined by `*`; `1` is none.
    fn units(&mut self) -> Vec<Name> {
        let one = self.peek().is_some_and(|token| token.kind == TokenKind::Number && self.text_of(token) == "1");
        if one {
            self.bump();
            return Vec::new();
        }
        let mut units = vec![self.name()];
        while self.eat(Symbol::Star) {
            units.push(self.name());
        }
        units
    }

    /// The name of a type: built-in ones get their Spanish name, those of FEEL too.
    fn named_type(&mut self) -> TypeExpr {
        let start = self.start();
        if self.session.names.is_native() {
            return self.native_type();
        }
        if let Some((count, text)) = self.known_name() {
            (0..count).for_each(|_| self.bump());
            let name = keyword::canonical_type(&text).into_owned();
            return self.type_from(start, TypeKind::Name(name));
        }
        let quoted = matches!(self.kind(), Some(TokenKind::Quoted | TokenKind::OpenName));
        let name = self.qualified_name().text;
        if name.is_empty() {
            return self.type_from(start, TypeKind::Error);
        }
        let name = if quoted { name } else { keyword::canonical_type(&name).into_owned() };
        self.type_from(start, TypeKind::Name(name))
    }

    /// The name of a type in text from DMN: known or not, with spaces and behind that of an import.
    fn native_type(&mut self) -> TypeExpr {
        let start = self.start();
        let outer = std::mem::replace(&mut self.in_type, false);
        let mut name = self.reference().text;
        while !name.is_empty() && self.eat(Symbol::Dot) {
            name.push('.');
            name.push_str(&self.member().text);
        }
        self.in_type = outer;
        let kind = match keyword::canonical_type(&name).into_owned() {
            name if name.is_empty() => TypeKind::Error,
            name => TypeKind::Name(name),
        };
        self.type_from(start, kind)
    }

    /// `"a" | "b"`: literals.
    fn choice_type(&mut self) -> TypeExpr {
        let start = self.start();
        let mut choices = vec![self.choice()];
        while self.eat(Symbol::Bar) {
            choices.push(self.choice());
        }
        self.type_from(start, TypeKind::Choice(choices))
    }

    fn choice(&mut self) -> Expr {
        let start = self.start();
        let negative = self.eat(Symbol::Minus);
        let literal = match self.kind() {
            Some(TokenKind::Symbol(_)) | None => false,
            Some(TokenKind::Name) => matches!(self.word(), Some("null" | "true" | "false")),
            Some(_) => true,
        };
        if !literal {
            let what = Message::new("un valor como `\"a\"` o `1`", "a value such as `\"a\"` or `1`");
            let problem = problem::missing_thing(self.gap(), &what, &self.came());
            self.report(problem);
            return Expr { kind: ExprKind::Error, span: self.span_here() };
        }
        let value = self.primary().expr;
        if negative { Expr { kind: ExprKind::Negate(Box::new(value)), span: self.span_from(start) } } else { value }
    }

    // Records.

    fn record_type(&mut self) -> TypeExpr {
        let open = self.span_here();
        self.bump();
        let mut fields = Vec::new();
        self.attributes();
        while !self.at_symbol(Symbol::RightBrace) && !self.at_end() && self.line_here().is_none() {
            let before = self.at;
            let field = self.field();
            fields.push(field);
            self.after_field(open, &mut fields);
            self.attributes();
            if self.at == before {
                self.bump();
            }
        }
        self.close(open, Symbol::LeftBrace);
        self.type_from(open.start, TypeKind::Record(fields))
    }

    fn field(&mut self) -> FieldDeclaration {
        let comments = self.comments_above();
        let name = if self.at_key() { self.key() } else { self.name() };
        self.expect(Symbol::Colon, ":");
        let ty = self.declared_type();
        FieldDeclaration { comments, name, ty }
    }

    /// Fields are separated by a comma or a line break; after a mistake the next one is looked for.
    fn after_field(&mut self, open: crate::Span, fields: &mut [FieldDeclaration]) {
        let next_line = self.peek().is_some_and(|token| token.starts_line);
        if !next_line && !self.at_symbol(Symbol::Comma) && !self.at_symbol(Symbol::RightBrace) {
            let problem = problem::open_bracket(self.gap(), open, "{", "}", &self.came());
            self.report(problem);
        }
        if self.recovering {
            self.skip_to(|parser, token| {
                token.kind == TokenKind::Symbol(Symbol::Comma) || token.starts_line && parser.at_key()
            });
        }
        if self.eat(Symbol::Comma) || self.at_key() {
            self.recovering = false;
        }
        if let Some(last) = fields.last_mut() {
            last.comments.extend(self.comments_behind());
        }
    }

    // FEEL (DMN 1.5, grammar rule 54).

    fn feel_type_here(&mut self) -> TypeExpr {
        let word = self.word().unwrap_or_default();
        let angle = self.opens_angle() && matches!(word, "list" | "range" | "context" | "function");
        match self.kind() {
            Some(TokenKind::Name) if angle => self.angle_type(),
            Some(TokenKind::Name | TokenKind::Quoted | TokenKind::OpenName) => self.named_type(),
            _ => self.no_type(),
        }
    }

    /// `<` behind a word, or `<>`, which is one token.
    fn opens_angle(&self) -> bool {
        self.symbol_at(1, Symbol::Less) || self.peek_at(1).is_some_and(|token| self.text_of(token) == "<>")
    }

    /// `list<T>`, `range<T>`, `context<a: T>`, `function<T>->U`.
    fn angle_type(&mut self) -> TypeExpr {
        let start = self.start();
        let word = self.word().unwrap_or_default();
        self.bump();
        let empty = !self.at_symbol(Symbol::Less);
        self.bump();
        let kind = match word {
            "context" if empty => return self.type_from(start, TypeKind::Record(Vec::new())),
            "function" if empty => return self.angle_result(start, Vec::new()),
            "list" => TypeKind::List(Box::new(self.feel_type())),
            "range" => TypeKind::Range(Box::new(self.feel_type())),
            "context" => TypeKind::Record(self.angle_fields()),
            _ => return self.angle_function(start),
        };
        self.expect(Symbol::Greater, ">");
        self.type_from(start, kind)
    }

    fn angle_fields(&mut self) -> Vec<FieldDeclaration> {
        let mut fields = Vec::new();
        while !self.at_symbol(Symbol::Greater) {
            let name = self.new_name(&|_| false);
            self.expect(Symbol::Colon, ":");
            let ty = self.feel_type();
            fields.push(FieldDeclaration { comments: Vec::new(), name, ty });
            if !self.eat(Symbol::Comma) {
                break;
            }
        }
        fields
    }

    fn angle_function(&mut self, start: u32) -> TypeExpr {
        let mut parameters = Vec::new();
        while !self.at_symbol(Symbol::Greater) {
            parameters.push(self.feel_type());
            if !self.eat(Symbol::Comma) {
                break;
            }
        }
        self.expect(Symbol::Greater, ">");
        self.angle_result(start, parameters)
    }

    fn angle_result(&mut self, start: u32, parameters: Vec<TypeExpr>) -> TypeExpr {
        self.expect(Symbol::Arrow, "->");
        let result = self.feel_type();
        self.type_from(start, TypeKind::Function(parameters, Box::new(result)))
    }
}
