//! What each type of problem document means: the pages that their `type` leads to.

use dictamen_value::{Language, Message};

use super::html::layout;

/// Kinds with what they mean and what to do, in Spanish and English.
const KINDS: &[(&str, &str, &str)] = &[
    (
        "malformed-request",
        "La petición no se puede leer: no es JSON, se cortó o una cabecera no sirve. Corríjala y envíela de nuevo.",
        "The request can't be read: it is not JSON, it broke off, or a header is wrong. Mend it and send it again.",
    ),
    (
        "not-signed-in",
        "No se reconoció a quien envía la petición. Identifíquese.",
        "Whoever sends the request was not recognised. Sign in.",
    ),
    (
        "not-allowed",
        "Se reconoció a quien envía la petición, y no le está permitido.",
        "Whoever sends the request was recognised, and is not allowed to.",
    ),
    (
        "not-found",
        "No hay tal conjunto de reglas, versión, decisión, traza o ruta; el detalle dice cuáles hay.",
        "There is no such ruleset, version, decision, trace or path; the detail says which there are.",
    ),
    (
        "no-version-in-force",
        "Ninguna versión del conjunto de reglas (o de uno que importa) estaba vigente en esa fecha según lo conocido en ese momento.",
        "No version of the ruleset (or of one that it imports) was in force on that day as known at that moment.",
    ),
    ("method-not-allowed", "La ruta existe y no admite ese método.", "The path exists and does not take that method."),
    (
        "timed-out",
        "La petición tardó demasiado en llegar o en responderse. Se puede repetir.",
        "The request took too long to arrive or to be answered. It can be repeated.",
    ),
    (
        "conflict",
        "Contradice lo que ya hay, o una petición con la misma clave de idempotencia está en curso.",
        "It contradicts what is there, or a request with the same idempotency key is being answered.",
    ),
    (
        "idempotency-key-reused",
        "La clave de idempotencia ya se usó con otra petición. Use una clave nueva.",
        "The idempotency key was used with another request. Use a new key.",
    ),
    (
        "too-large",
        "El cuerpo, o una línea de un lote, pasa del límite. Envíe menos por petición.",
        "The body, or a line of a batch, is over the limit. Send less per request.",
    ),
    ("headers-too-large", "Las cabeceras pasan del límite.", "The headers are over the limit."),
    (
        "unsupported-media-type",
        "El cuerpo es de otro tipo; la cabecera Content-Type debe decir el que se espera.",
        "The body is of another type; the Content-Type header must say the expected one.",
    ),
    (
        "input-rejected",
        "La petición se lee y algunos campos no sirven; `errors[]` los nombra todos. No se decidió nada y no hay traza.",
        "The request can be read and some fields are wrong; `errors[]` names them all. Nothing was decided and there is no trace.",
    ),
    (
        "decision-failed",
        "Los hechos sirven y las reglas no pudieron decidir; `code` dice por qué y la traza lo registra. Quien mantiene las reglas debe verlo.",
        "The facts are fine and the rules could not decide; `code` says why and the trace records it. Whoever maintains the rules should see it.",
    ),
    (
        "evaluation-timed-out",
        "La evaluación pasó de su plazo y se canceló; no hay resultado ni traza.",
        "The evaluation went past its deadline and was cancelled; there is no outcome and no trace.",
    ),
    (
        "trace-not-replayable",
        "La traza no se puede evaluar de nuevo; `code` dice por qué.",
        "The trace can't be evaluated again; `code` says why.",
    ),
    (
        "overloaded",
        "El servicio está ocupado; repita la misma petición tras lo que dice Retry-After.",
        "The service is busy; repeat the same request after what Retry-After says.",
    ),
    (
        "unavailable",
        "El servicio no puede hacerlo ahora: las reglas tienen errores o el almacén no acepta escrituras.",
        "The service can't do it now: the rules have errors or the store takes no writes.",
    ),
    (
        "internal",
        "Falló algo dentro del servicio; cite el incidente al reportarlo.",
        "Something failed inside the service; quote the incident when reporting it.",
    ),
];

/// The page of a kind of problem; none where there is no such kind.
pub(crate) fn problem(kind: &str, language: Language) -> Option<String> {
    let (name, es, en) = KINDS.iter().find(|(name, ..)| *name == kind)?;
    let body = format!("<p>{}</p>", Message::new(*es, *en).text(language));
    Some(layout(name, &body, language))
}
