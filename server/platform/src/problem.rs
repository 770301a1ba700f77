//! Errors as clients see them: RFC 9457 problem documents, in the reader's language, with internal causes logged and never shown.

use std::borrow::Cow;
use std::fmt;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dictamen_value::{Language, Message};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::store::StoreError;

/// How many field errors a document shows; the rest are counted in `errors_left_out`.
pub const MAX_FIELD_ERRORS: usize = 100;

/// How many characters of an expected or received text are shown.
pub const MAX_SHOWN_CHARACTERS: usize = 200;

/// The one error type of the service: becomes an `application/problem+json` document.
///
/// As an axum response it is written in Spanish; [`speak`] rewrites it in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// What kind of problem it is, as the path of its `type`: `input-rejected` is written `/problems/input-rejected`.
    pub kind: Cow<'static, str>,
    /// The kind, for a reader: the same for every problem of a kind.
    pub title: Message,
    /// What happened this time, and what to do.
    pub detail: Message,
    /// What is wrong with each field, if the problem is in the fields.
    pub errors: Vec<FieldError>,
    /// Further members of the document, such as `retry_after_seconds` or `incident`.
    pub extensions: Map<String, Value>,
}

/// What is wrong at one place of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The place: a JSON pointer into the body as a URI fragment (`#/contribuyente/nit`), or a name such as `?fecha`.
    pub pointer: String,
    /// A stable code for programs, such as `type-mismatch`.
    pub code: String,
    /// What is wrong, for a reader.
    pub message: Message,
    /// What was expected there.
    pub expected: Option<Message>,
    /// What came instead, as it was sent.
    pub received: Option<String>,
}

impl FieldError {
    /// An error at a place, with neither an expectation nor what came.
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, message: Message) -> FieldError {
        FieldError { pointer: pointer.into(), code: code.into(), message, expected: None, received: None }
    }

    /// The same error with what was expected.
    #[must_use]
    pub fn expected(self, expected: Message) -> FieldError {
        FieldError { expected: Some(expected), ..self }
    }

    /// The same error with what came.
    #[must_use]
    pub fn received(self, received: impl Into<String>) -> FieldError {
        FieldError { received: Some(received.into()), ..self }
    }

    fn document(&self, language: Language) -> Value {
        let mut members = Map::new();
        members.insert("pointer".to_owned(), json!(self.pointer));
        members.insert("code".to_owned(), json!(self.code));
        members.insert("message".to_owned(), json!(self.message.text(language)));
        if let Some(expected) = &self.expected {
            members.insert("expected".to_owned(), json!(shortened(expected.text(language))));
        }
        if let Some(received) = &self.received {
            members.insert("received".to_owned(), json!(shortened(received)));
        }
        Value::Object(members)
    }
}

impl Problem {
    /// A problem of any kind; the named constructors below are for the common ones.
    pub fn new(status: StatusCode, kind: impl Into<Cow<'static, str>>, title: Message, detail: Message) -> Problem {
        Problem { status, kind: kind.into(), title, detail, errors: Vec::new(), extensions: Map::new() }
    }

    /// The same problem with what is wrong in each field.
    #[must_use]
    pub fn with_errors(self, errors: Vec<FieldError>) -> Problem {
        Problem { errors, ..self }
    }

    /// The same problem with one more member in its document.
    #[must_use]
    pub fn with(mut self, member: impl Into<String>, value: impl Into<Value>) -> Problem {
        self.extensions.insert(member.into(), value.into());
        self
    }

    /// 400: the request can't be read at all.
    pub fn malformed(detail: Message) -> Problem {
        let title = Message::new("Petición ilegible", "Unreadable request");
        Problem::new(StatusCode::BAD_REQUEST, "malformed-request", title, detail)
    }

    /// 401: nobody was recognised.
    pub fn unauthenticated(detail: Message) -> Problem {
        let title = Message::new("Falta identificarse", "Not signed in");
        Problem::new(StatusCode::UNAUTHORIZED, "not-signed-in", title, detail)
    }

