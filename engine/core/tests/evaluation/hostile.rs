//! Plans that no compiler makes: they end in a failure, never in a panic, an overflow of the stack or a stall.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dictamen_core::{Form, Limits, Nothing, explain};
use dictamen_plan::{Op, OpId, Plan};
use dictamen_value::{Type, Value};
use proptest::prelude::*;

use crate::expressions::Expression;
use crate::plans::Plans;

/// What a thread of the host has, and what the evaluator must do with.
const STACK_BYTES: usize = 2 * 1024 * 1024;

fn on_a_small_stack(action: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(action).unwrap().join().unwrap();
}

/// One operation around another, the middle standing for what is inside.
const WRAPPERS: [&str; 29] = [
    "(neg @)",
    "(add 1 @)",
    "(n-add 1 @)",
    "(eq 1 @)",
    "(n-eq 1 @)",
    "(and true @)",
    "(or @ false)",
    "(if true @ 2)",
    "(if @ 1 2)",
    "(list @ @)",
    "(context (a 0 @))",
    "(field @ a)",
    "(each @ a)",
    "(filter (list 1) 0 @)",
    "(element @ 1)",
    "(for (0 (list 1)) @)",
    "(some (0 @) true)",
    "(every (0 (list 1)) (1 (list 1)) @)",
    "(in @ 0 (eq 1))",
    "(in 1 0 (when @))",
    "(range 1 closed @ closed)",
    "(builtin \"floor\" 0 @)",
    "(apply (lambda 0 () 1) @)",
    "(apply @ 1)",
    "(is @ number)",
    "(ensure @ number)",
    "(table R (columns (0 1)) (outputs (v any) (w any)) (row (-) 1 @))",
    "(table U (columns (0 1)) (outputs (v any)) (default @))",
    "(table U (columns (0 @)) (outputs (v any)) (row (((when @))) @))",
];

/// Puts an operation around the last one, so many times; operands `@` are the operation before.
fn nest(plans: &mut Plans, wrapper: &str, times: usize) {
    let mut inner = Op::AsOf;
    for _ in 0..times {
        let first = plans.plan.operations.len();
        let outer = plans.operation(&Expression::parse(&wrapper.replace('@', "as-of")));
        for op in &mut plans.plan.operations[first..] {
            if *op == Op::AsOf {
                *op = inner.clone();
            }
        }
        inner = plans.plan.operations[outer as usize].clone();
    }
}

#[test]
fn operations_inside_one_another_end_in_a_failure() {
    for wrapper in WRAPPERS {
        for dmn_mode in [false, true] {
            on_a_small_stack(move || {
                let mut plans = Plans::new();
                plans.plan.dmn_mode = dmn_mode;
                nest(&mut plans, wrapper, 3_000);
                let root = OpId::try_from(plans.plan.operations.len() - 1).unwrap();
                let decision = plans.decision("caso", Type::Any, "1");
                plans.plan.decisions[0].body.root = root;
                let failure = plans.run(decision).unwrap_err();
                assert_eq!(&*failure.code, "limite.profundidad", "{wrapper}");
                explain(&plans.request(&plans.prepared(), decision, Limits::default(), &plans.facts()), Form::Public);
            });
        }
    }
}

#[test]
fn calls_inside_built_in_functions_end_in_a_failure() {
    on_a_small_stack(|| {
        let mut plans = Plans::new();
        plans.function("f", 1, "(builtin \"sort\" 0 (list 2 1) (lambda 2 () (lt (call f %0) 1)))");
        let decision = plans.decision("caso", Type::Any, "(call f 1)");
        assert_eq!(&*plans.run(decision).unwrap_err().code, "limite.profundidad");
    });
}

