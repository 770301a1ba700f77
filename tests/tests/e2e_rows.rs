//! `dictamen eval --data`: the rows of a file by several threads, in order, counted where that is asked for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "helpers of tests fail loudly, as tests do"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use dictamen_tests::binary::{Called, call, call_with, command};
use dictamen_tests::http::Request;
use dictamen_tests::project::root;
use dictamen_tests::server::Server;
use dictamen_tests::taxpayers::taxpayer;
use serde_json::{Value, json};

/// The codes of casilla 53 that rulesets decide.
const CODES: [&str; 23] = [
    "03", "04", "05", "06", "07", "09", "10", "13", "14", "18", "23", "33", "41", "42", "46", "47", "48", "49", "50",
    "52", "53", "55", "59",
];

fn small_rules() -> PathBuf {
    root().join("tests/golden/rulesets")
}

/// Rows that are decided, fail, and are refused in several ways, some long and some blank.
fn mixed_rows(count: usize) -> String {
    let row = |number: usize| match number % 11 {
        3 => "{ \"divisor\": 0 }".to_owned(),
        5 => "{ \"divisor\": \"x\" }".to_owned(),
        6 => "no es JSON".to_owned(),
        7 => "   ".to_owned(),
        8 => format!("{{ \"divisor\": {number}{} }}", " ".repeat(number * 37 % 9_000)),
        _ => format!("{{ \"divisor\": {} }}", number % 8 + 1),
    };
    (0..count).map(|number| row(number) + "\n").collect()
}

fn evaluate(folder: &Path, rows: &str, flags: &[&str]) -> Called {
    let rules = small_rules();
    let mut arguments = vec!["eval", rules.to_str().unwrap(), "cociente", "--data", "-", "--as-of", "2025-03-01"];
    arguments.extend(flags);
    call_with(folder, arguments, &[], rows.as_bytes())
}

#[test]
fn answers_are_the_same_whatever_the_threads_and_the_chunks() {
    let place = tempfile::tempdir().unwrap();
    let rows = mixed_rows(3_000);
    let one = evaluate(place.path(), &rows, &["--threads", "1"]).expect(1);
    let lines: Vec<u64> =
        one.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["line"].as_u64().unwrap()).collect();
    let blank = |line: &u64| (line - 1) % 11 == 7;
    assert!(lines.iter().copied().eq((1..=3_000).filter(|line| !blank(line))), "in order, each once");
    for threads in ["2", "3", "16"] {
        assert!(evaluate(place.path(), &rows, &["--threads", threads]).expect(1).out == one.out, "{threads} threads");
    }
    // From a file chunks are cut otherwise than from a pipe, and the target is another.
    fs::write(place.path().join("rows.ndjson"), &rows).unwrap();
    let rules = small_rules();
    let arguments = ["eval", rules.to_str().unwrap(), "cociente", "--data", "rows.ndjson", "--as-of", "2025-03-01"];
    assert!(call(place.path(), arguments).expect(1).out == one.out);
    let silent = call(place.path(), arguments.into_iter().chain(["--output", "answers.ndjson"])).expect(1);
    assert_eq!(silent.out, "");
    assert!(fs::read_to_string(place.path().join("answers.ndjson")).unwrap() == one.out);
    // Cut at any row, the two halves give what the whole gives.
    let whole: Vec<&str> = one.out.lines().collect();
    for cut in [1, 255, 256, 257, 1_400] {
        let (head, tail) = rows.split_at(rows.match_indices('\n').nth(cut - 1).unwrap().0 + 1);
        let blanks = "\n".repeat(cut);
        let head = evaluate(place.path(), head, &[]).out;
        let tail = evaluate(place.path(), &(blanks + tail), &[]).out;
        assert!(head.lines().chain(tail.lines()).eq(whole.iter().copied()), "cut at {cut}");
    }
}

