//! Cases that take the facts of another one: what they run on, in which version, whatever the order of files.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

use dictamen_core::Limits;
use dictamen_decisions::cases::{self, CasesReport};
use dictamen_decisions::{Catalogue, LoadLimits};
use dictamen_value::Language;

/// Two versions; each says what it was given, and in which version.
fn rules(version: u8, days: &str) -> String {
    format!(
        "reglas taller.casos\n  version \"{version}\"\n  vigente {days}\n\n\
         tipo Sede {{\n  ciudad : texto\n  area   : numero >= 0\n}}\n\n\
         entrada persona : {{ nit: texto, apodo: texto?, sede: Sede, otra: Sede?, codigos: lista de texto }}\n\
         entrada anio : entero?\n\n\
         decision version_usada : entero = {version}\n\n\
         decision eco : texto = persona.nit + \"/\" + (if persona.apodo = null then \"-\" else persona.apodo) + \"/\"\n    \
         + persona.sede.ciudad + \" \" + string(persona.sede.area) + \"/\" + string join(persona.codigos, \",\") + \"/\"\n    \
         + (if anio = null then \"-\" else string(anio)) + \"/\" + (if persona.otra = null then \"-\" else persona.otra.ciudad)\n\n\
         caso \"propio de {version}\"\n  dado {{ persona: {{ nit: \"{version}\", sede: {{ ciudad: \"Leticia\", area: 1 }}, codigos: [] }} }}\n  \
         espera version_usada = {version}\n"
    )
}

const BASE: &str = "casos taller.casos

caso \"base\"
  fecha 2025-06-01
  dado {
    persona: { nit: \"9\", apodo: \"El 9\", sede: { ciudad: \"Tunja\", area: 7 }, codigos: [\"05\", \"48\"] },
    anio: 2025
  }
  espera eco = \"9/El 9/Tunja 7/05,48/2025/-\"
  espera version_usada = 1
";

const LAID: &str = "casos taller.casos

caso \"nieto\"
  como \"hijo\"
  dado { persona: { apodo: null, otra: { ciudad: \"Cali\", area: 1 } } }
  espera eco = \"9/-/Tunja 8/48/-/Cali\"
  espera version_usada = 1

caso \"hijo\"
  como \"base\"
  dado { persona: { sede: { area: 8 }, codigos: [\"48\"] }, anio: null }
  espera eco = \"9/El 9/Tunja 8/48/-/-\"
  espera version_usada = 1

caso \"otra fecha\"
  como \"nieto\"
  fecha 2026-06-01
  espera eco = \"9/-/Tunja 8/48/-/Cali\"
  espera version_usada = 2

caso \"la fecha de otro archivo\"
  como \"propio de 1\"
  fecha 2025-01-01
  dado { persona: { nit: \"uno\" } }
  espera eco = \"uno/-/Leticia 1//-/-\"

caso \"fuera del tipo\"
  como \"base\"
  dado { persona: { sede: { area: -1 } } }
  espera error \"hechos.restriccion\" en eco
";

fn shown(report: &CasesReport) -> Vec<String> {
    let mut cases: Vec<String> = report.cases.iter().map(|case| format!("{} {}", case.version, case.title)).collect();
    cases.sort();
    cases
}

#[test]
fn facts_and_dates_are_those_of_the_other_case_but_for_what_is_given() {
    let (first, second) = (rules(1, "desde 2025-01-01 hasta 2025-12-31"), rules(2, "desde 2026-01-01"));
    let files = [("v1.regla", first.as_str()), ("v2.regla", &second), ("base.regla", BASE), ("laid.regla", LAID)];
    let expected = [
        "1 base",
        "1 fuera del tipo",
        "1 hijo",
        "1 la fecha de otro archivo",
        "1 nieto",
        "1 propio de 1",
        "2 otra fecha",
        "2 propio de 2",
    ];
    for start in 0..files.len() {
        let mut turned = files.to_vec();
        turned.rotate_left(start);
        for ordered in [turned.clone(), turned.into_iter().rev().collect()] {
            let catalogue = Catalogue::from_texts(&ordered);
            assert_eq!(catalogue.diagnostics(), []);
            let report = cases::run(&catalogue, Limits::default());
            assert_eq!(report.text(Language::Es), "8 passed, 0 failed");
            assert_eq!(shown(&report), expected);
        }
    }
}

#[test]
fn a_single_file_of_cases_finds_the_cases_that_it_names() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("casos")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("v1.regla", &rules(1, "desde 2025-01-01 hasta 2025-12-31"));
    write("v2.regla", &rules(2, "desde 2026-01-01"));
    write("casos/base.regla", BASE);
    write("casos/laid.regla", LAID);
    let catalogue = Catalogue::load(&[folder.path().join("casos/laid.regla")], &LoadLimits::default());
    assert_eq!(catalogue.diagnostics(), []);
    let report = cases::run(&catalogue, Limits::default());
    assert_eq!(report.text(Language::Es), "5 passed, 0 failed");
}

#[test]
fn a_case_whose_facts_are_not_known_never_runs() {
    let rules = rules(1, "desde 2025-01-01");
    let broken = "casos taller.casos\n\ncaso \"perdido\"\n  como \"nadie\"\n  espera version_usada = 1\n\n\
                  caso \"tras el perdido\"\n  como \"perdido\"\n  espera version_usada = 1\n";
    let catalogue = Catalogue::from_texts(&[("v1.regla", &rules), ("c.regla", broken)]);
    let found: Vec<_> = catalogue.diagnostics().iter().map(|found| found.code).collect();
    assert_eq!(found, ["casos.como-desconocido"]);
    assert_eq!(shown(&cases::run(&catalogue, Limits::default())), ["1 propio de 1"]);
}

/// A new version starts as a copy of the old one, cases and all.
#[test]
fn cases_in_the_file_of_a_version_name_those_beside_them() {
    let own = "\ncaso \"copiado\"\n  como \"igual\"\n  espera eco = \"";
    let of = |version, days: &str| {
        let text = rules(version, days).replace(&format!("propio de {version}"), "igual");
        format!("{text}{own}{version}/-/Leticia 1//-/-\"\n")
    };
    let (first, second) = (of(1, "desde 2025-01-01 hasta 2025-12-31"), of(2, "desde 2026-01-01"));
    let catalogue = Catalogue::from_texts(&[("v1.regla", &first), ("v2.regla", &second)]);
    assert_eq!(catalogue.diagnostics(), []);
    assert_eq!(cases::run(&catalogue, Limits::default()).text(Language::Es), "4 passed, 0 failed");
    let apart = "casos taller.casos\n\ncaso \"de cuál\"\n  como \"igual\"\n  espera version_usada = 1\n";
    let catalogue = Catalogue::from_texts(&[("v1.regla", &first), ("v2.regla", &second), ("c.regla", apart)]);
    let found: Vec<_> = catalogue.diagnostics().iter().map(|found| (found.code, found.related.len())).collect();
    assert_eq!(found, [("casos.como-ambiguo", 2)]);
}
