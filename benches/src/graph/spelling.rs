//! The same graph as each engine reads it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::model::{AMOUNTS, BASES, DEBTS, GROUPS, KINDS, OLD_YEARS, OTHERS, POINTS, RATES, level};
use crate::tables::spelling::{DECISION, dmn_model};

/// The ruleset of [`regla`].
pub const RULESET: &str = "medicion.grafo";

/// A decision: its name, and its expression in FEEL.
type Decision = (&'static str, &'static str);

/// Decisions before the table of rates.
const INCOME: [Decision; 10] = [
    ("ingresos_brutos", "ingresos_laborales + ingresos_capital + ingresos_no_laborales"),
    ("aportes", "aportes_salud + aportes_pension"),
    ("ingresos_netos", "max(ingresos_brutos - aportes, 0)"),
    ("deduccion_vivienda", "min(intereses_vivienda, 1500)"),
    ("deduccion_medicina", "min(medicina_prepagada, 250)"),
    ("deduccion_dependientes", "if dependientes > 4 then 360 else dependientes * 90"),
    ("deducciones", "deduccion_vivienda + deduccion_medicina + deduccion_dependientes"),
    ("limite", "ingresos_netos * 0.35"),
    ("aceptadas", "min(deducciones, limite)"),
    ("base", "round half up(ingresos_netos - aceptadas, 0)"),
];
/// Between the tables.
const TAX: [Decision; 2] = [
    ("impuesto_bruto", "round half up(base * tarifa.tasa, 2)"),
    ("endeudamiento", "if patrimonio > 0 then round half up(deudas / patrimonio, 4) else 0"),
];
/// After the table of risks.
const BALANCE: [Decision; 4] = [
    ("sobretasa", r#"if riesgo.nivel = "alto" then impuesto_bruto * 0.05 else 0"#),
    ("impuesto", "round half up(impuesto_bruto + sobretasa, 0)"),
    ("saldo", "impuesto - (retenciones + anticipo)"),
    ("declara", "ingresos_brutos >= 250000 or patrimonio >= 450000 or obligado or not(residente)"),
];
/// Fields of the outcome.
const FIELDS: [Decision; 6] = [
    ("a_pagar", "max(saldo, 0)"),
    ("a_favor", "max(-saldo, 0)"),
    ("declara", "declara"),
    ("nivel", "riesgo.nivel"),
    ("puntos", "riesgo.puntos"),
    ("tasa", "tarifa.tasa"),
];

/// A table: its name, its inputs, its outputs, and its rows of cells.
struct GraphTable {
    name: &'static str,
    inputs: Vec<&'static str>,
    outputs: [&'static str; 2],
    rows: Vec<(Vec<String>, [String; 2])>,
}

fn rates() -> GraphTable {
    let cells = KINDS.iter().enumerate().flat_map(|(kind, name)| {
        (0..5).map(move |band| {
            let outputs = [ten_thousandths(RATES[kind][band]), format!("\"{}\"", GROUPS[band])];
            (vec![format!("\"{name}\""), range(&BASES.map(|base| base.to_string()), band)], outputs)
        })
    });
    GraphTable { name: "tarifa", inputs: vec!["tipo", "base"], outputs: ["tasa", "grupo"], rows: cells.collect() }
}

fn risks() -> GraphTable {
    let mut rows = Vec::new();
    for (resident, by_age) in POINTS.iter().enumerate() {
        for (old, by_debt) in by_age.iter().enumerate() {
            for (band, points) in by_debt.iter().enumerate() {
                let years = if old == 1 { format!(">= {OLD_YEARS}") } else { format!("< {OLD_YEARS}") };
                let cells = vec![(resident == 1).to_string(), years, range(&DEBTS.map(ten_thousandths), band)];
                rows.push((cells, [points.to_string(), format!("\"{}\"", level(*points))]));
            }
        }
    }
    let inputs = vec!["residente", "antiguedad", "endeudamiento"];
    GraphTable { name: "riesgo", inputs, outputs: ["puntos", "nivel"], rows }
}

/// The cell of a band.
fn range(begins: &[String; 4], band: usize) -> String {
    match band {
        0 => format!("< {}", begins[0]),
        4 => format!(">= {}", begins[3]),
        band => format!("[{}..{})", begins[band - 1], begins[band]),
    }
}

fn ten_thousandths(number: i64) -> String {
    format!("{}.{:04}", number / 10_000, number % 10_000)
}

/// A `.regla` text: nineteen decisions, two of them tables.
pub fn regla() -> String {
    let mut text = format!("reglas {RULESET}\n  titulo \"Grafo para medir\"\n\n");
    let kinds = KINDS.map(|kind| format!("\"{kind}\"")).join(" | ");
    AMOUNTS.iter().for_each(|name| _ = writeln!(text, "entrada {name} : numero"));
    for (name, kind) in OTHERS.iter().zip(["entero", "entero", "booleano", "booleano", kinds.as_str()]) {
        _ = writeln!(text, "entrada {name} : {kind}");
    }
    let decision = |(name, body): &Decision| {
        let kind = if *name == "declara" { "booleano" } else { "numero" };
        format!("\ndecision {name} : {kind} = {body}\n")
    };
    let (income, tax, balance) = (
        INCOME.map(|of| decision(&of)).concat(),
        TAX.map(|of| decision(&of)).concat(),
        BALANCE.map(|of| decision(&of)).concat(),
    );
    let rates = regla_table(&rates(), "{ tasa: numero, grupo: texto }");
    let risks = regla_table(&risks(), "{ puntos: numero, nivel: texto }");
    let fields = FIELDS.map(|(name, body)| format!("{name}: {body}")).join(", ");
    let outcome = "{ a_pagar: numero, a_favor: numero, declara: booleano, nivel: texto, puntos: numero, tasa: numero }";
    format!("{text}{income}{rates}{tax}{risks}{balance}\ndecision {DECISION} : {outcome} = {{ {fields} }}\n")
}

fn regla_table(table: &GraphTable, kind: &str) -> String {
    let mut text = format!("\ntabla {} : {kind}   politica unica\n", table.name);
    _ = writeln!(text, "  | {} || {} |", table.inputs.join(" | "), table.outputs.join(" | "));
    for (cells, outputs) in &table.rows {
        _ = writeln!(text, "  | {} || {} |", cells.join(" | "), outputs.join(" | "));
    }
    text
}

/// An expression of FEEL as zen writes it.
fn zen_expression(feel: &str) -> String {
    let text = match feel.strip_prefix("if ").and_then(|rest| rest.split_once(" then ")) {
        Some((condition, rest)) => {
            let (yes, no) = rest.split_once(" else ").expect("a conditional has both branches");
            format!("{condition} ? {yes} : {no}").replace(" = ", " == ")
        }
        None => feel.to_owned(),
    };
    let text = text.replace("round half up(", "round(").replace("not(residente)", "not residente");
    let Some((name @ ("min" | "max"), arguments)) = text.split_once('(') else { return text };
    format!("{name}([{}])", arguments.trim_end_matches(')'))
}

/// A JDM graph with a node for each decision, one after the other.
pub fn jdm_chain() -> Value {
    let each = |decisions: &[Decision]| -> Vec<Value> {
        decisions.iter().map(|decision| jdm_expressions(decision.0, &[*decision], "")).collect()
    };
    let mut nodes = each(&INCOME);
    nodes.push(jdm_table(&rates()));
    nodes.extend(each(&TAX));
    nodes.push(jdm_table(&risks()));
    nodes.extend(each(&BALANCE));
    nodes.push(jdm_expressions(DECISION, &FIELDS, ""));
    jdm(nodes)
}

/// The same with expressions merged into as few nodes as tables allow.
pub fn jdm_merged() -> Value {
    let last: Vec<Decision> =
        BALANCE.into_iter().chain(FIELDS.into_iter().filter(|(name, _)| *name != "declara")).collect();
    jdm(vec![
        jdm_expressions("ingresos", &INCOME, "$."),
        jdm_table(&rates()),
        jdm_expressions("impuestos", &TAX, "$."),
        jdm_table(&risks()),
        jdm_expressions(DECISION, &last, "$."),
    ])
}

/// A node of expressions; those before in the same node are called with `own` before their names.
fn jdm_expressions(name: &str, decisions: &[Decision], own: &str) -> Value {
    let expression = |(position, (key, feel)): (usize, &Decision)| {
        let mut text = zen_expression(feel);
        for (before, _) in decisions[..position].iter().filter(|_| !own.is_empty()) {
            text = replace_word(&text, before, &format!("{own}{before}"));
        }
        json!({ "id": format!("{name}-{key}"), "key": key, "value": text })
    };
    let expressions: Vec<Value> = decisions.iter().enumerate().map(expression).collect();
    let content = json!({ "expressions": expressions, "passThrough": name != DECISION });
    json!({ "id": name, "name": name, "type": "expressionNode", "content": content })
}

/// Replaces a name where it stands as a whole word.
fn replace_word(text: &str, name: &str, by: &str) -> String {
    let is_word = |character: char| character.is_alphanumeric() || character == '_' || character == '.';
    let mut made = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let whole = !before.ends_with(is_word) && !after.starts_with(|next: char| is_word(next) && next != '.');
        made.push_str(before);
        made.push_str(if whole { by } else { name });
        rest = after;
    }
    made + rest
}

fn jdm_table(table: &GraphTable) -> Value {
    let inputs: Vec<Value> =
        table.inputs.iter().map(|name| json!({ "id": name, "name": name, "field": name })).collect();
    let outputs: Vec<Value> = table
        .outputs
        .iter()
        .map(|name| json!({ "id": format!("o_{name}"), "name": name, "field": format!("{}.{name}", table.name) }))
        .collect();
    let rule = |(number, (cells, values)): (usize, &(Vec<String>, [String; 2]))| {
        let cells = table.inputs.iter().map(|name| (*name).to_owned()).zip(cells.iter().map(|cell| json!(cell)));
        let values = table.outputs.iter().map(|name| format!("o_{name}")).zip(values.iter().map(|value| json!(value)));
        Value::Object(cells.chain(values).chain([("_id".to_owned(), json!(format!("r{number}")))]).collect())
    };
    let rules: Vec<Value> = table.rows.iter().enumerate().map(rule).collect();
    let content =
        json!({ "hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules, "passThrough": true });
    json!({ "id": table.name, "name": table.name, "type": "decisionTableNode", "content": content })
}

/// Nodes between an input and an output, one after the other.
fn jdm(middle: Vec<Value>) -> Value {
    let mut nodes = vec![json!({ "id": "in", "name": "in", "type": "inputNode", "content": {} })];
    nodes.extend(middle);
    nodes.push(json!({ "id": "out", "name": "out", "type": "outputNode", "content": {} }));
    let edge = |(number, pair): (usize, &[Value])| json!({ "id": format!("e{number}"), "sourceId": pair[0]["id"], "targetId": pair[1]["id"] });
    let edges: Vec<Value> = nodes.windows(2).enumerate().map(edge).collect();
    json!({ "nodes": nodes, "edges": edges })
}

/// A DMN model: one boxed context.
pub fn dmn() -> String {
    let kinds = AMOUNTS.iter().map(|_| "number").chain(["number", "number", "boolean", "boolean", "string"]);
    let (mut data, mut needs) = (String::new(), String::new());
    for (name, kind) in AMOUNTS.iter().chain(&OTHERS).zip(kinds) {
        _ = write!(
            data,
            r##"<inputData name="{name}" id="d_{name}"><variable typeRef="{kind}" name="{name}"/></inputData>"##
        );
        _ = write!(
            needs,
            r##"<informationRequirement id="q_{name}"><requiredInput href="#d_{name}"/></informationRequirement>"##
        );
    }
    let entries = |decisions: &[Decision]| -> String {
        decisions.iter().map(|(name, feel)| dmn_entry(name, &dmn_literal(&rounding_zero(feel)))).collect()
    };
    let fields = FIELDS.map(|(name, body)| format!("{name}: {body}")).join(", ");
    let body = format!(
        "<context>{}{}{}{}{}<contextEntry>{}</contextEntry></context>",
        entries(&INCOME),
        dmn_entry("tarifa", &dmn_table(&rates())),
        entries(&TAX),
        dmn_entry("riesgo", &dmn_table(&risks())),
        entries(&BALANCE),
        dmn_literal(&format!("{{ {fields} }}"))
    );
    dmn_model(&data, &needs, &body)
}

/// dsntk 0.3 fails to round zero: adds something that no rounding here can see. It also takes what follows a path (`a.b + …`)
/// for a part of the name, hence the parentheses.
fn rounding_zero(feel: &str) -> String {
    let parts = feel.split_once("round half up(").and_then(|(before, rest)| Some((before, rest.split_once(", ")?)));
    match parts {
        Some((before, (number, rest))) => format!("{before}round half up(({number}) + 0.00000000000000000001, {rest}"),
        None => feel.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn dmn_literal(feel: &str) -> String {
    format!("<literalExpression><text>{}</text></literalExpression>", escaped(feel))
}

fn dmn_entry(name: &str, body: &str) -> String {
    format!(r##"<contextEntry><variable name="{name}"/>{body}</contextEntry>"##)
}

fn dmn_table(table: &GraphTable) -> String {
    let mut text = String::from(r##"<decisionTable hitPolicy="UNIQUE">"##);
    for name in &table.inputs {
        _ = write!(text, "<input><inputExpression><text>{name}</text></inputExpression></input>");
    }
    for name in table.outputs {
        _ = write!(text, r##"<output name="{name}"/>"##);
    }
    for (cells, outputs) in &table.rows {
        text.push_str("<rule>");
        cells.iter().for_each(|cell| _ = write!(text, "<inputEntry><text>{}</text></inputEntry>", escaped(cell)));
        outputs.iter().for_each(|value| _ = write!(text, "<outputEntry><text>{value}</text></outputEntry>"));
        text.push_str("</rule>");
    }
    text + "</decisionTable>"
}
