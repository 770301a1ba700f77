//! What the service says of itself: OpenAPI that holds together and whose examples are true, lists, pages, health, metrics.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

mod support;

use std::collections::BTreeSet;

use dictamen_decisions::http::HttpSettings;
use dictamen_decisions::{Catalogue, LoadLimits};
use serde_json::Value;
use support::Bench;

/// All texts of members with a name, anywhere in a document.
fn all_of<'a>(document: &'a Value, name: &str, found: &mut Vec<&'a str>) {
    match document {
        Value::Object(members) => {
            for (key, value) in members {
                if let (true, Some(text)) = (key == name, value.as_str()) {
                    found.push(text);
                }
                all_of(value, name, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all_of(item, name, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_interface_description_holds_together() {
    let bench = Bench::new();
    let answered = bench.get("/v1/openapi.json").await;
    let document = answered.json();
    assert_eq!(
        (answered.headers["content-type"].to_str().unwrap(), &document["openapi"]),
        ("application/json", &"3.1.0".into())
    );
    let mut references = Vec::new();
    all_of(&document, "$ref", &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let mut operations = Vec::new();
    all_of(&document, "operationId", &mut operations);
    assert_eq!(
        operations.len(),
        operations.iter().collect::<BTreeSet<_>>().len(),
        "operations have names of their own"
    );
}

#[tokio::test]
async fn each_decision_has_a_typed_path() {
    let document = Bench::new().get("/v1/openapi.json").await.json();
    let operation = &document["paths"]["/v1/decisions/taller.descuento/rebaja"]["post"];
    let request = &operation["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(
        request["properties"]["input"]["properties"]["cliente"]["$ref"],
        "#/components/schemas/taller.descuento.Cliente"
    );
    assert_eq!(request["properties"]["input"]["required"], serde_json::json!(["cliente"]));
    let cliente = &document["components"]["schemas"]["taller.descuento.Cliente"];
    assert_eq!(
        *cliente,
        serde_json::json!({
            "type": "object",
            "properties": {
                "nombre": { "type": "string" },
                "clase": { "type": "string", "enum": ["socio", "visitante"] },
                "compras": { "type": "number", "description": "COP · >= 0" },
                "referido": { "type": ["string", "null"] },
                "antiguedad": { "type": "integer", "description": "[0..120]" },
            },
            "required": ["nombre", "clase", "compras", "antiguedad"],
            "additionalProperties": false,
        })
    );
    let outcome = &operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["outcome"];
    assert_eq!(outcome["properties"]["porcentaje"]["type"], "number");
    assert!(operation["responses"]["422"].is_object());
    assert!(document["paths"]["/v1/decisions/taller.descuento/rebaja:batch"]["post"].is_object());
}

#[tokio::test]
async fn every_example_is_true() {
    let bench = Bench::new();
    let document = bench.get("/v1/openapi.json").await.json();
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let example = &item["post"]["requestBody"]["content"]["application/json"]["examples"]["caso"]["value"];
        if example.is_null() {
            continue;
        }
        let answered = bench.post(path, &[], example.to_string()).await;
        let promised = &item["post"]["responses"]["200"]["content"]["application/json"]["example"];
        assert_eq!(answered.json()["outcome"], promised["outcome"], "{path}");
        tried += 1;
    }
    assert_eq!(tried, 2, "the cases ask two decisions of the version in force");
}

#[tokio::test]
async fn every_kind_of_problem_in_the_scripts_has_a_page() {
    let bench = Bench::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http");
    let scripts: String = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let kinds: BTreeSet<&str> = scripts.split('"').filter(|text| text.starts_with("/problems/")).collect();
    assert!(kinds.len() > 5);
    for kind in kinds {
        assert_eq!(bench.get(kind).await.status.as_u16(), 200, "{kind}");
    }
}

#[tokio::test]
async fn pages_tell_people_what_there_is_without_loading_anything() {
    let bench = Bench::new();
    for (path, words) in [
        ("/", vec!["lang=\"es\"", "taller.descuento", "Rebaja que corresponde"]),
        ("/docs", vec!["comun.figuras"]),
        (
            "/docs/taller.descuento",
            vec![
                "Acuerdo 7, art. 4",
                "cliente.antiguedad",
                "curl",
                "&quot;compras&quot;:220000",
                "socio frecuente",
                "Base legal",
            ],
        ),
        ("/docs/comun.figuras", vec!["Figuras comunes"]),
    ] {
        let answered = bench.get(path).await;
        let html = answered.text();
        assert!(answered.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
        for word in words {
            assert!(html.contains(word), "{path} lacks {word}:\n{html}");
        }
        for outside in ["<script", "http://", "https://", "<img", "<link"] {
            assert!(!html.contains(outside), "{path} has {outside}");
        }
    }
    assert_eq!(bench.get("/docs/taller.nada").await.status.as_u16(), 404);
}

#[tokio::test]
async fn rulesets_and_decisions_are_listed() {
    let bench = Bench::new();
    let rulesets = bench.get("/v1/rulesets").await.json();
    let versions = rulesets["rulesets"][1]["versions"].as_array().unwrap();
    let told: Vec<(&str, &str, bool)> = versions
        .iter()
        .map(|version| {
            (
                version["version"].as_str().unwrap(),
                version["file"].as_str().unwrap(),
                version["serves"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [("2025.1", "taller/descuento_2025.regla", true), ("2026.1", "taller/descuento_2026.regla", true)]
    );
    let decisions = bench.get("/v1/decisions").await.json();
    let names: Vec<&str> =
        decisions["decisions"].as_array().unwrap().iter().map(|one| one["decision"].as_str().unwrap()).collect();
    assert_eq!(names, ["compras_en_puntos", "rebaja", "por_anio"]);
    assert_eq!(decisions["decisions"][1]["inputs"], serde_json::json!(["cliente"]));
}

#[tokio::test]
async fn rulesets_with_errors_are_reported_and_the_others_serve() {
    let texts = [
        ("bien.regla", "reglas bien\n\ndecision uno : numero = 1\n"),
        ("mal.regla", "reglas mal\n\ndecision uno : numero = dos\n"),
    ];
    for (strict, status) in [(false, 200), (true, 503)] {
        let bench = Bench::with(Catalogue::from_texts(&texts), HttpSettings { strict, ..HttpSettings::default() });
        let ready = bench.get("/health/ready").await;
        assert_eq!((ready.status.as_u16(), &ready.json()["errors_count"]), (status, &1.into()));
        assert!(ready.json()["errors"][0]["place"].as_str().unwrap().starts_with("mal.regla:3:"), "{}", ready.text());
        assert_eq!(bench.post("/v1/decisions/bien/uno", &[], r#"{"input":{}}"#).await.status.as_u16(), 200);
        let broken = bench.post("/v1/decisions/mal/uno", &[], r#"{"input":{}}"#).await;
        assert_eq!((broken.status.as_u16(), &broken.json()["type"]), (503, &"/problems/unavailable".into()));
    }
}

#[tokio::test]
async fn health_and_metrics_tell_what_happened() {
    let bench = Bench::with(Catalogue::load(&[support::rulesets()], &LoadLimits::default()), HttpSettings::default());
    let path = "/v1/decisions/taller.descuento/rebaja";
    bench.post(path, &[], r#"{"input":{"puntos":3},"as_of":"2025-12-31"}"#).await;
    bench.post(path, &[], r#"{"input":{"puntos":"x"},"as_of":"2025-12-31"}"#).await;
    let facts = r#"{"input":{"cliente":{"nombre":"Ana","clase":"socio","compras":220000,"antiguedad":3}},"as_of":"2026-03-01"}"#;
    bench.post(path, &[], facts).await;
    let metrics = bench.get("/metrics").await.text();
    for line in [
        "decisions_total{decision=\"rebaja\",result=\"ok\",ruleset=\"taller.descuento\"} 2",
        "decisions_total{decision=\"rebaja\",result=\"rejected\",ruleset=\"taller.descuento\"} 1",
        "errors_total{code=\"input-rejected\"} 1",
        "matched_rows_total{table=\"taller.descuento.rebaja\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} is missing in\n{metrics}");
    }
    assert_eq!(bench.get("/health/live").await.json()["status"], "live");
    assert_eq!(bench.get("/health/ready").await.json()["status"], "ready");
}

#[tokio::test]
async fn whoever_is_elsewhere_is_not_served() {
    let bench = Bench::new();
    let mut request = axum::http::Request::get("/v1/rulesets").body(axum::body::Body::empty()).unwrap();
    request.extensions_mut().insert(axum::extract::ConnectInfo(std::net::SocketAddr::from(([10, 0, 0, 1], 9))));
    let response = tower::ServiceExt::oneshot(bench.front.clone(), request).await.unwrap();
    assert_eq!(response.status().as_u16(), 403);
}

#[tokio::test]
async fn every_built_in_function_is_described_with_examples() {
    let bench = Bench::new();
    let document = bench.get("/v1/functions").await.json();
    let listed = document["functions"].as_array().unwrap();
    assert!(listed.len() > 80, "{} functions", listed.len());
    let html = bench.get("/functions").await.text();
    for function in listed {
        let name = function["name"].as_str().unwrap();
        assert!(!function["examples"].as_array().unwrap().is_empty(), "{name} has no example");
        assert!(!function["signatures"].as_array().unwrap().is_empty(), "{name} has no signature");
        assert!(html.contains(&format!("<code>{name}</code>")), "{name} is not on the page");
    }
}
