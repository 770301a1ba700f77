//! A cursor over tokens: looking, taking, reporting once per mistake, and finding the way back after one.

use super::session::Session;
use crate::keyword::{self, Keyword};
use crate::problem::{self, Came};
use crate::token::{CommentToken, Symbol, Token, TokenKind, Tokens, narrow};
use crate::tree::{Attribute, Name};
use crate::{Diagnostic, Severity, SourceId, Span};

/// A parser over one stretch of text, or one cell of it.
pub(crate) struct Parser<'s, 'a> {
    pub(crate) session: &'s mut Session<'a>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) comments: Vec<CommentToken>,
    pub(crate) at: usize,
    /// Where the cell ends, in tokens.
    pub(crate) end: usize,
    /// Whether a mistake was reported and the way back has not been found yet.
    pub(crate) recovering: bool,
    pub(crate) depth: u16,
    /// Whether dates may stand without `@"…"`.
    pub(crate) bare_dates: bool,
    /// Whether names side by side are two things: inside types, where a keyword of ours may follow.
    pub(crate) in_type: bool,
    /// How many filters stand around the cursor.
    pub(crate) filters: u16,
    /// The words that may start a line of this block.
    pub(crate) lines: &'static [Keyword],
    /// The attributes of this block that were read so far.
    pub(crate) attributes: Vec<Attribute>,
}

impl<'s, 'a> Parser<'s, 'a> {
    pub(crate) fn new(session: &'s mut Session<'a>, tokens: Tokens) -> Parser<'s, 'a> {
        let Tokens { mut tokens, comments, .. } = tokens;
        session.report_broken(&tokens);
        tokens.retain(|token| token.kind != TokenKind::OpenComment);
        let end = tokens.len();
        Parser {
            session,
            tokens,
            comments,
            at: 0,
            end,
            recovering: false,
            depth: 0,
            bare_dates: false,
            in_type: false,
            filters: 0,
            lines: &[],
            attributes: Vec::new(),
        }
    }

    // Looking.

    pub(crate) fn peek(&self) -> Option<Token> {
        self.peek_at(0)
    }

    pub(crate) fn peek_at(&self, ahead: usize) -> Option<Token> {
        let at = self.at.saturating_add(ahead);
        if at < self.end { self.tokens.get(at).copied() } else { None }
    }

    pub(crate) fn kind(&self) -> Option<TokenKind> {
        self.peek().map(|token| token.kind)
    }

    pub(crate) fn text_of(&self, token: Token) -> &'a str {
        self.session.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    pub(crate) fn at_end(&self) -> bool {
        self.at >= self.end
    }

    pub(crate) fn at_symbol(&self, symbol: Symbol) -> bool {
        self.symbol_at(0, symbol)
    }

    pub(crate) fn symbol_at(&self, ahead: usize, symbol: Symbol) -> bool {
        self.peek_at(ahead).is_some_and(|token| token.kind == TokenKind::Symbol(symbol))
    }

