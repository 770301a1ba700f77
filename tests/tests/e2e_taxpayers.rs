//! Realistic taxpayers end to end: what a real server answers about each, this year and as of another, with its norms.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dictamen_tests::binary::call;
use dictamen_tests::http::Request;
use dictamen_tests::project::root;
use dictamen_tests::readability::{Readability, SENTENCE_WORDS_MAX};
use dictamen_tests::server::Server;
use dictamen_tests::taxpayers::readable;
use serde_json::{Value, json};

/// The days that answers are asked for, as was known on the later one.
const DAYS: [&str; 2] = ["2026-08-20", "2024-08-20"];
const KNOWN_AT: &str = "2026-08-20T12:00:00-05:00";

/// How many of the questions are for the facades, which have letters of their own.
const FACADES: usize = 3;

/// Lists whose every entry must name its norm, wherever they stand in an answer.
const WITH_NORM: &[&str] = &[
    "responsabilidades",
    "no_corresponden",
    "sin_datos",
    "periodicidades",
    "deberes_conexos",
    "conflictos",
    "diferencias",
    "casilla_54",
    "prohibe",
    "requisitos",
    "incumplidos",
    "calendario",
    "beneficiarios",
    "pruebas",
];

struct Taxpayer {
    folder: PathBuf,
    facts: Value,
}

/// What was answered about one taxpayer as of one day.
struct Answers {
    /// The name of each question and its outcome.
    outcomes: Vec<(String, Value)>,
    traces: Vec<String>,
}

fn taxpayers() -> Vec<Taxpayer> {
    let folder = root().join("tests/taxpayers");
    let mut folders: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    let read = |folder: PathBuf| {
        let text = fs::read_to_string(folder.join("facts.json")).unwrap();
        let facts = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        Taxpayer { folder, facts }
    };
    folders.into_iter().map(read).collect()
}

impl Taxpayer {
    fn name(&self) -> String {
        self.folder.file_name().unwrap().to_string_lossy().into_owned()
    }

    /// The questions about it: a decision, and its facts.
    fn questions(&self) -> Vec<(String, Value)> {
        let who = &self.facts["contribuyente"];
        let mut trámite = json!({ "contribuyente": who, "tramite": self.facts["tramite"] });
        if let Some(request) = self.facts.get("solicitud") {
            trámite["solicitud"] = request.clone();
        }
        let mut questions = vec![
            ("rut/obligaciones".to_owned(), json!({ "contribuyente": who })),
            ("tramites/elegibilidad".to_owned(), trámite),
            ("tramites/calendario".to_owned(), json!({ "contribuyente": who })),
        ];
        for other in self.facts["preguntas"].as_array().into_iter().flatten() {
            let mut facts = other["hechos"].clone();
            facts["contribuyente"] = who.clone();
            questions.push((other["decision"].as_str().unwrap().to_owned(), facts));
        }
        questions
    }

    fn ask(&self, server: &Server, day: &str) -> Answers {
        let mut answers = Answers { outcomes: Vec::new(), traces: Vec::new() };
        for (decision, facts) in self.questions() {
            let body = json!({ "input": facts, "as_of": day, "known_at": KNOWN_AT });
            let answered = server.send(&Request::post(&format!("/v1/decisions/{decision}"), &body));
            assert_eq!(answered.status, 200, "{} {decision} {day}: {}", self.name(), answered.text());
            let answered: Value = serde_json::from_slice(&answered.body).unwrap();
            answers.traces.push(answered["trace_id"].as_str().unwrap().to_owned());
            let name = decision.rsplit('/').next().unwrap().to_owned();
            answers.outcomes.push((name, answered["outcome"].clone()));
        }
        answers
    }
}

impl Answers {
    fn text(&self, who: &str, day: &str) -> String {
        let mut text = format!("{who}\nA {day}, con lo que se sabía el 2026-08-20.\n");
        for (name, outcome) in &self.outcomes {
            text += &format!("\n== {name} ==\n{}", readable(outcome));
        }
        text
    }

    fn outcome(&self, name: &str) -> &Value {
        &self.outcomes.iter().find(|(known, _)| known == name).unwrap().1
    }
}

fn serve(place: &Path) -> Server {
    Server::start(&place.join("data"), &root().join("rulesets"), &["--log", "warn"])
}

#[test]
fn every_taxpayer_is_answered_as_its_folder_says_with_norms_and_the_law_of_the_day() {
    let place = tempfile::tempdir().unwrap();
    let server = serve(place.path());
    let taxpayers = taxpayers();
    assert!(taxpayers.len() >= 30, "{} taxpayers", taxpayers.len());
    let (mut wrong, mut changed, mut asked) = (Vec::new(), 0, 0);
    for taxpayer in &taxpayers {
        let answers = DAYS.map(|day| taxpayer.ask(&server, day));
        for (day, answers) in DAYS.iter().zip(&answers) {
            asked += answers.traces.len();
            hold(taxpayer, day, answers, &mut wrong);
            let place = format!("{} {day}", taxpayer.name());
            for (name, outcome) in &answers.outcomes {
                entries_without_norm(outcome, name, &format!("{place} {name}"), &mut wrong);
            }
            if day.starts_with("2024") {
                let later =
                    answers.outcomes.iter().flat_map(|(_, outcome)| norms(outcome)).filter(|norm| is_later(norm));
                wrong.extend(later.map(|norm| format!("{place}: cites what did not exist: {norm}")));
            }
        }
        let [now, then] = &answers;
        let [due_now, due_then] = [now, then].map(|answers| answers.outcome("calendario"));
        if due_now == due_then && due_now != &json!([]) {
            wrong.push(format!("{}: the same calendar in both years", taxpayer.name()));
        }
        changed += usize::from(now.outcome("obligaciones") != then.outcome("obligaciones"));
    }
    assert!(changed >= 3, "only {changed} taxpayers have other obligations as of 2024");
    drop(server.stop("TERM"));
    let report = call(place.path(), ["replay", "--all", "--data", "data", "--json"]).expect(0).json();
    assert_eq!(report["same"], asked, "each trace replays to the same bytes: {report}");
    assert!(wrong.is_empty(), "{}\n{} are wrong; DICTAMEN_BLESS=1 accepts the answers", wrong.join("\n"), wrong.len());
}

