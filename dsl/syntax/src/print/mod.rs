//! Writes trees as text in the one canonical layout.

mod blocks;
mod comments;
mod doc;
mod expression;
mod file;
mod table;
mod types;
mod words;

use crate::Source;
use crate::tree::{Expr, File, Spelling, Tests, TypeExpr};
use expression::Style;

pub(crate) use expression::comparison;

/// Columns after which lines are broken.
const WIDTH: usize = 110;

/// A file in the canonical layout, with its keywords in the given spelling, or in the file's own.
///
/// `source` is the text that the tree was read from: expressions with comments inside are taken from it. For a tree that was
/// built otherwise give an empty source.
pub fn format(source: &Source, file: &File, spelling: Option<Spelling>) -> String {
    file::Printer { source, spelling: spelling.unwrap_or(file.spelling) }.file(file)
}

/// An expression on one line, as `.regla` files have it: names with spaces stand in back-quotes.
pub fn print_expression(expr: &Expr) -> String {
    expression::expression(expr, Style::regla(Spelling::Spanish)).flat()
}

/// An expression on one line as DMN has it: names with spaces stand as they are.
pub fn print_feel(expr: &Expr) -> String {
    expression::expression(expr, Style::FEEL).flat()
}

/// The tests of a cell on one line, as `.regla` files have them.
pub fn print_tests(tests: &Tests) -> String {
    expression::tests(tests, Style::regla(Spelling::Spanish)).flat()
}

/// The tests of a cell on one line as DMN has them.
pub fn print_feel_tests(tests: &Tests) -> String {
    expression::tests(tests, Style::FEEL).flat()
}

/// A type on one line, as declarations spell it.
pub fn print_type(ty: &TypeExpr, spelling: Spelling) -> String {
    types::declared_type(ty, spelling).flat()
}
