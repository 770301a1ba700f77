//! Cases: facts as constants of the inputs' types, and what is expected of decisions.

use dictamen_syntax::tree::{self, BinaryOp, Comparison, ExprKind, ItemKind};
use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::{DateTime, Message, Type, Value};

use crate::checker::Checker;
use crate::constants;
use crate::declarations::import_into;
use crate::frame::Frame;
use crate::graph::{Body, BodyKind, Case, Expectation, ExpectationKind, InputId, RulesetId};
use crate::header::{about, date_of, instant_of};
use crate::names::{nearest, suggestion};
use crate::symbols::{self, Lookup, Scope, Symbol};

/// Checks the cases of the root ruleset: those in its own file and in files of cases.
pub(crate) fn check(checker: &mut Checker<'_>) {
    let unit = checker.unit;
    if let Some(root) = unit.files.get(unit.root) {
        of_file(checker, 0, root);
    }
    for file in unit.files.iter().copied() {
        let Some(header) = file.header.as_ref().filter(|header| header.cases_only) else { continue };
        if checker.model.rulesets.first().is_none_or(|root| *root.id != *header.id.text) {
            continue;
        }
        let scope = scope_of_cases(checker);
        import_into(checker, scope, file);
        only_cases(checker, file);
        of_file(checker, scope, file);
    }
}

/// A scope in which the names of the root ruleset and of its imports are used as they are.
fn scope_of_cases(checker: &mut Checker<'_>) -> RulesetId {
    let root = checker.scopes.first();
    let mut open_imports = vec![0];
    open_imports.extend(root.into_iter().flat_map(|scope| scope.open_imports.iter().copied()));
    let named_imports = root.map(|scope| scope.named_imports.clone()).unwrap_or_default();
    let id = u32::try_from(checker.scopes.len()).unwrap_or(u32::MAX);
    checker.scopes.push(Scope { open_imports, named_imports, ..Scope::default() });
    id
}

fn only_cases(checker: &mut Checker<'_>, file: &tree::File) {
    for item in &file.items {
        if !matches!(item.kind, ItemKind::Case(_) | ItemKind::Import(_) | ItemKind::Error(_)) {
            checker.error(
                "casos.solo-casos",
                item.span,
                "un archivo de casos solo tiene casos (y «usa»); declare lo demás en el archivo de las reglas",
                "a file of cases holds only cases (and `use`); declare the rest in the file of the rules",
            );
        }
    }
}

fn of_file<'a>(checker: &mut Checker<'a>, scope: RulesetId, file: &'a tree::File) {
    for item in &file.items {
        if let ItemKind::Case(case) = &item.kind {
            let typed = typed_case(checker, scope, case);
            checker.model.cases.push(typed);
        }
    }
}

fn typed_case<'a>(checker: &mut Checker<'a>, scope: RulesetId, case: &'a tree::Case) -> Case {
    let as_of = case.as_of.as_ref().and_then(|expr| {
        let date = date_of(expr);
        if date.is_none() {
            checker.not_a_date(expr.span);
        }
        date
    });
    let known_at = case.known_at.as_ref().and_then(|expr| instant(checker, expr));
    let given = case.given.as_ref().map(|expr| facts(checker, scope, expr)).unwrap_or_default();
    proves_something(checker, case);
    if let Some(first) = checker.model.cases.iter().find(|known| *known.title == *case.title) {
        let diagnostic = Diagnostic::warning(
            "casos.repetido",
            case.title_span,
            Message::new(
                format!("ya hay un caso «{}»; los informes los distinguen por su título", case.title),
                format!("there is already a case `{}`; reports tell them apart by their titles", case.title),
            ),
        )
        .with_related(first.span, Message::new("aquí", "here"));
        checker.report(diagnostic);
    }
    let expectations = case.expectations.iter().filter_map(|one| expectation(checker, scope, one)).collect();
    Case {
        title: case.title.as_str().into(),
        about: about(&case.attributes),
        as_of,
        known_at,
        given,
        expectations,
        span: case.title_span,
    }
}

fn proves_something(checker: &mut Checker<'_>, case: &tree::Case) {
    if !case.expectations.is_empty() {
        return;
    }
    checker.report(
        Diagnostic::warning(
            "casos.sin-espera",
            case.title_span,
            Message::new(
                "el caso no espera nada, así que nada prueba",
                "the case expects nothing, so it proves nothing",
            ),
        )
        .with_help(Message::new("agregue una línea «espera …»", "add a line `expect …`")),
    );
}

/// The end of a day that is named without a time: what was published on that day is known.
fn instant(checker: &mut Checker<'_>, expr: &tree::Expr) -> Option<DateTime> {
    let instant = instant_of(expr);
    if instant.is_none() {
        checker.not_a_date(expr.span);
    }
    instant
}

