//! Functions on text (DMN 1.5, clause 10.3.4.3). Characters are Unicode code points.

use dictamen_value::Value;

use super::arguments::{Outcome, index, length, list, optional_text, text, unsuitable, whole};
use crate::pattern::Pattern;
use crate::{Entry, Example, FunctionError, Host, Parameter, Shape, Signature};

const CHAPTER: &str = "texto";
const STRING: &[Parameter] = &[Parameter::required("string", Shape::Text)];
const STRING_AND_MATCH: &[Parameter] =
    &[Parameter::required("string", Shape::Text), Parameter::required("match", Shape::Text)];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "substring",
        chapter: CHAPTER,
        doc_es: "Los caracteres desde una posición (desde 1, o desde -1 hacia atrás), tantos como se digan o hasta el final.",
        doc_en: "The characters from a position (from 1, or from -1 backwards), as many as said or to the end.",
        signatures: &[Signature::new(
            &[
                Parameter::required("string", Shape::Text),
                Parameter::required("start position", Shape::Number),
                Parameter::optional("length", Shape::Optional(&Shape::Number)),
            ],
            Shape::Text,
            substring,
        )],
        examples: &[
            Example::new("substring(\"foobar\", 3)", "\"obar\""),
            Example::new("substring(\"foobar\", 3, 3)", "\"oba\""),
            Example::new("substring(\"foobar\", -2, 1)", "\"a\""),
        ],
    },
    Entry {
        name: "string length",
        chapter: CHAPTER,
        doc_es: "Cuántos caracteres tiene un texto.",
        doc_en: "How many characters a text has.",
        signatures: &[Signature::new(STRING, Shape::Integer, string_length)],
        examples: &[Example::new("string length(\"año\")", "3"), Example::new("string length(\"\")", "0")],
    },
    Entry {
        name: "upper case",
        chapter: CHAPTER,
        doc_es: "El texto en mayúsculas.",
        doc_en: "The text in capitals.",
        signatures: &[Signature::new(STRING, Shape::Text, upper_case)],
        examples: &[Example::new("upper case(\"Año 4\")", "\"AÑO 4\"")],
    },
    Entry {
        name: "lower case",
        chapter: CHAPTER,
        doc_es: "El texto en minúsculas.",
        doc_en: "The text in small letters.",
        signatures: &[Signature::new(STRING, Shape::Text, lower_case)],
        examples: &[Example::new("lower case(\"AÑO 4\")", "\"año 4\"")],
    },
    Entry {
        name: "substring before",
        chapter: CHAPTER,
        doc_es: "Lo que hay antes de la primera aparición de otro texto; nada si no aparece.",
        doc_en: "What stands before the first occurrence of another text; nothing if it does not occur.",
        signatures: &[Signature::new(STRING_AND_MATCH, Shape::Text, substring_before)],
        examples: &[
            Example::new("substring before(\"foobar\", \"bar\")", "\"foo\""),
            Example::new("substring before(\"foobar\", \"x\")", "\"\""),
        ],
    },
    Entry {
        name: "substring after",
        chapter: CHAPTER,
        doc_es: "Lo que hay después de la primera aparición de otro texto; nada si no aparece.",
        doc_en: "What stands after the first occurrence of another text; nothing if it does not occur.",
        signatures: &[Signature::new(STRING_AND_MATCH, Shape::Text, substring_after)],
        examples: &[
            Example::new("substring after(\"foobar\", \"ob\")", "\"ar\""),
            Example::new("substring after(\"foobar\", \"x\")", "\"\""),
        ],
    },
    Entry {
        name: "replace",
        chapter: CHAPTER,
        doc_es: "El texto con cada coincidencia de un patrón reemplazada; $1 a $9 son sus grupos. Marcas: s, m, i, x, q.",
        doc_en: "The text with every match of a pattern replaced; $1 to $9 are its groups. Flags: s, m, i, x, q.",
        signatures: &[Signature::new(
            &[
                Parameter::required("input", Shape::Text),
                Parameter::required("pattern", Shape::Text),
                Parameter::required("replacement", Shape::Text),
                Parameter::optional("flags", Shape::Optional(&Shape::Text)),
            ],
            Shape::Text,
            replace,
        )],
        examples: &[
            Example::new("replace(\"abcd\", \"(ab)|(a)\", \"[1=$1][2=$2]\")", "\"[1=ab][2=]cd\""),
            Example::new("replace(\"900.123.456-7\", \"[^0-9]\", \"\")", "\"9001234567\""),
        ],
    },
    Entry {
        name: "contains",
        chapter: CHAPTER,
        doc_es: "Si un texto tiene dentro otro.",
        doc_en: "Whether a text has another in it.",
        signatures: &[Signature::new(STRING_AND_MATCH, Shape::Boolean, contains)],
        examples: &[Example::new("contains(\"foobar\", \"of\")", "false")],
    },
    Entry {
        name: "starts with",
        chapter: CHAPTER,
        doc_es: "Si un texto empieza con otro.",
        doc_en: "Whether a text starts with another.",
        signatures: &[Signature::new(STRING_AND_MATCH, Shape::Boolean, starts_with)],
        examples: &[Example::new("starts with(\"foobar\", \"fo\")", "true")],
    },
    Entry {
        name: "ends with",
        chapter: CHAPTER,
        doc_es: "Si un texto termina con otro.",
        doc_en: "Whether a text ends with another.",
        signatures: &[Signature::new(STRING_AND_MATCH, Shape::Boolean, ends_with)],
        examples: &[Example::new("ends with(\"foobar\", \"r\")", "true")],
    },
    Entry {
        name: "matches",
        chapter: CHAPTER,
        doc_es: "Si un patrón coincide con algo del texto; con ^ y $, con todo él. Marcas: s, m, i, x, q.",
        doc_en: "Whether a pattern matches something in the text; with ^ and $, all of it. Flags: s, m, i, x, q.",
        signatures: &[Signature::new(
            &[
                Parameter::required("input", Shape::Text),
                Parameter::required("pattern", Shape::Text),
                Parameter::optional("flags", Shape::Optional(&Shape::Text)),
            ],
            Shape::Boolean,
            matches,
        )],
        examples: &[
            Example::new("matches(\"foobar\", \"^fo*b\")", "true"),
            Example::new("matches(\"ABC\", \"^[a-z]+$\", \"i\")", "true"),
            Example::new("matches(\"12a\", \"^[0-9]+$\")", "false"),
        ],
    },
    Entry {
        name: "split",
        chapter: CHAPTER,
        doc_es: "Las partes de un texto, cortado en cada coincidencia de un patrón.",
        doc_en: "The parts of a text, cut at each match of a pattern.",
        signatures: &[Signature::new(
            &[Parameter::required("string", Shape::Text), Parameter::required("delimiter", Shape::Text)],
            Shape::List(&Shape::Text),
            split,
        )],
        examples: &[
            Example::new("split(\"John Doe\", \"\\\\s\")", "[\"John\", \"Doe\"]"),
            Example::new("split(\"a;b;;c\", \";\")", "[\"a\", \"b\", \"\", \"c\"]"),
        ],
    },
    Entry {
        name: "string join",
        chapter: CHAPTER,
        doc_es: "Los textos de una lista, unidos con un delimitador entre ellos; los null se saltan.",
        doc_en: "The texts of a list, joined with a delimiter between them; nulls are skipped.",
        signatures: &[Signature::new(
            &[
                Parameter::required("list", Shape::List(&Shape::Optional(&Shape::Text))),
                Parameter::optional("delimiter", Shape::Optional(&Shape::Text)),
            ],
            Shape::Text,
            string_join,
        )],
        examples: &[
            Example::new("string join([\"a\", \"b\", \"c\"], \"_and_\")", "\"a_and_b_and_c\""),
            Example::new("string join([\"a\", null, \"c\"])", "\"ac\""),
        ],
    },
];

