//! What is wrong with blocks, their lines and their names.

use dictamen_value::Message;

use super::{Came, suggestion, write_instead};
use crate::keyword;
use crate::tree::Spelling;
use crate::{Diagnostic, Span};

pub(crate) fn unknown_block(span: Span, word: &str, spelling: Spelling) -> Diagnostic {
    let message = Message::new(format!("ningún bloque empieza con «{word}»"), format!("no block starts with “{word}”"));
    let words = keyword::words(keyword::OPENERS, spelling);
    let help = suggestion(word, &words);
    Diagnostic::error("sintaxis.bloque-desconocido", span, message).with_help(help)
}

pub(crate) fn not_in_first_column(span: Span) -> Diagnostic {
    let message = Message::new(
        "esta línea tiene sangría, pero no hay ningún bloque encima al que pertenezca",
        "this line is indented, but there is no block above it that it could belong to",
    );
    let help = Message::new(
        "un bloque empieza en la columna 1: quite los espacios del comienzo",
        "a block starts in column 1: take away the spaces at the start",
    );
    Diagnostic::error("sintaxis.columna-uno", span, message).with_help(help)
}

pub(crate) fn unknown_line(span: Span, word: &str, allowed: &[&str]) -> Diagnostic {
    let message = Message::new(
        format!("«{word}» no empieza ninguna línea de este bloque"),
        format!("“{word}” starts no line of this block"),
    );
    Diagnostic::error("sintaxis.linea-desconocida", span, message).with_help(suggestion(word, allowed))
}

pub(crate) fn other_spelling(span: Span, word: &str, right: &str) -> Diagnostic {
    let message = Message::new(
        format!("este archivo usa las palabras en un idioma y «{word}» está en el otro"),
        format!("this file uses the words of one language and “{word}” is of the other"),
    );
    Diagnostic::warning("sintaxis.otro-idioma", span, message).with_help(write_instead(right))
}

/// `native` is text from DMN, which has no back-quotes.
pub(crate) fn name_expected(span: Span, came: &Came, native: bool) -> Diagnostic {
    let message = Message::new(
        format!("se esperaba un nombre y {}", came.es()),
        format!("a name was expected and {}", came.en()),
    );
    let help = if native {
        Message::new("un nombre empieza con letra", "a name starts with a letter")
    } else {
        Message::new(
            "un nombre empieza con letra; uno con espacios va entre «`»",
            "a name starts with a letter; one with spaces stands between “`”",
        )
    };
    Diagnostic::error("sintaxis.nombre", span, message).with_help(help)
}

pub(crate) fn reserved_name(span: Span, word: &str, native: bool) -> Diagnostic {
    let message = Message::new(
        format!("«{word}» es una palabra de FEEL y no puede ser un nombre"),
        format!("“{word}” is a word of FEEL and cannot be a name"),
    );
    let help = if native {
        Message::new("dele otro nombre", "give it another name")
    } else {
        write_instead(&format!("`{word}`"))
    };
    Diagnostic::error("sintaxis.nombre", span, message).with_help(help)
}

pub(crate) fn spaced_name(span: Span, name: &str) -> Diagnostic {
    let message = Message::new(
        format!("«{name}» son varias palabras seguidas y no es un nombre conocido"),
        format!("“{name}” is several words in a row and no known name"),
    );
    let help = Message::new(
        format!("si es un nombre con espacios escriba `{name}` entre comillas invertidas; si no, falta un operador"),
        format!("if it is a name with spaces write `{name}` in back-quotes; if not, an operator is missing"),
    );
    Diagnostic::error("sintaxis.nombre-con-espacios", span, message).with_help(help)
}

pub(crate) fn type_expected(span: Span, came: &Came) -> Diagnostic {
    let message =
        Message::new(format!("se esperaba un tipo y {}", came.es()), format!("a type was expected and {}", came.en()));
    let help = Message::new(
        "por ejemplo `texto`, `numero`, `fecha`, `lista de texto`, `{ a: numero }` o `\"x\" | \"y\"`",
        "for example `text`, `number`, `date`, `list of text`, `{ a: number }` or `\"x\" | \"y\"`",
    );
    Diagnostic::error("sintaxis.tipo", span, message).with_help(help)
}

pub(crate) fn attribute_text(span: Span, key: &str, came: &Came) -> Diagnostic {
    let message = Message::new(
        format!("después de «{key}» va un texto entre comillas y {}", came.es()),
        format!("after “{key}” there must be a text in quotes and {}", came.en()),
    );
    Diagnostic::error("sintaxis.atributo", span, message).with_help(write_instead(&format!("{key} \"…\"")))
}

pub(crate) fn repeated(span: Span, word: &str, first: Option<Span>) -> Diagnostic {
    let message = Message::new(format!("«{word}» ya está"), format!("“{word}” is already there"));
    let diagnostic = Diagnostic::error("sintaxis.repetido", span, message)
        .with_help(Message::new("deje uno solo", "leave one only"));
    match first {
        Some(first) => diagnostic.with_related(first, Message::new("aquí está el primero", "the first one is here")),
        None => diagnostic,
    }
}

pub(crate) fn header_not_first(span: Span, word: &str) -> Diagnostic {
    let message = Message::new(
        format!("«{word}» es la cabecera y va antes de todos los bloques, una sola vez"),
        format!("“{word}” is the header and stands before all blocks, once"),
    );
    let help = Message::new("póngala al comienzo del archivo", "put it at the start of the file");
    Diagnostic::error("sintaxis.cabecera", span, message).with_help(help)
}

pub(crate) fn out_of_place(span: Span, word: &str) -> Diagnostic {
    let message =
        Message::new(format!("un archivo de casos no lleva «{word}»"), format!("a file of cases has no “{word}”"));
    let help = Message::new(
        "póngalo en el archivo de las reglas; aquí van `usa` y `caso`",
        "put it into the file of the rules; `use` and `case` stand here",
    );
    Diagnostic::error("sintaxis.fuera-de-lugar", span, message).with_help(help)
}

pub(crate) fn local_behind_body(span: Span, word: &str) -> Diagnostic {
    let message = Message::new(
        format!("«{word}» va antes del cuerpo que empieza con «=»"),
        format!("“{word}” stands before the body that starts with “=”"),
    );
    let help = Message::new("póngalo encima del cuerpo", "put it above the body");
    Diagnostic::error("sintaxis.fuera-de-lugar", span, message).with_help(help)
}

pub(crate) fn incomplete(span: Span, word: &str, missing: &str) -> Diagnostic {
    let message = Message::new(format!("a «{word}» le falta «{missing}»"), format!("“{word}” lacks “{missing}”"));
    let help = Message::new(format!("agregue `{missing}`"), format!("add `{missing}`"));
    Diagnostic::error("sintaxis.bloque-incompleto", span, message).with_help(help)
}
