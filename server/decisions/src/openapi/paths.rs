//! Paths: one for each decision, and those of the service.

use dictamen_plan::{Decision, DecisionId};
use dictamen_value::{Language, Message};
use serde_json::{Value as Json, json};

use super::shared::{problem_responses, reference};
use super::{Example, Node, schema};
use crate::catalogue::Ready;

/// The tag of a ruleset.
pub(super) fn tag(ready: &Ready) -> Json {
    let about = ready.plan.root().map(|root| root.about.clone()).unwrap_or_default();
    let description = [about.title.as_deref(), about.legal_basis.as_deref(), about.note.as_deref()];
    let description: Vec<&str> = description.into_iter().flatten().collect();
    json!({ "name": ready.id, "description": description.join(" · ") })
}

/// Adds the paths of a ruleset's decisions.
pub(super) fn add_decisions(paths: &mut Node, ready: &Ready, examples: &[Example], language: Language) {
    for (id, decision) in ready.public_decisions() {
        let example = examples.iter().find(|example| example.decision == id);
        let path = format!("/v1/decisions/{}/{}", encoded(&ready.id), encoded(&decision.name));
        let mut one = Node::object();
        one.set("post", operation(ready, (id, decision), example, language));
        paths.set(path.clone(), one);
        let mut many = Node::object();
        many.set("post", batch_operation(ready, decision, language));
        paths.set(format!("{path}:batch"), many);
    }
}

fn operation(
    ready: &Ready,
    (_, decision): (DecisionId, &Decision),
    example: Option<&Example>,
    language: Language,
) -> Node {
    let mut operation = head(ready, decision, "", language);
    let mut media = Node::object();
    media.set("schema", request_schema(ready, decision, language));
    media.set("examples", example_of(example, |example| &example.request));
    operation.set("requestBody", body("application/json", media));
    let mut media = Node::object();
    media.set("schema", response_schema(ready, decision, language));
    let shown = example.map(|example| response_example(ready, example));
    if let Some(shown) = &shown {
        media.set("example", Node::raw(shown));
    }
    operation.set("responses", responses(media, "application/json", language));
    operation
}

fn batch_operation(ready: &Ready, decision: &Decision, language: Language) -> Node {
    let mut operation = head(ready, decision, ":batch", language);
    let mut media = Node::object();
    let line = say(
        language,
        "cada línea es una petición como la de una sola decisión; con trace=batch, un objeto de hechos",
        "each line is a request as for one decision; with trace=batch, an object of facts",
    );
    media.set("schema", json!({ "type": "string", "description": line }));
    operation.set("requestBody", body("application/x-ndjson", media));
    operation.set("parameters", batch_parameters(language));
    let mut media = Node::object();
    let line = say(
        language,
        "una línea por cada línea de la petición, en orden: {outcome, trace_id} o {problem}; con trace=batch no hay trace_id por línea, y una última línea {batch: {trace_id, rows, root…}} dice la traza de todas: sin ella no se decidió nada",
        "one line for each line of the request, in order: {outcome, trace_id} or {problem}; with trace=batch there is no trace_id for each line, and one more line {batch: {trace_id, rows, root…}} names the trace of all: without it nothing was decided",
    );
    media.set("schema", json!({ "type": "string", "description": line }));
    operation.set("responses", responses(media, "application/x-ndjson", language));
    operation
}

fn batch_parameters(language: Language) -> Json {
    let query = |name: &str, schema: Json, es: &str, en: &str| {
        let (description, place) = (say(language, es, en), "query");
        json!({ "name": name, "in": place, "required": false, "schema": schema, "description": description })
    };
    json!([
        reference("parameters", "IdempotencyKey"),
        reference("parameters", "AcceptLanguage"),
        query(
            "trace",
            json!({ "enum": ["line", "batch"], "default": "line" }),
            "una traza por cada línea, o una por todas con la raíz de los hashes de sus filas",
            "a trace for each line, or one for all with the root of the hashes of its rows",
        ),
        query(
            "as_of",
            json!({ "type": "string", "format": "date" }),
            "con trace=batch: fecha a la que se decide",
            "with trace=batch: day as of which to decide"
        ),
        query(
            "known_at",
            json!({ "type": "string" }),
            "con trace=batch: momento o fecha según cuyo conocimiento se decide",
            "with trace=batch: moment or date as known at which to decide"
        ),
        query(
            "version",
            json!({ "type": "string" }),
            "con trace=batch: versión fija del conjunto de reglas",
            "with trace=batch: pinned version of the ruleset"
        ),
    ])
}

