//! Reads text into the tree: blocks, lines, rows and cells, types and expressions.

mod block;
mod case;
mod comments;
mod cursor;
mod declaration;
mod expression;
mod glossary;
mod letter;
mod literal;
mod name;
mod parameter;
mod postfix;
mod primary;
mod rows;
mod service;
mod session;
mod table;
mod tests;
mod types;

use crate::token::Tokens;
use crate::tree::{Expr, ExprKind, File, Tests, TestsKind, TypeExpr, TypeKind};
use crate::{Diagnostic, Names, Source, SourceId, Span, problem};
use cursor::Parser;
use session::Session;

pub(crate) use name::is_feel_name;
pub(crate) use parameter::COLUMNS as PARAMETER_COLUMNS;

/// How much the parser takes; beyond it says so in a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file.
    pub file_bytes: usize,
    /// Levels of nesting of brackets, and height of the tree of an expression or type.
    pub nesting_levels: u16,
    /// Diagnostics of a file; the rest are counted as one.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { file_bytes: 64 * 1024 * 1024, nesting_levels: 256, diagnostics: 1000 }
    }
}

/// What parsing gives: always a tree, and what is wrong with the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The tree; what could not be read stands in it as errors.
    pub file: File,
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file of rules or cases within the usual [`Limits`].
pub fn parse(source: &Source, id: SourceId, names: &Names) -> Parsed {
    parse_within(source, id, names, Limits::default())
}

/// Reads a file of rules or cases within limits.
pub fn parse_within(source: &Source, id: SourceId, names: &Names, limits: Limits) -> Parsed {
    let text = source.text();
    let mut session = Session::new(text, id, names, limits);
    if text.len() > limits.file_bytes {
        let start = Span::new(id, 0, 0);
        return Parsed {
            file: File::default(),
            diagnostics: vec![problem::file_too_large(start, text.len(), &limits)],
        };
    }
    let file = block::file(&mut session);
    let mut diagnostics = session.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    Parsed { file, diagnostics }
}

/// Reads a text that is one expression, such as a cell of another format.
pub fn parse_expression(source: &Source, id: SourceId, names: &Names) -> (Expr, Vec<Diagnostic>) {
    let nothing = |span| Expr { kind: ExprKind::Error, span };
    parse_whole(source, id, names, nothing, |parser| parser.whole_expression(&expression::after_expression()))
}

/// Reads a text that is the tests of one input cell.
pub fn parse_tests(source: &Source, id: SourceId, names: &Names) -> (Tests, Vec<Diagnostic>) {
    let nothing = |span| Tests { kind: TestsKind::Error, span };
    parse_whole(source, id, names, nothing, |parser| parser.cell_tests())
}

/// Reads a text that is one type, as a declaration or as FEEL spells it.
pub fn parse_type(source: &Source, id: SourceId, names: &Names) -> (TypeExpr, Vec<Diagnostic>) {
    let nothing = |span| TypeExpr { kind: TypeKind::Error, span };
    parse_whole(source, id, names, nothing, |parser| {
        let ty = parser.declared_type();
        parser.finish(&types::after_type());
        ty
    })
}

fn parse_whole<T>(
    source: &Source,
    id: SourceId,
    names: &Names,
    nothing: impl FnOnce(Span) -> T,
    read: impl FnOnce(&mut Parser<'_, '_>) -> T,
) -> (T, Vec<Diagnostic>) {
    let (text, limits) = (source.text(), Limits::default());
    if text.len() > limits.file_bytes {
        let span = Span::new(id, 0, 0);
        return (nothing(span), vec![problem::file_too_large(span, text.len(), &limits)]);
    }
    let mut session = Session::new(text, id, names, limits);
    session.both_spellings = true;
    let mut tokens = Tokens::of(text, 0, text.len());
    if names.is_native() {
        tokens.split_dates(text);
    }
    let result = read(&mut Parser::new(&mut session, tokens));
    (result, session.diagnostics)
}
