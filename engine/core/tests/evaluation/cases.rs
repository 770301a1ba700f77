//! Runs `cases/*.cases`: a line `expression => outcome` each, in native and in DMN mode.
//!
//! An outcome is a FEEL literal or the code of a failure. In DMN mode a failure is null, and anything else is the same,
//! unless `; dmn outcome` says otherwise. Lines before the cases add to the plan: `decision name = expression`,
//! `function name/parameters = expression`, `input name type = literal-or--`, `constraint text = (test …)`.

use dictamen_value::Type;

use crate::expressions::Expression;
use crate::plans::{Plans, literal};

/// What a file of cases starts from: what stands before its first case is added to it.
fn prepared(dmn_mode: bool) -> Plans {
    let mut plans = Plans::new();
    plans.plan.dmn_mode = dmn_mode;
    let number = Type::number();
    plans.parameter(
        "uvt",
        number.clone(),
        &[
            ("2026-01-01", None, Some("2025-12-15T00:00:00Z"), literal("52374")),
            ("2025-01-01", Some("2025-12-31"), None, literal("49799")),
            ("2024-01-01", Some("2024-12-31"), Some("2027-01-01T00:00:00Z"), literal("47065")),
            ("2020-01-01", Some("2020-12-31"), None, literal("null")),
        ],
    );
    plans.parameter("tope", number.optional(), &[("2020-01-01", None, None, literal("null"))]);
    plans
}

fn run_file(name: &str, text: &str) {
    for dmn_mode in [false, true] {
        let mut plans = prepared(dmn_mode);
        let mut cases = 0;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            let place = format!("{name}:{} (dmn: {dmn_mode})", number + 1);
            if line.is_empty() || line.starts_with("//") {
                continue;
            }
            if !declare(&mut plans, line) {
                run_case(&mut plans, line, dmn_mode, &place);
                cases += 1;
            }
        }
        assert!(cases > 0, "{name} has no cases");
    }
}

fn declare(plans: &mut Plans, line: &str) -> bool {
    let Some((head, body)) = line.split_once(" = ") else { return false };
    let words: Vec<&str> = head.split_whitespace().collect();
    match words.as_slice() {
        ["decision", name] => {
            plans.decision(name, Type::Any, body);
        }
        ["function", signature] => {
            let (name, parameters) = signature.split_once('/').unwrap();
            plans.function(name, parameters.parse().unwrap(), body);
        }
        ["constraint", text @ ..] => {
            let (negated, text) = match text {
                ["not", rest @ ..] => (true, rest.join(" ")),
                text => (false, text.join(" ")),
            };
            plans.constraint(&text, negated, body);
        }
        ["input", name, ..] => {
            let ty = head.splitn(3, ' ').nth(2).unwrap();
            let ty = plans.type_of(&Expression::parse(ty));
            plans.input(name, ty, (body.trim() != "-").then(|| literal(body.trim())));
        }
        _ => return false,
    }
    true
}

fn run_case(plans: &mut Plans, line: &str, dmn_mode: bool, place: &str) {
    let (body, expected) = line.split_once("=>").unwrap_or_else(|| panic!("{place}: no outcome"));
    let (native, dmn) = match expected.split_once("; dmn ") {
        Some((native, dmn)) => (native.trim(), dmn.trim()),
        None => (expected.trim(), if is_code(expected.trim()) { "null" } else { expected.trim() }),
    };
    let decision = plans.decision("caso", Type::Any, body);
    let outcome = match plans.run(decision) {
        Ok(value) => value.to_feel(),
        Err(failure) => {
            assert!(!failure.message.es.is_empty() && !failure.message.en.is_empty(), "{place}: no message");
            assert_eq!(failure.path.first().map(|name| &**name), Some("reglas.caso"), "{place}: path");
            failure.code.to_string()
        }
    };
    assert_eq!(outcome, if dmn_mode { dmn } else { native }, "{place}: {body}");
}

fn is_code(text: &str) -> bool {
    let codes = ["evaluacion.", "tabla.", "parametro.", "limite.", "funcion.", "plan."];
    codes.iter().any(|family| text.starts_with(family))
}

macro_rules! files {
    ($($name:ident),*) => {
        $(#[test]
        fn $name() {
            let name = concat!(stringify!($name), ".cases");
            run_file(name, include_str!(concat!("cases/", stringify!($name), ".cases")));
        })*
    };
}

files!(arithmetic, comparisons, logic, access, membership, iteration, construction, calls, decisions, tables, typing);
