//! Decisions that run as programs allocate nothing once a session is warm: facts in JSON, the decision, its outcome in JSON.
//! Two things are copied: texts that built-in functions are called with, and one that JSON writes with escapes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::path::PathBuf;
use std::sync::Arc;

use dictamen_core::{Limits, Record, Session};
use dictamen_decisions::{Catalogue, Day, Example, LoadLimits, Ready, Selection, examples};
use dictamen_plan::DecisionId;
use dictamen_value::Date;
use serde_json::Value;

/// Decisions that a session makes before allocations are counted: its memory grows to what the facts need.
const TO_WARM: usize = 20;
/// Decisions that must allocate nothing.
const COUNTED: usize = 1_000;

/// Rules with a decision `resultado`, and facts for it.
const RULES: &[(&str, &str, &[&str])] = &[
    (
        "numbers through two tables",
        r#"
entrada base : numero
entrada cuenta : entero
entrada exento : booleano
decision neta : numero = round half up(max(base - 12.5 * cuenta, 0), 2)
tabla tarifa : { tasa: numero, grupo: texto }   politica unica
  | neta       || tasa  | grupo  |
  | < 100      || 0     | "bajo" |
  | [100..900) || 0.085 | "medio"|
  | >= 900     || 0.175 | "alto" |
tabla recargo : numero   politica primera
  | exento | cuenta || recargo |
  | true   | -      || 0       |
  | false  | < 3    || 1.5     |
  | -      | -      || 2.75    |
decision resultado : { a_pagar: numero, grupo: texto, tasa: numero } = {
  a_pagar: round half up(neta * tarifa.tasa + recargo, 2), grupo: tarifa.grupo, tasa: tarifa.tasa }
"#,
        &[
            r#"{"base":1234.56,"cuenta":2,"exento":false}"#,
            r#"{"base":0.1,"cuenta":0,"exento":true}"#,
            r#"{"base":12345678901234567890.12,"cuenta":7,"exento":false}"#,
        ],
    ),
    (
        "a table that collects",
        r#"
entrada puntos : entero
entrada zona : texto

tabla resultado : texto   politica reunir
  | puntos | zona          || aviso     |
  | > 10   | -             || "muchos"  |
  | > 5    | "norte"       || "revisar" |
  | -      | "norte", "sur" || "visitar" |
  | < 0    | -             || "corregir"|
"#,
        &[r#"{"puntos":12,"zona":"norte"}"#, r#"{"puntos":-1,"zona":"centro"}"#, r#"{"puntos":3,"zona":"este"}"#],
    ),
    (
        "texts that are joined",
        r#"
entrada nombre : texto
entrada ciudad : texto
decision saludo : texto = "Estimada " + nombre + ", de " + ciudad
decision resultado : { texto: texto, es_de_las_ultimas: booleano } = { texto: saludo + ".", es_de_las_ultimas: saludo > "Estimada M" }
"#,
        &[
            r#"{"nombre":"María Peña","ciudad":"Bogotá"}"#,
            r#"{"nombre":"Ana la menor","ciudad":"San José del Guaviare, corregimiento de El Capricho"}"#,
        ],
    ),
    (
        "dates",
        r#"
entrada nacimiento : fecha
entrada corte : fecha
tabla tramo : texto   politica primera
  | nacimiento           || tramo     |
  | < @"1990-01-01" || "mayores" |
  | -                    || "jovenes" |
decision resultado : { vence: fecha, tarde: booleano, tramo: texto, anio: entero } = {
  vence: corte + @"P3M", tarde: corte > @"2026-06-30", tramo: tramo, anio: nacimiento.year }
"#,
        &[r#"{"nacimiento":"1984-02-29","corte":"2026-07-01"}"#, r#"{"nacimiento":"2001-11-30","corte":"2025-12-31"}"#],
    ),
];

/// A decision with facts, some of which it may refuse.
struct Case {
    name: String,
    ready: Arc<Ready>,
    decision: DecisionId,
    day: Day,
    facts: Vec<Vec<u8>>,
}

#[test]
fn programs_decide_without_allocating() {
    let typed: Vec<Case> = RULES.iter().map(of_rules).collect();
    for case in &typed {
        assert_eq!(case.ready.plan.untyped(case.decision), None, "{}", case.name);
        check(case);
    }
}

#[test]
fn shipped_decisions_that_are_programs_decide_without_allocating() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../rulesets");
    let catalogue = Catalogue::load(&[folder], &LoadLimits::default());
    let programs: Vec<Case> = shipped(&catalogue);
    let counts: Vec<(&str, u64)> = programs.iter().map(|case| (case.name.as_str(), allocations(case))).collect();
    let (without, with): (Vec<_>, Vec<_>) = counts.into_iter().partition(|(_, count)| *count == 0);
    assert!(without.len() >= 30, "only {} shipped decisions are made without allocating", without.len());
    // Built-in functions take values, and a text becomes one by being copied.
    assert!(with.len() * 9 <= without.len(), "{with:#?}");
}

#[test]
fn what_allocates_is_counted() {
    assert_eq!(allocation_counter::measure(|| drop(std::hint::black_box(vec![1_u8]))).count_total, 1);
    assert_eq!(allocation_counter::measure(|| _ = std::hint::black_box([1_u8])).count_total, 0);
}

fn check(case: &Case) {
    let count = allocations(case);
    assert_eq!(count, 0, "{}: {COUNTED} decisions made {count} allocations", case.name);
}

/// Makes decisions until the session is warm, and counts what those after that allocate.
fn allocations(case: &Case) -> u64 {
    let Case { name, ready, decision, day, facts } = case;
    let times = (day.as_of, day.known_at);
    let mut session = Session::new(&ready.plan, &ready.parameters, *decision, times, Limits::default());
    let (mut record, mut out) = (Record::default(), Vec::new());
    let mut decide = |facts: &[u8]| {
        record.clear();
        out.clear();
        session.read(facts).unwrap_or_else(|errors| panic!("{name}: {errors:#?}"));
        session.decide(&mut record).unwrap_or_else(|failure| panic!("{name}: {failure:#?}"));
        session.write_outcome(&mut out);
        assert!(!out.is_empty(), "{name}");
    };
    let all = || facts.iter().cycle();
    all().take(TO_WARM.max(facts.len())).for_each(|facts| decide(facts));
    allocation_counter::measure(|| all().take(COUNTED).for_each(|facts| decide(facts))).count_total
}

fn of_rules((name, rules, facts): &(&str, &str, &[&str])) -> Case {
    let text = format!("reglas prueba.asignaciones\n{rules}");
    let catalogue = Catalogue::from_texts(&[("prueba.regla", &text)]);
    assert_eq!(catalogue.error_count(), 0, "{name}: {:#?}", catalogue.diagnostics());
    let day = Day::with_hindsight(Date::parse("2026-03-02").unwrap());
    let ready = catalogue.resolve("prueba.asignaciones", &Selection::on(day)).unwrap();
    let decision = ready.find_decision("resultado").unwrap();
    let facts = facts.iter().map(|facts| facts.as_bytes().to_vec()).collect();
    Case { name: (*name).to_owned(), ready, decision, day, facts }
}

/// Shipped decisions that are programs and have an example that gives an outcome.
fn shipped(catalogue: &Catalogue) -> Vec<Case> {
    let mut found = Vec::new();
    for ruleset in catalogue.rulesets() {
        for day in ruleset.versions.iter().filter_map(|version| version.chosen_on) {
            let ready = catalogue.resolve(&ruleset.id, &Selection::on(day)).unwrap();
            let programs = examples(catalogue, &ready).into_iter();
            found.extend(programs.filter_map(|example| of_example(&ready, example, day)));
        }
    }
    found
}

fn of_example(ready: &Arc<Ready>, Example { decision, request, .. }: Example, day: Day) -> Option<Case> {
    let request: Value = serde_json::from_str(&request).unwrap();
    let as_of = request["as_of"].as_str().map_or(day.as_of, |text| Date::parse(text).unwrap());
    let day = Day::with_hindsight(as_of.max(day.as_of));
    let name = format!("{}/{}", ready.id, ready.plan.decisions[decision as usize].name);
    let facts = vec![request["input"].to_string().into_bytes()];
    let case = Case { name, ready: ready.clone(), decision, day, facts };
    is_made_by_a_program(&case).then_some(case)
}

/// Whether the program gives the outcome; where anything unusual happens, the general evaluator makes it anew.
fn is_made_by_a_program(case: &Case) -> bool {
    let times = (case.day.as_of, case.day.known_at);
    let mut session = Session::new(&case.ready.plan, &case.ready.parameters, case.decision, times, Limits::default());
    let mut scalars = 0;
    let made =
        session.is_typed() && session.read(&case.facts[0]).is_ok() && session.decide(&mut Record::default()).is_ok();
    session.visit_outcome(|_, _| scalars += 1);
    made && scalars > 0
}
