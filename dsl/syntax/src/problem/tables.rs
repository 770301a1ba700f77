//! What is wrong with tables: policies, heads, rows and cells.

use dictamen_value::Message;

use super::suggestion;
use crate::keyword;
use crate::tree::Spelling;
use crate::{Diagnostic, Span};

pub(crate) fn unknown_policy(span: Span, word: &str, spelling: Spelling) -> Diagnostic {
    let message =
        Message::new(format!("«{word}» no es una política de tabla"), format!("“{word}” is no policy of a table"));
    let words = keyword::policy_words(spelling);
    Diagnostic::error("sintaxis.politica", span, message).with_help(suggestion(word, &words))
}

pub(crate) fn no_head(span: Span, example: &str) -> Diagnostic {
    let message = Message::new("la tabla no tiene cabecera ni filas", "the table has neither head nor rows");
    let help = Message::new(format!("por ejemplo `{example}`"), format!("for example `{example}`"));
    Diagnostic::error("sintaxis.tabla-sin-cabecera", span, message).with_help(help)
}

pub(crate) fn no_outputs(span: Span) -> Diagnostic {
    let message = Message::new(
        "la cabecera no dice cuáles columnas son salidas",
        "the head does not say which columns are outputs",
    );
    let help = Message::new(
        "separe las salidas con `||`: `| entrada || salida |`",
        "set the outputs apart with `||`: `| input || output |`",
    );
    Diagnostic::error("sintaxis.tabla-sin-salidas", span, message).with_help(help)
}

/// `section` is named in both languages, such as "de entrada"; empty where the row has no sections.
pub(crate) fn wrong_cells(span: Span, section: &Message, expected: usize, came: usize) -> Diagnostic {
    let [es, en] = [format!("{} {}", cells_es(came), section.es), format!("{} {}", section.en, cells_en(came))];
    let message = Message::new(
        format!("la fila tiene {came} {} y la cabecera {expected}", es.trim()),
        format!("the row has {came} {} and the head {expected}", en.trim()),
    );
    Diagnostic::error("sintaxis.celdas", span, message).with_help(Message::new(
        "cada celda termina en `|`; `||` separa entradas, salidas y anotaciones",
        "each cell ends at `|`; `||` sets inputs, outputs and annotations apart",
    ))
}

/// `and` behind a test that has no value in front.
pub(crate) fn joined_tests(span: Span, word: &str) -> Diagnostic {
    let message = Message::new(
        format!("las condiciones de una celda no se unen con «{word}»"),
        format!("the conditions of a cell are not joined by “{word}”"),
    );
    let help = Message::new(
        "escriba un rango como `(3..5]`, condiciones separadas por coma si basta una, o use `?`: `? > 3 and ? < 5`",
        "write a range such as `(3..5]`, conditions with a comma between if one is enough, or use `?`: `? > 3 and ? < 5`",
    );
    Diagnostic::error("sintaxis.inesperado", span, message).with_help(help)
}

pub(crate) fn empty_cell(span: Span, input: bool) -> Diagnostic {
    let message = Message::new("la celda está vacía", "the cell is empty");
    let help = if input {
        Message::new("escriba `-` si vale cualquier valor", "write `-` if any value will do")
    } else {
        Message::new("escriba un valor, o `null` si no hay", "write a value, or `null` if there is none")
    };
    Diagnostic::error("sintaxis.celda-vacia", span, message).with_help(help)
}

pub(crate) fn unknown_column(span: Span, word: &str, known: &[&str]) -> Diagnostic {
    let message =
        Message::new(format!("un parámetro no tiene columna «{word}»"), format!("a parameter has no column “{word}”"));
    Diagnostic::error("sintaxis.columna-desconocida", span, message).with_help(suggestion(word, known))
}

pub(crate) fn unknown_glossary_column(span: Span, word: &str, known: &[&str]) -> Diagnostic {
    let message =
        Message::new(format!("un glosario no tiene columna «{word}»"), format!("a glossary has no column “{word}”"));
    Diagnostic::error("sintaxis.columna-desconocida", span, message).with_help(suggestion(word, known))
}

pub(crate) fn empty_text_cell(span: Span) -> Diagnostic {
    let message = Message::new("la celda está vacía", "the cell is empty");
    let help = Message::new("escriba un texto entre comillas", "write a text in quotes");
    Diagnostic::error("sintaxis.celda-vacia", span, message).with_help(help)
}

pub(crate) fn missing_column(span: Span, column: &str) -> Diagnostic {
    let message = Message::new(format!("falta la columna «{column}»"), format!("the column “{column}” is missing"));
    Diagnostic::error("sintaxis.falta-columna", span, message)
}

pub(crate) fn stray_separator(span: Span) -> Diagnostic {
    let message = Message::new(
        "una línea de separación solo va debajo de la cabecera",
        "a separator line stands below the head only",
    );
    Diagnostic::error("sintaxis.separador", span, message).with_help(Message::new("quítela", "take it away"))
}

fn cells_es(count: usize) -> &'static str {
    if count == 1 { "celda" } else { "celdas" }
}

fn cells_en(count: usize) -> &'static str {
    if count == 1 { "cell" } else { "cells" }
}
