//! What came of one set of facts, as text for people and as JSON for programs.

use dictamen_batch::Undecided;
use dictamen_core::{Explanation, FactError, Failure, Form};
use dictamen_decisions::explain::{Report, Written};
use dictamen_decisions::port::DryRuns;
use dictamen_value::{Language, Value};
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::json_text;
use crate::output::Output;
use crate::stop::Stop;

/// What is wanted beside an outcome.
#[derive(Clone, Copy, Default)]
pub(super) struct Wanted {
    /// The form of the explanation, where one is wanted.
    pub(super) explain: Option<Form>,
    /// The language of the letter, where one is wanted.
    pub(super) letter: Option<Language>,
}

impl Wanted {
    /// Whether anything is.
    pub(super) fn is_something(self) -> bool {
        self.explain.is_some() || self.letter.is_some()
    }
}

/// What came of one set of facts.
pub(super) enum Made {
    /// They were evaluated, which gave an outcome or failed; with what else was wanted.
    Run(Result<Value, Failure>, Option<Box<Beside>>),
    /// They do not fit what the decision needs.
    Refused(Vec<FactError>),
}

/// What stands beside an outcome.
pub(super) struct Beside {
    explanation: Option<Explanation>,
    letter: Option<Written>,
}

/// The same for programs; the outcome is kept digit by digit.
#[derive(Default, Serialize)]
pub(super) struct Document {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ruleset: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) as_of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) known_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outcome: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) failure: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) errors: Option<Vec<serde_json::Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) explanation: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) letter: Option<Box<RawValue>>,
    /// Why there is no letter, where one is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) letter_failure: Option<serde_json::Value>,
}

impl Made {
    /// What comes of some facts.
    pub(super) fn of(runs: &DryRuns<'_>, facts: &[u8], wanted: Wanted) -> Made {
        match runs.run(facts) {
            Err(errors) => Made::Refused(errors),
            Ok(run) => {
                let beside = Beside {
                    explanation: wanted.explain.map(|form| runs.explain(&run, form)),
                    letter: wanted.letter.map(|language| runs.letter(&run, language)),
                };
                let is_there = beside.explanation.is_some() || beside.letter.is_some();
                Made::Run(run.result, is_there.then(|| Box::new(beside)))
            }
        }
    }

    /// Whether there is an outcome.
    pub(super) fn is_decided(&self) -> bool {
        matches!(self, Made::Run(Ok(_), _))
    }

    /// The outcome, or why there is none.
    fn outcome(&self) -> Result<&Value, Undecided<'_>> {
        match self {
            Made::Run(result, _) => result.as_ref().map_err(Undecided::Failed),
            Made::Refused(errors) => Err(Undecided::Refused(errors)),
        }
    }

    fn beside(&self) -> Option<&Beside> {
        match self {
            Made::Run(_, beside) => beside.as_deref(),
            Made::Refused(_) => None,
        }
    }

    /// The same for programs.
    pub(super) fn document(&self, language: Language) -> Document {
        let why = self.beside().and_then(|beside| beside.explanation.as_ref());
        let written = self.beside().and_then(|beside| beside.letter.as_ref());
        Document {
            explanation: why.and_then(|why| raw(Report::new(why).json(language))),
            letter: written.and_then(|written| raw(written.as_ref().ok()?.json())),
            letter_failure: written.and_then(|written| Some(failure_document(written.as_ref().err()?, language))),
            ..document(self.outcome(), language)
        }
    }

    /// Appends the answer to a row of a file, with all that stands beside it.
    pub(super) fn write_row(&self, line: u64, language: Language, out: &mut Vec<u8>) {
        write_document(&Document { line: Some(line), ..self.document(language) }, out);
    }

    /// Shows it to a person.
    pub(super) fn show(&self, output: &mut Output) -> Result<(), Stop> {
        let (result, beside) = match self {
            Made::Refused(errors) => return show_fact_errors(errors, output),
            Made::Run(result, beside) => (result, beside),
        };
        match result {
            Ok(outcome) => output.line(json_text::pretty(&outcome.to_json()))?,
            Err(failure) => show_failure(failure, output)?,
        }
        beside.as_ref().map_or(Ok(()), |beside| beside.show(output))
    }
}

impl Beside {
    fn show(&self, output: &mut Output) -> Result<(), Stop> {
        if let Some(why) = &self.explanation {
            let text = Report::new(why).text(output.language());
            output.line("")?;
            output.text(&text)?;
        }
        match &self.letter {
            None => Ok(()),
            Some(Err(failure)) => show_failure(failure, output),
            Some(Ok(letter)) => {
                output.line("")?;
                Ok(output.text(&letter.text())?)
            }
        }
    }
}

/// Appends the answer to a row of a file: a JSON document and a line break.
pub(super) fn write_row(line: u64, result: Result<&Value, Undecided<'_>>, language: Language, out: &mut Vec<u8>) {
    match result {
        // Most rows: written at once, without a document in between.
        Ok(outcome) => {
            out.extend_from_slice(format!("{{\"line\":{line},\"outcome\":").as_bytes());
            outcome.write_json(out);
            out.extend_from_slice(b"}\n");
        }
        undecided => write_document(&Document { line: Some(line), ..document(undecided, language) }, out),
    }
}

fn write_document(document: &Document, out: &mut Vec<u8>) {
    // Writing to memory cannot fail, and names of documents are texts.
    drop(serde_json::to_writer(&mut *out, document));
    out.push(b'\n');
}

/// The outcome for programs, or why there is none.
fn document(result: Result<&Value, Undecided<'_>>, language: Language) -> Document {
    match result {
        Ok(outcome) => Document { outcome: raw(outcome.to_json()), ..Document::default() },
        Err(Undecided::Failed(failure)) => {
            Document { failure: Some(failure_document(failure, language)), ..Document::default() }
        }
        Err(Undecided::Refused(errors)) => {
            let errors = errors.iter().map(|error| error_document(error, language)).collect();
            Document { errors: Some(errors), ..Document::default() }
        }
    }
}

fn raw(json: String) -> Option<Box<RawValue>> {
    RawValue::from_string(json).ok()
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

fn failure_document(failure: &Failure, language: Language) -> serde_json::Value {
    json!({
        "code": failure.code,
        "message": failure.message.text(language),
        "place": failure.place,
        "path": failure.path,
    })
}

fn error_document(error: &FactError, language: Language) -> serde_json::Value {
    json!({
        "pointer": error.pointer,
        "code": error.code,
        "message": error.message.text(language),
        "expected": error.expected.as_ref().map(|expected| expected.text(language)),
        "received": error.received,
    })
}
