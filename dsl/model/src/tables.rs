//! Decision tables: columns, rows, and what each hit policy asks of them (DMN 1.5, chapter 8).

use std::sync::Arc;

use dictamen_syntax::Span;
use dictamen_syntax::tree::{self, HitPolicy, Name};
use dictamen_value::{Type, Value};

use crate::checker::Checker;
use crate::frame::{Frame, key};
use crate::graph::{About, Cell, CellKind, Expr, InputColumn, OutputColumn, Row, Table, Test, TestKind};
use crate::tests_of_cells;

/// The type that a table as a whole gives, from that of one outcome.
pub(crate) fn outcome_of_policy(table: &tree::TableBody, outcome: Type) -> Type {
    match table.policy {
        HitPolicy::Unique | HitPolicy::Any | HitPolicy::Priority | HitPolicy::First => outcome,
        HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect => Type::list(outcome),
        HitPolicy::CollectCount => Type::integer(),
        HitPolicy::CollectSum | HitPolicy::CollectMin | HitPolicy::CollectMax if table.default.is_some() => outcome,
        HitPolicy::CollectSum | HitPolicy::CollectMin | HitPolicy::CollectMax => outcome.optional(),
    }
}

/// Types a table; the frame holds the parameters of the function it is the body of, if any.
pub(crate) fn table<'a>(
    checker: &mut Checker<'a>,
    frame: &mut Frame,
    body: &'a tree::TableBody,
    outcome: Type,
    name: &Name,
) -> Table {
    let inputs = input_columns(checker, frame, body);
    let (outputs, single) = output_columns(checker, body, &outcome, name);
    let annotations: Vec<Arc<str>> = body.annotations.iter().map(|name| name.text.as_str().into()).collect();
    let rows = body.rows.iter().map(|row| typed_row(checker, frame, row, &inputs, &outputs, &annotations)).collect();
    let default = body.default.as_ref().map(|row| {
        let cells = output_cells(checker, frame, &row.outputs, &outputs);
        (cells, about_of_row(&annotations, &row.annotations), row.span)
    });
    let table =
        Table { policy: body.policy, inputs, outputs, single, annotations, rows, default, outcome, span: name.span };
    policy_fits(checker, &table, body, name.span);
    if body.rows.is_empty() && body.default.is_none() && !body.outputs.is_empty() {
        checker.error(
            "tabla.sin-filas",
            name.span,
            format!("la tabla «{}» no tiene filas: nunca daría un resultado", name.text),
            format!("the table `{}` has no rows: it would never give an outcome", name.text),
        );
    }
    table
}

fn input_columns<'a>(checker: &mut Checker<'a>, frame: &mut Frame, body: &'a tree::TableBody) -> Vec<InputColumn> {
    let columns: Vec<Expr> = body.inputs.iter().map(|column| checker.expression(frame, column, None)).collect();
    columns
        .into_iter()
        .map(|value| {
            let text = checker.text(value.span).into();
            InputColumn { tested: frame.fresh(), text, value }
        })
        .collect()
}

/// Output columns with their types, and whether the only one is the whole outcome.
fn output_columns(
    checker: &mut Checker<'_>,
    body: &tree::TableBody,
    outcome: &Type,
    name: &Name,
) -> (Vec<OutputColumn>, bool) {
    let fields = outcome.fields();
    let column = |name: &Name, ty: Type| OutputColumn { name: name.text.as_str().into(), ty };
    if let [only] = body.outputs.as_slice() {
        let is_field = fields.is_some_and(|fields| fields.iter().any(|field| *field.name == *only.text));
        if !is_field {
            return (vec![column(only, outcome.clone())], true);
        }
    }
    if checker.model.dmn_mode {
        let ty = |name: &Name| fields.and_then(|fields| fields.iter().find(|field| *field.name == *name.text));
        let columns =
            body.outputs.iter().map(|name| column(name, ty(name).map_or(Type::Any, |field| field.ty.clone())));
        return (columns.collect(), false);
    }
    let Some(fields) = fields else {
        if !matches!(outcome, Type::Any) && !body.outputs.is_empty() {
            let ty = outcome.describe();
            checker.error(
                "tabla.salidas",
                name.span,
                format!(
                    "la tabla tiene {} columnas de salida, pero su tipo es {}; declare un registro: {{ a: …, b: … }}",
                    body.outputs.len(),
                    ty.es
                ),
                format!(
                    "the table has {} output columns, but its type is {}; declare a record: {{ a: …, b: … }}",
                    body.outputs.len(),
                    ty.en
                ),
            );
        }
        return (body.outputs.iter().map(|name| column(name, Type::Any)).collect(), false);
    };
    let known: Vec<Arc<str>> = fields.iter().map(|field| field.name.clone()).collect();
    for field in fields {
        let given = body.outputs.iter().any(|name| *field.name == *name.text);
        if !given && !field.ty.is_optional() {
            checker.error(
                "tabla.falta-salida",
                name.span,
                format!("falta la columna de salida «{}»", field.name),
                format!("the output column `{}` is missing", field.name),
            );
        }
    }
    let mut columns: Vec<OutputColumn> = Vec::new();
    for name in &body.outputs {
        if columns.iter().any(|known| *known.name == *name.text) {
            checker.repeated(name, "columna de salida", "output column");
        }
        match fields.iter().find(|field| *field.name == *name.text) {
            Some(field) => columns.push(column(name, field.ty.clone())),
            None => {
                checker.unknown_field(&name.text, &known, name.span);
                columns.push(column(name, Type::Any));
            }
        }
    }
    (columns, false)
}

