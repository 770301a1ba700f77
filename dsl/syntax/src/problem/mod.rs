//! Every message of this crate: its code, its text in both languages, and what would mend it.

mod blocks;
mod expressions;
mod tables;
mod text;

use dictamen_value::Message;

use crate::keyword;

pub(crate) use blocks::*;
pub(crate) use expressions::*;
pub(crate) use tables::*;
pub(crate) use text::*;

/// The codes of the diagnostics that this crate gives.
pub const CODES: &[&str] = &[
    "sintaxis.anidamiento",
    "sintaxis.archivo-grande",
    "sintaxis.argumentos-mezclados",
    "sintaxis.atributo",
    "sintaxis.bloque-desconocido",
    "sintaxis.bloque-incompleto",
    "sintaxis.cabecera",
    "sintaxis.caracter",
    "sintaxis.celda-vacia",
    "sintaxis.celdas",
    "sintaxis.columna-desconocida",
    "sintaxis.columna-uno",
    "sintaxis.comentario-sin-cerrar",
    "sintaxis.comparacion-encadenada",
    "sintaxis.corchete-sin-cerrar",
    "sintaxis.demasiados-errores",
    "sintaxis.escape",
    "sintaxis.expresion",
    "sintaxis.falta",
    "sintaxis.falta-columna",
    "sintaxis.fecha-suelta",
    "sintaxis.fuera-de-lugar",
    "sintaxis.inesperado",
    "sintaxis.linea-desconocida",
    "sintaxis.nombre",
    "sintaxis.nombre-con-espacios",
    "sintaxis.nombre-sin-cerrar",
    "sintaxis.operador",
    "sintaxis.otro-idioma",
    "sintaxis.politica",
    "sintaxis.repetido",
    "sintaxis.separador",
    "sintaxis.tabla-sin-cabecera",
    "sintaxis.tabla-sin-salidas",
    "sintaxis.texto-sin-cerrar",
    "sintaxis.tipo",
];

/// What came, as a reader sees it: a piece of text, or the end of something.
#[derive(Clone, Debug)]
pub(crate) enum Came {
    Text(String),
    End,
}

impl Came {
    fn es(&self) -> String {
        match self {
            Came::Text(text) => format!("llegó «{text}»"),
            Came::End => "no hay nada más".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Came::Text(text) => format!("“{text}” came"),
            Came::End => "there is nothing more".to_owned(),
        }
    }
}

/// A short piece of text that can be shown in a message.
pub(crate) fn shown(text: &str) -> String {
    let mut short: String = visible(text.lines().next().unwrap_or_default()).chars().take(SHOWN_CHARACTERS).collect();
    if short.len() < text.len() && text.chars().count() > SHOWN_CHARACTERS {
        short.push('…');
    }
    short
}

/// Characters of the text that messages quote.
const SHOWN_CHARACTERS: usize = 40;

fn write_instead(right: &str) -> Message {
    Message::new(format!("escriba `{right}`"), format!("write `{right}`"))
}

fn suggestion(word: &str, words: &[&str]) -> Message {
    match keyword::nearest(word, words) {
        Some(near) => Message::new(format!("¿quiso decir «{near}»?"), format!("did you mean “{near}”?")),
        None => {
            let all = words.join(", ");
            Message::new(format!("puede ser: {all}"), format!("it may be: {all}"))
        }
    }
}

fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { format!("U+{:04X}", u32::from(c)) } else { c.to_string() }).collect()
}
