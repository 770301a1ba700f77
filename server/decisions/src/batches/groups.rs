//! Row groups of a Parquet file: encoded by whoever has the rows, written in order by one.

use std::io::Write;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use dictamen_value::Message;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use super::sink::unwritten;

/// How many rows a row group has that is made of small batches: what is kept in memory, compressed, before it is written.
const GROUP_ROWS: usize = 256 * 1_024;
/// So many rows are worth a row group of their own.
const ENCODED_ROWS_MIN: usize = 16 * 1_024;
/// Values that differ more than a dictionary of this size bears are written as they are.
const DICTIONARY_BYTES_MAX: usize = 64 * 1_024;
/// Digits that 64 bits have room for.
const SHORT_DIGITS: u8 = 18;

/// A Parquet file that is being written, group by group.
pub struct Groups<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    encoder: Encoder,
    /// Small batches on their way into a group, and how many rows they have.
    pending: Option<(Vec<ArrowColumnWriter>, usize)>,
}

/// Encodes rows as groups of one file. Threads may share it.
#[derive(Clone)]
pub struct Encoder {
    factory: Arc<ArrowRowGroupWriterFactory>,
    schema: SchemaRef,
}

/// A group of rows, encoded and compressed.
pub struct Encoded(Vec<ArrowColumnChunk>);

impl<W: Write + Send> Groups<W> {
    /// Begins a file, compressed with Snappy.
    pub(super) fn begin(out: W, schema: SchemaRef) -> Result<Groups<W>, ParquetError> {
        let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties(&schema)))?;
        let (writer, factory) = writer.into_serialized_writer()?;
        Ok(Groups { writer, encoder: Encoder { factory: Arc::new(factory), schema }, pending: None })
    }

    pub(super) fn encoder(&self) -> Encoder {
        self.encoder.clone()
    }

    /// Adds rows to the group that grows.
    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), ParquetError> {
        let (mut writers, rows) = match self.pending.take() {
            Some(pending) => pending,
            None => (self.encoder.writers()?, 0),
        };
        self.encoder.encode_into(&mut writers, batch)?;
        let rows = rows.saturating_add(batch.num_rows());
        self.pending = Some((writers, rows));
        if rows >= GROUP_ROWS { self.end_group() } else { Ok(()) }
    }

    /// Writes a group that was encoded elsewhere, behind what came before.
    pub(super) fn append(&mut self, encoded: Encoded) -> Result<(), ParquetError> {
        self.end_group()?;
        self.put(encoded)
    }

    pub(super) fn finish(mut self) -> Result<W, ParquetError> {
        self.end_group()?;
        self.writer.into_inner()
    }

    fn end_group(&mut self) -> Result<(), ParquetError> {
        match self.pending.take() {
            Some((writers, _)) => self.put(Encoded::of(writers)?),
            None => Ok(()),
        }
    }

    fn put(&mut self, encoded: Encoded) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        encoded.0.into_iter().try_for_each(|chunk| chunk.append_to_row_group(&mut group))?;
        group.close().map(drop)
    }
}

impl Encoder {
    /// Encodes rows as a group of their own; `None` where they are too few for that.
    pub fn encode(&self, batch: &RecordBatch) -> Result<Option<Encoded>, Message> {
        if batch.num_rows() < ENCODED_ROWS_MIN {
            return Ok(None);
        }
        let encoded = self.writers().and_then(|mut writers| {
            self.encode_into(&mut writers, batch)?;
            Encoded::of(writers)
        });
        encoded.map(Some).map_err(|error| unwritten(&error))
    }

    fn writers(&self) -> Result<Vec<ArrowColumnWriter>, ParquetError> {
        // The number of the group plays a part in encryption alone.
        self.factory.create_column_writers(0)
    }

    fn encode_into(&self, writers: &mut [ArrowColumnWriter], batch: &RecordBatch) -> Result<(), ParquetError> {
        let mut writers = writers.iter_mut();
        for (field, column) in self.schema.fields().iter().zip(batch.columns()) {
            for (leaf, writer) in compute_leaves(field, column)?.iter().zip(&mut writers) {
                writer.write(leaf)?;
            }
        }
        Ok(())
    }
}

impl Encoded {
    fn of(writers: Vec<ArrowColumnWriter>) -> Result<Encoded, ParquetError> {
        writers.into_iter().map(ArrowColumnWriter::close).collect::<Result<_, _>>().map(Encoded)
    }
}

fn properties(schema: &SchemaRef) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_dictionary_page_size_limit(DICTIONARY_BYTES_MAX)
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for field in schema.fields() {
        // Comparing sixteen bytes after sixteen bytes takes longer than writing them.
        if matches!(field.data_type(), DataType::Decimal128(digits, _) if *digits > SHORT_DIGITS) {
            let column = ColumnPath::new(vec![field.name().clone()]);
            properties = properties.set_column_statistics_enabled(column, EnabledStatistics::None);
        }
    }
    properties.build()
}
