//! Functions on booleans, and on whether there is a value at all (DMN 1.5, clauses 10.3.4.2 and 10.3.4.10).

use dictamen_value::Value;

use super::arguments::{Outcome, argument, unsuitable};
use crate::{Entry, Example, Host, Parameter, Shape, Signature};

const CHAPTER: &str = "logica";

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "not",
        chapter: CHAPTER,
        doc_es: "Verdadero donde el argumento es falso, y al revés.",
        doc_en: "True where the argument is false, and the other way round.",
        signatures: &[Signature::new(&[Parameter::required("negand", Shape::Boolean)], Shape::Boolean, not)],
        examples: &[Example::new("not(true)", "false"), Example::new("not(1 > 2)", "true")],
    },
    Entry {
        name: "is",
        chapter: CHAPTER,
        doc_es: "Si dos valores son el mismo, escritos igual: dos horas con distinto desfase no lo son aunque coincidan.",
        doc_en: "Whether two values are the same as written: two times at different offsets are not, even if they coincide.",
        signatures: &[Signature::new(
            &[Parameter::required("value1", Shape::Any), Parameter::required("value2", Shape::Any)],
            Shape::Boolean,
            is,
        )],
        examples: &[
            Example::new("is(@\"2012-12-25\", @\"2012-12-25\")", "true"),
            Example::new("is(@\"23:00:50z\", @\"23:00:50\")", "false"),
            Example::new("is(@\"23:00:50z\", @\"23:00:50+00:00\")", "true"),
            Example::new("is(1, \"1\")", "false"),
        ],
    },
    Entry {
        name: "get or else",
        chapter: CHAPTER,
        doc_es: "El valor, o el otro donde falta. (Propia de Dictamen; no es de FEEL.)",
        doc_en: "The value, or the other one where it is missing. (Dictamen's own; not of FEEL.)",
        signatures: &[Signature::new(
            &[
                Parameter::required("value", Shape::Optional(&Shape::Same(0))),
                Parameter::required("default", Shape::Same(0)),
            ],
            Shape::Same(0),
            get_or_else,
        )],
        examples: &[Example::new("get or else(null, 1)", "1"), Example::new("get or else(2, 1)", "2")],
    },
];

fn not(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    let negand = argument(arguments, 0)?.as_bool().ok_or_else(|| unsuitable(0))?;
    Ok(Value::from(!negand))
}

fn is(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    Ok(Value::from(argument(arguments, 0)? == argument(arguments, 1)?))
}

fn get_or_else(arguments: &[Value], _: &mut dyn Host) -> Outcome {
    let value = argument(arguments, 0)?;
    Ok(if value.is_null() { argument(arguments, 1)? } else { value }.clone())
}
