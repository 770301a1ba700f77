//! tmp
use crate::plans::Plans;
use dictamen_core::{Limits, Nothing, evaluate, read_facts};
use dictamen_value::{Type, Value};
use std::time::Instant;
fn time(name: &str, n: u32, mut f: impl FnMut()) { for _ in 0..n/10 {f();} let t=Instant::now(); for _ in 0..n { f(); } eprintln!("{name}: {:.0} ns", t.elapsed().as_nanos() as f64/ f64::from(n)); }
#[test]
fn bench() {
    let mut p = Plans::new();
    p.input("tipo", Type::Text, Some(Value::from("natural")));
    p.input("ingresos", Type::number(), Some(Value::from(250_000_000)));
    p.input("establecimientos", Type::number(), Some(Value::from(1)));
    p.parameter("uvt", Type::number(), &[("2026-01-01", None, None, Value::from(52374))]);
    p.decision("uvts", Type::number(), "(n-div $ingresos (parameter uvt))");
    let rows: String = (0..8).map(|n| format!("(row (((eq \"juridica{n}\")) - ((le 1))) \"a\" \"b\")")).collect();
    let t = p.decision("tabla", Type::Any, &format!("(table U (columns (0 $tipo) (1 #uvts) (2 $establecimientos)) (outputs (a text) (b text)) {rows} (row (((eq \"natural\")) ((lt 5000)) ((le 1))) \"49\" \"Cumple\"))"));
    let arith = p.decision("arith", Type::Any, "(n-add (n-mul $ingresos 2) (n-sub $establecimientos 1))");
    let loopd = p.decision("loop", Type::Any, "(for (0 (to 1 1000)) (n-add (n-mul %0 2) 1))");
    let rows: String = (0..10000).map(|n| format!("(row (((eq \"x{n}\")) ((lt {n}))) {n})")).collect();
    let big = p.decision("big", Type::Any, &format!("(table U (columns (0 $tipo) (1 $ingresos)) (outputs (a number)) {rows} (default 1))"));
    p.function("fib", 1, "(if (n-lt %0 2) %0 (n-add (call fib (n-sub %0 1)) (call fib (n-sub %0 2))))");
    let fib = p.decision("fib", Type::Any, "(call fib 20)");
    let up = p.decision("up", Type::Any, "(builtin \"floor\" 0 $ingresos)");
    let facts = p.facts();
    for (name, d, n) in [("table 9 rows + parameter", t, 100_000), ("arith", arith, 200_000), ("loop 1000", loopd, 2_000), ("10k rows", big, 300), ("fib 20 (~22k calls)", fib, 100), ("builtin", up, 200_000)] {
        let r = p.request(d, Limits::default(), &facts);
        assert!(evaluate(&r, &mut Nothing).0.is_ok());
        time(name, n, || { std::hint::black_box(evaluate(&r, &mut Nothing)).0.ok(); });
        eprintln!("   {:?}", evaluate(&r, &mut Nothing).1);
    }
    let json = br#"{"tipo": "natural", "ingresos": 250000000, "establecimientos": 1}"#;
    time("read_facts", 100_000, || { std::hint::black_box(read_facts(&p.plan, t, json)).ok(); });
}
