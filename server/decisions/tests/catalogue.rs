//! The catalogue: versions, closures, cases, neighbours, and what is wrong with files, each with its place.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

use std::path::Path;

use dictamen_core::Limits;
use dictamen_decisions::catalogue::{Selection, Unresolved};
use dictamen_decisions::{Catalogue, Day, LoadLimits};
use dictamen_value::{Date, Language};

fn rulesets() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rulesets")
}

/// `place code`, one a diagnostic.
fn complaints(catalogue: &Catalogue) -> Vec<String> {
    let place = |span| catalogue.place(span).map(|place| place.to_string()).unwrap_or_default();
    catalogue.diagnostics().iter().map(|found| format!("{} {}", place(found.span), found.code)).collect()
}

#[test]
fn the_test_rulesets_are_clean_and_their_cases_hold() {
    let catalogue = Catalogue::load(&[rulesets()], &LoadLimits::default());
    assert_eq!(complaints(&catalogue), Vec::<String>::new());
    let report = dictamen_decisions::cases::run(&catalogue, Limits::default());
    assert_eq!(report.text(Language::Es), "3 passed, 0 failed");
}

#[test]
fn what_does_not_fit_together_is_named_with_its_place() {
    for (texts, expected) in [
        (&[("a.regla", "")][..], &["a.regla:1:1 catalogo.sin-encabezado"][..]),
        (&[("a.regla", "reglas a\n"), ("b.regla", "reglas a\n")], &["b.regla:1:8 catalogo.version-repetida"]),
        (
            &[
                ("a.regla", "reglas a\n  version \"1\"\n  vigente desde 2024-01-01\n"),
                ("b.regla", "reglas a\n  version \"2\"\n  vigente desde 2025-01-01\n"),
            ],
            &["b.regla:1:8 catalogo.vigencias-superpuestas"],
        ),
        (
            &[
                ("a.regla", "reglas a\n  version \"1\"\n  vigente desde 2024-01-01\n  publicada 2023-01-01\n"),
                ("b.regla", "reglas a\n  version \"2\"\n  vigente desde 2025-01-01\n  publicada 2024-01-01\n"),
            ],
            &[],
        ),
        (&[("a.regla", "casos otra\n")], &["a.regla:1:7 catalogo.casos-sin-reglas"]),
        (
            &[
                ("a.regla", "reglas a\n  vigente desde 2024-01-01\n\nusa b\n\ndecision x : numero = y\n"),
                ("b.regla", "reglas b\n  vigente desde 2025-01-01\n\ndecision y : numero = 1\n"),
            ],
            &["a.regla:4:5 catalogo.importacion-sin-vigencia"],
        ),
        (
            &[
                ("a.regla", "reglas a\n  vigente desde 2024-01-01 hasta 2024-12-31\n\ndecision x : numero = 1\n"),
                ("c.regla", "casos a\n\ncaso \"fuera\"\n  fecha 2025-01-01\n  dado {}\n  espera x = 1\n"),
            ],
            &["c.regla:3:6 catalogo.caso-sin-version"],
        ),
        (
            &[(
                "a.regla",
                "reglas a\n  version \"1\"\n  vigente desde 2024-01-01 hasta 2023-12-31\n\ndecision x : numero = 1\n",
            )],
            &["a.regla:1:1 encabezado.vigencia", "a.regla:1:8 catalogo.version-oculta"],
        ),
    ] {
        assert_eq!(complaints(&Catalogue::from_texts(texts)), expected, "{texts:?}");
    }
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("a.regla", b"reglas a\n  titulo \"a\xF1o\"\n");
    write("b.regla", b"reglas b\n  titulo \"mucho m\xC3\xA1s largo que el l\xC3\xADmite de bytes\"\n");
    write("c.txt", b"nada");
    write(".d.regla", b"nada");
    let limits = LoadLimits { file_bytes_max: 40, ..LoadLimits::default() };
    let catalogue = Catalogue::load(&[folder.path().to_owned(), folder.path().join("no")], &limits);
    assert_eq!(
        complaints(&catalogue),
        ["a.regla:2:12 archivo.utf8", "b.regla:1:1 archivo.limite", "no:1:1 archivo.ilegible"]
    );
    let few = LoadLimits { files_max: 1, ..LoadLimits::default() };
    assert!(complaints(&Catalogue::load(&[folder.path()], &few)).contains(&"b.regla:1:1 archivo.limite".to_owned()));
}

