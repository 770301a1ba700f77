//! Servers as processes of their own: started, asked for the processor time that they used, and ended.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use rustix::thread::{CpuSet, sched_setaffinity};
use tokio::net::TcpListener;

use super::{bare, ours};

/// What a process is told to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The bare handler.
    Bare(bare::Json),
    /// Our service.
    Ours(ours::Traces),
}

/// Each role by the word that tells it.
const WORDS: [(&str, Role); 4] = [
    ("bare", Role::Bare(bare::Json::Extracted)),
    ("bytes", Role::Bare(bare::Json::Bytes)),
    ("forgotten", Role::Ours(ours::Traces::Forgotten)),
    ("durable", Role::Ours(ours::Traces::Durable)),
];

/// Clock ticks a second in `/proc`: the same on every Linux that we know.
const TICKS: f64 = 100.0;

/// Serves until its standard input ends: `serve-once ROLE FOLDER`, with a third word on that processor alone.
pub fn serve(words: &[String]) {
    let [word, data, processor @ ..] = words else { panic!("serve-once ROLE FOLDER [PROCESSOR]") };
    if let [processor] = processor {
        stay_on(processor.parse().expect("the number of a processor"));
    }
    let (_, role) = WORDS.iter().find(|(name, _)| name == word).expect("a role");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        println!("{}", listener.local_addr().expect("an address"));
        std::thread::spawn(|| {
            _ = std::io::stdin().read_to_end(&mut Vec::new());
            std::process::exit(0);
        });
        match role {
            Role::Bare(json) => bare::answer(listener, *json).await,
            Role::Ours(traces) => ours::answer(listener, *traces, Path::new(data)).await,
        }
    });
}

/// A server that runs until this is dropped.
pub(super) struct Server {
    /// Where it listens.
    pub(super) address: SocketAddr,
    child: Child,
    _held: ChildStdin,
}

impl Server {
    /// Starts a process of the program at `program`, on one processor alone if that is said.
    pub(super) fn start(program: &Path, role: Role, data: &Path, processor: Option<usize>) -> Server {
        let (word, _) = WORDS.iter().find(|(_, other)| *other == role).expect("every role has a word");
        let mut command = Command::new(program);
        command
            .arg("serve-once")
            .arg(word)
            .arg(data)
            .args(processor.map(|number| number.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let held = child.stdin.take().expect("its standard input");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its standard output")).read_line(&mut line).expect("its address");
        Server { address: line.trim().parse().expect("an address"), child, _held: held }
    }

    /// Processor time of all of its threads since it began.
    pub(super) fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("the server lives");
        // The name of the program may have spaces; what follows it has none.
        let (_, fields) = stat.rsplit_once(')').expect("a line of /proc");
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks: u64 = ticks.map(|ticks| ticks.parse::<u64>().expect("a count")).sum();
        Duration::from_secs_f64(ticks as f64 / TICKS)
    }
}

/// The calling thread, and those that it starts from now on, run on one processor.
pub(super) fn stay_on(processor: usize) {
    let mut set = CpuSet::new();
    set.set(processor);
    sched_setaffinity(None, &set).expect("a processor that there is");
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
