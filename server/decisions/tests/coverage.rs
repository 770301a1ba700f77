//! What cases cover: rows, defaults, cells, parameters, through other rulesets too, and only where they hold.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

use dictamen_core::Limits;
use dictamen_decisions::coverage::{Count, CoverageReport};
use dictamen_decisions::{Catalogue, cases};
use dictamen_value::{Language, Message};

const COMMON: &str = r#"reglas taller.comun

parametro tope : numero
  | desde      | valor |
  | 2025-01-01 | 100   |
  | 2026-01-01 | 200   |

funcion clase(monto: numero, corte: numero) : texto   politica primera
  | monto    || clase  |
  | <= 0     || "nada" |
  | > corte  || "alta" |
  | -        || "baja" |
"#;

const RULES: &str = r#"reglas taller.cobertura
  version "7"

usa taller.comun

entrada monto : numero
entrada tipo : "a" | "b" | "c"

tabla tarifa : numero   politica unica
  | tipo     | monto      || tarifa |
  | "a"      | < 10       || 1      |
  | "a"      | >= 10      || 2      |
  | not("a") | [0..1000]  || 3      |
  | por_defecto           || 4      |

decision nombre : texto = clase(monto, tope)

decision recargo : numero = 10 / monto
"#;

const HOLES: &str = r#"casos taller.cobertura

caso "a, poco"
  fecha 2026-03-01
  dado { monto: 5, tipo: "a" }
  espera tarifa = 1
  espera nombre = "baja"

caso "b"
  fecha 2026-03-01
  dado { monto: 500, tipo: "b" }
  espera tarifa = 3
  espera nombre = "alta"
"#;

const REST: &str = r#"casos taller.cobertura

caso "a, mucho"
  fecha 2025-03-01
  dado { monto: 2000, tipo: "a" }
  espera tarifa = 2

caso "nada"
  fecha 2025-03-01
  dado { monto: -1, tipo: "c" }
  espera tarifa = 4
  espera nombre = "nada"

caso "con el tope anterior"
  fecha 2025-03-01
  dado { monto: 150, tipo: "c" }
  espera nombre = "alta"
"#;

fn covered(files: &[(&str, &str)]) -> (String, CoverageReport) {
    let catalogue = Catalogue::from_texts(files);
    assert_eq!(catalogue.diagnostics(), []);
    let (report, coverage) = cases::run_with_coverage(&catalogue, Limits::default());
    let plain = cases::run(&catalogue, Limits::default());
    assert_eq!(report.text(Language::Es), plain.text(Language::Es), "looking on changes nothing");
    (report.text(Language::Es).lines().last().unwrap().to_owned(), coverage)
}

#[test]
fn rows_defaults_cells_and_parameters_that_cases_miss_are_named() {
    let (_, coverage) = covered(&[("comun.regla", COMMON), ("reglas.regla", RULES), ("casos.regla", HOLES)]);
    let es = "comun.regla:8:9: taller.comun.clase (1): filas 2/3, celdas 1/2
  comun.regla:10:3: ningún caso llega a la fila 1: <= 0
  comun.regla:10:3: fila 1, «monto»: la celda <= 0 nunca se cumple
reglas.regla:9:7: taller.cobertura.tarifa (7): filas 2/4, celdas 5/6
  reglas.regla:12:3: ningún caso llega a la fila 2: \"a\" | >= 10
  reglas.regla:14:3: ningún caso llega a la fila por defecto
  reglas.regla:13:3: fila 3, «monto»: la celda [0..1000] nunca deja de cumplirse
Filas de parámetros que ningún caso lee (solo se informan):
  comun.regla:5:3: taller.comun.tope desde 2025-01-01";
    assert_eq!(coverage.text(Language::Es), es);
    let en = coverage.text(Language::En);
    for line in [
        "no case reaches row 2: \"a\" | >= 10",
        "no case reaches the default row",
        "row 3, “monto”: the cell [0..1000] never fails to hold",
        "taller.comun.tope from 2025-01-01",
    ] {
        assert!(en.contains(line), "{line}\n{en}");
    }
    assert_eq!(coverage.totals(), "rows 4/7 (57.1 %), cells 6/8 (75.0 %)");
}

