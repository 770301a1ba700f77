//! DMN mode: outcomes and arguments are converted to the type they must have, or are null (DMN 1.5, clause 10.3.2.9.4).

use dictamen_core::Record;
use dictamen_core::{Failure, Limits, Recorder};
use dictamen_plan::Plan;
use dictamen_value::{Message, Type};

use crate::expressions::Expression;
use crate::plans::Plans;

#[derive(Default)]
struct Codes(Vec<String>);

impl Recorder for Codes {
    fn diagnostic(&mut self, _plan: &Plan, failure: &Failure, _explanation: &Message) {
        self.0.push(failure.code.to_string());
    }
}

/// Type, value, what comes of it as an outcome and as an argument.
const CONVERSIONS: [(&str, &str, &str); 16] = [
    ("number", "5", "5"),
    ("number", "(list 5)", "5"),
    ("number", "(list 5 6)", "null !"),
    ("number", "\"a\"", "null !"),
    ("number", "null", "null"),
    ("integer", "1.5", "null !"),
    ("(list number)", "5", "[5]"),
    ("(list number)", "(list 1 null)", "[1, null]"),
    ("(list number)", "(list 1 \"a\")", "null !"),
    ("(list number)", "\"a\"", "null !"),
    ("date-time", "@2026-01-31", "date and time(\"2026-01-31T00:00:00Z\")"),
    ("(record (a number))", "(context (a 0 1) (b 1 2))", "{a: 1, b: 2}"),
    ("(record (a number))", "(context (b 0 2))", "null !"),
    ("(record (a number))", "(context (a 0 null))", "{a: null}"),
    ("(choice \"a\" \"b\")", "\"c\"", "null !"),
    ("(named Positivo number 0)", "0", "null !"),
];

fn plans() -> Plans {
    let mut plans = Plans::new();
    plans.plan.dmn_mode = true;
    plans.constraint(">= 1", false, "((ge 1))");
    plans
}

fn shown(plans: &Plans, decision: u32) -> String {
    let mut codes = Codes::default();
    let outcome = plans.run_with(decision, Limits::default(), &mut codes).0.unwrap();
    format!("{}{}", outcome.to_feel(), if codes.0.is_empty() { "" } else { " !" })
}

#[test]
fn outcomes_fit_the_type_of_their_decision() {
    for (ty, body, expected) in CONVERSIONS {
        let mut plans = plans();
        let ty = plans.type_of(&Expression::parse(ty));
        let decision = plans.decision("caso", ty, body);
        assert_eq!(shown(&plans, decision), expected, "{body}");
    }
}

#[test]
fn arguments_and_results_fit_the_types_of_their_function() {
    for (ty, body, expected) in CONVERSIONS {
        let mut plans = plans();
        let ty = plans.type_of(&Expression::parse(ty));
        plans.function("of_argument", 1, "%0");
        plans.plan.functions[0].parameters[0].1 = ty.clone();
        plans.function("of_result", 0, body);
        plans.plan.functions[1].ty = ty;
        let argument = plans.decision("a", Type::Any, &format!("(call of_argument {body})"));
        let result = plans.decision("b", Type::Any, "(call of_result)");
        assert_eq!(shown(&plans, argument), expected, "{body}");
        assert_eq!(shown(&plans, result), expected, "{body}");
    }
}

#[test]
fn native_rules_convert_nothing() {
    let mut plans = plans();
    plans.plan.dmn_mode = false;
    let decision = plans.decision("caso", Type::number(), "(list 5)");
    let outcome = plans.run_with(decision, Limits::default(), &mut Record::default()).0;
    assert_eq!(outcome.unwrap().to_feel(), "[5]");
}

#[test]
fn built_in_functions_take_lists_of_one_and_single_values_alike() {
    for (body, expected) in [
        ("(builtin \"count\" 0 5)", "1"),
        ("(builtin \"string length\" 0 (list \"abc\"))", "3"),
        ("(builtin \"string length\" 0 (list \"abc\" \"d\"))", "null !"),
        ("(builtin \"string length\" 0 null)", "null !"),
    ] {
        let mut plans = plans();
        let decision = plans.decision("caso", Type::Any, body);
        assert_eq!(shown(&plans, decision), expected, "{body}");
    }
}
