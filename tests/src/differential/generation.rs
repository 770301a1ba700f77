//! One generated case after another: text, facts, both evaluators, and the smallest form of what they disagree on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dictamen_syntax::tree::Spelling;
use dictamen_syntax::{Source, SourceId};

use super::choices::{Choices, shrink};
use super::comparison::{Agreed, NotReady, Ready, compare, outcomes, prepare};
use super::facts::{Constants, Request, fits, request};
use super::mutation::mutated;
use super::program::{Size, program};
use super::regression::Recorded;
use super::ways::compare_columns;

/// How many requests are made of each text.
const REQUESTS: usize = 4;
/// How often a case that fails is tried in a smaller form.
const SHRINKING_ATTEMPTS: usize = 1_500;

/// What came of one case.
#[derive(Debug)]
pub enum Verdict {
    /// Both evaluators agreed on every decision for every request.
    Agreed(Box<Ready>, Vec<Agreed>),
    /// The generator wrote a text with errors.
    Refused(Vec<String>),
    /// They disagreed, or something broke.
    Wrong(Box<Wrong>),
}

/// Something that must be mended.
#[derive(Debug)]
pub struct Wrong {
    /// The text, and the request where it came to that.
    pub recorded: Recorded,
    /// What is wrong.
    pub what: String,
}

/// How a text comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// As the generator means it: well typed.
    Generated,
    /// With some tokens changed: mostly refused, and where not, hardly what the generator would write.
    Mutated,
}

/// The text and requests that choices give, and what both evaluators make of them.
pub fn try_out(choices: &mut Choices, size: Size, origin: Origin) -> Verdict {
    let mut text = program(choices, size);
    if origin == Origin::Mutated {
        text = mutated(choices, &text);
    }
    let ready = match guarded(|| prepare(&text)) {
        Ok(Ok(ready)) => ready,
        Ok(Err(NotReady::Errors(errors))) => return Verdict::Refused(errors),
        Ok(Err(NotReady::Broken(what))) | Err(what) => return wrong(&text, None, what),
    };
    let rewritten = match guarded(|| rewritten(choices, &text)) {
        Ok(Ok(rewritten)) => rewritten,
        Ok(Err(what)) | Err(what) => return wrong(&text, None, what),
    };
    let constants = Constants::of(&ready.model);
    let mut agreed = Vec::new();
    let mut requests = Vec::new();
    for _ in 0..REQUESTS {
        let request = request(choices, &ready.model, &constants);
        if !fits(&request, &ready.model) {
            continue;
        }
        match guarded(|| examined(&ready, rewritten.as_ref(), &request)) {
            Ok(Ok(found)) => agreed.extend(found),
            Ok(Err(what)) | Err(what) => return wrong(&text, Some((&ready, &request)), what),
        }
        requests.push(request);
    }
    match guarded(|| compare_columns(&ready, &requests)) {
        Ok(Ok(rows)) => agreed.extend(std::iter::repeat_n(Agreed::ByColumns, usize::from(rows > 0))),
        Ok(Err(what)) | Err(what) => return wrong(&text, requests.first().map(|request| (&ready, request)), what),
    }
    Verdict::Agreed(Box::new(ready), agreed)
}

/// What both evaluators make of a request, and the engine of the same rules written otherwise.
fn examined(ready: &Ready, rewritten: Option<&Ready>, request: &Request) -> Result<Vec<Agreed>, String> {
    let agreed = compare(ready, request)
        .map_err(|disagreement| format!("decision {}\n{}", disagreement.decision, disagreement.what))?;
    let Some(other) = rewritten else { return Ok(agreed) };
    let (plain, formatted) = (outcomes(ready, request), outcomes(other, request));
    if plain == formatted {
        return Ok(agreed);
    }
    Err(format!("the same rules, formatted\n{plain:?}\n{formatted:?}"))
}

/// Now and then, the same rules as the formatter writes them in one of the spellings.
fn rewritten(choices: &mut Choices, text: &str) -> Result<Option<Ready>, String> {
    if !choices.percent(25) {
        return Ok(None);
    }
    let spelling = *choices.pick(&[Spelling::Spanish, Spelling::English]);
    let source = Source::new("generada.regla", text);
    let parsed = dictamen_syntax::parse(&source, SourceId(0), &dictamen_model::names());
    let formatted = dictamen_syntax::format(&source, &parsed.file, Some(spelling));
    match prepare(&formatted) {
        Ok(ready) => Ok(Some(ready)),
        Err(NotReady::Errors(errors)) => Err(format!("formatted text has errors\n{}\n{formatted}", errors.join("\n"))),
        Err(NotReady::Broken(what)) => Err(what),
    }
}

/// The smallest case that is still wrong in the same way (by the first line of what is wrong, digits aside).
pub fn smallest(recorded: &[u32], size: Size, origin: Origin, wrong: Wrong) -> Wrong {
    let manner = manner_of(&wrong.what);
    let again = |choices: &[u32]| match try_out(&mut Choices::given(choices.to_vec()), size, origin) {
        Verdict::Wrong(found) if manner_of(&found.what) == manner => Some(*found),
        _ => None,
    };
    let shrunk = shrink(recorded, SHRINKING_ATTEMPTS, |choices| again(choices).is_some());
    again(&shrunk).unwrap_or(wrong)
}

/// Codes of failures, and where there are outcomes.
fn manner_of(what: &str) -> String {
    let kind = |line: &str| match line.split_once("Ok(") {
        Some((before, _)) => format!("{before}Ok"),
        None => line.to_owned(),
    };
    what.lines().skip(1).map(kind).collect::<Vec<_>>().join(" ")
}

fn wrong(text: &str, at: Option<(&Ready, &Request)>, what: String) -> Verdict {
    let recorded = Recorded::new(text, at.map(|(ready, request)| (&ready.compiled.plan, request)));
    Verdict::Wrong(Box::new(Wrong { recorded, what }))
}

/// What a function gives, or the message of its panic.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        format!("panic\n{}", text.unwrap_or_default())
    })
}
