//! Dated parameters: the head with its columns, and a row for each value.

use std::ops::Range;

use super::cursor::Parser;
use super::rows::{self, Cell};
use super::session::Session;
use super::table::{row, text_between};
use super::types::after_type;
use crate::cut::Part;
use crate::keyword::{self, Keyword};
use crate::problem;
use crate::token::{Symbol, TokenKind};
use crate::tree::{Attribute, AttributeKey, Comment, Expr, Parameter, ParameterRow};

/// The columns that a parameter may have.
pub(crate) const COLUMNS: &[Keyword] = &[
    Keyword::From,
    Keyword::To,
    Keyword::Known,
    Keyword::Value,
    Keyword::Attribute(AttributeKey::LegalBasis),
    Keyword::Attribute(AttributeKey::Note),
    Keyword::Attribute(AttributeKey::ToVerify),
];

/// What the rows have given so far.
#[derive(Default)]
struct Rows {
    head: Option<Vec<Option<Keyword>>>,
    below_head: bool,
    rows: Vec<ParameterRow>,
    comments: Vec<Comment>,
    attributes: Vec<Attribute>,
}

impl Parser<'_, '_> {
    pub(super) fn parameter(&mut self, parts: &[Part]) -> Parameter {
        let (name, ty) = self.typed_name();
        self.finish(&after_type());
        self.each_line(|_, _| {});
        let mut rows = Rows::default();
        for part in parts {
            match part {
                Part::Row(range) => row_line(self.session, range, &mut rows),
                Part::Text(range) => text_between(self.session, range, &mut rows.comments, &mut rows.attributes),
            }
        }
        if rows.head.is_none() {
            self.session.push(problem::no_head(name.span, "| desde | valor |"));
        }
        self.attributes.append(&mut rows.attributes);
        Parameter { name, ty, attributes: self.take_attributes(), rows: rows.rows, trailing: rows.comments }
    }
}

fn row_line(session: &mut Session<'_>, range: &Range<usize>, rows: &mut Rows) {
    let has_head = rows.head.is_some();
    let Some((mut parser, comments)) = row(session, range, has_head, &mut rows.below_head, &mut rows.comments) else {
        return;
    };
    parser.bare_dates = true;
    match &rows.head {
        None => {
            rows.head = Some(parser.parameter_head());
            rows.below_head = true;
            rows.comments = comments;
        }
        Some(head) => rows.rows.push(parser.parameter_row(head, comments)),
    }
}

impl Parser<'_, '_> {
    fn parameter_head(&mut self) -> Vec<Option<Keyword>> {
        let mut head: Vec<Option<Keyword>> = Vec::new();
        for cell in rows::cells(&self.tokens) {
            let column = self.column(cell);
            if column.is_some() && head.contains(&column) {
                let span = self.cell_span(cell);
                let word = self.cell_text(cell).to_owned();
                self.note(problem::repeated(span, &word, None));
            }
            head.push(column);
        }
        for needed in [Keyword::From, Keyword::Value] {
            if !head.contains(&Some(needed)) {
                let span = self.row_span();
                self.note(problem::missing_column(span, needed.text(self.session.spelling)));
            }
        }
        head
    }

    fn column(&mut self, cell: Cell) -> Option<Keyword> {
        let span = self.cell_span(cell);
        let word = self.cell_text(cell).to_owned();
        let found = keyword::find(&word, COLUMNS);
        match found {
            Some(column) => self.session.check_spelling(column, &word, span),
            None => {
                let known = keyword::words(COLUMNS, self.session.spelling);
                self.note(problem::unknown_column(span, &word, &known));
            }
        }
        found
    }

    fn parameter_row(&mut self, head: &[Option<Keyword>], comments: Vec<Comment>) -> ParameterRow {
        let span = self.row_span();
        let cells = rows::cells(&self.tokens);
        if cells.len() != head.len() {
            let section = dictamen_value::Message::same("");
            self.session.push(problem::wrong_cells(span, &section, head.len(), cells.len()));
        }
        let mut row =
            ParameterRow { comments, from: None, to: None, known: None, value: None, attributes: Vec::new(), span };
        for (cell, column) in cells.iter().zip(head) {
            self.within(cell.from, cell.to, |parser| parser.parameter_cell(*cell, *column, &mut row));
        }
        row.attributes
            .sort_by_key(|attribute| COLUMNS.iter().position(|column| *column == Keyword::Attribute(attribute.key)));
        row
    }

    fn parameter_cell(&mut self, cell: Cell, column: Option<Keyword>, row: &mut ParameterRow) {
        match column {
            Some(Keyword::From) => row.from = self.needed_cell(),
            Some(Keyword::Value) => row.value = self.needed_cell(),
            Some(Keyword::To) => row.to = self.open_cell(),
            Some(Keyword::Known) => row.known = self.open_cell(),
            Some(Keyword::Attribute(key)) => row.attributes.extend(self.attribute_cell(cell, key)),
            _ => {}
        }
    }

    fn needed_cell(&mut self) -> Option<Expr> {
        if self.is_open() {
            let span = self.span_here();
            self.note(problem::empty_cell(span, false));
            return None;
        }
        Some(self.cell_expression())
    }

    /// An empty cell or `-` is none.
    fn open_cell(&mut self) -> Option<Expr> {
        if self.is_open() { None } else { Some(self.cell_expression()) }
    }

    fn is_open(&self) -> bool {
        self.at_end() || self.kind() == Some(TokenKind::Symbol(Symbol::Minus)) && self.peek_at(1).is_none()
    }

    fn attribute_cell(&mut self, cell: Cell, key: AttributeKey) -> Option<Attribute> {
        if self.is_open() {
            return None;
        }
        let span = self.cell_span(cell);
        Some(Attribute { key, text: self.plain_cell(cell), comments: Vec::new(), span })
    }
}