#[test]
fn every_taxpayer_has_a_nit_whose_check_digit_is_right() {
    let place = tempfile::tempdir().unwrap();
    let server = serve(place.path());
    for taxpayer in taxpayers() {
        let input = json!({ "nit": taxpayer.facts["contribuyente"]["nit"], "dv": taxpayer.facts["dv"] });
        let answered = server.send(&Request::post("/v1/decisions/comun.nit/coincide", &json!({ "input": input })));
        let answered: Value = serde_json::from_slice(&answered.body).unwrap();
        assert_eq!(answered["outcome"], true, "{}: {answered}", taxpayer.name());
    }
}

#[test]
fn every_answer_has_a_letter_that_reads_plainly() {
    let place = tempfile::tempdir().unwrap();
    let server = serve(place.path());
    let mut wrong = Vec::new();
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for taxpayer in taxpayers() {
        let questions = taxpayer.questions().into_iter().take(FACADES);
        for (trace, (decision, _)) in taxpayer.ask(&server, DAYS[0]).traces.iter().zip(questions) {
            let request = Request::get(&format!("/v1/traces/{trace}/letter")).header("accept", "application/json");
            let answered = server.send(&request);
            let name = format!("{} {decision}", taxpayer.name());
            assert_eq!(answered.status, 200, "{name}: {}", answered.text());
            let letter: Value = serde_json::from_slice(&answered.body).unwrap();
            let sentences = own_sentences(&letter);
            if sentences.is_empty() {
                wrong.push(format!("{name}: the letter says nothing: {letter}"));
            }
            let (longest, words) = Readability::of(sentences.iter().copied()).longest;
            if words > SENTENCE_WORDS_MAX {
                wrong.push(format!("{name}: a sentence of {words} words: {longest}"));
            }
            all.entry(decision).or_default().extend(sentences.into_iter().map(str::to_owned));
        }
    }
    // One letter may have to name many obligations with long names: all letters of a decision are held to the indices.
    for (decision, sentences) in &all {
        let complaints = Readability::of(sentences.iter().map(String::as_str)).complaints();
        wrong.extend(complaints.into_iter().map(|complaint| format!("letters of {decision}: {complaint}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Holds an answer against the file of its day; `DICTAMEN_BLESS=1` writes the file instead.
fn hold(taxpayer: &Taxpayer, day: &str, answers: &Answers, wrong: &mut Vec<String>) {
    let path = taxpayer.folder.join(format!("{day}.txt"));
    let said = answers.text(taxpayer.facts["quien"].as_str().unwrap(), day);
    if std::env::var_os("DICTAMEN_BLESS").is_some() {
        fs::write(&path, said).unwrap();
        return;
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    if golden != said {
        let other = golden.lines().zip(said.lines()).find(|(golden, said)| golden != said);
        let (golden, said) = other.unwrap_or(("", "lines more or less"));
        wrong.push(format!("{} {day}: - {golden}\n    + {said}", taxpayer.name()));
    }
}

fn entries_without_norm(value: &Value, name: &str, place: &str, wrong: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if fields.get("base_legal").is_some_and(|norm| norm.as_str().is_none_or(str::is_empty)) {
                wrong.push(format!("{place}: an empty norm: {value}"));
            }
            fields.iter().for_each(|(name, value)| entries_without_norm(value, name, place, wrong));
        }
        Value::Array(entries) => {
            for entry in entries {
                if WITH_NORM.contains(&name) && entry.is_object() && entry.get("base_legal").is_none() {
                    wrong.push(format!("{place}: an entry of {name} without a norm: {entry}"));
                }
                entries_without_norm(entry, name, place, wrong);
            }
        }
        _ => {}
    }
}

/// All norms that an answer cites.
fn norms(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let own = fields.get("base_legal").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(fields.values().flat_map(norms)).collect()
        }
        Value::Array(entries) => entries.iter().flat_map(norms).collect(),
        _ => Vec::new(),
    }
}

/// Whether a norm is of a year after 2024: `Res. DIAN 227/2025`, `Decreto 572 de 2025`.
fn is_later(norm: &str) -> bool {
    ["/2025", "/2026", " de 2025", " de 2026"].iter().any(|year| norm.contains(year))
}

/// What a letter says of its own: what was decided, why, and what may be done.
fn own_sentences(letter: &Value) -> Vec<&str> {
    let texts = |part: &str| letter[part].as_array().into_iter().flatten().collect::<Vec<&Value>>();
    let reasons = texts("reasons").into_iter().map(|reason| &reason["text"]);
    let others = texts("decided").into_iter().chain(texts("options"));
    others.chain(reasons).filter_map(Value::as_str).collect()
}
