//! What can be wrong with a file before it is a tree of elements.

use dictamen_syntax::{Diagnostic, SourceId, Span};
use dictamen_value::Message;
use quick_xml::Error;
use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::attributes::AttrError;

use super::{Element, Limits, Origin};

/// The codes of the diagnostics about XML.
pub(crate) const CODES: &[&str] = &[
    "xml.anidamiento",
    "xml.archivo-grande",
    "xml.atributo",
    "xml.bytes",
    "xml.caracter",
    "xml.codificacion",
    "xml.declaracion",
    "xml.demasiados-atributos",
    "xml.demasiados-elementos",
    "xml.demasiados-espacios-de-nombres",
    "xml.dtd",
    "xml.entidad",
    "xml.etiqueta",
    "xml.fuera-de-la-raiz",
    "xml.no-es-xml",
    "xml.nombre",
    "xml.prefijo",
    "xml.referencia",
    "xml.sin-cerrar",
    "xml.sin-raiz",
];

pub(super) fn file_too_large(id: SourceId, bytes: usize, limits: &Limits) -> Diagnostic {
    let allowed = limits.file_bytes;
    let message = Message::new(
        format!("el archivo tiene {bytes} bytes y el límite es de {allowed} bytes"),
        format!("the file has {bytes} bytes and the limit is {allowed} bytes"),
    );
    Diagnostic::error("xml.archivo-grande", Span::new(id, 0, 0), message)
        .with_help(Message::new("reparta el modelo en varios archivos", "split the model into several files"))
}

pub(super) fn encoding(id: SourceId, encoding: &str) -> Diagnostic {
    let message = Message::new(
        format!("el archivo está en «{encoding}»; se leen UTF-8 y UTF-16"),
        format!("the file is in “{encoding}”; UTF-8 and UTF-16 are read"),
    );
    let help = Message::new(
        "guárdelo en UTF-8 y escriba encoding=\"UTF-8\" en su primera línea",
        "save it in UTF-8 and write encoding=\"UTF-8\" in its first line",
    );
    Diagnostic::error("xml.codificacion", Span::new(id, 0, 0), message).with_help(help)
}

pub(super) fn not_xml(id: SourceId, offset: usize, text: &str) -> Diagnostic {
    let came = shown(text.split(char::is_control).next().unwrap_or_default());
    let message = Message::new(
        format!("el archivo no es un XML: se esperaba «<» y llegó «{came}»"),
        format!("the file is no XML: “<” was expected and “{came}” came"),
    );
    let span = Span::new(id, offset, offset);
    Diagnostic::error("xml.no-es-xml", span, message)
}

pub(super) fn bad_bytes(id: SourceId, offset: usize) -> Diagnostic {
    let message = Message::new(
        "aquí hay bytes que no son texto en la codificación del archivo",
        "there are bytes here that are no text in the encoding of the file",
    );
    let help = Message::new("guarde el archivo en UTF-8", "save the file in UTF-8");
    Diagnostic::error("xml.bytes", Span::new(id, offset, offset), message).with_help(help)
}

pub(super) fn bad_character(id: SourceId, offset: usize, character: char) -> Diagnostic {
    let code = u32::from(character);
    let message = Message::new(
        format!("el carácter U+{code:04X} no puede estar en un XML"),
        format!("the character U+{code:04X} cannot stand in XML"),
    );
    let end = offset.saturating_add(character.len_utf8());
    Diagnostic::error("xml.caracter", Span::new(id, offset, end), message)
        .with_help(Message::new("quítelo", "take it away"))
}

pub(super) fn document_type(span: Span) -> Diagnostic {
    let message = Message::new(
        "el archivo trae una definición de tipo de documento (DTD), que no se lee",
        "the file has a document type definition (DTD), which is not read",
    );
    let help = Message::new(
        "quite `<!DOCTYPE …>`: ni DMN ni sus casos de prueba lo necesitan",
        "take `<!DOCTYPE …>` away: neither DMN nor its test cases need it",
    );
    Diagnostic::error("xml.dtd", span, message).with_help(help)
}

pub(super) fn entity(span: Span, name: &str) -> Diagnostic {
    let name = shown(name);
    let message =
        Message::new(format!("la entidad «&{name};» no se conoce"), format!("the entity “&{name};” is not known"));
    let help = Message::new(
        "se leen &lt; &gt; &amp; &apos; &quot; y los números, como &#243;",
        "&lt; &gt; &amp; &apos; &quot; and numbers such as &#243; are read",
    );
    Diagnostic::error("xml.entidad", span, message).with_help(help)
}

