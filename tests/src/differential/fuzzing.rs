//! What the fuzz targets do with their bytes; a panic is a find. Tests replay the committed corpora through here too.

use std::sync::OnceLock;

use dictamen_core::{Limits, Record};
use dictamen_plan::DecisionId;
use dictamen_syntax::tree::{Expr, File, Spelling};
use dictamen_syntax::{Severity, Source, SourceId};
use dictamen_value::{Date, DateTime};

use super::choices::Choices;
use super::comparison::{NotReady, Ready, compare, prepare, prepare_unit};
use super::facts::{Constants, fits, request};
use super::generation::{Origin, Verdict, try_out};
use super::program::{Size, program};
use super::rulesets::{Shelved, shelved};

/// Rulesets that a fuzzer's bytes generate are small, so that a changed byte changes little.
const SIZE: Size = Size { decisions: 3, fuel: 3 };
/// Seeds of generated rulesets whose inputs are of every type.
const WIDE_SEEDS: std::ops::Range<u64> = 0..24;
/// The most errors that a request is told at once.
const FACT_ERRORS_MAX: usize = 100;

/// Any bytes as a text.
pub fn parse(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let source = Source::new("texto.regla", text.clone());
    let names = dictamen_model::names();
    let parsed = dictamen_syntax::parse(&source, SourceId(0), &names);
    for diagnostic in &parsed.diagnostics {
        let (start, end) = (diagnostic.span.start as usize, diagnostic.span.end as usize);
        assert!(start <= end && end <= text.len(), "a span outside the text: {diagnostic:?}");
    }
    if parsed.diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error) {
        formats_once(&source, &parsed.file);
    }
}

/// Text without errors is formatted to text without errors that formats to itself, in both spellings and back.
fn formats_once(source: &Source, file: &File) {
    let own = dictamen_syntax::format(source, file, None);
    assert_eq!(reformatted(&own, None), own, "formatted twice");
    for spelling in [Spelling::Spanish, Spelling::English] {
        let translated = dictamen_syntax::format(source, file, Some(spelling));
        assert_eq!(reformatted(&translated, None), translated, "formatted twice in {spelling:?}");
        assert_eq!(reformatted(&translated, Some(file.spelling)), own, "translated to {spelling:?} and back");
    }
}

fn reformatted(text: &str, spelling: Option<Spelling>) -> String {
    let source = Source::new("formato.regla", text);
    let parsed = dictamen_syntax::parse(&source, SourceId(0), &dictamen_model::names());
    let error = parsed.diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    assert!(error.is_none(), "formatted text has errors: {error:?}\n{text}");
    dictamen_syntax::format(&source, &parsed.file, spelling)
}

/// Any bytes as the facts of a decision that the first two choose.
pub fn facts(bytes: &[u8]) {
    let [which, decision, json @ ..] = bytes else { return };
    let plans = plans();
    let Some(ready) = plans.get(usize::from(*which) % plans.len().max(1)) else { return };
    let plan = &ready.plan;
    let count = plan.decisions.len().max(1);
    let decision = DecisionId::try_from(usize::from(*decision) % count).unwrap_or_default();
    let facts = match dictamen_core::read_facts(plan, decision, json) {
        Ok(facts) => facts,
        Err(errors) => {
            assert!((1..=FACT_ERRORS_MAX).contains(&errors.len()), "{} errors", errors.len());
            return;
        }
    };
    let written = facts.to_json(plan);
    let again = dictamen_core::read_facts(plan, decision, &written);
    let again = again.unwrap_or_else(|errors| panic!("{} is refused: {errors:?}", String::from_utf8_lossy(&written)));
    assert_eq!(again.to_json(plan), written, "facts are written in one way only");
    let request = dictamen_core::Request {
        plan,
        parameters: &ready.compiled.parameters,
        decision,
        facts: &facts,
        as_of: Date::new(2026, 1, 1).expect("a date"),
        known_at: DateTime::parse("2026-06-01T00:00:00Z").expect("a date and time"),
        limits: Limits { steps_max: 100_000, ..Limits::default() },
        cancel: None,
    };
    let (first, _) = dictamen_core::evaluate(&request, &mut Record::default());
    let (second, _) =
        dictamen_core::evaluate(&dictamen_core::Request { facts: &again, ..request }, &mut Record::default());
    let bytes = |outcome: Result<dictamen_value::Value, dictamen_core::Failure>| {
        outcome.map(|value| value.to_json()).map_err(|failure| failure.code)
    };
    assert_eq!(bytes(first), bytes(second), "the same facts give the same bytes");
}

/// Bytes as choices of the generator, or as a stretch of text in one of the project's rulesets.
pub fn evaluate(bytes: &[u8]) {
    match bytes {
        [0..=95, rest @ ..] => generated(Origin::Generated, rest),
        [96..=127, rest @ ..] => generated(Origin::Mutated, rest),
        [_, which, place_high, place_low, length, rest @ ..] => {
            spliced(*which, u16::from_be_bytes([*place_high, *place_low]), *length, rest);
        }
        _ => {}
    }
}

fn generated(origin: Origin, bytes: &[u8]) {
    if let Verdict::Wrong(wrong) = try_out(&mut Choices::from_bytes(bytes), SIZE, origin) {
        panic!("{}\n{}", wrong.recorded.text, wrong.what);
    }
}

