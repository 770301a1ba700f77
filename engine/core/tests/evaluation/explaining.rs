//! Explanations: rows, cells, parameters and what was asked.

use dictamen_core::{Explanation, Form, Limits, explain};
use dictamen_value::{Type, Value};

use crate::plans::Plans;

fn explained(plans: &Plans, decision: u32) -> Explanation {
    explain(&plans.request(&plans.prepared(), decision, Limits::default(), &plans.facts()), Form::Reserved)
}

fn example(dmn_mode: bool) -> (Plans, u32) {
    let mut plans = Plans::new();
    plans.plan.dmn_mode = dmn_mode;
    plans.input("n", Type::number(), Some(Value::from(7)));
    plans.parameter(
        "uvt",
        Type::number(),
        &[
            ("2026-01-01", None, Some("2025-12-15T00:00:00Z"), Value::from(52_374)),
            ("2025-01-01", Some("2025-12-31"), None, Value::from(49_799)),
        ],
    );
    plans.decision("base", Type::number(), "(mul $n (parameter uvt))");
    let table = "(table U (columns (0 #base) (1 $n)) (outputs (v text))
        (row (((lt 1000)) ((lt 5))) \"poco\")
        (row (((gt 1000)) ((ge 5))) \"mucho\")
        (row (((gt 1000)) ((lt 5))) \"raro\")
        (row (- ((when (lt (div 1 0) %1)))) \"malo\")
        (default \"nada\"))";
    // The last row divides by zero; with a row that matches before it, the policy first never gets there.
    let decision = plans.decision("tabla", Type::Text, &table.replace("(table U", "(table F"));
    plans.plan.decisions[decision as usize].asks = vec![0];
    (plans, decision)
}

#[test]
fn a_table_is_explained_row_by_row_and_cell_by_cell() {
    let (plans, decision) = example(false);
    let explanation = explained(&plans, decision);
    assert_eq!(explanation.outcome, Ok(Value::from("mucho")));
    let names: Vec<_> = explanation.decisions.iter().map(|report| report.name.as_str()).collect();
    assert_eq!(names, ["reglas.base", "reglas.tabla"]);
    let [base, report] = &explanation.decisions[..] else { panic!() };
    assert_eq!(base.outcome, Ok(Value::from(366_618)));
    assert!(base.table.is_none());
    assert_eq!(report.asks, ["reglas.base"]);
    let table = report.table.as_ref().unwrap();
    assert_eq!((table.policy, table.default_used, table.rows_left_out), ("F", false, 0));
    let columns: Vec<_> = table.columns.iter().map(|column| (column.text.as_str(), column.value.to_feel())).collect();
    assert_eq!(columns, [("columna 0", "366618".to_owned()), ("columna 1", "7".to_owned())]);
    let rows: Vec<_> = table
        .rows
        .iter()
        .map(|row| (row.number, row.matched, row.cells.iter().map(|cell| cell.holds).collect::<Vec<_>>()))
        .collect();
    assert_eq!(
        rows,
        [
            (2, true, vec![Some(true), Some(true)]),
            (1, false, vec![Some(false), Some(false)]),
            (3, false, vec![Some(true), Some(false)]),
            (4, false, vec![Some(true), None]),
        ]
    );
    assert_eq!(table.rows[0].place.as_deref(), Some("prueba.regla:102:3"));
    assert_eq!(table.rows[0].legal_basis.as_deref(), Some("ET 2"));
    assert_eq!(table.rows[0].annotations, [("base_legal".to_owned(), "ET 2".to_owned())]);
}

#[test]
fn parameters_are_told_with_their_validity() {
    let (plans, decision) = example(false);
    let explanation = explained(&plans, decision);
    let [parameter] = &explanation.decisions[0].parameters[..] else { panic!() };
    assert_eq!(parameter.name, "reglas.uvt");
    assert_eq!(parameter.value, Value::from(52_374));
    assert_eq!(
        (parameter.day.to_string(), parameter.from.to_string()),
        ("2026-03-01".to_owned(), "2026-01-01".to_owned())
    );
    assert_eq!(parameter.known.map(|known| known.to_string()).as_deref(), Some("2025-12-15T00:00:00Z"));
    assert_eq!(parameter.legal_basis.as_deref(), Some("Base del parámetro"));
}

#[test]
fn an_explanation_is_json_with_plain_values() {
    let (plans, decision) = example(false);
    let json = serde_json::to_string(&explained(&plans, decision)).unwrap();
    assert!(json.starts_with(r#"{"decisions":[{"name":"reglas.base","place":"prueba.regla:"#), "{json}");
    assert!(json.ends_with(r#""outcome":{"value":"mucho"}}"#), "{json}");
    assert!(json.contains(r#"{"text":"columna 0","value":366618}"#), "{json}");
    assert!(json.contains(r#""holds":null"#), "{json}");
}

#[test]
fn a_failure_is_explained_up_to_where_it_happened() {
    let mut plans = Plans::new();
    plans.decision("bien", Type::Any, "1");
    let table = "(table U (columns (0 #bien)) (outputs (v any)) (row (((gt 1))) 1))";
    plans.decision("tabla", Type::Any, table);
    let decision = plans.decision("caso", Type::Any, "(add 1 #tabla)");
    let explanation = explained(&plans, decision);
    let codes: Vec<_> = explanation
        .decisions
        .iter()
        .map(|report| match &report.outcome {
            Ok(value) => value.to_feel(),
            Err(failure) => failure.code.to_string(),
        })
        .collect();
    assert_eq!(codes, ["1", "tabla.sin-fila", "tabla.sin-fila"]);
    let table = explanation.decisions[1].table.as_ref().unwrap();
    assert_eq!(table.rows[0].cells[0].holds, Some(false));
    assert_eq!(&*explanation.outcome.unwrap_err().code, "tabla.sin-fila");
}

#[test]
fn the_default_is_told() {
    let mut plans = Plans::new();
    let decision = plans.decision(
        "tabla",
        Type::Any,
        "(table U (columns (0 1)) (outputs (v any)) (row (((gt 1))) 1) (default 2))",
    );
    let explanation = explained(&plans, decision);
    let table = explanation.decisions[0].table.clone().unwrap();
    assert!(table.default_used);
    assert_eq!(table.default.unwrap().legal_basis.as_deref(), Some("Regla general"));
}

#[test]
fn rows_that_did_not_match_are_capped_and_counted() {
    let mut plans = Plans::new();
    let rows: String = (0..500).map(|n| format!("(row (((eq {n}))) {n})")).collect();
    let decision = plans.decision("tabla", Type::Any, &format!("(table U (columns (0 450)) (outputs (v any)) {rows})"));
    let table = explained(&plans, decision).decisions[0].table.clone().unwrap();
    assert_eq!(table.rows[0].number, 451);
    assert_eq!((table.rows.len(), table.rows_left_out), (201, 299));
}

#[test]
fn in_dmn_mode_diagnostics_belong_to_their_decision() {
    let mut plans = Plans::new();
    plans.plan.dmn_mode = true;
    plans.decision("mal", Type::Any, "(div 1 0)");
    let decision = plans.decision("caso", Type::Any, "(list #mal (add 1 \"a\"))");
    let explanation = explained(&plans, decision);
    let codes = |position: usize| -> Vec<String> {
        explanation.decisions[position].diagnostics.iter().map(|failure| failure.code.to_string()).collect()
    };
    assert_eq!(codes(0), ["evaluacion.division-por-cero"]);
    assert_eq!(codes(1), ["evaluacion.operacion"]);
}
