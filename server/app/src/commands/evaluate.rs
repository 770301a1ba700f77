//! `dictamen eval`: makes one decision, or one a row of a file, without a service and without a trace.

mod answer;
mod report;
mod rows;
mod summary;
mod target;

use std::num::NonZero;
use std::thread;

use clap::{ArgGroup, Command as Definition};
use dictamen_batch::{Numbers, Question, UnknownColumns};
use dictamen_core::{Form, Limits};
use dictamen_decisions::port::{AskedDates, DryRuns};
use dictamen_decisions::{Day, Ready};
use dictamen_platform::SystemClock;
use dictamen_value::{Language, Type};
use serde_json::json;

use self::answer::{Document, Made, Wanted};
use self::rows::Rows;
use self::summary::Path;
use self::target::Target;
use super::Command;
use crate::command_line::arguments::{Definer, Given, variable};
use crate::data::Data;
use crate::output::Output;
use crate::rules::{self, Choice, Chosen};
use crate::stop::{Stop, Verdict};
use crate::{diagnostics, files};

pub(super) const COMMAND: Command = Command {
    name: "eval",
    usage: (
        "[OPCIONES] RUTA DECISION --input ARCHIVO | --data ARCHIVO [--summary CAMPOS]",
        "[OPTIONS] PATH DECISION --input FILE | --data FILE [--summary FIELDS]",
    ),
    define,
    run,
};

/// The most threads that work on a file.
const THREADS_MAX: NonZero<usize> = NonZero::<usize>::MIN.saturating_add(255);

/// How columns hold numbers; a count is that of their places after the point.
const NUMBERS: [&str; 21] = [
    "decimal", "text", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
    "17", "18",
];

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
        "muchos hechos, un objeto JSON por línea («-»: entrada estándar), o columnas en un archivo .parquet o .csv; responde una línea por fila",
        "many facts, a JSON object a line (“-”: standard input), or columns in a .parquet or .csv file; answers a line a row",
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
    let summary = define.say(
        "con --data: cuántas filas hay por cada valor de esos campos del resultado, como codigos,periodicidad.iva; sin --output no escribe las filas",
        "with --data: how many rows there are by each value of these fields of the outcome, such as codes,period.vat; without --output writes no rows",
    );
    let target = define.say(
        "con --data: dónde escribir las respuestas; como columnas si el archivo es .parquet o .csv",
        "with --data: where to write the answers; as columns where the file is .parquet or .csv",
    );
    let numbers = define.say(
        "con --output .parquet: los números como decimal (38 dígitos), como decimales cortos de 18 dígitos con tantos decimales (de 0 a 18), o como text (todos los dígitos)",
        "with --output .parquet: numbers as decimal (38 digits), as short decimals of 18 digits with so many places (0 to 18), or as text (all digits)",
    );
    let ignore = define.say(
        "con --data: no leer las columnas que no son hechos, en vez de rechazarlas",
        "with --data: leave columns that are no facts unread, instead of refusing them",
    );
    let manifest = define.say(
        "con --data: escribe un manifiesto con la raíz de hashes de todas las filas; con él «replay --batch» las comprueba",
        "with --data: writes a manifest with the root of hashes of all rows, by which “replay --batch” checks them",
    );
    let threads = define.say(
        "con --data: cuántos hilos (por defecto, uno por núcleo)",
        "with --data: how many threads (by default, one a core)",
    );
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
        .arg(define.flag("summary", define.say("CAMPO[,CAMPO…]", "FIELD[,FIELD…]"), summary).conflicts_with("input"))
        .arg(define.flag_by("output", file, variable("eval-output"), target).short('o').conflicts_with("input"))
        .arg(define.flag_or("numbers", "decimal|text|0…18", "decimal", numbers).value_parser(NUMBERS))
        .arg(define.switch("ignore-unknown", ignore).conflicts_with("input"))
        .arg(define.flag_by("trace", file, variable("eval-trace"), manifest).conflicts_with("input"))
        .arg(define.flag("threads", "N", threads).conflicts_with("input"))
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
    let wanted = Wanted {
        explain: given.is_on("explain").then_some(form),
        letter: given.is_on("letter").then_some(output.language()),
    };
    let evaluation = Evaluation::of(&chosen, day, wanted)?;
    match given.text("input") {
        Some(input) => evaluation.one(&files::read_input(input)?, output),
        None => evaluation.rows(given, output),
    }
}

