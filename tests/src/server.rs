//! A real server in a process of its own, on a free port of loopback and with a data directory of its own.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::binary::{self, Called};
use crate::http::{Request, Response};

/// A server that is running; dropping it kills it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it printed until it was ready.
    pub greeting: String,
    out: Option<BufReader<ChildStdout>>,
    err: Option<JoinHandle<String>>,
}

impl Server {
    /// Starts `dictamen serve` on a free port and waits until it is ready.
    pub fn start(data: &Path, rulesets: &Path, flags: &[&str]) -> Server {
        Server::start_with(data, rulesets, flags, &[])
    }

    /// Starts it with further variables in its environment.
    pub fn start_with(data: &Path, rulesets: &Path, flags: &[&str], variables: &[(&str, &str)]) -> Server {
        let mut command = binary::command(data.parent().expect("the data directory stands in a folder"));
        command.arg("serve").arg("--listen").arg("127.0.0.1:0").arg("--data").arg(data).arg("--rulesets").arg(rulesets);
        command.args(flags).envs(variables.iter().copied());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the server starts");
        let mut stderr = child.stderr.take().expect("standard error is piped");
        let err = std::thread::spawn(move || {
            let mut text = String::new();
            drop(stderr.read_to_string(&mut text));
            text
        });
        let mut out = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let greeting = greeting(&mut out);
        let Some(address) = address_in(&greeting) else {
            drop(child.kill());
            panic!("no address in the greeting: {greeting}\n{}", err.join().unwrap());
        };
        Server { child, address, greeting, out: Some(out), err: Some(err) }
    }

    /// Sends a request.
    pub fn send(&self, request: &Request) -> Response {
        request.send(self.address).unwrap_or_else(|error| panic!("{} {}: {error}", request.method, request.path))
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let done = std::process::Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(done.expect("kill runs").success(), "signal {name}");
    }

    /// Ends it at once, as a crash would, and waits until it is gone.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it is gone");
    }

    /// Asks it to stop with a signal, waits for it and gives what it said, greeting left out.
    pub fn stop(mut self, signal: &str) -> Called {
        self.signal(signal);
        let mut out = String::new();
        self.out.take().expect("it ran").read_to_string(&mut out).expect("its output is UTF-8");
        let code = self.wait(Duration::from_secs(60));
        Called { code, out, err: self.err.take().expect("it ran").join().expect("its errors were read") }
    }

    fn wait(&mut self, limit: Duration) -> i32 {
        let started = Instant::now();
        while started.elapsed() < limit {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                return status.code().unwrap_or(-1);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server did not stop within {limit:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What it prints until an empty line, which ends the greeting.
fn greeting(out: &mut impl BufRead) -> String {
    let mut text = String::new();
    let mut line = String::new();
    while out.read_line(&mut line).is_ok_and(|count| count > 0) && line != "\n" {
        text.push_str(&line);
        line.clear();
    }
    text
}

fn address_in(greeting: &str) -> Option<SocketAddr> {
    greeting.split("http://").skip(1).find_map(|rest| rest.split(['/', ' ', '\n']).next()?.parse().ok())
}
