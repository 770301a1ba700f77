//! DMN models as rules: every model of the kit and of this folder, and how some of them read. `DICTAMEN_BLESS=1` writes
//! what is expected.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests fail loudly")]

#[path = "golden/mod.rs"]
mod golden;
#[path = "kit/mod.rs"]
mod kit;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use dictamen_import::dmn::model::Definitions;
use dictamen_import::dmn::{Mapped, to_rules};
use dictamen_import::{Limits, dmn};
use dictamen_syntax::tree::File;
use dictamen_syntax::{Names, Severity, Source, SourceId, dump, format, parse, render};
use dictamen_value::Language;
use proptest::prelude::*;

/// The models of a folder, which may import each other, with their sources.
struct Models {
    folder: PathBuf,
    sources: Vec<Source>,
    definitions: Vec<Definitions>,
}

impl Models {
    fn read(folder: &Path, paths: &[PathBuf]) -> Models {
        let mut models = Models { folder: folder.to_owned(), sources: Vec::new(), definitions: Vec::new() };
        for (number, path) in (0..).zip(paths) {
            let name = path.file_name().unwrap().to_string_lossy();
            let read = dmn::read(SourceId(number), &name, &std::fs::read(path).unwrap(), &Limits::default());
            models.sources.push(read.source);
            models.definitions.push(read.value.unwrap());
        }
        models
    }

    fn mapped(&self) -> Mapped {
        to_rules(&self.definitions.iter().collect::<Vec<_>>())
    }

    fn told(&self, mapped: &Mapped) -> String {
        let told = mapped.diagnostics.iter().map(|told| render(told, &self.sources, Language::En, false) + "\n");
        told.collect()
    }
}

/// Models by folder.
fn all(paths: impl IntoIterator<Item = PathBuf>) -> Vec<Models> {
    let mut folders: Vec<(PathBuf, Vec<PathBuf>)> = Vec::new();
    for path in paths {
        let folder = path.parent().unwrap().to_owned();
        match folders.iter_mut().find(|(known, _)| *known == folder) {
            Some((_, paths)) => paths.push(path),
            None => folders.push((folder, vec![path])),
        }
    }
    folders.iter().map(|(folder, paths)| Models::read(folder, paths)).collect()
}

fn kit_models() -> Vec<Models> {
    all(kit::files("dmn").into_iter().map(|(path, _)| path))
}

fn models_of_all_versions() -> Vec<Models> {
    let folders = ["dmn/1.1", "dmn/1.2", "dmn/1.3", "dmn/1.4", "dmn/1.6", "rules/models", "rules/bad"];
    let paths: Vec<PathBuf> = folders.iter().flat_map(|folder| golden::files(folder, "dmn")).collect();
    paths.into_iter().flat_map(|path| all([path])).collect()
}

fn printed(file: &File) -> String {
    format(&Source::new("", ""), file, None)
}

/// What is printed, and what its tree says that what is read back does not.
fn read_back(mapped: &Mapped) -> Vec<String> {
    let mut differences = Vec::new();
    for rules in &mapped.rules {
        let source = Source::new("printed.regla", printed(&rules.file));
        let again = parse(&source, SourceId(0), &Names::default());
        let wrong = again.diagnostics.iter().filter(|told| told.severity == Severity::Error);
        let sources = [source.clone()];
        differences.extend(wrong.map(|told| render(told, &sources, Language::En, false)));
        let (ours, theirs) = (dump(&rules.file), dump(&again.file));
        let line = ours.lines().zip(theirs.lines()).position(|(ours, theirs)| ours != theirs);
        if ours != theirs {
            let line = line.unwrap_or_else(|| ours.lines().count().min(theirs.lines().count()));
            let of = |text: &str| text.lines().skip(line.saturating_sub(3)).take(6).collect::<Vec<_>>().join("\n");
            differences.push(std::format!("{}:\n{}\n--- read back:\n{}", rules.id, of(&ours), of(&theirs)));
        }
    }
    differences
}

