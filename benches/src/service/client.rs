//! A client of one thread over many connections that are kept: as fast as answers come, or at a pace of its own.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::time::Timespec;

/// Room for an answer.
const ANSWER_BYTES_MAX: usize = 8_192;

/// A client with its connections.
pub(super) struct Client<'a> {
    poll: std::os::fd::OwnedFd,
    connections: Vec<Connection>,
    requests: &'a [Vec<u8>],
    next: usize,
}

struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
    filled: usize,
    /// When the request that it waits for an answer to was to be sent.
    due: Instant,
}

impl<'a> Client<'a> {
    /// Connects so many times.
    pub(super) fn connect(address: SocketAddr, connections: usize, requests: &'a [Vec<u8>]) -> Client<'a> {
        let poll = epoll::create(CreateFlags::CLOEXEC).expect("epoll");
        let connect = |number: usize| {
            let stream = TcpStream::connect(address).expect("a connection");
            stream.set_nodelay(true).expect("small packets go at once");
            stream.set_nonblocking(true).expect("nothing blocks");
            epoll::add(&poll, &stream, EventData::new_u64(number as u64), EventFlags::IN).expect("it is watched");
            Connection { stream, answer: vec![0; ANSWER_BYTES_MAX], filled: 0, due: Instant::now() }
        };
        let connections = (0..connections).map(connect).collect();
        Client { poll, connections, requests, next: 0 }
    }

    /// Asks each request once, over one connection after the other, and gives the bodies of the answers.
    pub(super) fn ask_each(&mut self, mut each: impl FnMut(usize, &[u8])) {
        for number in 0..self.requests.len() {
            self.next = number;
            self.ask(number % self.connections.len(), Instant::now());
            let mut waits = true;
            while waits {
                self.answers(None, |client, connection| {
                    each(number, client.connections[connection].body());
                    waits = false;
                });
            }
        }
    }

    /// Asks for a while over all connections, each as soon as it has its answer; gives how many were answered a second.
    pub(super) fn as_fast_as_answers_come(&mut self, time: Duration) -> f64 {
        let started = Instant::now();
        let mut answered = 0_u64;
        let mut waiting = self.connections.len();
        (0..waiting).for_each(|connection| self.ask(connection, started));
        while waiting > 0 {
            let goes_on = started.elapsed() < time;
            self.answers(None, |client, connection| {
                answered += 1;
                if goes_on { client.ask(connection, started) } else { waiting -= 1 }
            });
        }
        answered as f64 / started.elapsed().as_secs_f64()
    }

    /// Asks so many times a second for a while, whether or not answers come; gives how long each took from the moment
    /// at which it was due, also where it had to wait for a free connection.
    pub(super) fn at_a_pace(&mut self, per_second: f64, time: Duration) -> Vec<Duration> {
        let (started, count) = (Instant::now(), (per_second * time.as_secs_f64()) as u64);
        let due = |number: u64| started + Duration::from_secs_f64(number as f64 / per_second);
        let mut free: VecDeque<usize> = (0..self.connections.len()).collect();
        let mut took = Vec::with_capacity(count as usize);
        let mut asked = 0;
        while took.len() < count as usize {
            while asked < count && due(asked) <= Instant::now() {
                let Some(connection) = free.pop_front() else { break };
                self.ask(connection, due(asked));
                asked += 1;
            }
            let pause =
                (asked < count && !free.is_empty()).then(|| due(asked).saturating_duration_since(Instant::now()));
            self.answers(pause, |client, connection| {
                took.push(client.connections[connection].due.elapsed());
                free.push_back(connection);
            });
        }
        took
    }

    fn ask(&mut self, connection: usize, due: Instant) {
        let request = &self.requests[self.next];
        let connection = &mut self.connections[connection];
        (connection.filled, connection.due) = (0, due);
        let written = connection.stream.write(request).expect("a request is sent");
        assert_eq!(written, request.len(), "a request fits into the socket's buffer");
        self.next = (self.next + 1) % self.requests.len();
    }

    /// Waits for answers and tells of each connection that has a whole one.
    fn answers(&mut self, pause: Option<Duration>, mut each: impl FnMut(&mut Client<'a>, usize)) {
        let mut events = [const { std::mem::MaybeUninit::uninit() }; 256];
        let pause = pause.map(|pause| Timespec::try_from(pause).expect("a short pause"));
        let (ready, _) = match epoll::wait(&self.poll, &mut events[..], pause.as_ref()) {
            Ok(ready) => ready,
            Err(rustix::io::Errno::INTR) => return,
            Err(error) => panic!("{error}"),
        };
        for event in ready {
            let connection = event.data.u64() as usize;
            if self.connections[connection].read() {
                each(self, connection);
            }
        }
    }
}

impl Connection {
    /// Reads what is there; gives whether an answer is whole.
    fn read(&mut self) -> bool {
        match self.stream.read(&mut self.answer[self.filled..]) {
            Ok(0) => panic!("the server closed a connection"),
            Ok(count) => self.filled += count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
            Err(error) => panic!("{error}"),
        }
        let answer = &self.answer[..self.filled];
        let Some(head) = head_length(answer) else { return false };
        assert!(answer.starts_with(b"HTTP/1.1 200"), "not answered: {}", String::from_utf8_lossy(answer));
        self.filled >= head + body_length(&answer[..head])
    }

    fn body(&self) -> &[u8] {
        let answer = &self.answer[..self.filled];
        &answer[head_length(answer).unwrap_or_default()..]
    }
}

fn head_length(answer: &[u8]) -> Option<usize> {
    answer.windows(4).position(|end| end == b"\r\n\r\n").map(|end| end + 4)
}

fn body_length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"content-length: ";
    let at = head.windows(NAME.len()).position(|name| name.eq_ignore_ascii_case(NAME)).expect("a length of the body");
    let digits = head[at + NAME.len()..].iter().take_while(|digit| digit.is_ascii_digit());
    digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_an_answer_is_found() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\ndate: x\r\n\r\n{}";
        let head = head_length(answer).unwrap();
        assert_eq!((&answer[head..], body_length(&answer[..head])), (&b"{}"[..], 12));
        assert_eq!(head_length(&answer[..head - 1]), None);
    }
}
