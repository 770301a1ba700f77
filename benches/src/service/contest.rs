//! The bare handler and our service in turn: outcomes compared, then as many requests as go, then half as many at a pace.

use std::path::Path;
use std::time::Duration;

use super::bare::Json;
use super::client::Client;
use super::figures::{Contender, Figures, Latency};
use super::ours::Traces;
use super::process::{Role, Server, stay_on};
use super::requests::Requests;
use crate::rounds::Effort;

/// Connections that are kept.
const CONNECTIONS: usize = 256;

/// How long one round takes, as a multiple of a round of other measurements: other things run on the machine, too.
const ROUND: u32 = 4;

/// Who answers: its name in reports, what its process is told, and whether its folder is in memory.
const CONTENDERS: [(&str, Role, bool); 5] = [
    ("bare axum handler", Role::Bare(Json::Extracted), true),
    ("bare handler without axum's reader of JSON", Role::Bare(Json::Bytes), true),
    ("ours: traces forgotten", Role::Ours(Traces::Forgotten), true),
    ("ours: traces durable on the disk", Role::Ours(Traces::Durable), false),
    ("ours: traces durable in memory (a disk that takes no time)", Role::Ours(Traces::Durable), true),
];

/// The processors of server and client where they are apart.
const SERVER: usize = 0;
const CLIENT: usize = 1;

/// Where files are kept in memory.
const MEMORY: &str = "/dev/shm";

/// Who runs where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Arrangement {
    /// The client shares all processors with the server.
    Together,
    /// The server has one processor, the client another: what is measured is the server, not who comes next on a processor.
    Apart,
}

/// Measures servers that are processes of the program at `program`.
pub fn contest(program: &Path, effort: Effort, arrangement: Arrangement) -> Figures {
    match arrangement {
        Arrangement::Together => among(program, effort, arrangement),
        // On a thread of its own, which then stays where the client is.
        Arrangement::Apart => std::thread::scope(|scope| {
            let measuring = scope.spawn(|| {
                stay_on(CLIENT);
                among(program, effort, arrangement)
            });
            measuring.join().expect("it is measured")
        }),
    }
}

fn among(program: &Path, effort: Effort, arrangement: Arrangement) -> Figures {
    let processor = (arrangement == Arrangement::Apart).then_some(SERVER);
    let requests = Requests::of_graph();
    let folders = CONTENDERS.map(|(.., in_memory)| folder(in_memory));
    let servers: Vec<Server> = CONTENDERS
        .iter()
        .zip(&folders)
        .map(|((_, role, _), folder)| Server::start(program, *role, &folder.path().join("data"), processor))
        .collect();
    // Anew for each round: servers close connections that are idle for long.
    let client = |server: &Server| Client::connect(server.address, CONNECTIONS, &requests.bytes);
    servers.iter().for_each(|server| check(client(server), &requests));
    let mut contenders: Vec<Contender> = CONTENDERS.iter().map(|(name, ..)| Contender::new(name)).collect();
    for round in 0..effort.rounds {
        for turn in 0..servers.len() {
            let who = (turn + round) % servers.len();
            let found = fast(client(&servers[who]), &servers[who], effort.round * ROUND);
            contenders[who].add(found);
        }
    }
    contenders.iter_mut().for_each(Contender::sort);
    for _ in 0..effort.rounds {
        for (server, contender) in servers.iter().zip(&mut contenders) {
            let pace = contender.per_second() / 2.0;
            contender.at_half_load.push(Latency::of(client(server).at_a_pace(pace, effort.round * ROUND)));
        }
    }
    Figures { arrangement, connections: CONNECTIONS, round: effort.round * ROUND, rounds: effort.rounds, contenders }
}

/// Asks a server that runs elsewhere, under a profiler for instance: `ask ADDRESS SECONDS`.
pub fn ask(words: &[String]) {
    let [address, seconds] = words else { panic!("ask ADDRESS SECONDS") };
    let time = Duration::from_secs_f64(seconds.parse().expect("seconds"));
    let requests = Requests::of_graph();
    let mut client = Client::connect(address.parse().expect("an address"), CONNECTIONS, &requests.bytes);
    println!("{:.0} answers a second", client.as_fast_as_answers_come(time));
}

/// A folder that goes away with what is in it.
fn folder(in_memory: bool) -> tempfile::TempDir {
    let made = if in_memory { tempfile::tempdir_in(MEMORY) } else { tempfile::tempdir() };
    made.expect("a folder for traces")
}

fn check(mut client: Client<'_>, requests: &Requests) {
    client.ask_each(|number, body| {
        assert!(requests.is_answered(number, body), "case {number}: {}", String::from_utf8_lossy(body));
    });
}

/// Requests a second, and processor time of the server for each, in microseconds.
fn fast(mut client: Client<'_>, server: &Server, time: Duration) -> (f64, f64) {
    let before = server.processor_time();
    let started = std::time::Instant::now();
    let per_second = client.as_fast_as_answers_come(time);
    let answered = per_second * started.elapsed().as_secs_f64();
    (per_second, (server.processor_time() - before).as_secs_f64() * 1e6 / answered)
}