fn head(ready: &Ready, decision: &Decision, suffix: &str, language: Language) -> Node {
    let about = &decision.about;
    let title = about.title.as_deref().unwrap_or(&decision.name);
    let many = say(language, " (muchas a la vez)", " (many at once)");
    let summary = if suffix.is_empty() { title.to_owned() } else { format!("{title}{many}") };
    let legal =
        about.legal_basis.as_deref().map(|text| format!("{}: {text}", say(language, "Base legal", "Legal basis")));
    let verify =
        about.to_verify.as_deref().map(|text| format!("{}: {text}", say(language, "Por verificar", "To be verified")));
    let description: Vec<String> =
        [legal, about.note.as_deref().map(str::to_owned), verify].into_iter().flatten().collect();
    let name = format!("{}.{}{}", ready.id, decision.name, suffix.replace(':', "."));
    let mut operation = Node::object();
    operation.set("operationId", json!(identifier(&name)));
    operation.set("tags", json!([ready.id]));
    operation.set("summary", json!(summary));
    operation.set("description", json!(description.join("\n\n")));
    operation.set(
        "parameters",
        json!([reference("parameters", "IdempotencyKey"), reference("parameters", "AcceptLanguage")]),
    );
    operation
}

fn request_schema(ready: &Ready, decision: &Decision, language: Language) -> Json {
    json!({
        "type": "object",
        "properties": {
            "input": schema::of_facts(ready, &decision.needs),
            "as_of": { "type": "string", "format": "date", "description": say(language, "fecha a la que se decide; si falta, hoy en la zona del servicio", "day as of which to decide; today in the service's zone if left out") },
            "known_at": { "type": "string", "description": say(language, "momento (con diferencia horaria) o fecha según cuyo conocimiento se decide; si falta, ahora", "moment (with offset) or date as known at which to decide; now if left out") },
            "version": { "type": "string", "description": say(language, "versión fija del conjunto de reglas", "pinned version of the ruleset") },
            "explain": {
                "anyOf": [{ "type": "boolean" }, { "enum": ["public", "reserved"] }],
                "description": say(language, "si se quiere la explicación; «reserved» dice también lo reservado, a quien tenga el rol auditoria o riesgos", "whether an explanation is wanted; “reserved” tells what is reserved too, to those with the role auditoria or riesgos"),
            },
        },
        "required": ["input"],
        "additionalProperties": false,
    })
}

fn response_schema(ready: &Ready, decision: &Decision, _language: Language) -> Json {
    json!({
        "type": "object",
        "properties": {
            "outcome": schema::of(ready, &decision.ty),
            "trace_id": reference("schemas", "TraceId"),
            "ruleset": reference("schemas", "RulesetVersion"),
            "explanation": { "type": "object" },
        },
        "required": ["outcome", "trace_id", "ruleset"],
    })
}

fn response_example(ready: &Ready, example: &Example) -> String {
    let ruleset = json!({ "id": ready.id, "version": ready.version, "hash": ready.plan_digest });
    format!("{{\"outcome\":{},\"trace_id\":\"9f3c01ab-000000000017\",\"ruleset\":{ruleset}}}", example.outcome)
}

fn example_of(example: Option<&Example>, part: impl Fn(&Example) -> &String) -> Node {
    let mut examples = Node::object();
    if let Some(example) = example {
        let mut one = Node::object();
        one.set("summary", json!(example.title));
        one.set("value", Node::raw(part(example)));
        examples.set("caso", one);
    }
    examples
}

fn body(media_type: &str, media: Node) -> Node {
    let mut content = Node::object();
    content.set(media_type, media);
    let mut body = Node::object();
    body.set("required", json!(true));
    body.set("content", content);
    body
}

