//! Plans that older programs kept stay readable byte for byte; what is no plan is refused with its reason.
#![allow(clippy::unwrap_used, clippy::string_slice, clippy::arithmetic_side_effects, reason = "tests fail loudly")]

use dictamen_plan::{Digest, FORMAT, Plan};

/// What a program whose only layout was the first kept as an object. It has every kind of cell, a default row, annotations and a parameter.
const FIRST: &str = include_str!("formats/format-1.json");
/// The hash by which its traces name it.
const FIRST_DIGEST: &str = "9354336b33da5abd8f4968c0b12a19a44035de9eeb1c691934ea788fbb001695";

/// The same plan as it is written now.
const SECOND: &str = include_str!("formats/format-2.json");

fn first() -> Plan {
    Plan::from_bytes(FIRST.as_bytes()).unwrap()
}

fn text(plan: &Plan) -> String {
    String::from_utf8(plan.to_bytes().unwrap()).unwrap()
}

#[test]
fn a_plan_of_the_first_format_keeps_its_bytes_and_its_hash() {
    let plan = first();
    assert_eq!(text(&plan), FIRST);
    assert_eq!(plan.digest().unwrap().to_string(), FIRST_DIGEST);
}

#[test]
fn the_same_plan_is_written_the_same_wherever_it_is_compiled() {
    let plan = Plan { format: FORMAT, ..first() };
    assert_eq!(text(&plan), SECOND.trim_end());
    assert_eq!(plan.digest().unwrap(), Digest::of(SECOND.trim_end().as_bytes()));
}

#[test]
fn both_formats_say_the_same() {
    let (first, second) = (first(), Plan::from_bytes(SECOND.as_bytes()).unwrap());
    assert_eq!((first.format, second.format), (1, FORMAT));
    assert_eq!(second, Plan { format: FORMAT, ..first });
}

#[test]
fn what_is_no_plan_is_refused_with_its_reason() {
    let rows = "\"rows\":[";
    let row = SECOND.split_once(rows).unwrap().1.split_once(']').unwrap().0;
    let with_rows = |rows_now: &str| SECOND.replacen(row, rows_now, 1);
    let refused = [
        ("".to_owned(), "EOF while parsing a value at line 1 column 0"),
        ("[]".to_owned(), "invalid type: sequence, expected a plan that starts with its format at line 1 column 0"),
        ("{}".to_owned(), "missing field `format` at line 1 column 2"),
        (r#"{"semantics":1,"format":1}"#.to_owned(), "missing field `format` at line 1 column 12"),
        (r#"{"format":2,"other":{}}"#.to_owned(), "missing field `plan` at line 1 column 19"),
        (r#"{"format":3,"plan":{"rooms":[1]}}"#.to_owned(), "the plan has format 3; this program reads up to format 2"),
        (
            SECOND.replacen("\"semantics\":1", "\"semantics\":9", 1),
            "the plan has semantics 9; this program evaluates up to semantics 2",
        ),
        (SECOND.replacen("\"dmn_mode\":false", "\"dmn_mode\":true", 1), "compile it again"),
        (with_rows("0,0"), "a list of numbers ends too early"),
        (with_rows("0,0,1,1,1,4,0,4000000000"), "a list of numbers ends too early"),
        (with_rows("0,0,1,1,1,4,0,1,14,3,0,0"), "there is no test 14"),
        (with_rows("0,0,1,1,1,4,2,0,0,0"), "a cell is negated (1) or not (0)"),
        (with_rows("77,0,1,1,0,0,0"), "a row names something said of rows that is not there"),
        (with_rows("-1"), "invalid value: integer `-1`, expected u32"),
        (
            SECOND.replacen("\"operations\":[", "\"operations\":[4294967296,", 1),
            "the number of a constant is too large",
        ),
        (SECOND.replacen("\"operations\":[", "\"operations\":[\"Nothing\",", 1), "unknown variant `Nothing`"),
    ];
    for (bytes, reason) in refused {
        let problem = Plan::from_bytes(bytes.as_bytes()).unwrap_err();
        assert!(problem.0.en.contains(reason), "expected: {reason}\ncame: {}", problem.0.en);
        assert_ne!(problem.0.es, problem.0.en);
    }
}
