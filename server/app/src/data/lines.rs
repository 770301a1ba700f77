//! A file of rows in chunks of whole lines, as much at once as keeps a thread busy for a moment.

use std::io::{BufRead, BufReader, Read};
use std::ops::Range;

use dictamen_value::Message;

use crate::stop::Stop;

/// The longest line of a file of rows.
const ROW_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// A chunk ends at the row that reaches one of these, or where the input pauses.
const CHUNK_ROWS: usize = 256;
const CHUNK_BYTES: usize = 512 * 1024;
/// What is read from the file at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// Some rows of a file.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    text: Vec<u8>,
    rows: Vec<(u64, Range<usize>)>,
}

/// Cuts a file into chunks.
pub(crate) struct Chunks<R> {
    lines: BufReader<R>,
    /// How many lines have been read.
    number: u64,
    failed: Option<Stop>,
}

impl Chunk {
    /// Rows with the numbers of their lines; blank lines are none.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.rows.iter().map(|(number, place)| (*number, self.text.get(place.clone()).unwrap_or_default()))
    }

    /// How many bytes of the file it is.
    pub(crate) fn bytes(&self) -> u64 {
        self.text.len() as u64
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= CHUNK_ROWS || self.text.len() >= CHUNK_BYTES
    }
}

impl<R: Read> Chunks<R> {
    /// The chunks of a file.
    pub(crate) fn of(data: R) -> Chunks<R> {
        Chunks { lines: BufReader::with_capacity(BUFFER_BYTES, data), number: 0, failed: None }
    }

    /// Reads lines until the chunk is full or the input pauses; says whether there may be more.
    fn fill(&mut self, chunk: &mut Chunk) -> Result<bool, Stop> {
        loop {
            if !self.read_line(chunk)? {
                return Ok(false);
            }
            if chunk.is_full() || self.lines.buffer().is_empty() {
                return Ok(true);
            }
        }
    }

    /// Adds a line to a chunk; says whether there was one. Fails where it is too long, or cannot be read.
    fn read_line(&mut self, chunk: &mut Chunk) -> Result<bool, Stop> {
        let start = chunk.text.len();
        let number = self.number.saturating_add(1);
        let read = self.lines.by_ref().take(ROW_BYTES_MAX).read_until(b'\n', &mut chunk.text);
        if read.map_err(|error| unreadable(number, &error))? == 0 {
            return Ok(false);
        }
        let line = chunk.text.get(start..).unwrap_or_default();
        if line.len() as u64 == ROW_BYTES_MAX && !line.ends_with(b"\n") {
            return Err(too_long(number));
        }
        self.number = number;
        if !line.iter().all(u8::is_ascii_whitespace) {
            // Without its break: the last line may have none, and is the same row.
            let end = chunk.text.len().saturating_sub(usize::from(line.ends_with(b"\n")));
            chunk.rows.push((number, start..end));
        }
        Ok(true)
    }
}

impl<R: Read> Iterator for Chunks<R> {
    type Item = Result<Chunk, Stop>;

    /// What goes wrong behind whole lines is told after them.
    fn next(&mut self) -> Option<Result<Chunk, Stop>> {
        if let Some(stop) = self.failed.take() {
            return Some(Err(stop));
        }
        let mut chunk = Chunk::default();
        match self.fill(&mut chunk) {
            Ok(more) => (more || !chunk.text.is_empty()).then_some(Ok(chunk)),
            Err(stop) => {
                self.failed = Some(stop);
                Some(Ok(chunk))
            }
        }
    }
}

fn unreadable(number: u64, error: &std::io::Error) -> Stop {
    Stop::WrongUse(Message::new(
        format!("no se pudo leer la fila {number}: {error}"),
        format!("row {number} could not be read: {error}"),
    ))
}

fn too_long(number: u64) -> Stop {
    Stop::WrongUse(Message::new(
        format!("la fila {number} pasa del límite de {ROW_BYTES_MAX} bytes"),
        format!("row {number} is longer than the limit of {ROW_BYTES_MAX} bytes"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(chunks: Vec<Chunk>) -> Vec<(u64, String)> {
        let text = |row: &[u8]| String::from_utf8_lossy(row).trim_end().to_owned();
        chunks.iter().flat_map(|chunk| chunk.rows().map(|(line, row)| (line, text(row))).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn rows_keep_the_numbers_of_their_lines_in_whatever_chunks() {
        for count in [0, 1, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, 5 * CHUNK_ROWS] {
            for end in ["", "\n", "\n\n"] {
                let lines: Vec<String> = (0..count).map(|row| format!("{row}\n  ")).collect();
                let text = lines.join("\n") + end;
                let chunks: Vec<Chunk> = Chunks::of(text.as_bytes()).map(Result::unwrap).collect();
                assert!(chunks.iter().all(|chunk| chunk.rows.len() <= CHUNK_ROWS));
                assert_eq!(chunks.iter().map(Chunk::bytes).sum::<u64>(), text.len() as u64);
                let expected: Vec<_> = (0..count).map(|row| (2 * row as u64 + 1, row.to_string())).collect();
                assert_eq!(rows(chunks), expected, "{count} rows, {end:?}");
            }
        }
    }

    #[test]
    fn long_rows_make_short_chunks_and_too_long_ones_stop_after_the_rows_before() {
        let long = "x".repeat(CHUNK_BYTES);
        let text = format!("{long}\n{long}\na\n{}", "y".repeat(ROW_BYTES_MAX as usize + 1));
        let mut chunks = Chunks::of(text.as_bytes());
        for expected in [1, 2, 3] {
            let chunk = chunks.next().unwrap().unwrap();
            assert_eq!(chunk.rows().map(|(line, _)| line).collect::<Vec<_>>(), [expected]);
        }
        let Some(Err(Stop::WrongUse(message))) = chunks.next() else { panic!("row 4 is too long") };
        assert!(message.en.starts_with("row 4 is longer"), "{message:?}");
    }

    #[test]
    fn what_comes_line_by_line_is_answered_line_by_line() {
        let (mut writer, reader) = {
            let (reader, writer) = std::io::pipe().unwrap();
            (writer, reader)
        };
        let mut chunks = Chunks::of(reader);
        for line in 1..4 {
            std::io::Write::write_all(&mut writer, b"{}\n").unwrap();
            assert_eq!(chunks.next().unwrap().unwrap().rows().map(|(line, _)| line).collect::<Vec<_>>(), [line]);
        }
        drop(writer);
        assert!(chunks.next().is_none());
    }
}
