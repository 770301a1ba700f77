//! The model as text for `dictamen dump --stage model`: what each name became, with its type.

use std::fmt::Write as _;

use crate::graph::{Body, BodyKind, Model, RulesetId, Table};

/// A readable listing of a model: one block a declaration, expressions in their typed form.
pub fn dump(model: &Model) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_model(model, &mut out);
    out
}

fn write_model(model: &Model, out: &mut String) -> std::fmt::Result {
    let id = |ruleset: RulesetId| model.rulesets.get(ruleset as usize).map(|ruleset| &*ruleset.id).unwrap_or_default();
    for ruleset in &model.rulesets {
        writeln!(out, "ruleset {}", ruleset.id)?;
    }
    for ty in &model.types {
        writeln!(out, "type {}.{} = {:?}", id(ty.ruleset), ty.name, ty.ty)?;
    }
    for (number, constraint) in model.constraints.iter().enumerate() {
        writeln!(out, "constraint #{number} {}", constraint.text)?;
    }
    for (number, input) in model.inputs.iter().enumerate() {
        writeln!(out, "input #{number} {}.{} : {}", id(input.ruleset), input.name, input.ty.describe().en)?;
    }
    for (number, parameter) in model.parameters.iter().enumerate() {
        writeln!(
            out,
            "parameter #{number} {}.{} : {}",
            id(parameter.ruleset),
            parameter.name,
            parameter.ty.describe().en
        )?;
        for row in &parameter.rows {
            writeln!(out, "  from {} to {:?} known {:?} = {}", row.from, row.to, row.known, row.value)?;
        }
    }
    for (number, decision) in model.decisions.iter().enumerate() {
        writeln!(out, "decision #{number} {}.{} : {}", id(decision.ruleset), decision.name, decision.ty.describe().en)?;
        write_body(&decision.body, out)?;
    }
    for (number, function) in model.functions.iter().enumerate() {
        writeln!(out, "function #{number} {}.{} : {}", id(function.ruleset), function.name, function.ty.describe().en)?;
        write_body(&function.body, out)?;
    }
    for (number, lambda) in model.lambdas.iter().enumerate() {
        writeln!(out, "lambda #{number} captures {:?}\n  {:?}", lambda.captures, lambda.body.kind)?;
    }
    for letter in &model.letters {
        writeln!(out, "letter of decision #{}", letter.decision)?;
        write_body(&letter.body, out)?;
    }
    for term in &model.glossary {
        writeln!(out, "term {}.{:?} means {:?}", id(term.ruleset), term.term, term.meaning)?;
    }
    for case in &model.cases {
        writeln!(
            out,
            "case {:?} with {} facts and {} expectations",
            case.title,
            case.given.len(),
            case.expectations.len()
        )?;
    }
    Ok(())
}

fn write_body(body: &Body, out: &mut String) -> std::fmt::Result {
    match &body.kind {
        BodyKind::Expression(expr) => writeln!(out, "  {:?}", expr.kind),
        BodyKind::Table(table) => write_table(table, out),
    }
}

fn write_table(table: &Table, out: &mut String) -> std::fmt::Result {
    let columns: Vec<&str> = table.inputs.iter().map(|column| &*column.text).collect();
    let outputs: Vec<&str> = table.outputs.iter().map(|column| &*column.name).collect();
    writeln!(out, "  table {:?}: {} || {}", table.policy, columns.join(" | "), outputs.join(" | "))?;
    for row in &table.rows {
        let cells: Vec<&str> = row.inputs.iter().map(|cell| &*cell.text).collect();
        writeln!(
            out,
            "    {} || {:?}",
            cells.join(" | "),
            row.outputs.iter().map(|output| &output.kind).collect::<Vec<_>>()
        )?;
    }
    Ok(())
}