fn facts<'a>(checker: &mut Checker<'a>, scope: RulesetId, given: &'a tree::Expr) -> Vec<(InputId, Value)> {
    let ExprKind::Context(entries) = &given.kind else {
        if !matches!(given.kind, ExprKind::Error) {
            checker.error(
                "casos.dado",
                given.span,
                "después de «dado» van las entradas entre llaves: { contribuyente: { … }, anio: 2026 }",
                "after `given` come the inputs in braces: { contribuyente: { … }, anio: 2026 }",
            );
        }
        return Vec::new();
    };
    entries.iter().filter_map(|entry| fact(checker, scope, entry)).collect()
}

fn fact<'a>(checker: &mut Checker<'a>, scope: RulesetId, entry: &'a tree::Entry) -> Option<(InputId, Value)> {
    let found = (0u32..).zip(&checker.model.inputs).find(|(_, input)| *input.name == *entry.name.text);
    let Some((id, ty)) = found.map(|(id, input)| (id, input.ty.clone())) else {
        unknown_input(checker, &entry.name);
        return None;
    };
    let typed = checker.expression(&mut Frame::new(scope), &entry.value, Some(&ty));
    checker.must_fit(&typed, &ty);
    let value = constants::fold(&typed);
    if value.is_none() {
        checker.error(
            "casos.no-es-constante",
            entry.value.span,
            "los hechos de un caso son valores fijos, sin decisiones ni funciones propias",
            "facts of a case are fixed values, without decisions or functions of yours",
        );
    }
    Some((id, value?))
}

fn unknown_input(checker: &mut Checker<'_>, name: &tree::Name) {
    let near = nearest(&name.text, checker.model.inputs.iter().map(|input| &*input.name)).map(str::to_owned);
    let mut diagnostic = Diagnostic::error(
        "nombres.entrada-desconocida",
        name.span,
        Message::new(format!("no hay ninguna entrada «{}»", name.text), format!("there is no input `{}`", name.text)),
    );
    if let Some(near) = near {
        diagnostic = diagnostic.with_help(suggestion(&near));
    }
    checker.report(diagnostic);
}

fn expectation<'a>(checker: &mut Checker<'a>, scope: RulesetId, one: &'a tree::Expectation) -> Option<Expectation> {
    let kind = match &one.kind {
        tree::ExpectationKind::Holds(expr) => holds(checker, scope, expr),
        tree::ExpectationKind::Fails { code, decision } => {
            match symbols::lookup(&checker.scopes, scope, &decision.text) {
                Lookup::Found(Symbol::Decision(id)) => ExpectationKind::Fails(code.as_str().into(), id),
                _ => {
                    not_a_decision(checker, decision.span, &decision.text);
                    return None;
                }
            }
        }
    };
    let text = match &one.kind {
        tree::ExpectationKind::Holds(expr) => checker.text(expr.span).into(),
        tree::ExpectationKind::Fails { .. } => after_keyword(&checker.text(one.span)).into(),
    };
    Some(Expectation { kind, text, span: one.span })
}

/// A line without the keyword that opens it: reports say "expected" in their own words.
fn after_keyword(line: &str) -> &str {
    line.split_once(char::is_whitespace).map_or(line, |(_, rest)| rest.trim_start())
}

fn not_a_decision(checker: &mut Checker<'_>, span: Span, name: &str) {
    checker.error(
        "nombres.decision-desconocida",
        span,
        format!("no hay ninguna decisión «{name}»"),
        format!("there is no decision `{name}`"),
    );
}

fn holds<'a>(checker: &mut Checker<'a>, scope: RulesetId, expr: &'a tree::Expr) -> ExpectationKind {
    if let ExprKind::Binary(BinaryOp::Compare(Comparison::Equal), left, right) = &expr.kind {
        let mut left_frame = Frame { lenient: true, ..Frame::new(scope) };
        let left = checker.expression(&mut left_frame, left, None);
        let mut right_frame = Frame { lenient: true, ..Frame::new(scope) };
        let right = checker.expression(&mut right_frame, right, Some(&left.ty));
        checker.must_compare(&left, &right, true, expr.span);
        let body = |expr, frame: Frame| Body { kind: BodyKind::Expression(expr), frame: frame.size };
        return ExpectationKind::Equal(body(left, left_frame), body(right, right_frame));
    }
    let mut frame = Frame { lenient: true, ..Frame::new(scope) };
    let typed = checker.expression(&mut frame, expr, Some(&Type::Boolean));
    checker.must_fit(&typed, &Type::Boolean.optional());
    ExpectationKind::Holds(Body { kind: BodyKind::Expression(typed), frame: frame.size })
}
