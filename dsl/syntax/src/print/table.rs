//! Tables: rows of cells with the columns aligned by the characters they have.

use super::expression::{expression, tests};
use super::file::{Printer, put_comments, put_lines};
use super::words::{self, Quoting, quoted};
use crate::keyword::{self, Keyword};
use crate::tree::{AttributeKey, Comment, DefaultRow, Expr, Glossary, Name, Parameter, ParameterRow, Row, TableBody};

/// One line of a table: its cells in sections, and the comments above it.
struct Line<'a> {
    comments: &'a [Comment],
    sections: Vec<Vec<String>>,
    /// The first section is one cell as wide as all its columns.
    spans: bool,
}

impl Printer<'_> {
    pub(super) fn table_rows(&self, body: &TableBody, out: &mut String) {
        if body.inputs.is_empty() && body.outputs.is_empty() {
            return put_comments(&body.trailing, "  ", out);
        }
        let mut lines = vec![self.head(body)];
        lines.extend(body.rows.iter().map(|row| self.line(row, body)));
        lines.extend(body.default.as_ref().map(|row| self.default_line(row, body)));
        put_table(&lines, out);
        put_comments(&body.trailing, "  ", out);
    }

    fn head(&self, body: &TableBody) -> Line<'static> {
        let inputs = body.inputs.iter().map(|input| expression(input, self.style()).flat()).collect();
        let outputs = body.outputs.iter().map(|output| words::declared(&output.text, Quoting::Quotes)).collect();
        let annotations = body.annotations.iter().map(|annotation| self.annotation(annotation)).collect();
        Line { comments: &[], sections: sections(inputs, outputs, annotations, body), spans: false }
    }

    fn annotation(&self, name: &Name) -> String {
        match keyword::find(&name.text, keyword::ATTRIBUTES) {
            Some(attribute) => self.word(attribute).to_owned(),
            None if words::is_plain(&name.text) => name.text.clone(),
            None => quoted(&name.text),
        }
    }

    fn default_line<'a>(&self, row: &'a DefaultRow, body: &TableBody) -> Line<'a> {
        let inputs = vec![self.word(Keyword::Default).to_owned()];
        let sections = sections(inputs, self.outputs(&row.outputs), annotations(&row.annotations), body);
        Line { comments: &row.comments, sections, spans: true }
    }

    fn line<'a>(&self, row: &'a Row, body: &TableBody) -> Line<'a> {
        let inputs = row.inputs.iter().map(|cell| tests(cell, self.style()).flat()).collect();
        let sections = sections(inputs, self.outputs(&row.outputs), annotations(&row.annotations), body);
        Line { comments: &row.comments, sections, spans: false }
    }

    fn outputs(&self, outputs: &[Expr]) -> Vec<String> {
        outputs.iter().map(|output| expression(output, self.style()).flat()).collect()
    }

    // Parameters.

    pub(super) fn parameter_rows(&self, parameter: &Parameter, out: &mut String) {
        let columns = columns(parameter);
        let head = columns.iter().map(|column| self.word(*column).to_owned()).collect();
        let mut lines = vec![Line { comments: &[], sections: vec![head], spans: false }];
        lines.extend(parameter.rows.iter().map(|row| Line {
            comments: &row.comments,
            sections: vec![columns.iter().map(|column| self.parameter_cell(row, *column)).collect()],
            spans: false,
        }));
        put_table(&lines, out);
    }

    // Glossaries.

    pub(super) fn glossary_rows(&self, glossary: &Glossary, out: &mut String) {
        let head = vec![self.word(Keyword::Term).to_owned(), self.word(Keyword::Meaning).to_owned()];
        let mut lines = vec![Line { comments: &[], sections: vec![head], spans: false }];
        lines.extend(glossary.entries.iter().map(|entry| Line {
            comments: &entry.comments,
            sections: vec![vec![quoted(&entry.term), quoted(&entry.meaning)]],
            spans: false,
        }));
        put_table(&lines, out);
    }

    fn parameter_cell(&self, row: &ParameterRow, column: Keyword) -> String {
        let open = |value: &Option<Expr>| value.as_ref().map_or_else(|| "-".to_owned(), |value| self.date(value));
        match column {
            Keyword::From => open(&row.from),
            Keyword::To => open(&row.to),
            Keyword::Known => open(&row.known),
            Keyword::Attribute(key) => attribute(row, key).unwrap_or_default(),
            _ => open(&row.value),
        }
    }
}

