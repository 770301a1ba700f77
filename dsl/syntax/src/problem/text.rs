//! What is wrong with characters, strings, comments and the size of a file.

use dictamen_value::Message;

use super::{visible, write_instead};
use crate::{Diagnostic, Limits, Span};

pub(crate) fn file_too_large(span: Span, bytes: usize, limits: &Limits) -> Diagnostic {
    let allowed = limits.file_bytes;
    let message = Message::new(
        format!("el archivo tiene {bytes} bytes y el límite es de {allowed} bytes"),
        format!("the file has {bytes} bytes and the limit is {allowed} bytes"),
    );
    let help = Message::new("reparta las reglas en varios archivos", "split the rules into several files");
    Diagnostic::error("sintaxis.archivo-grande", span, message).with_help(help)
}

pub(crate) fn too_many(span: Span, allowed: usize) -> Diagnostic {
    let message = Message::new(
        format!("hay más de {allowed} errores; los demás no se muestran"),
        format!("there are more than {allowed} errors; the others are not shown"),
    );
    let help = Message::new("corrija los primeros y compruebe otra vez", "mend the first ones and check again");
    Diagnostic::error("sintaxis.demasiados-errores", span, message).with_help(help)
}

pub(crate) fn too_deep(span: Span, limits: &Limits) -> Diagnostic {
    let allowed = limits.nesting_levels;
    let message = Message::new(
        format!("la expresión pasa de {allowed} niveles de anidamiento, que es el límite"),
        format!("the expression goes past {allowed} levels of nesting, which is the limit"),
    );
    let help = Message::new(
        "divídala en decisiones con nombre; una cadena larga de `or` se escribe `x in (a, b, c)`",
        "split it into named decisions; a long chain of `or` is written `x in (a, b, c)`",
    );
    Diagnostic::error("sintaxis.anidamiento", span, message).with_help(help)
}

pub(crate) fn bad_characters(span: Span, text: &str) -> Diagnostic {
    let shown = visible(text);
    let message =
        Message::new(format!("«{shown}» no se usa en el lenguaje"), format!("“{shown}” is not used in the language"));
    let diagnostic = Diagnostic::error("sintaxis.caracter", span, message);
    match typographic(text) {
        Some(plain) => diagnostic.with_help(write_instead(plain)),
        None => diagnostic.with_help(Message::new(
            "quítelo, o póngalo entre comillas si es parte de un texto",
            "take it away, or put it in quotes if it is part of a text",
        )),
    }
}

pub(crate) fn open_text(span: Span) -> Diagnostic {
    let message = Message::new("el texto no se cierra", "the text is not closed");
    let help = Message::new(
        "ponga `\"` donde termina; unas comillas dentro del texto se escriben `\\\"`",
        "put `\"` where it ends; quotes inside a text are written `\\\"`",
    );
    Diagnostic::error("sintaxis.texto-sin-cerrar", span, message).with_help(help)
}

pub(crate) fn open_comment(span: Span) -> Diagnostic {
    let message = Message::new("el comentario no se cierra", "the comment is not closed");
    let help = Message::new("ponga `*/` donde termina", "put `*/` where it ends");
    Diagnostic::error("sintaxis.comentario-sin-cerrar", span, message).with_help(help)
}

pub(crate) fn open_name(span: Span) -> Diagnostic {
    let message = Message::new("el nombre no se cierra", "the name is not closed");
    let help = Message::new("ponga «`» donde termina", "put “`” where it ends");
    Diagnostic::error("sintaxis.nombre-sin-cerrar", span, message).with_help(help)
}

pub(crate) fn bad_escape(span: Span, escape: &str) -> Diagnostic {
    let shown = visible(escape);
    let message = Message::new(
        format!("«{shown}» no es una secuencia de escape y queda como está"),
        format!("“{shown}” is no escape sequence and stays as it is"),
    );
    let help = Message::new(
        "una barra invertida se escribe `\\\\`; las secuencias son \\n \\t \\r \\\" \\\\ \\uXXXX \\UXXXXXX",
        "a backslash is written `\\\\`; the sequences are \\n \\t \\r \\\" \\\\ \\uXXXX \\UXXXXXX",
    );
    Diagnostic::warning("sintaxis.escape", span, message).with_help(help)
}

/// What people meant by characters that word processors put.
fn typographic(text: &str) -> Option<&'static str> {
    match text.chars().next()? {
        '“' | '”' | '„' | '«' | '»' => Some("\""),
        '‘' | '’' | '´' => Some("'"),
        '–' | '—' | '−' => Some("-"),
        '≤' => Some("<="),
        '≥' => Some(">="),
        '≠' => Some("!="),
        '×' | '·' => Some("*"),
        '÷' => Some("/"),
        '…' => Some(".."),
        '→' => Some("->"),
        _ => None,
    }
}
