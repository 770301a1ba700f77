//! What the blocks of one file share while it is read: its text, its spelling, known names, and what was wrong so far.

use crate::keyword::Keyword;
use crate::names::Place;
use crate::problem;
use crate::token::{Token, TokenKind};
use crate::tree::Spelling;
use crate::{Diagnostic, Limits, Names, SourceId, Span};

/// What all blocks of one file share.
pub(crate) struct Session<'a> {
    pub(crate) text: &'a str,
    pub(crate) source: SourceId,
    pub(crate) spelling: Spelling,
    /// Whether keywords of both spellings may stand side by side, as in texts that are no files.
    pub(crate) both_spellings: bool,
    pub(crate) limits: Limits,
    pub(crate) names: Names,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(text: &'a str, source: SourceId, names: &Names, limits: Limits) -> Session<'a> {
        let spelling = Spelling::default();
        Session { text, source, spelling, both_spellings: false, limits, names: names.clone(), diagnostics: Vec::new() }
    }

    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let allowed = self.limits.diagnostics;
        match self.diagnostics.len().cmp(&allowed) {
            std::cmp::Ordering::Less => self.diagnostics.push(diagnostic),
            std::cmp::Ordering::Equal => self.diagnostics.push(problem::too_many(diagnostic.span, allowed)),
            std::cmp::Ordering::Greater => {}
        }
    }

    /// Warns where a keyword is of the other spelling.
    pub(crate) fn check_spelling(&mut self, keyword: Keyword, word: &str, span: Span) {
        if !self.both_spellings && keyword.is_foreign(word, self.spelling) {
            self.push(problem::other_spelling(span, &problem::shown(word), keyword.text(self.spelling)));
        }
    }

    /// Says what is wrong with tokens in themselves; signs inside known names are not.
    pub(super) fn report_broken(&mut self, tokens: &[Token]) {
        let is_broken = |token: &Token| {
            matches!(token.kind, TokenKind::Bad | TokenKind::OpenText | TokenKind::OpenComment | TokenKind::OpenName)
        };
        let mut rest = if tokens.iter().any(is_broken) { tokens } else { &[] };
        while let Some((first, others)) = rest.split_first() {
            rest = match self.broken_name(rest) {
                Some(count) => rest.get(count..).unwrap_or_default(),
                None => {
                    self.report_token(*first);
                    others
                }
            };
        }
    }

    /// How many tokens the known name takes that starts here.
    fn broken_name(&self, tokens: &[Token]) -> Option<usize> {
        let broken = |token: &Token| token.kind == TokenKind::Bad;
        let native = self.names.is_native() && tokens.iter().skip(1).any(broken);
        native.then(|| self.names.longest(self.text, tokens, Place::Filter)).flatten().map(|(count, _)| count)
    }

    fn report_token(&mut self, token: Token) {
        let span = Span { source: self.source, start: token.start, end: token.end };
        let text = self.text.get(token.start as usize..token.end as usize).unwrap_or_default();
        match token.kind {
            TokenKind::Bad => self.push(problem::bad_characters(span, text)),
            TokenKind::OpenText => self.push(problem::open_text(span)),
            TokenKind::OpenComment => self.push(problem::open_comment(span)),
            TokenKind::OpenName => self.push(problem::open_name(span)),
            _ => {}
        }
    }
}
