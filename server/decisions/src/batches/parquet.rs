//! Reads Parquet, row group by row group, and only the columns that are wanted.

use std::fs::File;

use arrow_array::RecordBatchReader;
use dictamen_batch::Binding;
use dictamen_value::Message;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::table::{BATCH_ROWS, Piece, Table, Wanted};

pub(super) fn open(file: File, wanted: Wanted<'_>) -> Result<Table, Vec<Message>> {
    let unreadable = |error: &dyn std::fmt::Display| vec![unreadable(error)];
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(&error))?;
    let all = Binding::of(builder.schema(), wanted.plan, wanted.decision, wanted.unknown)?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), all.columns());
    let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).ok();
    let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build();
    let reader = reader.map_err(|error| unreadable(&error))?;
    let binding = Binding::of(&reader.schema(), wanted.plan, wanted.decision, wanted.unknown)?;
    Ok(Table { binding, pieces: Box::new(Batches { reader: Some(reader), before: 0 }), whole: rows })
}

struct Batches {
    /// Nothing after an error: what follows a damaged place is not to be trusted.
    reader: Option<ParquetRecordBatchReader>,
    before: u64,
}

impl Iterator for Batches {
    type Item = Result<Piece, Message>;

    fn next(&mut self) -> Option<Result<Piece, Message>> {
        match self.reader.as_mut()?.next()? {
            Ok(batch) => {
                let before = self.before;
                self.before = before.saturating_add(batch.num_rows() as u64);
                Some(Ok(Piece { batch, before, done: self.before }))
            }
            Err(error) => {
                self.reader = None;
                Some(Err(damaged(self.before, &error)))
            }
        }
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> Message {
    Message::new(
        format!("no es un archivo Parquet que se pueda leer, o está incompleto: {error}"),
        format!("it is no Parquet file that can be read, or it is incomplete: {error}"),
    )
}

fn damaged(before: u64, error: &dyn std::fmt::Display) -> Message {
    Message::new(
        format!("el archivo Parquet está dañado después de la fila {before}: {error}"),
        format!("the Parquet file is damaged after row {before}: {error}"),
    )
}