#[test]
fn a_chain_of_decisions_ends_in_a_failure() {
    on_a_small_stack(|| {
        let mut plans = Plans::new();
        plans.decision("d0", Type::Any, "1");
        let last =
            (1..200).map(|n| plans.decision(&format!("d{n}"), Type::Any, &format!("(add 1 (add 1 #d{}))", n - 1)));
        let decision = last.last().unwrap();
        let failure = plans.run(decision).unwrap_err();
        assert_eq!(&*failure.code, "limite.profundidad");
        assert_eq!(failure.path.len(), 128);
        let shallow = plans.run(100).unwrap();
        assert_eq!(shallow.to_feel(), "201");
    });
}

#[test]
fn calls_and_decisions_full_of_operations_end_in_a_failure() {
    let wrap = |inner: &str| (0..7).fold(inner.to_owned(), |inner, _| format!("(filter (list 1) 0 {inner})"));
    on_a_small_stack(move || {
        let mut plans = Plans::new();
        plans.decision("d0", Type::Any, "1");
        for n in 1..128 {
            plans.decision(&format!("d{n}"), Type::Any, &wrap(&format!("#d{}", n - 1)));
        }
        plans.function("f", 1, &wrap("(call f %0)"));
        let calls = plans.decision("caso", Type::Any, "(call f 1)");
        for decision in [127, calls] {
            assert_eq!(&*plans.run(decision).unwrap_err().code, "limite.profundidad");
        }
    });
}

#[test]
fn decisions_that_ask_one_another_end_in_a_failure_or_in_null() {
    for dmn_mode in [false, true] {
        let mut plans = Plans::new();
        plans.plan.dmn_mode = dmn_mode;
        let first = plans.decision("a", Type::Any, "1");
        plans.decision("b", Type::Any, "(add 1 #a)");
        let root = plans.push(Op::Decision(1));
        plans.plan.decisions[0].body.root = root;
        let outcome = plans.run(first);
        if dmn_mode {
            assert!(outcome.unwrap().is_null());
            continue;
        }
        let failure = outcome.unwrap_err();
        assert_eq!(&*failure.code, "evaluacion.ciclo");
        assert_eq!(failure.path.iter().map(|name| &**name).collect::<Vec<_>>(), ["reglas.a", "reglas.b"]);
    }
}

#[test]
fn an_operation_that_is_its_own_operand_ends_in_a_failure() {
    let mut plans = Plans::new();
    let decision = plans.decision("caso", Type::Any, "1");
    let own = OpId::try_from(plans.plan.operations.len()).unwrap();
    let root = plans.push(Op::Negate(own));
    plans.plan.decisions[0].body.root = root;
    assert_eq!(&*plans.run(decision).unwrap_err().code, "limite.profundidad");
}

#[test]
fn a_frame_that_is_too_large_ends_in_a_failure() {
    let mut plans = Plans::new();
    let decision = plans.decision("caso", Type::Any, "1");
    plans.plan.decisions[0].body.frame = u32::MAX;
    assert_eq!(&*plans.run(decision).unwrap_err().code, "limite.bytes");
}

/// Each decision puts the one before into a list: asked in order, none is deep, but what they make is.
#[test]
fn values_inside_one_another_end_in_a_failure() {
    for wrapper in ["(list @)", "(context (a 0 @))", "(lambda 0 (0) 1)", "(builtin \"append\" 0 (list) @)"] {
        on_a_small_stack(move || {
            let mut plans = Plans::new();
            plans.decision("d0", Type::Any, "(list 1)");
            for n in 1..20_000 {
                let body = match wrapper {
                    "(lambda 0 (0) 1)" => format!("(element (for (0 (list #d{})) {wrapper}) 1)", n - 1),
                    _ => wrapper.replace('@', &format!("#d{}", n - 1)),
                };
                plans.decision(&format!("d{n}"), Type::Any, &body);
            }
            let all: Vec<String> = (0..20_000).map(|n| format!("(eq #d{n} 1)")).collect();
            let body = format!("(for (0 (list {})) 1)", all.join(" "));
            let decision = plans.decision("caso", Type::Any, &body);
            plans.plan.dmn_mode = true;
            assert_eq!(&*plans.run(decision).unwrap_err().code, "limite.profundidad", "{wrapper}");
        });
    }
}

