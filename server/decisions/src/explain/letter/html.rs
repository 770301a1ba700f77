//! A letter as a page for screens, paper and screen readers: headings in order, lists that are lists, languages said.

use super::text::{self, Part};
use super::{Letter, words};
use crate::pages::escaped;

/// Dark on white and back; nothing is loaded, nothing runs.
const STYLE: &str = "\
:root{color-scheme:light dark}body{font:1.125rem/1.6 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:1rem}\
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:1.6rem}dt{font-weight:600}dd{margin:0 0 .4rem}\
code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}";

/// The language in which rulesets of this service are written.
const CONTENT_LANGUAGE: &str = "es";

/// Writes a letter.
pub(super) fn write(letter: &Letter) -> String {
    let subject = escaped(letter.subject.trim_end_matches('.'));
    let parts: String = (1..).zip(text::parts(letter)).map(|(number, part)| section(letter, number, &part)).collect();
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{subject}</title><style>{STYLE}</style></head><body><main><h1{}>{subject}</h1>{}{parts}</main></body></html>",
        letter.language.tag(),
        content_language(letter, true),
        opening(letter),
    )
}

fn opening(letter: &Letter) -> String {
    let date = words::date(letter.date, letter.language);
    let nit = letter.nit.as_ref().map(|nit| format!("<dt>NIT</dt><dd>{}</dd>", escaped(nit))).unwrap_or_default();
    format!(
        "<dl><dt>{}</dt><dd><time datetime=\"{}\">{date}</time></dd>{nit}</dl>",
        letter.say("Fecha", "Date"),
        letter.date
    )
}

fn section(letter: &Letter, number: usize, part: &Part) -> String {
    let lines: String = part.lines.iter().map(|line| item(line, part.is_list)).collect();
    let lang = content_language(letter, part.is_of_ruleset);
    let lines = match part.is_list {
        true => format!("<ul{lang}>{lines}</ul>"),
        false => format!("<div{lang}>{lines}</div>"),
    };
    format!("<section aria-labelledby=\"p{number}\"><h2 id=\"p{number}\">{}</h2>{lines}</section>", part.heading)
}

fn item(line: &str, is_list: bool) -> String {
    let tag = if is_list { "li" } else { "p" };
    format!("<{tag}>{}</{tag}>", escaped(line))
}

/// Says the language of what the ruleset wrote, where the page is in another.
fn content_language(letter: &Letter, is_of_ruleset: bool) -> String {
    match is_of_ruleset && letter.language.tag() != CONTENT_LANGUAGE {
        true => format!(" lang=\"{CONTENT_LANGUAGE}\""),
        false => String::new(),
    }
}
