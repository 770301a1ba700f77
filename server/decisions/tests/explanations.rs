//! Explanations tell the tables of functions call by call, within a limit, and what is not yet sure about rows and figures.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail loudly")]

use std::path::Path;

use dictamen_core::{Explanation, Form, Limits};
use dictamen_decisions::explain::Report;
use dictamen_decisions::port::DryRuns;
use dictamen_decisions::{Catalogue, Day, LoadLimits, Selection};
use dictamen_value::{Date, DateTime, Language};

fn explained(decision: &str, up_to: u32) -> Explanation {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explanations");
    let catalogue = Catalogue::load(&[folder], &LoadLimits::default());
    assert_eq!(catalogue.error_count(), 0, "{:?}", catalogue.diagnostics());
    let as_of = Date::parse("2026-03-01").unwrap();
    let day = Day { as_of, known_at: DateTime::at_midnight_utc(as_of) };
    let ready = catalogue.resolve("prueba.tramos", &Selection::on(day)).unwrap();
    let facts = format!("{{\"hasta\":{up_to}}}");
    let runs = DryRuns::of(&ready, decision, day, Limits::default()).unwrap();
    runs.explain(&runs.run(facts.as_bytes()).unwrap(), Form::Public)
}

#[test]
fn each_call_of_a_function_tells_the_row_that_matched() {
    let explanation = explained("tramos", 60);
    let [report] = &explanation.decisions[..] else { panic!("{explanation:?}") };
    assert_eq!((report.calls.len(), report.calls_left_out), (60, 0));
    let bases: Vec<_> = report.calls.iter().map(|call| call.table.rows[0].legal_basis.as_deref().unwrap()).collect();
    assert_eq!((bases[49], bases[50]), ("Ley 3 a", "Ley 3 b"), "the limit belongs to the first row");
    let first = &report.calls[0];
    assert_eq!((first.name.as_str(), first.table.rows.len(), first.table.rows_left_out), ("prueba.tramos.tramo", 1, 1));
    assert_eq!(first.table.rows[0].to_verify.as_deref(), Some("El nombre."));
    let text = Report::new(&explanation).text(Language::Es);
    for told in ["Función prueba.tramos.tramo «Tramo»", "n = 1\n", "Se cumplió la fila 1", "POR VERIFICAR: El nombre."]
    {
        assert!(text.contains(told), "{told} is not in {text}");
    }
}

#[test]
fn calls_are_told_within_a_limit_and_equal_ones_once() {
    let explanation = explained("tramos", 130);
    let report = &explanation.decisions[0];
    assert_eq!((report.calls.len(), report.calls_left_out), (100, 30));
    let (es, en) = (Report::new(&explanation).text(Language::Es), Report::new(&explanation).text(Language::En));
    assert!(es.contains("Y 30 consultas más de tablas de funciones."), "{es}");
    assert!(en.contains("And 30 more uses of tables of functions."), "{en}");
    assert_eq!(explained("repetido", 130).decisions[0].calls.len(), 1);
}

#[test]
fn what_is_not_sure_about_a_figure_and_about_its_row_are_both_told() {
    let explanation = explained("tramos", 1);
    let [figure] = &explanation.decisions[0].parameters[..] else { panic!("{explanation:?}") };
    assert_eq!((figure.title.as_deref(), figure.legal_basis.as_deref()), (Some("Tope"), Some("Decreto 2")));
    assert_eq!(figure.to_verify.as_deref(), Some("Si es 50 o 55. Si el tope es mensual."));
}
