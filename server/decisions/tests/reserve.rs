//! What is reserved reaches nobody whose task it is not: a mark is planted in every reserved place and looked for in every
//! answer that such a person can get.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

mod support;

use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use dictamen_decisions::http::HttpSettings;
use dictamen_decisions::{Catalogue, LoadLimits};
use serde_json::{Value, json};
use support::{Answered, Bench};

/// What stands in reserved places and nowhere else; numbers also as people write them.
const MARKS: [&str; 9] =
    ["zqx", "7351913", "8264031", "918273645", "55443322", "7.351.913", "8.264.031", "918.273.645", "55.443.322"];

const PUBLIC: [&str; 9] = [
    "nivel",
    "trato",
    "etiqueta",
    "etiquetas",
    "es_mayor",
    "division",
    "sobre_lo_que_falla",
    "sin_valor",
    "falla_publica",
];

fn catalogue() -> Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reserve");
    let catalogue = Catalogue::load(&[folder], &LoadLimits::default());
    assert_eq!(catalogue.error_count(), 0, "{:?}", catalogue.diagnostics());
    catalogue
}

/// A service whose callers have these roles.
fn bench(roles: &[&str]) -> Bench {
    Bench::with_roles(catalogue(), HttpSettings::default(), roles)
}

fn facts() -> Value {
    json!({ "persona": { "nit": "900123456", "edad": 40 }, "zqx_senales": { "zqx_deuda": 10, "zqx_origen": "zqx paraíso" } })
}

fn asked(input: &Value, explain: &Value) -> String {
    json!({ "input": input, "as_of": "2026-03-01", "explain": explain }).to_string()
}

async fn decide(bench: &Bench, decision: &str, body: String, language: &str) -> Answered {
    let headers = [("accept-language", language)];
    bench.post(&format!("/v1/decisions/prueba.reserva/{decision}"), &headers, body).await
}

async fn fetch(bench: &Bench, path: &str, accept: &str, language: &str) -> Answered {
    let request = Request::get(path).header("accept", accept).header("accept-language", language);
    bench.send(request.body(Body::empty()).unwrap()).await
}

fn marks_in(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    MARKS.into_iter().filter(|mark| text.contains(mark)).collect()
}

#[track_caller]
fn tells_nothing(what: &str, answered: &Answered) {
    let text = answered.text();
    assert_eq!(marks_in(&text), Vec::<&str>::new(), "{what} tells what is reserved:\n{text}");
    let headers = format!("{:?}", answered.headers);
    assert_eq!(marks_in(&headers), Vec::<&str>::new(), "headers of {what}: {headers}");
}

/// The traces that every public decision leaves, after looking at the answers.
async fn traces(bench: &Bench) -> Vec<(String, String)> {
    let mut traces = Vec::new();
    for decision in PUBLIC {
        for language in ["es", "en"] {
            for explain in [json!(true), json!("public"), json!(false)] {
                let answered = decide(bench, decision, asked(&facts(), &explain), language).await;
                assert!(matches!(answered.status.as_u16(), 200 | 422), "{decision}: {}", answered.text());
                tells_nothing(decision, &answered);
                traces.push((decision.to_owned(), answered.json()["trace_id"].as_str().unwrap().to_owned()));
            }
        }
    }
    traces
}

#[tokio::test]
async fn answers_explanations_and_letters_tell_nothing_reserved() {
    let bench = bench(&[]);
    for (decision, trace) in traces(&bench).await {
        for language in ["es", "en"] {
            for accept in ["application/json", "text/plain", "text/html"] {
                for document in ["explanation", "letter"] {
                    let path = format!("/v1/traces/{trace}/{document}");
                    let answered = fetch(&bench, &path, accept, language).await;
                    assert_eq!(answered.status, 200, "{decision} {document}: {}", answered.text());
                    tells_nothing(&format!("{document} of {decision}, {accept}, {language}"), &answered);
                }
            }
            let path = format!("/v1/traces/{trace}/explanation?form=reserved");
            let refused = fetch(&bench, &path, "text/plain", language).await;
            assert_eq!(refused.status, 403, "{}", refused.text());
            tells_nothing("a refusal", &refused);
        }
    }
}

