//! Tables with indexes give what tables without them give: outcomes, failures, and all that recorders hear.

use dictamen_core::{Failure, Limits, Prepared, Recorder, evaluate};
use dictamen_plan::{DecisionId, ParameterId, Plan, TableId};
use dictamen_value::{Date, Message, Type, Value};
use proptest::prelude::*;

use crate::plans::{Plans, literal};

/// Everything that is heard, but for locals.
#[derive(Debug, Default, PartialEq)]
struct Heard(Vec<String>);

impl Recorder for Heard {
    fn deciding(&mut self, _plan: &Plan, decision: DecisionId) {
        self.0.push(format!("deciding {decision}"));
    }

    fn decided(&mut self, _plan: &Plan, decision: DecisionId, outcome: Result<&Value, &Failure>) {
        self.0.push(format!("decided {decision} {outcome:?}"));
    }

    fn table(&mut self, _plan: &Plan, table: TableId, columns: &[Value], matched: &[u32]) {
        self.0.push(format!("table {table} {columns:?} {matched:?}"));
    }

    fn locals(&mut self, _plan: &Plan, _table: TableId, locals: &[Value]) {
        self.0.push(format!("locals {locals:?}"));
    }

    fn parameter(&mut self, _plan: &Plan, parameter: ParameterId, day: Date, row: usize) {
        self.0.push(format!("parameter {parameter} {day} {row}"));
    }

    fn diagnostic(&mut self, _plan: &Plan, failure: &Failure, _explanation: &Message) {
        self.0.push(format!("diagnostic {failure:?}"));
    }
}

/// Values of one kind: those that cells compare with, and those that lie around them.
struct Kind {
    operands: &'static [&'static str],
    others: &'static [&'static str],
}

const KINDS: [Kind; 12] = [
    Kind {
        operands: &["0", "1", "2", "5", "10", "100"],
        others: &["-1", "0.5", "3", "1E+30", "-1E+30", "1.00", "99.999999999999999999999"],
    },
    Kind {
        operands: &["-2.5", "0", "0.01", "10.25", "1E+3", "9999999.99"],
        others: &[
            "-2.500001",
            "-3",
            "0.005",
            "0.0100000000000000000000000000001",
            "10.26",
            "10000000",
            "9223372036854775807",
        ],
    },
    Kind {
        operands: &["1E-30", "1E+30", "-1E+30", "9223372036854775807", "-9223372036854775808", "0"],
        others: &["1E-31", "2E-30", "1E+31", "9223372036854775808", "-9223372036854775809", "1"],
    },
    Kind {
        operands: &["\"a\"", "\"b\"", "\"bogota\"", "\"\"", "\"bogotá, d. c.\""],
        others: &["\"c\"", "\"bogot\"", "\"aa\""],
    },
    Kind { operands: &["true", "false"], others: &["true"] },
    Kind {
        operands: &["@2026-01-01", "@2025-12-31", "@2024-02-29", "@9999-12-31", "@-0001-01-01"],
        others: &["@2026-01-02", "@2025-12-30", "@999999999-12-31", "@-999999999-01-01"],
    },
    Kind {
        operands: &["@10:00:00", "@12:30:00", "@00:00:00", "@23:59:59.5"],
        others: &["@10:00:00.000000001", "@11:00:00", "@10:00:00Z", "@10:00:00@America/New_York"],
    },
    Kind {
        operands: &["@10:00:00Z", "@05:00:00-05:00", "@12:00:00+02:00", "@10:00:00"],
        others: &["@09:59:59Z", "@10:00:01Z", "@10:00:00@America/Bogota", "@10:00:00@America/New_York"],
    },
    Kind {
        operands: &[
            "@2026-01-01T00:00:00Z",
            "@2025-12-31T19:00:00-05:00",
            "@9999-12-31T23:59:59Z",
            "@2026-06-01T00:00:00@America/New_York",
        ],
        others: &[
            "@2026-01-01T00:00:00.5Z",
            "@2025-12-31T23:59:59Z",
            "@2026-01-01T00:00:00",
            "@2026-06-01T04:00:00Z",
            "@99999-01-01T00:00:00Z",
        ],
    },
    Kind {
        operands: &["@2026-01-01T00:00:00", "@2026-01-01T00:00:00.25", "@9999-12-31T23:59:59"],
        others: &["@2026-01-01T00:00:00.5", "@2026-01-01T00:00:00Z", "@2025-01-01T00:00:00"],
    },
    Kind {
        operands: &["@P1D", "@PT0S", "@-P1D", "@PT36H", "@PT0.5S"],
        others: &["@PT24H", "@P400D", "@-PT0.25S", "@PT1S"],
    },
    Kind { operands: &["@P1M", "@P0M", "@P1Y", "@-P2M"], others: &["@P12M", "@P2M", "@P100Y"] },
];

/// Bytes as choices, so that a failing table shrinks.
struct Choices<'b>(std::slice::Iter<'b, u8>);