pub(super) fn character_reference(span: Span, name: &str) -> Diagnostic {
    let name = shown(name);
    let message = Message::new(
        format!("«&{name};» no es un carácter que pueda estar en un XML"),
        format!("“&{name};” is no character that can stand in XML"),
    );
    Diagnostic::error("xml.referencia", span, message)
}

pub(super) fn open_reference(span: Span) -> Diagnostic {
    let message = Message::new("«&» empieza una referencia que no termina", "“&” starts a reference that does not end");
    let help = Message::new("un «&» se escribe `&amp;`", "an “&” is written `&amp;`");
    Diagnostic::error("xml.referencia", span, message).with_help(help)
}

pub(super) fn too_deep(span: Span, limits: &Limits) -> Diagnostic {
    limit(span, "xml.anidamiento", limits.nesting_levels, ["niveles de anidamiento", "levels of nesting"])
}

pub(super) fn too_many_elements(span: Span, limits: &Limits) -> Diagnostic {
    limit(span, "xml.demasiados-elementos", limits.elements, ["elementos", "elements"])
}

pub(super) fn too_many_attributes(span: Span, limits: &Limits) -> Diagnostic {
    let words = ["atributos en un elemento", "attributes of one element"];
    limit(span, "xml.demasiados-atributos", limits.attributes_of_an_element, words)
}

pub(super) fn too_many_namespaces(span: Span, limits: &Limits) -> Diagnostic {
    let words = ["espacios de nombres declarados en un lugar", "namespaces declared at one place"];
    limit(span, "xml.demasiados-espacios-de-nombres", limits.namespaces, words)
}

fn limit(span: Span, code: &'static str, allowed: usize, [es, en]: [&str; 2]) -> Diagnostic {
    let message = Message::new(
        format!("el archivo pasa aquí de {allowed} {es}, que es el límite"),
        format!("the file goes past {allowed} {en} here, which is the limit"),
    );
    Diagnostic::error(code, span, message)
}

pub(super) fn no_root(span: Span) -> Diagnostic {
    let message = Message::new("el archivo no tiene ningún elemento", "the file has no element");
    Diagnostic::error("xml.sin-raiz", span, message)
}

pub(super) fn second_root(span: Span) -> Diagnostic {
    let message = Message::new(
        "después del elemento raíz no puede venir otro",
        "no other element may come after the root element",
    );
    Diagnostic::error("xml.fuera-de-la-raiz", span, message)
}

pub(super) fn outside(span: Span) -> Diagnostic {
    let message = Message::new("hay texto fuera del elemento raíz", "there is text outside the root element");
    Diagnostic::error("xml.fuera-de-la-raiz", span, message).with_help(Message::new("quítelo", "take it away"))
}

pub(super) fn not_closed(origin: &Origin, local: &str) -> Diagnostic {
    let local = shown(local);
    let message = Message::new(
        format!("el elemento «{local}» no se cierra antes del final del archivo"),
        format!("the element “{local}” is not closed before the end of the file"),
    );
    Diagnostic::error("xml.sin-cerrar", origin.span, message)
}

pub(super) fn bad_name(span: Span, name: &str) -> Diagnostic {
    let name = shown(name);
    let message = Message::new(format!("«{name}» no es un nombre de XML"), format!("“{name}” is no name of XML"));
    let help = Message::new("un «<» en un texto se escribe `&lt;`", "a “<” in a text is written `&lt;`");
    Diagnostic::error("xml.nombre", span, message).with_help(help)
}

pub(super) fn prefix(span: Span, prefix: &str) -> Diagnostic {
    let prefix = shown(prefix);
    let message = Message::new(
        format!("el prefijo «{prefix}» no está declarado"),
        format!("the prefix “{prefix}” is not declared"),
    );
    let help = Message::new(
        format!("agregue xmlns:{prefix}=\"…\" en este elemento o en la raíz"),
        format!("add xmlns:{prefix}=\"…\" to this element or to the root"),
    );
    Diagnostic::error("xml.prefijo", span, message).with_help(help)
}

pub(super) fn less_than(span: Span) -> Diagnostic {
    let message = Message::new("hay un «<» en el valor de un atributo", "there is a “<” in the value of an attribute");
    let help = Message::new("escriba `&lt;`, o cierre las comillas", "write `&lt;`, or close the quotes");
    Diagnostic::error("xml.atributo", span, message).with_help(help)
}

pub(super) fn stray_end(span: Span) -> Diagnostic {
    let message = Message::new("«]]>» no puede estar en un texto", "“]]>” cannot stand in a text");
    Diagnostic::error("xml.etiqueta", span, message).with_help(Message::new("escriba `]]&gt;`", "write `]]&gt;`"))
}

pub(super) fn misplaced_declaration(span: Span) -> Diagnostic {
    let message = Message::new(
        "`<?xml …?>` sólo puede estar al comienzo del archivo",
        "`<?xml …?>` may only stand at the start of the file",
    );
    Diagnostic::error("xml.declaracion", span, message)
}

