//! Reads a file block by block, so that a broken block ends where the next one starts.

use std::ops::Range;

use dictamen_value::Message;

use super::comments::comment_text;
use super::cursor::{Parser, span_of};
use super::literal::is_date_like;
use super::session::Session;
use crate::cut::{self, Part, Piece};
use crate::keyword::{self, Keyword};
use crate::problem::{self, Came};
use crate::token::{Symbol, TokenKind, Tokens};
use crate::tree::{Attribute, AttributeKey, Comment, Expr, File, Header, Item, ItemKind, Spelling};

/// Reads a whole file.
pub(super) fn file(session: &mut Session<'_>) -> File {
    let text = session.text;
    let pieces = cut::pieces(text);
    let told = spelling(text, &pieces);
    session.spelling = told.unwrap_or_default();
    session.both_spellings = told.is_none();
    let mut file = File { spelling: session.spelling, ..File::default() };
    let mut comments = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Comment(range) => comments.push(comment(session, &range)),
            Piece::Stray(range) => {
                session.push(problem::not_in_first_column(first_line(session, &range)));
                file.items.push(error_item(session, range, std::mem::take(&mut comments)));
            }
            Piece::Block(range) => block(session, &mut file, range, std::mem::take(&mut comments)),
        }
    }
    file.trailing = comments;
    file
}

/// The spelling that the first telling keyword has: of those that open blocks, else lines, else of types in heads.
fn spelling(text: &str, pieces: &[Piece]) -> Option<Spelling> {
    let blocks = || pieces.iter().filter_map(|piece| if let Piece::Block(range) = piece { Some(range) } else { None });
    let openers = || blocks().find_map(|range| keyword::spelling_of(opening_word(text, range)));
    let lines = || blocks().find_map(|range| spelling_of_lines(text.get(range.clone()).unwrap_or_default()));
    let types = || blocks().find_map(|range| spelling_of_head(text, range));
    openers().or_else(lines).or_else(types)
}

fn spelling_of_lines(block: &str) -> Option<Spelling> {
    block.lines().find_map(|line| {
        let line = line.trim_start();
        keyword::spelling_of_line(opening_word(line, &(0..line.len())))
    })
}

/// Only `decision` has the same spelling twice: what stands between its colon and `=` tells.
fn spelling_of_head(text: &str, range: &Range<usize>) -> Option<Spelling> {
    let tokens = Tokens::of(text, range.start, range.end).tokens;
    let head = tokens.iter().take_while(|token| token.kind != TokenKind::Symbol(Symbol::Equal));
    let ty = head.skip_while(|token| token.kind != TokenKind::Symbol(Symbol::Colon));
    let mut words = ty.filter_map(|token| text.get(token.start as usize..token.end as usize));
    words.find_map(keyword::spelling_of_type)
}

fn block(session: &mut Session<'_>, file: &mut File, range: Range<usize>, comments: Vec<Comment>) {
    let word = opening_word(session.text, &range);
    let word_span = session.span(range.start, range.start.saturating_add(word.len()));
    let Some(opener) = keyword::find(word, keyword::OPENERS) else {
        report_unknown(session, &range, word);
        return file.items.push(error_item(session, range, comments));
    };
    session.check_spelling(opener, word, word_span);
    let first = file.header.is_none() && file.items.is_empty();
    match opener {
        Keyword::Rules | Keyword::Cases if first => file.header = Some(header(session, range, comments, opener)),
        Keyword::Rules | Keyword::Cases => {
            session.push(problem::header_not_first(word_span, word));
            file.items.push(error_item(session, range, comments));
        }
        _ => {
            let cases_only = file.header.as_ref().is_some_and(|header| header.cases_only);
            if cases_only && !matches!(opener, Keyword::Use | Keyword::Case) {
                session.push(problem::out_of_place(word_span, word));
            }
            file.items.push(item(session, range, comments, opener));
        }
    }
}

fn report_unknown(session: &mut Session<'_>, range: &Range<usize>, word: &str) {
    let span = first_line(session, range);
    if word.is_empty() {
        let tokens = Tokens::of(session.text, span.start as usize, span.end as usize);
        let broken = tokens.tokens.first().is_some_and(|token| token.kind == TokenKind::Bad);
        if broken {
            Parser::new(session, tokens);
            return;
        }
    }
    let shown = if word.is_empty() {
        problem::shown(session.text.get(range.clone()).unwrap_or_default())
    } else {
        word.to_owned()
    };
    let span = if word.is_empty() { span } else { session.span(range.start, range.start.saturating_add(word.len())) };
    session.push(problem::unknown_block(span, &shown, session.spelling));
}

