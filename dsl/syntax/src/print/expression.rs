//! Expressions as text, with as few parentheses as the grammar allows.

use super::doc::Doc;
use super::types::{declared_type, feel_type};
use super::words::{self, Quoting};
use crate::keyword::Keyword;
use crate::tree::{
    Arguments, BinaryOp, Comparison, Domain, Entry, Expr, ExprKind, Iteration, Name, Quantifier, RangeExpr, Spelling,
    Test, TestKind, Tests, TestsKind, TypeExpr,
};

/// How to print.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// How names with spaces are written; [`Quoting::Native`] is FEEL and nothing else.
    pub(super) quoting: Quoting,
    /// The spelling of our own words, which only [`Quoting::Quotes`] has.
    pub(super) spelling: Spelling,
}

impl Style {
    /// As DMN has it.
    pub(super) const FEEL: Style = Style { quoting: Quoting::Native, spelling: Spelling::Spanish };

    /// As files of rules have it.
    pub(super) const fn regla(spelling: Spelling) -> Style {
        Style { quoting: Quoting::Quotes, spelling }
    }
}

/// How tightly an expression holds together; the same levels as the parser's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Whole,
    Or,
    And,
    Comparison,
    Additive,
    Multiplicative,
    Exponent,
    Negation,
    Postfix,
}

/// An expression.
pub(super) fn expression(expr: &Expr, style: Style) -> Doc {
    match &expr.kind {
        ExprKind::Error => Doc::text("null"),
        ExprKind::Null => Doc::text("null"),
        ExprKind::Boolean(value) => Doc::text(if *value { "true" } else { "false" }),
        ExprKind::Number(digits) => Doc::text(digits.clone()),
        ExprKind::Text(text) => Doc::text(words::quoted(text)),
        ExprKind::At(text) => Doc::text(format!("@{}", words::quoted(text))),
        ExprKind::Name(name) => Doc::text(words::reference(name, style.quoting)),
        ExprKind::Tested => Doc::text("?"),
        ExprKind::Path(of, name) => path(of, name, style),
        ExprKind::Filter(of, condition) => filter(of, condition, style),
        ExprKind::Call(function, arguments) => call(function, arguments, style),
        ExprKind::Negate(operand) => Doc::Concat(vec![Doc::text("-"), operand_at(operand, Level::Negation, style)]),
        ExprKind::Binary(op, left, right) => binary(*op, left, right, style),
        ExprKind::Between(value, low, high) => between(value, low, high, style),
        ExprKind::In(value, tests) => membership(value, tests, style),
        ExprKind::InstanceOf(value, ty) => instance_of(value, ty, style),
        ExprKind::If(..) => conditional(expr, style),
        ExprKind::For(iterations, body) => loops("for", iterations, "return", body, style),
        ExprKind::Quantified(quantifier, iterations, body) => {
            let word = if *quantifier == Quantifier::Some { "some" } else { "every" };
            loops(word, iterations, "satisfies", body, style)
        }
        ExprKind::List(items) => {
            let items = items.iter().map(|item| expression(item, style)).collect();
            Doc::bracketed("[", items, "]", &Doc::Soft)
        }
        ExprKind::Context(entries) => context(entries, style),
        ExprKind::Range(range) => range_literal(range, style),
        ExprKind::Function(parameters, body) => function(parameters, body, style),
        ExprKind::External(context) => Doc::Concat(vec![Doc::text("external "), expression(context, style)]),
        ExprKind::Typed(value, ty) => typed(value, ty, style),
        ExprKind::Unreadable(text) => unreadable(text, style),
    }
}

/// The tests of a cell.
pub(super) fn tests(tests: &Tests, style: Style) -> Doc {
    match &tests.kind {
        TestsKind::Any | TestsKind::Error => Doc::text("-"),
        TestsKind::AnyOf(tests) => match tests.as_slice() {
            [Test { kind: TestKind::Expression(expr), .. }] if is_call_of_not(expr) => {
                parenthesised(expression(expr, style))
            }
            several => separated(several, style),
        },
        TestsKind::NoneOf(tests) => Doc::Concat(vec![Doc::text("not("), separated(tests, style), Doc::text(")")]),
    }
}

