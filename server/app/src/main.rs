//! The `dictamen` binary: reads the command line, runs one command, and answers with an exit code.
//!
//! This crate refuses to know business rules: it puts the other crates together and speaks to people.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, reason = "tests may overflow: they would fail loudly"))]

mod command_line;
mod commands;
mod conformance;
mod conveyor;
mod data;
mod diagnostics;
mod files;
mod json_text;
mod output;
mod progress;
mod rules;
mod serving;
mod stop;

use std::process::ExitCode;

use dictamen_value::Message;
use serde_json::json;

use crate::command_line::arguments::Given;
use crate::command_line::{Call, language};
use crate::output::{Output, complain};
use crate::stop::Stop;

/// Answers are made on several threads, and what one allocates another must not wait for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match arguments().and_then(|arguments| run(&arguments)) {
        Ok(code) => code,
        Err(refusal) => {
            complain(&format!("dictamen: {refusal}"));
            ExitCode::from(2)
        }
    }
}

/// Runs what the arguments ask for; the error is a refusal, already in the reader's language.
fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let variable = |name: &str| std::env::var(name).ok();
    let chosen = language::chosen(arguments, variable);
    let language = chosen.map_err(|message| message.text(language::of_locale(variable)).to_owned())?;
    match command_line::read(arguments, language).map_err(|message| message.text(language).to_owned())? {
        Call::Show(text) => {
            let mut output = Output::new(language, false);
            finish(output.text(&text).map_err(Stop::from).map(|()| ExitCode::SUCCESS), &mut output)
        }
        Call::Run(command, matches) => {
            let given = Given(&matches);
            let mut output = Output::new(language, given.is_on("json"));
            let done = (command.run)(&given, &mut output).map(stop::Verdict::exit_code);
            finish(done, &mut output)
        }
    }
}

/// Brings out what was written, and says why a command stopped: to programs as JSON too.
fn finish(done: Result<ExitCode, Stop>, output: &mut Output) -> Result<ExitCode, String> {
    let flushed = done.and_then(|code| Ok(output.flush().map(|()| code)?));
    match flushed {
        Ok(code) => Ok(code),
        Err(Stop::NobodyListens) => Ok(ExitCode::from(2)),
        Err(Stop::WrongUse(message)) => {
            let text = message.text(output.language()).to_owned();
            if output.is_json() {
                drop(output.document(&json!({ "error": text })).and_then(|()| output.flush()));
            }
            Err(text)
        }
    }
}

fn arguments() -> Result<Vec<String>, String> {
    let not_text = Message::new("un argumento no es texto UTF-8", "an argument is not UTF-8 text");
    let read: Result<Vec<String>, _> = std::env::args_os().map(std::ffi::OsString::into_string).collect();
    read.map_err(|_| format!("{} / {}", not_text.es, not_text.en))
}