/// The dates to decide by: those given, or else what the clock says.
fn day(given: &Given<'_>) -> Result<Day, Stop> {
    let asked = AskedDates { as_of: given.date("as-of")?, known_at: given.instant("known-at")? };
    Ok(asked.settle(&SystemClock::new(), given.zone()?).map_err(Stop::WrongUse)?.day)
}

/// What is decided, and by which dates.
struct Evaluation<'a> {
    chosen: &'a Chosen,
    day: Day,
    runs: DryRuns<'a>,
    wanted: Wanted,
}

impl<'a> Evaluation<'a> {
    fn of(chosen: &'a Chosen, day: Day, wanted: Wanted) -> Result<Evaluation<'a>, Stop> {
        let runs = DryRuns::of(&chosen.ready, &chosen.decision, day, Limits::default());
        let runs = runs.map_err(|refusal| Stop::WrongUse(refusal.message()))?;
        Ok(Evaluation { chosen, day, runs, wanted })
    }

    /// One decision, for a person or as one document.
    fn one(&self, facts: &[u8], output: &mut Output) -> Result<Verdict, Stop> {
        let made = Made::of(&self.runs, facts, self.wanted);
        if output.is_json() {
            output.document(&self.document(&made, output.language()))?;
        } else {
            made.show(output)?;
        }
        Ok(Verdict::of(made.is_decided()))
    }

    /// One answer a row, or a summary of them.
    fn rows(&self, given: &Given<'_>, output: &mut Output) -> Result<Verdict, Stop> {
        let outcome = self.runs.outcome_type().unwrap_or(&Type::Any);
        let numbers = numbers(given.text("numbers").unwrap_or_default());
        let unknown = if given.is_on("ignore-unknown") { UnknownColumns::Ignored } else { UnknownColumns::Refused };
        let rows = Rows {
            runs: self.runs,
            wanted: self.wanted,
            paths: given.text("summary").map(|paths| Path::read_all(paths, outcome)).transpose()?,
            target: Target { path: given.path("output"), numbers },
            manifest: given.path("trace"),
            threads: threads(given)?,
        };
        rows.target.ensure_room_for(self.wanted)?;
        let Question { plan, decision, .. } = self.runs.question();
        let data = Data::open(given.text("data").unwrap_or_default(), (plan, decision), unknown)?;
        rows.run(data, output)
    }

    fn document(&self, made: &Made, language: Language) -> Document {
        let Ready { id, version, plan_digest, .. } = &*self.chosen.ready;
        Document {
            ruleset: Some(json!({ "id": id, "version": version, "hash": plan_digest })),
            as_of: Some(self.day.as_of.to_string()),
            known_at: Some(self.day.known_at.to_string()),
            ..made.document(language)
        }
    }
}

fn numbers(text: &str) -> Numbers {
    match text.parse() {
        Ok(places) => Numbers::Places(places),
        Err(_) if text == "text" => Numbers::Text,
        Err(_) => Numbers::Decimal,
    }
}

/// As many threads as were asked for, or as the machine has cores.
fn threads(given: &Given<'_>) -> Result<NonZero<usize>, Stop> {
    let asked = if given.text("threads").is_some() { NonZero::new(given.number::<usize>("threads")?) } else { None };
    Ok(asked.unwrap_or_else(cores).min(THREADS_MAX))
}

/// As many threads as the machine has cores.
pub(super) fn cores() -> NonZero<usize> {
    thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}
