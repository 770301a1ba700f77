//! The same table as each engine reads it: `.regla`, JDM, DMN; and its cases as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::table::{Case, Cell, GROUPS, Kind, Policy, Row, Scalar, Table};

/// The ruleset of [`regla`].
pub const RULESET: &str = "medicion.tabla";
/// The decision of all models.
pub const DECISION: &str = "resultado";

/// A `.regla` text.
pub fn regla(table: &Table) -> String {
    let mut text = format!("reglas {RULESET}\n  titulo \"Tabla para medir\"\n\n");
    for (column, kind) in table.columns.iter().enumerate() {
        let name = match kind {
            Kind::Text(_) => "texto",
            Kind::Number(_) => "numero",
            Kind::Date(..) => "fecha",
            Kind::Boolean => "booleano",
        };
        _ = writeln!(text, "entrada c{column} : {name}");
    }
    let groups = GROUPS.map(|group| format!("\"{group}\"")).join(" | ");
    let policy = match table.policy {
        Policy::First => "primera",
        Policy::Unique => "unica",
        Policy::Any => "cualquiera",
        Policy::Priority => "prioridad",
        Policy::Collect => "reunir",
    };
    _ = writeln!(text, "\ntabla {DECISION} : {{ tasa: numero, grupo: {groups} }}   politica {policy}");
    let heads: Vec<String> = (0..table.columns.len()).map(|column| format!("c{column}")).collect();
    _ = writeln!(text, "  | {} || tasa | grupo |", heads.join(" | "));
    for row in &table.rows {
        let cells: Vec<String> =
            row.cells.iter().zip(&table.columns).map(|(cell, kind)| feel_cell(cell, kind)).collect();
        let (rate, group) = output(row);
        _ = writeln!(text, "  | {} || {rate} | {group} |", cells.join(" | "));
    }
    text
}

/// Number and group as expressions.
fn output(row: &Row) -> (String, String) {
    (decimal(row.output.0), format!("\"{}\"", GROUPS[row.output.1]))
}

/// A DMN cell; ours are the same.
fn feel_cell(cell: &Cell, kind: &Kind) -> String {
    let literal = |value: &Scalar| feel_literal(value, kind);
    let list = |values: &[Scalar]| values.iter().map(literal).collect::<Vec<_>>().join(", ");
    let at = |units: &i64| feel_literal(&Scalar::Units(*units), kind);
    match cell {
        Cell::Any | Cell::Range(None, None) => "-".to_owned(),
        Cell::OneOf(values) => list(values),
        Cell::NoneOf(values) => format!("not({})", list(values)),
        Cell::Range(Some(low), None) => format!(">= {}", at(low)),
        Cell::Range(None, Some(high)) => format!("< {}", at(high)),
        Cell::Range(Some(low), Some(high)) => format!("[{}..{})", at(low), at(high)),
    }
}

fn feel_literal(value: &Scalar, kind: &Kind) -> String {
    match (value, kind) {
        (Scalar::Text(text), _) => format!("\"{text}\""),
        (Scalar::Units(units), Kind::Number(_)) => decimal(*units),
        (Scalar::Units(units), Kind::Boolean) => (*units == 1).to_string(),
        (Scalar::Units(units), _) => format!("date(\"{}\")", iso_date(*units)),
    }
}

/// Hundredths as a decimal.
pub fn decimal(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Days since 1970-01-01 as a date (Hinnant's civil_from_days).
pub fn iso_date(days: i64) -> String {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The facts of a case as JSON.
pub fn facts(table: &Table, case: &Case) -> Value {
    let entry = |(column, (kind, value)): (usize, (&Kind, &Scalar))| {
        let value = match (value, kind) {
            (Scalar::Text(text), _) => json!(text),
            (Scalar::Units(units), Kind::Number(_)) => json!(*units as f64 / 100.0),
            (Scalar::Units(units), Kind::Boolean) => json!(*units == 1),
            (Scalar::Units(units), _) => json!(iso_date(*units)),
        };
        (format!("c{column}"), value)
    };
    Value::Object(table.columns.iter().zip(case).enumerate().map(entry).collect())
}

/// A JDM graph of one table; `None` where JDM has no such hit policy.
pub fn jdm(table: &Table) -> Option<Value> {
    let policy = match table.policy {
        Policy::First | Policy::Unique | Policy::Any => "first",
        Policy::Collect => "collect",
        Policy::Priority => return None,
    };
    let inputs: Vec<Value> = (0..table.columns.len())
        .map(
            |column| json!({ "id": format!("i{column}"), "name": format!("c{column}"), "field": format!("c{column}") }),
        )
        .collect();
    let rule = |(number, row): (usize, &Row)| {
        let cells = row.cells.iter().zip(&table.columns).enumerate();
        let cells = cells.map(|(column, (cell, kind))| (format!("i{column}"), json!(jdm_cell(cell, kind))));
        let (rate, group) = output(row);
        let outputs = [("_id", format!("r{number}")), ("tasa", rate), ("grupo", group)];
        let outputs = outputs.map(|(name, text)| (name.to_owned(), json!(text)));
        Value::Object(cells.chain(outputs).collect())
    };
    let content = json!({
        "hitPolicy": policy,
        "inputs": inputs,
        "outputs": [{ "id": "tasa", "name": "tasa", "field": "tasa" }, { "id": "grupo", "name": "grupo", "field": "grupo" }],
        "rules": table.rows.iter().enumerate().map(rule).collect::<Vec<_>>(),
    });
    Some(json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode", "content": {} },
            { "id": "table", "name": DECISION, "type": "decisionTableNode", "content": content },
            { "id": "out", "name": "out", "type": "outputNode", "content": {} },
        ],
        "edges": [
            { "id": "e1", "sourceId": "in", "targetId": "table" },
            { "id": "e2", "sourceId": "table", "targetId": "out" },
        ],
    }))
}

