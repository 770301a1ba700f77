//! Lines of a body as they come, in chunks, with bounded memory.

use dictamen_platform::Problem;
use dictamen_value::Message;

use super::BatchSettings;
use super::body::Pieces;

/// Some lines that are answered together.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// Lines with their numbers, from 1; blank ones are left out.
    pub(super) lines: Vec<(u64, Line)>,
    /// Whether nothing comes after them.
    pub(super) is_last: bool,
    bytes: usize,
}

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Its bytes, without the line break.
    Text(Vec<u8>),
    /// It is longer than allowed; what there was is gone.
    TooLong,
}

/// Cuts a body into lines.
pub(super) struct Lines {
    pieces: Pieces,
    settings: BatchSettings,
    /// Whether chunks must not depend on how the body arrives.
    steady: bool,
    waiting: Vec<u8>,
    start: usize,
    skipping: bool,
    ended: bool,
    number: u64,
    failed: Option<Problem>,
}

impl Lines {
    /// The lines of a body. `steady` chunks are as long as allowed; others end where the body pauses.
    pub(super) fn new(pieces: Pieces, settings: BatchSettings, steady: bool) -> Lines {
        Lines {
            pieces,
            settings,
            steady,
            waiting: Vec::new(),
            start: 0,
            skipping: false,
            ended: false,
            number: 0,
            failed: None,
        }
    }

    /// The next chunk; without lines only where it is the last. What goes wrong behind whole lines is told after them.
    pub(super) async fn chunk(&mut self) -> Result<Chunk, Problem> {
        if let Some(problem) = self.failed.take() {
            return Err(problem);
        }
        let mut chunk = Chunk::default();
        match self.fill(&mut chunk).await {
            Ok(()) => Ok(chunk),
            // A steady chunk that is not whole must not be answered: the same body sent again would have another.
            Err(problem) if chunk.lines.is_empty() || self.steady => Err(problem),
            Err(problem) => {
                self.failed = Some(problem);
                Ok(chunk)
            }
        }
    }

    async fn fill(&mut self, chunk: &mut Chunk) -> Result<(), Problem> {
        loop {
            self.take_lines(chunk)?;
            let is_empty = self.start >= self.waiting.len();
            if self.ended && is_empty {
                chunk.is_last = true;
                return Ok(());
            }
            let is_whole = self.is_full(chunk) && !(self.steady && is_empty);
            if is_whole || !self.read_on(chunk).await? {
                return Ok(());
            }
        }
    }

    /// Reads a piece of the body; says no where a chunk that need not be steady would have to wait for it.
    async fn read_on(&mut self, chunk: &Chunk) -> Result<bool, Problem> {
        let piece = if self.steady || chunk.lines.is_empty() {
            self.pieces.next().await?
        } else {
            match self.pieces.ready().await? {
                None => return Ok(false),
                Some(piece) => (!piece.is_empty()).then_some(piece),
            }
        };
        self.waiting.drain(..self.start.min(self.waiting.len()));
        self.start = 0;
        match piece {
            Some(piece) => self.waiting.extend_from_slice(&piece),
            None => self.ended = true,
        }
        Ok(true)
    }

    fn take_lines(&mut self, chunk: &mut Chunk) -> Result<(), Problem> {
        while !self.is_full(chunk) {
            let Some(line) = self.take_line() else { return Ok(()) };
            self.number = self.number.saturating_add(1);
            if self.number > self.settings.lines_max {
                return Err(too_many(self.settings.lines_max));
            }
            if let Line::Text(text) = &line {
                if text.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                chunk.bytes = chunk.bytes.saturating_add(text.len());
            }
            chunk.lines.push((self.number, line));
        }
        Ok(())
    }

    fn is_full(&self, chunk: &Chunk) -> bool {
        chunk.lines.len() >= self.settings.chunk_lines.max(1) || chunk.bytes >= self.settings.chunk_bytes
    }

