//! Names inside expressions: the longest known one, names with spaces, and names that a context or function introduces.

use super::cursor::Parser;
use crate::keyword::FEEL_WORDS;
use crate::names::Place;
use crate::problem;
use crate::token::{Symbol, Token, TokenKind, Tokens};
use crate::tree::Name;

/// Tokens that one name may have; longer runs are a mistake.
const NAME_TOKENS: usize = 64;

impl Parser<'_, '_> {
    /// The known name of several words that starts here, where a value may stand: how many tokens it takes and its text.
    pub(super) fn known_name(&self) -> Option<(usize, String)> {
        self.known_at(if self.filters > 0 { Place::Filter } else { Place::Value })
    }

    fn known_at(&self, place: Place) -> Option<(usize, String)> {
        let tokens = self.tokens.get(self.at..self.end)?;
        let (count, text) = self.session.names.longest(self.session.text, tokens, place)?;
        Some((count, text.as_ref().to_owned()))
    }

    /// A name that refers to a value: known ones are read as long as they go, other words side by side are joined.
    pub(super) fn reference(&mut self) -> Name {
        let known = self.known_name();
        self.known_or_joined(known)
    }

    /// A name behind a dot.
    pub(super) fn member(&mut self) -> Name {
        let known = self.known_at(Place::Member);
        self.known_or_joined(known)
    }

    fn known_or_joined(&mut self, known: Option<(usize, String)>) -> Name {
        let start = self.start();
        if let Some((count, text)) = known {
            (0..count).for_each(|_| self.bump());
            return Name { text, span: self.span_from(start) };
        }
        let Some(token) = self.peek() else { return self.name() };
        if token.kind != TokenKind::Name {
            return self.name();
        }
        self.bump();
        let mut text = self.text_of(token).to_owned();
        self.join_words(&mut text);
        let name = Name { text, span: self.span_from(start) };
        if name.text.contains(' ') && !self.session.names.is_native() {
            self.note(problem::spaced_name(name.span, &name.text));
        }
        name
    }

    /// Words that follow on the same line can only be more of the name: two values never stand side by side.
    fn join_words(&mut self, text: &mut String) {
        while let Some(token) = self.peek().filter(|token| self.joins(*token)) {
            text.push(' ');
            text.push_str(self.text_of(token));
            self.bump();
        }
    }

    fn joins(&self, token: Token) -> bool {
        let native = self.session.names.is_native();
        let number = native && token.kind == TokenKind::Number;
        let word = token.kind == TokenKind::Name && !self.stops_a_name(token);
        !self.in_type && (native || !token.starts_line) && (word || number)
    }

    fn stops_a_name(&self, token: Token) -> bool {
        let word = self.text_of(token);
        FEEL_WORDS.contains(&word) || word == "instance" && self.word_at(1) == Some("of")
    }

    /// A name that is introduced here and may have spaces: all words and signs up to a token that `stop` knows.
    pub(super) fn new_name(&mut self, stop: &dyn Fn(&Self) -> bool) -> Name {
        let start = self.start();
        if matches!(self.kind(), Some(TokenKind::Quoted | TokenKind::OpenName)) || !self.starts_new_name() {
            return self.name();
        }
        let mut text = String::new();
        let mut end = start;
        while let Some(token) = self.peek().filter(|token| !stop(self) && self.is_name_part(token.kind)) {
            if !text.is_empty() && token.start > end {
                text.push(' ');
            }
            text.push_str(self.text_of(token));
            end = token.end;
            self.bump();
        }
        if text.is_empty() {
            return self.name();
        }
        Name { text, span: self.span_from(start) }
    }

    /// In DMN a name may have question marks; ours would be taken for types that may be missing.
    fn is_name_part(&self, kind: TokenKind) -> bool {
        is_name_part(kind) || kind == TokenKind::Symbol(Symbol::Question) && self.session.names.is_native()
    }

    fn starts_new_name(&self) -> bool {
        matches!(self.kind(), Some(TokenKind::Name))
    }

    /// Whether a name and a colon stand here, as in a context or between named arguments; a string may be the name.
    pub(super) fn at_key(&self) -> bool {
        match self.kind() {
            Some(TokenKind::Text | TokenKind::Quoted | TokenKind::OpenName) => self.symbol_at(1, Symbol::Colon),
            Some(TokenKind::Name) => self.words_before_colon(),
            _ => false,
        }
    }

    fn words_before_colon(&self) -> bool {
        let ahead =
            (0..NAME_TOKENS).find(|ahead| !self.peek_at(*ahead).is_some_and(|token| self.is_name_part(token.kind)));
        ahead.is_some_and(|ahead| self.symbol_at(ahead, Symbol::Colon))
    }

    /// The name before the colon; `at_key` holds.
    pub(super) fn key(&mut self) -> Name {
        let span = self.span_here();
        if let Some(text) = self.take_text() {
            return Name { text, span };
        }
        self.new_name(&|parser| parser.at_symbol(Symbol::Colon))
    }
}

/// Whether a name in front of a colon is read as it stands: words and signs with single spaces between them.
pub(crate) fn is_feel_name(name: &str) -> bool {
    let tokens = Tokens::of(name, 0, name.len()).tokens;
    let mut end = 0;
    let mut near = true;
    for token in &tokens {
        let space = name.get(end as usize..token.start as usize).unwrap_or_default();
        near &= space.is_empty() || space == " " && end > 0;
        near &= is_name_part(token.kind) || token.kind == TokenKind::Symbol(Symbol::Question);
        end = token.end;
    }
    let starts = tokens.first().is_some_and(|token| token.kind == TokenKind::Name);
    starts && near && end as usize == name.len() && tokens.len() <= NAME_TOKENS
}

/// What a name may consist of besides its first word (DMN 1.5, grammar rules 27 to 30).
fn is_name_part(kind: TokenKind) -> bool {
    match kind {
        TokenKind::Name | TokenKind::Number => true,
        TokenKind::Symbol(symbol) => matches!(
            symbol,
            Symbol::Plus
                | Symbol::Minus
                | Symbol::Star
                | Symbol::StarStar
                | Symbol::Slash
                | Symbol::Dot
                | Symbol::Apostrophe
        ),
        _ => false,
    }
}