    /// 403: recognised, and not allowed.
    pub fn forbidden(detail: Message) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "not-allowed", Message::new("No permitido", "Not allowed"), detail)
    }

    /// 404: there is no such thing.
    pub fn not_found(detail: Message) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", Message::new("No existe", "Not found"), detail)
    }

    /// 405: the path exists, the method doesn't.
    pub fn method_not_allowed(method: &str) -> Problem {
        let detail = Message::new(
            format!("esta ruta no admite el método {method}; la cabecera Allow dice cuáles admite"),
            format!("this path does not take the method {method}; the Allow header says which it takes"),
        );
        let title = Message::new("Método no admitido", "Method not allowed");
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", title, detail)
    }

    /// 408: the request or its answer took longer than allowed.
    pub fn timed_out(limit_milliseconds: u64) -> Problem {
        let detail = Message::new(
            format!("la petición pasó del límite de {limit_milliseconds} ms y se canceló; no hay resultado parcial"),
            format!(
                "the request went past the limit of {limit_milliseconds} ms and was cancelled; there is no partial result"
            ),
        );
        let title = Message::new("Tiempo agotado", "Timed out");
        Problem::new(StatusCode::REQUEST_TIMEOUT, "timed-out", title, detail)
    }

    /// 409: it contradicts what is already there.
    pub fn conflict(detail: Message) -> Problem {
        Problem::new(StatusCode::CONFLICT, "conflict", Message::new("Conflicto", "Conflict"), detail)
    }

    /// 413: the body is longer than allowed.
    pub fn too_large(limit_bytes: u64) -> Problem {
        let detail = Message::new(
            format!("el cuerpo de la petición pasa del límite de {limit_bytes} bytes; envíe menos datos por petición"),
            format!("the request body is longer than the limit of {limit_bytes} bytes; send less data per request"),
        );
        let title = Message::new("Petición demasiado grande", "Request too large");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", title, detail)
    }

    /// 415: the body is of another media type.
    pub fn unsupported_media_type(expected: &str) -> Problem {
        let detail = Message::new(
            format!("se esperaba un cuerpo de tipo {expected}; dígalo en la cabecera Content-Type"),
            format!("expected a body of type {expected}; say so in the Content-Type header"),
        );
        let title = Message::new("Tipo de contenido no admitido", "Unsupported media type");
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", title, detail)
    }

    /// 422: readable, with fields that are wrong.
    pub fn rejected(detail: Message, errors: Vec<FieldError>) -> Problem {
        let title = Message::new("Datos de entrada rechazados", "Input rejected");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "input-rejected", title, detail).with_errors(errors)
    }

    /// 429 or 503: more work than the service takes on; `Retry-After` is set.
    pub fn overloaded(retry_after_seconds: u64) -> Problem {
        let detail = Message::new(
            format!("el servicio está ocupado; repita la misma petición en {retry_after_seconds} s"),
            format!("the service is busy; repeat the same request in {retry_after_seconds} s"),
        );
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "overloaded",
            Message::new("Servicio ocupado", "Service busy"),
            detail,
        )
        .with("retry_after_seconds", retry_after_seconds)
    }

    /// 503: the service can't do this now and can't say when it will.
    pub fn unavailable(detail: Message) -> Problem {
        let title = Message::new("Servicio no disponible", "Service unavailable");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", title, detail)
    }

    /// 500: a failure inside. The cause is logged under an incident number; the client sees only the number.
    pub fn internal(cause: &dyn fmt::Display) -> Problem {
        let incident = incident_number();
        tracing::error!(%incident, %cause, "internal failure");
        let detail = Message::new(
            format!("falló algo dentro del servicio; al reportarlo, cite el incidente {incident}"),
            format!("something failed inside the service; when reporting it, quote incident {incident}"),
        );
        let title = Message::new("Error interno", "Internal error");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", title, detail).with("incident", incident)
    }

    /// The document in one language, as RFC 9457 section 3 shapes it.
    pub fn document(&self, language: Language) -> Value {
        let mut members = Map::new();
        members.insert("type".to_owned(), json!(format!("/problems/{}", self.kind)));
        members.insert("title".to_owned(), json!(self.title.text(language)));
        members.insert("status".to_owned(), json!(self.status.as_u16()));
        members.insert("detail".to_owned(), json!(self.detail.text(language)));
        if !self.errors.is_empty() {
            let shown: Vec<Value> = self.errors.iter().take(MAX_FIELD_ERRORS).map(|e| e.document(language)).collect();
            members.insert("errors".to_owned(), Value::Array(shown));
        }
        let left_out = self.errors.len().saturating_sub(MAX_FIELD_ERRORS);
        if left_out > 0 {
            members.insert("errors_left_out".to_owned(), json!(left_out));
        }
        members.extend(self.extensions.iter().map(|(name, value)| (name.clone(), value.clone())));
        Value::Object(members)
    }

    /// The response in one language, with `Content-Language` and, if it says when to come back, `Retry-After`.
    pub fn into_response_in(self, language: Language) -> Response {
        let mut response = Response::new(Body::from(self.document(language).to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
        if let Some(seconds) = self.extensions.get("retry_after_seconds").and_then(Value::as_u64) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.into_response_in(Language::Es)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({}): {}", self.kind, self.status.as_u16(), self.detail)
    }
}

impl std::error::Error for Problem {}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match error {
            StoreError::TooLarge { limit_bytes, .. } => Problem::too_large(limit_bytes),
            StoreError::BadName { .. } => Problem::malformed(error.message()),
            StoreError::Poisoned { .. } | StoreError::Closed => {
                tracing::error!(cause = %error, "the store takes no more writes");
                Problem::unavailable(Message::new(
                    "el almacén dejó de aceptar escrituras tras un fallo del disco; avise a quien opera el servicio",
                    "the store stopped taking writes after a disk failure; tell whoever operates the service",
                ))
            }
            _ => Problem::internal(&error),
        }
    }
}

