//! Load on a real server: decisions asked by several clients at once, and which of them were acknowledged.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::http::{Request, Response};

/// Where `tests/golden/rulesets` answers decisions that cost little.
pub const DECISION: &str = "/v1/decisions/prueba.errores/cociente";

/// A request for one such decision.
pub fn request(divisor: u64) -> Request {
    Request::post(DECISION, &json!({ "input": { "divisor": divisor }, "as_of": "2025-03-01" }))
}

/// Clients that go on asking until they are told to stop or nobody answers.
#[derive(Debug)]
pub struct Load {
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    clients: Vec<JoinHandle<Vec<String>>>,
}

impl Load {
    /// Starts so many clients.
    pub fn start(address: SocketAddr, clients: u64) -> Load {
        let stop = Arc::new(AtomicBool::new(false));
        let answered = Arc::new(AtomicUsize::new(0));
        let spawn = |number| {
            let (stop, answered) = (Arc::clone(&stop), Arc::clone(&answered));
            thread::spawn(move || ask_on(address, number, &stop, &answered))
        };
        let clients = (1..=clients).map(spawn).collect();
        Load { stop, answered, clients }
    }

    /// Waits until so many answers have come: however slow the machine, a server is met at work.
    pub fn wait_for(&self, answers: usize) {
        let started = Instant::now();
        while self.answered.load(Ordering::Relaxed) < answers {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "a server under load answered fewer than {answers} times"
            );
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Lets the clients end, and gives the traces of all answers that came whole.
    pub fn stop(self) -> Vec<String> {
        self.stop.store(true, Ordering::Relaxed);
        self.clients.into_iter().flat_map(|client| client.join().expect("a client ends")).collect()
    }
}

/// Asks one question after the other; an answer that does not come ends it, and one that is no outcome is a failure.
fn ask_on(address: SocketAddr, client: u64, stop: &AtomicBool, answered: &AtomicUsize) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for number in 1.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let Ok(response) = request(client * 1_000_000 + number).send(address) else { break };
        acknowledged.push(trace_id(&response));
        answered.fetch_add(1, Ordering::Relaxed);
    }
    acknowledged
}

/// The trace that an answer names.
#[track_caller]
pub fn trace_id(response: &Response) -> String {
    assert_eq!(response.status, 200, "{}", response.text());
    response.json()["trace_id"].as_str().expect("a trace").to_owned()
}
