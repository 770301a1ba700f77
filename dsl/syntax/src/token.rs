//! Cuts text into tokens as the grammar says; what is no token becomes one all the same, so that one mistake does not hide the next.

use crate::scan::{self, Found};
use pest::Parser;
use pest::iterators::Pair;
use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "grammar/tokens.pest"]
struct Grammar;

/// One token: what it is and where, in bytes of the whole source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Whether it is the first of its line.
    pub(crate) starts_line: bool,
}

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TokenKind {
    /// A name or a keyword.
    Name,
    /// A name in back-quotes.
    Quoted,
    Number,
    /// A bare date, with or without a time.
    Date,
    Text,
    /// `@"…"`.
    At,
    Symbol(Symbol),
    /// A string, an `@` string or a comment that is not closed.
    OpenText,
    OpenComment,
    /// A back-quoted name that is not closed.
    OpenName,
    /// Characters that start no token.
    Bad,
}

/// Operators and punctuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbol {
    Bar,
    BarBar,
    Comma,
    Colon,
    Dot,
    DotDot,
    LeftParen,
    RightParen,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    Plus,
    Minus,
    Star,
    StarStar,
    Slash,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Question,
    Arrow,
    Apostrophe,
    Hash,
    /// An operator of other languages: `==`, `<>`, `&&`…
    Foreign,
}

/// A comment and where it stands among the tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CommentToken {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// How many tokens come before it.
    pub(crate) before: usize,
    /// Whether nothing but blanks stands before it on its line.
    pub(crate) own_line: bool,
    /// Whether some part of the tree, or the text of an expression, has it.
    pub(crate) claimed: bool,
}

/// The tokens of a stretch of text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) tokens: Vec<Token>,
    pub(crate) comments: Vec<CommentToken>,
    line_started: bool,
}

impl Tokens {
    /// The tokens of `text` from byte `start` to byte `end`.
    pub(crate) fn of(text: &str, start: usize, end: usize) -> Tokens {
        let mut tokens = Tokens::default();
        tokens.append(text, start, end);
        tokens
    }

    /// The tokens of one row of a table. Where a string is not closed every stroke ends a cell, so that the other cells survive.
    pub(crate) fn of_row(text: &str, start: usize, end: usize) -> Tokens {
        let whole = Tokens::of(text, start, end);
        let broken = |token: &Token| matches!(token.kind, TokenKind::OpenText | TokenKind::OpenComment);
        if whole.tokens.iter().any(broken) { Tokens::cell_by_cell(text, start, end) } else { whole }
    }

    /// Reads dates without quotes as the subtractions that they are in FEEL.
    pub(crate) fn split_dates(&mut self, text: &str) {
        let tokens = std::mem::take(&mut self.tokens);
        for token in tokens {
            let written = text.get(token.start as usize..token.end as usize).unwrap_or_default();
            if token.kind == TokenKind::Date && written.len() == BARE_DATE {
                let parts = [
                    (TokenKind::Number, 0, 4),
                    (MINUS, 4, 5),
                    (TokenKind::Number, 5, 7),
                    (MINUS, 7, 8),
                    (TokenKind::Number, 8, 10),
                ];
                self.tokens.extend(parts.map(|(kind, start, end)| Token {
                    kind,
                    start: token.start.saturating_add(start),
                    end: token.start.saturating_add(end),
                    starts_line: token.starts_line && start == 0,
                }));
            } else {
                self.tokens.push(token);
            }
        }
    }

    fn cell_by_cell(text: &str, start: usize, end: usize) -> Tokens {
        let mut tokens = Tokens::default();
        let mut cell = start;
        for stroke in strokes(text, start, end) {
            tokens.append(text, cell, stroke);
            tokens.push_stroke(stroke);
            cell = stroke.saturating_add(1);
        }
        tokens.append(text, cell, end);
        tokens
    }