pub(super) fn xml_version(span: Span) -> Diagnostic {
    let message = Message::new(
        "la primera línea no dice una versión de XML que se lea (1.0)",
        "the first line does not say a version of XML that is read (1.0)",
    );
    let help = Message::new("escriba `<?xml version=\"1.0\"?>`", "write `<?xml version=\"1.0\"?>`");
    Diagnostic::error("xml.declaracion", span, message).with_help(help)
}

/// What the tokenizer of attributes found; `base` is where the tag's name starts.
pub(super) fn attribute(id: SourceId, base: usize, error: &AttrError) -> Diagnostic {
    let (offset, es, en) = match error {
        AttrError::ExpectedEq(at) => (*at, "después del atributo falta `=`", "`=` is missing after the attribute"),
        AttrError::ExpectedValue(at) => (*at, "el atributo no tiene valor", "the attribute has no value"),
        AttrError::UnquotedValue(at) => {
            (*at, "el valor del atributo no está entre comillas", "the value of the attribute is not in quotes")
        }
        AttrError::ExpectedQuote(at, _) => {
            (*at, "el valor del atributo no se cierra", "the value of the attribute is not closed")
        }
        AttrError::Duplicated(at, _) => (*at, "el atributo está dos veces", "the attribute stands twice"),
    };
    let start = base.saturating_add(offset);
    Diagnostic::error("xml.atributo", Span::new(id, start, start), Message::new(es, en))
}

/// What the tokenizer found; `open` is the element that it is in.
pub(super) fn syntax(span: Span, error: &Error, open: Option<&Element>) -> Diagnostic {
    let problem = match error {
        Error::Syntax(SyntaxError::UnclosedDoctype) => return document_type(span),
        Error::Syntax(error) => unclosed(span, *error),
        Error::IllFormed(error) => ill_formed(span, error),
        _ => plain(span, "xml.etiqueta", "esto no es XML bien formado", "this is no well-formed XML"),
    };
    match (open, error) {
        (Some(open), Error::IllFormed(IllFormedError::MismatchedEndTag { .. })) => {
            problem.with_related(open.origin.span, Message::new("aquí se abre", "it opens here"))
        }
        _ => problem,
    }
}

fn unclosed(span: Span, error: SyntaxError) -> Diagnostic {
    let (es, en) = match error {
        SyntaxError::UnclosedComment => ("el comentario no se cierra con `-->`", "the comment is not closed by `-->`"),
        SyntaxError::UnclosedCData => ("falta `]]>` para cerrar el CDATA", "`]]>` is missing to close the CDATA"),
        SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl => {
            ("falta `?>` para cerrarlo", "`?>` is missing to close it")
        }
        SyntaxError::UnclosedSingleQuotedAttributeValue | SyntaxError::UnclosedDoubleQuotedAttributeValue => {
            ("las comillas de un atributo no se cierran", "the quotes of an attribute are not closed")
        }
        _ => ("la etiqueta no se cierra con `>`", "the tag is not closed by `>`"),
    };
    plain(span, "xml.sin-cerrar", es, en)
}

fn ill_formed(span: Span, error: &IllFormedError) -> Diagnostic {
    match error {
        IllFormedError::MismatchedEndTag { expected, found } => mismatched(span, &shown(expected), &shown(found)),
        IllFormedError::UnmatchedEndTag(found) => {
            let found = shown(found);
            let es = format!("`</{found}>` cierra un elemento que no se abrió");
            plain(span, "xml.etiqueta", &es, &format!("`</{found}>` closes an element that was not opened"))
        }
        IllFormedError::UnclosedReference => open_reference(span),
        IllFormedError::DoubleHyphenInComment => {
            plain(span, "xml.etiqueta", "un comentario no puede tener `--`", "a comment cannot hold `--`")
        }
        _ => plain(span, "xml.etiqueta", "esto no es XML bien formado", "this is no well-formed XML"),
    }
}

fn mismatched(span: Span, expected: &str, found: &str) -> Diagnostic {
    let es = format!("se esperaba `</{expected}>` y llegó `</{found}>`");
    plain(span, "xml.etiqueta", &es, &format!("`</{expected}>` was expected and `</{found}>` came"))
}

fn plain(span: Span, code: &'static str, es: &str, en: &str) -> Diagnostic {
    Diagnostic::error(code, span, Message::new(es, en))
}

/// Characters of the file that a message quotes.
const SHOWN_CHARACTERS: usize = 40;

/// A short piece of the file for a message.
pub(crate) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN_CHARACTERS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN_CHARACTERS).is_some() {
        short.push('…');
    }
    short
}