/// The word that a block starts with; empty where it starts with none.
fn opening_word<'a>(text: &'a str, range: &Range<usize>) -> &'a str {
    let block = text.get(range.clone()).unwrap_or_default();
    let end = block.find(|c: char| !c.is_alphanumeric() && c != '_' && !('\u{300}'..='\u{36F}').contains(&c));
    block.get(..end.unwrap_or(block.len())).unwrap_or_default()
}

/// The first line without the blanks around it; whole where it holds nothing else (a form feed is no blank to the cutter).
fn first_line(session: &Session<'_>, range: &Range<usize>) -> crate::Span {
    let text = session.text.get(range.clone()).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default();
    if line.trim().is_empty() {
        return session.span(range.start, range.start.saturating_add(line.len()));
    }
    let inset = line.len().saturating_sub(line.trim_start().len());
    let start = range.start.saturating_add(inset);
    session.span(start, range.start.saturating_add(line.trim_end().len()))
}

fn comment(session: &Session<'_>, range: &Range<usize>) -> Comment {
    let text = session.text.get(range.clone()).unwrap_or_default();
    let inset = text.len().saturating_sub(text.trim_start().len());
    let span = span_of(session.source, &(range.start.saturating_add(inset)..range.end));
    Comment { text: comment_text(session.text, span), span }
}

fn error_item(session: &Session<'_>, range: Range<usize>, comments: Vec<Comment>) -> Item {
    let span = span_of(session.source, &range);
    let text = session.text.get(range).unwrap_or_default().replace("\r\n", "\n");
    Item { comments, kind: ItemKind::Error(text), span }
}

fn item(session: &mut Session<'_>, range: Range<usize>, comments: Vec<Comment>, opener: Keyword) -> Item {
    let text = session.text;
    let span = span_of(session.source, &range);
    let has_rows = matches!(opener, Keyword::Table | Keyword::Parameter | Keyword::Function | Keyword::Glossary);
    let mut parts = if has_rows { cut::parts(text, range.clone()) } else { Vec::new() }.into_iter();
    let head = match parts.next() {
        Some(Part::Text(head)) => head,
        _ => range,
    };
    let mut parser = Parser::new(session, Tokens::of(text, head.start, head.end));
    let rows: Vec<Part> = parts.collect();
    parser.lines = lines_of(opener, !rows.is_empty());
    parser.bump();
    let kind = parser.declaration(opener, &rows);
    let mut comments = comments;
    comments.extend(parser.comments_left());
    Item { comments, kind, span }
}

fn lines_of(opener: Keyword, has_rows: bool) -> &'static [Keyword] {
    match opener {
        Keyword::Function if !has_rows => keyword::FUNCTION_LINES,
        Keyword::Table | Keyword::Function => keyword::TABLE_LINES,
        Keyword::Decision => keyword::DECISION_LINES,
        Keyword::Service => keyword::SERVICE_LINES,
        Keyword::Letter => keyword::LETTER_LINES,
        Keyword::Glossary => keyword::GLOSSARY_LINES,
        Keyword::Case => keyword::CASE_LINES,
        _ => keyword::ATTRIBUTES,
    }
}

fn header(session: &mut Session<'_>, range: Range<usize>, comments: Vec<Comment>, opener: Keyword) -> Header {
    let span = span_of(session.source, &range);
    let mut parser = Parser::new(session, Tokens::of(session.text, range.start, range.end));
    parser.lines = keyword::HEADER_LINES;
    parser.bare_dates = true;
    parser.bump();
    let id = parser.qualified_name();
    let mut header = Header { comments, id, cases_only: opener == Keyword::Cases, span, ..Header::default() };
    parser.finish(&Message::new("el nombre de las reglas", "the name of the rules"));
    parser.each_line(|parser, keyword| parser.header_line(keyword, &mut header));
    header.attributes = parser.take_attributes();
    header.comments.extend(parser.comments_left());
    header
}

fn starts_next_line(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Name | TokenKind::Symbol(Symbol::Equal))
}

impl Parser<'_, '_> {
    fn header_line(&mut self, keyword: Keyword, header: &mut Header) {
        let span = self.span_here();
        self.eat_keyword(keyword);
        let again = match keyword {
            Keyword::InForce => {
                let dates = self.in_force();
                header.in_force.replace(dates).is_some()
            }
            Keyword::Published => {
                let date = self.date_expression();
                header.published.replace(date).is_some()
            }
            _ => {
                self.mode();
                std::mem::replace(&mut header.dmn_mode, true)
            }
        };
        if again {
            self.note(problem::repeated(span, keyword.text(self.session.spelling), None));
        }
        self.finish(&Message::new("una línea completa", "a complete line"));
    }

