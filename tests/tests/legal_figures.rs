//! Figures of the law stand in rulesets, each in one place; none stands in Rust.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use dictamen_tests::figures::{self, Figure, Findings, Match};
use dictamen_tests::project::root;

/// Numbers that may stand in expressions, with the file where that is the only one, and why.
const MATHEMATICS: &[(&str, &[&str], &str)] = &[
    ("", &["12", "31"], "the last month of a year, its last day, and how many months there are"),
    ("", &["100"], "a whole in percent"),
    ("comun/calendario.regla", &["11", "15", "19", "22", "25", "30", "32", "114", "451"], "the computus of Easter"),
    ("comun/calendario.regla", &["1984", "2199"], "years that the calendar is made for"),
];

/// Rows without a norm: names of months, which no law gives numbers to.
const WITHOUT_NORM: &[(&str, &[&str])] = &[("comun/textos.regla", &["10", "11", "12"])];

/// Numbers of Rust that only look like figures of the law.
const COINCIDENCES: &[(&str, &str)] = &[
    ("0.1", "examples of built-in functions"),
    ("0.2", "examples of built-in functions"),
    ("0.33", "an example of rounding"),
    ("0.5", "halves in rounding, and examples"),
    ("30", "days that are no month, in a message about durations"),
    ("75", "a percentage in an example of coverage"),
    ("90", "a percentage in an example of coverage"),
    ("100", "a whole in percent, centuries of the calendar, limits of lists"),
    ("1000", "parts of a second, per mille, limits of lists"),
    ("2000", "a limit of how many files are read"),
    ("10000", "limits of lists"),
    ("15000", "the largest exponent of a power of e"),
    ("20000", "limits of patterns and exponents, and rounding of shares"),
    ("100000", "limits of lists"),
];

/// Words behind a number that make a term, a rate or an amount of it, as Rust would say them.
const COUNTED: &[&str] = &["uvt", "uvb", "%", "día", "dia", "day", "mes", "month"];