/// Tests between parentheses.
pub(super) fn tests_in_parentheses(tests: &[Test], style: Style) -> Doc {
    let items = tests.iter().map(|each| test(each, style)).collect();
    Doc::bracketed("(", items, ")", &Doc::Soft)
}

fn separated(tests: &[Test], style: Style) -> Doc {
    Doc::joined(tests.iter().map(|each| test(each, style)).collect(), &Doc::text(", "))
}

/// One test.
pub(super) fn test(test: &Test, style: Style) -> Doc {
    match &test.kind {
        TestKind::Compare(op, value) => {
            let sign = format!("{} ", comparison(*op));
            Doc::Concat(vec![Doc::text(sign), operand_at(value, Level::Additive, style)])
        }
        TestKind::Expression(expr) => expression(expr, style),
    }
}

/// An expression, in parentheses where it holds together less than it must.
pub(super) fn operand_at(expr: &Expr, least: Level, style: Style) -> Doc {
    let doc = expression(expr, style);
    if level(expr) < least { parenthesised(doc) } else { doc }
}

pub(super) fn level(expr: &Expr) -> Level {
    match &expr.kind {
        ExprKind::If(..) | ExprKind::For(..) | ExprKind::Quantified(..) | ExprKind::Function(..) => Level::Whole,
        ExprKind::Binary(op, ..) => binary_level(*op),
        ExprKind::Between(..) | ExprKind::In(..) | ExprKind::InstanceOf(..) => Level::Comparison,
        ExprKind::Negate(_) => Level::Negation,
        _ => Level::Postfix,
    }
}

fn binary_level(op: BinaryOp) -> Level {
    match op {
        BinaryOp::Or => Level::Or,
        BinaryOp::And => Level::And,
        BinaryOp::Compare(_) => Level::Comparison,
        BinaryOp::Add | BinaryOp::Subtract => Level::Additive,
        BinaryOp::Multiply | BinaryOp::Divide => Level::Multiplicative,
        BinaryOp::Power => Level::Exponent,
    }
}

fn tighter(level: Level) -> Level {
    match level {
        Level::Whole => Level::Or,
        Level::Or => Level::And,
        Level::And => Level::Comparison,
        Level::Comparison => Level::Additive,
        Level::Additive => Level::Multiplicative,
        Level::Multiplicative => Level::Exponent,
        Level::Exponent => Level::Negation,
        Level::Negation | Level::Postfix => Level::Postfix,
    }
}

pub(super) fn parenthesised(doc: Doc) -> Doc {
    Doc::Concat(vec![Doc::text("("), Doc::Concat(vec![Doc::Soft, doc]).nest(), Doc::Soft, Doc::text(")")]).group()
}

// What follows a value.

fn path(of: &Expr, name: &Name, style: Style) -> Doc {
    let name = words::reference(&name.text, style.quoting);
    Doc::Concat(vec![operand_at(of, Level::Postfix, style), Doc::text("."), Doc::text(name)])
}

fn filter(of: &Expr, condition: &Expr, style: Style) -> Doc {
    let condition = Doc::bracketed("[", vec![expression(condition, style)], "]", &Doc::Soft);
    Doc::Concat(vec![operand_at(of, Level::Postfix, style), condition])
}

fn call(function: &Expr, arguments: &Arguments, style: Style) -> Doc {
    let items = match arguments {
        Arguments::Positional(values) => values.iter().map(|value| expression(value, style)).collect(),
        Arguments::Named(values) => values.iter().map(|(name, value)| argument(name, value, style)).collect(),
    };
    let callee = operand_at(function, Level::Postfix, style);
    // A variable that is called `function`: without parentheses around it, what follows would be parameters.
    let is_keyword = matches!(&function.kind, ExprKind::Name(name) if name == "function");
    let callee = if is_keyword { Doc::Concat(vec![Doc::text("("), callee, Doc::text(")")]) } else { callee };
    Doc::Concat(vec![callee, Doc::bracketed("(", items, ")", &Doc::Soft)])
}

/// The names of parameters of FEEL have spaces, such as `start position`.
fn argument(name: &Name, value: &Expr, style: Style) -> Doc {
    if name.text.split(' ').all(words::is_plain) {
        return Doc::Concat(vec![Doc::text(format!("{}: ", name.text)), expression(value, style)]);
    }
    entry(name, value, style)
}

