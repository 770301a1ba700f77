//! Files for measuring batches: the graph as a ruleset, and as many of its cases as are asked for in a Parquet file.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Decimal128Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;

use crate::graph::model::{self, AMOUNTS, GraphCase, KINDS, OTHERS};
use crate::graph::spelling;

/// How many cases are drawn and written at once.
const CASES_AT_ONCE: usize = 65_536;

/// Writes `grafo.regla` and `rows.parquet` with so many rows into a folder: `batch-rows COUNT FOLDER`.
pub fn write(words: &[String]) {
    let [count, folder] = words else { panic!("batch-rows COUNT FOLDER") };
    let (count, folder) = (count.parse::<usize>().expect("a count"), Path::new(folder));
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("grafo.regla"), spelling::regla()).expect("the ruleset is written");
    let file = File::create(folder.join("rows.parquet")).expect("a file");
    let mut writer = ArrowWriter::try_new(file, batch(&[]).schema(), None).expect("a Parquet file");
    let mut left = count;
    for seed in 1.. {
        let cases = model::cases(left.min(CASES_AT_ONCE), seed);
        writer.write(&batch(&cases)).expect("rows are written");
        left -= cases.len();
        if left == 0 {
            break;
        }
    }
    writer.close().expect("the file is closed");
}

fn batch(cases: &[GraphCase]) -> RecordBatch {
    let amounts = AMOUNTS.iter().enumerate().map(|(at, name)| {
        let units = Decimal128Array::from_iter_values(cases.iter().map(|case| i128::from(case.amounts[at])));
        let column: ArrayRef = Arc::new(units.with_precision_and_scale(18, 2).expect("amounts have 18 digits"));
        (*name, column)
    });
    let others: [ArrayRef; 5] = [
        Arc::new(Int64Array::from_iter_values(cases.iter().map(|case| case.dependants))),
        Arc::new(Int64Array::from_iter_values(cases.iter().map(|case| case.years))),
        Arc::new(BooleanArray::from_iter(cases.iter().map(|case| Some(case.resident)))),
        Arc::new(BooleanArray::from_iter(cases.iter().map(|case| Some(case.keeps_books)))),
        Arc::new(StringArray::from_iter_values(cases.iter().map(|case| KINDS[case.kind]))),
    ];
    RecordBatch::try_from_iter(amounts.chain(OTHERS.into_iter().zip(others))).expect("columns of one length")
}
