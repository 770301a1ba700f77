//! A file: its header, its blocks with one blank line between them, its comments.

use super::WIDTH;
use super::comments;
use super::doc::{Doc, INDENT};
use super::expression::{Style, expression, parenthesised};
use super::types::type_before_body;
use super::words::{self, Quoting};
use crate::keyword::Keyword;
use crate::tree::{Attribute, Comment, Expr, ExprKind, File, Header, Item, ItemKind, Local, Spelling};
use crate::{Source, Span, walk};

/// Prints with the keywords of one spelling.
pub(super) struct Printer<'a> {
    pub(super) source: &'a Source,
    pub(super) spelling: Spelling,
}

impl Printer<'_> {
    pub(super) fn file(&self, file: &File) -> String {
        let mut out = String::new();
        if let Some(header) = &file.header {
            self.header(header, &mut out);
        }
        let mut last: Option<&Item> = None;
        for item in &file.items {
            if !out.is_empty() && !last.is_some_and(|last| stand_together(last, item)) {
                out.push('\n');
            }
            self.item(item, &mut out);
            last = Some(item);
        }
        if !file.trailing.is_empty() && !out.is_empty() {
            out.push('\n');
        }
        put_comments(&file.trailing, "", &mut out);
        out
    }

    fn item(&self, item: &Item, out: &mut String) {
        put_comments(&item.comments, "", out);
        put_lines(&self.block_or_text(item), out);
    }

    /// A block that could not be read whole stays as it was written, where it was written as text.
    fn block_or_text(&self, item: &Item) -> String {
        let written = self.source.slice(item.span);
        match &item.kind {
            ItemKind::Error(text) => text.clone(),
            _ if !written.is_empty() && walk::has_errors(item) => written.replace("\r\n", "\n"),
            _ => self.block(item),
        }
    }

    fn header(&self, header: &Header, out: &mut String) {
        put_comments(&header.comments, "", out);
        let opener = if header.cases_only { Keyword::Cases } else { Keyword::Rules };
        put_lines(&format!("{} {}", self.word(opener), words::qualified(&header.id.text)), out);
        let mut lines = self.attribute_lines(&header.attributes);
        if let Some((from, to)) = &header.in_force {
            let to = to.as_ref().map(|to| format!(" {} {}", self.word(Keyword::To), self.date(to))).unwrap_or_default();
            let text = format!("{} {}{to}", self.word(Keyword::From), self.date(from));
            lines.push(KeyedLine::new(self.word(Keyword::InForce), text));
        }
        if let Some(published) = &header.published {
            lines.push(KeyedLine::new(self.word(Keyword::Published), self.date(published)));
        }
        if header.dmn_mode {
            lines.push(KeyedLine::new(self.word(Keyword::Mode), "dmn".to_owned()));
        }
        put_keyed(&lines, out);
    }

    /// A date, bare where it may be.
    pub(super) fn date(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::At(text) if words::is_bare_date(text) => text.clone(),
            _ => expression(expr, self.style()).flat(),
        }
    }

    pub(super) fn style(&self) -> Style {
        Style::regla(self.spelling)
    }

    pub(super) fn word(&self, keyword: Keyword) -> &'static str {
        keyword.text(self.spelling)
    }

    // Lines of a block.

    pub(super) fn attributes(&self, attributes: &[Attribute], out: &mut String) {
        put_keyed(&self.attribute_lines(attributes), out);
    }

    fn attribute_lines<'a>(&self, attributes: &'a [Attribute]) -> Vec<KeyedLine<'a>> {
        let line = |attribute: &'a Attribute| KeyedLine {
            comments: &attribute.comments,
            key: self.word(Keyword::Attribute(attribute.key)),
            text: words::quoted(&attribute.text),
        };
        attributes.iter().map(line).collect()
    }

    /// An expression that starts at `column` of a line and whose other lines start at `indent`.
    pub(super) fn expression(&self, expr: &Expr, block: Span, column: usize, indent: usize) -> String {
        match comments::written(self.source, expr, block) {
            Some(lines) => lines
                .join(&format!("\n{}", " ".repeat(indent)))
                .lines()
                .map(str::trim_end)
                .collect::<Vec<_>>()
                .join("\n"),
            None => expression(expr, self.style()).lay_out(column, indent, WIDTH),
        }
    }

    /// `sea x : T = …`; a line of the value that started with `=` would be the body of the block.
    pub(super) fn local(&self, local: &Local, block: Span, out: &mut String) {
        put_comments(&local.comments, "  ", out);
        let head = format!("  {} {}", self.word(Keyword::Let), words::declared(&local.name.text, Quoting::Quotes));
        let indent = INDENT.saturating_mul(2);
        let head = match &local.ty {
            Some(ty) => {
                let column = head.chars().count().saturating_add(3);
                format!("{head} : {}", type_before_body(ty, self.spelling).lay_out(column, indent, WIDTH))
            }
            None => head,
        };
        self.put_value(&head, &local.value, block, out);
    }

    /// A line that gives a value; a line of the value that started with `=` would be a body of the block.
    pub(super) fn put_value(&self, head: &str, value: &Expr, block: Span, out: &mut String) {
        let indent = INDENT.saturating_mul(2);
        let column = head.lines().last().unwrap_or_default().chars().count().saturating_add(3);
        let value = match comments::written(self.source, value, block) {
            Some(_) => self.written_before_body(value, block, indent),
            None => before_body(&expression(value, self.style()), column, indent),
        };
        put_lines(&format!("{head} = {value}"), out);
    }

    /// An expression as it was written, in parentheses where one of its lines would start with `=`.
    fn written_before_body(&self, value: &Expr, block: Span, indent: usize) -> String {
        let text = self.expression(value, block, 0, indent);
        if !text.lines().skip(1).any(|line| line.trim_start().starts_with('=')) {
            return text;
        }
        let inner = indent.saturating_add(INDENT);
        let text = self.expression(value, block, 0, inner);
        format!("(\n{}{text}\n{})", " ".repeat(inner), " ".repeat(indent))
    }

    /// A head, and the body on the same line if it stands alone there and fits.
    pub(super) fn head_and_body(&self, head: &str, lines: Lines<'_>, body: &Expr, block: Span, out: &mut String) {
        let written = comments::written(self.source, body, block);
        let flat = expression(body, self.style());
        let line = format!("{head} = {}", flat.flat());
        let bare = lines.attributes.is_empty() && lines.locals.is_empty();
        let alone = bare && written.is_none() && !head.contains('\n');
        if alone && line.chars().count() <= WIDTH && !flat.has_comments() {
            return put_lines(&line, out);
        }
        put_lines(head, out);
        self.attributes(lines.attributes, out);
        lines.locals.iter().for_each(|local| self.local(local, block, out));
        let start = INDENT.saturating_add(2);
        put_lines(&format!("  = {}", self.expression(body, block, start, start)), out);
    }
}

