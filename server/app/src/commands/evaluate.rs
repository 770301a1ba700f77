//! `dictamen eval`: makes one decision, or one a row of a file, without a service and without a trace.

use std::io::{BufRead, BufReader, Read};

use clap::{ArgGroup, Command as Definition};
use dictamen_core::{FactError, Failure, Form, Limits};
use dictamen_decisions::explain::{Report, Written};
use dictamen_decisions::port::{AskedDates, DryRun, Refusal, dry_letter, dry_run};
use dictamen_decisions::{Day, Ready};
use dictamen_platform::SystemClock;
use dictamen_value::{Language, Message};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::Command;
use crate::command_line::arguments::{Definer, Given, variable};
use crate::output::{Output, Progress};
use crate::rules::{self, Choice, Chosen};
use crate::stop::{Stop, Verdict};
use crate::{diagnostics, files, json_text};

pub(super) const COMMAND: Command = Command {
    name: "eval",
    usage: (
        "[OPCIONES] RUTA DECISION --input ARCHIVO | --data ARCHIVO",
        "[OPTIONS] PATH DECISION --input FILE | --data FILE",
    ),
    define,
    run,
};

/// The longest line of a file of rows.
const ROW_BYTES_MAX: u64 = 16 * 1024 * 1024;

fn define(define: Definer) -> Definition {
    let about = define.say(
        "Toma una decisión sin servicio y sin traza; con --data, una por fila.",
        "Makes a decision without a service and without a trace; with --data, one a row.",
    );
    let path = define.say("un archivo .regla o una carpeta", "a .regla file or a folder");
    let decision = define.say(
        "la decisión; CONJUNTO.DECISION donde hay varios conjuntos de reglas",
        "the decision; RULESET.DECISION where there are several rulesets",
    );
    let input = define
        .say("los hechos, un objeto JSON («-»: entrada estándar)", "the facts, a JSON object (“-”: standard input)");
    let data = define.say(
        "muchos hechos, un objeto JSON por línea («-»: entrada estándar); responde una línea por fila",
        "many facts, a JSON object a line (“-”: standard input); answers a line a row",
    );
    let as_of =
        define.say("el día en que se decide (por defecto, hoy)", "the day as of which to decide (by default, today)");
    let known_at = define
        .say("con lo que se sabía en ese momento (por defecto, ahora)", "as known at that moment (by default, now)");
    let explain = define.say("explica por qué", "explains why");
    let form = define.say(
        "cuánto dice la explicación: public (sin lo reservado) o reserved",
        "how much the explanation says: public (nothing reserved) or reserved",
    );
    let letter = define.say("escribe la carta a la persona", "writes the letter to the person");
    let (file, date) = (define.say("ARCHIVO", "FILE"), define.say("FECHA", "DATE"));
    Definition::new("eval")
        .about(about)
        .arg(define.place("path", define.say("RUTA", "PATH"), path))
        .arg(define.place("decision", define.say("DECISION", "DECISION"), decision))
        .arg(define.flag("input", file, input))
        .arg(define.flag_by("data", file, variable("eval-data"), data))
        .arg(define.flag("as-of", date, as_of))
        .arg(define.flag("known-at", date, known_at))
        .arg(define.zone())
        .arg(define.switch("explain", explain))
        .arg(define.flag_or("explain-form", "public|reserved", "public", form).value_parser(["public", "reserved"]))
        .arg(define.switch("letter", letter))
        .group(ArgGroup::new("facts").args(["input", "data"]).required(true))
}

fn run(given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
    let day = day(given)?;
    let catalogue = rules::load(&given.paths())?;
    let chosen = match rules::choose(&catalogue, given.text("decision").unwrap_or_default(), day)? {
        Choice::Ready(chosen) => chosen,
        Choice::Broken => {
            diagnostics::show(catalogue.sources(), catalogue.diagnostics(), output)?;
            return Ok(Verdict::DoesNotHold);
        }
    };
    let form = if given.text("explain-form") == Some("reserved") { Form::Reserved } else { Form::Public };
    let explain = given.is_on("explain").then_some(form);
    let letter = given.is_on("letter").then_some(output.language());
    let evaluation = Evaluation { chosen, day, explain, letter };
    match (given.text("input"), given.text("data")) {
        (Some(input), _) => evaluation.one(&files::read_input(input)?, output),
        (None, data) => evaluation.rows(files::open(data.unwrap_or_default())?, output),
    }
}

