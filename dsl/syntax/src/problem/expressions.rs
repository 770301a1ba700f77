//! What is wrong with expressions.

use dictamen_value::Message;

use super::{Came, write_instead};
use crate::{Diagnostic, Span};

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

pub(crate) fn mixed_arguments(span: Span) -> Diagnostic {
    let message = Message::new(
        "los argumentos van todos por posición o todos por nombre",
        "arguments go all by position or all by name",
    );
    let help = Message::new("póngales nombre a todos o a ninguno", "name all of them or none");
    Diagnostic::error("sintaxis.argumentos-mezclados", span, message).with_help(help)
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
