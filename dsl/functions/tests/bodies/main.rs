//! Bodies run over tables of calls and results (`tests/cases`), the catalogue is complete, and limits hold.
//!
//! A line of a case file is `call => result`, where the result is a literal or `error` and a part of the Spanish message;
//! `error` alone means that no signature takes the arguments. `fn less` and the like are functions of the test's host.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

mod reader;

use std::collections::HashSet;

use dictamen_functions::{Entry, FunctionError, Host, Presence, all, find, names_with_spaces};
use dictamen_value::{FunctionTarget, FunctionValue, Value};

/// Runs the functions `less`, `greater`, `equal`, `always`, `number` and `stop`, and counts work.
#[derive(Default)]
struct TestHost {
    charged: usize,
    limit: Option<usize>,
}

impl Host for TestHost {
    fn call(&mut self, function: &FunctionValue, arguments: &[Value]) -> Result<Value, FunctionError> {
        let FunctionTarget::BuiltIn(name) = &function.target else { panic!("{function:?}") };
        let [left, right] = arguments else { panic!("{arguments:?}") };
        let ordered = |wanted: std::cmp::Ordering| {
            let order = left.order(right).ok_or_else(|| FunctionError::domain("no hay orden", "no order"))?;
            Ok(Value::from(order == wanted))
        };
        match &**name {
            "less" => ordered(std::cmp::Ordering::Less),
            "greater" => ordered(std::cmp::Ordering::Greater),
            "equal" => Ok(Value::from(left.same(right))),
            "shorter" => Ok(Value::from(left.as_text().unwrap().len() < right.as_text().unwrap().len())),
            "always" => Ok(Value::from(true)),
            "number" => Ok(Value::from(1)),
            "stop" => Err(FunctionError::Host),
            other => panic!("the test has no function {other}"),
        }
    }

    fn charge(&mut self, items: usize) -> Result<(), FunctionError> {
        self.charged = self.charged.saturating_add(items);
        if self.limit.is_some_and(|limit| self.charged > limit) { Err(FunctionError::Host) } else { Ok(()) }
    }
}

fn run(entry: &Entry, arguments: &[Value], host: &mut TestHost) -> Option<Result<Value, FunctionError>> {
    let (signature, arguments) = entry.choose(arguments)?;
    Some((signature.body)(&arguments, host))
}

/// What is wrong with a line, if anything.
fn check(line: &str) -> Result<(), String> {
    let (call, expected) = line.rsplit_once(" => ").ok_or("no =>")?;
    let (name, arguments) = reader::read_call(call).ok_or("the call cannot be read")?;
    let entry = find(&name).ok_or("no such function")?;
    let result = run(entry, &arguments, &mut TestHost::default());
    match (expected.strip_prefix("error"), result) {
        (Some(""), None) => Ok(()),
        (Some(part), Some(Err(FunctionError::Domain(message)))) if !part.trim().is_empty() => {
            let said = message.es.contains(part.trim()) && message.en != message.es;
            if said { Ok(()) } else { Err(format!("the message is: {}", message.es)) }
        }
        (None, Some(Ok(value))) => {
            let wanted = reader::read_value(expected).ok_or("the result cannot be read")?;
            if value == wanted { Ok(()) } else { Err(format!("the result is {value}")) }
        }
        (_, other) => Err(format!("the result is {other:?}")),
    }
}

