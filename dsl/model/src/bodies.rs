//! Bodies of what was declared: decisions, tables, functions, and rows of parameters.

use dictamen_syntax::tree::{self, FunctionBody, ItemKind, Name};
use dictamen_value::Type;

use crate::checker::Checker;
use crate::declarations::ruleset_files;
use crate::frame::Frame;
use crate::graph::{Body, BodyKind, DecisionId, Expr, ExprKind, FunctionId, LocalId, ParameterId, RulesetId};
use crate::parameters;
use crate::symbols::Symbol;
use crate::tables;

/// Checks the bodies of what was declared.
pub(crate) fn check(checker: &mut Checker<'_>) {
    for (ruleset, file) in ruleset_files(checker) {
        for item in &file.items {
            body(checker, ruleset, item);
        }
    }
}

fn body<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, item: &'a tree::Item) {
    match &item.kind {
        ItemKind::Parameter(parameter) => {
            if let Some(Symbol::Parameter(id)) = claimed(checker, ruleset, &parameter.name) {
                parameter_rows(checker, ruleset, id, parameter);
            }
        }
        ItemKind::Decision(decision) => {
            if let Some(Symbol::Decision(id)) = claimed(checker, ruleset, &decision.name) {
                decision_body(checker, ruleset, id, decision);
            }
        }
        ItemKind::Table(table) => {
            if let Some(Symbol::Decision(id)) = claimed(checker, ruleset, &table.name) {
                table_body(checker, ruleset, id, table);
            }
        }
        ItemKind::Function(function) => {
            if let Some(Symbol::Function(id)) = claimed(checker, ruleset, &function.name) {
                function_body(checker, ruleset, id, function);
            }
        }
        ItemKind::Import(_) | ItemKind::Type(_) | ItemKind::Input(_) | ItemKind::Case(_) | ItemKind::Error(_) => {}
        ItemKind::Service(_) | ItemKind::Letter(_) | ItemKind::Glossary(_) => {}
    }
}

/// What a name was claimed for, where this very place claimed it and not a repetition.
fn claimed(checker: &Checker<'_>, ruleset: RulesetId, name: &Name) -> Option<Symbol> {
    let (symbol, span) = checker.scopes.get(ruleset as usize)?.own.get(&name.text)?;
    (*span == name.span).then_some(*symbol)
}

fn parameter_rows<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, id: ParameterId, parameter: &'a tree::Parameter) {
    let Some(ty) = checker.model.parameters.get(id as usize).map(|parameter| parameter.ty.clone()) else { return };
    let rows = parameters::rows(checker, ruleset, parameter, &ty);
    if let Some(parameter) = checker.model.parameters.get_mut(id as usize) {
        parameter.rows = rows;
    }
}

fn decision_body<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, id: DecisionId, decision: &'a tree::Decision) {
    let Some(ty) = checker.model.decisions.get(id as usize).map(|decision| decision.ty.clone()) else { return };
    let mut frame = Frame::new(ruleset);
    let expr = with_locals(checker, &mut frame, &decision.locals, &decision.body, &ty);
    if let Some(decision) = checker.model.decisions.get_mut(id as usize) {
        decision.body = Body { kind: BodyKind::Expression(expr), frame: frame.size };
    }
}

fn table_body<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, id: DecisionId, table: &'a tree::Table) {
    let outcome = match &table.ty {
        Some(ty) => silently(checker, |checker| checker.resolve_type(ruleset, ty)),
        None => Type::Any,
    };
    let mut frame = Frame::new(ruleset);
    let typed = tables::table(checker, &mut frame, &table.body, outcome, &table.name);
    if let Some(decision) = checker.model.decisions.get_mut(id as usize) {
        decision.body = Body { kind: BodyKind::Table(Box::new(typed)), frame: frame.size };
    }
}

fn function_body<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, id: FunctionId, function: &'a tree::Function) {
    let Some((parameters, ty)) =
        checker.model.functions.get(id as usize).map(|function| (function.parameters.clone(), function.ty.clone()))
    else {
        return;
    };
    let mut frame = Frame::new(ruleset);
    for (name, ty) in &parameters {
        frame.declare(name, ty.clone());
    }
    let kind = match &function.body {
        FunctionBody::External { class, method } => {
            let span = function.name.span;
            let call = checker.external_call(class, method, parameters.len(), span);
            BodyKind::Expression(checker.of_declared_type(call, &ty))
        }
        FunctionBody::Expression(locals, expr) => {
            BodyKind::Expression(with_locals(checker, &mut frame, locals, expr, &ty))
        }
        FunctionBody::Table(table) => {
            let outcome = match &function.ty {
                Some(ty) => silently(checker, |checker| checker.resolve_type(ruleset, ty)),
                None => Type::Any,
            };
            BodyKind::Table(Box::new(tables::table(checker, &mut frame, table, outcome, &function.name)))
        }
    };
    if let Some(function) = checker.model.functions.get_mut(id as usize) {
        function.body = Body { kind, frame: frame.size };
    }
}

/// `sea x = …` lines, each of which sees those above it, and the expression that sees them all.
fn with_locals<'a>(
    checker: &mut Checker<'a>,
    frame: &mut Frame,
    locals: &'a [tree::Local],
    expr: &'a tree::Expr,
    ty: &Type,
) -> Expr {
    let values = match local_values(checker, frame, locals) {
        Some(values) => values,
        None => return checker.nothing(expr.span),
    };
    let expr = checker.expression(frame, expr, Some(ty));
    let expr = checker.given_to(expr, ty);
    with_values(values, expr)
}

/// The values of `sea` lines in their locals; none where DMN mode makes a repeated name a null.
pub(crate) fn local_values<'a>(
    checker: &mut Checker<'a>,
    frame: &mut Frame,
    locals: &'a [tree::Local],
) -> Option<Vec<(LocalId, Expr)>> {
    let mut values = Vec::new();
    for (position, local) in locals.iter().enumerate() {
        let repeated = locals.iter().take(position).any(|known| known.name.text == local.name.text);
        if repeated {
            checker.repeated(&local.name, "nombre", "name");
            if checker.model.dmn_mode {
                return None;
            }
        }
        checker.name_function(&local.name.text, &local.value);
        let value = match &local.ty {
            Some(ty) => checker.typed(frame, &local.value, ty),
            None => checker.expression(frame, &local.value, None),
        };
        values.push((frame.declare(&local.name.text, value.ty.clone()), value));
    }
    Some(values)
}

/// An expression that sees the values of its locals.
pub(crate) fn with_values(values: Vec<(LocalId, Expr)>, expr: Expr) -> Expr {
    if values.is_empty() {
        return expr;
    }
    let (ty, span) = (expr.ty.clone(), expr.span);
    Expr { kind: ExprKind::Let(values, Box::new(expr)), ty, span }
}

/// Resolves again what was resolved, and reported on, before.
fn silently<'a, T>(checker: &mut Checker<'a>, work: impl FnOnce(&mut Checker<'a>) -> T) -> T {
    let reported = checker.diagnostics.len();
    let result = work(checker);
    checker.diagnostics.truncate(reported);
    result
}
