//! Cases that take the facts of another one: what they run on, in which version, whatever the order of files.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

use std::collections::BTreeMap;

use dictamen_core::Limits;
use dictamen_decisions::cases::{self, Came, CasesReport};
use dictamen_decisions::{Catalogue, Day, LoadLimits, Selection, examples};
use dictamen_value::{Date, Language};
use proptest::prelude::*;

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

#[test]
fn examples_of_the_interface_have_the_facts_in_full() {
    let rules = "reglas taller.ejemplo\n\nentrada persona : { nit: texto, sede: { ciudad: texto, area: numero } }\n\n\
                 decision nada : numero = 0\n\ndecision area : numero = persona.sede.area\n";
    let cases = "casos taller.ejemplo\n\ncaso \"base\"\n  fecha 2025-06-01\n  conocido 2025-07-01\n  \
                 dado { persona: { nit: \"9\", sede: { ciudad: \"Tunja\", area: 7 } } }\n  espera nada = 0\n\n\
                 caso \"ejemplo\"\n  como \"base\"\n  dado { persona: { sede: { area: 8 } } }\n  espera area = 8\n";
    let catalogue = Catalogue::from_texts(&[("r.regla", rules), ("c.regla", cases)]);
    let day = Day::with_hindsight(Date::parse("2025-06-01").unwrap());
    let ready = catalogue.resolve("taller.ejemplo", &Selection::on(day)).unwrap();
    let found = examples(&catalogue, &ready);
    let example = found.iter().find(|example| example.title == "ejemplo").unwrap();
    let request: serde_json::Value = serde_json::from_str(&example.request).unwrap();
    let expected = serde_json::json!({
        "input": { "persona": { "nit": "9", "sede": { "ciudad": "Tunja", "area": 8 } } },
        "as_of": "2025-06-01",
        "known_at": "2025-07-01T00:00:00Z",
    });
    assert_eq!(request, expected);
}

/// A fact as it may be written.
#[derive(Clone, Debug)]
enum Fact {
    Number(u8),
    Null,
    List(Vec<u8>),
    Fields(BTreeMap<&'static str, Fact>),
}

impl Fact {
    fn written(&self) -> String {
        match self {
            Fact::Number(number) => number.to_string(),
            Fact::Null => "null".to_owned(),
            Fact::List(numbers) => format!("{numbers:?}"),
            Fact::Fields(fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, fact)| format!("{name}: {}", fact.written())).collect();
                format!("{{ {} }}", fields.join(", "))
            }
        }
    }

    /// What the language promises, told once more in another way.
    fn under(self, over: &Fact) -> Fact {
        match (self, over) {
            (Fact::Fields(mut base), Fact::Fields(over)) => {
                for (name, fact) in over {
                    let laid = base.remove(name).map_or_else(|| fact.clone(), |base| base.under(fact));
                    base.insert(name, laid);
                }
                Fact::Fields(base)
            }
            (_, over) => over.clone(),
        }
    }
}

/// Each of these fields, or not.
fn fields(parts: Vec<(&'static str, BoxedStrategy<Fact>)>) -> BoxedStrategy<Fact> {
    let parts: Vec<_> =
        parts.into_iter().map(|(name, fact)| proptest::option::of(fact).prop_map(move |fact| (name, fact))).collect();
    parts
        .prop_map(|parts| Fact::Fields(parts.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect()))
        .boxed()
}

fn number() -> BoxedStrategy<Fact> {
    prop_oneof![3 => any::<u8>().prop_map(Fact::Number), 1 => Just(Fact::Null)].boxed()
}

fn or_null(fact: BoxedStrategy<Fact>) -> BoxedStrategy<Fact> {
    prop_oneof![3 => fact, 1 => Just(Fact::Null)].boxed()
}

/// Facts of the type below, as many of them as may be.
fn some_facts() -> BoxedStrategy<Fact> {
    let inner = or_null(fields(vec![("u", number()), ("v", number())]));
    let list = proptest::collection::vec(any::<u8>(), 0..3).prop_map(Fact::List).boxed();
    let outer = fields(vec![("r", number()), ("s", list), ("t", inner)]);
    fields(vec![("p", number()), ("q", outer), ("w", or_null(fields(vec![("y", number())])))])
}

const SHAPE: &str = "reglas taller.capas\n\n\
    entrada x : { p: numero?, q: { r: numero?, s: lista de numero, t: { u: numero?, v: numero? }? }, w: { y: numero? }? }\n\n\
    decision eco : texto = string(x)\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn a_chain_of_cases_is_the_case_written_out(layers in proptest::collection::vec(some_facts(), 1..5)) {
        let base = Fact::Fields(BTreeMap::from([("q", Fact::Fields(BTreeMap::from([("s", Fact::List(vec![1]))])))]));
        let whole = layers.iter().fold(base.clone(), |under, over| under.under(over));
        let mut text = format!("casos taller.capas\n\ncaso \"0\"\n  dado {{ x: {} }}\n  espera eco = \"\"\n", base.written());
        for (layer, number) in layers.iter().zip(1..) {
            let (facts, under) = (layer.written(), number - 1);
            text += &format!("\ncaso \"{number}\"\n  como \"{under}\"\n  dado {{ x: {facts} }}\n  espera eco = \"\"\n");
        }
        text += &format!("\ncaso \"whole\"\n  dado {{ x: {} }}\n  espera eco = \"\"\n", whole.written());
        let catalogue = Catalogue::from_texts(&[("capas.regla", SHAPE), ("casos.regla", &text)]);
        prop_assert_eq!(catalogue.diagnostics(), []);
        let report = cases::run(&catalogue, Limits::default());
        let came = |title: &str| {
            let case = report.cases.iter().find(|case| &*case.title == title).unwrap();
            match &case.expectations[0].actual {
                Came::Value(value) => value.clone(),
                Came::Failure(failure) => panic!("{failure:?}"),
            }
        };
        prop_assert_eq!(came(&layers.len().to_string()), came("whole"));
    }
}