#[test]
fn explanations_stand_with_their_rows() {
    let place = tempfile::tempdir().unwrap();
    let explained = evaluate(place.path(), "{ \"divisor\": 4 }\n{}\n", &["--explain"]).expect(1);
    let answers: Vec<Value> = explained.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(answers[0]["explanation"].is_object(), "{}", explained.out);
    assert_eq!(answers[1]["errors"][0]["code"], "hechos.falta", "{}", explained.out);
}

#[test]
fn a_summary_counts_values_failures_and_refusals() {
    let place = tempfile::tempdir().unwrap();
    let rows = "{ \"divisor\": 4 }\n{ \"divisor\": 100 }\n{ \"divisor\": 4 }\n{ \"divisor\": 0 }\n{}\nx\n{ \"divisor\": 1, \"z\": 2 }\n";
    let spanish = evaluate(place.path(), rows, &["--summary", ".", "--lang", "es"]).expect(1);
    assert_eq!(
        spanish.out,
        "filas                           7  100,00 %\n\
         decididas                       3   42,86 %\n\
         fallaron                        1   14,29 %\n  \
           evaluacion.division-por-cero  1   14,29 %\n\
         rechazadas                      3   42,86 %\n  \
           hechos.campo-desconocido /z   1   14,29 %\n  \
           hechos.falta /divisor         1   14,29 %\n  \
           hechos.json /                 1   14,29 %\n\
         \n\
         .\n  \
           1   1   33,33 %\n  \
           25  2   66,67 %\n"
    );
    let english = evaluate(place.path(), rows, &["--summary", ".", "--lang", "en", "--json"]).expect(1);
    let document = english.json();
    assert_eq!((&document["rows"], &document["decided"]), (&json!(7), &json!(3)));
    assert_eq!(document["failed"], json!([{ "kind": "evaluacion.division-por-cero", "rows": 1, "percent": 14.29 }]));
    let values = json!([{ "value": 1, "rows": 1, "percent": 33.33 }, { "value": 25, "rows": 2, "percent": 66.67 }]);
    assert_eq!(document["summary"], json!([{ "path": ".", "values": values }]));
    // Beside the rows, the same counts.
    let beside = evaluate(place.path(), rows, &["--summary", ".", "--lang", "es", "--output", "rows.out"]).expect(1);
    assert_eq!(beside.out, spanish.out);
    assert_eq!(fs::read_to_string(place.path().join("rows.out")).unwrap().lines().count(), 7);
}

const NESTED: &str = r#"reglas prueba.resumen

entrada n : entero

decision hallado : { codigos: lista de texto, partes: lista de { clase: texto?, lista: lista de numero }, nada: texto? } = {
    codigos: if n = 0 then [] else if n = 1 then ["a", "a", "b"] else ["b"],
    partes: if n = 2 then [] else [{ clase: if n = 1 then null else "x", lista: [n, 10, n] }],
    nada: null
  }
"#;

#[test]
fn lists_are_counted_element_by_element_once_a_row_and_what_is_not_there_too() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("resumen.regla"), NESTED).unwrap();
    let rows = "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n{\"n\":9}\n";
    let ask = |paths: &str| {
        let arguments = ["eval", "resumen.regla", "hallado", "--data", "-", "--lang", "en", "--summary", paths];
        call_with(place.path(), arguments, &[], rows.as_bytes())
    };
    let told = ask("codigos,partes.clase,partes.lista,nada").expect(0);
    let (_, tables) = told.out.split_once("\n\n").unwrap();
    assert_eq!(
        tables,
        "codigos\n  \"a\"           1   25.00%\n  \"b\"           3   75.00%\n  (empty list)  1   25.00%\n\n\
         partes.clase\n  \"x\"           2   50.00%\n  null          1   25.00%\n  (empty list)  1   25.00%\n\n\
         partes.lista\n  0             1   25.00%\n  1             1   25.00%\n  9             1   25.00%\n  10            3   75.00%\n  (empty list)  1   25.00%\n\n\
         nada\n  null  4  100.00%\n"
    );
    for (paths, expected) in
        [("partes.otra", "there are: clase, lista"), ("codigos.x", "no fields there"), ("", "no field")]
    {
        let refused = ask(paths).expect(2);
        assert!(refused.err.contains(expected), "{paths}: {}", refused.text());
    }
}