    /// The word under the cursor, if a name or keyword stands there.
    pub(crate) fn word(&self) -> Option<&'a str> {
        self.word_at(0)
    }

    pub(crate) fn word_at(&self, ahead: usize) -> Option<&'a str> {
        let token = self.peek_at(ahead)?;
        (token.kind == TokenKind::Name).then(|| self.text_of(token))
    }

    pub(crate) fn at_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    pub(crate) fn at_keyword(&self, keyword: Keyword) -> bool {
        self.word().is_some_and(|word| keyword.is(word))
    }

    /// What stands under the cursor, for a message; the next line of the block is not what was to come.
    pub(crate) fn came(&self) -> Came {
        let token = self.peek().filter(|_| !self.at_line());
        token.map_or(Came::End, |token| Came::Text(problem::shown(self.text_of(token))))
    }

    /// The keyword of this block that a new line starts with here, if one does.
    pub(crate) fn line_here(&self) -> Option<Keyword> {
        let token = self.peek().filter(|token| token.starts_line && self.at > 0)?;
        let found = (token.kind == TokenKind::Name).then(|| keyword::find(self.text_of(token), self.lines))??;
        let follows = self.peek_at(1).filter(|follows| !follows.starts_line && !self.is_operator(*follows))?;
        opens_line(found, follows.kind).then_some(found)
    }

    /// Whether a word joins two values, so that what stands before it is no keyword.
    fn is_operator(&self, token: Token) -> bool {
        let words = ["and", "or", "between", "in", "instance", "then", "else", "return", "satisfies"];
        token.kind == TokenKind::Name && words.contains(&self.text_of(token))
    }

    /// Whether a new line of this block starts here, well-formed or not; behind a complete construct nothing else can be meant.
    pub(crate) fn at_line(&self) -> bool {
        let token = self.peek().filter(|token| token.starts_line);
        token.is_some_and(|token| keyword::find(self.text_of(token), self.lines).is_some())
    }

    // Places.

    /// The span of the token under the cursor, or the place right after the last one.
    pub(crate) fn span_here(&self) -> Span {
        match self.peek() {
            Some(token) => Span { source: self.session.source, start: token.start, end: token.end },
            None => self.end_span(),
        }
    }

    /// Where something is missing: at the token that came instead, or behind the last one of the line.
    pub(crate) fn gap(&self) -> Span {
        if self.at_line() { self.end_span() } else { self.span_here() }
    }

    /// The place right behind the last token taken.
    pub(crate) fn end_span(&self) -> Span {
        let end = self.last_end();
        Span { source: self.session.source, start: end, end }
    }

    /// Where the token under the cursor starts.
    pub(crate) fn start(&self) -> u32 {
        self.span_here().start
    }

    /// From a place to the end of the last token taken.
    pub(crate) fn span_from(&self, start: u32) -> Span {
        Span { source: self.session.source, start, end: self.last_end().max(start) }
    }

    fn last_end(&self) -> u32 {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or_else(|| self.tokens.first().map_or(0, |token| token.start), |token| token.end)
    }

    // Taking.

    pub(crate) fn bump(&mut self) {
        if self.at < self.end {
            self.at = self.at.saturating_add(1);
        }
    }

    pub(crate) fn eat(&mut self, symbol: Symbol) -> bool {
        let found = self.at_symbol(symbol);
        if found {
            self.bump();
        }
        found
    }

    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.bump();
        }
        found
    }

    /// Takes a keyword of ours in either spelling; warns about the other one.
    pub(crate) fn eat_keyword(&mut self, keyword: Keyword) -> bool {
        let Some(word) = self.word().filter(|word| keyword.is(word)) else { return false };
        let span = self.span_here();
        self.session.check_spelling(keyword, word, span);
        self.bump();
        true
    }

    /// Takes a symbol or reports that it is missing.
    pub(crate) fn expect(&mut self, symbol: Symbol, text: &str) -> bool {
        let found = self.eat(symbol);
        if !found {
            let problem = problem::missing(self.gap(), text, &self.came());
            self.report(problem);
        }
        found
    }

    /// Takes a keyword of ours or reports that it is missing.
    pub(crate) fn expect_keyword(&mut self, keyword: Keyword) -> bool {
        let found = self.eat_keyword(keyword);
        if !found {
            let problem = problem::missing(self.gap(), keyword.text(self.session.spelling), &self.came());
            self.report(problem);
        }
        found
    }

    /// Reads within a stretch of the tokens, a cell, and nothing beyond.
    pub(crate) fn within<T>(&mut self, from: usize, to: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        let (at, end, recovering) = (self.at, self.end, self.recovering);
        (self.at, self.end, self.recovering) = (from, to, false);
        let result = read(self);
        (self.at, self.end, self.recovering) = (at, end, recovering);
        result
    }

    // Reporting.

    /// Reports a mistake, unless it only follows from one that was reported already.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        let told = self.recovering || self.kind() == Some(TokenKind::Bad) && !self.session.names.is_native();
        self.recovering |= diagnostic.severity == Severity::Error;
        if !told {
            self.session.push(diagnostic);
        }
    }

    /// Reports what does not keep us from reading on.
    pub(crate) fn note(&mut self, diagnostic: Diagnostic) {
        if !self.recovering {
            self.session.push(diagnostic);
        }
    }

    // Finding the way back.

    /// Skips to a token at this level of brackets that `stop` accepts, to a closing bracket of an outer level, or to the next line of the block.
    pub(crate) fn skip_to(&mut self, stop: impl Fn(&Self, Token) -> bool) {
        let mut open = 0usize;
        while let Some(token) = self.peek() {
            if self.line_here().is_some() || open == 0 && stop(self, token) {
                return;
            }
            match bracket(token.kind) {
                Some(true) => open = open.saturating_add(1),
                Some(false) if open == 0 => return,
                Some(false) => open = open.saturating_sub(1),
                None => {}
            }
            self.bump();
        }
    }

    /// Skips to the next line of the block, or to its end, and starts afresh.
    pub(crate) fn skip_to_line(&mut self) {
        while !self.at_end() && self.line_here().is_none() {
            self.bump();
        }
        self.recovering = false;
    }

    /// Everything up to the next line of the block must have been read.
    pub(crate) fn finish(&mut self, after: &dictamen_value::Message) -> bool {
        let clean = self.at_end() || self.at_line();
        if clean {
            self.recovering = false;
            return true;
        }
        let new_line = self.peek().is_some_and(|token| token.starts_line && token.kind == TokenKind::Name);
        if new_line && !self.lines.is_empty() && !self.recovering {
            self.unknown_line();
            return false;
        }
        let problem = problem::unexpected(self.span_here(), &self.came(), after);
        self.report(problem);
        self.skip_to_line();
        false
    }

    // Names.

    /// A name of one word or in back-quotes.
    pub(crate) fn name(&mut self) -> Name {
        let Some(token) = self.peek().filter(|_| !self.at_bare_head()) else { return self.no_name() };
        let text = match token.kind {
            TokenKind::Name => self.text_of(token).to_owned(),
            TokenKind::Quoted | TokenKind::OpenName => unquoted(self.text_of(token)),
            _ => return self.no_name(),
        };
        let span = self.span_here();
        if token.kind == TokenKind::Name && keyword::FEEL_WORDS.contains(&text.as_str()) {
            self.note(problem::reserved_name(span, &text, self.session.names.is_native()));
        }
        self.bump();
        Name { text, span }
    }

    /// Whether a block starts with its keyword alone: its name does not stand on the next line.
    fn at_bare_head(&self) -> bool {
        !self.lines.is_empty() && self.at == 1 && self.peek().is_some_and(|token| token.starts_line)
    }

    pub(super) fn no_name(&mut self) -> Name {
        let span = self.gap();
        let problem = problem::name_expected(span, &self.came(), self.session.names.is_native());
        self.report(problem);
        Name { text: String::new(), span: Span { end: span.start, ..span } }
    }

    /// A name whose parts are joined by dots.
    pub(crate) fn qualified_name(&mut self) -> Name {
        let mut name = self.name();
        while !name.text.is_empty() && self.eat(Symbol::Dot) {
            let part = self.name();
            name.text.push('.');
            name.text.push_str(&part.text);
            name.span = name.span.to(part.span);
        }
        name
    }
}

