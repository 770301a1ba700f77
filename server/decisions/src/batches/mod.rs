//! Files of many facts and of many outcomes: read and written piece by piece, and held by one root of hashes.
//!
//! [`Table`] reads the columns of a Parquet or CSV file in batches, [`Sink`] writes outcomes as one of these. [`Tree`] gives the
//! root over what came of all rows, which a [`Manifest`] keeps, so that any of them can be checked again.

mod comma;
mod format;
mod groups;
mod leaf;
mod manifest;
mod merkle;
mod parquet;
mod sink;
mod table;

pub use format::Format;
pub use groups::{Encoded, Encoder, Groups};
pub use leaf::leaf;
pub use manifest::{CHUNK_ROWS, Head, Manifest, Proof};
pub(crate) use merkle::root;
pub use merkle::{Hash, Tree};
pub use sink::Sink;
pub use table::{Piece, Table};