/// A text of FEEL as DMN writes it (up to a zero byte); what comes after chooses the facts it is evaluated with.
pub fn feel(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (text, choices) = (String::from_utf8_lossy(&bytes[..end]).into_owned(), &bytes[end..]);
    // Back-quotes are ours: FEEL cannot write the names that stand in them.
    let Some(expr) = native(&text).filter(|_| !text.contains('`')) else { return };
    let printed = dictamen_syntax::print_feel(&expr);
    let again = native(&printed).unwrap_or_else(|| panic!("{printed}\nwas printed and is not read"));
    assert_eq!(dictamen_syntax::print_feel(&again), printed, "printed twice");
    let ruleset = format!("{FEEL_RULESET}\ndecision d = {}\n", dictamen_syntax::print_expression(&expr));
    agree(&[Source::new("feel.regla", ruleset)], choices);
}

/// Names that a fuzzed expression may use, each of a type of its own and one of none.
const FEEL_RULESET: &str = "reglas prueba.feel\n  modo dmn\n\nentrada n : numero\nentrada t : texto\nentrada b : booleano\nentrada f : fecha\nentrada l : lista de numero\nentrada c : { a: numero, b: texto }\nentrada x : cualquiera\n";

/// A text of FEEL without errors.
fn native(text: &str) -> Option<Expr> {
    let mut names = dictamen_model::names().native();
    for name in ["n", "t", "b", "f", "l", "c", "x"] {
        names.push(name);
    }
    let source = Source::new("texto.feel", text);
    let (expr, diagnostics) = dictamen_syntax::parse_expression(&source, SourceId(0), &names);
    let whole = diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error);
    whole.then_some(expr)
}

/// Both evaluators agree on every decision of a text, unless it has errors.
fn agree(sources: &[Source], choices: &[u8]) {
    let shown = || sources.iter().map(|source| source.text().to_owned()).collect::<Vec<_>>().join("\n");
    let ready = match prepare_unit(sources) {
        Ok(ready) => ready,
        Err(NotReady::Errors(_)) => return,
        Err(NotReady::Broken(what)) => panic!("{}\n{what}", shown()),
    };
    let mut choices = Choices::from_bytes(choices);
    let constants = Constants::of(&ready.model);
    let request = request(&mut choices, &ready.model, &constants);
    if !fits(&request, &ready.model) {
        return;
    }
    if let Err(disagreement) = compare(&ready, &request) {
        panic!("{}\n{request:?}\n{}\n{}", shown(), disagreement.decision, disagreement.what);
    }
}

/// Any bytes as a DMN document: what can be read is written and read the same, becomes rules that can be read, and both
/// evaluators agree on them.
pub fn dmn(bytes: &[u8]) {
    let limits = dictamen_import::Limits::default();
    let read = dictamen_import::dmn::read(SourceId(0), "documento.dmn", bytes, &limits);
    let Some(definitions) = read.whole() else { return };
    let written = dictamen_import::dmn::write(definitions);
    let again = dictamen_import::dmn::read(SourceId(0), "escrito.dmn", written.as_bytes(), &limits);
    let again =
        again.whole().unwrap_or_else(|| panic!("{written}\nwas written and is refused: {:?}", again.diagnostics));
    assert_eq!(dictamen_import::dmn::write(again), written, "written twice");
    let mapped = dictamen_import::dmn::to_rules(&[definitions]);
    if mapped.has_errors() {
        return;
    }
    let nothing = Source::new("", "");
    let text = |rules: &dictamen_import::dmn::Rules| dictamen_syntax::format(&nothing, &rules.file, None);
    let sources: Vec<Source> = mapped.rules.iter().map(|rules| Source::new("documento.regla", text(rules))).collect();
    for source in &sources {
        let parsed = dictamen_syntax::parse(source, SourceId(0), &dictamen_model::names());
        let error = parsed.diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
        assert!(error.is_none(), "imported text has errors: {error:?}\n{}", source.text());
    }
    agree(&sources, bytes);
}

/// Puts text (up to a zero byte) in the place of a stretch of a ruleset; what comes after chooses the facts.
fn spliced(which: u8, place: u16, length: u8, rest: &[u8]) {
    static SHELF: OnceLock<Vec<Shelved>> = OnceLock::new();
    let shelf = SHELF.get_or_init(shelved);
    let Some(ruleset) = shelf.get(usize::from(which) % shelf.len().max(1)) else { return };
    let (insert, choices) = match rest.iter().position(|byte| *byte == 0) {
        Some(end) => (&rest[..end], &rest[end + 1..]),
        None => (rest, [].as_slice()),
    };
    let mut sources = ruleset.sources.clone();
    let text = splice(sources[0].text(), place, length, &String::from_utf8_lossy(insert));
    sources[0] = Source::new("empalme.regla", text.clone());
    agree(&sources, choices);
}

fn splice(text: &str, place: u16, length: u8, insert: &str) -> String {
    let start = text.len() * usize::from(place) / (usize::from(u16::MAX) + 1);
    let start = text.floor_char_boundary(start);
    let end = text.floor_char_boundary((start + usize::from(length)).min(text.len()));
    [&text[..start], insert, &text[end.max(start)..]].concat()
}

/// Plans of the project's rulesets and of generated ones, which the first byte of facts chooses among.
pub fn plans() -> &'static [Ready] {
    static PLANS: OnceLock<Vec<Ready>> = OnceLock::new();
    PLANS.get_or_init(|| {
        let shelf = shelved().into_iter().filter_map(|ruleset| prepare_unit(&ruleset.sources).ok());
        let generated = WIDE_SEEDS.filter_map(|seed| prepare(&program(&mut Choices::seeded(seed), SIZE)).ok());
        shelf.chain(generated).collect()
    })
}
