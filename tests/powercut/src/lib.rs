//! A model of power cuts: what a directory holds if only what was made durable survives, and chance decides over the rest.
//!
//! The shim (`shim/`, preloaded into a process) writes down every write to the files under a directory, and every fsync
//! of a file or directory. After the process was killed, [`rebuild()`] makes the directory what a power cut at that moment
//! could have left: names and bytes that were fsynced are there; of the rest each piece is there or not, by a seed.
//!
//! The model is stricter than most file systems: an fsync of a file doesn't make its name durable, `sync_file_range`
//! makes nothing durable, and unsynced writes arrive in any order and in part.

pub mod identity;
pub mod journal;
pub mod rebuild;

pub use rebuild::{Chance, rebuild};
