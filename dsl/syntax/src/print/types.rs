//! Types as text: as declarations spell them, and as FEEL does inside expressions.

use super::comments;
use super::doc::{Doc, INDENT};
use super::expression::{Style, expression, test, tests_in_parentheses};
use super::words::{self, Quoting};
use crate::keyword::{self, Keyword};
use crate::tree::{
    Comparison, Expr, ExprKind, FieldDeclaration, Name, Spelling, Test, TestKind, Tests, TestsKind, TypeExpr, TypeKind,
};

/// A type in a declaration.
pub(super) fn declared_type(ty: &TypeExpr, spelling: Spelling) -> Doc {
    let word = |keyword: Keyword| keyword.text(spelling);
    match &ty.kind {
        TypeKind::Error => Doc::text("?"),
        TypeKind::Name(name) => Doc::text(type_name(name, spelling)),
        TypeKind::WithUnit(of, above, below) => {
            let unit = unit(above, below);
            Doc::Concat(vec![declared_type(of, spelling), Doc::text(format!(" {} {unit}", word(Keyword::In)))])
        }
        TypeKind::List(of) => element(Keyword::List, of, spelling),
        TypeKind::Range(of) => element(Keyword::Range, of, spelling),
        TypeKind::Record(fields) => record(fields, spelling),
        TypeKind::Choice(choices) => choice(choices, spelling),
        TypeKind::Optional(of) => Doc::Concat(vec![primary(of, spelling), Doc::text("?")]),
        TypeKind::Tested(of, tests) => tested(of, tests, spelling),
        TypeKind::Where(of, condition) => {
            let condition = expression(condition, Style::regla(spelling));
            let condition = Doc::Concat(vec![Doc::Line, Doc::text(word(Keyword::Where)), Doc::text(" "), condition]);
            Doc::Concat(vec![before_where(of, spelling), condition.nest()]).group()
        }
        TypeKind::Function(parameters, result) => {
            let parameters = parameters.iter().map(|parameter| declared_type(parameter, spelling)).collect();
            let parameters = Doc::bracketed("(", parameters, ")", &Doc::Soft);
            let result = declared_type(result, spelling);
            Doc::Concat(vec![Doc::text(word(Keyword::Function)), parameters, Doc::text(" : "), result])
        }
    }
}

/// A type in front of `=`: a condition at its end would swallow the body, so the type goes into parentheses.
pub(super) fn type_before_body(ty: &TypeExpr, spelling: Spelling) -> Doc {
    let doc = declared_type(ty, spelling);
    if ends_in_condition(ty) { in_parentheses(doc) } else { doc }
}