#[test]
fn no_figure_of_the_law_stands_in_rust() {
    let findings = rulesets();
    let (figures, counted) = (telling(&findings.figures), counted(&findings.figures));
    let mut found: Vec<Match> = Vec::new();
    for (name, text) in figures::product_sources() {
        found.extend(figures::search(&name, &text, &|number, word| {
            figures.contains_key(number) || (is_counted(word) && counted.contains(number))
        }));
    }
    let is_coincidence = |found: &Match| COINCIDENCES.iter().any(|(number, _)| found.figure == *number);
    let wrong: Vec<String> = found
        .iter()
        .filter(|found| !is_coincidence(found))
        .map(|Match { figure, place, line }| {
            let home = figures.get(figure.as_str()).map_or("rulesets", |figure| figure.place.as_str());
            format!("{place}: {figure} is a figure of the law ({home}): {line}")
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unused = |number: &str| !found.iter().any(|found| found.figure == number);
    let dead: Vec<&str> = COINCIDENCES.iter().map(|(number, _)| *number).filter(|number| unused(number)).collect();
    assert!(dead.is_empty(), "coincidences that no longer are: {dead:?}");
}

#[test]
fn figures_stand_in_rows_with_their_norm_and_never_in_expressions_or_texts() {
    let findings = rulesets();
    let wrong = misplaced(&findings);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (file, numbers, why) in MATHEMATICS {
        for number in *numbers {
            let is_used =
                findings.in_expressions.iter().any(|(found, place)| found == number && place.starts_with(file));
            assert!(is_used, "{number} stands in no expression of {file} any more ({why}): take it from the list");
        }
    }
}

#[test]
fn no_figure_is_written_twice() {
    let findings = rulesets();
    let wrong = twice(&findings.figures);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A ruleset whose figures stand where they should.
const GOOD: &str = r#"reglas prueba.cifras
  titulo "Topes del artículo 437 y del 2 de 2019"

parametro limite : uvt
  | desde      | valor | base_legal      |
  | 2020-01-01 | 3500  | "ET 437 par. 3" |

tabla tarifas : { tarifa: numero }   politica reunir
  | limite || tarifa || base_legal |
  | > 10   || 0.19   || "ET 468"   |

funcion parte(x: numero) : numero = x / 100

decision motivo : texto = "superiores al tope de " + string(limite)

caso "los casos pueden decir 3.500 UVT"
  espera limite = 3500
"#;

#[test]
fn a_good_ruleset_passes_and_each_bad_twin_is_told() {
    assert_eq!(problems(GOOD), Vec::<String>::new());
    for (from, to, expected) in [
        ("x / 100", "x / 100 * 0.19", "0.19"),
        ("x / 100", "if x > 3500 then 1 else 0", "3500"),
        ("0.19   ||", "x * 0.19 ||", "0.19"),
        ("superiores al tope de", "superiores a 3.500 UVT:", "3.500 uvt"),
        ("Topes", "Dentro de 15 días, topes", "15 día"),
        ("x: numero", "x: numero [0..250]", "250"),
        ("|| \"ET 468\"", "|| ", "0.19"),
        (
            "\nfuncion",
            "\nparametro otro : uvt\n  base_legal \"ET art. 437 par. 3\"\n  | desde | valor |\n  | 2021-01-01 | 3500 |\n\nfuncion",
            "3500",
        ),
    ] {
        let twin = GOOD.replacen(from, to, 1);
        assert_ne!(twin, GOOD, "{from}");
        let problems = problems(&twin);
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{from} -> {to}: {problems:?}");
    }
}

#[test]
fn a_figure_in_rust_is_found_in_any_spelling() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cifras.regla"), GOOD).unwrap();
    let findings = figures::read(folder.path());
    let (figures, counted) = (telling(&findings.figures), counted(&findings.figures));
    let is_figure =
        |number: &str, word: &str| figures.contains_key(number) || (is_counted(word) && counted.contains(number));
    for line in ["let limit = 3_500;", "// 3.500 UVT", "\"3,500\"", "let rate = 0.19;", "// el 19 %", "\"10 uvt\""] {
        assert_eq!(figures::matches(line, &is_figure).len(), 1, "{line}");
    }
    for line in ["let limit = 35_000;", "10", "19", "let id = \"a3500\";", "1.0.19"] {
        assert!(figures::matches(line, &is_figure).is_empty(), "{line}");
    }
}

fn rulesets() -> Findings {
    let findings = figures::read(&root().join("rulesets"));
    assert!(findings.figures.len() > 100, "only {} figures were read", findings.figures.len());
    findings
}

fn problems(ruleset: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cifras.regla"), ruleset).unwrap();
    let findings = figures::read(folder.path());
    let mut problems = misplaced(&findings);
    problems.extend(twice(&findings.figures));
    problems
}

fn misplaced(findings: &Findings) -> Vec<String> {
    let is_mathematics = |number: &str, place: &str| {
        MATHEMATICS.iter().any(|(file, numbers, _)| place.starts_with(file) && numbers.contains(&number))
    };
    let needs_no_norm = |number: &str, place: &str| {
        WITHOUT_NORM.iter().any(|(file, numbers)| place.starts_with(file) && numbers.contains(&number))
    };
    let numbers = findings.in_expressions.iter().filter(|(number, place)| !is_mathematics(number, place));
    let numbers = numbers.map(|(number, place)| format!("{place}: {number} in an expression: make it a parameter"));
    let texts = findings.in_texts.iter();
    let texts = texts.map(|(figure, place)| format!("{place}: “{figure}” in a text: build it from the parameter"));
    let rows = findings.without_article.iter().filter(|(number, place)| !needs_no_norm(number, place));
    let rows =
        rows.map(|(number, place)| format!("{place}: {number} in a row that names no norm: give its base_legal"));
    numbers.chain(texts).chain(rows).collect()
}

/// The same number with the same unit and norm in two blocks. Two rows of tables may share a small number: a day of the month
/// or points of a rating, say.
fn twice(figures: &[Figure]) -> Vec<String> {
    let is_telling = |figure: &Figure| figure.column.is_empty() || figure.number.len() > 2;
    let mut by_meaning: BTreeMap<(&str, &str, &str), Vec<&Figure>> = BTreeMap::new();
    for figure in figures.iter().filter(|figure| figures::is_figure(&figure.number)) {
        for article in &figure.articles {
            by_meaning.entry((&figure.number, &figure.unit, article)).or_default().push(figure);
        }
    }
    let mut wrong = BTreeSet::new();
    for ((number, unit, article), figures) in by_meaning {
        for (position, one) in figures.iter().enumerate() {
            for other in figures.iter().skip(position + 1).filter(|other| other.block != one.block) {
                if is_telling(one) || is_telling(other) {
                    wrong.insert(format!(
                        "{}: {number} ({unit}) of {article} stands in {}, too",
                        one.place, other.place
                    ));
                }
            }
        }
    }
    wrong.into_iter().collect()
}

/// Figures that their digits alone give away: three digits that count, or decimals.
fn telling(figures: &[Figure]) -> BTreeMap<&str, &Figure> {
    let is_year = |figure: &Figure| figure.column.contains("anio");
    let is_telling = |figure: &&Figure| figure.number.len() > 2 && !is_year(figure);
    figures.iter().filter(is_telling).map(|figure| (figure.number.as_str(), figure)).collect()
}

/// Figures that a word behind them gives away; rates in percent.
fn counted(figures: &[Figure]) -> BTreeSet<String> {
    let percent = |number: &str| {
        let (whole, part) = number.split_once('.')?;
        let part = format!("{part:0<2}");
        let (cents, rest) = part.split_at(2);
        Some(figures::canonical(&format!("{whole}{cents}.{rest}")))
    };
    let numbers = figures.iter().map(|figure| figure.number.as_str());
    numbers
        .flat_map(|number| [Some(number.to_owned()), percent(number)])
        .flatten()
        .filter(|n| figures::is_figure(n))
        .collect()
}

fn is_counted(word: &str) -> bool {
    let word = word.to_lowercase();
    COUNTED.iter().any(|counted| word.starts_with(counted))
}
