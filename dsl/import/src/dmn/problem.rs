//! What can be wrong with a DMN document.

use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::Message;

use crate::xml::{Element, Origin, Text, shown};

/// The codes of the diagnostics about DMN.
pub(crate) const CODES: &[&str] = &[
    "dmn.agregacion",
    "dmn.atributo-desconocido",
    "dmn.celdas",
    "dmn.demasiados-problemas",
    "dmn.elemento-desconocido",
    "dmn.falta-atributo",
    "dmn.falta-elemento",
    "dmn.id-repetido",
    "dmn.importacion-sin-nombre",
    "dmn.no-es-dmn",
    "dmn.referencia",
    "dmn.repetido",
    "dmn.sin-importar",
    "dmn.texto-suelto",
    "dmn.tipo",
    "dmn.valor",
    "dmn.version",
];

pub(super) fn not_dmn(root: &Element) -> Diagnostic {
    let local = shown(&root.local);
    let message = Message::new(
        format!("el archivo no es un modelo DMN: se esperaba el elemento «definitions» y llegó «{local}»"),
        format!("the file is no DMN model: the element “definitions” was expected and “{local}” came"),
    );
    Diagnostic::error("dmn.no-es-dmn", root.origin.span, message)
}

pub(super) fn unknown_version(root: &Element) -> Diagnostic {
    let Some(namespace) = root.namespace.as_deref().map(shown) else {
        let message = Message::new(
            "el elemento «definitions» no dice de qué versión de DMN es: le falta xmlns=\"…\"",
            "the element “definitions” does not say of which version of DMN it is: xmlns=\"…\" is missing",
        );
        return Diagnostic::error("dmn.version", root.origin.span, message);
    };
    let message = Message::new(
        format!("«{namespace}» no es el espacio de nombres de una versión de DMN que se lea (1.1 a 1.6)"),
        format!("“{namespace}” is not the namespace of a version of DMN that is read (1.1 to 1.6)"),
    );
    let help = Message::new(
        "la última que se lee es https://www.omg.org/spec/DMN/20240513/MODEL/, la de DMN 1.6",
        "the last one that is read is https://www.omg.org/spec/DMN/20240513/MODEL/, that of DMN 1.6",
    );
    Diagnostic::error("dmn.version", root.origin.span, message).with_help(help)
}

pub(super) fn unknown_element(element: &Element, inside: &Element) -> Diagnostic {
    let (local, inside) = (shown(&element.local), shown(&inside.local));
    let message = Message::new(
        format!("«{local}» no es un elemento de «{inside}» en DMN y se pasa por alto"),
        format!("“{local}” is no element of “{inside}” in DMN and is passed over"),
    );
    let help = Message::new(
        "lo propio de una herramienta va dentro de «extensionElements»",
        "what belongs to a tool stands inside “extensionElements”",
    );
    Diagnostic::warning("dmn.elemento-desconocido", element.origin.span, message).with_help(help)
}

pub(super) fn unknown_attribute(name: &str, value: &Text, inside: &Element) -> Diagnostic {
    let (name, inside) = (shown(name), shown(&inside.local));
    let message = Message::new(
        format!("«{name}» no es un atributo de «{inside}» en DMN y se pasa por alto"),
        format!("“{name}” is no attribute of “{inside}” in DMN and is passed over"),
    );
    Diagnostic::warning("dmn.atributo-desconocido", value.origin.span, message)
}

pub(super) fn stray_text(inside: &Element, span: Span, text: &str) -> Diagnostic {
    let (inside, text) = (shown(&inside.local), shown(text));
    let message = Message::new(
        format!("«{text}» está suelto dentro de «{inside}» y se pasa por alto"),
        format!("“{text}” stands loose inside “{inside}” and is passed over"),
    );
    let help = Message::new(
        "una expresión se escribe dentro de `<text>…</text>`",
        "an expression is written inside `<text>…</text>`",
    );
    Diagnostic::warning("dmn.texto-suelto", span, message).with_help(help)
}

pub(super) fn missing_attribute(inside: &Element, name: &str) -> Diagnostic {
    let inside_name = shown(&inside.local);
    let message = Message::new(
        format!("a «{inside_name}» le falta el atributo «{name}»"),
        format!("“{inside_name}” lacks the attribute “{name}”"),
    );
    Diagnostic::error("dmn.falta-atributo", inside.origin.span, message)
}