fn responses(media: Node, media_type: &str, language: Language) -> Node {
    let mut content = Node::object();
    content.set(media_type, media);
    let mut ok = Node::object();
    ok.set("description", json!(say(language, "decidido", "decided")));
    ok.set("content", content);
    let mut responses = Node::object();
    responses.set("200", ok);
    for (status, reference) in problem_responses() {
        responses.set(status, reference);
    }
    responses
}

/// Adds the paths of the service itself.
pub(super) fn add_service(paths: &mut Node, language: Language) {
    let say = |es: &str, en: &str| Message::new(es, en).text(language).to_owned();
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": reference("schemas", "TraceId") });
    let trace = json!([id]);
    for (path, method, name, summary, parameters) in [
        ("/v1/decisions", "get", "decisions", say("las decisiones que hay", "the decisions there are"), json!([])),
        (
            "/v1/rulesets",
            "get",
            "rulesets",
            say("los conjuntos de reglas y sus versiones", "the rulesets and their versions"),
            json!([]),
        ),
        (
            "/v1/functions",
            "get",
            "functions",
            say("las funciones incorporadas del lenguaje", "the built-in functions of the language"),
            json!([]),
        ),
        ("/v1/traces/{id}", "get", "trace", say("lo que dice una traza", "what a trace says"), trace.clone()),
        (
            "/v1/traces/{id}/explanation",
            "get",
            "explanation",
            say("por qué se decidió así", "why it was decided so"),
            json!([id, { "name": "form", "in": "query", "schema": { "enum": ["public", "reserved"], "default": "public" }, "description": say("reserved dice también lo reservado, a quien tenga el rol auditoria o riesgos", "reserved tells what is reserved too, to those with the role auditoria or riesgos") }]),
        ),
        (
            "/v1/traces/{id}/letter",
            "get",
            "letter",
            say(
                "la carta a la persona, como texto, página o JSON según Accept",
                "the letter to the person, as text, a page or JSON by Accept",
            ),
            trace.clone(),
        ),
        (
            "/v1/traces/{id}/replay",
            "post",
            "replay",
            say("decide de nuevo y compara bytes", "decides again and compares bytes"),
            trace.clone(),
        ),
        (
            "/v1/traces/{id}/manifest",
            "get",
            "manifest",
            say(
                "el manifiesto de un lote de una sola traza, para repetir cualquiera de sus filas",
                "the manifest of a batch with one trace, for replaying any of its rows",
            ),
            trace,
        ),
        (
            "/v1/traces/heads",
            "get",
            "heads",
            say("hasta dónde llegan las cadenas, firmado", "how far the chains have come, signed"),
            json!([]),
        ),
        ("/v1/openapi.json", "get", "openapi", say("este documento", "this document"), json!([])),
        ("/health/live", "get", "live", say("si el proceso vive", "whether the process lives"), json!([])),
        ("/health/ready", "get", "ready", say("si decide", "whether it decides"), json!([])),
        (
            "/metrics",
            "get",
            "metrics",
            say("métricas, en texto de Prometheus", "metrics, in Prometheus' text"),
            json!([]),
        ),
    ] {
        let mut responses = json!({ "200": { "description": summary } });
        if let Json::Object(responses) = &mut responses {
            responses.extend(
                problem_responses()
                    .into_iter()
                    .filter(|(status, _)| matches!(*status, "400" | "403" | "404" | "409" | "503"))
                    .map(|(status, reference)| (status.to_owned(), reference)),
            );
        }
        let operation =
            json!({ "operationId": name, "summary": summary, "parameters": parameters, "responses": responses });
        let mut item = Node::object();
        item.set(method, operation);
        paths.set(path, item);
    }
}

fn say<'a>(language: Language, es: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Es => es,
        Language::En => en,
    }
}

/// A name as an identifier that generated clients can use.
fn identifier(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect()
}

/// A segment of a path, percent-encoded.
pub(crate) fn encoded(segment: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    segment
        .as_bytes()
        .iter()
        .map(|byte| if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
