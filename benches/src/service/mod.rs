//! The service beside a bare handler: the same requests over HTTP on this machine, each server a process of its own.

mod bare;
mod client;
mod contest;
mod figures;
mod ours;
mod process;
mod requests;

pub use contest::{Arrangement, ask, contest};
pub use figures::write;
pub use process::serve;