#[test]
fn too_many_different_values_are_told() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("eco.regla"), "reglas prueba.eco\n\nentrada n : entero\n\ndecision eco : entero = n\n")
        .unwrap();
    let rows: String = (0..10_002).map(|n| format!("{{\"n\":{n}}}\n")).collect();
    let arguments = ["eval", "eco.regla", "eco", "--data", "-", "--lang", "en", "--summary", "."];
    let refused = call_with(place.path(), arguments, &[], rows.as_bytes()).expect(2);
    assert!(refused.err.contains("more than 10000 different values"), "{}", refused.text());
}

#[test]
fn a_file_of_answers_is_written_whole_or_not_at_all() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("answers.ndjson");
    fs::write(&target, "before").unwrap();
    let too_long = format!("{{ \"divisor\": 4 }}\n{}", "x".repeat(17 * 1024 * 1024));
    let stopped = evaluate(place.path(), &too_long, &["--output", "answers.ndjson", "--lang", "en"]).expect(2);
    assert!(stopped.err.contains("row 2 is longer than the limit"), "{}", stopped.err);
    assert_eq!(fs::read_to_string(&target).unwrap(), "before");
    let left = fs::read_dir(place.path()).unwrap().count();
    assert_eq!(left, 1, "nothing half-written is left");
    // What came before the row that stops is answered on standard output.
    let stopped = evaluate(place.path(), &too_long, &[]).expect(2);
    assert_eq!(stopped.out, "{\"line\":1,\"outcome\":25}\n");
    let missing = evaluate(place.path(), "", &["--output", "no/such/folder", "--lang", "en"]).expect(2);
    assert!(missing.err.contains("no/such/folder"), "{}", missing.err);
}

#[test]
fn a_reader_that_goes_away_ends_it_soon() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("rows.ndjson"), mixed_rows(200_000)).unwrap();
    let rules = small_rules();
    let mut child = command(place.path())
        .args(["eval", rules.to_str().unwrap(), "cociente", "--data", "rows.ndjson"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("{\"line\":1,"), "{first}");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(2), ""));
}

#[test]
fn wrong_use_is_told() {
    let place = tempfile::tempdir().unwrap();
    let rules = small_rules();
    let rules = rules.to_str().unwrap();
    for (arguments, expected) in [
        (vec!["cociente", "--input", "-", "--summary", "x"], "--summary"),
        (vec!["cociente", "--input", "-", "--output", "x"], "--output"),
        (vec!["cociente", "--data", "-", "--threads", "0"], "--threads"),
        (vec!["no_hay", "--data", "-"], "no_hay"),
    ] {
        let refused = call_with(place.path(), [vec!["eval", rules], arguments].concat(), &[], b"{}").expect(2);
        assert!(refused.err.contains(expected), "{}", refused.text());
    }
}

#[test]
fn generated_taxpayers_are_all_decided_and_have_every_responsibility_between_them() {
    let place = tempfile::tempdir().unwrap();
    let rows: String = (0..2_000).map(|row| taxpayer(1, row).to_string() + "\n").collect();
    let rules = root().join("rulesets");
    let arguments = ["eval", rules.to_str().unwrap(), "rut.obligaciones", "--data", "-", "--as-of", "2026-06-30"];
    let flags = ["--summary", "responsabilidades.codigo", "--json"];
    let told = call_with(place.path(), arguments.into_iter().chain(flags), &[], rows.as_bytes()).expect(0);
    let document = told.json();
    assert_eq!((&document["rows"], &document["decided"]), (&json!(2_000), &json!(2_000)), "{}", told.out);
    let values = document["summary"][0]["values"].as_array().unwrap();
    let missing: Vec<&str> =
        CODES.into_iter().filter(|code| !values.iter().any(|value| value["value"] == *code)).collect();
    assert!(missing.is_empty(), "no taxpayer has {missing:?}\n{}", told.out);
}

