//! Writes columns of outcomes, as Parquet or as text with headings, piece by piece.

use std::io::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use dictamen_value::{Date, Message};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

/// How many rows a row group has: what is kept in memory, compressed, before it is written.
const GROUP_ROWS: usize = 256 * 1_024;

/// A file of outcomes that is being written.
pub enum Sink<W: Write + Send> {
    /// Parquet.
    Parquet(Box<ArrowWriter<W>>),
    /// Text with headings; numbers are to come as text.
    Csv(Box<csv::Writer<W>>),
}

impl<W: Write + Send> Sink<W> {
    /// Begins a Parquet file, compressed with Zstandard.
    pub fn parquet(out: W, schema: SchemaRef) -> Result<Sink<W>, Message> {
        let level = ZstdLevel::try_new(1).map_err(|error| unwritten(&error))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(out, schema, Some(properties)).map_err(|error| unwritten(&error))?;
        Ok(Sink::Parquet(Box::new(writer)))
    }

    /// Begins text with headings.
    pub fn csv(out: W, schema: &SchemaRef) -> Result<Sink<W>, Message> {
        let mut writer = csv::Writer::from_writer(out);
        let headings = schema.fields().iter().map(|field| field.name());
        writer.write_record(headings).map_err(|error| unwritten(&error))?;
        Ok(Sink::Csv(Box::new(writer)))
    }

    /// Adds rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), Message> {
        match self {
            Sink::Parquet(writer) => writer.write(batch).map_err(|error| unwritten(&error)),
            Sink::Csv(writer) => write_rows(writer, batch).map_err(|error| unwritten(&error)),
        }
    }

    /// Brings what was written as text to its reader.
    pub fn flush(&mut self) -> Result<(), Message> {
        match self {
            Sink::Parquet(_) => Ok(()),
            Sink::Csv(writer) => writer.flush().map_err(|error| unwritten(&error)),
        }
    }

    /// Ends the file and gives back what it was written to.
    pub fn finish(self) -> Result<W, Message> {
        match self {
            Sink::Parquet(writer) => writer.into_inner().map_err(|error| unwritten(&error)),
            Sink::Csv(writer) => writer.into_inner().map_err(|error| unwritten(&error)),
        }
    }
}

fn write_rows(writer: &mut csv::Writer<impl Write>, batch: &RecordBatch) -> Result<(), csv::Error> {
    for row in 0..batch.num_rows() {
        for column in batch.columns() {
            write_cell(writer, column, row)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(())
}

fn write_cell(writer: &mut csv::Writer<impl Write>, column: &dyn Array, row: usize) -> Result<(), csv::Error> {
    if column.is_null(row) {
        return writer.write_field(b"");
    }
    match column.data_type() {
        DataType::Utf8 => writer.write_field(column.as_string::<i32>().value(row)),
        DataType::Boolean => writer.write_field(if column.as_boolean().value(row) { "true" } else { "false" }),
        DataType::Date32 => writer.write_field(date(column.as_primitive::<Date32Type>().value(row))),
        _ => writer.write_field(number(column, row)),
    }
}

fn number(column: &dyn Array, row: usize) -> String {
    column.as_primitive_opt::<Decimal128Type>().map(|numbers| numbers.value_as_string(row)).unwrap_or_default()
}

fn date(days: i32) -> String {
    Date::from_day_number(days.into()).map(|date| date.to_string()).unwrap_or_default()
}

fn unwritten(error: &dyn std::fmt::Display) -> Message {
    Message::new(
        format!("no se pudieron escribir los resultados: {error}"),
        format!("the outcomes could not be written: {error}"),
    )
}