    fn push_stroke(&mut self, at: usize) {
        let at = narrow(at);
        match self.tokens.last_mut() {
            Some(last) if last.kind == TokenKind::Symbol(Symbol::Bar) && last.end == at => {
                last.kind = TokenKind::Symbol(Symbol::BarBar);
                last.end = at.saturating_add(1);
            }
            _ => self.push(TokenKind::Symbol(Symbol::Bar), at, at.saturating_add(1)),
        }
    }

    fn append(&mut self, text: &str, start: usize, end: usize) {
        let slice = text.get(start..end).unwrap_or_default();
        let (known, line_started) = (self.tokens.len(), self.line_started);
        if !self.append_plain(slice, narrow(start)) {
            self.tokens.truncate(known);
            self.line_started = line_started;
            self.append_by_grammar(slice, narrow(start), narrow(end));
        }
    }

    /// Adds the tokens of a text that has none but frequent ones; says whether it has.
    fn append_plain(&mut self, slice: &str, base: u32) -> bool {
        let mut at = 0;
        loop {
            let (start, found) = scan::next(slice, at);
            at = match found {
                Found::Token(kind, end) => {
                    self.push(kind, base.saturating_add(narrow(start)), base.saturating_add(narrow(end)));
                    end
                }
                Found::Newline => {
                    self.line_started = false;
                    start.saturating_add(1)
                }
                Found::End => return true,
                Found::Rare => return false,
            };
        }
    }

    fn append_by_grammar(&mut self, slice: &str, base: u32, end: u32) {
        let Ok(pairs) = Grammar::parse(Rule::tokens, slice) else {
            return self.push(TokenKind::Bad, base, end);
        };
        for pair in pairs.flat_map(Pair::into_inner) {
            let span = pair.as_span();
            let at = base.saturating_add(narrow(span.start()));
            self.accept(pair.as_rule(), span.as_str(), at);
        }
    }

    fn accept(&mut self, rule: Rule, text: &str, start: u32) {
        let end = start.saturating_add(narrow(text.len()));
        match rule {
            Rule::newline => self.line_started = false,
            Rule::line_comment | Rule::comment => self.push_comment(text, start),
            Rule::EOI => {}
            Rule::bad => self.push_bad(start, end),
            Rule::open_comment => {
                self.push_comment(text, start);
                self.push(TokenKind::OpenComment, start, end);
            }
            _ => self.push(kind(rule, text), start, end),
        }
    }

    fn push(&mut self, kind: TokenKind, start: u32, end: u32) {
        self.tokens.push(Token { kind, start, end, starts_line: !self.line_started });
        self.line_started = true;
    }

    fn push_bad(&mut self, start: u32, end: u32) {
        match self.tokens.last_mut() {
            Some(last) if last.kind == TokenKind::Bad && last.end == start => last.end = end,
            _ => self.push(TokenKind::Bad, start, end),
        }
    }

    fn push_comment(&mut self, text: &str, start: u32) {
        let end = start.saturating_add(narrow(text.trim_end().len()));
        let own_line = !self.line_started;
        self.comments.push(CommentToken { start, end, before: self.tokens.len(), own_line, claimed: false });
    }
}

/// Bytes of a date without time, such as `2026-01-01`.
const BARE_DATE: usize = 10;
const MINUS: TokenKind = TokenKind::Symbol(Symbol::Minus);

/// A position in a source, which is never longer than `u32` can say.
pub(crate) fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Where the strokes are that no backslash stands before.
fn strokes(text: &str, start: usize, end: usize) -> Vec<usize> {
    let mut escaped = false;
    let mut found = Vec::new();
    for (at, byte) in text.get(start..end).unwrap_or_default().bytes().enumerate() {
        if byte == b'|' && !escaped {
            found.push(start.saturating_add(at));
        }
        escaped = byte == b'\\' && !escaped;
    }
    found
}

