//! Reads Parquet, row group by row group, and only the columns that are wanted.

use std::fs::File;
use std::sync::Arc;

use arrow_array::RecordBatchReader;
use arrow_schema::{DataType, Field, Schema};
use dictamen_batch::Binding;
use dictamen_value::Message;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Encoding, Type as Physical};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::schema::types::SchemaDescriptor;

use super::table::{BATCH_BYTES, BATCH_ROWS, Piece, Table, Wanted};

/// Digits that decimals of 64 bits have room for.
const SHORT_DIGITS: u8 = 18;
/// What a cell takes in memory, at least about; a dictionary in the file says less.
const LEAF_BYTES: u64 = 8;
/// Batches of fewer rows are not worth their columns.
const BATCH_ROWS_MIN: usize = 1_024;

pub(super) fn open(file: File, wanted: Wanted<'_>) -> Result<Table, Vec<Message>> {
    let unreadable = |error: &dyn std::fmt::Display| vec![unreadable(error)];
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|error| unreadable(&error))?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, narrowed(metadata));
    let all = Binding::of(builder.schema(), wanted.plan, wanted.decision, wanted.unknown)?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), all.columns());
    let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).ok();
    let batch_rows = batch_rows(builder.metadata(), builder.parquet_schema(), &all.columns());
    let reader = builder.with_projection(mask).with_batch_size(batch_rows).build();
    let reader = reader.map_err(|error| unreadable(&error))?;
    let binding = Binding::of(&reader.schema(), wanted.plan, wanted.decision, wanted.unknown)?;
    Ok(Table { binding, pieces: Box::new(Batches { reader: Some(reader), before: 0 }), whole: rows })
}

/// How many rows of some columns take about as much memory as a batch may, by what the file says of their size.
fn batch_rows(file: &ParquetMetaData, schema: &SchemaDescriptor, roots: &[usize]) -> usize {
    let is_read = |leaf: &usize| roots.contains(&schema.get_column_root_idx(*leaf));
    let (mut bytes, mut rows) = (0_u64, 0_u64);
    for group in file.row_groups() {
        let leaves = (0..schema.num_columns()).filter(is_read).filter_map(|leaf| group.columns().get(leaf));
        let own = leaves.fold(0_u64, |sum, chunk| sum.saturating_add(unsigned(chunk.uncompressed_size())));
        (bytes, rows) = (bytes.saturating_add(own), rows.saturating_add(unsigned(group.num_rows())));
    }
    let row_bytes =
        bytes.checked_div(rows).unwrap_or_default().max(LEAF_BYTES.saturating_mul(roots.len() as u64)).max(1);
    let fitting = (BATCH_BYTES as u64).checked_div(row_bytes).unwrap_or_default();
    usize::try_from(fitting).unwrap_or(BATCH_ROWS).clamp(BATCH_ROWS_MIN, BATCH_ROWS)
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// The same file read into the smallest layouts that hold the same values; as it was where that cannot be.
fn narrowed(metadata: ArrowReaderMetadata) -> ArrowReaderMetadata {
    let fields: Vec<Field> = (0..)
        .zip(metadata.schema().fields())
        .map(|(root, field)| match narrow(metadata.metadata(), root, field.data_type()) {
            Some(narrow) => field.as_ref().clone().with_data_type(narrow),
            None => field.as_ref().clone(),
        })
        .collect();
    let schema = Schema::new_with_metadata(fields, metadata.schema().metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    ArrowReaderMetadata::try_new(metadata.metadata().clone(), options).unwrap_or(metadata)
}

/// Decimals in 64 bits where the file has them so, and texts as positions in a dictionary where it has these.
fn narrow(file: &ParquetMetaData, root: usize, data: &DataType) -> Option<DataType> {
    let descriptor = file.file_metadata().schema_descr();
    let mut leaves = (0..descriptor.num_columns()).filter(|leaf| descriptor.get_column_root_idx(*leaf) == root);
    let (leaf, None) = (leaves.next()?, leaves.next()) else { return None };
    let in_64_bits = matches!(descriptor.column(leaf).physical_type(), Physical::INT32 | Physical::INT64);
    match data {
        DataType::Decimal128(digits @ ..=SHORT_DIGITS, scale) if in_64_bits => {
            Some(DataType::Decimal64(*digits, *scale))
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let mut chunks = file.row_groups().iter().filter_map(|group| group.columns().get(leaf));
            chunks.all(is_dictionary).then(|| DataType::Dictionary(Box::new(DataType::Int32), Box::new(data.clone())))
        }
        _ => None,
    }
}

/// Whether all pages of a column refer to a dictionary.
fn is_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    let only = |encoding| chunk.page_encoding_stats_mask().is_some_and(|mask| mask.is_only(encoding));
    chunk.dictionary_page_offset().is_some() && (only(Encoding::RLE_DICTIONARY) || only(Encoding::PLAIN_DICTIONARY))
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
