//! Values: FEEL equality, order and arithmetic, literals, types, JSON, and serialised forms that come back unchanged.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

use std::cmp::Ordering;
use std::sync::Arc;

use dictamen_value::{
    Date, DateTime, DaysDuration, Field, FunctionTarget, FunctionValue, MonthsDuration, NamedType, Number, NumberError,
    Range, RecordType, Time, Type, Unit, Value,
};
use proptest::prelude::*;

fn n(text: &str) -> Value {
    Value::from(Number::parse(text).unwrap())
}

fn t(text: &str) -> Value {
    Value::text(text)
}

fn date(text: &str) -> Value {
    Value::from(Date::parse(text).unwrap())
}

fn time(text: &str) -> Value {
    Value::from(Time::parse(text).unwrap())
}

fn moment(text: &str) -> Value {
    Value::from(DateTime::parse(text).unwrap())
}

fn days(text: &str) -> Value {
    Value::from(DaysDuration::parse(text).unwrap())
}

fn months(text: &str) -> Value {
    Value::from(MonthsDuration::parse(text).unwrap())
}

fn list(elements: impl IntoIterator<Item = Value>) -> Value {
    Value::list(elements.into_iter().collect())
}

fn context<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::context(entries)
}

fn closed(low: Value, high: Value) -> Value {
    Value::range(low, true, high, true)
}

fn function(number: u32) -> Value {
    Value::from(FunctionValue { target: FunctionTarget::Lambda(number), captured: vec![n("1")] })
}

/// One value of each kind.
fn kinds() -> Vec<Value> {
    vec![
        Value::Null,
        Value::from(true),
        n("1"),
        t("a"),
        date("2026-01-31"),
        time("10:00:00Z"),
        moment("2026-01-31T10:00:00-05:00"),
        days("P1D"),
        months("P1M"),
        closed(n("1"), n("5")),
        list([n("1")]),
        context([("a", n("1"))]),
        function(1),
    ]
}

#[test]
fn values_are_small() {
    assert!(size_of::<Value>() <= 24, "{}", size_of::<Value>());
    assert_eq!(size_of::<Option<Value>>(), size_of::<Value>());
    assert_eq!(size_of::<Number>(), 16);
    assert_eq!(size_of::<Result<Number, NumberError>>(), 16);
}

#[test]
fn kinds_are_equal_to_themselves_alone() {
    for (position, left) in kinds().iter().enumerate() {
        for (other, right) in kinds().iter().enumerate() {
            let expected = match (position == other, left.is_null() || right.is_null()) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            };
            assert_eq!(left.equal(right), expected, "{left} = {right}");
            assert_eq!(left == right, position == other);
            let ordered = (2..=8).contains(&position);
            let expected = (position == other && ordered).then_some(Ordering::Equal);
            assert_eq!(left.order(right), expected, "{left} < {right}");
        }
    }
}

#[test]
fn equality_looks_inside_and_at_moments() {
    for (left, right, expected) in [
        (n("1.0"), n("1.00"), Some(true)),
        (t("a"), t("á"), Some(false)),
        (time("10:00:00Z"), time("11:00:00+01:00"), Some(true)),
        (time("10:00:00Z"), time("10:00:00"), Some(false)),
        (moment("2026-01-01T00:00:00Z"), moment("2025-12-31T19:00:00-05:00"), Some(true)),
        (list([n("1"), n("2")]), list([n("1"), n("2")]), Some(true)),
        (list([n("1"), n("2")]), list([n("2"), n("1")]), Some(false)),
        (list([n("1")]), list([n("1"), n("2")]), Some(false)),
        (list([n("1")]), list([t("1")]), None),
        (list([n("1"), n("2")]), list([t("1"), n("3")]), Some(false)),
        (list([Value::Null]), list([n("1")]), Some(false)),
        (list([]), list([]), Some(true)),
        (context([("a", n("1")), ("b", n("2"))]), context([("b", n("2")), ("a", n("1"))]), Some(true)),
        (context([("a", n("1"))]), context([("b", n("1"))]), Some(false)),
        (context([("a", n("1"))]), context([("a", t("1"))]), None),
        (context([("a", n("1"))]), context([]), Some(false)),
        (closed(n("1"), n("5")), closed(n("1.0"), n("5")), Some(true)),
        (closed(n("1"), n("5")), Value::range(n("1"), false, n("5"), true), Some(false)),
        (closed(n("1"), n("5")), closed(t("a"), t("b")), None),
    ] {
        assert_eq!(left.equal(&right), expected, "{left} = {right}");
        assert_eq!(right.equal(&left), expected, "{right} = {left}");
    }
}

