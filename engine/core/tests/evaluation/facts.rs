//! Facts from JSON: what is accepted, every error with its pointer, and the round trip.

use dictamen_core::{FactError, Facts, Limits, Nothing, evaluate, read_facts};
use dictamen_plan::Plan;
use dictamen_value::{Date, DateTime, DaysDuration, MonthsDuration, Number, Time, Type, Value};
use proptest::prelude::*;

use crate::expressions::Expression;
use crate::plans::Plans;

const PERSON: &str = "(named Contribuyente (record (nit (named Nit text 0)) (tipo (choice \"natural\" \"juridica\"))
    (ingresos (named Ingresos number 1)) (sedes (optional integer)) (apodo (optional text))) -)";

/// A plan with an input of every type; the decision needs some of them.
fn plan(dmn_mode: bool) -> Plan {
    let mut plans = Plans::new();
    plans.plan.dmn_mode = dmn_mode;
    plans.constraint("string length(?) <= 9", false, "((when (le (builtin \"string length\" 0 %0) 9)))");
    plans.constraint(">= 0", false, "((ge 0))");
    plans.constraint("not(0)", true, "((eq 0))");
    plans.constraint("1 / ? > 0", false, "((when (gt (div 1 %0) 0)))");
    for (name, ty) in [
        ("persona", PERSON),
        ("fecha", "date"),
        ("nota", "(optional text)"),
        ("numeros", "(list number)"),
        ("entero", "integer"),
        ("si", "boolean"),
        ("hora", "time"),
        ("momento", "date-time"),
        ("dias", "days"),
        ("meses", "months"),
        ("rango", "(range number)"),
        ("rango_fechas", "(range date)"),
        ("rango_textos", "(range text)"),
        ("nivel", "(choice 1 2 3)"),
        ("dia", "(choice @2026-01-01 @2026-02-01)"),
        ("bandera", "(choice true)"),
        ("no_cero", "(named NoCero number 2)"),
        ("inverso", "(named Inverso number 3)"),
        ("algo", "any"),
        ("a/b~c", "(optional (record (d/e number)))"),
        ("lista_opcional", "(list (optional number))"),
        ("gente", "(list (record (nombre text) (edad (optional number))))"),
        ("funcion", "null"),
    ] {
        let ty = plans.type_of(&Expression::parse(ty));
        plans.input(name, ty, None);
    }
    plans.decision("d", Type::Any, "$persona");
    plans.plan.decisions[0].needs = vec![0, 1, 2];
    plans.plan
}

/// Blocks of a case file: `== title`, JSON, and lines `-> pointer code` or `-> ok`; `\xNN` in JSON writes a byte.
fn cases(text: &str) -> Vec<(&str, Vec<u8>, Vec<&str>)> {
    let blocks = text.split("\n== ").skip(1).map(|block| {
        let (title, rest) = block.split_once('\n').unwrap();
        let json: Vec<&str> = rest.lines().filter(|line| !line.starts_with("-> ") && !line.starts_with("//")).collect();
        let expected = rest.lines().filter_map(|line| line.strip_prefix("-> ")).collect();
        (title, bytes(json.join("\n").trim()), expected)
    });
    blocks.collect()
}

fn bytes(json: &str) -> Vec<u8> {
    let mut parts = json.split("\\x");
    let mut out = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        out.push(u8::from_str_radix(&part[..2], 16).unwrap());
        out.extend_from_slice(&part.as_bytes()[2..]);
    }
    out
}

fn shown(error: &FactError) -> String {
    let pointer = if error.pointer.is_empty() { "(todo)" } else { &error.pointer };
    format!("{pointer} {}", error.code)
}

