//! The `Idempotency-Key` header: what a request under a key meets, and how a kept response is given again.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use dictamen_core::Form;
use dictamen_platform::{FieldError, Principal, Problem};
use dictamen_value::Message;

use super::envelope;
use crate::port::{Claim, Decisions, Key, StoredResponse, Ticket};

/// The header.
const HEADER: &str = "idempotency-key";

/// The header that says that a response was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The longest key.
const KEY_BYTES_MAX: usize = 255;

/// What to do with a request that may bring a key.
pub(super) enum Repeat {
    /// It brings none: answer it.
    NoKey,
    /// It is the first under its key: answer it and keep the response.
    First(Ticket),
    /// It was answered: give this.
    Again(Box<StoredResponse>),
}

/// The key of a request, if it brings one.
pub(super) fn key_of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let fits = |text: &&str| {
        !text.is_empty() && text.len() <= KEY_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    match value.to_str().ok().filter(fits) {
        Some(key) => Ok(Some(key.to_owned())),
        None => Err(bad_key()),
    }
}

/// What a key of a principal for a path meets.
pub(super) fn claim(
    decisions: &Decisions,
    principal: &Principal,
    key: Option<Key>,
    request: &[u8],
) -> Result<Repeat, Problem> {
    let Some(key) = key else { return Ok(Repeat::NoKey) };
    match decisions.keys().claim(key, dictamen_plan::Digest::of(request))? {
        Claim::Fresh(ticket) => Ok(Repeat::First(ticket)),
        Claim::Repeated(response) => {
            envelope::may_be_told(principal, response.tells_reserved.then_some(Form::Reserved))?;
            Ok(Repeat::Again(response))
        }
        Claim::Mismatch => Err(mismatch()),
        Claim::InFlight => Err(in_flight()),
    }
}

/// The key of a principal for a path.
pub(super) fn named(principal: &Principal, path: &str, key: Option<&str>, part: u64) -> Option<Key> {
    key.map(|key| Key::new(&principal.subject, path, key, part))
}

/// Keeps a response durably under its key; now and then, old ones are forgotten behind it.
pub(super) async fn keep(decisions: &Arc<Decisions>, ticket: Ticket, response: &StoredResponse) -> Result<(), Problem> {
    decisions.keys().keep(ticket, response).await?;
    if decisions.keys().is_sweep_due() {
        let decisions = decisions.clone();
        tokio::spawn(async move {
            match decisions.keys().forget_old().await {
                Ok(forgotten) => tracing::info!(forgotten, "old idempotency keys"),
                Err(error) => tracing::warn!(cause = %error, "old idempotency keys are still kept"),
            }
        });
    }
    Ok(())
}

/// A kept response, as it was first given.
pub(super) fn again(stored: StoredResponse) -> Response {
    let mut response = Response::new(Body::from(stored.body));
    *response.status_mut() = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    if let Ok(content_type) = HeaderValue::from_str(&stored.content_type) {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    if let Some(Ok(language)) = stored.language.as_deref().map(HeaderValue::from_str) {
        headers.insert(header::CONTENT_LANGUAGE, language);
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// 422: the key belongs to another request.
pub(super) fn mismatch() -> Problem {
    let title = Message::new("Clave de idempotencia reutilizada", "Idempotency key reused");
    let detail = Message::new(
        "esta clave de idempotencia ya se usó con otra petición; use una clave nueva para cada petición distinta",
        "this idempotency key was already used with another request; use a new key for each different request",
    );
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused", title, detail)
}

fn in_flight() -> Problem {
    Problem::conflict(Message::new(
        "una petición con esta clave de idempotencia aún se está atendiendo; repítala cuando termine",
        "a request with this idempotency key is still being answered; repeat it when that is done",
    ))
}

fn bad_key() -> Problem {
    let expected = Message::new(
        format!("de 1 a {KEY_BYTES_MAX} caracteres ASCII visibles"),
        format!("1 to {KEY_BYTES_MAX} visible ASCII characters"),
    );
    let detail = Message::new("la cabecera Idempotency-Key no sirve", "the Idempotency-Key header is wrong");
    let error = FieldError::new("Idempotency-Key", "peticion.clave", detail.clone()).expected(expected);
    Problem::malformed(detail).with_errors(vec![error])
}
