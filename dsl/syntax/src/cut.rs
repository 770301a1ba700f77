//! Cuts a file into blocks and a block into rows and text, with pest.

use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;
use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "grammar/blocks.pest"]
struct Grammar;

/// A piece of a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    /// A comment outside blocks.
    Comment(Range<usize>),
    /// A block: from a line that starts in column 1 to the next.
    Block(Range<usize>),
    /// Indented text above every block.
    Stray(Range<usize>),
}

/// A part of a block.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    /// A line that starts with a stroke.
    Row(Range<usize>),
    /// Other lines.
    Text(Range<usize>),
}

/// The pieces of a file, in order.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let Ok(pairs) = Grammar::parse(Rule::file, text) else {
        return vec![Piece::Block(0..text.len())];
    };
    pairs.flat_map(Pair::into_inner).filter_map(|pair| piece(pair.as_rule(), trimmed(pair.as_span()))).collect()
}

/// The parts of the block at `range`, in order.
pub(crate) fn parts(text: &str, range: Range<usize>) -> Vec<Part> {
    let block = text.get(range.clone()).unwrap_or_default();
    let Ok(pairs) = Grammar::parse(Rule::parts, block) else {
        return vec![Part::Text(range)];
    };
    pairs
        .flat_map(Pair::into_inner)
        .filter_map(|pair| part(pair.as_rule(), shifted(pair.as_span(), range.start)))
        .collect()
}

fn piece(rule: Rule, range: Range<usize>) -> Option<Piece> {
    match rule {
        Rule::comment => Some(Piece::Comment(range)),
        Rule::block => Some(Piece::Block(range)),
        Rule::stray => Some(Piece::Stray(range)),
        _ => None,
    }
}

fn part(rule: Rule, range: Range<usize>) -> Option<Part> {
    match rule {
        Rule::row => Some(Part::Row(range)),
        Rule::text => Some(Part::Text(range)),
        _ => None,
    }
}

/// The range of a match without the blanks after it.
fn trimmed(span: pest::Span<'_>) -> Range<usize> {
    span.start()..span.start().saturating_add(span.as_str().trim_end().len())
}

fn shifted(span: pest::Span<'_>, base: usize) -> Range<usize> {
    let range = trimmed(span);
    range.start.saturating_add(base)..range.end.saturating_add(base)
}