/// What stands between a head and its body.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a> {
    pub(super) attributes: &'a [Attribute],
    pub(super) locals: &'a [Local],
}

/// A line that starts with a keyword.
pub(super) struct KeyedLine<'a> {
    pub(super) comments: &'a [Comment],
    pub(super) key: &'static str,
    pub(super) text: String,
}

impl KeyedLine<'_> {
    pub(super) fn new(key: &'static str, text: String) -> KeyedLine<'static> {
        KeyedLine { comments: &[], key, text }
    }
}

/// Lines with their texts aligned behind the keywords.
pub(super) fn put_keyed(lines: &[KeyedLine<'_>], out: &mut String) {
    let width = key_width(lines);
    for line in lines {
        put_comments(line.comments, "  ", out);
        let padding = " ".repeat(width.saturating_sub(line.key.chars().count()));
        put_lines(&format!("  {}{padding} {}", line.key, line.text), out);
    }
}

pub(super) fn key_width(lines: &[KeyedLine<'_>]) -> usize {
    lines.iter().map(|line| line.key.chars().count()).max().unwrap_or_default()
}

pub(super) fn put_comments(comments: &[Comment], inset: &str, out: &mut String) {
    for comment in comments {
        put_lines(&format!("{inset}{}", comment.text), out);
    }
}

/// A text with a line break behind it.
pub(super) fn put_lines(text: &str, out: &mut String) {
    out.push_str(text);
    out.push('\n');
}

/// An expression in parentheses where one of its lines would start with `=`.
fn before_body(doc: &Doc, column: usize, indent: usize) -> String {
    let text = doc.lay_out(column, indent, WIDTH);
    if !text.lines().skip(1).any(|line| line.trim_start().starts_with('=')) {
        return text;
    }
    parenthesised(doc.clone()).lay_out(column, indent, WIDTH)
}

/// Blocks of one kind and one line each need no blank line between them.
fn stand_together(above: &Item, below: &Item) -> bool {
    let alike = match (&above.kind, &below.kind) {
        (ItemKind::Import(_), ItemKind::Import(_)) => true,
        (ItemKind::Input(above), ItemKind::Input(below)) => above.attributes.is_empty() && below.attributes.is_empty(),
        _ => false,
    };
    alike && below.comments.is_empty()
}