fn entry(name: &Name, value: &Expr, style: Style) -> Doc {
    let name = format!("{}: ", words::key(&name.text, style.quoting));
    Doc::Concat(vec![Doc::text(name), expression(value, style)])
}

fn is_call_of_not(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Call(function, _) if matches!(&function.kind, ExprKind::Name(name) if name == "not"))
}

/// `(value : type)`; in FEEL, which has no such form, a call of a function with a parameter of that type.
fn typed(value: &Expr, ty: &TypeExpr, style: Style) -> Doc {
    let value = expression(value, style);
    if style.quoting == Quoting::Native {
        let function = format!("(function(v: {}) v)", feel_type(ty, style.quoting));
        return Doc::Concat(vec![Doc::text(function), Doc::bracketed("(", vec![value], ")", &Doc::Soft)]);
    }
    Doc::Concat(vec![
        Doc::text("("),
        Doc::Concat(vec![Doc::Soft, value, Doc::text(" : "), declared_type(ty, style.spelling)]).nest(),
        Doc::Soft,
        Doc::text(")"),
    ])
    .group()
}

/// `ilegible "…"`; for DMN the text as it was there.
fn unreadable(text: &str, style: Style) -> Doc {
    if style.quoting == Quoting::Native {
        return Doc::text(text.to_owned());
    }
    Doc::text(format!("{} {}", Keyword::Unreadable.text(style.spelling), words::quoted(text)))
}

// Operators.

fn binary(op: BinaryOp, left: &Expr, right: &Expr, style: Style) -> Doc {
    let level = binary_level(op);
    let mut links = vec![link(op, right, level, style)];
    let mut first = left;
    // A chain of operators of one level is one group: it breaks before each of them or before none.
    while let ExprKind::Binary(inner, left, right) = &first.kind {
        if binary_level(*inner) != level || level == Level::Comparison {
            break;
        }
        links.push(link(*inner, right, level, style));
        first = left;
    }
    links.reverse();
    let least = if level == Level::Comparison { Level::Additive } else { level };
    Doc::Concat(vec![operand_at(first, least, style), Doc::Concat(links).nest()]).group()
}

fn link(op: BinaryOp, right: &Expr, level: Level, style: Style) -> Doc {
    let right = operand_at(right, tighter(level), style);
    let right = if op == BinaryOp::And { behind_and(right) } else { right };
    Doc::Concat(vec![Doc::Line, Doc::text(format!("{} ", operator(op))), right])
}

/// `date and time` would be one name.
fn behind_and(doc: Doc) -> Doc {
    let joins = ["time", "months"].iter().any(|word| doc.flat().starts_with(word));
    if joins { parenthesised(doc) } else { doc }
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Compare(op) => comparison(op),
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Power => "**",
    }
}

