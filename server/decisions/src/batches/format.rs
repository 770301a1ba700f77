//! Which format a file has, by its name.

use std::path::Path;

/// How rows stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet: typed columns, compressed.
    Parquet,
    /// Text with headings and a separator.
    Csv,
    /// A JSON document a line.
    Ndjson,
}

impl Format {
    /// The format that the ending of a name says: `.parquet`, `.csv`, `.tsv`; lines of JSON where it says another or none.
    pub fn of(path: &Path) -> Format {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        match ending.as_str() {
            "parquet" | "pq" => Format::Parquet,
            "csv" | "tsv" => Format::Csv,
            _ => Format::Ndjson,
        }
    }
}