/// The dates to decide by: those given, or else what the clock says.
fn day(given: &Given<'_>) -> Result<Day, Stop> {
    let asked = AskedDates { as_of: given.date("as-of")?, known_at: given.instant("known-at")? };
    Ok(asked.settle(&SystemClock::new(), given.zone()?).map_err(Stop::WrongUse)?.day)
}

/// What is decided, and by which dates.
struct Evaluation {
    chosen: Chosen,
    day: Day,
    /// The form of the explanation, where one is wanted.
    explain: Option<Form>,
    /// The language of the letter, where one is wanted.
    letter: Option<Language>,
}

impl Evaluation {
    /// One decision, for a person or as one document.
    fn one(&self, facts: &[u8], output: &mut Output) -> Result<Verdict, Stop> {
        let made = self.run(facts)?;
        if output.is_json() {
            output.document(&self.document(&made, output.language()))?;
        } else {
            show(&made, output)?;
        }
        Ok(Verdict::of(made.is_decided()))
    }

    /// One answer a row, as they come: the file may be longer than memory.
    fn rows(&self, data: Box<dyn Read>, output: &mut Output) -> Result<Verdict, Stop> {
        let mut progress = Progress::new(output.say("filas", "rows"));
        let mut lines = BufReader::new(data);
        let (mut number, mut all_decided) = (0_u64, true);
        while let Some(line) = next_line(&mut lines, number)? {
            number = number.saturating_add(1);
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let made = self.run(&line)?;
            all_decided &= made.is_decided();
            output.record(&Document { line: Some(number), ..made.document(output.language()) })?;
            progress.step();
        }
        Ok(Verdict::of(all_decided))
    }

    /// What came of some facts; the error is a question that no facts could answer.
    fn run(&self, facts: &[u8]) -> Result<Made, Stop> {
        let Evaluation { chosen: Chosen { ready, decision }, day, explain, letter } = self;
        let limits = Limits::default();
        let made = dry_run(ready, decision, facts, day, limits, *explain).and_then(|run| {
            let written = letter.map(|language| dry_letter(ready, decision, facts, day, limits, language));
            Ok(Made::Run(Box::new(run), written.transpose()?))
        });
        match made {
            Err(Refusal::Facts(errors)) => Ok(Made::Refused(errors)),
            made => made.map_err(|refusal| Stop::WrongUse(refusal.message())),
        }
    }

    fn document<'a>(&'a self, made: &'a Made, language: Language) -> Document<'a> {
        let Ready { id, version, plan_digest, .. } = &*self.chosen.ready;
        Document {
            ruleset: Some(json!({ "id": id, "version": version, "hash": plan_digest })),
            as_of: Some(self.day.as_of.to_string()),
            known_at: Some(self.day.known_at.to_string()),
            ..made.document(language)
        }
    }
}

/// What came of one set of facts.
enum Made {
    /// They were evaluated; with the letter, where one is wanted.
    Run(Box<DryRun>, Option<Written>),
    /// They do not fit what the decision needs.
    Refused(Vec<FactError>),
}

/// The same for programs; the outcome is kept digit by digit.
#[derive(Default, Serialize)]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ruleset: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    letter: Option<Box<RawValue>>,
    /// Why there is no letter, where one is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    letter_failure: Option<Value>,
}

impl Made {
    fn is_decided(&self) -> bool {
        matches!(self, Made::Run(run, _) if run.result.is_ok())
    }