fn run(text: &str, dmn_mode: bool) {
    let plan = plan(dmn_mode);
    let cases = cases(text);
    assert!(cases.len() > 3);
    for (title, json, expected) in cases {
        let outcome = read_facts(&plan, 0, &json);
        let found = match &outcome {
            Ok(_) => vec!["ok".to_owned()],
            Err(errors) => errors.iter().map(shown).collect(),
        };
        assert_eq!(found, expected, "{title}: {outcome:#?}");
        for error in outcome.as_ref().err().into_iter().flatten() {
            assert!(!error.message.es.is_empty() && error.message.es != error.message.en, "{title}: {error:?}");
            assert!(error.message.es.chars().count() < 600, "{title}: {error:?}");
        }
        if let Ok(facts) = outcome {
            let canonical = facts.to_json(&plan);
            let again = read_facts(&plan, 0, &canonical).unwrap();
            assert_eq!(again, facts, "{title}");
            assert_eq!(again.to_json(&plan), canonical, "{title}");
        }
    }
}

#[test]
fn facts_are_read_and_errors_are_told_by_pointer() {
    run(include_str!("facts/native.cases"), false);
}

#[test]
fn in_dmn_mode_anything_may_be_absent() {
    run(include_str!("facts/dmn.cases"), true);
}

