//! Debug.
#![allow(clippy::unwrap_used)]
use dictamen_import::{Limits, dmn};
use dictamen_syntax::SourceId;
#[test]
fn dbg() {
    for f in std::env::var("DBG").unwrap().split(' ') {
    let bytes = std::fs::read(f).unwrap();
    let read = dmn::read(SourceId(0), "x", &bytes, &Limits::default());
    let m = read.value.unwrap();
    let r = dmn::to_rules(&[&m]);
    for d in r.diagnostics { println!("{}", dictamen_syntax::render(&d, std::slice::from_ref(&read.source), dictamen_value::Language::En, false)); }
    println!("{}", dictamen_syntax::format(&dictamen_syntax::Source::new("", ""), &r.rules[0].file, None));
    }
}
