//! Limits and cancelling: they end an evaluation in both modes, at the right place, and say how much was allowed.

use std::sync::atomic::AtomicBool;

use dictamen_core::{Limits, Nothing, evaluate};
use dictamen_value::Type;

use crate::plans::Plans;

#[test]
fn every_limit_ends_the_evaluation_in_both_modes() {
    let defaults = Limits::default();
    let endless = "(for (0 (to 1 1000000000)) %0)";
    let rows = "(for (0 (to 1 1000)) (table U (columns (1 %0)) (outputs (v number)) (row (((lt 0))) 1) (row (-) 2)))";
    let text = "(for (0 (to 1 100)) (for (1 (to 1 100)) (add \"0123456789\" \"0123456789\")))";
    for (code, body, limits) in [
        ("limite.pasos", endless, Limits { steps_max: 5_000, ..defaults }),
        ("limite.bytes", endless, Limits { bytes_max: 50_000, ..defaults }),
        ("limite.filas", rows, Limits { rows_max: 100, ..defaults }),
        ("limite.bytes", text, Limits { bytes_max: 100_000, ..defaults }),
        ("limite.profundidad", "(call down 1)", Limits { depth_max: 10, ..defaults }),
        (
            "limite.pasos",
            "(builtin \"sort\" 0 (for (0 (to 1 2000)) (neg %0)) (lambda 2 () (lt %0 %1)))",
            Limits { steps_max: 20_000, ..defaults },
        ),
    ] {
        for dmn_mode in [false, true] {
            let mut plans = Plans::new();
            plans.plan.dmn_mode = dmn_mode;
            plans.function("down", 1, "(call down (add %0 1))");
            let decision = plans.decision("caso", Type::Any, body);
            let (outcome, usage) = plans.run_with(decision, limits, &mut Nothing);
            let failure = outcome.unwrap_err();
            assert_eq!(&*failure.code, code, "{body}");
            assert!(failure.place.is_some(), "{body}");
            let allowed = [limits.steps_max, limits.bytes_max, limits.rows_max, limits.depth_max.into()];
            assert!(allowed.iter().any(|max| failure.message.es.contains(&max.to_string())), "{}", failure.message);
            let within = usage.steps <= limits.steps_max + 2_100 && usage.rows <= limits.rows_max + 1;
            assert!(within, "{body}: {usage:?}");
        }
    }
}

#[test]
fn usage_is_counted_and_the_same_each_time() {
    let mut plans = Plans::new();
    let table = "(table C (columns (0 5)) (outputs (v number)) (row (-) 1) (row (((gt 9))) 2) (row (-) 3))";
    let decision = plans.decision("caso", Type::Any, table);
    let (_, usage) = plans.run_with(decision, Limits::default(), &mut Nothing);
    // The index of the table leaves out the second row.
    assert_eq!(usage.rows, 2);
    assert!(usage.steps >= 1, "{usage:?}");
    assert_eq!(plans.run_with(decision, Limits::default(), &mut Nothing).1, usage);
    let decision = plans.decision("otro", Type::Any, r#"(add "abcd" "efgh")"#);
    let (_, usage) = plans.run_with(decision, Limits::default(), &mut Nothing);
    assert!(usage.steps >= 1 && usage.bytes >= 8, "{usage:?}");
}

#[test]
fn the_host_can_cancel_before_and_in_the_middle() {
    let mut plans = Plans::new();
    let decision = plans.decision("caso", Type::Any, "(for (0 (to 1 100000000)) 1)");
    let cancel = AtomicBool::new(true);
    let (prepared, facts) = (plans.prepared(), plans.facts());
    let limits = Limits { steps_max: u64::MAX, bytes_max: u64::MAX, ..Limits::default() };
    let mut request = plans.request(&prepared, decision, limits, &facts);
    request.cancel = Some(&cancel);
    let (outcome, usage) = evaluate(&request, &mut Nothing);
    assert_eq!(&*outcome.unwrap_err().code, "evaluacion.cancelada");
    assert_eq!(usage.steps, 1);

    cancel.store(false, std::sync::atomic::Ordering::Relaxed);
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(std::time::Duration::from_millis(30));
            cancel.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        evaluate(&request, &mut Nothing).0
    });
    assert_eq!(&*outcome.unwrap_err().code, "evaluacion.cancelada");
}