fn sections(inputs: Vec<String>, outputs: Vec<String>, annotations: Vec<String>, body: &TableBody) -> Vec<Vec<String>> {
    let mut sections = vec![inputs, outputs];
    if !body.annotations.is_empty() {
        sections.push(annotations);
    }
    sections
}

fn annotations(annotations: &[String]) -> Vec<String> {
    annotations.iter().map(|text| if text.is_empty() { String::new() } else { quoted(text) }).collect()
}

/// The columns that some row uses; `desde` and `valor` always.
fn columns(parameter: &Parameter) -> Vec<Keyword> {
    let rows = &parameter.rows;
    let used = |column: &Keyword| match column {
        Keyword::To => rows.iter().any(|row| row.to.is_some()),
        Keyword::Known => rows.iter().any(|row| row.known.is_some()),
        Keyword::Attribute(key) => rows.iter().any(|row| attribute(row, *key).is_some()),
        _ => true,
    };
    crate::parse::PARAMETER_COLUMNS.iter().copied().filter(used).collect()
}

fn attribute(row: &ParameterRow, key: AttributeKey) -> Option<String> {
    row.attributes.iter().find(|attribute| attribute.key == key).map(|attribute| quoted(&attribute.text))
}

// Alignment.

fn put_table(lines: &[Line<'_>], out: &mut String) {
    let widths = widths(lines);
    for (index, line) in lines.iter().enumerate() {
        put_comments(line.comments, "  ", out);
        put_row(line, &widths, out);
        if index == 0 {
            put_separator(&widths, out);
        }
    }
}

/// How many characters each column of each section takes.
fn widths(lines: &[Line<'_>]) -> Vec<Vec<usize>> {
    let columns = lines.first().map(|line| line.sections.iter().map(|section| vec![0; section.len()]).collect());
    let mut widths: Vec<Vec<usize>> = columns.unwrap_or_default();
    for line in lines {
        let skipped = usize::from(line.spans);
        for (section, widths) in line.sections.iter().zip(&mut widths).skip(skipped) {
            widen(section, widths);
        }
    }
    for line in lines.iter().filter(|line| line.spans) {
        widen_last(line, &mut widths);
    }
    widths
}

fn widen(cells: &[String], widths: &mut [usize]) {
    for (cell, width) in cells.iter().zip(widths) {
        *width = (*width).max(cell.chars().count());
    }
}

/// The last input column takes what the word for the default row is longer than all of them.
fn widen_last(line: &Line<'_>, widths: &mut [Vec<usize>]) {
    let needed = line.sections.first().and_then(|cells| cells.first()).map_or(0, |cell| cell.chars().count());
    if let Some(inputs) = widths.first_mut() {
        let missing = needed.saturating_sub(total(inputs));
        if let Some(last) = inputs.last_mut() {
            *last = last.saturating_add(missing);
        }
    }
}

/// Characters of a section without its outer blanks: ` | ` stands between columns.
fn total(widths: &[usize]) -> usize {
    let strokes = widths.len().saturating_sub(1).saturating_mul(3);
    widths.iter().sum::<usize>().saturating_add(strokes)
}

fn put_row(line: &Line<'_>, widths: &[Vec<usize>], out: &mut String) {
    let sections = line.sections.iter().zip(widths).enumerate().map(|(index, (cells, widths))| {
        if line.spans && index == 0 {
            let whole = total(widths);
            return cells.first().map(|cell| padded(cell, whole)).unwrap_or_default();
        }
        cells.iter().zip(widths).map(|(cell, width)| padded(cell, *width)).collect::<Vec<_>>().join("|")
    });
    put_sections(&sections.collect::<Vec<_>>(), out);
}

fn put_separator(widths: &[Vec<usize>], out: &mut String) {
    let dashes = |width: &usize| "-".repeat(width.saturating_add(2));
    let sections = widths.iter().map(|widths| widths.iter().map(dashes).collect::<Vec<_>>().join("|"));
    put_sections(&sections.collect::<Vec<_>>(), out);
}

/// A section without columns leaves its strokes only.
fn put_sections(sections: &[String], out: &mut String) {
    let stroke = if sections.first().is_some_and(String::is_empty) { "" } else { "|" };
    put_lines(&format!("  {stroke}{}|", sections.join("||")), out);
}

fn padded(cell: &str, width: usize) -> String {
    let padding = " ".repeat(width.saturating_sub(cell.chars().count()));
    format!(" {cell}{padding} ")
}
