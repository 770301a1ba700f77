//! A line to try the service with: the shortest example that the cases of the rules give, as a request.

use std::net::SocketAddr;

use dictamen_decisions::catalogue::RulesetEntry;
use dictamen_decisions::{Catalogue, Example, Ready, Selection, examples};

/// The longest body that a line to copy should have, in bytes.
const BODY_BYTES_MAX: usize = 600;

/// A `curl` line that gets an outcome; none where no case of the rules gives one.
pub(crate) fn curl_line(catalogue: &Catalogue, address: SocketAddr) -> Option<String> {
    let rulesets = catalogue.rulesets();
    let (path, body) = rulesets.iter().find_map(|ruleset| shortest(catalogue, ruleset))?;
    let body = body.replace('\'', r"'\''");
    Some(format!("  curl -s http://{address}/v1/decisions/{path} -H 'content-type: application/json' -d '{body}'"))
}

/// The shortest request that a ruleset's cases give, as path and body; none where all are too long to copy.
fn shortest(catalogue: &Catalogue, ruleset: &RulesetEntry) -> Option<(String, String)> {
    let days = ruleset.versions.iter().filter_map(|version| version.chosen_on);
    let ready = days.filter_map(|day| catalogue.resolve(&ruleset.id, &Selection::on(day)).ok());
    let requests = ready.flat_map(|ready| requests(catalogue, &ready));
    requests.filter(|(_, body)| body.len() <= BODY_BYTES_MAX).min_by_key(|(_, body)| body.len())
}

fn requests(catalogue: &Catalogue, ready: &Ready) -> Vec<(String, String)> {
    let of = |example: Example| {
        let decision = ready.plan.decisions.get(example.decision as usize)?;
        Some((format!("{}/{}", ready.id, decision.name), example.request))
    };
    examples(catalogue, ready).into_iter().filter_map(of).collect()
}