#[test]
fn ranges_contain_what_lies_between_their_ends() {
    let open = |low: &str, high: &str| Range { low: n(low), low_closed: false, high: n(high), high_closed: false };
    let from = |low: &str| Range { low: n(low), low_closed: true, high: Value::Null, high_closed: false };
    let whole = |low: &str, high: &str| Range { low: n(low), low_closed: true, high: n(high), high_closed: true };
    for (range, value, expected) in [
        (whole("1", "5"), n("1"), Some(true)),
        (whole("1", "5"), n("5"), Some(true)),
        (whole("1", "5"), n("5.1"), Some(false)),
        (whole("5", "1"), n("3"), Some(false)),
        (open("1", "5"), n("1"), Some(false)),
        (open("1", "5"), n("3"), Some(true)),
        (open("1", "5"), n("5"), Some(false)),
        (from("1"), n("1E+100"), Some(true)),
        (from("1"), n("0"), Some(false)),
        (whole("1", "5"), t("3"), None),
        (whole("1", "5"), Value::Null, None),
        (Range { low: Value::Null, low_closed: false, high: Value::Null, high_closed: false }, n("1"), None),
    ] {
        assert_eq!(range.contains(&value), expected, "{value} in {range}");
    }
}

#[test]
fn arithmetic_follows_the_tables_of_dmn() {
    type Operation = fn(&Value, &Value) -> Result<Value, dictamen_value::Message>;
    let cases: [(Operation, Value, Value, Value); 29] = [
        (Value::add, n("0.1"), n("0.2"), n("0.3")),
        (Value::add, t("a"), t("b"), t("ab")),
        (Value::add, days("P1D"), days("PT1H"), days("P1DT1H")),
        (Value::add, months("P1Y"), months("P1M"), months("P13M")),
        (Value::add, date("2026-01-31"), months("P1M"), date("2026-02-28")),
        (Value::add, months("P1M"), date("2026-01-31"), date("2026-02-28")),
        (Value::add, date("2026-01-31"), days("P1D"), date("2026-02-01")),
        (Value::add, days("P1D"), date("2026-01-31"), date("2026-02-01")),
        (Value::add, moment("2026-01-31T23:00:00Z"), days("PT2H"), moment("2026-02-01T01:00:00Z")),
        (Value::add, moment("2026-01-31T23:00:00Z"), months("P1M"), moment("2026-02-28T23:00:00Z")),
        (Value::add, time("23:00:00"), days("PT2H"), time("01:00:00")),
        (Value::subtract, n("1"), n("3"), n("-2")),
        (Value::subtract, date("2026-03-01"), date("2026-02-01"), days("P28D")),
        (Value::subtract, date("2026-03-01"), moment("2026-02-28T12:00:00Z"), days("PT12H")),
        (Value::subtract, moment("2026-02-28T12:00:00Z"), date("2026-03-01"), days("-PT12H")),
        (Value::subtract, moment("2026-01-02T00:00:00Z"), moment("2026-01-01T00:00:00Z"), days("P1D")),
        (Value::subtract, time("10:00:00Z"), time("10:00:00-05:00"), days("-PT5H")),
        (Value::subtract, date("2026-03-31"), months("P1M"), date("2026-02-28")),
        (Value::subtract, time("01:00:00"), days("PT2H"), time("23:00:00")),
        (Value::subtract, days("P1D"), days("PT1H"), days("PT23H")),
        (Value::multiply, n("1.1"), n("1.1"), n("1.21")),
        (Value::multiply, days("P1D"), n("0.5"), days("PT12H")),
        (Value::multiply, n("2"), months("P7M"), months("P1Y2M")),
        (Value::divide, n("1"), n("8"), n("0.125")),
        (Value::divide, days("P1D"), n("2"), days("PT12H")),
        (Value::divide, days("P1D"), days("PT8H"), n("3")),
        (Value::divide, months("P1Y"), months("P5M"), n("2.4")),
        (Value::divide, months("P1Y"), n("5"), months("P2M")),
        (Value::power, n("-3"), n("2"), n("9")),
    ];
    for (operation, left, right, expected) in cases {
        assert_eq!(operation(&left, &right), Ok(expected), "{left} and {right}");
    }
    assert_eq!(n("5").negate(), Ok(n("-5")));
    assert_eq!(days("P1D").negate(), Ok(days("-P1D")));
}