#[tokio::test]
async fn the_record_of_a_trace_withholds_reserved_facts() {
    let (open, closed) = (bench(&["auditoria"]), bench(&[]));
    for (bench, sees_all) in [(&open, true), (&closed, false)] {
        for (decision, trace) in traces(bench).await {
            let answered = fetch(bench, &format!("/v1/traces/{trace}"), "application/json", "es").await;
            let record = answered.json();
            assert_eq!(answered.status, 200, "{decision}: {}", answered.text());
            assert_eq!(record["payload"]["facts"]["zqx_senales"].is_object(), sees_all, "{decision}: {record}");
            assert_eq!(record["withheld"], if sees_all { Value::Null } else { json!(true) }, "{decision}");
            assert_eq!(record["payload"]["facts"]["persona"]["nit"], "900123456", "{decision}: {record}");
            if !sees_all {
                tells_nothing(&format!("the record of {decision}"), &answered);
            }
        }
    }
}

#[tokio::test]
async fn the_public_form_still_says_what_the_person_may_know() {
    let bench = bench(&[]);
    let answered = decide(&bench, "trato", asked(&facts(), &json!(true)), "es").await.json();
    let text = answered["explanation"]["text"].as_str().unwrap();
    for told in [
        "Resultado: \"revisión\"",
        "prueba.reserva.nivel «Su nivel de riesgo»: \"alto\"",
        "persona.edad = 40",
        "criterio reservado",
        "Se cumplió la fila 3",
        "Base legal: Norma 3",
        "No se cumplió la fila 2: criterio reservado.",
        "Parámetro prueba.reserva.mayoria_de_edad el 2026-03-01 = 18",
        "Consejo de Estado, Exp. 27067; Decreto 1165/2019 art. 582",
        "Toman parte 4 criterios reservados",
    ] {
        assert!(text.contains(told), "{told} is not in:\n{text}");
    }
    assert_eq!(answered["explanation"]["reserved"]["criteria"], 4);
    let other = json!({ "persona": { "nit": "9", "edad": 4 }, "zqx_senales": { "zqx_deuda": 0, "zqx_origen": "x" } });
    let other = decide(&bench, "trato", asked(&other, &json!(true)), "es").await.json();
    assert_eq!(other["explanation"]["reserved"], answered["explanation"]["reserved"], "it tells nothing of the facts");
    let columns = &answered["explanation"]["decisions"].as_array().unwrap().last().unwrap()["table"]["columns"];
    assert_eq!(columns[0], json!({ "text": "nivel", "value": "alto" }));
    assert_eq!(columns[2], json!({ "reserved": true }));
    let failed = decide(&bench, "division", asked(&facts(), &json!(true)), "es").await.json();
    assert_eq!(failed["code"], "reserva.no-evaluada", "{failed}");
    let open = decide(&bench, "falla_publica", asked(&facts(), &json!(true)), "es").await.json();
    assert_eq!(open["code"], "evaluacion.division-por-cero", "what has nothing reserved about it is told: {open}");
}

#[tokio::test]
async fn wrong_facts_and_names_tell_nothing_reserved() {
    let bench = bench(&[]);
    let person = json!({ "nit": "900123456", "edad": 40 });
    for (what, input) in [
        ("a reserved fact that is missing", json!({ "persona": person })),
        ("a reserved fact of another type", json!({ "persona": person, "zqx_senales": 1 })),
        ("a field that is missing", json!({ "persona": person, "zqx_senales": { "zqx_deuda": 1 } })),
        ("a field that there is not", json!({ "persona": person, "zqx_senales": { "zqx_deuda": 1, "otro": 2 } })),
        ("a name that is almost it", json!({ "persona": person, "senales": {} })),
        ("a name that there is not", json!({ "persona": person, "x": 1 })),
    ] {
        for language in ["es", "en"] {
            let answered = decide(&bench, "nivel", asked(&input, &json!(true)), language).await;
            assert_eq!(answered.status, 422, "{what}: {}", answered.text());
            tells_nothing(what, &answered);
        }
    }
    for decision in ["zqx_puntaje", "zqx_falla", "nivelx"] {
        let answered = decide(&bench, decision, asked(&facts(), &json!(true)), "es").await;
        assert_eq!(answered.status, 404, "{decision} is not there for those who do not see what is reserved");
        let known = answered.text().replace(&format!("«{decision}»"), "");
        assert_eq!(marks_in(&known), Vec::<&str>::new(), "{known}");
    }
    let refused = decide(&bench, "nivel", asked(&facts(), &json!("reserved")), "es").await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("auditoria, riesgos"), "{}", refused.text());
    tells_nothing("a refusal", &refused);
}

#[tokio::test]
async fn batches_tell_nothing_reserved() {
    let bench = bench(&[]);
    let lines: Vec<String> =
        [json!(true), json!("reserved"), json!(false)].iter().map(|explain| asked(&facts(), explain)).collect();
    for decision in PUBLIC {
        let path = format!("/v1/decisions/prueba.reserva/{decision}:batch");
        let answered = bench.post(&path, &[("content-type", "application/x-ndjson")], lines.join("\n")).await;
        assert_eq!(answered.text().lines().count(), 3, "{}", answered.text());
        tells_nothing(&path, &answered);
    }
}