/// `what` names the elements of which one is missing.
pub(super) fn missing_element(inside: &Element, what: &[&str]) -> Diagnostic {
    let inside_name = shown(&inside.local);
    let message = Message::new(
        format!("a «{inside_name}» le falta {}", choice_es(what)),
        format!("“{inside_name}” lacks {}", choice_en(what)),
    );
    Diagnostic::error("dmn.falta-elemento", inside.origin.span, message)
}

pub(super) fn missing_expression(inside: &Element) -> Diagnostic {
    let inside_name = shown(&inside.local);
    let message = Message::new(
        format!("a «{inside_name}» le falta una expresión"),
        format!("“{inside_name}” lacks an expression"),
    );
    let help = Message::new(
        "por ejemplo `<literalExpression><text>1 + 1</text></literalExpression>`",
        "for example `<literalExpression><text>1 + 1</text></literalExpression>`",
    );
    Diagnostic::error("dmn.falta-elemento", inside.origin.span, message).with_help(help)
}

pub(super) fn repeated(again: &Element, first: &Element, inside: &Element) -> Diagnostic {
    let (local, inside) = (shown(&again.local), shown(&inside.local));
    let message = Message::new(
        format!("«{inside}» tiene más de lo que admite: sobra este «{local}»"),
        format!("“{inside}” has more than it may: this “{local}” is too much"),
    );
    Diagnostic::error("dmn.repetido", again.origin.span, message)
        .with_related(first.origin.span, Message::new("éste es el que se lee", "this is the one that is read"))
}

/// `allowed` says what may stand there, in both languages.
pub(super) fn bad_value(name: &str, value: &Text, allowed: &Message) -> Diagnostic {
    let came = shown(&value.value);
    let message = Message::new(
        format!("el atributo «{name}» debe ser {} y llegó «{came}»", allowed.es),
        format!("the attribute “{name}” must be {} and “{came}” came", allowed.en),
    );
    Diagnostic::error("dmn.valor", value.origin.span, message)
}

pub(super) fn undeclared_prefix(name: &str, origin: &Origin) -> Diagnostic {
    let name = shown(name);
    let message = Message::new(
        format!("el prefijo de «{name}» no está declarado"),
        format!("the prefix of “{name}” is not declared"),
    );
    let help = Message::new(
        "desde DMN 1.2 los tipos se escriben sin prefijo: `string`, `tPrestamo`",
        "since DMN 1.2 types are written without a prefix: `string`, `tLoan`",
    );
    Diagnostic::error("dmn.tipo", origin.span, message).with_help(help)
}

pub(super) fn foreign_type(name: &str, namespace: &str, origin: &Origin) -> Diagnostic {
    let (name, namespace) = (shown(name), shown(namespace));
    let message = Message::new(
        format!("el tipo «{name}» es de «{namespace}», que este modelo no importa"),
        format!("the type “{name}” is of “{namespace}”, which this model does not import"),
    );
    Diagnostic::error("dmn.tipo", origin.span, message)
}

pub(super) fn nameless_import(import: &Element, namespace: &str) -> Diagnostic {
    let namespace = shown(namespace);
    let message = Message::new(
        format!("lo importado de «{namespace}» no tiene nombre con el cual llamarlo"),
        format!("what is imported from “{namespace}” has no name to call it by"),
    );
    let help = Message::new(
        "agregue name=\"…\", o en DMN 1.1 un prefijo para ese espacio de nombres",
        "add name=\"…\", or in DMN 1.1 a prefix for that namespace",
    );
    Diagnostic::warning("dmn.importacion-sin-nombre", import.origin.span, message).with_help(help)
}

pub(super) fn no_fragment(value: &Text) -> Diagnostic {
    let came = shown(&value.value);
    let message = Message::new(
        format!("la referencia «{came}» no lleva `#` y se toma como `#{came}`"),
        format!("the reference “{came}” has no `#` and is taken as `#{came}`"),
    );
    Diagnostic::warning("dmn.referencia", value.origin.span, message)
}