impl Choices<'_> {
    fn below(&mut self, count: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or_default()) % count
    }

    fn of<'s>(&mut self, texts: &[&'s str]) -> &'s str {
        texts[self.below(texts.len())]
    }

    fn is_rare(&mut self) -> bool {
        self.below(24) == 23
    }

    /// What a cell compares with: mostly a constant of its column's kind.
    fn operand(&mut self, kind: &Kind) -> String {
        match self.below(40) {
            39 => "(div 1 0)".into(),
            38 => "(parameter uvt)".into(),
            37 => "(add 1 1)".into(),
            36 => "null".into(),
            35 => self.of(&["\"a\"", "1", "@2026-01-01", "true", "(list 1 2)"]).into(),
            34 => "%0".into(),
            33 => "#otra".into(),
            32 => "(neg 5)".into(),
            _ => self.of(kind.operands).into(),
        }
    }

    fn test(&mut self, kind: &Kind, dmn_mode: bool) -> String {
        match self.below(if dmn_mode { 15 } else { 14 }) {
            0..=4 => format!("(eq {})", self.operand(kind)),
            5 => format!("(ne {})", self.operand(kind)),
            6..=8 => format!("({} {})", self.of(&["lt", "le", "gt", "ge"]), self.operand(kind)),
            9..=10 => format!("(within {})", self.ends(kind)),
            11 => format!("(in-list (list {} {}))", self.operand(kind), self.operand(kind)),
            12 => match self.below(3) {
                0 => "(when (eq %0 %1))".into(),
                1 => format!(
                    "(when (table F (columns (9 %0)) (outputs (v boolean)) (row (((eq {}))) true) (row (-) false)))",
                    self.operand(kind)
                ),
                _ => format!("(in-list {})", self.operand(kind)),
            },
            13 => format!("(in-range (range {}))", self.ends(kind)),
            _ => match self.below(3) {
                0 => format!("(dynamic (range {}))", self.ends(kind)),
                1 => format!("(dynamic (list {} {}))", self.operand(kind), self.operand(kind)),
                _ => format!("(dynamic {})", self.operand(kind)),
            },
        }
    }

    fn ends(&mut self, kind: &Kind) -> String {
        let end = ["open", "closed"];
        format!("{} {} {} {}", self.operand(kind), self.of(&end), self.operand(kind), self.of(&end))
    }

    fn cell(&mut self, kind: &Kind, dmn_mode: bool) -> String {
        let tests =
            |choices: &mut Self, count: usize| (0..count).map(|_| choices.test(kind, dmn_mode)).collect::<String>();
        match self.below(12) {
            0..=2 => "-".into(),
            3 => format!("(not {})", tests(self, 1)),
            4 => format!("(not {})", tests(self, 2)),
            5 => format!("({})", tests(self, 3)),
            _ => format!("({})", tests(self, 1)),
        }
    }

    /// What stands in a column: what cells compare with, what lies around it, null, and now and then something else.
    fn value(&mut self, kind: &Kind) -> String {
        match self.below(16) {
            0..=6 => self.of(kind.operands).into(),
            7 => "null".into(),
            8 if self.is_rare() => {
                self.of(&["\"a\"", "1", "true", "@P1D", "(list 1)", "(range 1 closed 2 open)"]).into()
            }
            _ => self.of(kind.others).into(),
        }
    }
}

fn value_of(text: &str) -> Value {
    match text {
        "(list 1)" => Value::list(vec![Value::from(1)]),
        "(range 1 closed 2 open)" => Value::range(Value::from(1), true, Value::from(2), false),
        text => literal(text),
    }
}

const POLICIES: [&str; 11] = ["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"];

/// A table, and for several evaluations the values of its columns.
fn table(choices: &mut Choices<'_>, rows_max: usize, dmn_mode: bool) -> (String, Vec<Vec<String>>) {
    let kinds: Vec<&Kind> = (0..=choices.below(5)).map(|_| &KINDS[choices.below(KINDS.len())]).collect();
    let policy = choices.of(&POLICIES);
    let columns: String = (0..kinds.len()).map(|column| format!("({column} $c{column})")).collect();
    let mut text = format!("(table {policy} (columns {columns}) (outputs (v number))");
    let few = choices.below(2) == 0;
    for row in 0..=choices.below(rows_max) {
        let cells: String = kinds
            .iter()
            .map(|kind| if few && choices.below(2) == 0 { "- ".into() } else { choices.cell(kind, dmn_mode) + " " })
            .collect();
        text += &format!(" (row ({cells}) {row})");
    }
    let points = (0..8).map(|_| kinds.iter().map(|kind| choices.value(kind)).collect()).collect();
    (text + ")", points)
}

fn plans(dmn_mode: bool) -> Plans {
    let mut plans = Plans::new();
    plans.plan.dmn_mode = dmn_mode;
    plans.parameter("uvt", Type::number(), &[("2026-01-01", None, None, Value::from(2))]);
    plans.decision("otra", Type::Any, "(parameter uvt)");
    plans
}