fn typed_row<'a>(
    checker: &mut Checker<'a>,
    frame: &mut Frame,
    row: &'a tree::Row,
    inputs: &[InputColumn],
    outputs: &[OutputColumn],
    annotations: &[Arc<str>],
) -> Row {
    let mark = frame.mark();
    let mut cells: Vec<Cell> = Vec::new();
    for (tests, column) in row.inputs.iter().zip(inputs) {
        let inner = frame.mark();
        frame.variables.push(crate::frame::Variable {
            name: "?".into(),
            local: column.tested,
            ty: column.value.ty.clone(),
            names: crate::frame::Names::Own,
            hides: false,
        });
        let cell = tests_of_cells::cell(checker, frame, tests, &column.value.ty, column.tested);
        frame.release(inner);
        if implies_presence(&cell) {
            frame.present.extend(key(&column.value));
        }
        cells.push(cell);
    }
    let outputs = output_cells(checker, frame, &row.outputs, outputs);
    frame.release(mark);
    Row {
        inputs: cells,
        outputs,
        about: about_of_row(annotations, &row.annotations),
        annotations: row.annotations.iter().map(|text| text.as_str().into()).collect(),
        span: row.span,
    }
}

/// Whether a cell holds only for values that are there.
fn implies_presence(cell: &Cell) -> bool {
    let present = |test: &Test| match &test.kind {
        TestKind::Compare(tree::Comparison::Equal, expr) => !expr.ty.is_optional(),
        TestKind::Compare(..) | TestKind::Within { .. } | TestKind::InRange(_) => true,
        TestKind::InList(list) => list.ty.element().is_some_and(|element| !element.is_optional()),
        TestKind::Condition(_) | TestKind::Dynamic(_) => false,
    };
    match &cell.kind {
        CellKind::Any => false,
        CellKind::AnyOf(tests) => tests.iter().all(present),
        CellKind::NoneOf(tests) => matches!(
            tests.as_slice(),
            [Test { kind: TestKind::Compare(tree::Comparison::Equal, expr), .. }]
                if matches!(expr.kind, crate::graph::ExprKind::Constant(Value::Null))
        ),
    }
}

fn output_cells<'a>(
    checker: &mut Checker<'a>,
    frame: &mut Frame,
    cells: &'a [tree::Expr],
    columns: &[OutputColumn],
) -> Vec<Expr> {
    let typed = cells.iter().zip(columns).map(|(cell, column)| {
        let expr = checker.expression(frame, cell, Some(&column.ty));
        checker.given_to(expr, &column.ty)
    });
    typed.collect()
}

/// What the annotation columns with known names say.
fn about_of_row(columns: &[Arc<str>], texts: &[String]) -> About {
    let mut about = About::default();
    for (column, text) in columns.iter().zip(texts).filter(|(_, text)| !text.is_empty()) {
        let slot = match &**column {
            "base_legal" | "legal_basis" => &mut about.legal_basis,
            "nota" | "note" => &mut about.note,
            "titulo" | "title" => &mut about.title,
            "por_verificar" | "to_verify" => &mut about.to_verify,
            _ => continue,
        };
        *slot = Some(text.as_str().into());
    }
    about
}

/// What a hit policy asks of a table's outputs.
fn policy_fits(checker: &mut Checker<'_>, table: &Table, body: &tree::TableBody, name: Span) {
    let span = if body.policy_span == Span::default() { name } else { body.policy_span };
    let choices = table.outputs.iter().any(|column| matches!(column.ty.bare(), Type::Choice(_)));
    let untyped = table.outputs.iter().any(|column| matches!(column.ty, Type::Any));
    match table.policy {
        HitPolicy::Priority | HitPolicy::OutputOrder if !choices && !untyped => checker.error(
            "tabla.sin-prioridad",
            span,
            "esta política ordena por prioridad: alguna columna de salida debe ser de opciones, de mayor a menor prioridad, como \"alto\" | \"medio\" | \"bajo\"",
            "this policy orders by priority: some output column must be of choices, highest first, such as \"high\" | \"medium\" | \"low\"",
        ),
        HitPolicy::CollectSum | HitPolicy::CollectMin | HitPolicy::CollectMax => aggregates(checker, table, span),
        _ => {}
    }
}

fn aggregates(checker: &mut Checker<'_>, table: &Table, span: Span) {
    let sums = table.policy == HitPolicy::CollectSum;
    let fits = match table.outputs.as_slice() {
        [only] if table.single => match only.ty.basic() {
            Type::Any | Type::Number { .. } | Type::DaysDuration | Type::MonthsDuration => true,
            other => !sums && crate::fit::ordered(&other),
        },
        _ => false,
    };
    if !fits {
        checker.error(
            "tabla.no-se-agrega",
            span,
            "esta política junta valores: la tabla debe tener una sola salida, de números (o con orden, para mínimo y máximo)",
            "this policy aggregates values: the table must have one output, of numbers (or ordered, for minimum and maximum)",
        );
    }
}