    /// The next line, if it is there whole; what follows the last line break counts once the body has ended.
    fn take_line(&mut self) -> Option<Line> {
        let rest = self.waiting.get(self.start..).unwrap_or_default();
        let (text, taken) = match rest.iter().position(|byte| *byte == b'\n') {
            Some(end) => (rest.get(..end)?, end.saturating_add(1)),
            None if self.ended && !rest.is_empty() => (rest, rest.len()),
            None => {
                self.skip_if_too_long();
                return None;
            }
        };
        let is_too_long = std::mem::take(&mut self.skipping) || text.len() > self.settings.line_bytes_max;
        let line = if is_too_long { Line::TooLong } else { Line::Text(text.to_vec()) };
        self.start = self.start.saturating_add(taken);
        Some(line)
    }

    /// Forgets what there is of a line that is too long already.
    fn skip_if_too_long(&mut self) {
        if self.waiting.len().saturating_sub(self.start) > self.settings.line_bytes_max {
            self.skipping = true;
            // One byte stays, so that a body that ends here still has this line.
            self.start = self.waiting.len().saturating_sub(1);
        }
    }
}

impl Chunk {
    /// What tells a chunk from another: its lines, where they are cut, and whether more follow.
    pub(super) fn fingerprint(&self) -> Vec<u8> {
        let mut all = Vec::with_capacity(self.bytes.saturating_add(self.lines.len()).saturating_add(1));
        for (_, line) in &self.lines {
            if let Line::Text(text) = line {
                all.extend_from_slice(text);
            }
            all.push(b'\n');
        }
        all.push(u8::from(self.is_last));
        all
    }
}

fn too_many(limit: u64) -> Problem {
    let title = Message::new("Lote demasiado grande", "Batch too large");
    let detail = Message::new(
        format!("el lote pasa del límite de {limit} líneas; lo que sigue no se decidió: envíelo en otro lote"),
        format!("the batch is over the limit of {limit} lines; what follows was not decided: send it in another batch"),
    );
    Problem::new(axum::http::StatusCode::PAYLOAD_TOO_LARGE, "too-large", title, detail)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;

    use super::*;

    fn lines(text: &str, steady: bool) -> Lines {
        let pieces = Pieces::new(Body::from(text.to_owned()), 1_000, Duration::from_secs(1));
        let settings =
            BatchSettings { line_bytes_max: 5, lines_max: 6, bytes_max: 1_000, chunk_lines: 2, chunk_bytes: 100 };
        Lines::new(pieces, settings, steady)
    }

    fn words(chunk: &Chunk) -> Vec<String> {
        let word = |(number, line): &(u64, Line)| match line {
            Line::Text(text) => format!("{number}:{}", String::from_utf8_lossy(text)),
            Line::TooLong => format!("{number}!"),
        };
        chunk.lines.iter().map(word).collect()
    }

    #[tokio::test]
    async fn a_body_is_cut_into_chunks_of_numbered_lines() {
        for (text, expected) in [
            ("", vec!["(last)"]),
            ("a", vec!["1:a(last)"]),
            ("a\n", vec!["1:a(last)"]),
            ("a\n\n  \nb\nc\n", vec!["1:a 4:b", "5:c(last)"]),
            ("a\nb\n", vec!["1:a 2:b(last)"]),
            ("a\nsixsix\nc", vec!["1:a 2!", "3:c(last)"]),
            ("sixsix", vec!["1!(last)"]),
        ] {
            let mut lines = lines(text, true);
            let mut found = Vec::new();
            loop {
                let chunk = lines.chunk().await.unwrap();
                found.push(format!("{}{}", words(&chunk).join(" "), if chunk.is_last { "(last)" } else { "" }));
                if chunk.is_last {
                    break;
                }
            }
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[tokio::test]
    async fn too_many_lines_are_refused() {
        let mut lines = lines("1\n2\n3\n4\n5\n6\n7\n", false);
        for _ in 0..3 {
            assert!(lines.chunk().await.is_ok());
        }
        assert!(lines.chunk().await.is_err());
        let mut lines = self::lines("1\n2\n3\n4\n5\n6\n7\n", true);
        for _ in 0..3 {
            assert!(lines.chunk().await.is_ok());
        }
        assert_eq!(lines.chunk().await.unwrap_err().status, 413);
    }
}
