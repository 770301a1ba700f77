//! Whatever comes, reading does not panic; and what was read is written so that it reads the same again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests fail loudly")]

#[path = "kit/mod.rs"]
mod kit;

use std::sync::LazyLock;

use dictamen_import::{Limits, dmn, tck};
use dictamen_syntax::{SourceId, render};
use dictamen_value::Language;
use proptest::prelude::*;
use proptest::sample::Index;

/// Models and cases of the kit that are not large.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let files = kit::files("dmn").into_iter().chain(kit::files("xml"));
    files.map(|(_, bytes)| bytes).filter(|bytes| bytes.len() < 20_000).collect()
});

/// Reads a file as a model and as cases, shows what is wrong, and writes what was read.
fn read(bytes: &[u8]) {
    let limits = Limits::default();
    let cases = tck::read(SourceId(0), "x", bytes, &limits);
    if let Some(file) = &cases.value {
        for input in file.cases.iter().flat_map(|case| &case.inputs) {
            let _ = input.value.to_value();
        }
    }
    let model = dmn::read(SourceId(0), "x", bytes, &limits);
    for problem in cases.diagnostics.iter().chain(&model.diagnostics) {
        let sources = std::slice::from_ref(&model.source);
        assert!(!render(problem, sources, Language::Es, false).is_empty());
    }
    let has_errors = model.has_errors();
    if let Some(mut before) = model.value {
        dmn::lay_out(&mut before);
        let written = dmn::write(&before);
        let again = dmn::read(SourceId(0), "x", written.as_bytes(), &limits);
        before.version = dmn::Version::V1_5;
        let after = again.value.unwrap_or_else(|| panic!("{:?}\n{written}", again.diagnostics));
        assert!(has_errors || after == before, "{written}");
    }
}

/// A change of a file.
#[derive(Clone, Debug)]
enum Change {
    /// A byte becomes another.
    Byte(Index, u8),
    /// A stretch is taken away.
    Remove(Index, usize),
    /// A stretch is put somewhere else too.
    Copy(Index, usize, Index),
    /// One of the words that matter is put somewhere.
    Word(Index, &'static str),
    /// The end is missing.
    Cut(Index),
}

const WORDS: &[&str] = &[
    "<",
    ">",
    "/>",
    "\"",
    "&",
    "&lt;",
    "&#10;",
    "&x;",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?xml version=\"1.0\"?>",
    "<!DOCTYPE a>",
    " xmlns=\"\"",
    " xmlns:a=\"b\" a:c=\"d\"",
    " id=\"_1\"",
    " name=\"\"",
    "</text>",
    "<text>",
    "<list>",
    "<context/>",
    "<extensionElements><a/></extensionElements>",
    "\r\n",
    "\u{FEFF}",
    "ñ",
    " typeRef=\"a:b\"",
    " href=\"#\"",
    " kind=\"Java\"",
    " xmlns:dc=\"e\" dc:f=\"\"",
    " label=\"&#13;\"",
    "<!-- <a> -->",
];

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (any::<Index>(), 1_usize..80).prop_map(|(at, length)| Change::Remove(at, length)),
        (any::<Index>(), 1_usize..400, any::<Index>()).prop_map(|(at, length, to)| Change::Copy(at, length, to)),
        (any::<Index>(), prop::sample::select(WORDS)).prop_map(|(at, word)| Change::Word(at, word)),
        any::<Index>().prop_map(Change::Cut),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let length = bytes.len() + 1;
    let stretch = |at: &Index, count: usize| at.index(length)..(at.index(length) + count).min(length - 1);
    match change {
        Change::Byte(at, byte) => bytes.iter_mut().skip(at.index(length)).take(1).for_each(|old| *old = *byte),
        Change::Remove(at, count) => drop(bytes.drain(stretch(at, *count))),
        Change::Copy(at, count, to) => {
            let copied = bytes.get(stretch(at, *count)).unwrap().to_vec();
            bytes.splice(to.index(length)..to.index(length), copied);
        }
        Change::Word(at, word) => drop(bytes.splice(at.index(length)..at.index(length), word.bytes())),
        Change::Cut(at) => bytes.truncate(at.index(length)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read(&bytes);
    }

    #[test]
    fn marks_do_not_panic(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        read(words.concat().as_bytes());
        read(format!("<definitions xmlns=\"{MODEL}\">{}</definitions>", words.concat()).as_bytes());
    }

    #[test]
    fn changed_files_of_the_kit_do_not_panic(
        file in any::<Index>(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let mut bytes = file.get(&FILES).clone();
        changes.iter().for_each(|change| apply(&mut bytes, change));
        read(&bytes);
    }
}

const MODEL: &str = "https://www.omg.org/spec/DMN/20230324/MODEL/";
