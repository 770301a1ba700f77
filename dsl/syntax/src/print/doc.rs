//! Text that knows where it may break: a group stands on one line if it fits, and breaks at all its lines if not (Wadler 2003).

use std::borrow::Cow;

/// A piece of layout.
#[derive(Clone, Debug)]
pub(super) enum Doc {
    Text(Cow<'static, str>),
    /// A space, or a line break where its group breaks.
    Line,
    /// Nothing, or a line break where its group breaks.
    Soft,
    /// A comment and a line break; the groups around it break too. On one line there are none.
    Comment(String),
    Concat(Vec<Doc>),
    /// Its line breaks go two columns further in.
    Nest(Box<Doc>),
    Group(Box<Doc>),
}

/// Columns of one level.
pub(super) const INDENT: usize = 2;

impl Doc {
    pub(super) fn text(text: impl Into<Cow<'static, str>>) -> Doc {
        Doc::Text(text.into())
    }

    pub(super) fn nest(self) -> Doc {
        Doc::Nest(Box::new(self))
    }

    pub(super) fn group(self) -> Doc {
        Doc::Group(Box::new(self))
    }

    /// Things with a comma between them, inside brackets; `inner` is what stands next to the brackets.
    pub(super) fn bracketed(open: &'static str, items: Vec<Doc>, close: &'static str, inner: &Doc) -> Doc {
        if items.is_empty() {
            return Doc::Concat(vec![Doc::text(open), Doc::text(close)]);
        }
        let separator = Doc::Concat(vec![Doc::text(","), Doc::Line]);
        let body = Doc::Concat(vec![inner.clone(), Doc::joined(items, &separator)]).nest();
        Doc::Concat(vec![Doc::text(open), body, inner.clone(), Doc::text(close)]).group()
    }

    pub(super) fn joined(items: Vec<Doc>, separator: &Doc) -> Doc {
        let mut parts = Vec::with_capacity(items.len().saturating_mul(2));
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                parts.push(separator.clone());
            }
            parts.push(item);
        }
        Doc::Concat(parts)
    }

    /// On one line, whatever its length.
    pub(super) fn flat(&self) -> String {
        let mut out = String::new();
        let mut stack = vec![self];
        while let Some(doc) = stack.pop() {
            match doc {
                Doc::Text(text) => out.push_str(text),
                Doc::Line => out.push(' '),
                Doc::Soft | Doc::Comment(_) => {}
                Doc::Concat(parts) => stack.extend(parts.iter().rev()),
                Doc::Nest(inner) | Doc::Group(inner) => stack.push(inner),
            }
        }
        out
    }

    /// Whether it has comments, which need lines of their own.
    pub(super) fn has_comments(&self) -> bool {
        match self {
            Doc::Comment(_) => true,
            Doc::Concat(parts) => parts.iter().any(Doc::has_comments),
            Doc::Nest(inner) | Doc::Group(inner) => inner.has_comments(),
            _ => false,
        }
    }

    /// Within a width; the text starts at `column`, and lines that it breaks into start at `indent`.
    pub(super) fn lay_out(&self, column: usize, indent: usize, width: usize) -> String {
        let mut layout = Layout { out: String::new(), column, width };
        let mut stack = vec![(indent, Mode::Broken, self)];
        while let Some(frame) = stack.pop() {
            layout.step(frame, &mut stack);
        }
        layout.out
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Flat,
    Broken,
}

type Frame<'d> = (usize, Mode, &'d Doc);

struct Layout {
    out: String,
    column: usize,
    width: usize,
}

impl Layout {
    fn step<'d>(&mut self, (indent, mode, doc): Frame<'d>, stack: &mut Vec<Frame<'d>>) {
        match doc {
            Doc::Text(text) => self.put(text),
            Doc::Line if mode == Mode::Flat => self.put(" "),
            Doc::Soft if mode == Mode::Flat => {}
            Doc::Line | Doc::Soft => self.break_line(indent),
            Doc::Comment(text) => {
                self.put(text);
                self.break_line(indent);
            }
            Doc::Concat(parts) => stack.extend(parts.iter().rev().map(|part| (indent, mode, part))),
            Doc::Nest(inner) => stack.push((indent.saturating_add(INDENT), mode, inner)),
            Doc::Group(inner) => {
                let mode = if mode == Mode::Flat || self.fits(inner, stack) { Mode::Flat } else { Mode::Broken };
                stack.push((indent, mode, inner));
            }
        }
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
        self.column = self.column.saturating_add(text.chars().count());
    }

    fn break_line(&mut self, indent: usize) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    /// Whether a group fits on the rest of the line, with what follows up to the next break.
    fn fits(&self, group: &Doc, rest: &[Frame<'_>]) -> bool {
        let mut left = self.width.saturating_sub(self.column);
        let mut stack = vec![(Mode::Flat, group)];
        let mut behind = rest.iter().rev();
        loop {
            let (mode, doc) = match stack.pop() {
                Some(next) => next,
                None => match behind.next() {
                    Some((_, mode, doc)) => (*mode, *doc),
                    None => return true,
                },
            };
            let taken = match doc {
                Doc::Text(text) => text.chars().count(),
                Doc::Line | Doc::Soft if mode == Mode::Broken => return true,
                Doc::Comment(_) => return mode == Mode::Broken,
                Doc::Line => 1,
                Doc::Soft => 0,
                Doc::Concat(parts) => {
                    stack.extend(parts.iter().rev().map(|part| (mode, part)));
                    0
                }
                Doc::Nest(inner) | Doc::Group(inner) => {
                    stack.push((mode, inner));
                    0
                }
            };
            let Some(still) = left.checked_sub(taken) else { return false };
            left = still;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(items: &[&'static str]) -> Doc {
        let items = items.iter().map(|item| Doc::text(*item)).collect();
        Doc::Concat(vec![Doc::text("f"), Doc::bracketed("(", items, ")", &Doc::Soft)])
    }

    #[test]
    fn a_group_breaks_where_it_does_not_fit() {
        for (width, expected) in [(80, "f(uno, dos)"), (8, "f(\n  uno,\n  dos\n)")] {
            assert_eq!(call(&["uno", "dos"]).lay_out(0, 0, width), expected);
        }
        assert_eq!(call(&["uno", "dos"]).flat(), "f(uno, dos)");
    }

    #[test]
    fn what_follows_a_group_counts() {
        let doc = Doc::Concat(vec![call(&["uno", "dos"]), Doc::text(" + mil")]);
        assert_eq!(doc.lay_out(0, 0, 12), "f(\n  uno,\n  dos\n) + mil");
    }
}