fn substring(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let text = charged_text(arguments, 0, host)?;
    let start = index(whole(arguments, 1)?, text.chars().count())?;
    let length = length(arguments, 2)?.unwrap_or(usize::MAX);
    Ok(Value::from(text.chars().skip(start).take(length).collect::<String>()))
}

fn string_length(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    Ok(Value::from(charged_text(arguments, 0, host)?.chars().count()))
}

fn upper_case(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    Ok(Value::from(charged_text(arguments, 0, host)?.to_uppercase()))
}

fn lower_case(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    Ok(Value::from(charged_text(arguments, 0, host)?.to_lowercase()))
}

fn substring_before(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let found = charged_text(arguments, 0, host)?.split_once(text(arguments, 1)?);
    Ok(Value::text(found.map_or("", |(before, _)| before)))
}

fn substring_after(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let found = charged_text(arguments, 0, host)?.split_once(text(arguments, 1)?);
    Ok(Value::text(found.map_or("", |(_, after)| after)))
}

fn replace(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let pattern = Pattern::read(text(arguments, 1)?, optional_text(arguments, 3), host)?;
    Ok(Value::from(pattern.replace(charged_text(arguments, 0, host)?, text(arguments, 2)?, host)?))
}

fn contains(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    Ok(Value::from(charged_text(arguments, 0, host)?.contains(text(arguments, 1)?)))
}

fn starts_with(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(text(arguments, 0)?.starts_with(text(arguments, 1)?)))
}

fn ends_with(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(text(arguments, 0)?.ends_with(text(arguments, 1)?)))
}

fn matches(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let pattern = Pattern::read(text(arguments, 1)?, optional_text(arguments, 2), host)?;
    Ok(Value::from(pattern.matches(charged_text(arguments, 0, host)?, host)?))
}

fn split(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let pattern = Pattern::read(text(arguments, 1)?, None, host)?;
    let parts = pattern.split(charged_text(arguments, 0, host)?, host)?;
    Ok(Value::list(parts.into_iter().map(Value::from).collect()))
}

fn string_join(arguments: &[Value], host: &mut dyn Host) -> Outcome {
    let delimiter = optional_text(arguments, 1).unwrap_or_default();
    let mut joined = String::new();
    let mut first = true;
    for element in list(arguments, 0)?.iter().filter(|element| !element.is_null()) {
        let element = element.as_text().ok_or_else(|| unsuitable(0))?;
        host.charge(delimiter.len().saturating_add(element.len()))?;
        joined.push_str(if first { "" } else { delimiter });
        joined.push_str(element);
        first = false;
    }
    Ok(Value::from(joined))
}

/// A text argument, with the work of going through it accounted for.
fn charged_text<'a>(arguments: &'a [Value], position: usize, host: &mut dyn Host) -> Result<&'a str, FunctionError> {
    let text = text(arguments, position)?;
    host.charge(text.len())?;
    Ok(text)
}
