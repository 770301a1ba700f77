//! What recorders hear, and where failures say that they happened.

use dictamen_core::{CellRecorder, Failure, Limits, Record, Recorder, evaluate, evaluate_with_cells};
use dictamen_plan::{DecisionId, ParameterId, Plan, TableId};
use dictamen_value::{Date, Message, Type, Value};

use crate::plans::Plans;

#[derive(Default)]
struct Lines(Vec<String>);

impl Recorder for Lines {
    fn deciding(&mut self, plan: &Plan, decision: DecisionId) {
        self.0.push(format!("deciding {}", plan.decisions[decision as usize].name));
    }

    fn decided(&mut self, plan: &Plan, decision: DecisionId, outcome: Result<&Value, &Failure>) {
        let outcome = outcome.map_or_else(|failure| failure.code.to_string(), Value::to_feel);
        self.0.push(format!("decided {} {outcome}", plan.decisions[decision as usize].name));
    }

    fn table(&mut self, _plan: &Plan, table: TableId, columns: &[Value], matched: &[u32]) {
        let columns = Value::list(columns.to_vec());
        self.0.push(format!("table {table} {columns} {matched:?}"));
    }

    fn parameter(&mut self, plan: &Plan, parameter: ParameterId, day: Date, row: usize) {
        self.0.push(format!("parameter {} {day} {row}", plan.parameters[parameter as usize].0));
    }

    fn diagnostic(&mut self, _plan: &Plan, failure: &Failure, explanation: &Message) {
        assert!(explanation.es.contains(&failure.message.es));
        self.0.push(format!("diagnostic {} {}", failure.code, failure.place.as_deref().unwrap_or_default()));
    }
}

fn heard(dmn_mode: bool) -> Vec<String> {
    let mut plans = Plans::new();
    plans.plan.dmn_mode = dmn_mode;
    plans.parameter(
        "uvt",
        Type::number(),
        &[("2026-01-01", None, None, Value::from(52_374)), ("2025-01-01", None, None, Value::from(49_799))],
    );
    plans.decision("base", Type::Any, "(parameter uvt @2025-02-01)");
    let table = "(table C (columns (0 #base) (1 5)) (outputs (v number)) (row (((gt 1)) -) 1) (row (((lt 1)) -) 2) (row (- -) 3))";
    plans.decision("tabla", Type::Any, table);
    let decision = plans.decision("caso", Type::Any, "(list #tabla #tabla (div 1 0))");
    let mut lines = Lines::default();
    let _ = plans.run_with(decision, Limits::default(), &mut lines);
    lines.0
}

#[test]
fn recorders_hear_what_happens_in_order() {
    let start = [
        "deciding caso",
        "deciding tabla",
        "deciding base",
        "parameter reglas.uvt 2025-02-01 1",
        "decided base 49799",
        "table 0 [49799, 5] [0, 2]",
        "decided tabla [1, 3]",
    ];
    let native = heard(false);
    assert_eq!(native[..7], start);
    assert_eq!(native[7..], ["decided caso evaluacion.division-por-cero"]);
    let dmn = heard(true);
    assert_eq!(dmn[..7], start);
    assert!(dmn[7].starts_with("diagnostic evaluacion.division-por-cero prueba.regla:"), "{}", dmn[7]);
    assert_eq!(dmn[8..], ["decided caso [[1, 3], [1, 3], null]"]);
}

#[test]
fn columns_are_heard_wherever_their_locals_are() {
    let mut plans = Plans::new();
    let table = "(table C (columns (5 1) (2 \"b\")) (outputs (v number)) (row (- -) 1))";
    let decision = plans.decision("caso", Type::Any, table);
    let mut lines = Lines::default();
    plans.run_with(decision, Limits::default(), &mut lines).0.unwrap();
    assert_eq!(lines.0[1], "table 0 [1, \"b\"] [0]");
}

/// Hears all cells but those of the third row.
#[derive(Default)]
struct Cells {
    matched: Vec<u32>,
    cells: Vec<(usize, usize, bool)>,
}

