//! scratch
use dictamen_model::*;
use dictamen_syntax::*;
fn main() {
    let mut sources = vec![];
    for p in std::env::args().skip(1) {
        sources.push(Source::new(p.clone(), std::fs::read_to_string(&p).unwrap()));
    }
    let n = names();
    let parsed: Vec<_> = (0..).zip(&sources).map(|(i, s)| parse(s, SourceId(i), &n)).collect();
    for p in &parsed {
        for d in &p.diagnostics {
            println!(
                "{}: {} {} {:?}",
                sources[d.span.source.0 as usize].place(d.span),
                d.code,
                d.message,
                d.help.as_ref().map(|h| &h.es)
            );
        }
    }
    let u = Unit { sources: &sources, files: parsed.iter().map(|p| &p.file).collect(), root: 0 };
    let c = check(&u);
    for d in &c.diagnostics {
        println!(
            "{}: {:?} {} {} {:?}",
            sources[d.span.source.0 as usize].place(d.span),
            d.severity,
            d.code,
            d.message,
            d.help.as_ref().map(|h| &h.es)
        );
    }
    println!("{} decisions {} cases", c.model.decisions.len(), c.model.cases.len());
}
