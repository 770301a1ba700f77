//! How far long work has come, on standard error: a line that rewrites itself where a person watches, and a line now and
//! then where work on files goes to a log.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use dictamen_platform::{Clock, SystemClock};
use dictamen_value::Language;

/// How long to wait before the line is written again: work shorter than this shows none.
const PAUSE: Duration = Duration::from_millis(300);
/// The same for a log.
const PAUSE_IN_LOGS: Duration = Duration::from_secs(10);

/// How far long work has come.
pub(crate) struct Progress {
    clock: SystemClock,
    started_at: Duration,
    shown_at: Duration,
    /// How long between two lines; none are written where there is no pause.
    pause: Option<Duration>,
    rewrites: bool,
    language: Language,
    label: String,
    done: u64,
}

/// How much of a file has been worked on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Part {
    /// Bytes that are done.
    pub(crate) bytes: u64,
    /// Bytes of the whole file, where they are known.
    pub(crate) of: Option<u64>,
}

impl Progress {
    /// Work that counts something, such as “cases”; shown to a person only.
    pub(crate) fn new(label: impl Into<String>) -> Progress {
        let rewrites = io::stderr().is_terminal();
        let clock = SystemClock::new();
        let started_at = clock.monotonic();
        Progress {
            clock,
            started_at,
            shown_at: started_at,
            pause: rewrites.then_some(PAUSE),
            rewrites,
            language: Language::Es,
            label: label.into(),
            done: 0,
        }
    }

    /// Work on the rows of a file, shown to a log too.
    pub(crate) fn of_rows(language: Language) -> Progress {
        let label = match language {
            Language::Es => "filas",
            Language::En => "rows",
        };
        let mut progress = Progress::new(label);
        progress.pause = progress.pause.or(Some(PAUSE_IN_LOGS));
        progress.language = language;
        progress
    }

    /// One more is done.
    pub(crate) fn step(&mut self) {
        self.reach(self.done.saturating_add(1));
    }

    /// So many are done.
    pub(crate) fn reach(&mut self, done: u64) {
        self.done = done;
        self.show_now_and_then(|progress, _| format!("{} {}", progress.done, progress.label));
    }

    /// So many rows are done, and with them a part of the file.
    pub(crate) fn reach_in_file(&mut self, done: u64, part: Part) {
        self.done = done;
        self.show_now_and_then(|progress, elapsed| in_file(progress, elapsed, part));
    }

    fn show_now_and_then(&mut self, text: impl Fn(&Progress, Duration) -> String) {
        let Some(pause) = self.pause else { return };
        let now = self.clock.monotonic();
        if now.saturating_sub(self.shown_at) < pause {
            return;
        }
        self.shown_at = now;
        let text = text(self, now.saturating_sub(self.started_at));
        // Where not even standard error can be written there is nobody left to tell.
        drop(match self.rewrites {
            true => write!(io::stderr(), "\r{text}\x1b[K"),
            false => writeln!(io::stderr(), "{text}"),
        });
    }
}

impl Drop for Progress {
    /// Takes the line away, so that results stand on clean ones.
    fn drop(&mut self) {
        if self.rewrites && self.shown_at != self.started_at {
            drop(write!(io::stderr(), "\r\x1b[K"));
        }
    }
}

fn in_file(progress: &Progress, elapsed: Duration, part: Part) -> String {
    let Progress { done, label, language, .. } = progress;
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let mut text = format!("{done} {label} · {} {label}/s", scaled(*done, 1_000, milliseconds));
    let Some(whole) = part.of.filter(|whole| *whole > 0 && part.bytes > 0) else { return text };
    let left_ms = scaled(milliseconds, whole.saturating_sub(part.bytes), part.bytes);
    let left = duration(left_ms.div_ceil(1_000));
    let percent = scaled(part.bytes, 100, whole).min(100);
    text += &match language {
        Language::Es => format!(" · {percent} % · faltan {left}"),
        Language::En => format!(" · {percent}% · {left} left"),
    };
    text
}

/// `amount · by / of`, rounded down.
fn scaled(amount: u64, by: u64, of: u64) -> u64 {
    let product = u128::from(amount).saturating_mul(u128::from(by));
    product.checked_div(u128::from(of)).and_then(|scaled| u64::try_from(scaled).ok()).unwrap_or(u64::MAX)
}

fn duration(seconds: u64) -> String {
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    match minutes {
        0 => format!("{seconds} s"),
        1..60 => format!("{minutes} min {seconds} s"),
        _ => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_a_second_percent_and_time_left_are_told_where_they_are_known() {
        let of = |language, done, seconds, bytes, of| {
            let mut progress = Progress::of_rows(language);
            progress.done = done;
            in_file(&progress, Duration::from_secs(seconds), Part { bytes, of })
        };
        assert_eq!(of(Language::Es, 250, 10, 250, Some(1_000)), "250 filas · 25 filas/s · 25 % · faltan 30 s");
        assert_eq!(of(Language::En, 9, 90, 10, Some(50)), "9 rows · 0 rows/s · 20% · 6 min 0 s left");
        assert_eq!(of(Language::En, 1, 3_600, 10, Some(30)), "1 rows · 0 rows/s · 33% · 2 h 0 min left");
        assert_eq!(of(Language::En, 7, 0, 10, None), "7 rows · 7000 rows/s");
        assert_eq!(of(Language::En, 7, 0, 0, Some(10)), "7 rows · 7000 rows/s");
    }
}
