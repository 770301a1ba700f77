//! What is asked over HTTP, and which outcome each request must get.

use serde_json::Value;

use crate::graph::hand::{Facts, Hundredths, by_decimals};
use crate::graph::model::GraphOutcome;
use crate::graph::{self, spelling};
use crate::tables::spelling::DECISION;

/// Different requests.
const CASES: usize = 4_096;

/// Requests as they go over the connection, with what must come of them.
pub(super) struct Requests {
    /// Head and body of each.
    pub(super) bytes: Vec<Vec<u8>>,
    expected: Vec<GraphOutcome>,
}

/// Where decisions are asked for.
pub(super) fn path() -> String {
    format!("/v1/decisions/{}/{DECISION}", spelling::RULESET)
}

impl Requests {
    /// Requests about cases of the graph on which floats decide as decimals do, as the bare handler computes in floats.
    pub(super) fn of_graph() -> Requests {
        let (cases, _) = graph::cases(CASES);
        let expected = cases.iter().map(|case| by_decimals(&Facts::new(case, Hundredths)));
        Requests { expected: expected.collect(), bytes: cases.iter().map(|case| request(&case.facts())).collect() }
    }

    /// Whether a body answers a request with the outcome that it must have.
    pub(super) fn is_answered(&self, number: usize, body: &[u8]) -> bool {
        let Ok(body) = serde_json::from_slice::<Value>(body) else { return false };
        let members: Vec<&str> = body.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        members == ["outcome", "trace_id", "ruleset"]
            && body["trace_id"].as_str().is_some_and(|id| id.len() == super::bare::TRACE_ID.len())
            && body["ruleset"].as_object().is_some_and(|ruleset| ruleset.len() == 3)
            && graph::normal(&body["outcome"]) == self.expected[number]
    }
}

fn request(facts: &Value) -> Vec<u8> {
    let body = format!("{{\"input\":{facts}}}");
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        path(),
        body.len()
    );
    [head, body].concat().into_bytes()
}
