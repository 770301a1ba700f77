//! Patterns without back-references as the regex crate runs them: in time linear in the text.

use regex::{Regex, RegexBuilder};

use super::syntax::{Node, Syntax};
use super::{Flags, Groups, too_large};
use crate::FunctionError;

/// The most memory that a compiled pattern may take, in bytes.
const COMPILED_BYTES_LIMIT: usize = 4 << 20;
/// The longest pattern in the crate's own syntax, in bytes.
const TRANSLATED_BYTES_LIMIT: usize = 1 << 20;
/// The most memory for what the crate remembers while it runs, in bytes.
const REMEMBERED_BYTES_LIMIT: usize = 1 << 20;

/// Compiles a pattern; its nesting was limited when it was read.
pub(super) fn compile(syntax: &Syntax, flags: Flags, pattern: &str) -> Result<Regex, FunctionError> {
    let mut translated = String::new();
    write(&syntax.node, flags, &mut translated);
    if translated.len() > TRANSLATED_BYTES_LIMIT {
        return Err(too_large(pattern, TRANSLATED_BYTES_LIMIT));
    }
    RegexBuilder::new(&translated)
        .size_limit(COMPILED_BYTES_LIMIT)
        .dfa_size_limit(REMEMBERED_BYTES_LIMIT)
        .build()
        .map_err(|_| too_large(pattern, COMPILED_BYTES_LIMIT))
}

/// The first match at or after a position.
pub(super) fn find(regex: &Regex, text: &str, from: usize) -> Option<Groups> {
    let captures = regex.captures_at(text, from)?;
    Some(Groups(captures.iter().map(|group| group.map(|group| (group.start(), group.end()))).collect()))
}

/// Writes a pattern in the regex crate's syntax; stops where that is too long.
fn write(node: &Node, flags: Flags, out: &mut String) {
    if out.len() > TRANSLATED_BYTES_LIMIT {
        return;
    }
    match node {
        Node::Character(set) => set.write(out),
        Node::Start => out.push_str(if flags.multi_line { "(?m:^)" } else { r"\A" }),
        Node::End => out.push_str(if flags.multi_line { "(?m:$)" } else { r"\z" }),
        Node::Group { number, node } => {
            out.push_str(if number.is_some() { "(" } else { "(?:" });
            write(node, flags, out);
            out.push(')');
        }
        Node::Sequence(nodes) => nodes.iter().for_each(|node| write(node, flags, out)),
        Node::Choice(nodes) => {
            for (position, node) in nodes.iter().enumerate() {
                out.push_str(if position == 0 { "" } else { "|" });
                write(node, flags, out);
            }
        }
        Node::Repeat { node, least, most, reluctant } => {
            out.push_str("(?:");
            write(node, flags, out);
            out.push_str(&format!("){{{least},"));
            most.iter().for_each(|most| out.push_str(&most.to_string()));
            out.push_str(if *reluctant { "}?" } else { "}" });
        }
        // Patterns with back-references run elsewhere.
        Node::Again(_) => {}
    }
}
