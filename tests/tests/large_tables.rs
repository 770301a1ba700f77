//! Very large tables, up to a hundred thousand rows, are read, checked, compiled, kept and loaded again.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

use dictamen_model::{Unit, check};
use dictamen_plan::Plan;
use dictamen_syntax::{Source, SourceId, parse};
use dictamen_tests::large_tables::Shape;

#[test]
fn very_large_tables_come_back_whole_from_the_bytes_of_their_plan() {
    for (shape, rows) in [(Shape::Mixed, 100_000), (Shape::UniqueKeys, 50_000), (Shape::Wide, 2_000)] {
        let sources = [Source::new("grande.regla", shape.ruleset(rows))];
        let parsed = parse(&sources[0], SourceId(0), &dictamen_model::names());
        assert_eq!(parsed.diagnostics, [], "{}", shape.name());
        let checked = check(&Unit { sources: &sources, files: vec![&parsed.file], root: 0 });
        assert_eq!(checked.diagnostics, [], "{}", shape.name());
        let plan = dictamen_compile::compile(&checked.model, &sources).unwrap().plan;
        assert_eq!(plan.tables[0].rows.len(), rows, "{}", shape.name());
        // A comparison and no message: it would be as long as the table.
        assert!(Plan::from_bytes(&plan.to_bytes().unwrap()).unwrap() == plan, "{}", shape.name());
    }
}