fn jdm_cell(cell: &Cell, kind: &Kind) -> String {
    let date = matches!(kind, Kind::Date(..));
    let subject = if date { "date($)" } else { "$" };
    let literal = |value: &Scalar| match (value, date) {
        (Scalar::Units(units), true) => format!("date('{}')", iso_date(*units)),
        _ => feel_literal(value, kind),
    };
    let list = |values: &[Scalar]| values.iter().map(literal).collect::<Vec<_>>().join(", ");
    let at = |units: &i64| literal(&Scalar::Units(*units));
    match cell {
        Cell::Any | Cell::Range(None, None) => String::new(),
        Cell::OneOf(values) => list(values),
        Cell::NoneOf(values) => format!("not in [{}]", list(values)),
        Cell::Range(Some(low), Some(high)) if !date => format!("[{}..{})", at(low), at(high)),
        Cell::Range(low, high) => {
            let tests = [(">=", low), ("<", high)];
            let tests =
                tests.iter().filter_map(|(sign, units)| Some(format!("{subject} {sign} {}", at(units.as_ref()?))));
            tests.collect::<Vec<_>>().join(" and ")
        }
    }
}

/// A DMN 1.3 model of one decision.
pub fn dmn(table: &Table) -> String {
    let kinds = table.columns.iter().map(|kind| match kind {
        Kind::Text(_) => "string",
        Kind::Number(_) => "number",
        Kind::Date(..) => "date",
        Kind::Boolean => "boolean",
    });
    let (mut data, mut needs, mut inputs) = (String::new(), String::new(), String::new());
    for (column, kind) in kinds.enumerate() {
        _ = write!(
            data,
            r##"<inputData name="c{column}" id="d{column}"><variable typeRef="{kind}" name="c{column}"/></inputData>"##
        );
        _ = write!(
            needs,
            r##"<informationRequirement id="q{column}"><requiredInput href="#d{column}"/></informationRequirement>"##
        );
        _ = write!(
            inputs,
            r##"<input id="i{column}"><inputExpression typeRef="{kind}"><text>c{column}</text></inputExpression></input>"##
        );
    }
    let policy = match table.policy {
        Policy::First => "FIRST",
        Policy::Unique => "UNIQUE",
        Policy::Any => "ANY",
        Policy::Priority => "PRIORITY",
        Policy::Collect => "COLLECT",
    };
    let groups = GROUPS.map(|group| format!("\"{group}\"")).join(",");
    let outputs = format!(
        r##"<output id="o0" name="tasa" typeRef="number"/><output id="o1" name="grupo" typeRef="string"><outputValues><text>{groups}</text></outputValues></output>"##
    );
    let rows: String = table.rows.iter().enumerate().map(|(number, row)| dmn_row(table, number, row)).collect();
    let body = format!(r##"<decisionTable hitPolicy="{policy}" id="t">{inputs}{outputs}{rows}</decisionTable>"##);
    dmn_model(&data, &needs, &body)
}

fn dmn_row(table: &Table, number: usize, row: &Row) -> String {
    let mut text = format!(r##"<rule id="r{number}">"##);
    for (column, (cell, kind)) in row.cells.iter().zip(&table.columns).enumerate() {
        let cell = feel_cell(cell, kind).replace('<', "&lt;").replace('>', "&gt;");
        _ = write!(text, r##"<inputEntry id="r{number}-{column}"><text>{cell}</text></inputEntry>"##);
    }
    let (rate, group) = output(row);
    for (column, output) in [rate, group].into_iter().enumerate() {
        _ = write!(text, r##"<outputEntry id="r{number}-o{column}"><text>{output}</text></outputEntry>"##);
    }
    text + "</rule>"
}

/// A DMN model around one decision: input data, what it requires, its body.
pub fn dmn_model(data: &str, needs: &str, body: &str) -> String {
    format!(
        r##"<?xml version="1.0" encoding="UTF-8"?><definitions namespace="{DMN_NAMESPACE}" name="{DMN_NAME}" id="m" xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">{data}<decision name="{DECISION}" id="x"><variable name="{DECISION}" id="v"/>{needs}{body}</decision></definitions>"##
    )
}

/// The namespace of DMN models.
pub const DMN_NAMESPACE: &str = "https://dictamen.invalid/medicion";
/// Their name.
pub const DMN_NAME: &str = "medicion";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        assert_eq!([iso_date(0), iso_date(10_957), iso_date(22_280)], ["1970-01-01", "2000-01-01", "2031-01-01"]);
        assert_eq!(iso_date(19_782), "2024-02-29");
    }
}
