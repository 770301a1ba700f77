//! Glossaries: the head with its two columns, and a row for each word.

use std::ops::Range;

use dictamen_value::Message;

use super::cursor::Parser;
use super::rows;
use super::session::Session;
use super::table::{row, text_between};
use crate::cut::Part;
use crate::keyword::{self, Keyword};
use crate::problem;
use crate::tree::{Attribute, Comment, Glossary, GlossaryEntry};

/// The columns that a glossary has.
const COLUMNS: &[Keyword] = &[Keyword::Term, Keyword::Meaning];

/// What the rows have given so far.
#[derive(Default)]
struct Rows {
    head: Option<Vec<Option<Keyword>>>,
    below_head: bool,
    entries: Vec<GlossaryEntry>,
    comments: Vec<Comment>,
    attributes: Vec<Attribute>,
}

impl Parser<'_, '_> {
    /// `glosario` and its rows.
    pub(super) fn glossary(&mut self, parts: &[Part]) -> Glossary {
        let opener = self.tokens.first().map(|token| (token.start as usize, token.end as usize)).unwrap_or_default();
        self.finish(&Message::new("«glosario»", "“glossary”"));
        self.each_line(|_, _| {});
        let mut rows = Rows::default();
        for part in parts {
            match part {
                Part::Row(range) => row_line(self.session, range, &mut rows),
                Part::Text(range) => text_between(self.session, range, &mut rows.comments, &mut rows.attributes),
            }
        }
        if rows.head.is_none() {
            let columns = keyword::words(COLUMNS, self.session.spelling).join(" | ");
            let span = self.session.span(opener.0, opener.1);
            self.session.push(problem::no_head(span, &format!("| {columns} |")));
        }
        self.attributes.append(&mut rows.attributes);
        Glossary { attributes: self.take_attributes(), entries: rows.entries, trailing: rows.comments }
    }
}

fn row_line(session: &mut Session<'_>, range: &Range<usize>, rows: &mut Rows) {
    let has_head = rows.head.is_some();
    let Some((mut parser, comments)) = row(session, range, has_head, &mut rows.below_head, &mut rows.comments) else {
        return;
    };
    match &rows.head {
        None => {
            rows.head = Some(parser.glossary_head());
            rows.below_head = true;
            rows.comments = comments;
        }
        Some(head) => rows.entries.push(parser.glossary_row(head, comments)),
    }
}

impl Parser<'_, '_> {
    fn glossary_head(&mut self) -> Vec<Option<Keyword>> {
        let mut head: Vec<Option<Keyword>> = Vec::new();
        for cell in rows::cells(&self.tokens) {
            let span = self.cell_span(cell);
            let word = self.cell_text(cell).to_owned();
            let column = keyword::find(&word, COLUMNS);
            match column {
                Some(column) if head.contains(&Some(column)) => self.note(problem::repeated(span, &word, None)),
                Some(column) => self.session.check_spelling(column, &word, span),
                None => {
                    let known = keyword::words(COLUMNS, self.session.spelling);
                    self.note(problem::unknown_glossary_column(span, &word, &known));
                }
            }
            head.push(column);
        }
        for needed in COLUMNS {
            if !head.contains(&Some(*needed)) {
                let span = self.row_span();
                self.note(problem::missing_column(span, needed.text(self.session.spelling)));
            }
        }
        head
    }

    fn glossary_row(&mut self, head: &[Option<Keyword>], comments: Vec<Comment>) -> GlossaryEntry {
        let span = self.row_span();
        let cells = rows::cells(&self.tokens);
        if cells.len() != head.len() {
            self.session.push(problem::wrong_cells(span, &Message::same(""), head.len(), cells.len()));
        }
        let mut entry = GlossaryEntry { comments, term: String::new(), meaning: String::new(), span };
        for (cell, column) in cells.iter().zip(head) {
            let slot = match column {
                Some(Keyword::Term) => &mut entry.term,
                Some(Keyword::Meaning) => &mut entry.meaning,
                _ => continue,
            };
            *slot = self.plain_cell(*cell);
            if slot.is_empty() {
                let span = self.cell_span(*cell);
                self.note(problem::empty_text_cell(span));
            }
        }
        entry
    }
}