fn assert_cases(file: &str, text: &str) {
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(lines.len() > 10, "{file} has too few cases");
    let wrong: Vec<String> =
        lines.iter().filter_map(|line| check(line).err().map(|error| format!("{line}\n    {error}"))).collect();
    assert!(wrong.is_empty(), "{} of {} cases of {file} fail:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}

macro_rules! case_files {
    ($($name:ident),*) => {
        $(
            #[test]
            fn $name() {
                let file = concat!(stringify!($name), ".txt");
                assert_cases(file, include_str!(concat!("../cases/", stringify!($name), ".txt")));
            }
        )*
    };
}

case_files!(numbers, text, patterns, lists, aggregates, temporal, contexts, conversion, logic, ranges);

#[test]
fn each_entry_is_complete() {
    let mut names = HashSet::new();
    for entry in all() {
        let name = entry.name;
        assert!(names.insert(name), "{name} is there twice");
        for doc in [entry.doc_es, entry.doc_en] {
            assert!(doc.len() > 10 && doc.ends_with(['.', ')']), "{name}: {doc}");
        }
        assert_ne!(entry.doc_es, entry.doc_en, "{name}");
        assert!(!entry.chapter.is_empty() && !entry.signatures.is_empty() && !entry.examples.is_empty(), "{name}");
        for example in entry.examples {
            assert!(example.call.contains(&format!("{name}(")), "{name}: {}", example.call);
        }
        for signature in entry.signatures {
            assert_parameters(name, signature);
        }
        assert!(std::ptr::eq(find(name).unwrap(), entry));
    }
    assert!(names.len() >= 80, "{}", names.len());
    assert!(find("today").is_none() && find("now").is_none(), "clocks are not functions");
    assert!(names_with_spaces().all(|name| name.contains(' ')));
    assert!(names_with_spaces().any(|name| name == "string length"));
}

/// Names differ, and what may be left out comes last.
fn assert_parameters(name: &str, signature: &dictamen_functions::Signature) {
    let names: HashSet<_> = signature.parameters.iter().map(|parameter| parameter.name).collect();
    assert_eq!(names.len(), signature.parameters.len(), "{name}");
    let ranks: Vec<_> = signature.parameters.iter().map(|parameter| parameter.presence as u8).collect();
    assert!(ranks.is_sorted(), "{name}");
    let variadic = signature.parameters.iter().filter(|parameter| parameter.presence == Presence::Variadic);
    assert!(variadic.count() <= 1, "{name}");
}

#[test]
fn examples_made_of_literals_hold() {
    let mut run_count = 0;
    for (entry, example) in all().flat_map(|entry| entry.examples.iter().map(move |example| (entry, example))) {
        let Some((name, arguments)) = reader::read_call(example.call).filter(|(name, _)| name == entry.name) else {
            continue;
        };
        let result = run(entry, &arguments, &mut TestHost::default());
        let Some(expected) = reader::read_value(example.result) else { continue };
        assert_eq!(result, Some(Ok(expected)), "{name}: {}", example.call);
        run_count += 1;
    }
    assert!(run_count > 150, "{run_count}");
}

/// Work in proportion to the arguments is announced before it is done: the host can stop it.
#[test]
fn work_is_charged() {
    let long = Value::list((0..1000).map(Value::from).collect());
    let words = Value::list((0..1000).map(|_| Value::text("palabra")).collect());
    let text = Value::text("a".repeat(1000));
    for (name, arguments) in [
        ("count", vec![long.clone()]),
        ("sum", vec![long.clone()]),
        ("median", vec![long.clone()]),
        ("list contains", vec![long.clone(), Value::from(-1)]),
        ("append", vec![long.clone(), Value::from(1)]),
        ("concatenate", vec![long.clone(), long.clone()]),
        ("distinct values", vec![long.clone()]),
        ("union", vec![long.clone()]),
        ("flatten", vec![long.clone()]),
        ("reverse", vec![long.clone()]),
        ("index of", vec![long.clone(), Value::from(1)]),
        ("remove", vec![long.clone(), Value::from(1)]),
        ("sublist", vec![long.clone(), Value::from(1)]),
        ("string", vec![long.clone()]),
        ("string join", vec![words]),
        ("string length", vec![text.clone()]),
        ("upper case", vec![text.clone()]),
        ("contains", vec![text.clone(), Value::text("b")]),
        ("matches", vec![text.clone(), Value::text("b")]),
        ("replace", vec![text.clone(), Value::text("b"), Value::text("c")]),
        ("split", vec![text.clone(), Value::text("b")]),
        ("substring", vec![text, Value::from(2)]),
    ] {
        let entry = find(name).unwrap();
        let mut host = TestHost { charged: 0, limit: Some(500) };
        assert_eq!(run(entry, &arguments, &mut host), Some(Err(FunctionError::Host)), "{name}");
        let mut host = TestHost::default();
        assert!(matches!(run(entry, &arguments, &mut host), Some(Ok(_))), "{name}");
        assert!(host.charged >= 1000, "{name} charged {}", host.charged);
    }
}

/// A failure inside a function that was passed in comes out untouched.
#[test]
fn failures_of_the_host_pass_through() {
    let stop = Value::from(FunctionValue { target: FunctionTarget::BuiltIn("stop".into()), captured: Vec::new() });
    let numbers = Value::list(vec![Value::from(2), Value::from(1)]);
    for (name, arguments) in
        [("sort", vec![numbers.clone(), stop.clone()]), ("list replace", vec![numbers, stop, Value::from(1)])]
    {
        let result = run(find(name).unwrap(), &arguments, &mut TestHost::default());
        assert_eq!(result, Some(Err(FunctionError::Host)), "{name}");
    }
}

#[test]
fn sorting_is_stable_and_asks_few_questions() {
    let words: Vec<Value> = ["bb", "a", "cc", "b", "aa", "c", "ccc"].into_iter().map(Value::text).collect();
    let shorter =
        Value::from(FunctionValue { target: FunctionTarget::BuiltIn("shorter".into()), captured: Vec::new() });
    let sorted = run(find("sort").unwrap(), &[Value::list(words), shorter], &mut TestHost::default());
    let expected = ["a", "b", "c", "bb", "cc", "aa", "ccc"].into_iter().map(Value::text).collect();
    assert_eq!(sorted, Some(Ok(Value::list(expected))));
}

/// Patterns that make other engines run for ever, or take all memory, do neither here.
#[test]
fn hostile_patterns_do_no_harm() {
    let matches = find("matches").unwrap();
    let text = Value::text("a".repeat(20_000));
    let nested = format!("{}a{}", "(".repeat(2000), ")".repeat(2000));
    let long = "a".repeat(10_000);
    let (letters, words) = ("\\p{L}".repeat(800), "\\w".repeat(2_000));
    let words_again = format!("(x)\\1{}{{9}}", "[\\w-[\\d]]".repeat(300));
    for (pattern, expected) in [
        ("(a*)*b", Some("false")),
        ("(a|aa)+$", Some("true")),
        ("(.*a){20}b", Some("false")),
        ("(x+x+)+y", Some("false")),
        ("^(a)\\1*$", Some("true")),
        ("((a{1,1000}){1,1000}){1,1000}", None),
        ("(a*)*\\1b", None),
        ("((a|aa)+)+\\2b", None),
        ("(.*)(.*)(.*)(.*)\\4b", None),
        ("(a)(\\1{1,1000}){1,1000}", None),
        ("[a-z]{100000}", None),
        (&nested, None),
        (&letters, None),
        (&words, None),
        (&words_again, Some("false")),
        ("(\\w)(\\w\\1){1,100000}", None),
        (&long, None),
    ] {
        let start = std::time::Instant::now();
        let result = run(matches, &[text.clone(), Value::text(pattern)], &mut TestHost::default()).unwrap();
        match (expected, result) {
            (Some(expected), Ok(value)) => assert_eq!(value.to_string(), expected, "{pattern}"),
            (None, Err(FunctionError::Domain(_))) => {}
            (_, other) => panic!("{}: {other:?}", pattern.get(..40).unwrap_or(pattern)),
        }
        assert!(start.elapsed().as_secs() < 5, "{pattern} took {:?}", start.elapsed());
    }
    let mut host = TestHost { charged: 0, limit: Some(100_000) };
    let result = run(matches, &[text, Value::text("(a*)*\\1b")], &mut host);
    assert_eq!(result, Some(Err(FunctionError::Host)), "steps are charged to the host");
}
