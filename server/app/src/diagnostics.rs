//! What is wrong with rules, shown to people with the lines it stands in, or to programs as JSON.

use std::path::PathBuf;

use dictamen_syntax::{Diagnostic, Place, Severity, Source, Span};
use dictamen_value::Language;
use serde_json::{Value, json};

use crate::output::{Output, complain};
use crate::stop::{Stop, Verdict};

/// Shows what is wrong, in its order.
pub(crate) fn show(sources: &[Source], diagnostics: &[Diagnostic], output: &mut Output) -> Result<(), Stop> {
    for diagnostic in diagnostics {
        let text = dictamen_syntax::render(diagnostic, sources, output.language(), output.has_colour());
        output.line(text)?;
    }
    Ok(())
}

/// What a command that writes files found and wrote; what has errors wrote nothing and does not hold.
pub(crate) fn tell(
    sources: &[Source],
    diagnostics: &[Diagnostic],
    written: &[PathBuf],
    output: &mut Output,
) -> Result<Verdict, Stop> {
    let paths: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
    let holds = diagnostics.iter().all(|found| found.severity != Severity::Error);
    if output.is_json() {
        let diagnostics = documents(sources, diagnostics, output.language());
        output.document(&json!({ "written": paths, "diagnostics": diagnostics }))?;
    } else {
        show(sources, diagnostics, output)?;
        let word = output.say("escrito", "written").to_owned();
        paths.iter().try_for_each(|path| output.line(format!("{word}: {path}")))?;
    }
    Ok(Verdict::of(holds))
}

/// The same on standard error, for a service that starts all the same.
pub(crate) fn complain_of(sources: &[Source], diagnostics: &[Diagnostic], language: Language) {
    for diagnostic in diagnostics {
        complain(&dictamen_syntax::render(diagnostic, sources, language, false));
    }
}

/// What is wrong, for programs.
pub(crate) fn documents(sources: &[Source], diagnostics: &[Diagnostic], language: Language) -> Vec<Value> {
    diagnostics.iter().map(|diagnostic| document(sources, diagnostic, language)).collect()
}

fn document(sources: &[Source], diagnostic: &Diagnostic, language: Language) -> Value {
    let place = Where::of(sources, diagnostic.span);
    let related = diagnostic.related.iter().map(|(span, message)| {
        let Where { file, line, column } = Where::of(sources, *span);
        json!({ "file": file, "line": line, "column": column, "message": message.text(language) })
    });
    json!({
        "severity": severity(diagnostic.severity),
        "code": diagnostic.code,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "message": diagnostic.message.text(language),
        "help": diagnostic.help.as_ref().map(|help| help.text(language)),
        "related": related.collect::<Vec<Value>>(),
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// A place in its parts; empty where a span is of no source.
#[derive(Default)]
struct Where {
    file: String,
    line: u32,
    column: u32,
}

impl Where {
    fn of(sources: &[Source], span: Span) -> Where {
        match sources.get(span.source.0 as usize).map(|source| source.place(span)) {
            Some(Place::Text { file, line, column }) => Where { file: file.to_string(), line, column },
            None => Where::default(),
        }
    }
}
