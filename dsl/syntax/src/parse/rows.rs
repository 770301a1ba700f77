//! Rows: from the tokens of a line between strokes to cells in sections.

use super::cursor::Parser;
use crate::Span;
use crate::token::{Symbol, Token, TokenKind};
use crate::tree::Comment;

/// A cell: the tokens from one to before the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The cells of a row: sections are set apart by `||`.
pub(super) type Sections = Vec<Vec<Cell>>;

/// The cells of the row that these tokens are.
pub(super) fn sections(tokens: &[Token]) -> Sections {
    let mut sections = vec![Vec::new()];
    let mut from = 0;
    for (at, token) in tokens.iter().enumerate() {
        let TokenKind::Symbol(stroke @ (Symbol::Bar | Symbol::BarBar)) = token.kind else { continue };
        if at > 0 {
            push(&mut sections, Cell { from, to: at });
        }
        if stroke == Symbol::BarBar {
            sections.push(Vec::new());
        }
        from = at.saturating_add(1);
    }
    if from < tokens.len() {
        push(&mut sections, Cell { from, to: tokens.len() });
    }
    sections
}

/// The cells of a row without sections: `||` is a stroke, an empty cell and a stroke.
pub(super) fn cells(tokens: &[Token]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (index, section) in sections(tokens).into_iter().enumerate() {
        if index > 0 {
            let at = section.first().map_or(tokens.len(), |cell| cell.from);
            cells.push(Cell { from: at, to: at });
        }
        cells.extend(section);
    }
    cells
}

/// Whether a line is the separator below a head: strokes and hyphens alone.
pub(super) fn is_separator(text: &str) -> bool {
    text.contains('-') && text.chars().all(|c| matches!(c, '|' | '-' | ':' | '=' | '+') || c.is_whitespace())
}

/// Whether a separator cannot be a row of cells with `-`.
pub(super) fn is_plain_separator(text: &str) -> bool {
    is_separator(text) && text.split('|').all(|cell| cell.trim() != "-")
}

fn push(sections: &mut Sections, cell: Cell) {
    if let Some(last) = sections.last_mut() {
        last.push(cell);
    }
}

impl Parser<'_, '_> {
    /// All comments of the row.
    pub(super) fn row_comments(&mut self) -> Vec<Comment> {
        self.comments_left()
    }

    /// The text of a cell between its strokes.
    pub(super) fn cell_text(&self, cell: Cell) -> &str {
        let before = cell.from.checked_sub(1).and_then(|at| self.tokens.get(at));
        let start = before.map_or(0, |token| token.end) as usize;
        let end = match self.tokens.get(cell.to) {
            Some(stroke) => stroke.start as usize,
            None => self.tokens.last().map_or(start, |token| token.end as usize),
        };
        self.session.text.get(start..end).unwrap_or_default().trim()
    }

    /// The text of a cell that is for people: without quotes where it has them.
    pub(super) fn plain_cell(&mut self, cell: Cell) -> String {
        let quoted = cell.to.saturating_sub(cell.from) == 1
            && self
                .tokens
                .get(cell.from)
                .is_some_and(|token| matches!(token.kind, TokenKind::Text | TokenKind::OpenText));
        match self.tokens.get(cell.from).copied().filter(|_| quoted) {
            Some(token) => self.unescaped(token),
            None => self.cell_text(cell).to_owned(),
        }
    }

    /// Where a cell is; empty ones are where their text would be.
    pub(super) fn cell_span(&mut self, cell: Cell) -> Span {
        self.within(cell.from, cell.to, |parser| {
            let start = parser.start();
            parser.at = parser.end;
            parser.span_from(start)
        })
    }

    /// From the first token of the row to the last.
    pub(super) fn row_span(&mut self) -> Span {
        self.cell_span(Cell { from: 0, to: self.tokens.len() })
    }
}
