//! Decision tables: shapes made from seeds, the same for every contestant.

mod contest;
pub mod hand;
pub mod shapes;
pub mod spelling;
pub mod table;

pub use contest::{Entry, OURS, OURS_JSON, OURS_RECORDED, contest, plan};