/// A name without its back-quotes.
pub(crate) fn unquoted(text: &str) -> String {
    let inner = text.strip_prefix('`').unwrap_or(text);
    inner.strip_suffix('`').unwrap_or(inner).replace("``", "`")
}

/// Whether a bracket opens; `None` for other tokens.
pub(super) fn bracket(kind: TokenKind) -> Option<bool> {
    match kind {
        TokenKind::Symbol(Symbol::LeftParen | Symbol::LeftBracket | Symbol::LeftBrace) => Some(true),
        TokenKind::Symbol(Symbol::RightParen | Symbol::RightBracket | Symbol::RightBrace) => Some(false),
        _ => None,
    }
}

/// Whether a token may start a value.
pub(crate) fn starts_operand(kind: TokenKind) -> bool {
    match kind {
        TokenKind::Symbol(symbol) => {
            matches!(
                symbol,
                Symbol::LeftParen | Symbol::LeftBracket | Symbol::LeftBrace | Symbol::Minus | Symbol::Question
            )
        }
        _ => true,
    }
}

/// Whether what follows a keyword shows that it opens a line and is no name inside an expression.
fn opens_line(keyword: Keyword, follows: TokenKind) -> bool {
    match keyword {
        Keyword::Attribute(_) => matches!(follows, TokenKind::Text | TokenKind::OpenText),
        Keyword::Given | Keyword::Expect => starts_operand(follows),
        Keyword::Subject | Keyword::Decided | Keyword::Reasons | Keyword::Options => {
            matches!(follows, TokenKind::Symbol(Symbol::Equal))
        }
        Keyword::Let => matches!(follows, TokenKind::Name | TokenKind::Quoted | TokenKind::OpenName),
        _ => starts_operand(follows) && !matches!(follows, TokenKind::Symbol(_)),
    }
}

/// The span of a byte range.
pub(crate) fn span_of(source: SourceId, range: &std::ops::Range<usize>) -> Span {
    Span { source, start: narrow(range.start), end: narrow(range.end) }
}