/// The response in a language where it is a [`Problem`], keeping headers that handlers added; as it is where it is none.
pub fn speak(language: Language, mut response: Response) -> Response {
    if language == Language::Es {
        return response;
    }
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let mut spoken = problem.into_response_in(language);
    for (name, value) in response.headers() {
        if !spoken.headers().contains_key(name) && name != header::CONTENT_LENGTH {
            spoken.headers_mut().append(name, value.clone());
        }
    }
    spoken
}

/// Eight random hexadecimal digits; zeros if this machine has no randomness, for an error must not fail.
fn incident_number() -> String {
    let mut bytes = [0_u8; 4];
    if getrandom::fill(&mut bytes).is_err() {
        tracing::warn!("no randomness for an incident number");
    }
    format!("{:08x}", u32::from_be_bytes(bytes))
}

fn shortened(text: &str) -> String {
    if text.chars().nth(MAX_SHOWN_CHARACTERS).is_none() {
        return text.to_owned();
    }
    text.chars().take(MAX_SHOWN_CHARACTERS).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::to_bytes;
    use axum::extract::Request;
    use axum::middleware::{self, Next};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::language::Accepted;

    fn sample() -> Problem {
        let wrong =
            FieldError::new("#/contribuyente/nit", "type-mismatch", Message::new("no es un texto", "not a text"))
                .expected(Message::new("texto", "text"))
                .received("x".repeat(300));
        Problem::rejected(Message::new("un campo no sirve", "a field is wrong"), vec![wrong; 102])
    }

    async fn spoken(request: Request, next: Next) -> Response {
        let Accepted(language) = Accepted::from_headers(request.headers());
        speak(language, next.run(request).await)
    }

    async fn ask(language: Option<&str>) -> (Response, Value) {
        let router = Router::new()
            .route("/", get(|| async { ([("x-kept", "yes")], Err::<(), Problem>(sample())).into_response() }))
            .layer(middleware::from_fn(spoken));
        let mut request = Request::builder().uri("/");
        if let Some(language) = language {
            request = request.header("accept-language", language);
        }
        let mut response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let body = to_bytes(std::mem::take(response.body_mut()), 1_000_000).await.unwrap();
        (response, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_problem_is_answered_in_the_language_of_the_request() {
        for (asked, tag, title) in [
            (None, "es", "Datos de entrada rechazados"),
            (Some("es-CO"), "es", "Datos de entrada rechazados"),
            (Some("en"), "en", "Input rejected"),
        ] {
            let (response, body) = ask(asked).await;
            assert_eq!(response.status(), 422);
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            assert_eq!(response.headers()["content-language"], tag);
            assert_eq!(response.headers()["x-kept"], "yes");
            assert_eq!((&body["type"], &body["title"]), (&json!("/problems/input-rejected"), &json!(title)));
        }
    }

    #[test]
    fn a_document_shows_a_bounded_number_of_errors_and_characters() {
        let document = sample().document(Language::En);
        assert_eq!(document["errors"].as_array().unwrap().len(), MAX_FIELD_ERRORS);
        assert_eq!(document["errors_left_out"], 2);
        assert_eq!(document["errors"][0]["expected"], "text");
        assert_eq!(document["errors"][0]["received"].as_str().unwrap().chars().count(), MAX_SHOWN_CHARACTERS + 1);
    }

    #[test]
    fn an_internal_cause_is_not_shown() {
        let problem = Problem::internal(&"password=hunter2 at 10.0.0.7");
        for language in [Language::Es, Language::En] {
            let text = problem.document(language).to_string();
            assert!(!text.contains("hunter2") && text.contains("incident"), "{text}");
        }
    }

    #[test]
    fn coming_back_later_is_said_in_the_header_too() {
        let response = Problem::overloaded(3).into_response();
        assert_eq!(response.headers()["retry-after"], "3");
    }
}