impl Recorder for Cells {
    fn table(&mut self, _plan: &Plan, _table: TableId, _columns: &[Value], matched: &[u32]) {
        self.matched.extend(matched);
    }
}

impl CellRecorder for Cells {
    fn wants_cells_of(&self, _table: TableId) -> bool {
        true
    }

    fn wants_cell(&self, _table: TableId, row: usize, _column: usize) -> bool {
        row != 2
    }

    fn cell(&mut self, _table: TableId, row: usize, column: usize, holds: bool) {
        self.cells.push((row, column, holds));
    }
}

#[test]
fn every_cell_is_told_also_behind_the_first_match_and_where_it_asks_for_arguments() {
    let mut plans = Plans::new();
    plans.plan.dmn_mode = false;
    let table = "(table F (columns (4 %0) (5 %1)) (outputs (v number)) \
                 (row (((gt %1)) -) 1) (row (((lt 1)) ((gt %0))) 2) (row (((gt 1)) -) 3) (row (((gt \"x\")) ((gt 2))) 4))";
    plans.function("f", 2, table);
    let decision = plans.decision("caso", Type::Any, "(call f 5 3)");
    let mut cells = Cells::default();
    let facts = plans.facts();
    let prepared = plans.prepared();
    let request = plans.request(&prepared, decision, Limits::default(), &facts);
    let outcome = evaluate_with_cells(&request, &mut cells);
    assert_eq!(outcome, evaluate(&request, &mut Record::default()).0);
    assert_eq!(cells.matched, [0]);
    // What is compared with a text fails, and so is not told.
    assert_eq!(cells.cells, [(0, 0, true), (0, 1, true), (1, 0, false), (1, 1, false), (3, 1, true)]);
}

#[test]
fn the_record_keeps_matched_rows() {
    let mut plans = Plans::new();
    let table = "(table R (columns (0 1)) (outputs (v number)) (row (-) 1) (row (((gt 1))) 2) (row (-) 3))";
    let decision = plans.decision("caso", Type::Any, table);
    let mut record = Record::default();
    plans.run_with(decision, Limits::default(), &mut record).0.unwrap();
    assert_eq!(record.tables().collect::<Vec<_>>(), [(0, &[0, 2][..])]);
}

#[test]
fn failures_say_where_what_was_expected_and_what_came() {
    let mut plans = Plans::new();
    plans.plan.dmn_mode = false;
    plans.parameter("uvt", Type::number(), &[("2026-01-01", None, None, Value::from(1))]);
    plans.decision("dentro", Type::Any, "(div 10 (sub 3 3))");
    let long = format!("(add 1 \"{}\")", "á".repeat(500));
    let unique = "(table U (columns (0 5)) (outputs (v number)) (row (-) 1) (row (((gt 9))) 2) (row (-) 3))";
    for (body, code, path, place, parts) in [
        ("(add 1 #dentro)", "evaluacion.division-por-cero", 2, "prueba.regla:5:7", vec!["división por cero", "10 y 0"]),
        ("(if null 1 2)", "evaluacion.nulo", 1, "", vec!["verdadero o falso", "null"]),
        (&long, "evaluacion.operacion", 1, "", vec!["1 y \"ááá", "á…"]),
        (
            "(parameter uvt @2020-05-06)",
            "parametro.sin-valor",
            1,
            "",
            vec!["reglas.uvt", "2020-05-06", "2026-03-01T00:00:00Z"],
        ),
        (
            unique,
            "tabla.varias-filas",
            1,
            "prueba.regla:100:1",
            vec!["columna 0 = 5", "1 (prueba.regla:101:3)", "3 (prueba.regla:103:3)"],
        ),
    ] {
        let decision = plans.decision("caso", Type::Any, body);
        let failure = plans.run(decision).unwrap_err();
        assert_eq!(&*failure.code, code);
        assert_eq!(failure.path.len(), path, "{:?}", failure.path);
        assert!(failure.place.as_ref().is_some_and(|found| found.contains(place)), "{:?}", failure.place);
        for part in parts {
            assert!(failure.message.es.contains(part), "{part}: {}", failure.message);
        }
        assert!(failure.message.es.chars().count() < 400, "{}", failure.message);
    }
}
