//! Other engines as contestants; without the feature `peers` there are none, and nothing of theirs is built.

use serde_json::Value;

use crate::tables::table::Table;

/// Another engine with its own form of the cases.
pub struct Peer {
    /// Its name in reports.
    pub name: &'static str,
    /// Decides a case and drops the outcome.
    pub run: Box<dyn Fn(usize)>,
    /// The outcome of a case as JSON.
    pub outcome: Box<dyn Fn(usize) -> Value>,
}

/// dsntk tests every cell of every row.
#[cfg(feature = "peers")]
const DSNTK_ROWS_MAX: usize = 1_100;
/// zen keeps one bit a row for each value, and tests ranges row by row.
#[cfg(feature = "peers")]
const ZEN_ROWS_MAX: usize = 10_000;

/// Those who take part in a table; facts as JSON.
#[cfg(feature = "peers")]
pub fn of_table(table: &Table, facts: &[Value]) -> Vec<Peer> {
    use super::dsntk::Dsntk;
    use super::zen::Zen;
    use crate::tables::spelling;
    let rows = table.rows.len();
    let zen = if rows <= ZEN_ROWS_MAX { spelling::jdm(table) } else { None };
    let zen = zen.map(|jdm| Zen::new(jdm).peer("zen, compiled", facts));
    let dsntk = (rows <= DSNTK_ROWS_MAX).then(|| Dsntk::new(&spelling::dmn(table)).peer("dsntk", facts));
    zen.into_iter().chain(dsntk).collect()
}

/// Those who take part in the graph.
#[cfg(feature = "peers")]
pub fn of_graph(facts: &[Value]) -> Vec<Peer> {
    use super::dsntk::Dsntk;
    use super::zen::Zen;
    use crate::graph::spelling;
    let merged = || Zen::new(spelling::jdm_merged());
    vec![
        Zen::new(spelling::jdm_chain()).peer("zen: a node for each decision", facts),
        merged().peer("zen: merged into 5 nodes", facts),
        merged().traced_peer("zen: merged, with its trace", facts),
        merged().json_peer("zen: merged, JSON in and out", facts),
        Dsntk::new(&spelling::dmn()).peer("dsntk: one boxed context", facts),
    ]
}

/// Loads a model as `who` reads it; the model in memory, or `None` where nobody is called so.
#[cfg(feature = "peers")]
pub fn load(who: &str, text: &str) -> Option<Box<dyn std::any::Any>> {
    match who {
        "zen" => Some(Box::new(super::zen::Zen::from_text(text))),
        "dsntk" => Some(Box::new(super::dsntk::Dsntk::new(text))),
        _ => None,
    }
}

/// Nobody.
#[cfg(not(feature = "peers"))]
pub fn of_table(_table: &Table, _facts: &[Value]) -> Vec<Peer> {
    Vec::new()
}

/// Nobody.
#[cfg(not(feature = "peers"))]
pub fn of_graph(_facts: &[Value]) -> Vec<Peer> {
    Vec::new()
}

/// Nobody.
#[cfg(not(feature = "peers"))]
pub fn load(_who: &str, _text: &str) -> Option<Box<dyn std::any::Any>> {
    None
}
