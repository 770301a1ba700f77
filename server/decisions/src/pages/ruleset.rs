//! The page of one ruleset: each decision with its inputs, legal basis, and how to ask it.

use dictamen_plan::{About, Decision};
use dictamen_value::{Language, Message, Type};

use super::html::{escaped, layout};
use crate::catalogue::Ready;
use crate::openapi::{Example, encoded, in_words};

/// How deep records inside records are listed.
const DEPTH_MAX: usize = 6;

/// The page.
pub(super) fn page(ready: &Ready, examples: &[Example], language: Language) -> String {
    let root = ready.plan.root();
    let about = root.map(|root| root.about.clone()).unwrap_or_default();
    let title = about.title.as_deref().map_or_else(|| ready.id.to_string(), str::to_owned);
    let from = root.and_then(|root| root.in_force_from).map(|day| day.to_string()).unwrap_or_else(|| "…".to_owned());
    let to = root.and_then(|root| root.in_force_to).map(|day| day.to_string()).unwrap_or_else(|| "…".to_owned());
    let facts = match language {
        Language::Es => format!("Versión {} · vigente de {from} a {to}", escaped(&ready.version)),
        Language::En => format!("Version {} · in force from {from} to {to}", escaped(&ready.version)),
    };
    let mut body = format!("<p><code>{}</code> · {facts}</p>{}", escaped(&ready.id), about_of(&about, language));
    for (id, decision) in ready.public_decisions() {
        let example = examples.iter().find(|example| example.decision == id);
        body.push_str(&section(ready, decision, example, language));
    }
    layout(&title, &body, language)
}

fn section(ready: &Ready, decision: &Decision, example: Option<&Example>, language: Language) -> String {
    let say = |es: &str, en: &str| Message::new(es, en).text(language).to_owned();
    let name = escaped(&decision.name);
    let title = decision.about.title.as_deref().map(|title| format!(" — {}", escaped(title))).unwrap_or_default();
    let inputs: String = decision
        .needs
        .iter()
        .filter_map(|need| ready.plan.inputs.get(*need as usize))
        .filter(|input| input.about.reserved.is_none())
        .map(|input| row(&input.name, &input.ty, 0, language))
        .collect();
    let inputs = if inputs.is_empty() {
        format!("<p>{}</p>", say("No necesita hechos.", "Needs no facts."))
    } else {
        format!(
            "<table><caption>{}</caption><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>{inputs}</tbody></table>",
            say("Hechos que necesita", "Facts it needs"),
            say("Nombre", "Name"),
            say("Tipo", "Type")
        )
    };
    let outcome = outcome(&decision.ty, language);
    let curl = curl(ready, decision, example, language);
    format!(
        "<section aria-labelledby=\"{anchor}\"><h2 id=\"{anchor}\"><code>{name}</code>{title}</h2>{about}{inputs}<h3>{result}</h3>{outcome}{curl}</section>",
        anchor = encoded(&decision.name),
        about = about_of(&decision.about, language),
        result = say("Resultado", "Outcome"),
    )
}

fn about_of(about: &About, language: Language) -> String {
    let entries = [
        (Message::new("Base legal", "Legal basis"), &about.legal_basis, "p"),
        (Message::new("Responsable", "Owner"), &about.owner, "p"),
        (Message::new("Nota", "Note"), &about.note, "p"),
        (Message::new("Por verificar", "To be verified"), &about.to_verify, "p class=\"verify\""),
    ];
    let shown = entries.iter().filter_map(|(name, text, tag)| {
        Some(format!("<{tag}>{}: {}</p>", name.text(language), escaped(text.as_deref()?)))
    });
    shown.collect()
}

/// A row for a field, and rows for the fields inside it.
fn row(path: &str, ty: &Type, depth: usize, language: Language) -> String {
    let mut rows = format!(
        "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td></tr>",
        escaped(path),
        escaped(&in_words(ty, language))
    );
    let (inner, step) = match ty.element() {
        Some(element) => (element, "[]"),
        None => (ty, ""),
    };
    if depth < DEPTH_MAX {
        for field in inner.fields().unwrap_or_default() {
            rows.push_str(&row(&format!("{path}{step}.{}", field.name), &field.ty, depth.saturating_add(1), language));
        }
    }
    rows
}

fn outcome(ty: &Type, language: Language) -> String {
    let inner = ty.element().unwrap_or(ty);
    match inner.fields() {
        None => format!("<p>{}</p>", escaped(&in_words(ty, language))),
        Some(fields) => {
            let rows: String = fields.iter().map(|field| row(&field.name, &field.ty, 0, language)).collect();
            let caption = escaped(&in_words(ty, language));
            format!("<table><caption>{caption}</caption><tbody>{rows}</tbody></table>")
        }
    }
}

fn curl(ready: &Ready, decision: &Decision, example: Option<&Example>, language: Language) -> String {
    let Some(example) = example else { return String::new() };
    let path = format!("/v1/decisions/{}/{}", encoded(&ready.id), encoded(&decision.name));
    let command = format!(
        "curl -sS \"$DICTAMEN{path}\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{}'",
        example.request.replace('\'', "'\\''")
    );
    let heading = Message::new("Ejemplo", "Example");
    format!(
        "<h3>{}: {}</h3><pre><code>{}</code></pre><pre><code>{}</code></pre>",
        heading.text(language),
        escaped(&example.title),
        escaped(&command),
        escaped(&example.outcome)
    )
}
