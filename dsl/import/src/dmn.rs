//! DMN: a typed model of its documents, read from any version from 1.1 to 1.6, written as 1.5.

mod layout;
pub mod model;
mod problem;
mod read;
mod version;
mod write;

pub(crate) use problem::CODES;

pub use layout::lay_out;
pub use read::read;
pub use version::Version;
pub use write::write;
