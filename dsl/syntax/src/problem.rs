//! Every message of this crate: its code, its text in both languages, and what would mend it.

use dictamen_value::Message;

use crate::keyword;
use crate::tree::Spelling;
use crate::{Diagnostic, Limits, Span};

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
    "sintaxis.funcion-externa",
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

pub(crate) fn open_bracket(span: Span, opened: Span, open: &str, close: &str, came: &Came) -> Diagnostic {
    let message = Message::new(
        format!("falta «{close}» para cerrar «{open}»; {}", came.es()),
        format!("“{close}” is missing to close “{open}”; {}", came.en()),
    );
    Diagnostic::error("sintaxis.corchete-sin-cerrar", span, message)
        .with_help(Message::new(format!("agregue «{close}»"), format!("add “{close}”")))
        .with_related(opened, Message::new("aquí se abre", "it opens here"))
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

pub(crate) fn name_expected(span: Span, came: &Came) -> Diagnostic {
    let message = Message::new(
        format!("se esperaba un nombre y {}", came.es()),
        format!("a name was expected and {}", came.en()),
    );
    let help = Message::new(
        "un nombre empieza con letra; uno con espacios va entre «`»",
        "a name starts with a letter; one with spaces stands between “`”",
    );
    Diagnostic::error("sintaxis.nombre", span, message).with_help(help)
}

pub(crate) fn reserved_name(span: Span, word: &str) -> Diagnostic {
    let message = Message::new(
        format!("«{word}» es una palabra de FEEL y no puede ser un nombre"),
        format!("“{word}” is a word of FEEL and cannot be a name"),
    );
    Diagnostic::error("sintaxis.nombre", span, message).with_help(write_instead(&format!("`{word}`")))
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

pub(crate) fn expression_expected(span: Span, came: &Came) -> Diagnostic {
    let message = Message::new(
        format!("se esperaba un valor o una expresión y {}", came.es()),
        format!("a value or an expression was expected and {}", came.en()),
    );
    Diagnostic::error("sintaxis.expresion", span, message)
}

/// `expected` is what stands in the text, such as `then`.
pub(crate) fn missing(span: Span, expected: &str, came: &Came) -> Diagnostic {
    let message = Message::new(
        format!("se esperaba «{expected}» y {}", came.es()),
        format!("“{expected}” was expected and {}", came.en()),
    );
    Diagnostic::error("sintaxis.falta", span, message)
}

/// `what` is named in both languages, such as "un texto entre comillas".
pub(crate) fn missing_thing(span: Span, what: &Message, came: &Came) -> Diagnostic {
    let message = Message::new(
        format!("se esperaba {} y {}", what.es, came.es()),
        format!("{} was expected and {}", what.en, came.en()),
    );
    Diagnostic::error("sintaxis.falta", span, message)
}

pub(crate) fn unexpected(span: Span, came: &Came, after: &Message) -> Diagnostic {
    let message = Message::new(
        format!("{} después de {}", came.es(), after.es).replace(" de el ", " del "),
        format!("{} after {}", came.en(), after.en),
    );
    Diagnostic::error("sintaxis.inesperado", span, message)
}

pub(crate) fn foreign_operator(span: Span, text: &str) -> Diagnostic {
    let message =
        Message::new(format!("«{text}» no es un operador de FEEL"), format!("“{text}” is no operator of FEEL"));
    let diagnostic = Diagnostic::error("sintaxis.operador", span, message);
    let right = match text {
        "==" => "=",
        "<>" => "!=",
        "&&" => "and",
        "||" => "or",
        "!" => "not(…)",
        "=>" => ">=",
        "=<" => "<=",
        _ => return diagnostic,
    };
    diagnostic.with_help(write_instead(right))
}

pub(crate) fn chained_comparison(span: Span) -> Diagnostic {
    let message = Message::new("las comparaciones no se encadenan", "comparisons do not chain");
    let help = Message::new(
        "escriba `a < b and b < c`, o `b in (a..c)`, o ponga paréntesis",
        "write `a < b and b < c`, or `b in (a..c)`, or put parentheses",
    );
    Diagnostic::error("sintaxis.comparacion-encadenada", span, message).with_help(help)
}

pub(crate) fn bare_date(span: Span, text: &str) -> Diagnostic {
    let message = Message::new(
        format!("la fecha {text} está suelta en una expresión, donde sería una resta"),
        format!("the date {text} stands bare in an expression, where it would be a subtraction"),
    );
    Diagnostic::error("sintaxis.fecha-suelta", span, message).with_help(write_instead(&format!("@\"{text}\"")))
}

pub(crate) fn external_function(span: Span) -> Diagnostic {
    let message = Message::new(
        "las funciones externas de FEEL (Java, PMML) no se admiten",
        "the external functions of FEEL (Java, PMML) are not supported",
    );
    let help = Message::new("escriba el cuerpo en FEEL", "write the body in FEEL");
    Diagnostic::error("sintaxis.funcion-externa", span, message).with_help(help)
}

pub(crate) fn mixed_arguments(span: Span) -> Diagnostic {
    let message = Message::new(
        "los argumentos van todos por posición o todos por nombre",
        "arguments go all by position or all by name",
    );
    let help = Message::new("póngales nombre a todos o a ninguno", "name all of them or none");
    Diagnostic::error("sintaxis.argumentos-mezclados", span, message).with_help(help)
}

pub(crate) fn attribute_text(span: Span, key: &str, came: &Came) -> Diagnostic {
    let message = Message::new(
        format!("después de «{key}» va un texto entre comillas y {}", came.es()),
        format!("after “{key}” there must be a text in quotes and {}", came.en()),
    );
    Diagnostic::error("sintaxis.atributo", span, message).with_help(write_instead(&format!("{key} \"…\"")))
}

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

pub(crate) fn incomplete(span: Span, word: &str, missing: &str) -> Diagnostic {
    let message = Message::new(format!("a «{word}» le falta «{missing}»"), format!("“{word}” lacks “{missing}”"));
    let help = Message::new(format!("agregue `{missing}`"), format!("add `{missing}`"));
    Diagnostic::error("sintaxis.bloque-incompleto", span, message).with_help(help)
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

fn cells_es(count: usize) -> &'static str {
    if count == 1 { "celda" } else { "celdas" }
}

fn cells_en(count: usize) -> &'static str {
    if count == 1 { "cell" } else { "cells" }
}