/// Rows of CSV with the same divisors as some rows of JSON, whatever their form.
fn as_csv(divisors: &[&str]) -> String {
    divisors.iter().fold("divisor\n".to_owned(), |text, divisor| text + divisor + "\n")
}

#[test]
fn columns_are_read_and_written_by_the_endings_of_files() {
    let place = tempfile::tempdir().unwrap();
    let divisors: Vec<String> = (0..10_000).map(|row| (row % 8 * 25).to_string()).collect();
    let divisors: Vec<&str> = divisors.iter().map(String::as_str).collect();
    let lines: String = divisors.iter().map(|divisor| format!("{{\"divisor\":{divisor}}}\n")).collect();
    fs::write(place.path().join("rows.ndjson"), lines).unwrap();
    fs::write(place.path().join("rows.csv"), as_csv(&divisors)).unwrap();
    let rules = small_rules();
    let run = |data: &str, more: &[&str]| {
        let fixed =
            ["eval", rules.to_str().unwrap(), "cociente", "--as-of", "2025-03-01", "--lang", "en", "--data", data];
        call(place.path(), fixed.iter().copied().chain(more.iter().copied()))
    };
    let lines = run("rows.ndjson", &[]).expect(1).out;
    assert!(run("rows.csv", &[]).expect(1).out == lines, "columns give the lines that lines give");
    run("rows.ndjson", &["--output", "a.csv"]).expect(1);
    run("rows.csv", &["--output", "b.parquet"]).expect(1);
    run("rows.csv", &["--output", "b.csv", "--threads", "1"]).expect(1);
    let text = |name: &str| fs::read_to_string(place.path().join(name)).unwrap();
    assert!(text("a.csv") == text("b.csv"));
    let head: Vec<String> = text("a.csv").lines().take(3).map(str::to_owned).collect();
    assert_eq!(head[0], "cociente,error_code,error_message");
    assert!(head[1].starts_with(",evaluacion.division-por-cero,"), "{head:?}");
    assert_eq!(head[2], "4,,");
    assert_eq!(fs::read(place.path().join("b.parquet")).unwrap()[..4], *b"PAR1");
    // 100 / 75, 150 and 175 have more digits than a column of decimals: their rows say so, others stay, and text has room for all.
    let unfit = run("rows.csv", &["--output", "c.parquet"]).expect(1);
    assert!(unfit.err.contains("3750 rows were decided, but have values"), "{}", unfit.err);
    assert!(
        !run("rows.csv", &["--output", "d.parquet", "--numbers", "text"]).expect(1).err.contains("were decided, but")
    );
    let mistyped = as_csv(&["4"]).replace("divisor", "divisr");
    fs::write(place.path().join("wrong.csv"), mistyped).unwrap();
    let wrong = run("wrong.csv", &[]).expect(2);
    assert!(
        wrong.err.contains("wrong.csv: column “divisr” is no fact of the rules; did you mean “divisor”?"),
        "{}",
        wrong.err
    );
    assert!(run("rows.csv", &["--output", "e.csv", "--explain"]).expect(2).err.contains(".ndjson"));
}

