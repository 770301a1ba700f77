//! Writes a tree as indented text, complete but for spans: for `dictamen dump --stage syntax`, and to compare trees.

mod blocks;
mod expression;

use std::fmt::Display;

use crate::tree::{Attribute, Comment, Expr, File, Spelling};

/// The tree of a file as indented text, one node a line; two trees have the same text if they are equal up to spans.
pub fn dump(file: &File) -> String {
    let mut out = Writer { out: String::new(), level: 0 };
    out.line(if file.spelling == Spelling::Spanish { "file es" } else { "file en" });
    out.inside(|out| {
        if let Some(header) = &file.header {
            out.header(header);
        }
        file.items.iter().for_each(|item| out.item(item));
        out.comments("trailing", &file.trailing);
    });
    out.out
}

/// The tree of an expression as indented text.
pub fn dump_expression(expr: &Expr) -> String {
    let mut out = Writer { out: String::new(), level: 0 };
    out.expression(expr);
    out.out
}

/// Lines, each at its level.
struct Writer {
    out: String,
    level: usize,
}

impl Writer {
    fn line(&mut self, text: impl Display) {
        let text = text.to_string().replace('\n', "\\n");
        self.out.extend(std::iter::repeat_n("  ", self.level));
        self.out.push_str(&text);
        self.out.push('\n');
    }

    fn inside(&mut self, write: impl FnOnce(&mut Self)) {
        self.level = self.level.saturating_add(1);
        write(self);
        self.level = self.level.saturating_sub(1);
    }

    /// A line with others below it.
    fn node(&mut self, text: impl Display, write: impl FnOnce(&mut Self)) {
        self.line(text);
        self.inside(write);
    }

    fn comments(&mut self, word: &str, comments: &[Comment]) {
        comments.iter().for_each(|comment| self.line(format_args!("{word} {}", comment.text)));
    }

    fn attributes(&mut self, attributes: &[Attribute]) {
        for attribute in attributes {
            self.comments("comment", &attribute.comments);
            self.line(format_args!("attribute {:?} {:?}", attribute.key, attribute.text));
        }
    }
}
