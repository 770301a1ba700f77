//! What is reserved stays so: where `reserva` may stand, and that letters do not name what it covers.

use std::sync::Arc;

use dictamen_syntax::tree::{self, AttributeKey, FunctionBody, ItemKind};
use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::Message;

use crate::checker::Checker;
use crate::cycles;
use crate::declarations::ruleset_files;
use crate::graph::{About, Expr, ExprKind, LambdaId, Model};

/// Reports `reserva` where it means nothing, and letters that would tell what is reserved.
pub(crate) fn check(checker: &mut Checker<'_>) {
    for (_, file) in ruleset_files(checker) {
        file.items.iter().for_each(|item| check_place(checker, item));
    }
    let mut told: Vec<(Span, Arc<str>)> = Vec::new();
    for letter in &checker.model.letters {
        let decision = checker.model.decisions.get(letter.decision as usize);
        told.extend(decision.filter(|decision| is_reserved(&decision.about)).map(|of| (letter.span, of.name.clone())));
        cycles::visit_body(&letter.body, &mut |expr| note(&checker.model, expr, &mut told));
    }
    told.into_iter().for_each(|(span, name)| tells_reserved(checker, span, &name));
}

fn is_reserved(about: &About) -> bool {
    about.reserved.is_some()
}

fn check_place(checker: &mut Checker<'_>, item: &tree::Item) {
    let columns =
        |body: &tree::TableBody| body.annotations.iter().find(|name| name.text == "reserva").map(|name| name.span);
    let found = match &item.kind {
        ItemKind::Type(declaration) => {
            declaration.attributes.iter().find(|it| it.key == AttributeKey::Reserved).map(|it| it.span)
        }
        ItemKind::Table(table) => columns(&table.body),
        ItemKind::Function(function) => match &function.body {
            FunctionBody::Table(body) => columns(body),
            _ => None,
        },
        _ => None,
    };
    if let Some(span) = found {
        let message = Message::new(
            "«reserva» no vale aquí: se reserva una decisión, tabla, función, parámetro o entrada entera",
            "`reserved` does not hold here: a whole decision, table, function, parameter or input is reserved",
        );
        let help = Message::new(
            "póngala como una línea de ese bloque, o lleve estas filas a una tabla aparte",
            "put it as a line of that block, or take these rows to a table of their own",
        );
        checker.report(Diagnostic::error("reserva.fuera-de-lugar", span, message).with_help(help));
    }
}

/// Notes what a letter's expression names of what is reserved, also inside of function literals.
fn note(model: &Model, expr: &Expr, told: &mut Vec<(Span, Arc<str>)>) {
    if let ExprKind::Lambda(id) = &expr.kind {
        return note_lambda(model, *id, told);
    }
    let named: Option<(&About, &Arc<str>)> = match &expr.kind {
        ExprKind::Input(id) => model.inputs.get(*id as usize).map(|it| (&it.about, &it.name)),
        ExprKind::Parameter(id, _) => model.parameters.get(*id as usize).map(|it| (&it.about, &it.name)),
        ExprKind::Decision(id) => model.decisions.get(*id as usize).map(|it| (&it.about, &it.name)),
        ExprKind::Call(id, _) | ExprKind::FunctionValue(id) => {
            model.functions.get(*id as usize).map(|it| (&it.about, &it.name))
        }
        _ => None,
    };
    told.extend(named.filter(|(about, _)| is_reserved(about)).map(|(_, name)| (expr.span, name.clone())));
}

fn note_lambda(model: &Model, lambda: LambdaId, told: &mut Vec<(Span, Arc<str>)>) {
    if let Some(lambda) = model.lambdas.get(lambda as usize) {
        cycles::visit(&lambda.body, &mut |expr| note(model, expr, told));
    }
}

fn tells_reserved(checker: &mut Checker<'_>, span: Span, name: &str) {
    let message = Message::new(
        format!("la carta es para la persona, y «{name}» es reservado"),
        format!("the letter is for the person, and `{name}` is reserved"),
    );
    let help = Message::new(
        "nombre una decisión que no sea reservada y lo resuma, como un rango bajo, medio o alto",
        "name a decision that is not reserved and sums it up, such as a range low, medium or high",
    );
    checker.report(Diagnostic::error("carta.reserva", span, message).with_help(help));
}
