//! What can be wrong with a file of test cases.

use dictamen_syntax::Diagnostic;
use dictamen_value::Message;

use super::TestValue;
use crate::xml::{Element, Text, shown};

/// The codes of the diagnostics about test cases.
pub(crate) const CODES: &[&str] =
    &["tck.elemento-desconocido", "tck.falta-atributo", "tck.no-es-tck", "tck.repetido", "tck.tipo", "tck.valor"];

pub(super) fn not_tck(root: &Element) -> Diagnostic {
    let local = shown(&root.local);
    let message = Message::new(
        format!("el archivo no es de casos de prueba: se esperaba el elemento «testCases» y llegó «{local}»"),
        format!("the file is none of test cases: the element “testCases” was expected and “{local}” came"),
    );
    Diagnostic::error("tck.no-es-tck", root.origin.span, message)
}

pub(super) fn unknown_element(element: &Element, inside: &Element) -> Diagnostic {
    let (local, inside) = (shown(&element.local), shown(&inside.local));
    let message = Message::new(
        format!("«{local}» no es un elemento de «{inside}» en los casos de prueba y se pasa por alto"),
        format!("“{local}” is no element of “{inside}” in test cases and is passed over"),
    );
    Diagnostic::warning("tck.elemento-desconocido", element.origin.span, message)
}

pub(super) fn missing_attribute(inside: &Element, name: &str) -> Diagnostic {
    let local = shown(&inside.local);
    let message = Message::new(
        format!("a «{local}» le falta el atributo «{name}»"),
        format!("“{local}” lacks the attribute “{name}”"),
    );
    Diagnostic::error("tck.falta-atributo", inside.origin.span, message)
}

pub(super) fn two_values(again: &Element, inside: &Element) -> Diagnostic {
    let (local, inside) = (shown(&again.local), shown(&inside.local));
    let message = Message::new(
        format!("«{inside}» ya tiene un valor: sobra este «{local}»"),
        format!("“{inside}” has a value already: this “{local}” is too much"),
    );
    Diagnostic::error("tck.repetido", again.origin.span, message)
}

pub(super) fn bad_attribute(name: &str, value: &Text, words: &str) -> Diagnostic {
    let came = shown(&value.value);
    let message = Message::new(
        format!("el atributo «{name}» debe ser uno de: {words}; y llegó «{came}»"),
        format!("the attribute “{name}” must be one of: {words}; and “{came}” came"),
    );
    Diagnostic::error("tck.valor", value.origin.span, message)
}

pub(super) fn unknown_type(name: &str, value: &TestValue) -> Diagnostic {
    let name = shown(name);
    let message = Message::new(
        format!("«{name}» no es un tipo de los casos de prueba"),
        format!("“{name}” is no type of test cases"),
    );
    let help = Message::new(
        "puede ser decimal, double, integer, string, boolean, date, time, dateTime o duration",
        "it may be decimal, double, integer, string, boolean, date, time, dateTime or duration",
    );
    Diagnostic::error("tck.tipo", value.origin.span, message).with_help(help)
}

/// `reason` says what the value should have been.
pub(super) fn bad_value(text: &str, name: &str, value: &TestValue, reason: &Message) -> Diagnostic {
    let (text, name) = (shown(text), shown(name));
    let message = Message::new(
        format!("«{text}» no es un valor del tipo «{name}»: {}", reason.es),
        format!("“{text}” is no value of the type “{name}”: {}", reason.en),
    );
    Diagnostic::error("tck.valor", value.origin.span, message)
}
