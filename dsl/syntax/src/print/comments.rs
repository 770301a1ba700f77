//! Comments as layout, and the text of expressions that have comments inside.

use super::doc::Doc;
use crate::token::Tokens;
use crate::tree::{Arguments, Comment, Domain, Expr, ExprKind, RangeExpr, Test, TestKind};
use crate::{Source, Span};

/// Comments on lines of their own.
pub(super) fn above(comments: &[Comment]) -> Vec<Doc> {
    comments.iter().map(|comment| Doc::Comment(comment.text.clone())).collect()
}

/// The text of an expression as it was written, where it has comments that the tree does not: the lines from the first
/// token to the last comment behind it, with the same indentation to each other. `block` is the block it belongs to.
pub(super) fn written(source: &Source, expr: &Expr, block: Span) -> Option<Vec<String>> {
    let text = source.text();
    let (start, end) = (expr.span.start as usize, expr.span.end as usize);
    let inside = Tokens::of(text, start, end).comments.len();
    let behind = last_comment(text, end, block.end as usize);
    if inside <= count(expr) && behind.is_none() {
        return None;
    }
    let written = text.get(start..behind.unwrap_or(end))?;
    Some(aligned(written))
}

/// Where the last comment ends that belongs to an expression that ends at `from`.
fn last_comment(text: &str, from: usize, to: usize) -> Option<usize> {
    let tokens = Tokens::of(text, from, to);
    let last = tokens.tokens.is_empty();
    let mut mine = tokens.comments.iter().filter(|comment| comment.before == 0 && (last || !comment.own_line));
    mine.next_back().map(|comment| comment.end as usize)
}

/// The lines without the indentation that all but the first share.
fn aligned(text: &str) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(|line| line.trim_end().replace('\t', "    ")).collect();
    let inset = |line: &String| line.len().saturating_sub(line.trim_start().len());
    let shared = lines.iter().skip(1).filter(|line| !line.is_empty()).map(inset).min().unwrap_or_default();
    let shift = |(index, line): (usize, &String)| {
        if index == 0 { line.clone() } else { line.get(shared..).unwrap_or_default().to_owned() }
    };
    lines.iter().enumerate().map(shift).collect()
}

/// How many comments the tree of an expression has.
fn count(expr: &Expr) -> usize {
    match &expr.kind {
        ExprKind::Path(of, _) | ExprKind::Negate(of) | ExprKind::InstanceOf(of, _) | ExprKind::Function(_, of) => {
            count(of)
        }
        ExprKind::Filter(left, right) | ExprKind::Binary(_, left, right) => sum([left.as_ref(), right.as_ref()]),
        ExprKind::Call(function, arguments) => count(function).saturating_add(count_arguments(arguments)),
        ExprKind::Between(one, two, three) | ExprKind::If(one, two, three) => {
            sum([one.as_ref(), two.as_ref(), three.as_ref()])
        }
        ExprKind::In(value, tests) => count(value).saturating_add(tests.iter().map(count_test).sum()),
        ExprKind::For(iterations, body) | ExprKind::Quantified(_, iterations, body) => {
            count(body).saturating_add(iterations.iter().map(|iteration| count_domain(&iteration.domain)).sum())
        }
        ExprKind::List(items) => sum(items),
        ExprKind::Context(entries) => {
            entries.iter().map(|entry| entry.comments.len().saturating_add(count(&entry.value))).sum()
        }
        ExprKind::Range(range) => count_range(range),
        _ => 0,
    }
}

fn sum<'e>(parts: impl IntoIterator<Item = &'e Expr>) -> usize {
    parts.into_iter().map(count).sum()
}

fn count_arguments(arguments: &Arguments) -> usize {
    match arguments {
        Arguments::Positional(values) => sum(values),
        Arguments::Named(values) => sum(values.iter().map(|(_, value)| value)),
    }
}

fn count_test(test: &Test) -> usize {
    match &test.kind {
        TestKind::Compare(_, value) | TestKind::Expression(value) => count(value),
    }
}

fn count_domain(domain: &Domain) -> usize {
    match domain {
        Domain::List(list) => count(list),
        Domain::Interval(from, to) => sum([from, to]),
    }
}

fn count_range(range: &RangeExpr) -> usize {
    sum(range.low.iter().chain(&range.high))
}