/// Each decision puts the one before into a list twice: sixty of them would be written with more text than exists.
#[test]
fn values_that_double_end_in_a_failure() {
    let mut plans = Plans::new();
    plans.decision("d0", Type::Any, "(list 1 2)");
    for n in 1..60 {
        plans.decision(&format!("d{n}"), Type::Any, &format!("(list #d{0} #d{0})", n - 1));
    }
    let decision = plans.decision("caso", Type::Any, "(eq #d59 #d58)");
    assert_eq!(&*plans.run(decision).unwrap_err().code, "limite.bytes");
    let small = plans.decision("otro", Type::Any, "(eq (list #d18) (list #d18))");
    let (outcome, usage) = plans.run_with(small, Limits::default(), &mut Nothing);
    assert_eq!(outcome, Ok(Value::from(true)));
    assert!(usage.steps > 10_000, "a comparison of half a million parts costs {} steps", usage.steps);
}

/// A plan with every kind of operation.
fn rich_plan() -> Plans {
    let mut plans = Plans::new();
    plans.input("n", Type::number(), Some(Value::from(3)));
    plans.parameter("uvt", Type::number(), &[("2020-01-01", None, None, Value::from(1))]);
    plans.function("twice", 1, "(mul %0 2)");
    let body = "(list (field (context (a 0 1) (b 1 (add %0 1))) b) (each (list (context (a 0 1))) a)
        (filter (list 1 2) 0 (gt %0 1)) (element (list 1 2) 1) (neg $n) (n-add 1 2) (n-lt 1 2) (and true (or false true))
        (in 5 0 (eq 5) (within 1 closed 9 open) (in-range (range 1 closed 2 closed)) (in-list (list 5)) (dynamic 5))
        (is 1 number) (if true 1 2) (for (0 (list 1 2)) (1 (to 1 %0)) %1) (some (0 (list 1)) (gt %0 0))
        (call twice 4) (apply (function twice) 1) (apply (lambda 1 (0) (add %0 1)) 3) (builtin \"floor\" 0 1.5)
        (parameter uvt) as-of (table U (columns (0 5) (1 $n)) (outputs (v number)) (row (((lt 6)) -) 1) (default 2)))";
    plans.decision("a", Type::Any, body);
    plans.decision("caso", Type::Any, "(list #a #a)");
    plans
}

/// Numbers in the plan's JSON, by their place in the text.
fn numbers(json: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut in_text = false;
    let mut start = None;
    for (position, byte) in json.bytes().enumerate() {
        in_text ^= byte == b'"';
        match (byte.is_ascii_digit() && !in_text, start) {
            (true, None) => start = Some(position),
            (false, Some(from)) => {
                found.push((from, position));
                start = None;
            }
            _ => {}
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_plan_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), 0u32..120), 1..4), dmn_mode: bool) {
        let mut plans = rich_plan();
        plans.plan.dmn_mode = dmn_mode;
        let mut json = String::from_utf8(plans.plan.to_bytes().unwrap()).unwrap();
        for (place, number) in changes {
            let numbers = numbers(&json);
            let (from, to) = numbers[place.index(numbers.len())];
            json.replace_range(from..to, &number.to_string());
        }
        let Ok(plan) = Plan::from_bytes(json.as_bytes()) else { return Ok(()) };
        plans.plan = plan;
        let limits = Limits { steps_max: 20_000, rows_max: 1_000, ..Limits::default() };
        let run = catch_unwind(AssertUnwindSafe(|| {
            let _ = plans.run_with(1, limits, &mut Nothing);
            explain(&plans.request(&plans.prepared(), 1, limits, &plans.facts()), Form::Reserved);
        }));
        prop_assert!(run.is_ok(), "{json}");
    }
}

#[test]
fn the_plan_that_is_damaged_above_is_sound() {
    let plans = rich_plan();
    assert!(plans.run(1).is_ok(), "{:?}", plans.run(1));
}
