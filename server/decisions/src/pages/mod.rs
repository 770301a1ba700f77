//! Pages for people: what rulesets there are, what each decision needs and rests on, and how to ask it.

mod functions;
mod html;
mod problems;
mod ruleset;

use std::sync::Arc;

use dictamen_plan::Plan;
use dictamen_value::{Language, Message};
use serde_json::{Value, json};

use crate::catalogue::{Catalogue, Day, Ready, Selection};
use crate::openapi;
use html::layout;

pub(crate) use html::escaped;

pub(crate) use functions::{functions, listed_functions};
pub(crate) use problems::problem;

/// The page of all rulesets.
pub(crate) fn home(catalogue: &Catalogue, today: &Day, language: Language) -> String {
    let say = |es: &str, en: &str| Message::new(es, en).text(language).to_owned();
    let described = openapi::described(catalogue, today);
    let rows: String = described.iter().map(home_entry).collect();
    let errors = catalogue.error_count();
    let warning = match errors {
        0 => String::new(),
        _ => format!(
            "<p role=\"note\">{}</p>",
            say(
                "Hay conjuntos de reglas con errores que no atienden: vea <a href=\"/health/ready\">/health/ready</a>.",
                "There are rulesets with errors that don't serve: see <a href=\"/health/ready\">/health/ready</a>."
            )
        ),
    };
    let body = format!(
        "<p>{}</p>{warning}<nav aria-label=\"{}\"><ul><li><a href=\"/v1/openapi.json\">OpenAPI</a></li><li><a href=\"/v1/decisions\">{}</a></li><li><a href=\"/v1/rulesets\">{}</a></li></ul></nav><p><a href=\"/functions\">{}</a></p><h2>{}</h2>{rows}",
        say(
            "Servicio de decisiones: cada decisión se pide con una petición HTTP, deja una traza y se puede repetir y explicar.",
            "Decision service: each decision is asked for with an HTTP request, leaves a trace, and can be replayed and explained."
        ),
        say("Descripciones para programas", "Descriptions for programs"),
        say("decisiones (JSON)", "decisions (JSON)"),
        say("conjuntos de reglas (JSON)", "rulesets (JSON)"),
        say("Funciones incorporadas del lenguaje", "Built-in functions of the language"),
        say("Conjuntos de reglas", "Rulesets"),
    );
    layout("Dictamen", &body, language)
}

fn home_entry(ready: &Arc<Ready>) -> String {
    let about = ready.plan.root().map(|root| root.about.clone()).unwrap_or_default();
    let title = about.title.as_deref().map(escaped).unwrap_or_default();
    let decisions: Vec<String> = ready
        .public_decisions()
        .map(|(_, decision)| {
            let title =
                decision.about.title.as_deref().map(|title| format!(" — {}", escaped(title))).unwrap_or_default();
            format!(
                "<li><a href=\"/docs/{}#{}\"><code>{}</code></a>{title}</li>",
                openapi::encoded(&ready.id),
                openapi::encoded(&decision.name),
                escaped(&decision.name)
            )
        })
        .collect();
    format!(
        "<section><h3><a href=\"/docs/{}\"><code>{}</code></a> {title}</h3><ul>{}</ul></section>",
        openapi::encoded(&ready.id),
        escaped(&ready.id),
        decisions.concat()
    )
}

/// The page of one ruleset; none where it doesn't serve.
pub(crate) fn ruleset(catalogue: &Catalogue, id: &str, today: &Day, language: Language) -> Option<String> {
    let now = catalogue.resolve(id, &Selection::on(*today)).ok();
    let ready = now.or_else(|| openapi::described(catalogue, today).into_iter().find(|ready| &*ready.id == id))?;
    let examples = openapi::examples(catalogue, &ready);
    Some(ruleset::page(&ready, &examples, language))
}

/// The decisions of a ruleset, as JSON.
pub(crate) fn listed_decisions(ready: &Arc<Ready>) -> Vec<Value> {
    let listed = ready.public_decisions().map(|(_, decision)| {
        json!({
            "ruleset": ready.id,
            "version": ready.version,
            "hash": ready.plan_digest,
            "decision": decision.name,
            "title": decision.about.title,
            "legal_basis": decision.about.legal_basis,
            "to_verify": decision.about.to_verify,
            "inputs": input_names(&ready.plan, &decision.needs),
            "path": format!("/v1/decisions/{}/{}", openapi::encoded(&ready.id), openapi::encoded(&decision.name)),
        })
    });
    listed.collect()
}

fn input_names<'a>(plan: &'a Plan, needs: &[u32]) -> Vec<&'a str> {
    let inputs = needs.iter().filter_map(|need| plan.inputs.get(*need as usize));
    inputs.filter(|input| input.about.reserved.is_none()).map(|input| &*input.name).collect()
}
