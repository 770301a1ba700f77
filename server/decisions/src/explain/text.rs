//! An explanation in sentences: the outcome first, then each decision with the row that matched, and why others did not.

use std::fmt::Write as _;

use dictamen_core::{
    CallReport, CellReport, ColumnReport, DecisionReport, Explanation, Failure, ParameterReport, ReserveReport,
    RowReport, TableReport,
};
use dictamen_value::{Language, Value};

use crate::trace::Head;

/// How many rows that did not match are told of.
const ROWS_MAX: usize = 20;

/// How many characters of a value are shown.
const VALUE_CHARACTERS_MAX: usize = 300;

/// Writes an explanation.
pub(super) fn write(explanation: &Explanation, head: Option<&Head>, language: Language) -> String {
    let mut writer = Writer { out: String::new(), language };
    writer.head(explanation, head);
    if let Some(reserved) = &explanation.reserved {
        writer.reserved(reserved);
    }
    for decision in explanation.decisions.iter().rev() {
        writer.line("");
        writer.decision(decision);
    }
    writer.out
}

struct Writer {
    out: String,
    language: Language,
}

impl Writer {
    fn line(&mut self, text: impl AsRef<str>) {
        self.out.push_str(text.as_ref());
        self.out.push('\n');
    }

    fn say<'a>(&self, es: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Es => es,
            Language::En => en,
        }
    }

    fn head(&mut self, explanation: &Explanation, head: Option<&Head>) {
        let outcome = self.outcome(&explanation.outcome);
        if let Some(head) = head {
            let (ruleset, version, decision) = (&head.ruleset, &head.version, &head.decision);
            let (as_of, known_at) = (head.as_of, head.known_at);
            let line = match self.language {
                Language::Es => format!(
                    "Decisión {decision} de {ruleset} (versión {version}), al {as_of}, según lo conocido en {known_at}."
                ),
                Language::En => format!(
                    "Decision {decision} of {ruleset} (version {version}), as of {as_of}, as known at {known_at}."
                ),
            };
            self.line(line);
        }
        let line = format!("{}: {outcome}", self.say("Resultado", "Outcome"));
        self.line(line);
    }

    fn decision(&mut self, decision: &DecisionReport) {
        let title = decision.title.as_deref().map(|title| format!(" {}", self.quoted(title))).unwrap_or_default();
        let line = format!("{}{title}: {}", decision.name, self.outcome(&decision.outcome));
        self.line(line);
        self.about([&decision.legal_basis, &decision.note, &decision.to_verify], "  ");
        self.why_reserved(decision.reserved.as_deref(), "  ");
        if let Some(table) = &decision.table {
            self.table(table, "  ");
            let (_, others) = parted(table);
            self.others(&others, &table.columns, table.rows_left_out);
        }
        for call in &decision.calls {
            self.call(call);
        }
        self.calls_left_out(decision.calls_left_out);
        for parameter in &decision.parameters {
            self.parameter(parameter);
        }
        for failure in &decision.diagnostics {
            let line =
                format!("  {}: {}", self.say("Quedó sin valor", "Became null"), failure.message.text(self.language));
            self.line(line);
        }
        if !decision.asks.is_empty() {
            let line = format!("  {}: {}", self.say("Depende de", "Depends on"), decision.asks.join(", "));
            self.line(line);
        }
    }

    /// Legal basis, note and what is not yet sure, each on a line of its own.
    fn about(&mut self, [legal_basis, note, to_verify]: [&Option<std::sync::Arc<str>>; 3], indent: &str) {
        let entries = [
            (self.say("Base legal", "Legal basis").to_owned(), legal_basis),
            (self.say("Nota", "Note").to_owned(), note),
            (self.say("POR VERIFICAR", "TO BE VERIFIED").to_owned(), to_verify),
        ];
        for (name, text) in entries {
            if let Some(text) = text {
                self.line(format!("{indent}{name}: {text}"));
            }
        }
    }

    /// How much is reserved, and by which norm.
    fn reserved(&mut self, reserved: &ReserveReport) {
        let (count, norms) = (reserved.criteria, reserved.norms.join("; "));
        let line = match (self.language, count) {
            (Language::Es, 1) => format!("Toma parte 1 criterio reservado: {norms}"),
            (Language::Es, _) => format!("Toman parte {count} criterios reservados: {norms}"),
            (Language::En, 1) => format!("1 reserved criterion takes part: {norms}"),
            (Language::En, _) => format!("{count} reserved criteria take part: {norms}"),
        };
        self.line(line);
    }

    fn why_reserved(&mut self, why: Option<&str>, indent: &str) {
        if let Some(why) = why {
            let line = format!("{indent}{}: {why}", self.say("RESERVADO", "RESERVED"));
            self.line(line);
        }
    }

    /// The table of a function, as it was called.
    fn call(&mut self, call: &CallReport) {
        let title = call.title.as_deref().map(|title| format!(" {}", self.quoted(title))).unwrap_or_default();
        let line = format!("  {} {}{title}", self.say("Función", "Function"), call.name);
        self.line(line);
        self.about([&call.legal_basis, &call.note, &call.to_verify], "    ");
        self.why_reserved(call.reserved.as_deref(), "    ");
        self.table(&call.table, "    ");
    }

    fn calls_left_out(&mut self, count: usize) {
        let line = match (self.language, count) {
            (_, 0) => return,
            (Language::Es, _) => format!("  Y {count} consultas más de tablas de funciones."),
            (Language::En, _) => format!("  And {count} more uses of tables of functions."),
        };
        self.line(line);
    }

    fn table(&mut self, table: &TableReport, indent: &str) {
        let looked_at = self.say("Valores que miró la tabla", "Values that the table looked at");
        let line = format!("{indent}{looked_at} ({}):", table.policy);
        self.line(line);
        for column in &table.columns {
            let line = format!("{indent}  {}", self.column(column));
            self.line(line);
        }
        let (matched, _) = parted(table);
        for row in &matched {
            self.matched(row, indent);
        }
        if table.default_used {
            let none = self
                .say("Ninguna fila se cumplió; vale la fila por defecto.", "No row matched; the default row holds.");
            let line = format!("{indent}{none}");
            self.line(line);
            if let Some(default) = &table.default {
                self.about([&default.legal_basis, &default.note, &default.to_verify], &format!("{indent}  "));
            }
        } else if matched.is_empty() {
            let line = format!("{indent}{}", self.say("Ninguna fila se cumplió.", "No row matched."));
            self.line(line);
        }
    }

    fn column(&self, column: &ColumnReport) -> String {
        match column.is_concealed() {
            true => self.say("criterio reservado", "reserved criterion").to_owned(),
            false => format!("{} = {}", column.text, shown(&column.value)),
        }
    }

    fn matched(&mut self, row: &RowReport, indent: &str) {
        let place = row.place.as_deref().map(|place| format!(" ({place})")).unwrap_or_default();
        let number = row.number;
        let line = match self.language {
            Language::Es => format!("{indent}Se cumplió la fila {number}{place}."),
            Language::En => format!("{indent}Row {number} matched{place}."),
        };
        self.line(line);
        self.about([&row.legal_basis, &row.note, &row.to_verify], &format!("{indent}  "));
        let known = [&row.legal_basis, &row.note, &row.to_verify];
        let said = |text: &str| text.is_empty() || known.iter().any(|known| known.as_deref() == Some(text));
        for (name, text) in row.annotations.iter().filter(|(_, text)| !said(text)) {
            self.line(format!("{indent}  {name}: {text}"));
        }
    }

    fn others(&mut self, rows: &[&RowReport], columns: &[ColumnReport], left_out: usize) {
        for row in rows.iter().take(ROWS_MAX) {
            let line = self.unmatched(row, columns);
            self.line(line);
        }
        let more = rows.len().saturating_sub(ROWS_MAX).saturating_add(left_out);
        if more > 0 {
            let line = match self.language {
                Language::Es => format!("  Y {more} filas más que no se cumplieron."),
                Language::En => format!("  And {more} more rows that did not match."),
            };
            self.line(line);
        }
    }

    /// Why a row did not match: the cells that don't hold.
    fn unmatched(&self, row: &RowReport, columns: &[ColumnReport]) -> String {
        let failed = row.cells.iter().zip(columns).filter(|(cell, _)| cell.holds != Some(true));
        let mut failed: Vec<String> = failed.map(|(cell, column)| self.failed(cell, column)).collect();
        failed.dedup();
        let why = if failed.is_empty() {
            self.say("otra fila tuvo prioridad", "another row had priority").to_owned()
        } else {
            failed.join("; ")
        };
        let number = row.number;
        match self.language {
            Language::Es => format!("  No se cumplió la fila {number}: {why}."),
            Language::En => format!("  Row {number} did not match: {why}."),
        }
    }

    fn failed(&self, cell: &CellReport, column: &ColumnReport) -> String {
        if cell.is_concealed() {
            return self.say("criterio reservado", "reserved criterion").to_owned();
        }
        let not = match cell.holds {
            Some(_) => self.say("no cumple", "does not meet"),
            None => self.say("no se pudo comparar con", "could not be compared with"),
        };
        format!("{} {not} {}", self.column(column), self.quoted(&cell.text))
    }

    fn quoted(&self, text: &str) -> String {
        match self.language {
            Language::Es => format!("«{text}»"),
            Language::En => format!("“{text}”"),
        }
    }

    fn parameter(&mut self, parameter: &ParameterReport) {
        let ParameterReport { name, day, value, from, to, known, .. } = parameter;
        let to = to.map_or_else(|| "…".to_owned(), |to| to.to_string());
        let value = shown(value);
        let known =
            known.map(|known| format!("{} {known}", self.say(", conocido desde", ", known from"))).unwrap_or_default();
        let line = match self.language {
            Language::Es => format!("  Parámetro {name} el {day} = {value} (rige de {from} a {to}{known})"),
            Language::En => format!("  Parameter {name} on {day} = {value} (holds from {from} to {to}{known})"),
        };
        self.line(line);
        self.about([&parameter.legal_basis, &parameter.note, &parameter.to_verify], "    ");
        self.why_reserved(parameter.reserved.as_deref(), "    ");
    }

    fn outcome(&self, outcome: &Result<Value, Failure>) -> String {
        match outcome {
            Ok(value) => shown(value),
            Err(failure) => {
                let place = failure.place.as_deref().map(|place| format!(" ({place})")).unwrap_or_default();
                let no = self.say("no se pudo decidir", "could not be decided");
                format!("{no}: {} [{}]{place}", failure.message.text(self.language), failure.code)
            }
        }
    }
}

/// The rows that matched, and the others.
fn parted(table: &TableReport) -> (Vec<&RowReport>, Vec<&RowReport>) {
    table.rows.iter().partition(|row| row.matched)
}

/// A value as JSON, cut where it is long.
fn shown(value: &Value) -> String {
    let mut text = value.to_json();
    if let Some((end, _)) = text.char_indices().nth(VALUE_CHARACTERS_MAX) {
        text.truncate(end);
        let _ = write!(text, "…");
    }
    text
}
