//! `dictamen replay`: evaluates recorded decisions again, compares bytes and checks the hash chains, beside a running server too.

mod batch;

use std::path::Path;

use clap::{Arg, Command as Definition};
use dictamen_decisions::replay::{ReplayReport, Replayed, Replayer, Verdict as Held};
use dictamen_decisions::trace::DecisionTrace;
use dictamen_platform::store::embedded::ReadOnly;
use dictamen_platform::store::{ChainReport, Finding, Head, StoreError, TraceId, TraceReader, Trust};
use dictamen_value::Message;
use serde::Serialize;
use serde_json::value::RawValue;

use super::Command;
use crate::command_line::arguments::{Definer, Given};
use crate::files;
use crate::output::Output;
use crate::progress::Progress;
use crate::stop::{Stop, Verdict};

pub(super) const COMMAND: Command = Command {
    name: "replay",
    usage: (
        "[OPCIONES] [TRAZA | --all | --batch MANIFIESTO --data ARCHIVO]",
        "[OPTIONS] [TRACE | --all | --batch MANIFEST --data FILE]",
    ),
    define,
    run,
};

fn define(define: Definer) -> Definition {
    let about = define.say(
        "Repite decisiones registradas, compara los bytes y revisa las cadenas de trazas.",
        "Replays recorded decisions, compares bytes and checks the chains of traces.",
    );
    let trace = define.say("la traza, como 9f3c01ab-000000000017", "the trace, such as 9f3c01ab-000000000017");
    let all = define.say("repite todas las trazas y revisa las cadenas", "replays all traces and checks the chains");
    let data = define.say(
        "la carpeta de datos del servicio; con --batch, el archivo de las filas",
        "the data folder of the service; with --batch, the file of the rows",
    );
    let batch = define.say(
        "comprueba las filas de un archivo con el manifiesto que escribió «eval --data ARCHIVO --trace MANIFIESTO»",
        "checks the rows of a file by the manifest that “eval --data FILE --trace MANIFEST” wrote",
    );
    let row = define.say("con --batch: solo esa fila, desde 1", "with --batch: only that row, from 1");
    let heads = define.say(
        "cabezas firmadas que se exportaron antes y se guardan aparte: lo que falte bajo ellas se nota",
        "signed heads that were exported before and are kept elsewhere: what is missing below them shows",
    );
    let export = define.say(
        "escribe las cabezas firmadas en un archivo, para guardarlo aparte",
        "writes the signed heads to a file, to be kept elsewhere",
    );
    let place = define.place("trace", define.say("TRAZA", "TRACE"), trace).required(false).conflicts_with("all");
    let file = define.say("ARCHIVO", "FILE");
    Definition::new("replay")
        .about(about)
        .arg(place)
        .arg(define.switch("all", all))
        .arg(define.flag_or("data", define.say("CARPETA", "DIR"), "data", data))
        .arg(of_all(define.flag("batch", define.say("MANIFIESTO", "MANIFEST"), batch)).conflicts_with("all"))
        .arg(of_all(define.flag("row", "N", row)).requires("batch"))
        .arg(of_all(define.flag("heads", file, heads)))
        .arg(define.flag("export-heads", file, export))
}

fn of_all(arg: Arg) -> Arg {
    arg.conflicts_with("trace")
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    if let Some(manifest) = given.path("batch") {
        return batch::run(given, &manifest, super::evaluate::cores(), output);
    }
    let trace = given.text("trace").map(|text| text.parse::<TraceId>().map_err(stopped)).transpose()?;
    let export = given.path("export-heads");
    if trace.is_none() && !given.is_on("all") && export.is_none() {
        return Err(Stop::WrongUse(nothing_asked()));
    }
    let data = given.required_path("data");
    data.read_dir().map_err(|error| Stop::file(&data, "leer", "read", &error))?;
    let store = ReadOnly::open(&data).map_err(stopped)?;
    let verdict = match trace {
        Some(trace) => one(&store, &trace, output)?,
        None if given.is_on("all") => all(&store, given.path("heads").as_deref(), output)?,
        None => Verdict::Holds,
    };
    if let Some(file) = export {
        export_heads(&store, &file, output)?;
    }
    Ok(verdict)
}

fn one(store: &ReadOnly, id: &TraceId, output: &mut Output) -> Result<Verdict, Stop> {
    let replayed = Replayer::new(store, store).replay(id).map_err(stopped)?;
    let replayed = replayed.ok_or_else(|| Stop::WrongUse(no_trace(id)))?;
    if output.is_json() {
        write_document(&replayed, output)?;
    } else {
        show_one(&replayed, output)?;
    }
    Ok(Verdict::of(!matches!(replayed.verdict, Held::Problem(_))))
}

fn show_one(replayed: &Replayed, output: &mut Output) -> Result<(), Stop> {
    if let Some(trace) = &replayed.trace {
        let head = &trace.head;
        let as_of = output.say("al", "as of").to_owned();
        output.line(format!("{}.{} ({}) {as_of} {}", head.ruleset, head.decision, head.version, head.as_of))?;
    }
    if let Some(now) = &replayed.now {
        output.line(String::from_utf8_lossy(now))?;
    }
    let verdict = format!("{}: {}", replayed.id, verdict(&replayed.verdict).text(output.language()));
    Ok(output.line(verdict)?)
}