fn kind(rule: Rule, text: &str) -> TokenKind {
    match rule {
        Rule::name => TokenKind::Name,
        Rule::text => TokenKind::Text,
        Rule::number => TokenKind::Number,
        Rule::symbol | Rule::stroke => TokenKind::Symbol(symbol(text)),
        Rule::date => TokenKind::Date,
        Rule::at => TokenKind::At,
        Rule::quoted => TokenKind::Quoted,
        Rule::open_text => TokenKind::OpenText,
        Rule::open_name => TokenKind::OpenName,
        _ => TokenKind::Bad,
    }
}

/// The symbol that is written so.
pub(crate) fn symbol(text: &str) -> Symbol {
    match text {
        "|" => Symbol::Bar,
        "||" => Symbol::BarBar,
        "," => Symbol::Comma,
        ":" => Symbol::Colon,
        "." => Symbol::Dot,
        ".." => Symbol::DotDot,
        "(" => Symbol::LeftParen,
        ")" => Symbol::RightParen,
        "[" => Symbol::LeftBracket,
        "]" => Symbol::RightBracket,
        "{" => Symbol::LeftBrace,
        "}" => Symbol::RightBrace,
        "+" => Symbol::Plus,
        "-" => Symbol::Minus,
        "*" => Symbol::Star,
        "**" => Symbol::StarStar,
        "/" => Symbol::Slash,
        _ => comparison(text),
    }
}

fn comparison(text: &str) -> Symbol {
    match text {
        "=" => Symbol::Equal,
        "!=" => Symbol::NotEqual,
        "<" => Symbol::Less,
        "<=" => Symbol::LessOrEqual,
        ">" => Symbol::Greater,
        ">=" => Symbol::GreaterOrEqual,
        "?" => Symbol::Question,
        "->" => Symbol::Arrow,
        "'" | "’" => Symbol::Apostrophe,
        "#" => Symbol::Hash,
        _ => Symbol::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pieces that the grammar tells apart by what stands beside them.
    const PIECES: [&str; 64] = [
        " ",
        "\t",
        "\r",
        "\n",
        "|",
        "||",
        "\"",
        "\"a\"",
        "\"a\\\"b\"",
        "\\",
        "\"ñ é\"",
        "a",
        "Zeta_9",
        "_",
        "año",
        "ñ",
        "not",
        "e",
        "E5",
        "0",
        "12",
        "2026",
        "2026-01-01",
        "2026-1",
        "1e5",
        "1e+",
        ".",
        "..",
        "...",
        ".5",
        "5.",
        "5.25",
        "1.e",
        "@",
        "@ ",
        "@\"x\"",
        "/",
        "//",
        "/*",
        "*/",
        "*",
        "**",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        "=",
        "!",
        "-",
        "+",
        ",",
        ":",
        ";",
        "?",
        "'",
        "’",
        "#",
        "&",
        "`",
        "\u{a0}",
    ];

    fn by_grammar(text: &str) -> Tokens {
        let mut tokens = Tokens::default();
        tokens.append_by_grammar(text, 0, narrow(text.len()));
        tokens
    }

    fn assert_same(text: &str) {
        let (fast, slow) = (Tokens::of(text, 0, text.len()), by_grammar(text));
        assert_eq!(fast.tokens, slow.tokens, "{text:?}");
        assert_eq!(fast.comments, slow.comments, "{text:?}");
        assert_eq!(fast.line_started, slow.line_started, "{text:?}");
    }

    #[test]
    fn every_pair_of_pieces_is_cut_as_the_grammar_cuts_it() {
        for first in PIECES {
            for second in PIECES {
                assert_same(&format!("{first}{second}"));
                assert_same(&format!("x | {first}{second} |\n"));
            }
        }
    }

    #[test]
    fn rows_of_tables_are_cut_without_the_grammar() {
        for row in [
            "  | \"clave 07\" | [10.50..1e3) || -12.5 | not(@\"2026-01-01\") |\n",
            "| a.b <= 3, > x ** 2 || {k: 'v'} |",
        ] {
            assert!(Tokens::default().append_plain(row, 0), "{row}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn texts_of_pieces_are_cut_as_the_grammar_cuts_them(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12)) {
            assert_same(&pieces.concat());
        }
    }
}
