//! Writes columns of outcomes, as Parquet or as text with headings, piece by piece.

use std::io::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use dictamen_value::{Date, Message};

use super::groups::{Encoded, Encoder, Groups};

/// A file of outcomes that is being written.
pub enum Sink<W: Write + Send> {
    /// Parquet.
    Parquet(Box<Groups<W>>),
    /// Text with headings; numbers are to come as text.
    Csv(Box<csv::Writer<W>>),
}

impl<W: Write + Send> Sink<W> {
    /// Begins a Parquet file, compressed with Snappy.
    pub fn parquet(out: W, schema: SchemaRef) -> Result<Sink<W>, Message> {
        let groups = Groups::begin(out, schema).map_err(|error| unwritten(&error))?;
        Ok(Sink::Parquet(Box::new(groups)))
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
            Sink::Parquet(groups) => groups.write(batch).map_err(|error| unwritten(&error)),
            Sink::Csv(writer) => write_rows(writer, batch).map_err(|error| unwritten(&error)),
        }
    }

    /// What encodes rows on other threads, for [`Sink::append`]; nothing where rows are written as they come.
    pub fn encoder(&self) -> Option<Encoder> {
        match self {
            Sink::Parquet(groups) => Some(groups.encoder()),
            Sink::Csv(_) => None,
        }
    }

    /// Adds rows that were encoded for this file.
    pub fn append(&mut self, encoded: Encoded) -> Result<(), Message> {
        match self {
            Sink::Parquet(groups) => groups.append(encoded).map_err(|error| unwritten(&error)),
            Sink::Csv(_) => Ok(()),
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
            Sink::Parquet(groups) => groups.finish().map_err(|error| unwritten(&error)),
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

pub(super) fn unwritten(error: &dyn std::fmt::Display) -> Message {
    Message::new(
        format!("no se pudieron escribir los resultados: {error}"),
        format!("the outcomes could not be written: {error}"),
    )
}
