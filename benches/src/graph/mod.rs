//! A graph of nineteen decisions, two of them tables of twenty rows, over sixteen inputs with decimals.

mod contest;
pub mod hand;
pub mod model;
pub mod spelling;

pub use contest::{cases, contest, normal};
