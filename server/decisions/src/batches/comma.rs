//! Reads text with headings and a separator (CSV), as columns of text.

use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use csv::{ByteRecord, ReaderBuilder};
use dictamen_batch::Binding;
use dictamen_value::Message;

use super::table::{BATCH_BYTES, BATCH_ROWS, Piece, Table, Wanted};

/// What is read from the file at once.
const BUFFER_BYTES: usize = 256 * 1024;
/// The longest row.
const ROW_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Separators that are tried, the commonest first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

pub(super) fn open(
    text: impl Read + Send + 'static,
    size: Option<u64>,
    wanted: Wanted<'_>,
) -> Result<Table, Vec<Message>> {
    let mut text = BufReader::with_capacity(BUFFER_BYTES, text);
    let separator = separator(text.fill_buf().map_err(|error| vec![unreadable(0, &error)])?);
    let since_row = Arc::new(AtomicUsize::new(0));
    let text = Limited { text, since_row: since_row.clone() };
    let mut reader = ReaderBuilder::new().delimiter(separator).from_reader(text);
    let headings = reader.headers().map_err(|error| vec![unreadable(0, &error)])?.clone();
    let names: Vec<&str> = headings.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
    let binding = |columns: &[&str]| {
        let schema = schema(columns);
        Binding::of(&schema, wanted.plan, wanted.decision, wanted.unknown).map(|binding| (schema, binding))
    };
    let columns = binding(&names)?.1.columns();
    let read: Vec<&str> = columns.iter().filter_map(|position| names.get(*position).copied()).collect();
    let (schema, binding) = binding(&read)?;
    let pieces =
        Batches { reader: Some(reader), record: ByteRecord::new(), since_row, columns, schema, rows: 0, failed: None };
    Ok(Table { binding, pieces: Box::new(pieces), whole: size })
}

fn schema(columns: &[&str]) -> SchemaRef {
    Arc::new(Schema::new(columns.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect::<Vec<Field>>()))
}

/// The separator that the first line has most of.
fn separator(start: &[u8]) -> u8 {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |separator: &u8| line.iter().filter(|byte| *byte == separator).count();
    // Of several with the same count, the first.
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Text that ends with an error where a row is too long to be one.
struct Limited<R> {
    text: BufReader<R>,
    /// Bytes read since the last row was whole.
    since_row: Arc<AtomicUsize>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.text.read(into)?;
        if self.since_row.fetch_add(read, Ordering::Relaxed) > ROW_BYTES_MAX {
            return Err(std::io::Error::other(format!("> {ROW_BYTES_MAX} bytes")));
        }
        Ok(read)
    }
}

struct Batches<R> {
    /// Nothing after an error.
    reader: Option<csv::Reader<Limited<R>>>,
    record: ByteRecord,
    since_row: Arc<AtomicUsize>,
    columns: Vec<usize>,
    schema: SchemaRef,
    rows: u64,
    failed: Option<Message>,
}

impl<R: Read> Batches<R> {
    /// Reads rows until there are enough; what goes wrong behind whole rows is told after them.
    fn fill(&mut self, reader: &mut csv::Reader<Limited<R>>, builders: &mut [StringBuilder]) -> (usize, Ended) {
        let (mut rows, mut bytes) = (0_usize, 0_usize);
        while rows < BATCH_ROWS && bytes < BATCH_BYTES {
            match self.read_row(reader, builders) {
                Ok(0) => return (rows, Ended::Yes),
                Ok(read) => bytes = bytes.saturating_add(read),
                Err(message) => {
                    self.failed = Some(message);
                    return (rows, Ended::Yes);
                }
            }
            rows = rows.saturating_add(1);
        }
        (rows, Ended::No)
    }

    /// Adds a row and gives its bytes, at least 1; 0 where there is none.
    fn read_row(
        &mut self,
        reader: &mut csv::Reader<Limited<R>>,
        builders: &mut [StringBuilder],
    ) -> Result<usize, Message> {
        if !reader.read_byte_record(&mut self.record).map_err(|error| unreadable(self.rows, &error))? {
            return Ok(0);
        }
        self.since_row.store(0, Ordering::Relaxed);
        self.rows = self.rows.saturating_add(1);
        for position in &self.columns {
            let cell = std::str::from_utf8(self.record.get(*position).unwrap_or_default());
            cell.map_err(|_| not_utf8(self.rows, position.saturating_add(1)))?;
        }
        for (position, builder) in self.columns.iter().zip(builders) {
            let cell = std::str::from_utf8(self.record.get(*position).unwrap_or_default()).unwrap_or_default();
            builder.append_option((!cell.is_empty()).then_some(cell));
        }
        Ok(self.record.as_slice().len().saturating_add(1))
    }
}

/// Whether there is nothing more to read.
#[derive(PartialEq)]
enum Ended {
    Yes,
    No,
}

impl<R: Read> Iterator for Batches<R> {
    type Item = Result<Piece, Message>;

    fn next(&mut self) -> Option<Result<Piece, Message>> {
        if let Some(message) = self.failed.take() {
            return Some(Err(message));
        }
        let mut reader = self.reader.take()?;
        let before = self.rows;
        let mut builders: Vec<StringBuilder> = self.columns.iter().map(|_| StringBuilder::new()).collect();
        let (rows, ended) = self.fill(&mut reader, &mut builders);
        let done = reader.position().byte();
        if ended == Ended::No {
            self.reader = Some(reader);
        }
        if rows == 0 {
            return self.failed.take().map(Err);
        }
        let columns: Vec<ArrayRef> =
            builders.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(self.schema.clone(), columns, &options);
        Some(batch.map(|batch| Piece { batch, before, done }).map_err(|error| unreadable(before, &error)))
    }
}

fn unreadable(before: u64, error: &dyn std::fmt::Display) -> Message {
    Message::new(
        format!("el CSV no se puede leer después de la fila {before}: {error}"),
        format!("the CSV cannot be read after row {before}: {error}"),
    )
}

fn not_utf8(row: u64, column: usize) -> Message {
    Message::new(
        format!("la fila {row} no está en UTF-8 en la columna {column}; convierta el archivo a UTF-8"),
        format!("row {row} is not in UTF-8 in column {column}; convert the file to UTF-8"),
    )
}
