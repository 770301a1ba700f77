//! Where figures of the law stand: in rulesets each once, in a dated row or a row of data, and nowhere in Rust.

mod expressions;
mod rulesets;
mod rust;
mod texts;

pub use rulesets::{Figure, Findings, read};
pub use rust::{Match, matches, product_sources, search};

/// A number as its digits say, without zeros that mean nothing: `0.10` and `.1` are the same.
pub fn canonical(number: &str) -> String {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
}

/// Whether a number could be taken for a figure of the law: it has decimals, or more than one digit.
pub fn is_figure(canonical: &str) -> bool {
    canonical.len() > 1
}
