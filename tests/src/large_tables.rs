//! Rulesets with one very large table, as text: the shapes that loading is measured and tested with.

use std::fmt::Write as _;

/// What the rows of a generated table are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One text out of fifty, two ranges of numbers, two outputs: exactly one row holds for each text and pair of numbers.
    Mixed,
    /// One text that no other row has, one output.
    UniqueKeys,
    /// Twelve columns of all kinds of cell, one output.
    Wide,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Shape; 3] = [Shape::Mixed, Shape::UniqueKeys, Shape::Wide];

    /// What measurements call it.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Mixed => "mixed",
            Shape::UniqueKeys => "unique-keys",
            Shape::Wide => "wide",
        }
    }

    /// A ruleset `prueba.grande` with the decision `tarifa`, a table of so many rows.
    pub fn ruleset(self, rows: usize) -> String {
        let mut text = String::from("reglas prueba.grande\n\n");
        match self {
            Shape::Mixed => mixed(&mut text, rows),
            Shape::UniqueKeys => unique_keys(&mut text, rows),
            Shape::Wide => wide(&mut text, rows),
        }
        text
    }
}

/// How many texts the column of texts has.
const KEYS: usize = 50;
/// How many ranges the second number has for each text.
const BANDS: usize = 40;

fn mixed(text: &mut String, rows: usize) {
    text.push_str("entrada clave : texto\nentrada base : numero\nentrada area : numero\n\n");
    text.push_str("tabla tarifa : { tarifa: numero, codigo: texto } politica primera\n");
    text.push_str("  | clave | base | area || tarifa | codigo |\n  |-------|------|------||--------|--------|\n");
    for row in 0..rows {
        let (key, rest) = (row % KEYS, row / KEYS);
        let (band, step) = (rest % BANDS, rest / BANDS);
        let (low, high) = (step * 1000, step * 1000 + 1000);
        let (from, to) = (band * 25, band * 25 + 25);
        let rate = row * 37 % 10_000;
        let _ = writeln!(
            text,
            "  | \"clave {key:02}\" | [{low}.50..{high}.50) | [{from}..{to}) || {}.{:02} | \"C{row:06}\" |",
            rate / 100,
            rate % 100
        );
    }
}

fn unique_keys(text: &mut String, rows: usize) {
    text.push_str("entrada clave : texto\n\ntabla tarifa : numero politica unica\n");
    text.push_str("  | clave || tarifa |\n  |-------||--------|\n");
    for row in 0..rows {
        let _ = writeln!(text, "  | \"clave {row:06}\" || {} |", row * 37 % 10_007);
    }
}

fn wide(text: &mut String, rows: usize) {
    for column in 0..12 {
        let kind = ["texto", "numero", "fecha", "booleano"][column % 4];
        let _ = writeln!(text, "entrada c{column} : {kind}");
    }
    text.push_str("\ntabla tarifa : numero politica primera\n ");
    (0..12).for_each(|column| text.push_str(&format!(" | c{column}")));
    text.push_str(" || tarifa |\n");
    text.push_str(&format!("  |{}|--------|\n", "----|".repeat(12)));
    for row in 0..rows {
        text.push_str("  |");
        (0..12).for_each(|column| text.push_str(&format!(" {} |", wide_cell(row, column))));
        let _ = writeln!(text, "| {row} |");
    }
}

fn wide_cell(row: usize, column: usize) -> String {
    let number = row * 7 + column * 13;
    if number.is_multiple_of(5) {
        return "-".to_owned();
    }
    match column {
        0 => format!("\"a{:02}\", \"b{:02}\"", number % 60, number % 70),
        4 => format!("not(\"c{:02}\")", number % 30),
        8 => format!("\"d{row}\""),
        1 => format!(">= {}", number % 900),
        5 => format!("({}..{}]", number % 700, number % 700 + 30),
        9 => format!("{}.25", number % 500),
        2 | 6 => format!("[@\"{0}-01-01\"..@\"{0}-12-31\"]", 1990 + number % 40),
        10 => format!("< @\"20{:02}-07-01\"", 10 + number % 30),
        _ => (if number.is_multiple_of(2) { "true" } else { "false" }).to_owned(),
    }
}