#[test]
fn arithmetic_that_makes_no_sense_says_what_came() {
    for (result, expected) in [
        (n("1").add(&t("a")), "no se puede sumar (+) con número a la izquierda y texto a la derecha"),
        (Value::Null.add(&n("1")), "no se puede sumar (+) con nulo a la izquierda y número a la derecha"),
        (
            date("2026-01-01").add(&date("2026-01-01")),
            "no se puede sumar (+) con fecha a la izquierda y fecha a la derecha",
        ),
        (time("10:00:00").add(&months("P1M")), "no se puede sumar (+) con hora a la izquierda y duración en meses"),
        (days("P1D").add(&months("P1M")), "no se puede sumar (+) con duración en días a la izquierda"),
        (days("P1D").subtract(&date("2026-01-01")), "no se puede restar (-) con duración en días a la izquierda"),
        (t("a").subtract(&t("a")), "no se puede restar (-) con texto a la izquierda"),
        (days("P1D").multiply(&days("P1D")), "no se puede multiplicar (*)"),
        (n("1").divide(&days("P1D")), "no se puede dividir (/)"),
        (t("2").power(&n("2")), "no se puede elevar (**)"),
        (t("2").negate(), "no se puede cambiar el signo de texto"),
        (n("1").divide(&n("0")), "división por cero"),
        (days("P1D").divide(&days("PT0S")), "división por cero"),
        (time("10:00:00").subtract(&time("10:00:00Z")), "una de las horas tiene zona o desfase y la otra no"),
        (n("9E+6144").add(&n("9E+6144")), "el número queda fuera del rango"),
    ] {
        let message = result.unwrap_err();
        assert!(message.es.contains(expected), "{}", message.es);
        assert!(!message.en.is_empty() && message.en != message.es);
    }
}

#[test]
fn properties_are_read_by_their_feel_names() {
    for (value, name, expected) in [
        (date("2026-01-31"), "weekday", Some(n("6"))),
        (date("2026-01-31"), "hour", None),
        (moment("2026-01-31T10:20:30.5-05:00"), "year", Some(n("2026"))),
        (moment("2026-01-31T10:20:30.5-05:00"), "second", Some(n("30"))),
        (moment("2026-01-31T10:20:30.5-05:00"), "time offset", Some(days("-PT5H"))),
        (time("10:20:30@America/Bogota"), "timezone", Some(t("America/Bogota"))),
        (time("10:20:30"), "time offset", Some(Value::Null)),
        (time("10:20:30@America/Bogota"), "time offset", Some(days("-PT5H"))),
        (time("10:20:30@Europe/Paris"), "time offset", Some(Value::Null)),
        (moment("2026-07-01T10:20:30@Europe/Paris"), "time offset", Some(days("PT2H"))),
        (moment("2026-07-01T10:20:30@Europe/Paris"), "timezone", Some(t("Europe/Paris"))),
        (moment("2026-07-01T10:20:30Z"), "timezone", Some(Value::Null)),
        (days("P1DT2H3M4S"), "hours", Some(n("2"))),
        (days("P1DT2H3M4S"), "years", None),
        (months("-P1Y2M"), "months", Some(n("-2"))),
        (closed(n("1"), n("5")), "start", Some(n("1"))),
        (closed(n("1"), n("5")), "end included", Some(Value::from(true))),
        (context([("a b", n("1"))]), "a b", Some(n("1"))),
        (n("1"), "year", None),
    ] {
        assert_eq!(value.property(name), expected, "{value}.{name}");
    }
}