pub(crate) fn comparison(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn between(value: &Expr, low: &Expr, high: &Expr, style: Style) -> Doc {
    let operand = |expr| operand_at(expr, Level::Additive, style);
    Doc::Concat(vec![
        operand(value),
        Doc::Concat(vec![
            Doc::Line,
            Doc::text("between "),
            operand(low),
            Doc::text(" and "),
            behind_and(operand(high)),
        ])
        .nest(),
    ])
    .group()
}

fn membership(value: &Expr, tests: &[Test], style: Style) -> Doc {
    let value = operand_at(value, Level::Additive, style);
    Doc::Concat(vec![value, Doc::text(" in "), members(tests, style)])
}

fn members(tests: &[Test], style: Style) -> Doc {
    let [only] = tests else { return tests_in_parentheses(tests, style) };
    let doc = test(only, style);
    let bare = match &only.kind {
        TestKind::Compare(..) => true,
        TestKind::Expression(expr) => level(expr) >= Level::Additive && !opens_with_comparison(&doc),
    };
    if bare { doc } else { parenthesised(doc) }
}

/// Whether a text starts with `(>= …`, which behind `in` would be a test and not a range.
fn opens_with_comparison(doc: &Doc) -> bool {
    let text = doc.flat();
    let inner = text.trim_start_matches('(');
    inner.len() < text.len() && inner.starts_with(['<', '>', '=', '!'])
}

fn instance_of(value: &Expr, ty: &TypeExpr, style: Style) -> Doc {
    let value = operand_at(value, Level::Postfix, style);
    Doc::Concat(vec![value, Doc::text(" instance of "), Doc::text(feel_type(ty, style.quoting))])
}

// Expressions that start with a keyword.

/// `if … then …`, `else if … then …`, …, `else …` below each other.
fn conditional(expr: &Expr, style: Style) -> Doc {
    let mut parts = Vec::new();
    let mut rest = expr;
    while let ExprKind::If(condition, then, otherwise) = &rest.kind {
        let word = if parts.is_empty() { "if " } else { "else if " };
        if !parts.is_empty() {
            parts.push(Doc::Line);
        }
        let then = Doc::Concat(vec![Doc::Line, Doc::text("then "), expression(then, style)]);
        let condition = Doc::Concat(vec![Doc::text(word), expression(condition, style)]);
        parts.push(Doc::Concat(vec![condition, then.nest()]).group());
        rest = otherwise;
    }
    parts.push(Doc::Line);
    parts.push(Doc::Concat(vec![Doc::text("else "), expression(rest, style).nest()]));
    Doc::Concat(parts).group()
}

fn loops(word: &'static str, iterations: &[Iteration], then: &'static str, body: &Expr, style: Style) -> Doc {
    let iterations = iterations.iter().map(|iteration| self::iteration(iteration, style)).collect();
    let separator = Doc::Concat(vec![Doc::text(","), Doc::Line]);
    let head = Doc::Concat(vec![Doc::text(word), Doc::text(" "), Doc::joined(iterations, &separator).nest()]).group();
    let body = Doc::Concat(vec![Doc::Line, Doc::text(then), Doc::text(" "), expression(body, style)]);
    Doc::Concat(vec![head, body.nest()]).group()
}

fn iteration(iteration: &Iteration, style: Style) -> Doc {
    let name = format!("{} in ", words::declared(&iteration.name.text, style.quoting));
    let domain = match &iteration.domain {
        Domain::List(list) => expression(list, style),
        Domain::Interval(from, to) => {
            Doc::Concat(vec![expression(from, style), Doc::text(".."), expression(to, style)])
        }
    };
    Doc::Concat(vec![Doc::text(name), domain])
}

fn function(parameters: &[(Name, Option<TypeExpr>)], body: &Expr, style: Style) -> Doc {
    let parameters = parameters.iter().map(|(name, ty)| {
        let name = words::declared(&name.text, style.quoting);
        let ty = ty.as_ref().map(|ty| format!(": {}", feel_type(ty, style.quoting))).unwrap_or_default();
        Doc::text(format!("{name}{ty}"))
    });
    let parameters = Doc::bracketed("(", parameters.collect(), ")", &Doc::Soft);
    Doc::Concat(vec![Doc::text("function"), parameters, Doc::text(" "), expression(body, style)])
}

// Contexts and ranges.

fn context(entries: &[Entry], style: Style) -> Doc {
    let entries = entries.iter().map(|entry| {
        let mut parts = super::comments::above(&entry.comments);
        parts.push(self::entry(&entry.name, &entry.value, style));
        Doc::Concat(parts)
    });
    Doc::bracketed("{", entries.collect(), "}", &Doc::Line)
}

fn range_literal(range: &RangeExpr, style: Style) -> Doc {
    let (Some(low), Some(high)) = (&range.low, &range.high) else { return half_range(range, style) };
    let open = if range.low_closed { "[" } else { "(" };
    let close = if range.high_closed { "]" } else { ")" };
    let inner =
        vec![Doc::text(open), expression(low, style), Doc::text(".."), expression(high, style), Doc::text(close)];
    Doc::Concat(inner)
}

/// A range without one of its ends.
fn half_range(range: &RangeExpr, style: Style) -> Doc {
    let (sign, end) = match (&range.low, &range.high) {
        (Some(low), _) => (if range.low_closed { ">= " } else { "> " }, low),
        (None, Some(high)) => (if range.high_closed { "<= " } else { "< " }, high),
        (None, None) => return Doc::text("null"),
    };
    Doc::Concat(vec![Doc::text("("), Doc::text(sign), operand_at(end, Level::Additive, style), Doc::text(")")])
}
