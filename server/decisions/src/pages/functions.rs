//! The built-in functions of the language: as a page for people, and as JSON for editors.

use dictamen_functions::{Entry, all, chapters};
use dictamen_value::{Language, Message};
use serde_json::{Value, json};

use super::html::{escaped, layout};

/// The page of all functions, chapter by chapter.
pub(crate) fn functions(language: Language) -> String {
    let title = Message::new("Funciones incorporadas", "Built-in functions");
    let introduction = Message::new(
        "Nombres y parámetros son los de FEEL (DMN 1.5, 10.3.4). Tras «:» va el tipo; «?» dice que puede faltar o ser null; «…», que se repite. T es un mismo tipo en toda la firma; numero*, un número que conserva su unidad.",
        "Names and parameters are those of FEEL (DMN 1.5, 10.3.4). After “:” comes the type; “?” says that it may be missing or null; “…” that it is repeated. T is one type throughout a signature; number* a number that keeps its unit.",
    );
    let sections: String = chapters().iter().map(|(name, title)| chapter(name, title, language)).collect();
    let contents: String = chapters().iter().map(|(name, title)| contents(name, title, language)).collect();
    let label = Message::new("Capítulos", "Chapters");
    let body = format!(
        "<p>{}</p><nav aria-label=\"{}\"><ul>{contents}<li><a href=\"#externas\">{}</a></li></ul></nav>{sections}{}",
        introduction.text(language),
        label.text(language),
        external_title().text(language),
        externals(language),
    );
    layout(title.text(language), &body, language)
}

/// All functions, for programs.
pub(crate) fn listed_functions(language: Language) -> Value {
    let listed: Vec<Value> = all().map(|entry| listed(entry, language)).collect();
    let external: Vec<String> = dictamen_functions::external::all().collect();
    json!({ "functions": listed, "external": external })
}

fn external_title() -> Message {
    Message::new("Funciones externas de Java", "External Java functions")
}

/// The Java methods that can be called: a closed list.
fn externals(language: Language) -> String {
    let introduction = Message::new(
        "Métodos que un modelo DMN puede llamar. Nada se carga: están hechos aquí, y dan los mismos bits en cualquier máquina.",
        "Methods that a DMN model may call. Nothing is loaded: they are made here, and give the same bits on every machine.",
    );
    let methods: Vec<String> = dictamen_functions::external::all().collect();
    format!(
        "<section id=\"externas\"><h2>{}</h2><p>{}</p><pre>{}</pre></section>",
        external_title().text(language),
        introduction.text(language),
        escaped(&methods.join("\n"))
    )
}

fn listed(entry: &Entry, language: Language) -> Value {
    let example = |example: &dictamen_functions::Example| json!({ "call": example.call, "result": example.result });
    json!({
        "name": entry.name,
        "chapter": entry.chapter,
        "doc": doc(entry, language),
        "signatures": entry.written_signatures(language),
        "examples": entry.examples.iter().map(example).collect::<Vec<Value>>(),
    })
}

fn doc(entry: &Entry, language: Language) -> &'static str {
    match language {
        Language::Es => entry.doc_es,
        Language::En => entry.doc_en,
    }
}

fn contents(name: &str, title: &Message, language: Language) -> String {
    format!("<li><a href=\"#{name}\">{}</a></li>", title.text(language))
}

fn chapter(name: &str, title: &Message, language: Language) -> String {
    let entries: String = all().filter(|entry| entry.chapter == name).map(|entry| function(entry, language)).collect();
    format!("<section id=\"{name}\"><h2>{}</h2>{entries}</section>", title.text(language))
}

fn function(entry: &Entry, language: Language) -> String {
    let examples = entry.examples.iter().map(|example| format!("{} = {}", example.call, example.result));
    format!(
        "<h3><code>{}</code></h3><p>{}</p><pre>{}</pre><pre>{}</pre>",
        escaped(entry.name),
        escaped(doc(entry, language)),
        escaped(&entry.written_signatures(language).join("\n")),
        escaped(&examples.collect::<Vec<_>>().join("\n")),
    )
}