pub(super) fn reference_prefix(value: &Text) -> Diagnostic {
    let came = shown(&value.value);
    let message = Message::new(
        format!("el prefijo de la referencia «{came}» no está declarado"),
        format!("the prefix of the reference “{came}” is not declared"),
    );
    Diagnostic::error("dmn.referencia", value.origin.span, message)
}

pub(super) fn empty_reference(value: &Text) -> Diagnostic {
    let message = Message::new(
        "la referencia no dice a qué elemento: se esperaba `#identificador`",
        "the reference does not say to which element: `#identifier` was expected",
    );
    Diagnostic::error("dmn.referencia", value.origin.span, message)
}

pub(super) fn unknown_reference(id: &str, origin: &Origin) -> Diagnostic {
    let id = shown(id);
    let message = Message::new(
        format!("ningún elemento tiene el identificador «{id}»"),
        format!("no element has the identifier “{id}”"),
    );
    Diagnostic::error("dmn.referencia", origin.span, message)
}

pub(super) fn wrong_reference(id: &str, kind: &str, expected: &[&str], origin: &Origin) -> Diagnostic {
    let (id, kind) = (shown(id), shown(kind));
    let message = Message::new(
        format!("«{id}» es un elemento «{kind}» y aquí va {}", choice_es(expected)),
        format!("“{id}” is an element “{kind}” and {} belongs here", choice_en(expected)),
    );
    Diagnostic::error("dmn.referencia", origin.span, message)
}

pub(super) fn ambiguous_reference(id: &str, origin: &Origin, first: &Origin) -> Diagnostic {
    let id = shown(id);
    let message = Message::new(
        format!("varios elementos tienen el identificador «{id}»: no se sabe a cuál se refiere"),
        format!("several elements have the identifier “{id}”: which one is meant is not known"),
    );
    Diagnostic::error("dmn.referencia", origin.span, message)
        .with_related(first.span, Message::new("éste es el primero", "this is the first"))
}

pub(super) fn not_imported(namespace: &str, origin: &Origin) -> Diagnostic {
    let namespace = shown(namespace);
    let message = Message::new(
        format!("la referencia es a «{namespace}», que este modelo no importa"),
        format!("the reference is to “{namespace}”, which this model does not import"),
    );
    let help = Message::new("agregue un elemento «import»", "add an element “import”");
    Diagnostic::error("dmn.sin-importar", origin.span, message).with_help(help)
}

pub(super) fn repeated_id(id: &str, again: &Origin, first: &Origin) -> Diagnostic {
    let id = shown(id);
    let message = Message::new(
        format!("otro elemento ya tiene el identificador «{id}»"),
        format!("another element has the identifier “{id}” already"),
    );
    Diagnostic::warning("dmn.id-repetido", again.span, message)
        .with_related(first.span, Message::new("éste es el primero", "this is the first"))
}

/// Cells of a row against columns of its table or relation; `what` names the columns in both languages.
pub(super) fn cells(row: &Element, cells: usize, columns: usize, what: &Message) -> Diagnostic {
    let message = Message::new(
        format!("{}: {columns}; celdas en esta fila: {cells}", what.es),
        format!("{}: {columns}; cells in this row: {cells}", what.en),
    );
    Diagnostic::error("dmn.celdas", row.origin.span, message)
}

pub(super) fn useless_aggregation(table: &Element) -> Diagnostic {
    let message = Message::new(
        "sólo una tabla con hitPolicy=\"COLLECT\" puede tener «aggregation»",
        "only a table with hitPolicy=\"COLLECT\" may have “aggregation”",
    );
    Diagnostic::warning("dmn.agregacion", table.origin.span, message)
}

/// `«a», «b» o «c»`.
fn choice_es(names: &[&str]) -> String {
    choice(names.iter().map(|name| format!("«{name}»")).collect(), "o")
}

/// `“a”, “b” or “c”`.
fn choice_en(names: &[&str]) -> String {
    choice(names.iter().map(|name| format!("“{name}”")).collect(), "or")
}

fn choice(mut quoted: Vec<String>, or: &str) -> String {
    let last = quoted.pop().unwrap_or_default();
    if quoted.is_empty() { last } else { format!("{} {or} {last}", quoted.join(", ")) }
}
