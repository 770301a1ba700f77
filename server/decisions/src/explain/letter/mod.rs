//! The letter to the person: what was decided, why, by which norms and figures, and what may be done, in plain words.
//!
//! It is made from the public form of an explanation, so that nothing reserved can reach it, and from what the ruleset says in
//! its `carta`; a decision without one has a letter of titles, outcomes and legal bases.

mod facts;
mod glossary;
mod html;
mod said;
mod taken;
mod text;
mod words;

use dictamen_core::{Explanation, Failure, ReserveReport};
use dictamen_value::{Date, Language, Value};
use serde::Serialize;

use crate::catalogue::Ready;

/// A letter.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    /// The language of headings and fixed sentences; the rest is in that of the ruleset.
    #[serde(skip)]
    language: Language,
    /// The day as of which was decided.
    date: Date,
    /// What it is about.
    subject: String,
    /// The NIT among the facts, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    nit: Option<String>,
    /// What was decided.
    decided: Vec<String>,
    /// Why.
    reasons: Vec<Reason>,
    /// Legal bases that took part, each once, in order.
    norms: Named<String>,
    /// Figures that took part.
    figures: Named<Figure>,
    /// What the person may do.
    options: Vec<String>,
    /// What is not yet sure.
    to_verify: Named<Doubt>,
    /// Words that it uses, explained.
    glossary: Vec<Explained>,
    /// What took part and is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved: Option<ReserveReport>,
    /// The name of the trace; none where nothing was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
}

/// Why something was decided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// In words.
    text: String,
    /// By which norm.
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_basis: Option<String>,
}

/// A figure with its value and from when to when it holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// What it is.
    name: String,
    /// Its value, as people write it.
    value: String,
    /// First day on which it holds.
    from: Date,
    /// Last day; open where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Date>,
    /// By which norm.
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_basis: Option<String>,
}

/// What is not yet sure about something.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Doubt {
    /// About what.
    about: String,
    /// What is not yet sure.
    text: String,
}

/// Those of many things that a letter names, and how many more there are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Named<T> {
    /// Those that it names.
    named: Vec<T>,
    /// How many more took part.
    more: usize,
}

impl<T> Named<T> {
    /// Of all, those of interest up to a limit.
    fn of(all: Vec<T>, max: usize, is_of_interest: impl Fn(&T) -> bool) -> Named<T> {
        let count = all.len();
        let named: Vec<T> = all.into_iter().filter(is_of_interest).take(max).collect();
        Named { more: count.saturating_sub(named.len()), named }
    }
}

/// A word with what it means.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// The word.
    term: String,
    /// What it means.
    meaning: String,
}

/// What a letter is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sources<'a> {
    /// What decided.
    pub(crate) ready: &'a Ready,
    /// The decision, by its position in the plan.
    pub(crate) decision: u32,
    /// The public form of why.
    pub(crate) explanation: &'a Explanation,
    /// What the ruleset's letter says, where it has one.
    pub(crate) said: Option<&'a Value>,
    /// The facts, as JSON.
    pub(crate) facts: &'a [u8],
    /// The day as of which was decided.
    pub(crate) date: Date,
    /// The name of the trace, where there is one.
    pub(crate) trace_id: Option<&'a str>,
}

impl Letter {
    /// Writes a letter.
    pub(crate) fn of(sources: &Sources<'_>, language: Language) -> Letter {
        let Sources { ready, explanation, .. } = sources;
        let said = match sources.said {
            Some(said) => said::by_ruleset(sources, said, language),
            None => said::by_itself(sources, language),
        };
        let cited = taken::Cited::by(explanation, &said.reasons);
        let mut letter = Letter {
            language,
            date: sources.date,
            subject: said.subject,
            nit: facts::nit(&ready.plan, sources.facts),
            decided: said.decided,
            reasons: said.reasons,
            norms: taken::norms(explanation, &cited),
            figures: taken::figures(&ready.plan, explanation, &cited, language),
            options: said.options,
            to_verify: taken::doubts(explanation, &cited),
            glossary: Vec::new(),
            reserved: explanation.reserved.clone(),
            trace_id: sources.trace_id.map(str::to_owned),
        };
        letter.glossary = glossary::of(&ready.plan, &letter.own_words());
        letter
    }

    /// As text.
    pub fn text(&self) -> String {
        text::write(self)
    }

    /// As a page: headings in order, its language said, nothing that runs.
    pub fn html(&self) -> String {
        html::write(self)
    }

    /// As JSON: its parts, and the text.
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct Document<'a> {
            text: String,
            #[serde(flatten)]
            letter: &'a Letter,
        }
        serde_json::to_string(&Document { text: self.text(), letter: self }).unwrap_or_default()
    }

    /// The sentences of the ruleset in it: what was decided, why and what may be done. The readability of a letter is theirs.
    pub fn sentences(&self) -> Vec<&str> {
        let reasons = self.reasons.iter().map(|reason| reason.text.as_str());
        let decided = self.decided.iter().map(String::as_str);
        decided.chain(reasons).chain(self.options.iter().map(String::as_str)).collect()
    }

    /// All in it that may use a word of a glossary.
    fn own_words(&self) -> Vec<&str> {
        let figures = self.figures.named.iter().flat_map(|figure| [figure.name.as_str(), figure.value.as_str()]);
        let norms = self.norms.named.iter().map(String::as_str);
        let mut words = self.sentences();
        words.push(&self.subject);
        words.extend(figures.chain(norms));
        words.extend(self.reasons.iter().filter_map(|reason| reason.legal_basis.as_deref()));
        words
    }

    fn say<'a>(&self, es: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Es => es,
            Language::En => en,
        }
    }
}

/// A letter that could not be written: the ruleset's own words for it failed.
pub type Written = Result<Letter, Box<Failure>>;
