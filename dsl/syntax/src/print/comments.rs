//! Comments as layout, and the text of expressions that have comments inside.

use super::doc::Doc;
use crate::token::Tokens;
use crate::tree::{Comment, Expr, ExprKind, TestKind, Tests, TestsKind, TypeExpr, TypeKind};
use crate::{Source, Span, walk};

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

/// Where the last comment ends that belongs to an expression that ends at `from`: those behind it on its line, and where
/// nothing else follows in the block all of them.
fn last_comment(text: &str, from: usize, to: usize) -> Option<usize> {
    let tokens = Tokens::of(text, from, to);
    let last = tokens.tokens.is_empty();
    let own_line = |start: u32| text.get(from..start as usize).is_some_and(|between| between.contains('\n'));
    let mut mine = tokens.comments.iter().filter(|comment| comment.before == 0 && (last || !own_line(comment.start)));
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
    let mut comments = match &expr.kind {
        ExprKind::Context(entries) => entries.iter().map(|entry| entry.comments.len()).sum::<usize>(),
        ExprKind::Typed(_, ty) => count_in_type(ty),
        _ => 0,
    };
    walk::children(expr, &mut |child| comments = comments.saturating_add(count(child)));
    comments
}

/// How many comments the tree of a type has.
fn count_in_type(ty: &TypeExpr) -> usize {
    match &ty.kind {
        TypeKind::Error | TypeKind::Name(_) | TypeKind::Choice(_) => 0,
        TypeKind::List(of) | TypeKind::Range(of) | TypeKind::Optional(of) => count_in_type(of),
        TypeKind::WithUnit(of, ..) => count_in_type(of),
        TypeKind::Tested(of, tests) => count_in_type(of).saturating_add(count_in_tests(tests)),
        TypeKind::Where(of, condition) => count_in_type(of).saturating_add(count(condition)),
        TypeKind::Record(fields) => {
            fields.iter().map(|field| field.comments.len().saturating_add(count_in_type(&field.ty))).sum()
        }
        TypeKind::Function(parameters, result) => {
            parameters.iter().map(count_in_type).sum::<usize>().saturating_add(count_in_type(result))
        }
    }
}

fn count_in_tests(tests: &Tests) -> usize {
    match &tests.kind {
        TestsKind::Any | TestsKind::Error => 0,
        TestsKind::AnyOf(tests) | TestsKind::NoneOf(tests) => {
            let values = tests.iter().map(|test| match &test.kind {
                TestKind::Compare(_, value) | TestKind::Expression(value) => count(value),
            });
            values.sum()
        }
    }
}
