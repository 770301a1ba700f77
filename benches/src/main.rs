//! `dictamen-benches WHAT… [quick] [--only TEXT] [--rulesets FOLDER] [--out FOLDER]`: measures and writes reports.

use std::path::PathBuf;

use dictamen_benches::report::{Machine, Report, Section, write_loads};
use dictamen_benches::rounds::Effort;
use dictamen_benches::{batch, graph, loading, policy_table, recording, ruleset, service, tables};

/// As the product's binary has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What can be measured: its name, its title, and how.
type Work = (&'static str, &'static str, fn(&Order) -> Vec<Section>);

const WORKS: &[Work] = &[
    ("tables", "Decision tables", run_tables),
    ("graph", "A graph of decisions", |order| vec![print_now(graph::contest(order.effort))]),
    ("recording", "Recording what a trace needs", |order| {
        recording::contests(order.effort).into_iter().map(print_now).collect()
    }),
    ("ruleset", "A real ruleset", |order| vec![print_now(ruleset::contest(&order.rulesets, order.effort))]),
];
/// Measured in processes of their own.
const LOADING: &str = "loading";
/// Measured over HTTP.
const SERVICE: &str = "service";

/// What this program does for itself, in processes of its own, or for a look: its name, and how.
type Errand = (&'static str, fn(&[String]));

const ERRANDS: &[Errand] = &[
    ("load-once", loading::load_once),
    ("batch-rows", batch::write),
    ("serve-once", service::serve),
    ("ask", service::ask),
];

/// What was asked for.
struct Order {
    what: Vec<String>,
    effort: Effort,
    quick: bool,
    rulesets: PathBuf,
    out: Option<PathBuf>,
    /// Only tables whose name contains this.
    only: Option<String>,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let Some((first, rest)) = words.split_first()
        && let Some((_, run)) = ERRANDS.iter().find(|(name, _)| name == first)
    {
        return run(rest);
    }
    let order = Order::read(words.into_iter());
    for (name, title, run) in WORKS.iter().filter(|(name, ..)| order.wants(name)) {
        let report = Report { machine: Machine::here(order.effort), sections: run(&order) };
        if let Some(folder) = &order.out {
            report.write(folder, name, title).expect("the report is written");
        }
    }
    if order.wants(LOADING) {
        load(&order);
    }
    if order.wants(SERVICE) {
        answer(&order);
    }
}

impl Order {
    fn read(mut words: impl Iterator<Item = String>) -> Order {
        let mut order = Order {
            what: Vec::new(),
            effort: Effort::FULL,
            quick: false,
            rulesets: PathBuf::from("rulesets"),
            out: None,
            only: None,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "quick" => (order.quick, order.effort) = (true, Effort::QUICK),
                "--out" => order.out = words.next().map(PathBuf::from),
                "--only" => order.only = words.next(),
                "--rulesets" => order.rulesets = words.next().map(PathBuf::from).unwrap_or_default(),
                what => {
                    let known: Vec<&str> = WORKS.iter().map(|(name, ..)| *name).chain([LOADING, SERVICE]).collect();
                    assert!(known.contains(&what), "{what} is none of {known:?}, quick, --only, --rulesets, --out");
                    order.what.push(word);
                }
            }
        }
        order
    }

    fn wants(&self, name: &str) -> bool {
        self.what.is_empty() || self.what.iter().any(|what| what == name)
    }
}

fn run_tables(order: &Order) -> Vec<Section> {
    let entries = tables::plan().into_iter().filter(|entry| entry.quick || !order.quick);
    let named = entries.filter(|entry| order.only.as_ref().is_none_or(|only| entry.title().contains(only.as_str())));
    let mut sections: Vec<Section> = named.map(|entry| print_now(tables::contest(&entry, order.effort))).collect();
    if order.only.is_none() {
        sections.push(print_now(policy_table::contest(order.effort)));
    }
    sections
}

fn load(order: &Order) {
    let program = std::env::current_exe().expect("the path of this program");
    let figures = loading::contests(&program, if order.quick { 1 } else { order.effort.rounds }, order.quick);
    println!("{}", loading::markdown(&figures));
    if let Some(folder) = &order.out {
        write_loads(folder, &Machine::here(order.effort), &figures).expect("the report is written");
    }
}

fn answer(order: &Order) {
    let program = std::env::current_exe().expect("the path of this program");
    let arrangements = [service::Arrangement::Together, service::Arrangement::Apart];
    let figures = arrangements.map(|arrangement| {
        let figures = service::contest(&program, order.effort, arrangement);
        println!("{}", figures.markdown());
        figures
    });
    if let Some(folder) = &order.out {
        service::write(folder, &Machine::here(order.effort), &figures).expect("the report is written");
    }
}

fn print_now(section: Section) -> Section {
    println!("{}", section.markdown());
    section
}