    fn in_force(&mut self) -> (Expr, Option<Expr>) {
        self.expect_keyword(Keyword::From);
        let from = self.date_expression();
        let to = self.eat_keyword(Keyword::To).then(|| self.date_expression());
        (from, to)
    }

    fn mode(&mut self) {
        if !self.eat_word("dmn") {
            let problem = problem::missing(self.gap(), "dmn", &self.came());
            self.report(problem);
        }
    }

    /// A date that may stand bare.
    pub(super) fn date_expression(&mut self) -> Expr {
        if is_date_like(self.kind()) {
            let outer = std::mem::replace(&mut self.bare_dates, true);
            let date = self.primary().expr;
            self.bare_dates = outer;
            return date;
        }
        if self.at_end() || self.at_line() {
            let what = Message::new("una fecha como 2026-01-01", "a date such as 2026-01-01");
            let problem = problem::missing_thing(self.gap(), &what, &self.came());
            self.report(problem);
            return Expr { kind: crate::tree::ExprKind::Error, span: self.span_here() };
        }
        let outer = std::mem::replace(&mut self.in_type, true);
        let date = self.expression();
        self.in_type = outer;
        date
    }

    /// Reads the lines of a block: attributes are kept, the others are for `read`.
    pub(super) fn each_line(&mut self, mut read: impl FnMut(&mut Self, Keyword)) {
        while !self.at_end() {
            match self.word().and_then(|word| keyword::find(word, self.lines)) {
                Some(Keyword::Attribute(key)) => self.attribute(key),
                Some(other) => read(self, other),
                None => self.unknown_line(),
            }
        }
    }

    /// The attributes that stand here.
    pub(super) fn attributes(&mut self) {
        while let Some(Keyword::Attribute(key)) = self.line_here() {
            self.attribute(key);
        }
    }

    pub(super) fn attribute(&mut self, key: AttributeKey) {
        let mut comments = self.comments_above();
        let start = self.start();
        let word = self.word().unwrap_or_default();
        self.eat_keyword(Keyword::Attribute(key));
        let Some(text) = self.take_text() else {
            return self.no_attribute_text(word);
        };
        let span = self.span_from(start);
        comments.extend(self.comments_behind());
        self.attributes.push(Attribute { key, text, comments, span });
        self.end_of_attribute();
    }

    /// What stands on the next line is not what was to come.
    fn no_attribute_text(&mut self, word: &str) {
        let next_line = self.peek().is_none_or(|token| token.starts_line && starts_next_line(token.kind));
        let (span, came) = if next_line { (self.end_span(), Came::End) } else { (self.gap(), self.came()) };
        self.report(problem::attribute_text(span, word, &came));
        if next_line {
            self.recovering = false;
        } else {
            self.skip_to_next_line();
        }
    }

    /// Behind an attribute another one may stand on the same line.
    fn end_of_attribute(&mut self) {
        let Some(token) = self.peek().filter(|token| !token.starts_line) else { return };
        let another = keyword::find(self.text_of(token), keyword::ATTRIBUTES).is_some();
        if another || matches!(token.kind, TokenKind::Symbol(Symbol::RightBrace)) {
            return;
        }
        let after = Message::new("un atributo", "an attribute");
        let problem = problem::unexpected(self.span_here(), &self.came(), &after);
        self.report(problem);
        self.skip_to_next_line();
    }

    /// The attributes that were read, in the order in which they are printed.
    pub(super) fn take_attributes(&mut self) -> Vec<Attribute> {
        let mut attributes = std::mem::take(&mut self.attributes);
        let position =
            |key: AttributeKey| keyword::ATTRIBUTES.iter().position(|known| *known == Keyword::Attribute(key));
        attributes.sort_by_key(|attribute| position(attribute.key));
        attributes
    }

    /// Reports a line that this block does not have, and goes to the next one.
    pub(super) fn unknown_line(&mut self) {
        let allowed = keyword::words(self.lines, self.session.spelling);
        let word = self.peek().map(|token| problem::shown(self.text_of(token))).unwrap_or_default();
        let problem = problem::unknown_line(self.span_here(), &word, &allowed);
        self.report(problem);
        self.skip_to_next_line();
    }

    /// Skips to the next line that starts with a word or with the body.
    fn skip_to_next_line(&mut self) {
        self.bump();
        while self.peek().is_some_and(|token| !(token.starts_line && starts_next_line(token.kind))) {
            self.bump();
        }
        self.recovering = false;
    }
}
