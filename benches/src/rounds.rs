//! Contestants against one another: rounds interleaved in one run, medians of processor time.

use std::time::Duration;

use crate::clock::{thread_time, timed};

/// How long is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Rounds; each contestant runs once in each.
    pub rounds: usize,
    /// Processor time of one round, at least.
    pub round: Duration,
}

impl Effort {
    /// For figures that are published.
    pub const FULL: Effort = Effort { rounds: 7, round: Duration::from_millis(500) };
    /// For a look.
    pub const QUICK: Effort = Effort { rounds: 3, round: Duration::from_millis(40) };
    /// For tests: everything runs once.
    pub const ONCE: Effort = Effort { rounds: 1, round: Duration::ZERO };
}

/// One who does the work.
pub struct Contestant<'a> {
    /// Its name in reports.
    pub name: String,
    /// Does the work for so many cases, from a number on; numbers past the last case begin anew.
    pub run: Box<dyn FnMut(usize, usize) + 'a>,
}

impl<'a> Contestant<'a> {
    /// One who does some work for each of `cases` cases, by their positions.
    pub fn new(name: impl Into<String>, cases: usize, mut work: impl FnMut(usize) + 'a) -> Contestant<'a> {
        let run = move |first: usize, count: usize| {
            let mut case = first % cases;
            for _ in 0..count {
                work(case);
                case += 1;
                if case == cases {
                    case = 0;
                }
            }
        };
        Contestant { name: name.into(), run: Box::new(run) }
    }
}

/// What a contestant reached.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// Cases a second in each round, ascending.
    pub per_second: Vec<f64>,
}

impl Figure {
    /// The round in the middle.
    pub fn median(&self) -> f64 {
        self.per_second[self.per_second.len() / 2]
    }

    /// The slowest round and the fastest.
    pub fn extremes(&self) -> (f64, f64) {
        (self.per_second[0], self.per_second[self.per_second.len() - 1])
    }
}

/// Lets all run, one round each after the other, as many rounds as are asked for.
pub fn measure(effort: Effort, contestants: &mut [Contestant<'_>]) -> Vec<Figure> {
    let chunks: Vec<usize> = contestants.iter_mut().map(|contestant| chunk(effort, contestant)).collect();
    let mut figures: Vec<Figure> =
        contestants.iter().map(|contestant| Figure { name: contestant.name.clone(), per_second: Vec::new() }).collect();
    for round in 0..effort.rounds {
        for turn in 0..contestants.len() {
            let who = (turn + round) % contestants.len();
            figures[who].per_second.push(rate(effort, &mut contestants[who], chunks[who]));
        }
    }
    figures.iter_mut().for_each(|figure| figure.per_second.sort_by(f64::total_cmp));
    figures
}

/// How many cases make a chunk so long that reading the clock costs nothing beside it. Warms up, too.
fn chunk(effort: Effort, contestant: &mut Contestant<'_>) -> usize {
    let enough = effort.round / 50;
    let mut count = 1;
    while timed(|| (contestant.run)(0, count)).0 < enough {
        count *= 2;
    }
    count
}

fn rate(effort: Effort, contestant: &mut Contestant<'_>, chunk: usize) -> f64 {
    let (started, mut done) = (thread_time(), 0);
    loop {
        (contestant.run)(done, chunk);
        done += chunk;
        let spent = thread_time() - started;
        if spent >= effort.round {
            return done as f64 / spent.as_secs_f64();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contestants_meet_all_cases_in_turn() {
        let mut seen = Vec::new();
        let mut contestant = Contestant::new("one", 3, |case| seen.push(case));
        (contestant.run)(2, 5);
        drop(contestant);
        assert_eq!(seen, [2, 0, 1, 2, 0]);
    }

    #[test]
    fn a_figure_has_one_rate_a_round() {
        let effort = Effort { rounds: 3, round: Duration::from_millis(1) };
        let figures = measure(effort, &mut [Contestant::new("one", 1, |_| _ = std::hint::black_box(1))]);
        assert_eq!(figures[0].per_second.len(), 3);
        assert!(figures[0].extremes().0 <= figures[0].median() && figures[0].median() <= figures[0].extremes().1);
    }
}