/// Evaluates with and without indexes.
fn check(text: &str, points: &[Vec<String>], dmn_mode: bool) {
    let mut plans = plans(dmn_mode);
    for column in 0..points[0].len() {
        plans.input(&format!("c{column}"), Type::Any, None);
    }
    let decision = plans.decision("caso", Type::Any, text);
    let (indexed, plain) = (Prepared::new(plans.plan.clone()), Prepared::without_indexes(plans.plan.clone()));
    for point in points {
        plans.facts = (0..).zip(point.iter().map(|value| value_of(value))).collect();
        let facts = plans.facts();
        let run = |prepared: &Prepared| {
            let mut heard = Heard::default();
            let (outcome, usage) = evaluate(&plans.request(prepared, decision, Limits::default(), &facts), &mut heard);
            (format!("{outcome:?}"), heard, usage)
        };
        let (found, scanned) = (run(&indexed), run(&plain));
        assert_eq!((&found.0, &found.1), (&scanned.0, &scanned.1), "dmn: {dmn_mode}, {point:?}\n{text}");
        assert!(found.2.rows <= scanned.2.rows, "{} rows instead of {}", found.2.rows, scanned.2.rows);
    }
}

fn check_choices(bytes: &[u8], rows_max: usize) {
    let mut choices = Choices(bytes.iter());
    let dmn_mode = choices.below(3) == 2;
    let (text, points) = table(&mut choices, rows_max, dmn_mode);
    check(&text, &points, dmn_mode);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn small_tables_give_the_same(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check_choices(&bytes, 12);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn large_tables_give_the_same(bytes in prop::collection::vec(any::<u8>(), 4_000..20_000)) {
        let mut choices = Choices(bytes.iter());
        let dmn_mode = choices.below(3) == 2;
        let (text, points) = large_table(&mut choices, dmn_mode);
        check(&text, &points, dmn_mode);
    }
}

/// Enough rows for trees: numbers spread out, texts from many keys, and rows in between that make it hard.
fn large_table(choices: &mut Choices<'_>, dmn_mode: bool) -> (String, Vec<Vec<String>>) {
    let policy = choices.of(&POLICIES);
    let wild = choices.below(8);
    let mut text = format!("(table {policy} (columns (0 $c0) (1 $c1) (2 $c2)) (outputs (v number))");
    for row in 0..300 + choices.below(200) {
        let key = choices.below(60);
        let (low, width) = (choices.below(256), choices.below(40));
        let mut cells = [
            format!("((eq \"k{key}\"))"),
            format!("((within {low} closed {} open))", low + width),
            format!("((ge {}))", choices.below(100)),
        ];
        for cell in &mut cells {
            match choices.below(64) {
                hard if hard < wild => "-".clone_into(cell),
                62 if choices.is_rare() => *cell = choices.cell(&KINDS[0], dmn_mode),
                63 => *cell = format!("(not (eq {low}))"),
                _ => {}
            }
        }
        text += &format!(" (row ({}) {row})", cells.join(" "));
    }
    let point = |choices: &mut Choices<'_>| {
        vec![format!("\"k{}\"", choices.below(62)), choices.below(300).to_string(), format!("{}.5", choices.below(110))]
    };
    let points = (0..20).map(|_| point(choices)).collect();
    (text + ")", points)
}

#[test]
fn rows_that_an_index_rules_out_are_not_counted() {
    let mut plans = plans(false);
    plans.input("n", Type::number(), Some(literal("617")));
    let rows: String = (0..1_000).map(|row| format!("(row (((eq {row}))) {row})")).collect();
    let decision =
        plans.decision("caso", Type::Any, &format!("(table U (columns (0 $n)) (outputs (v number)) {rows})"));
    let (outcome, usage) = plans.run_with(decision, Limits { rows_max: 1, ..Limits::default() }, &mut Heard::default());
    assert_eq!((outcome, usage.rows), (Ok(Value::from(617)), 1));
}

#[test]
fn what_stands_behind_a_cell_that_fails_does_not_hide_the_failure() {
    let mut plans = plans(false);
    plans.input("a", Type::number(), Some(literal("1")));
    plans.input("b", Type::number(), Some(literal("2")));
    let table = |first: &str| {
        format!(
            "(table U (columns (0 $a) (1 1) (2 $b)) (outputs (v number)) \
             (row (((eq {first})) ((lt (div 1 0))) ((eq 3))) 1) (row (((eq 1)) - ((eq 2))) 2))"
        )
    };
    let fails = plans.decision("falla", Type::Any, &table("1"));
    assert_eq!(&*plans.run(fails).unwrap_err().code, "evaluacion.division-por-cero");
    let ruled_out = plans.decision("descarta", Type::Any, &table("7"));
    assert_eq!(plans.run(ruled_out), Ok(Value::from(2)));
}

#[test]
fn a_cell_that_holds_for_all_of_its_kind_still_fails_for_others() {
    let mut plans = plans(false);
    plans.input("a", Type::Any, Some(literal("\"x\"")));
    plans.input("b", Type::number(), Some(literal("1")));
    let table = "(table U (columns (0 $a) (1 $b)) (outputs (v number)) \
                 (row ((not (within 5 open 2 open)) ((eq 1))) 1) (row (- ((eq 2))) 2))";
    let decision = plans.decision("caso", Type::Any, table);
    assert_eq!(&*plans.run(decision).unwrap_err().code, "evaluacion.operacion");
}