#[test]
fn literals_are_feel() {
    for (value, expected) in [
        (Value::Null, "null"),
        (Value::from(false), "false"),
        (n("-1.50"), "-1.5"),
        (t("a \"b\" \\ \n\t\u{1}ñ"), r#""a \"b\" \\ \n\t\u0001ñ""#),
        (date("2026-01-31"), "date(\"2026-01-31\")"),
        (time("10:00:00Z"), "time(\"10:00:00Z\")"),
        (moment("2026-01-31T10:00:00-05:00"), "date and time(\"2026-01-31T10:00:00-05:00\")"),
        (days("P1D"), "duration(\"P1D\")"),
        (months("P1Y2M"), "duration(\"P1Y2M\")"),
        (closed(n("1"), n("5")), "[1..5]"),
        (Value::range(n("1"), false, n("5"), false), "(1..5)"),
        (Value::range(n("1"), true, Value::Null, false), "(>=1)"),
        (Value::range(Value::Null, false, date("2026-01-31"), false), "(<date(\"2026-01-31\"))"),
        (list([]), "[]"),
        (list([n("1"), t("a"), list([Value::Null])]), "[1, \"a\", [null]]"),
        (context([]), "{}"),
        (
            context([("año", n("1")), ("b c", n("2")), ("if", n("3")), ("4", n("4"))]),
            "{año: 1, \"b c\": 2, \"if\": 3, \"4\": 4}",
        ),
        (function(1), "function(…)"),
    ] {
        assert_eq!(value.to_feel(), expected);
    }
}

#[test]
fn every_byte_of_a_text_is_escaped_wherever_it_stands() {
    for (code, place) in (0..=0x7F_u8).flat_map(|code| (0..20).map(move |place| (code, place))) {
        let text = format!("{}{}{}", "ñ".repeat(place / 2), "x".repeat(place % 2 + 1), char::from(code)) + "tail";
        assert_eq!(t(&text).to_json(), serde_json::to_string(&text).unwrap());
    }
}

#[test]
fn json_is_compact_and_deterministic() {
    for (value, expected) in [
        (Value::Null, "null"),
        (n("1E+300"), "1E+300"),
        (n("0.10"), "0.1"),
        (t("a\"\\/\n\r\t\u{8}\u{c}\u{1}\u{7f}ñ"), "\"a\\\"\\\\/\\n\\r\\t\\b\\f\\u0001\u{7f}ñ\""),
        (t("una frase larga, sin nada que escapar"), "\"una frase larga, sin nada que escapar\""),
        (t("doce letras\"y comillas\ten medio\\"), "\"doce letras\\\"y comillas\\ten medio\\\\\""),
        (date("2026-01-31"), "\"2026-01-31\""),
        (date("0001-12-01"), "\"0001-12-01\""),
        (date("9999-12-31"), "\"9999-12-31\""),
        (date("12345-01-31"), "\"12345-01-31\""),
        (date("-0001-01-31"), "\"-0001-01-31\""),
        (moment("2026-01-31T10:00:00-05:00"), "\"2026-01-31T10:00:00-05:00\""),
        (days("P1DT2H"), "\"P1DT2H\""),
        (closed(t("a"), t("b")), r#""[\"a\"..\"b\"]""#),
        (function(1), "null"),
        (context([("b", n("1")), ("a", list([Value::from(true), context([])]))]), r#"{"b":1,"a":[true,{}]}"#),
    ] {
        assert_eq!(value.to_json(), expected);
    }
    let (one, other) = (
        context([("b", n("1")), ("a", context([("z", n("1")), ("ñ", n("2")), ("B", n("3"))]))]),
        context([("a", context([("ñ", n("2")), ("B", n("3")), ("z", n("1"))])), ("b", n("1"))]),
    );
    let canonical = |value: &Value| {
        let mut out = Vec::new();
        value.write_canonical_json(&mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(canonical(&one), r#"{"a":{"B":3,"z":1,"ñ":2},"b":1}"#);
    assert_eq!(canonical(&one), canonical(&other));
}

fn record(fields: &[(&str, Type)]) -> Type {
    let field = |(name, ty): &(&str, Type)| Field { name: Arc::from(*name), ty: ty.clone() };
    Type::Record(Arc::new(RecordType { fields: fields.iter().map(field).collect() }))
}

fn money() -> Type {
    Type::Number { integer: false, unit: Unit::base("COP") }
}

fn codes() -> Type {
    Type::Choice(Arc::from([t("48"), t("49")]))
}

#[test]
fn values_fit_types() {
    let person = record(&[("nit", Type::Text), ("apodo", Type::Text.optional())]);
    let named =
        Type::Named(Arc::new(NamedType { name: Some(Arc::from("Nit")), base: Type::Text, constraint: Some(0) }));
    for (value, ty, expected) in [
        (n("1.5"), Type::number(), true),
        (n("1.5"), Type::integer(), false),
        (n("1E+3"), Type::integer(), true),
        (n("1.5"), money(), true),
        (t("1"), Type::number(), false),
        (Value::Null, Type::Text, false),
        (Value::Null, Type::Text.optional(), true),
        (t("a"), Type::Text.optional(), true),
        (n("1"), Type::Text.optional(), false),
        (Value::Null, Type::Any, true),
        (t("48"), codes(), true),
        (t("50"), codes(), false),
        (t("x"), named, true),
        (list([n("1"), n("2")]), Type::list(Type::integer()), true),
        (list([n("1"), Value::Null]), Type::list(Type::integer()), false),
        (list([]), Type::list(Type::Text), true),
        (closed(n("1"), Value::Null), Type::Range(Box::new(Type::number())), true),
        (closed(t("1"), Value::Null), Type::Range(Box::new(Type::number())), false),
        (context([("nit", t("1"))]), person.clone(), true),
        (context([("apodo", t("1")), ("nit", t("1"))]), person.clone(), true),
        (context([("nit", t("1")), ("apodo", Value::Null)]), person.clone(), true),
        (context([("apodo", t("1"))]), person.clone(), false),
        (context([("nit", t("1")), ("otro", t("1"))]), person.clone(), false),
        (list([]), person, false),
    ] {
        assert_eq!(value.fits(&ty), expected, "{value} as {ty}");
    }
}

#[test]
fn kinds_fit_their_own_type_alone() {
    for (position, value) in kinds().iter().enumerate() {
        for (other, of) in kinds().iter().enumerate() {
            assert_eq!(value.fits(&of.type_of()), position == other, "{value} as {}", of.type_of());
        }
        assert_ne!(value.type_name().es, "", "{value}");
    }
}

#[test]
fn lists_have_the_type_that_their_elements_share() {
    for (value, expected) in [
        (list([n("1"), n("2.5")]), "lista de numero"),
        (list([n("1"), t("a")]), "lista de cualquiera"),
        (list([n("1"), Value::Null]), "lista de numero?"),
        (list([Value::Null]), "lista de nulo"),
        (list([]), "lista de cualquiera"),
        (list([list([t("a")])]), "lista de lista de texto"),
        (context([("a", n("1")), ("b", t("x"))]), "{ a: numero, b: texto }"),
        (closed(n("1"), Value::Null), "rango de numero?"),
    ] {
        assert_eq!(value.type_of().describe().es, expected, "{value}");
    }
}

#[test]
fn types_are_described_in_both_languages() {
    let rate = Unit::base("COP").over(&Unit::base("UVT"));
    for (ty, es, en) in [
        (Type::list(Type::Text), "lista de texto", "list of text"),
        (money(), "dinero", "money"),
        (Type::Number { integer: false, unit: Unit::base("UVT") }, "uvt", "uvt"),
        (Type::Number { integer: false, unit: rate }, "numero en COP/UVT", "number in COP/UVT"),
        (Type::Number { integer: true, unit: Unit::base("COP") }, "entero en COP", "integer in COP"),
        (Type::integer(), "entero", "integer"),
        (codes(), "\"48\" | \"49\"", "\"48\" | \"49\""),
        (codes().optional(), "(\"48\" | \"49\")?", "(\"48\" | \"49\")?"),
        (Type::Date.optional(), "fecha?", "date?"),
        (Type::list(Type::Date).optional(), "(lista de fecha)?", "(list of date)?"),
        (record(&[("a", Type::Boolean)]), "{ a: booleano }", "{ a: boolean }"),
        (Type::Range(Box::new(Type::Date)), "rango de fecha", "range of date"),
    ] {
        let described = ty.describe();
        assert_eq!((&*described.es, &*described.en), (es, en));
        assert_eq!(ty.to_string(), es);
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(|units| Value::from(Number::from_scaled(i128::from(units), -3).unwrap())),
        "[a-zñ\"\\\\\n ]{0,6}".prop_map(Value::from),
        (-800_000_i64..800_000).prop_map(|days| Value::from(Date::from_day_number(days).unwrap())),
        Just(time("10:00:00.5@America/Bogota")),
        Just(moment("2026-01-31T10:00:00-05:00")),
        any::<i32>().prop_map(|nanos| Value::from(DaysDuration::from_nanos(i128::from(nanos)).unwrap())),
        any::<i32>().prop_map(|months| Value::from(MonthsDuration::from_months(i64::from(months)))),
        Just(function(7)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::list),
            proptest::collection::btree_map("[a-z]{1,3}", inner.clone(), 0..4).prop_map(Value::context),
            (inner.clone(), inner, any::<bool>()).prop_map(|(low, high, closed)| Value::range(low, closed, high, true)),
        ]
    })
}

proptest! {
    #[test]
    fn serialised_values_come_back_unchanged(value in any_value()) {
        let text = serde_json::to_string(&value).unwrap();
        let back: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&back, &value);
        prop_assert_eq!(serde_json::to_string(&back).unwrap(), text);
        let ty = value.type_of();
        let back: Type = serde_json::from_str(&serde_json::to_string(&ty).unwrap()).unwrap();
        prop_assert_eq!(back, ty);
    }

    #[test]
    fn json_is_always_valid(value in any_value()) {
        let raw = serde_json::from_str::<&serde_json::value::RawValue>(&value.to_json()).map(|raw| raw.get().to_owned());
        prop_assert_eq!(raw.unwrap(), value.to_json());
    }

    #[test]
    fn equality_is_symmetric_and_agrees_with_order(left in any_value(), right in any_value()) {
        prop_assert_eq!(left.equal(&right), right.equal(&left));
        prop_assert_eq!(left.order(&right), right.order(&left).map(Ordering::reverse));
        if let Some(order) = left.order(&right) {
            prop_assert_eq!(left.equal(&right), Some(order.is_eq()));
        }
        prop_assert_eq!(left.equal(&left), Some(true));
    }
}
