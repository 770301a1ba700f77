//! Comments inside of FEEL texts, which their trees do not have: they stay above the row or entry that they are of, or
//! in the note of the element.

use dictamen_syntax::Span;
use dictamen_syntax::tree::Comment;

/// The lines of the comments in a FEEL text.
pub(super) fn of(text: &str, span: Span) -> Vec<Comment> {
    let mut remarks = Vec::new();
    let mut rest = text;
    while let Some((at, kind)) = next(rest) {
        let opened = rest.get(at..).unwrap_or_default();
        let (inside, after) = split(opened, kind);
        if kind != Kind::Text {
            let lines = inside.lines().map(|line| line.trim().trim_start_matches(['*', '/']).trim());
            let lines = lines.filter(|line| !line.is_empty());
            remarks.extend(lines.map(|line| Comment { text: format!("// {line}"), span }));
        }
        rest = after;
    }
    remarks
}

/// What may not be read as what it looks like: a string, and comments of both forms.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Line,
    Block,
}

/// Where the first of them opens.
fn next(text: &str) -> Option<(usize, Kind)> {
    let kinds = [("\"", Kind::Text), ("//", Kind::Line), ("/*", Kind::Block)];
    let found = kinds.into_iter().filter_map(|(open, kind)| Some((text.find(open)?, kind)));
    found.min_by_key(|(at, _)| *at)
}

/// What stands inside, and what follows.
fn split(opened: &str, kind: Kind) -> (&str, &str) {
    match kind {
        Kind::Text => {
            let inner = opened.strip_prefix('"').unwrap_or_default();
            let mut escaped = false;
            let end = inner.find(|letter| {
                let ends = letter == '"' && !escaped;
                escaped = letter == '\\' && !escaped;
                ends
            });
            end.and_then(|end| inner.split_at_checked(end))
                .map_or((inner, ""), |(inside, rest)| (inside, rest.strip_prefix('"').unwrap_or_default()))
        }
        Kind::Line => {
            let inner = opened.strip_prefix("//").unwrap_or_default();
            inner.split_once('\n').unwrap_or((inner, ""))
        }
        Kind::Block => {
            let inner = opened.strip_prefix("/*").unwrap_or_default();
            inner.split_once("*/").unwrap_or((inner, ""))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_hold_no_comments() {
        for (text, expected) in [
            ("1 + 2", vec![]),
            ("1 // uno\n+ 2 /* dos\n * tres */ // y cuatro", vec!["// uno", "// dos", "// tres", "// y cuatro"]),
            ("\"http://x\" + \"\\\"//\" // sí", vec!["// sí"]),
            ("\"abierto // no", vec![]),
            ("a / b", vec![]),
            ("/**/ 1 //", vec![]),
        ] {
            let found: Vec<String> = of(text, Span::default()).into_iter().map(|comment| comment.text).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
