//! The catalogue against a folder of rules: versions, closures, cases and what is wrong.

use std::path::Path;

use dictamen_core::Limits;
use dictamen_decisions::{Catalogue, LoadLimits};
use dictamen_value::Language;

fn rulesets() -> Catalogue {
    Catalogue::load(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rulesets")], &LoadLimits::default())
}

fn complaints(catalogue: &Catalogue) -> Vec<String> {
    let one = |found: &dictamen_syntax::Diagnostic| {
        let place = catalogue.place(found.span).map(|place| place.to_string()).unwrap_or_default();
        format!("{place} {} {}", found.code, found.message.es)
    };
    catalogue.diagnostics().iter().map(one).collect()
}

#[test]
fn the_test_rulesets_are_clean_and_their_cases_hold() {
    let catalogue = rulesets();
    assert_eq!(complaints(&catalogue), Vec::<String>::new());
    let report = dictamen_decisions::cases::run(&catalogue, Limits::default());
    assert_eq!(report.text(Language::Es), "3 passed, 0 failed");
}