    fn document(&self, language: Language) -> Document<'_> {
        let (run, written) = match self {
            Made::Run(run, written) => (run, written),
            Made::Refused(errors) => {
                let errors = errors.iter().map(|error| error_document(error, language)).collect();
                return Document { errors: Some(errors), ..Document::default() };
            }
        };
        Document {
            outcome: run.result.as_deref().ok().and_then(|outcome| serde_json::from_slice(outcome).ok()),
            failure: run.result.as_ref().err().map(|failure| failure_document(failure, language)),
            explanation: run
                .explanation
                .as_ref()
                .and_then(|why| RawValue::from_string(Report::new(why).json(language)).ok()),
            letter: written.as_ref().and_then(|written| RawValue::from_string(written.as_ref().ok()?.json()).ok()),
            letter_failure: written
                .as_ref()
                .and_then(|written| Some(failure_document(written.as_ref().err()?, language))),
            ..Document::default()
        }
    }
}

fn show(made: &Made, output: &mut Output) -> Result<(), Stop> {
    let (run, written) = match made {
        Made::Refused(errors) => return show_fact_errors(errors, output),
        Made::Run(run, written) => (run, written),
    };
    match &run.result {
        Ok(outcome) => output.line(json_text::pretty(&String::from_utf8_lossy(outcome)))?,
        Err(failure) => show_failure(failure, output)?,
    }
    if let Some(why) = &run.explanation {
        let text = Report::new(why).text(output.language());
        output.line("")?;
        output.text(&text)?;
    }
    match written {
        None => Ok(()),
        Some(Err(failure)) => show_failure(failure, output),
        Some(Ok(letter)) => {
            output.line("")?;
            Ok(output.text(&letter.text())?)
        }
    }
}

fn show_failure(failure: &Failure, output: &mut Output) -> Result<(), Stop> {
    let text = format!("{}: {}", failure.code, failure.message.text(output.language()));
    output.line(text)?;
    if let Some(place) = &failure.place {
        output.line(format!("  --> {place}"))?;
    }
    if !failure.path.is_empty() {
        let label = output.say("al decidir", "while deciding").to_owned();
        output.line(format!("  {label}: {}", failure.path.join(" → ")))?;
    }
    Ok(())
}

fn show_fact_errors(errors: &[FactError], output: &mut Output) -> Result<(), Stop> {
    for error in errors {
        let language = output.language();
        let place = if error.pointer.is_empty() { "/" } else { &error.pointer };
        output.line(format!("{place}: {}", error.message.text(language)))?;
        if let Some(expected) = &error.expected {
            let label = output.say("se esperaba", "expected").to_owned();
            output.line(format!("  {label}: {}", expected.text(language)))?;
        }
        if let Some(received) = &error.received {
            let label = output.say("llegó", "received").to_owned();
            output.line(format!("  {label}: {received}"))?;
        }
    }
    Ok(())
}

fn failure_document(failure: &Failure, language: Language) -> Value {
    json!({
        "code": failure.code,
        "message": failure.message.text(language),
        "place": failure.place,
        "path": failure.path,
    })
}

fn error_document(error: &FactError, language: Language) -> Value {
    json!({
        "pointer": error.pointer,
        "code": error.code,
        "message": error.message.text(language),
        "expected": error.expected.as_ref().map(|expected| expected.text(language)),
        "received": error.received,
    })
}

/// The next line without its break; none at the end. Fails where it is too long, or cannot be read.
fn next_line(lines: &mut impl BufRead, before: u64) -> Result<Option<Vec<u8>>, Stop> {
    let mut line = Vec::new();
    let read = lines.take(ROW_BYTES_MAX).read_until(b'\n', &mut line);
    let number = before.saturating_add(1);
    let read = read.map_err(|error| {
        Stop::WrongUse(Message::new(
            format!("no se pudo leer la fila {number}: {error}"),
            format!("row {number} could not be read: {error}"),
        ))
    })?;
    if line.len() as u64 == ROW_BYTES_MAX && !line.ends_with(b"\n") {
        return Err(Stop::WrongUse(Message::new(
            format!("la fila {number} pasa del límite de {ROW_BYTES_MAX} bytes"),
            format!("row {number} is longer than the limit of {ROW_BYTES_MAX} bytes"),
        )));
    }
    Ok((read > 0).then_some(line))
}
