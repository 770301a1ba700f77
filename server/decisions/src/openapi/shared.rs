//! What all paths share: problems, identifiers, headers.

use dictamen_value::{Language, Message};
use serde_json::{Value as Json, json};

use super::Node;

/// Problems by status: their names among the components, and what they mean.
const PROBLEMS: [(&str, &str, &str, &str); 14] = [
    ("400", "Malformed", "la petición no se puede leer", "the request can't be read"),
    ("401", "NotSignedIn", "no se reconoció a quien la envía", "whoever sends it was not recognised"),
    ("403", "NotAllowed", "no está permitido", "it is not allowed"),
    (
        "404",
        "NotFound",
        "no hay tal conjunto de reglas, versión, decisión o traza",
        "there is no such ruleset, version, decision or trace",
    ),
    ("405", "MethodNotAllowed", "la ruta no admite ese método", "the path does not take that method"),
    ("408", "TimedOut", "la petición tardó demasiado en llegar", "the request took too long to arrive"),
    (
        "409",
        "Conflict",
        "una petición con la misma clave de idempotencia está en curso",
        "a request with the same idempotency key is being answered",
    ),
    ("413", "TooLarge", "el cuerpo es demasiado grande", "the body is too large"),
    ("415", "UnsupportedMediaType", "el cuerpo es de otro tipo", "the body is of another type"),
    (
        "422",
        "Rejected",
        "los hechos no sirven (errors[] nombra cada uno), o las reglas no pudieron decidir (con su traza)",
        "the facts are wrong (errors[] names each), or the rules could not decide (with their trace)",
    ),
    ("431", "HeadersTooLarge", "las cabeceras son demasiado grandes", "the headers are too large"),
    ("500", "Internal", "falló algo dentro del servicio", "something failed inside the service"),
    (
        "503",
        "Unavailable",
        "el servicio está ocupado o el conjunto de reglas tiene errores; Retry-After dice cuándo volver",
        "the service is busy or the ruleset has errors; Retry-After says when to come back",
    ),
    (
        "504",
        "EvaluationTimedOut",
        "la evaluación pasó de su plazo y se canceló",
        "the evaluation went past its deadline and was cancelled",
    ),
];

/// The responses of problems, by status, as references.
pub(super) fn problem_responses() -> Vec<(&'static str, Json)> {
    PROBLEMS.iter().map(|(status, name, ..)| (*status, reference("responses", name))).collect()
}

/// A reference to a component.
pub(super) fn reference(kind: &str, name: &str) -> Json {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// The responses among the components.
pub(super) fn responses(language: Language) -> Json {
    let response = |es: &str, en: &str| {
        json!({
            "description": Message::new(es, en).text(language),
            "content": { "application/problem+json": { "schema": reference("schemas", "Problem") } },
        })
    };
    let all = PROBLEMS.iter().map(|(_, name, es, en)| ((*name).to_owned(), response(es, en)));
    Json::Object(all.collect())
}

/// The parameters among the components.
pub(super) fn parameters(language: Language) -> Json {
    let say = |es: &str, en: &str| Message::new(es, en).text(language).to_owned();
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": say("la misma clave con la misma petición da la misma respuesta", "the same key with the same request gives the same response"),
            "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
        },
        "AcceptLanguage": {
            "name": "Accept-Language",
            "in": "header",
            "description": say("idioma de los textos para personas: es o en", "language of texts for people: es or en"),
            "schema": { "type": "string", "examples": ["es", "en"] },
        },
    })
}

/// The schemas among the components that are not of any ruleset.
pub(super) fn schemas(language: Language) -> Node {
    let say = |es: &str, en: &str| Message::new(es, en).text(language).to_owned();
    Node::from(json!({
        "TraceId": { "type": "string", "pattern": "^[0-9a-f]{8}-[0-9]{12,20}$" },
        "RulesetVersion": {
            "type": "object",
            "properties": { "id": { "type": "string" }, "version": { "type": "string" }, "hash": { "type": "string", "pattern": "^[0-9a-f]{64}$" } },
            "required": ["id", "version", "hash"],
        },
        "Problem": {
            "type": "object",
            "description": "RFC 9457",
            "properties": {
                "type": { "type": "string", "format": "uri-reference" },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "detail": { "type": "string" },
                "errors": { "type": "array", "items": reference("schemas", "FieldError") },
                "code": { "type": "string", "description": say("por qué no se pudo decidir", "why no decision could be made") },
                "trace_id": reference("schemas", "TraceId"),
            },
            "required": ["type", "title", "status", "detail"],
        },
        "FieldError": {
            "type": "object",
            "properties": {
                "pointer": { "type": "string", "description": say("dónde: un puntero JSON", "where: a JSON pointer"), "examples": ["#/input/contribuyente/nit"] },
                "code": { "type": "string" },
                "message": { "type": "string" },
                "expected": { "type": "string" },
                "received": { "type": "string" },
            },
            "required": ["pointer", "code", "message"],
        },
    }))
}