#[test]
fn a_single_file_finds_what_it_imports_above_it() {
    let file = rulesets().join("taller/descuento_2026.regla");
    let catalogue = Catalogue::load(&[file], &LoadLimits::default());
    assert_eq!(complaints(&catalogue), Vec::<String>::new());
    assert_eq!(catalogue.ids().map(|id| &**id).collect::<Vec<_>>(), ["taller.descuento"]);
    let report = dictamen_decisions::cases::run(&catalogue, Limits::default());
    assert_eq!(report.text(Language::Es), "2 passed, 0 failed");
}

#[test]
fn a_plan_does_not_depend_on_other_files_or_on_the_folder() {
    let day = Day::with_hindsight(Date::parse("2026-05-01").unwrap());
    let digest =
        |catalogue: &Catalogue| catalogue.resolve("taller.descuento", &Selection::on(day)).unwrap().plan_digest;
    let first = Catalogue::load(&[rulesets()], &LoadLimits::default());
    let copy = tempfile::tempdir().unwrap();
    for name in ["comun/figuras.regla", "taller/descuento_2026.regla", "taller/descuento_2025.regla"] {
        std::fs::create_dir_all(copy.path().join(name).parent().unwrap()).unwrap();
        std::fs::copy(rulesets().join(name), copy.path().join(name)).unwrap();
    }
    std::fs::write(copy.path().join("aaa.regla"), "reglas aaa\n").unwrap();
    assert_eq!(digest(&first), digest(&Catalogue::load(&[copy.path()], &LoadLimits::default())));
}

#[test]
fn versions_resolve_by_date_pin_and_knowledge() {
    let catalogue = Catalogue::load(&[rulesets()], &LoadLimits::default());
    let on = |day: &str| Day::with_hindsight(Date::parse(day).unwrap());
    let label = |id: &str, day: &str, version: Option<&str>| {
        catalogue.resolve(id, &Selection { day: on(day), version }).map(|ready| ready.version.to_string())
    };
    assert_eq!(label("taller.descuento", "2025-07-01", None), Ok("2025.1".to_owned()));
    assert_eq!(label("taller.descuento", "2026-01-01", None), Ok("2026.1".to_owned()));
    assert_eq!(label("taller.descuento", "2026-01-01", Some("2025.1")), Ok("2025.1".to_owned()));
    assert!(matches!(label("taller.descuento", "2024-12-31", None), Err(Unresolved::NotInForce { .. })));
    assert!(matches!(label("taller.descuento", "2026-01-01", Some("x")), Err(Unresolved::NoVersion { .. })));
    assert!(matches!(label("otra", "2026-01-01", None), Err(Unresolved::NoRuleset { .. })));
    let twice = Catalogue::from_texts(&[("a.regla", "reglas a\n"), ("b.regla", "reglas a\n")]);
    assert!(matches!(twice.resolve("a", &Selection::on(on("2026-01-01"))), Err(Unresolved::Broken { .. })));
}

#[test]
fn a_case_that_fails_says_what_came() {
    let text = "reglas a\n\nentrada n : entero >= 0\n\ndecision doble : numero = 2 * n\n\n\
                caso \"mal\"\n  dado { n: 2 }\n  espera doble = 5\n  espera doble > 3\n  espera error \"x\" en doble\n\n\
                caso \"hechos que no cumplen\"\n  dado { n: -1 }\n  espera error \"hechos.restriccion\" en doble\n";
    let catalogue = Catalogue::from_texts(&[("a.regla", text)]);
    let report = dictamen_decisions::cases::run(&catalogue, Limits::default());
    let expected = "a.regla:7:6: case «mal» (a 1, 1970-01-01)\n  \
                    a.regla:9:3: expect doble = 5\n    expected 5\n    got      4\n  \
                    a.regla:11:3: expect error \"x\" en doble\n    expected error x\n    got      4\n\n\
                    1 passed, 1 failed";
    assert_eq!(report.text(Language::En), expected, "{:?}", catalogue.diagnostics());
}
