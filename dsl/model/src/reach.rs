//! Rows that can never matter, cells that can never hold, choices that no row handles: what constant cells tell.
//!
//! The exact analysis over whole graphs is the verifier's; this is what must not wait for it.

use std::cmp::Ordering;

use dictamen_syntax::tree::{Comparison, HitPolicy};
use dictamen_syntax::{Diagnostic, Severity};
use dictamen_value::{Message, Type, Value};

use crate::checker::Checker;
use crate::graph::{BodyKind, Cell, CellKind, Expr, ExprKind, Row, Table, Test, TestKind};

/// Tables with more rows than this are compared only against rows that take everything.
const PAIRWISE_ROWS_MAX: usize = 500;

/// Checks the rows of every table of the model.
pub(crate) fn check(checker: &mut Checker<'_>) {
    let decisions = checker.model.decisions.iter().map(|decision| &decision.body);
    let functions = checker.model.functions.iter().map(|function| &function.body);
    let mut found = Vec::new();
    for body in decisions.chain(functions) {
        if let BodyKind::Table(table) = &body.kind {
            impossible_cells(table, &mut found);
            shadowed_rows(table, &mut found);
            unhandled_choices(table, &mut found);
        }
    }
    found.into_iter().for_each(|diagnostic| checker.report(diagnostic));
}

fn impossible_cells(table: &Table, found: &mut Vec<Diagnostic>) {
    for cell in table.rows.iter().flat_map(|row| &row.inputs) {
        let CellKind::AnyOf(tests) = &cell.kind else { continue };
        for test in tests.iter().filter(|test| is_empty(test)) {
            found.push(
                Diagnostic::error(
                    "tabla.rango-vacio",
                    test.span,
                    Message::new(
                        format!("ningún valor está en «{}»", cell.text),
                        format!("no value lies in `{}`", cell.text),
                    ),
                )
                .with_help(Message::new(
                    "el extremo menor va primero; si solo cabe un valor, ciérrelo por los dos lados",
                    "the lower end comes first; where only one value fits, close it on both sides",
                )),
            );
        }
    }
}

fn is_empty(test: &Test) -> bool {
    let TestKind::Within { low, low_closed, high, high_closed } = &test.kind else { return false };
    let (Some(low), Some(high)) = (known(low), known(high)) else { return false };
    match low.order(high) {
        Some(Ordering::Greater) => true,
        Some(Ordering::Equal) => !(*low_closed && *high_closed),
        _ => false,
    }
}

fn shadowed_rows(table: &Table, found: &mut Vec<Diagnostic>) {
    if !matches!(table.policy, HitPolicy::Unique | HitPolicy::First) {
        return;
    }
    let small = table.rows.len() <= PAIRWISE_ROWS_MAX;
    let takes_all = |row: &Row| row.inputs.iter().all(|cell| matches!(cell.kind, CellKind::Any));
    let wide: Vec<(usize, &Row)> = table.rows.iter().enumerate().filter(|(_, row)| small || takes_all(row)).collect();
    for (position, row) in table.rows.iter().enumerate() {
        let earlier = wide.iter().take_while(|(other, _)| *other < position);
        if let Some((other, shadowing)) = earlier.into_iter().find(|(_, other)| covers_row(other, row)) {
            found.push(shadowed(table.policy, position, row, *other, shadowing));
        }
    }
}

fn shadowed(policy: HitPolicy, position: usize, row: &Row, other: usize, shadowing: &Row) -> Diagnostic {
    let (row_number, other_number) = (position.saturating_add(1), other.saturating_add(1));
    let (severity, es, en) = match policy {
        HitPolicy::First => (
            Severity::Warning,
            format!("la fila {row_number} nunca se alcanza: la fila {other_number} ya toma todos sus casos"),
            format!("row {row_number} is never reached: row {other_number} takes all its cases"),
        ),
        _ => (
            Severity::Error,
            format!(
                "siempre que se cumple la fila {row_number} se cumple también la {other_number}, y la política es única"
            ),
            format!("whenever row {row_number} matches, row {other_number} does too, and the policy is unique"),
        ),
    };
    let diagnostic = Diagnostic::error("tabla.fila-inalcanzable", row.span, Message::new(es, en));
    Diagnostic { severity, ..diagnostic }
        .with_related(shadowing.span, Message::new("la otra fila", "the other row"))
        .with_help(Message::new(
            "estreche una de las dos, quite la que sobra o cambie la política",
            "narrow one of them, remove the one too many, or change the policy",
        ))
}

/// Whether every input that matches one row matches the other as well.
fn covers_row(wide: &Row, narrow: &Row) -> bool {
    wide.inputs.len() == narrow.inputs.len()
        && wide.inputs.iter().zip(&narrow.inputs).all(|(wide, narrow)| covers_cell(wide, narrow))
}