#[test]
fn messages_say_what_was_expected_and_what_came() {
    let plan = plan(false);
    for (json, parts) in [
        (r#"{"persona": 5}"#, vec!["Contribuyente", "un objeto", "5"]),
        (r#"{"perzona": 5}"#, vec!["\"perzona\"", "¿quiso decir \"persona\"?"]),
        (r#"{"zzz": 5}"#, vec!["\"zzz\"", "\"persona\", \"fecha\""]),
        (r#"{"fecha": "2026-02-30"}"#, vec!["30", "febrero de 2026"]),
        (r#"{"entero": 1.5}"#, vec!["entero", "1.5"]),
        (r#"{"nivel": 4}"#, vec!["1 | 2 | 3", "4"]),
        (r#"{"no_cero": 0}"#, vec!["not(0)", "0"]),
        (r#"{"inverso": 0}"#, vec!["1 / ? > 0", "división por cero"]),
        ("{\n \"fecha\": \"2026-01-01\",\n \"si\": tru\n}", vec!["línea 3"]),
        (r#"{"fecha": null}"#, vec!["null", "fecha"]),
    ] {
        let errors = read_facts(&plan, 0, json.as_bytes()).unwrap_err();
        for part in parts {
            assert!(errors[0].message.es.contains(part), "{json}: {part}: {}", errors[0].message);
        }
    }
    let errors = read_facts(&plan, 0, br#"{"persona": {"tipo": "naturl"}}"#).unwrap_err();
    assert_eq!(errors[0].received.as_deref(), Some("\"naturl\""));
    assert_eq!(errors[0].expected.as_ref().unwrap().es, "\"natural\" | \"juridica\"");
    assert!(errors[0].message.en.contains("did you mean \"natural\"?"), "{}", errors[0].message.en);
}

#[test]
fn errors_values_and_depth_are_bounded() {
    let plan = plan(false);
    let many = format!("{{\"numeros\": [{}]}}", vec!["\"x\""; 500].join(","));
    assert_eq!(read_facts(&plan, 0, many.as_bytes()).unwrap_err().len(), 100);
    // The hundredth is the first of two facts that are missing.
    let nearly = format!("{{\"numeros\": [{}]}}", vec!["\"x\""; 99].join(","));
    assert_eq!(read_facts(&plan, 0, nearly.as_bytes()).unwrap_err().len(), 100);
    let deep = format!("{{\"algo\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read_facts(&plan, 0, deep.as_bytes()).unwrap_err()[0].code, "hechos.demasiado-profundo");
    let deep = format!("{{\"algo\": {}1{}}}", "{\"a\":".repeat(200), "}".repeat(200));
    assert_eq!(read_facts(&plan, 0, deep.as_bytes()).unwrap_err()[0].code, "hechos.demasiado-profundo");
    let deep_unknown = format!("{{\"otro\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read_facts(&plan, 0, deep_unknown.as_bytes()).unwrap_err()[0].code, "hechos.demasiado-profundo");
    let long = format!("{{\"algo\": [{}]}}", vec!["1"; 2_100_000].join(","));
    assert_eq!(read_facts(&plan, 0, long.as_bytes()).unwrap_err()[0].code, "hechos.demasiados-valores");
    let large = format!("{{\"nota\": \"{}\"}}", "a".repeat(65 * 1024 * 1024));
    assert_eq!(read_facts(&plan, 0, large.as_bytes()).unwrap_err()[0].code, "hechos.demasiados-bytes");
    let wide: Vec<String> = (0..200_000).map(|n| format!("\"k{n}\":{n}")).collect();
    let wide = format!("{{\"algo\": {{{}}}}}", wide.join(","));
    let missing: Vec<_> = read_facts(&plan, 0, wide.as_bytes()).unwrap_err().iter().map(shown).collect();
    assert_eq!(missing, ["/persona hechos.falta", "/fecha hechos.falta"]);
    let digits = format!("{{\"algo\": {}}}", "1".repeat(10_000));
    assert!(read_facts(&plan, 0, digits.as_bytes()).is_err());
}

#[test]
fn records_keep_the_order_of_their_type_whatever_the_order_of_the_json() {
    let plan = plan(false);
    let read = |json: &str| read_facts(&plan, 0, json.as_bytes()).unwrap().to_json(&plan);
    let first =
        read(r#"{"fecha": "2026-01-01", "persona": {"nit": "1", "tipo": "natural", "ingresos": 5.00, "sedes": null}}"#);
    let second = read(r#"{"persona": {"ingresos": 5, "tipo": "natural", "nit": "1"}, "fecha": "2026-01-01"}"#);
    assert_eq!(String::from_utf8(first.clone()).unwrap(), String::from_utf8(second).unwrap());
    let expected =
        r#"{"persona":{"nit":"1","tipo":"natural","ingresos":5,"sedes":null,"apodo":null},"fecha":"2026-01-01"}"#;
    assert_eq!(String::from_utf8(first).unwrap(), expected);
    let mut facts = Facts::new(&plan);
    let names = ["ingresos", "apodo", "nit", "tipo"];
    facts.set(0, Value::context(names.map(|name| (name, Value::text(name)))));
    let json = String::from_utf8(facts.to_json(&plan)).unwrap();
    assert_eq!(json, r#"{"persona":{"nit":"nit","tipo":"tipo","ingresos":"ingresos","sedes":null,"apodo":"apodo"}}"#);
}

#[test]
fn facts_reach_the_decision() {
    let mut plans = Plans::new();
    plans.plan = plan(false);
    let json = br#"{"persona": {"nit": "9", "tipo": "juridica", "ingresos": 1e3}, "fecha": "2026-01-01"}"#;
    let facts = read_facts(&plans.plan, 0, json).unwrap();
    let prepared = plans.prepared();
    let outcome = evaluate(&plans.request(&prepared, 0, Limits::default(), &facts), &mut Nothing).0.unwrap();
    assert_eq!(outcome.to_feel(), "{nit: \"9\", tipo: \"juridica\", ingresos: 1000, sedes: null, apodo: null}");
}

fn number() -> impl Strategy<Value = Value> {
    (any::<i64>(), -30i32..30).prop_filter_map("numbers that can be held", |(digits, exponent)| {
        Number::parse(&format!("{digits}E{exponent}")).ok().map(Value::from)
    })
}

fn date() -> impl Strategy<Value = Value> {
    (-800_000i64..2_000_000).prop_map(|day| Value::from(Date::from_day_number(day).unwrap()))
}

fn time() -> impl Strategy<Value = Time> {
    let zones = prop_oneof![Just(""), Just("Z"), Just("-05:00"), Just("+05:30"), Just("@America/Bogota")];
    (0u32..86_400, 0u32..1_000, zones).prop_map(|(second, milli, zone)| {
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
        Time::parse(&format!("{hour:02}:{minute:02}:{second:02}{fraction}{zone}")).unwrap()
    })
}

fn value_of(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::Any => any_value().boxed(),
        Type::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Type::Number { integer: true, .. } => any::<i64>().prop_map(Value::from).boxed(),
        Type::Number { .. } => number().boxed(),
        Type::Text => ".*".prop_map(Value::from).boxed(),
        Type::Date => date().boxed(),
        Type::Time => time().prop_map(Value::from).boxed(),
        Type::DateTime => (date(), time())
            .prop_map(|(date, time)| match date {
                Value::Date(date) => Value::from(DateTime::new(date, time)),
                other => other,
            })
            .boxed(),
        Type::DaysDuration => any::<i64>().prop_map(|s| Value::from(DaysDuration::from_seconds(s / 1_000))).boxed(),
        Type::MonthsDuration => any::<i32>().prop_map(|m| Value::from(MonthsDuration::from_months(m.into()))).boxed(),
        Type::Range(of) => range_of(of).boxed(),
        Type::List(of) => prop::collection::vec(value_of(of), 0..4).prop_map(Value::list).boxed(),
        Type::Choice(values) => prop::sample::select(values.to_vec()).boxed(),
        Type::Optional(of) => prop_oneof![Just(Value::Null), value_of(of)].boxed(),
        Type::Named(named) => value_of(&named.base),
        Type::Record(record) => {
            let fields: Vec<_> = record.fields.iter().map(|field| value_of(&field.ty)).collect();
            let names: Vec<_> = record.fields.iter().map(|field| field.name.clone()).collect();
            fields.prop_map(move |values| Value::context(names.iter().cloned().zip(values))).boxed()
        }
        Type::Null | Type::Function(_) => Just(Value::Null).boxed(),
    }
}

fn range_of(of: &Type) -> impl Strategy<Value = Value> + use<> {
    let end = value_of(of);
    (end.clone(), end, any::<bool>(), any::<bool>(), 0..3).prop_map(|(low, high, low_closed, high_closed, missing)| {
        match missing {
            0 => Value::range(Value::Null, false, high, high_closed),
            1 => Value::range(low, low_closed, Value::Null, false),
            _ => Value::range(low, low_closed, high, high_closed),
        }
    })
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number(), ".*".prop_map(Value::from)];
    leaf.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::list),
            prop::collection::btree_map(".{0,8}", inner, 0..4).prop_map(Value::context),
        ]
    })
}

/// Inputs without constraints, with values for some of them.
fn given(plan: &Plan) -> impl Strategy<Value = Vec<Option<Value>>> + use<> {
    let one = |input: &dictamen_plan::Input| match &*input.name {
        "fecha" => value_of(&input.ty).prop_map(Some).boxed(),
        "no_cero" | "inverso" => Just(None).boxed(),
        "persona" => {
            let person = ("[0-9]{1,9}", 0u32..9, prop::option::of(any::<i64>()), prop::option::of(".*"));
            let named = |(nit, income, sites, nick): (String, u32, Option<i64>, Option<String>)| {
                Value::context([
                    ("nit", Value::from(nit)),
                    ("tipo", Value::from("natural")),
                    ("ingresos", Value::from(income)),
                    ("sedes", sites.map_or(Value::Null, Value::from)),
                    ("apodo", nick.map_or(Value::Null, Value::from)),
                ])
            };
            person.prop_map(named).prop_map(Some).boxed()
        }
        _ => prop::option::of(value_of(&input.ty)).boxed(),
    };
    plan.inputs.iter().map(one).collect::<Vec<_>>()
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(values in given(&plan(false))) {
        let plan = plan(false);
        let mut facts = Facts::new(&plan);
        for (id, value) in values.into_iter().enumerate() {
            if let Some(value) = value {
                facts.set(u32::try_from(id).unwrap(), value);
            }
        }
        let json = facts.to_json(&plan);
        let again = read_facts(&plan, 0, &json);
        prop_assert_eq!(again.as_ref(), Ok(&facts), "{}", String::from_utf8_lossy(&json));
        prop_assert_eq!(again.unwrap().to_json(&plan), json);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_facts(&plan(false), 0, &bytes);
    }

    #[test]
    fn nearly_right_bytes_never_panic(values in given(&plan(false)), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5), dmn_mode: bool) {
        let plan = plan(dmn_mode);
        let mut facts = Facts::new(&plan);
        for (id, value) in values.into_iter().enumerate() {
            if let Some(value) = value {
                facts.set(u32::try_from(id).unwrap(), value);
            }
        }
        let mut json = facts.to_json(&plan);
        for (place, byte) in changes {
            let place = place.index(json.len());
            json[place] = byte;
        }
        let _ = read_facts(&plan, 0, &json);
    }
}