/// The fields of a record below each other, with their types aligned.
pub(super) fn aligned_fields(fields: &[FieldDeclaration], spelling: Spelling) -> Vec<String> {
    let names: Vec<String> = fields.iter().map(|field| field_name(&field.name.text)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    let mut lines = Vec::new();
    for (field, name) in fields.iter().zip(names) {
        lines.extend(field.comments.iter().map(|comment| comment.text.clone()));
        let padding = " ".repeat(width.saturating_sub(name.chars().count()));
        let column = width.saturating_add(INDENT).saturating_add(3);
        let ty = declared_type(&field.ty, spelling).lay_out(column, INDENT, super::WIDTH);
        lines.push(format!("{name}{padding} : {ty}"));
    }
    lines
}

fn element(keyword: Keyword, of: &TypeExpr, spelling: Spelling) -> Doc {
    let words = format!("{} {} ", keyword.text(spelling), Keyword::Of.text(spelling));
    Doc::Concat(vec![Doc::text(words), declared_type(of, spelling)])
}

fn record(fields: &[FieldDeclaration], spelling: Spelling) -> Doc {
    let fields = fields.iter().map(|field| {
        let mut parts = comments::above(&field.comments);
        parts.push(Doc::text(format!("{}: ", field_name(&field.name.text))));
        parts.push(declared_type(&field.ty, spelling));
        Doc::Concat(parts)
    });
    Doc::bracketed("{", fields.collect(), "}", &Doc::Line)
}

fn field_name(name: &str) -> String {
    words::key(name, Quoting::Quotes)
}

/// The stroke stands at the end of the line: a line that starts with one is a row.
fn choice(choices: &[Expr], spelling: Spelling) -> Doc {
    let choices = choices.iter().map(|choice| expression(choice, Style::regla(spelling))).collect();
    let separator = Doc::Concat(vec![Doc::text(" |"), Doc::Line]);
    Doc::joined(choices, &separator).nest().group()
}

fn tested(of: &TypeExpr, tests: &Tests, spelling: Spelling) -> Doc {
    let of = before_tests(of, spelling);
    let tests = match &tests.kind {
        TestsKind::Any | TestsKind::Error => return of,
        TestsKind::AnyOf(tests) => match tests.as_slice() {
            [only] if stands_bare(only) => test(only, Style::regla(spelling)),
            several => tests_in_parentheses(several, Style::regla(spelling)),
        },
        TestsKind::NoneOf(tests) => {
            Doc::Concat(vec![Doc::text("not"), tests_in_parentheses(tests, Style::regla(spelling))])
        }
    };
    Doc::Concat(vec![of, Doc::text(" "), tests])
}

/// Whether a test needs no parentheses behind a type.
fn stands_bare(test: &Test) -> bool {
    match &test.kind {
        TestKind::Compare(op, _) => *op != Comparison::Equal,
        TestKind::Expression(Expr { kind: ExprKind::Range(range), .. }) => range.low.is_some() && range.high.is_some(),
        TestKind::Expression(_) => false,
    }
}

fn unit(above: &[Name], below: &[Name]) -> String {
    let names = |units: &[Name]| {
        units.iter().map(|unit| words::declared(&unit.text, Quoting::Quotes)).collect::<Vec<_>>().join("*")
    };
    match (above.is_empty(), below.is_empty()) {
        (true, true) => "1".to_owned(),
        (false, true) => names(above),
        (true, false) => format!("1/{}", names(below)),
        (false, false) => format!("{}/{}", names(above), names(below)),
    }
}

// Parentheses: `?`, tests and `donde` go behind each other in this order, and `lista de` takes all of them.

fn primary(ty: &TypeExpr, spelling: Spelling) -> Doc {
    let doc = declared_type(ty, spelling);
    match &ty.kind {
        TypeKind::Optional(_) | TypeKind::Tested(..) | TypeKind::Where(..) => in_parentheses(doc),
        TypeKind::List(_) | TypeKind::Range(_) | TypeKind::Function(..) => in_parentheses(doc),
        _ => doc,
    }
}

fn before_tests(ty: &TypeExpr, spelling: Spelling) -> Doc {
    if matches!(ty.kind, TypeKind::Optional(_)) { declared_type(ty, spelling) } else { primary(ty, spelling) }
}

fn before_where(ty: &TypeExpr, spelling: Spelling) -> Doc {
    if matches!(ty.kind, TypeKind::Tested(..)) { declared_type(ty, spelling) } else { before_tests(ty, spelling) }
}

fn in_parentheses(doc: Doc) -> Doc {
    Doc::Concat(vec![Doc::text("("), doc, Doc::text(")")])
}

fn ends_in_condition(ty: &TypeExpr) -> bool {
    match &ty.kind {
        TypeKind::Where(..) => true,
        TypeKind::List(of) | TypeKind::Range(of) | TypeKind::Function(_, of) => ends_in_condition(of),
        _ => false,
    }
}

fn type_name(name: &str, spelling: Spelling) -> String {
    let spelt = keyword::type_text(name, spelling);
    if spelt != name || keyword::canonical_type(name) == name { words::qualified(spelt) } else { format!("`{name}`") }
}

// FEEL.

/// A type inside an expression (DMN 1.5, grammar rule 54); what FEEL cannot say is left out.
pub(super) fn feel_type(ty: &TypeExpr, quoting: Quoting) -> String {
    match &ty.kind {
        TypeKind::Error | TypeKind::Choice(_) => "Any".to_owned(),
        TypeKind::Name(name) => feel_name(name, quoting),
        TypeKind::List(of) => format!("list<{}>", feel_type(of, quoting)),
        TypeKind::Range(of) => format!("range<{}>", feel_type(of, quoting)),
        TypeKind::Record(fields) => {
            let fields = fields.iter().map(|field| {
                format!("{}: {}", words::declared(&field.name.text, quoting), feel_type(&field.ty, quoting))
            });
            format!("context<{}>", fields.collect::<Vec<_>>().join(", "))
        }
        TypeKind::Function(parameters, result) => {
            let parameters = parameters.iter().map(|parameter| feel_type(parameter, quoting)).collect::<Vec<_>>();
            format!("function<{}>->{}", parameters.join(", "), feel_type(result, quoting))
        }
        TypeKind::WithUnit(of, ..) | TypeKind::Optional(of) | TypeKind::Tested(of, _) | TypeKind::Where(of, _) => {
            feel_type(of, quoting)
        }
    }
}

fn feel_name(name: &str, quoting: Quoting) -> String {
    match keyword::feel_type_text(name) {
        Some(text) => text.to_owned(),
        None if quoting == Quoting::Native && keyword::is_number_type(name) => "number".to_owned(),
        None if quoting == Quoting::Native => name.to_owned(),
        None if keyword::canonical_type(name) != name => format!("`{name}`"),
        None => words::qualified(name),
    }
}