#[test]
fn cases_of_several_files_together_cover_everything() {
    let files = [("comun.regla", COMMON), ("reglas.regla", RULES), ("casos.regla", HOLES), ("mas.regla", REST)];
    let (last, coverage) = covered(&files);
    assert_eq!(last, "5 passed, 0 failed");
    let text = "comun.regla:8:9: taller.comun.clase (1): filas 3/3, celdas 2/2
reglas.regla:9:7: taller.cobertura.tarifa (7): filas 4/4, celdas 6/6";
    assert_eq!(coverage.text(Language::Es), text);
    assert_eq!(coverage.totals(), "rows 7/7 (100.0 %), cells 8/8 (100.0 %)");
    assert!(coverage.shortfall(1_000).is_none());
}

#[test]
fn a_case_that_fails_covers_nothing_and_one_that_expects_an_error_does() {
    let failing = "casos taller.cobertura\n\ncaso \"mal\"\n  fecha 2026-03-01\n  dado { monto: 5, tipo: \"a\" }\n  \
                   espera tarifa = 1\n  espera nombre = \"alta\"\n";
    let (last, coverage) = covered(&[("comun.regla", COMMON), ("reglas.regla", RULES), ("casos.regla", failing)]);
    assert_eq!((last.as_str(), coverage.rows.covered), ("0 passed, 1 failed", 0));
    assert_eq!(coverage.parameter_rows_unread.len(), 2);
    let error = "casos taller.cobertura\n\ncaso \"error\"\n  fecha 2026-03-01\n  dado { monto: 0, tipo: \"a\" }\n  \
                 espera error \"evaluacion.division-por-cero\" en recargo\n  espera tarifa = 1\n";
    let (last, coverage) = covered(&[("comun.regla", COMMON), ("reglas.regla", RULES), ("casos.regla", error)]);
    assert_eq!((last.as_str(), coverage.rows.covered), ("1 passed, 0 failed", 1));
}

#[test]
fn too_little_says_what_was_asked_what_was_reached_and_where_rows_are_missing() {
    let (_, coverage) = covered(&[("comun.regla", COMMON), ("reglas.regla", RULES), ("casos.regla", HOLES)]);
    assert_eq!(coverage.rows, Count { covered: 4, total: 7 });
    assert!(coverage.shortfall(571).is_none(), "4/7 is a little more than 57.1 %");
    let shortfall = coverage.shortfall(572).unwrap();
    assert_eq!(
        shortfall.message,
        Message::new(
            "los casos cubren 4/7 (57.1 %) de las filas y se pide al menos 57.2 %; faltan filas en: \
             taller.comun.clase (comun.regla:8:9) 2/3, taller.cobertura.tarifa (reglas.regla:9:7) 2/4",
            "cases cover 4/7 (57.1 %) of rows and at least 57.2 % is asked for; rows are missing in: \
             taller.comun.clase (comun.regla:8:9) 2/3, taller.cobertura.tarifa (reglas.regla:9:7) 2/4",
        )
    );
}

/// Two versions have a table each; which one a case reaches, its date says.
#[test]
fn tables_of_versions_are_told_apart_and_rulesets_without_cases_count() {
    let of = |version: u8, days: &str| {
        format!(
            "reglas taller.version\n  version \"{version}\"\n  vigente {days}\n\nentrada n : numero\n\n\
             tabla t : numero\n  | n   || t |\n  | > 0 || {version} |\n  | -   || 0 |\n"
        )
    };
    let (first, second) = (of(1, "desde 2025-01-01 hasta 2025-12-31"), of(2, "desde 2026-01-01"));
    let first = first.replace("tabla t : numero", "tabla t : numero   politica primera");
    let second = second.replace("tabla t : numero", "tabla t : numero   politica primera");
    let cases = "casos taller.version\n\ncaso \"uno\"\n  fecha 2025-05-05\n  dado { n: 1 }\n  espera t = 1\n";
    let (_, coverage) = covered(&[("1.regla", &first), ("2.regla", &second), ("casos.regla", cases)]);
    let rows: Vec<_> = coverage.tables.iter().map(|table| (&*table.version, table.rows)).collect();
    assert_eq!(rows, [("1", Count { covered: 1, total: 2 }), ("2", Count { covered: 0, total: 2 })]);
    assert_eq!(serde_json::to_value(coverage.tables[1].cells_missed[0].missing).unwrap(), "both");
}