#[test]
fn a_manifest_checks_all_rows_or_one_and_finds_what_changed() {
    let place = tempfile::tempdir().unwrap();
    let divisors: Vec<String> = (0..9_000).map(|row| (row % 50).to_string()).collect();
    let mut divisors: Vec<&str> = divisors.iter().map(String::as_str).collect();
    let write = |divisors: &[&str]| fs::write(place.path().join("rows.csv"), as_csv(divisors)).unwrap();
    write(&divisors);
    let rules = small_rules();
    let fixed = ["eval", rules.to_str().unwrap(), "cociente", "--as-of", "2025-03-01", "--lang", "en"];
    let sealed = call(
        place.path(),
        fixed.iter().copied().chain(["--data", "rows.csv", "--trace", "batch.json", "--summary", "."]),
    );
    assert!(sealed.expect(1).err.contains("9000 rows under the seal"));
    let replay = |more: &[&str]| {
        let fixed = ["replay", "--batch", "batch.json", "--data", "rows.csv", "--lang", "en"];
        call(place.path(), fixed.iter().copied().chain(more.iter().copied()))
    };
    assert!(replay(&[]).expect(0).out.starts_with("9000 rows give the same bytes; seal "));
    let one = replay(&["--row", "4098"]).expect(0);
    assert_eq!(
        one.out,
        "{\"divisor\":47}\n2.127659574468085106382978723404255\nrow 4098: gives the same bytes and belongs to the batch\n"
    );
    let proof = replay(&["--row", "1", "--json"]).expect(0).json();
    assert_eq!(proof["proof"]["path"].as_array().unwrap().len(), 12 + 2, "12 hashes in its chunk, 2 above");
    replay(&["--row", "9001"]).expect(2);
    // The rules may be gone: the manifest has those that decided.
    divisors.swap(5_000, 5_001);
    write(&divisors);
    let moved = replay(&[]).expect(1);
    assert!(moved.out.starts_with("rows 4097 to 8192: one has changed"), "{}", moved.out);
    assert_eq!(moved.out.lines().count(), 2, "{}", moved.out);
    replay(&["--row", "4098"]).expect(1);
    replay(&["--row", "4096"]).expect(0);
    divisors.swap(5_000, 5_001);
    write(&divisors[..8_999]);
    assert!(replay(&[]).expect(1).out.starts_with("the file has 8999 rows; the manifest says 9000"));
    write(&divisors);
    let manifest = fs::read_to_string(place.path().join("batch.json")).unwrap();
    fs::write(place.path().join("batch.json"), manifest.replacen("2025-03-01", "2025-03-02", 1)).unwrap();
    assert!(replay(&[]).expect(2).err.contains("the manifest has been altered"));
}

#[test]
fn a_batch_over_http_leaves_one_trace_by_which_its_rows_are_replayed() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(&place.path().join("data"), &small_rules(), &["--log", "warn", "--roles", "auditoria"]);
    let rows = mixed_rows(9_000);
    fs::write(place.path().join("rows.ndjson"), &rows).unwrap();
    let path = "/v1/decisions/prueba.errores/cociente:batch?trace=batch&as_of=2025-03-01".to_owned();
    let asks = Request { method: "POST".to_owned(), path, body: rows.clone().into_bytes(), ..Request::default() };
    let answered = server.send(&asks.header("content-type", "application/x-ndjson"));
    let lines: Vec<Value> = answered.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let batch = &lines.last().unwrap()["batch"];
    let asked = rows.lines().filter(|row| !row.trim().is_empty()).count();
    assert_eq!((lines.len(), &batch["rows"]), (asked + 1, &json!(asked)), "{batch}");
    assert!(batch["failed"].as_u64().unwrap() > 0 && batch["refused"].as_u64().unwrap() > 0, "{batch}");
    let manifest = server.send(&Request::get(&format!("/v1/traces/{}/manifest", batch["trace_id"].as_str().unwrap())));
    fs::write(place.path().join("batch.json"), &manifest.body).unwrap();
    drop(server.stop("TERM"));
    let replay = |more: &[&str]| {
        let fixed = ["replay", "--batch", "batch.json", "--data", "rows.ndjson", "--lang", "en"];
        call(place.path(), fixed.iter().copied().chain(more.iter().copied()))
    };
    assert!(replay(&[]).expect(0).out.starts_with(&format!("{asked} rows give the same bytes")));
    assert!(replay(&["--row", "5000"]).expect(0).out.contains("belongs to the batch"));
    let all = call(place.path(), ["replay", "--all", "--data", "data", "--json"]).expect(0).json();
    assert_eq!((&all["traces"], &all["batches"]), (&json!(1), &json!(1)), "{all}");
    let changed = rows.replacen("\"divisor\": 1 ", "\"divisor\": 2 ", 1);
    fs::write(place.path().join("rows.ndjson"), changed).unwrap();
    assert!(replay(&[]).expect(1).out.contains("rows 1 to 4096: one has changed"));
}