#[tokio::test]
async fn descriptions_pages_and_metrics_tell_nothing_reserved() {
    // Metrics are open to all, so they must hide what those with the role ask for.
    let bench = bench(&["riesgos"]);
    for decision in PUBLIC.into_iter().chain(["zqx_puntaje", "zqx_falla"]) {
        for input in [facts(), json!({})] {
            decide(&bench, decision, asked(&input, &json!(true)), "es").await;
        }
    }
    for path in ["/", "/docs", "/docs/prueba.reserva", "/v1/openapi.json", "/v1/decisions", "/v1/rulesets", "/metrics"]
    {
        for language in ["es", "en"] {
            let answered = fetch(&bench, path, "*/*", language).await;
            assert_eq!(answered.status, 200, "{path}");
            tells_nothing(path, &answered);
        }
    }
    let document = bench.get("/v1/openapi.json").await.json();
    let example = |decision: &str| {
        let path = format!("/v1/decisions/prueba.reserva/{decision}");
        document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"]["caso"].clone()
    };
    assert!(example("es_mayor").is_object(), "examples are there");
    assert!(example("nivel").is_null(), "but none that would not work without its reserved facts");
    assert!(bench.get("/metrics").await.text().contains("(reserva)"), "what is reserved is counted under one name");
}

#[tokio::test]
async fn those_whose_task_it_is_see_everything() {
    for role in ["auditoria", "riesgos"] {
        let bench = bench(&[role]);
        let answered = decide(&bench, "trato", asked(&facts(), &json!("reserved")), "es").await;
        assert_eq!(answered.status, 200, "{}", answered.text());
        let text = answered.text();
        for mark in ["zqx título de la tabla", "zqx base fila", "7351913", "918273645", "zqx fila 2", "zqx nota fila"]
        {
            assert!(text.contains(mark), "{mark} is not in {text}");
        }
        let trace = answered.json()["trace_id"].as_str().unwrap().to_owned();
        let path = format!("/v1/traces/{trace}/explanation");
        let open = fetch(&bench, &path, "text/plain", "es").await;
        tells_nothing("the form that nobody asked for", &open);
        let reserved = fetch(&bench, &format!("{path}?form=reserved"), "text/plain", "es").await;
        assert!(reserved.text().contains("RESERVADO: Consejo de Estado, Exp. 27067"), "{}", reserved.text());
        let letter = fetch(&bench, &format!("/v1/traces/{trace}/letter"), "text/plain", "es").await;
        tells_nothing("a letter, which is public whoever asks", &letter);
        let own = decide(&bench, "zqx_puntaje", asked(&facts(), &json!(false)), "es").await;
        assert_eq!(own.json()["outcome"], 918_273_645);
        let trace = own.json()["trace_id"].as_str().unwrap().to_owned();
        for document in ["explanation", "letter"] {
            let answered = fetch(&bench, &format!("/v1/traces/{trace}/{document}"), "text/plain", "es").await;
            tells_nothing(&format!("the public {document} of a reserved decision"), &answered);
        }
    }
}

#[tokio::test]
async fn a_kept_response_that_tells_is_not_given_again_to_others() {
    let mut bench = bench(&["riesgos"]);
    let key = [("idempotency-key", "k1")];
    let path = "/v1/decisions/prueba.reserva/trato";
    let body = asked(&facts(), &json!("reserved"));
    let batch = [("idempotency-key", "k2"), ("content-type", "application/x-ndjson")];
    let own = [("idempotency-key", "k3")];
    let puntaje = "/v1/decisions/prueba.reserva/zqx_puntaje";
    for _ in 0..2 {
        assert_eq!(bench.post(path, &key, body.clone()).await.status, 200);
        assert!(!marks_in(&bench.post(&format!("{path}:batch"), &batch, body.clone()).await.text()).is_empty());
        assert_eq!(bench.post(puntaje, &own, asked(&facts(), &json!(false))).await.status, 200);
    }
    bench.front = bench.again_with_roles(&[]);
    let answered = bench.post(path, &key, body.clone()).await;
    assert_eq!(answered.status, 403, "{}", answered.text());
    tells_nothing("a kept response", &answered);
    tells_nothing("a kept batch", &bench.post(&format!("{path}:batch"), &batch, body).await);
    tells_nothing("a kept outcome", &bench.post(puntaje, &own, asked(&facts(), &json!(false))).await);
}
