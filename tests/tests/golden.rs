//! Everything people can do wrong, and what they are told in both languages: the folders of tests/golden, one test each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::fs;
use std::path::{Path, PathBuf};

use dictamen_tests::binary::{call, call_with};
use dictamen_tests::golden::{Goldens, LANGUAGES, inputs};
use dictamen_tests::http::{Request, Response};
use dictamen_tests::server::Server;
use serde_json::Value;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name)
}

/// rules/*.regla: each has something wrong that `dictamen check` must find and explain.
#[test]
fn rules_that_are_wrong_are_explained() {
    let folder = folder("rules");
    let mut goldens = Goldens::default();
    for input in inputs(&folder, "regla") {
        let name = input.file_name().unwrap().to_str().unwrap();
        let said = LANGUAGES.map(|language| call(&folder, ["--lang", language, "check", name]).text());
        hold_both(&mut goldens, &input, &said);
        if said[0].starts_with("exit 0") && said[0].contains(" 0 avisos") {
            goldens.complain(&input, "was taken without a word");
        }
    }
    goldens.finish(&folder);
}

/// calls/*.call: arguments on the first line, after an empty line what stands on standard input.
#[test]
fn calls_that_are_wrong_are_explained() {
    let folder = folder("calls");
    let mut goldens = Goldens::default();
    for input in inputs(&folder, "call") {
        let text = fs::read_to_string(&input).unwrap();
        let (line, stdin) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let said = LANGUAGES.map(|language| {
            let variables = [("DICTAMEN_LANG", language), ("LC_ALL", language)];
            without_hashes(&call_with(&folder, line.split_whitespace(), &variables, stdin.as_bytes()).text())
        });
        hold_both(&mut goldens, &input, &said);
        if said.iter().any(|said| said.starts_with("exit 0")) {
            goldens.complain(&input, "was taken without a word");
        }
    }
    goldens.finish(&folder);
}

/// requests/*.http: sent to one real server; none may leave more behind than the traces that its answers name.
#[test]
fn requests_that_are_wrong_are_explained_and_leave_nothing_half_recorded() {
    let (folder, place) = (folder("requests"), tempfile::tempdir().unwrap());
    let data = place.path().join("data");
    let server =
        Server::start(&data, &self::folder("rulesets"), &["--max-steps", "200000", "--max-body-bytes", "1000000"]);
    let mut goldens = Goldens::default();
    let mut recorded = traces(&data);
    for input in inputs(&folder, "http") {
        let answered = LANGUAGES.map(|language| exchange(&server, &fs::read(&input).unwrap(), language));
        hold_both(&mut goldens, &input, &[0, 1].map(|position: usize| answered[position].0.clone()));
        recorded += answered.iter().map(|(_, named)| named).sum::<u64>();
        let found = traces(&data);
        if found != recorded {
            goldens.complain(&input, &format!("its answers account for {recorded} traces, and there are {found}"));
            recorded = found;
        }
    }
    assert_eq!(server.stop("TERM").code, 0);
    goldens.finish(&folder);
}

/// A text with a dash for each hash: those of plans change whenever plans are laid out anew.
fn without_hashes(text: &str) -> String {
    let is_hash = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split('"').map(|word| if is_hash(word) { "-" } else { word }).collect::<Vec<&str>>().join("\"")
}

/// Both golden files of an input, and that the English text is not the Spanish one.
fn hold_both(goldens: &mut Goldens, input: &Path, said: &[String; 2]) {
    for (language, said) in LANGUAGES.iter().zip(said) {
        goldens.hold(input, language, said);
    }
    if said[0] == said[1] {
        goldens.complain(input, "reads the same in Spanish and in English");
    }
}

/// How many traces there are, all of which replay to the same bytes.
fn traces(data: &Path) -> u64 {
    let replayed = call(data.parent().unwrap(), ["replay", "--all", "--json", "--data", "data"]).expect(0).json();
    replayed["traces"].as_u64().expect("a count of traces")
}

/// Sends the requests of a file one after the other: what came back as text, and how many traces the answers name.
fn exchange(server: &Server, file: &[u8], language: &str) -> (String, u64) {
    let text = String::from_utf8(file.to_vec()).expect("golden requests are UTF-8; bytes that are not come from @hex");
    let requests = text.split("###\n").map(|part| request(&part.replace("{language}", language), language));
    let responses: Vec<Response> = requests.map(|request| server.send(&request)).collect();
    let named = responses.iter().map(|response| response.text().matches("\"trace_id\"").count() as u64).sum();
    (responses.iter().map(shown).collect::<Vec<String>>().join("###\n"), named)
}

/// A request from its text: first line, headers, an empty line, body lines. JSON unless it says otherwise (`-` for no type).
fn request(text: &str, language: &str) -> Request {
    let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
    let mut lines = head.lines();
    let (method, path) = lines.next().and_then(|line| line.split_once(' ')).expect("METHOD PATH");
    let body = body.strip_suffix('\n').unwrap_or(body);
    let mut request =
        Request { method: method.to_owned(), path: path.to_owned(), body: body_bytes(body), ..Request::default() };
    request.headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    if method == "POST" && !request.headers.iter().any(|(name, _)| name == "Content-Type") {
        request = request.header("Content-Type", "application/json");
    }
    request.headers.retain(|(_, value)| value != "-");
    request.header("Accept-Language", language)
}

/// Body lines with what is made here: `@repeat TEXT COUNT` and `@hex DIGITS` add their bytes without a line break.
fn body_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in text.split_inclusive('\n') {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["@repeat", part, count] => bytes.extend(part.repeat(count.parse().unwrap()).bytes()),
            ["@hex", digits] => bytes
                .extend((0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())),
            _ => bytes.extend(line.bytes()),
        }
    }
    bytes
}

/// Status, the headers that matter, and the body, without what differs from run to run.
fn shown(response: &Response) -> String {
    let mut text = format!("{}\n", response.status);
    for name in ["content-type", "content-language", "allow", "retry-after"] {
        text += &response.header(name).map(|value| format!("{name}: {value}\n")).unwrap_or_default();
    }
    let lines = response
        .text()
        .lines()
        .map(|line| steady(serde_json::from_str(line).unwrap_or(line.into())))
        .collect::<String>();
    let whole = serde_json::from_slice(&response.body).map(steady);
    text + "\n" + &whole.unwrap_or(lines)
}

/// Pretty JSON with what differs from run to run replaced by a dash.
fn steady(mut value: Value) -> String {
    hide(&mut value);
    format!("{value:#}\n")
}

fn hide(value: &mut Value) {
    const DIFFERING: [&str; 5] = ["trace_id", "hash", "incident", "request_id", "now"];
    match value {
        Value::Object(members) => {
            members.iter_mut().for_each(|(name, value)| match DIFFERING.contains(&name.as_str()) {
                true => *value = "-".into(),
                false => hide(value),
            })
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}