#[test]
fn every_model_of_the_kit_is_rules_that_read_back() {
    let mut differences = Vec::new();
    let mut count = 0;
    for models in kit_models() {
        let mapped = models.mapped();
        count += mapped.rules.len();
        if mapped.has_errors() {
            differences.push(models.told(&mapped));
        }
        differences.extend(read_back(&mapped).iter().map(|text| std::format!("{}: {text}", models.folder.display())));
    }
    assert!(count >= 100, "only {count} models");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_model_of_any_version_is_rules_that_read_back() {
    let mut differences = Vec::new();
    for models in models_of_all_versions() {
        let mapped = models.mapped();
        differences
            .extend(read_back(&mapped).iter().map(|text| std::format!("{:?}: {text}", models.sources[0].name())));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What the checker says of rulesets that are wrong for it.
fn refused(models: &Models) -> Vec<String> {
    let mapped = models.mapped();
    let files: Vec<_> = mapped.rules.iter().map(|rules| &rules.file).collect();
    let mut refused = Vec::new();
    for root in 0..files.len() {
        let unit = dictamen_model::Unit { sources: &models.sources, files: files.clone(), root };
        let told = dictamen_model::check(&unit).diagnostics;
        let wrong = told.iter().filter(|told| told.severity == Severity::Error);
        refused.extend(wrong.map(|told| render(told, &models.sources, Language::En, false)));
    }
    refused
}

#[test]
fn the_checker_takes_every_model_of_the_kit() {
    let refused: Vec<String> = kit_models().iter().flat_map(refused).collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// Models of the kit whose rules people have read.
const READ: [&str; 10] = [
    "0006-simpletable-P1",
    "0016-some-every",
    "0034-drg-scopes",
    "0035-test-structure-output",
    "0040-singlenestedcontext",
    "0076-feel-external-java",
    "0086-import",
    "Imported_Model",
    "0088-no-decision-logic",
    "0119-multi-collect-hitpolicy",
];

#[test]
fn models_of_the_kit_read_as_if_written_by_hand() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/kit");
    let mut differences = Vec::new();
    let mut count = 0;
    for models in kit_models() {
        for (rules, source) in models.mapped().rules.iter().zip(&models.sources) {
            let name = source.name().trim_end_matches(".dmn");
            if READ.contains(&name) {
                count += 1;
                differences.extend(golden::check(&folder.join(std::format!("{name}.regla")), &printed(&rules.file)));
            }
        }
    }
    assert_eq!(count, READ.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Models of this folder, each about one thing, with what is told of them as comments at the end.
#[test]
fn models_become_the_rules_beside_them() {
    let mut differences = Vec::new();
    for path in golden::files("rules/models", "dmn") {
        let models = Models::read(path.parent().unwrap(), std::slice::from_ref(&path));
        let mapped = models.mapped();
        let told = models.told(&mapped);
        let told = told.lines().filter(|line| line.contains("[dmn.")).map(|line| std::format!("// {line}\n"));
        let text = printed(&mapped.rules[0].file) + "\n" + &told.collect::<String>();
        differences.extend(golden::check(&golden::beside(&path, "regla"), &text));
        differences.extend(read_back(&mapped));
        differences.extend(refused(&models));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Texts made of pieces of FEEL, of rules, and of neither.
fn texts() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "b c",
        "x-y",
        "Ñ's",
        "1",
        ".5",
        "1e3",
        "\"t\\n\"",
        "\"",
        "@\"2026-01-01\"",
        "2026-01-01",
        "+",
        "-",
        "*",
        "**",
        "/",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "..",
        ".",
        "=",
        "!=",
        "<",
        ">=",
        "and",
        "or",
        "not(",
        "if ",
        " then ",
        " else ",
        "for ",
        " in ",
        " return ",
        "some ",
        " satisfies ",
        "function(",
        "instance of ",
        "list<",
        "number",
        ">",
        "between",
        "null",
        "?",
        "item",
        "`",
        "|",
        "//",
        "/*",
        "ilegible \"x\"",
        "sea z = 1",
        "=",
        "\n",
        "texto",
        "date and time(",
        "external {",
        "%",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 1..9).prop_map(|pieces| pieces.join(" "))
}

fn of_texts(name: &str, texts: &[String]) -> Definitions {
    let escaped = |text: &String| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut inside = String::new();
    for (number, text) in texts.iter().enumerate() {
        let text = escaped(text);
        inside += &std::format!(
            "<decision id='_d{number}' name='D{number}'><variable name='D{number}'/><context>\
             <contextEntry><variable name='b c' typeRef='number'/><literalExpression><text>{text}</text></literalExpression></contextEntry>\
             <contextEntry><decisionTable><input><inputExpression typeRef='string'><text>{text}</text></inputExpression></input><output/>\
             <rule><inputEntry><text>{text}</text></inputEntry><outputEntry><text>{text}</text></outputEntry></rule></decisionTable></contextEntry>\
             </context></decision><itemDefinition name='t{number}'><typeRef>string</typeRef><allowedValues><text>{text}</text></allowedValues></itemDefinition>"
        );
    }
    let name = escaped(&name.replace('"', ""));
    let model = std::format!(
        "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' name=\"{name}\" namespace='x'>{inside}</definitions>"
    );
    dmn::read(SourceId(0), "texts", model.as_bytes(), &Limits::default()).value.unwrap()
}

/// Tags and texts of the models of this folder, cut at each `<` and at each quote.
static PIECES: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let paths = golden::files("rules/models", "dmn").into_iter().chain(golden::files("dmn/1.4", "dmn"));
    let cut =
        |path: PathBuf| std::fs::read_to_string(path).unwrap().split_inclusive(['>', '"']).map(str::to_owned).collect();
    paths.map(cut).collect()
});

/// A model in which some pieces stand in the place of others.
fn shuffled() -> impl Strategy<Value = String> {
    prop::sample::select(&**PIECES).prop_flat_map(|pieces| {
        let one = (0..pieces.len(), 0..pieces.len(), 1..6_usize);
        prop::collection::vec(one, 1..5).prop_map(move |changes| {
            let mut pieces = pieces.clone();
            for (from, to, many) in changes {
                let copied: Vec<String> = pieces.iter().skip(from).take(many).cloned().collect();
                let to = to.min(pieces.len());
                let end = (to + many).min(pieces.len());
                pieces.splice(to..end, copied);
            }
            pieces.concat()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// However a model is put together, its rules print and read back as the same tree.
    #[test]
    fn rules_of_any_structure_read_back(model in shuffled()) {
        let read = dmn::read(SourceId(0), "shuffled", model.as_bytes(), &Limits::default());
        if let Some(definitions) = read.value {
            let differences = read_back(&to_rules(&[&definitions]));
            prop_assert!(differences.is_empty(), "{}", differences.join("\n"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever the texts of a model say, its rules print and read back as the same tree.
    #[test]
    fn rules_of_any_texts_read_back(texts in prop::collection::vec(texts(), 1..4)) {
        let mapped = to_rules(&[&of_texts(&texts[0], &texts)]);
        let differences = read_back(&mapped);
        prop_assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}
