//! Rows of dated parameters: dates, constant values of the parameter's type, no two rows for one period and time.

use dictamen_syntax::{Diagnostic, tree};
use dictamen_value::{Message, Type, Value};

use crate::checker::Checker;
use crate::constants;
use crate::frame::Frame;
use crate::graph::{DatedValue, RulesetId};
use crate::header::{about, date_of, instant_of};

/// The rows of a parameter, those with problems left out (and reported).
pub(crate) fn rows<'a>(
    checker: &mut Checker<'a>,
    ruleset: RulesetId,
    parameter: &'a tree::Parameter,
    ty: &Type,
) -> Vec<DatedValue> {
    let mut rows: Vec<DatedValue> = Vec::new();
    for row in &parameter.rows {
        let Some(typed) = dated_value(checker, ruleset, row, ty) else { continue };
        if let Some(first) = rows.iter().find(|known| known.from == typed.from && known.known == typed.known) {
            let diagnostic = Diagnostic::error(
                "parametro.fila-repetida",
                typed.span,
                Message::new(
                    "ya hay un valor desde ese día, conocido en el mismo momento",
                    "there is already a value from that day, known at the same time",
                ),
            )
            .with_related(first.span, Message::new("aquí", "here"))
            .with_help(Message::new(
                "si una norma posterior lo cambió, diga en «conocido» desde cuándo se sabe",
                "if a later norm changed it, say in `known` from when it is known",
            ));
            checker.report(diagnostic);
            continue;
        }
        rows.push(typed);
    }
    if parameter.rows.is_empty() {
        checker.error(
            "parametro.sin-filas",
            parameter.name.span,
            format!(
                "el parámetro «{}» no tiene ningún valor; agregue una fila con «desde» y «valor»",
                parameter.name.text
            ),
            format!("the parameter `{}` has no value; add a row with `from` and `value`", parameter.name.text),
        );
    }
    rows
}

fn dated_value<'a>(
    checker: &mut Checker<'a>,
    ruleset: RulesetId,
    row: &'a tree::ParameterRow,
    ty: &Type,
) -> Option<DatedValue> {
    let from = match &row.from {
        Some(expr) => date(checker, expr),
        None => {
            checker.error(
                "parametro.sin-desde",
                row.span,
                "la fila no dice desde qué día vale: escriba una fecha en «desde»",
                "the row does not say from which day it holds: write a date under `from`",
            );
            None
        }
    };
    let to = row.to.as_ref().map(|expr| date(checker, expr));
    let known = row.known.as_ref().map(|expr| {
        let instant = instant_of(expr);
        if instant.is_none() {
            checker.not_a_date(expr.span);
        }
        instant
    });
    let value = value(checker, ruleset, row, ty);
    let (from, to, known) = (from?, transpose(to)?, transpose(known)?);
    if to.is_some_and(|to| to < from) {
        checker.error("parametro.fechas", row.span, "«hasta» es anterior a «desde»", "`to` is before `from`");
        return None;
    }
    Some(DatedValue { from, to, known, value: value?, about: about(&row.attributes), span: row.span })
}

#[expect(clippy::option_option, reason = "a date that was not given is not one that could not be read")]
fn transpose<T>(given: Option<Option<T>>) -> Option<Option<T>> {
    match given {
        None => Some(None),
        Some(None) => None,
        Some(read) => Some(read),
    }
}

fn date(checker: &mut Checker<'_>, expr: &tree::Expr) -> Option<dictamen_value::Date> {
    let date = date_of(expr);
    if date.is_none() {
        checker.not_a_date(expr.span);
    }
    date
}

fn value<'a>(checker: &mut Checker<'a>, ruleset: RulesetId, row: &'a tree::ParameterRow, ty: &Type) -> Option<Value> {
    let Some(expr) = &row.value else {
        checker.error(
            "parametro.sin-valor",
            row.span,
            "la fila no tiene «valor»; si aún no se conoce, escriba null",
            "the row has no `value`; where it is not known yet, write null",
        );
        return None;
    };
    let typed = checker.expression(&mut Frame::new(ruleset), expr, Some(ty));
    let value = constants::fold(&typed);
    if value.is_some() {
        checker.must_fit(&typed, &ty.clone().optional());
    } else {
        checker.error(
            "parametro.no-es-constante",
            expr.span,
            "el valor de un parámetro debe ser fijo, sin entradas ni decisiones",
            "the value of a parameter must be fixed, without inputs or decisions",
        );
    }
    value
}
