//! A report of coverage in lines for people.

use dictamen_value::Language;

use super::report::{CellMissed, CoverageReport, Missing, RowMissed, TableCoverage};

impl CoverageReport {
    /// One line a table with what it lacks below it, then rows of parameters that no case reads.
    pub fn text(&self, language: Language) -> String {
        let mut lines: Vec<String> = self.tables.iter().flat_map(|table| table_lines(table, language)).collect();
        if !self.parameter_rows_unread.is_empty() {
            lines.push(match language {
                Language::Es => "Filas de parámetros que ningún caso lee (solo se informan):".to_owned(),
                Language::En => "Rows of parameters that no case reads (for information only):".to_owned(),
            });
        }
        lines.extend(self.parameter_rows_unread.iter().map(|row| match language {
            Language::Es => format!("  {}: {} desde {}", row.place, row.parameter, row.from),
            Language::En => format!("  {}: {} from {}", row.place, row.parameter, row.from),
        }));
        lines.join("\n")
    }

    /// `rows 412/412 (100.0 %), cells 900/1000 (90.0 %)`: the same in both languages, for programs.
    pub fn totals(&self) -> String {
        format!("rows {}, cells {}", self.rows.with_percent(), self.cells.with_percent())
    }
}

fn table_lines(table: &TableCoverage, language: Language) -> Vec<String> {
    let TableCoverage { version, place, rows, cells, .. } = table;
    let title = table.title();
    let head = match language {
        Language::Es => format!("{place}: {title} ({version}): filas {rows}, celdas {cells}"),
        Language::En => format!("{place}: {title} ({version}): rows {rows}, cells {cells}"),
    };
    let missed = table.rows_missed.iter().map(|row| row_line(row, language));
    let cells = table.cells_missed.iter().map(|cell| cell_line(cell, language));
    [head].into_iter().chain(missed).chain(cells).collect()
}

fn row_line(row: &RowMissed, language: Language) -> String {
    let RowMissed { number, place, cells } = row;
    let cells = cells.join(" | ");
    match (number, language) {
        (Some(number), Language::Es) => format!("  {place}: ningún caso llega a la fila {number}: {cells}"),
        (Some(number), Language::En) => format!("  {place}: no case reaches row {number}: {cells}"),
        (None, Language::Es) => format!("  {place}: ningún caso llega a la fila por defecto"),
        (None, Language::En) => format!("  {place}: no case reaches the default row"),
    }
}

fn cell_line(missed: &CellMissed, language: Language) -> String {
    let CellMissed { row, place, column, cell, missing } = missed;
    let how = match (missing, language) {
        (Missing::Holds, Language::Es) => "nunca se cumple",
        (Missing::Holds, Language::En) => "never holds",
        (Missing::Fails, Language::Es) => "nunca deja de cumplirse",
        (Missing::Fails, Language::En) => "never fails to hold",
        (Missing::Both, Language::Es) => "nunca se mira",
        (Missing::Both, Language::En) => "is never looked at",
    };
    match language {
        Language::Es => format!("  {place}: fila {row}, «{column}»: la celda {cell} {how}"),
        Language::En => format!("  {place}: row {row}, “{column}”: the cell {cell} {how}"),
    }
}
