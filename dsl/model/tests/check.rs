//! Folders of texts: those in `good` have no problem, those in `bad` have exactly the ones that their golden says.
//!
//! To add a case, add a `.regla` file (files with the same stem and a `-` are imported ones: `x.regla`, `x-comun.regla`); to write
//! goldens anew, run with `DICTAMEN_BLESS=1` and read the difference.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail loudly, as tests do")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use dictamen_model::{Checked, Unit, check, names};
use dictamen_syntax::{Diagnostic, Severity, Source, SourceId, parse};

#[test]
fn good_texts_have_no_problem() {
    let texts = texts("good");
    assert!(texts.len() >= 5, "the folder of good texts is almost empty");
    for path in texts {
        let (sources, diagnostics) = checked(&path);
        let problems = listing(&sources, &diagnostics);
        assert!(problems.is_empty(), "{}:\n{problems}", path.display());
    }
}

#[test]
fn bad_texts_have_the_problems_their_goldens_say() {
    let texts = texts("bad");
    assert!(texts.len() >= 30, "the folder of bad texts is almost empty");
    let mut wrong = Vec::new();
    for path in texts {
        let (sources, diagnostics) = checked(&path);
        let found = listing(&sources, &diagnostics);
        let golden = path.with_extension("txt");
        if std::env::var_os("DICTAMEN_BLESS").is_some() {
            std::fs::write(&golden, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if found != expected || found.is_empty() {
            wrong.push(format!("{}\n--- expected\n{expected}\n--- found\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every code that the crate can report is in some golden: a diagnostic that nobody has seen is not done.
#[test]
fn every_code_is_in_a_golden() {
    let goldens: String = texts("bad")
        .iter()
        .map(|path| std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default())
        .collect();
    let sources = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let mut missing = Vec::new();
    for entry in sources {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for word in text.split('"').skip(1).step_by(2) {
            let is_code = word.split_once('.').is_some_and(|(family, rest)| {
                [
                    "tipos",
                    "nombres",
                    "tabla",
                    "parametro",
                    "casos",
                    "expresion",
                    "encabezado",
                    "decisiones",
                    "carta",
                    "glosario",
                    "reserva",
                ]
                .contains(&family)
                    && !rest.is_empty()
                    && rest.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            });
            if is_code && !goldens.contains(&format!("[{word}]")) {
                missing.push(word.to_owned());
            }
        }
    }
    missing.sort();
    missing.dedup();
    assert!(missing.is_empty(), "no golden shows {missing:?}");
}

fn texts(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "regla"))
        .filter(|path| !path.file_stem().unwrap().to_string_lossy().contains("--"))
        .collect();
    paths.sort();
    paths
}

/// The root file and its companions `stem--name.regla`.
fn checked(path: &Path) -> (Vec<Source>, Vec<Diagnostic>) {
    let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
    let mut paths = vec![path.to_owned()];
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let other = entry.unwrap().path();
        if other.file_name().unwrap().to_string_lossy().starts_with(&format!("{stem}--")) {
            paths.push(other);
        }
    }
    paths.sort_by_key(|other| (other != path, other.clone()));
    let sources: Vec<Source> = paths
        .iter()
        .map(|path| {
            Source::new(
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    let names = names();
    let parsed: Vec<_> = (0..).zip(&sources).map(|(id, source)| parse(source, SourceId(id), &names)).collect();
    let mut diagnostics: Vec<Diagnostic> = parsed.iter().flat_map(|parsed| parsed.diagnostics.clone()).collect();
    let unit = Unit { sources: &sources, files: parsed.iter().map(|parsed| &parsed.file).collect(), root: 0 };
    let Checked { diagnostics: more, .. } = check(&unit);
    diagnostics.extend(more);
    (sources, diagnostics)
}

fn listing(sources: &[Source], diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let place = sources[diagnostic.span.source.0 as usize].place(diagnostic.span);
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(out, "{place}: {severity}[{}]", diagnostic.code).unwrap();
        writeln!(out, "  es: {}\n  en: {}", diagnostic.message.es, diagnostic.message.en).unwrap();
        if let Some(help) = &diagnostic.help {
            writeln!(out, "  ayuda: {}\n  help: {}", help.es, help.en).unwrap();
        }
    }
    out
}
