//! What there is, described: rulesets and decisions as JSON, OpenAPI, and pages for people.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use dictamen_platform::{Accepted, Problem};
use dictamen_value::{Date, Language, Message};
use serde_json::{Value, json};

use super::{Service, respond};
use crate::catalogue::{Day, RulesetEntry, VersionEntry};
use crate::{openapi, pages};

/// Documents that are the same for a whole day, so that they are made once.
#[derive(Debug, Default)]
pub(super) struct Documents {
    openapi: Daily<Language>,
    pages: Daily<(String, Language)>,
}

/// Documents by their names, each with the day it was made for.
type Daily<K> = Mutex<HashMap<K, (Date, Bytes)>>;

/// `GET /v1/openapi.json`.
pub(super) async fn openapi(
    State(service): State<Arc<Service>>,
    Accepted(language): Accepted,
) -> Result<Response, Problem> {
    let today = today(&service)?;
    let document = kept(
        &service,
        |documents| &documents.openapi,
        language,
        today.as_of,
        move |service| {
            let document = openapi::document(service.decisions.catalogue(), &today, language);
            Some(serde_json::to_vec(&document).unwrap_or_default())
        },
    );
    let document = document.await?.unwrap_or_default();
    Ok(respond::in_language(language, respond::body("application/json", document)))
}

/// `GET /v1/decisions`: every decision of the versions in force, with what it needs.
pub(super) async fn decisions(State(service): State<Arc<Service>>) -> Result<Response, Problem> {
    let today = today(&service)?;
    let listed: Vec<Value> =
        openapi::described(service.decisions.catalogue(), &today).iter().flat_map(pages::listed_decisions).collect();
    Ok(respond::json(&json!({ "decisions": listed })))
}

/// `GET /v1/rulesets`: every ruleset with its versions.
pub(super) async fn rulesets(State(service): State<Arc<Service>>) -> Response {
    let listed: Vec<Value> = service.decisions.catalogue().rulesets().iter().map(ruleset).collect();
    respond::json(&json!({ "rulesets": listed }))
}

/// `GET /v1/functions`: the built-in functions of the language, with signatures and examples.
pub(super) async fn functions(Accepted(language): Accepted) -> Response {
    respond::in_language(language, respond::json(&pages::listed_functions(language)))
}

/// `GET /functions`: the same for people.
pub(super) async fn functions_page(Accepted(language): Accepted) -> Response {
    respond::page(language, pages::functions(language))
}

/// `GET /` and `GET /docs`: the rulesets and their decisions, for people.
pub(super) async fn home(
    State(service): State<Arc<Service>>,
    Accepted(language): Accepted,
) -> Result<Response, Problem> {
    let today = today(&service)?;
    let html = made(&service, move |service| pages::home(service.decisions.catalogue(), &today, language)).await?;
    Ok(respond::page(language, html))
}

/// `GET /docs/{ruleset}`: one ruleset with its decisions, their inputs, legal basis and an example, for people.
pub(super) async fn ruleset_page(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
    Accepted(language): Accepted,
) -> Result<Response, Problem> {
    let today = today(&service)?;
    let name = id.clone();
    let key = (id.clone(), language);
    let html = kept(
        &service,
        |documents| &documents.pages,
        key,
        today.as_of,
        move |service| pages::ruleset(service.decisions.catalogue(), &id, &today, language).map(String::into_bytes),
    );
    let html = html.await?;
    html.map(|html| respond::page(language, html)).ok_or_else(|| {
        Problem::not_found(Message::new(
            format!("no hay un conjunto de reglas «{name}» que atienda"),
            format!("there is no ruleset “{name}” that serves"),
        ))
    })
}

/// `GET /problems/{kind}`: what the type of a problem document means, for people.
pub(super) async fn problem_page(Path(kind): Path<String>, Accepted(language): Accepted) -> Result<Response, Problem> {
    let html = pages::problem(&kind, language);
    html.map(|html| respond::page(language, html)).ok_or_else(|| {
        Problem::not_found(Message::new(
            format!("no hay un problema «{kind}»"),
            format!("there is no problem “{kind}”"),
        ))
    })
}

fn ruleset(entry: &RulesetEntry) -> Value {
    let version = |version: &VersionEntry| {
        json!({
            "version": version.version,
            "in_force_from": version.in_force_from,
            "in_force_to": version.in_force_to,
            "published": version.published,
            "file": version.file,
            "errors": version.errors,
            "serves": version.errors == 0,
        })
    };
    json!({ "id": entry.id, "versions": entry.versions.iter().map(version).collect::<Vec<_>>() })
}

fn today(service: &Service) -> Result<Day, Problem> {
    service.decisions.today().map(|dates| dates.day).map_err(Problem::unavailable)
}

/// A document of today: from those that are kept, or made now on a thread that may take its time. None is kept of what is none.
async fn kept<K: Eq + Hash + Send + 'static>(
    service: &Arc<Service>,
    place: fn(&Documents) -> &Daily<K>,
    key: K,
    today: Date,
    make: impl FnOnce(&Service) -> Option<Vec<u8>> + Send + 'static,
) -> Result<Option<Bytes>, Problem> {
    let known = place(&service.documents).lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    if let Some((_, document)) = known.filter(|(day, _)| *day == today) {
        return Ok(Some(document));
    }
    made(service, move |service| {
        let document = Bytes::from(make(service)?);
        let mut documents = place(&service.documents).lock().unwrap_or_else(PoisonError::into_inner);
        documents.insert(key, (today, document.clone()));
        Some(document)
    })
    .await
}

/// Makes something on a thread that may take its time.
async fn made<T: Send + 'static>(
    service: &Arc<Service>,
    make: impl FnOnce(&Service) -> T + Send + 'static,
) -> Result<T, Problem> {
    let service = service.clone();
    tokio::task::spawn_blocking(move || make(&service)).await.map_err(|error| Problem::internal(&error))
}