fn covers_cell(wide: &Cell, narrow: &Cell) -> bool {
    match (&wide.kind, &narrow.kind) {
        (CellKind::Any, _) => true,
        (CellKind::AnyOf(wide), CellKind::AnyOf(narrow)) => {
            narrow.iter().all(|test| wide.iter().any(|candidate| covers_test(candidate, test)))
        }
        _ => false,
    }
}

/// A test of constants as an interval: ends with whether they belong; a missing end is open.
struct Interval<'v> {
    low: Option<(&'v Value, bool)>,
    high: Option<(&'v Value, bool)>,
}

fn interval(test: &Test) -> Option<Interval<'_>> {
    match &test.kind {
        TestKind::Compare(comparison, expr) => {
            let value = known(expr)?;
            if value.is_null() {
                return None;
            }
            Some(match comparison {
                Comparison::Equal => Interval { low: Some((value, true)), high: Some((value, true)) },
                Comparison::Less => Interval { low: None, high: Some((value, false)) },
                Comparison::LessOrEqual => Interval { low: None, high: Some((value, true)) },
                Comparison::Greater => Interval { low: Some((value, false)), high: None },
                Comparison::GreaterOrEqual => Interval { low: Some((value, true)), high: None },
                Comparison::NotEqual => return None,
            })
        }
        TestKind::Within { low, low_closed, high, high_closed } => {
            let end = |expr: &'_ Expr, closed: bool| match &expr.kind {
                ExprKind::Constant(Value::Null) => Some(None),
                _ => known(expr).map(|_| Some(closed)),
            };
            let (low_end, high_end) = (end(low, *low_closed)?, end(high, *high_closed)?);
            Some(Interval {
                low: low_end.and_then(|closed| known(low).map(|value| (value, closed))),
                high: high_end.and_then(|closed| known(high).map(|value| (value, closed))),
            })
        }
        _ => None,
    }
}

fn covers_test(wide: &Test, narrow: &Test) -> bool {
    let (Some(wide), Some(narrow)) = (interval(wide), interval(narrow)) else { return false };
    let end = |wide: Option<(&Value, bool)>, narrow: Option<(&Value, bool)>, inside: Ordering| match (wide, narrow) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some((limit, limit_closed)), Some((value, value_closed))) => match value.order(limit) {
            Some(Ordering::Equal) => limit_closed || !value_closed,
            Some(order) => order == inside,
            // Booleans and other values without an order.
            None => limit.equal(value) == Some(true),
        },
    };
    end(wide.low, narrow.low, Ordering::Greater) && end(wide.high, narrow.high, Ordering::Less)
}

fn known(expr: &Expr) -> Option<&Value> {
    match &expr.kind {
        ExprKind::Constant(value) => Some(value),
        _ => None,
    }
}

/// Choices of a column for which no row can match, where the table has no default.
fn unhandled_choices(table: &Table, found: &mut Vec<Diagnostic>) {
    let one_outcome =
        matches!(table.policy, HitPolicy::Unique | HitPolicy::Any | HitPolicy::Priority | HitPolicy::First);
    if table.default.is_some() || !one_outcome || table.outcome.is_optional() {
        return;
    }
    for (position, column) in table.inputs.iter().enumerate() {
        let choices: Vec<Value> = match column.value.ty.bare() {
            Type::Choice(choices) => choices.to_vec(),
            Type::Boolean => vec![Value::Boolean(true), Value::Boolean(false)],
            _ => continue,
        };
        let cells: Vec<&Cell> = table.rows.iter().filter_map(|row| row.inputs.get(position)).collect();
        let missing: Vec<String> = choices
            .iter()
            .filter(|choice| !cells.iter().any(|cell| may_hold(cell, choice)))
            .map(Value::to_feel)
            .collect();
        if !missing.is_empty() {
            let listed = missing.join(", ");
            found.push(
                Diagnostic::warning(
                    "tabla.opcion-sin-fila",
                    column.value.span,
                    Message::new(
                        format!("ninguna fila se cumple si «{}» es {listed}", column.text),
                        format!("no row matches where `{}` is {listed}", column.text),
                    ),
                )
                .with_help(Message::new("agregue una fila o «por_defecto»", "add a row, or `default`")),
            );
        }
    }
}

fn may_hold(cell: &Cell, choice: &Value) -> bool {
    let equals = |test: &Test| match &test.kind {
        TestKind::Compare(Comparison::Equal, expr) => known(expr).map(|value| value.equal(choice) == Some(true)),
        TestKind::Compare(Comparison::NotEqual, expr) => known(expr).map(|value| value.equal(choice) != Some(true)),
        _ => None,
    };
    match &cell.kind {
        CellKind::Any => true,
        CellKind::AnyOf(tests) => tests.iter().any(|test| equals(test) != Some(false)),
        CellKind::NoneOf(tests) => !tests.iter().any(|test| equals(test) == Some(true)),
    }
}
