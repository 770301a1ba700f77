//! DMN: a typed model of its documents, read from any version from 1.1 to 1.6, written as 1.5.

mod export;
mod layout;
pub mod model;
mod problem;
mod read;
mod rules;
mod said;
mod version;
mod write;

/// The codes of the diagnostics about DMN.
pub(crate) fn codes() -> Vec<&'static str> {
    [problem::CODES, rules::CODES, export::CODES].concat()
}

pub use export::{Exported, from_rules, namespace_of};
pub use layout::lay_out;
pub use read::read;
pub use rules::{Mapped, Rules, to_rules};
pub use version::Version;
pub use write::write;
