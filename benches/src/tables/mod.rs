//! Decision tables: shapes made from seeds, the same for every contestant.

mod contest;
pub mod hand;
pub mod shapes;
pub mod spelling;
pub mod table;

pub use contest::{Entry, contest, plan};