fn verdict(verdict: &Held) -> Message {
    match verdict {
        Held::Same => Message::new("da los mismos bytes", "gives the same bytes"),
        Held::Purged { length_bytes } => Message::new(
            format!("sus {length_bytes} bytes se eliminaron con registro; su lugar en la cadena sigue"),
            format!("its {length_bytes} bytes were purged on record; its place in the chain stays"),
        ),
        Held::Batch { rows } => Message::new(
            format!(
                "es de un lote de {rows} filas y está entera; se repiten con su manifiesto y el archivo de hechos (--batch)"
            ),
            format!(
                "it is of a batch of {rows} rows and is whole; they are replayed with its manifest and the file of facts (--batch)"
            ),
        ),
        Held::Problem(problem) => problem.message.clone(),
    }
}

/// One replayed trace for programs; what it gives now and its facts are kept digit by digit.
#[derive(Serialize)]
struct Document<'a> {
    trace_id: TraceId,
    verdict: &'static str,
    message: &'a str,
    now: Option<&'a RawValue>,
    trace: Option<&'a DecisionTrace>,
}

fn write_document(replayed: &Replayed, output: &mut Output) -> Result<(), Stop> {
    let code = match &replayed.verdict {
        Held::Same => "same",
        Held::Purged { .. } => "purged",
        Held::Batch { .. } => "batch",
        Held::Problem(problem) => problem.code,
    };
    let message = verdict(&replayed.verdict);
    Ok(output.document(&Document {
        trace_id: replayed.id,
        verdict: code,
        message: message.text(output.language()),
        now: replayed.now.as_deref().and_then(|bytes| serde_json::from_slice(bytes).ok()),
        trace: replayed.trace.as_deref(),
    })?)
}

fn all(store: &ReadOnly, heads: Option<&Path>, output: &mut Output) -> Result<Verdict, Stop> {
    let trust = Trust { heads: heads.map(read_heads).transpose()?.unwrap_or_default(), ..Trust::default() };
    let mut progress = Progress::new(output.say("trazas", "traces"));
    let report = Replayer::new(store, store).replay_all(&trust, &mut |report| progress.reach(report.traces));
    drop(progress);
    let report = report.map_err(stopped)?;
    if output.is_json() {
        output.document(&report)?;
    } else {
        show_all(&report, output)?;
    }
    Ok(Verdict::of(report.is_clean()))
}

fn show_all(report: &ReplayReport, output: &mut Output) -> Result<(), Stop> {
    for chain in &report.chains.chains {
        output.message(&about_chain(chain))?;
    }
    for finding in &report.chains.findings {
        output.message(&about_finding(finding))?;
    }
    for (id, problem) in &report.problems {
        let id = id.map_or_else(|| "?".to_owned(), |id| id.to_string());
        let text = format!("{id}: {}: {}", problem.code, problem.message.text(output.language()));
        output.line(text)?;
    }
    Ok(output.message(&summary(report))?)
}

fn about_chain(chain: &ChainReport) -> Message {
    let ChainReport { writer, traces, purged, sealed, .. } = chain;
    Message::new(
        format!("cadena {writer}: {traces} trazas, {purged} eliminadas con registro, firmada hasta la {sealed}"),
        format!("chain {writer}: {traces} traces, {purged} purged on record, signed up to {sealed}"),
    )
}

fn about_finding(finding: &Finding) -> Message {
    let place = format!("{}:{}", finding.file.display(), finding.offset);
    let trace = finding.trace.map(|id| format!("{id}: ")).unwrap_or_default();
    Message::new(format!("{trace}{place}: {}", finding.message.es), format!("{trace}{place}: {}", finding.message.en))
}

fn summary(report: &ReplayReport) -> Message {
    let ReplayReport { traces, same, purged, batches, .. } = report;
    let (problems, findings) = (report.problem_count(), finding_count(report));
    Message::new(
        format!(
            "{traces} trazas: {same} dan los mismos bytes, {purged} eliminadas con registro, {batches} de lotes, {problems} con problemas; {findings} hallazgos en las cadenas"
        ),
        format!(
            "{traces} traces: {same} give the same bytes, {purged} purged on record, {batches} of batches, {problems} with problems; {findings} findings in the chains"
        ),
    )
}

fn finding_count(report: &ReplayReport) -> u64 {
    let listed = u64::try_from(report.chains.findings.len()).unwrap_or(u64::MAX);
    listed.saturating_add(report.chains.findings_left_out)
}

fn read_heads(file: &Path) -> Result<Vec<Head>, Stop> {
    let text = std::fs::read_to_string(file).map_err(|error| Stop::file(file, "leer", "read", &error))?;
    Trust::read_heads(file, &text).map_err(stopped)
}

fn export_heads(store: &ReadOnly, file: &Path, output: &mut Output) -> Result<(), Stop> {
    let heads = store.heads().map_err(stopped)?;
    let lines: Result<Vec<String>, _> = heads.iter().map(serde_json::to_string).collect();
    let text: String = lines.map_err(std::io::Error::from)?.into_iter().map(|line| line + "\n").collect();
    files::write(file, text.as_bytes())?;
    let (count, file) = (heads.len(), file.display());
    output.notice(&Message::new(
        format!(
            "{count} cabezas firmadas escritas en {file}; guárdelo donde quien opera el servicio no pueda cambiarlo"
        ),
        format!("{count} signed heads written to {file}; keep it where whoever operates the service can't change it"),
    ));
    Ok(())
}

fn stopped(error: StoreError) -> Stop {
    Stop::WrongUse(error.message())
}

fn no_trace(id: &TraceId) -> Message {
    Message::new(format!("no existe la traza {id}"), format!("there is no trace {id}"))
}

fn nothing_asked() -> Message {
    Message::new(
        "diga qué repetir: una traza o --all (o --export-heads ARCHIVO para exportar las cabezas firmadas)",
        "say what to replay: a trace or --all (or --export-heads FILE to export the signed heads)",
    )
}
