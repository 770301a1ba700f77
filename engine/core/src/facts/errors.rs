//! What people are told of facts that are wrong.

use dictamen_value::{Message, Number, NumberError, TemporalError, Type};

use super::FactError;
use crate::evaluation::{described, excerpt};

/// An error before it is known where.
pub(super) struct Problem {
    pub(super) code: &'static str,
    pub(super) message: Message,
    pub(super) expected: Option<Message>,
    pub(super) received: Option<String>,
}

impl Problem {
    fn new(code: &'static str, es: impl Into<String>, en: impl Into<String>) -> Problem {
        Problem { code, message: Message::new(es, en), expected: None, received: None }
    }

    fn expected(self, expected: Message) -> Problem {
        Problem { expected: Some(expected), ..self }
    }

    pub(super) fn received(self, received: impl Into<String>) -> Problem {
        Problem { received: Some(received.into()), ..self }
    }

    /// The error at a place.
    pub(super) fn at(self, pointer: String) -> FactError {
        FactError { pointer, code: self.code, message: self.message, expected: self.expected, received: self.received }
    }
}

pub(super) fn syntax(what: &Message, line: usize, column: usize) -> Problem {
    Problem::new(
        "hechos.json",
        format!("el JSON no es válido en la línea {line}, columna {column}: {}", what.es),
        format!("the JSON is not valid at line {line}, column {column}: {}", what.en),
    )
}

pub(super) fn not_utf8(line: usize, column: usize) -> Problem {
    Problem::new(
        "hechos.utf8",
        format!("los hechos no están en UTF-8: byte inválido en la línea {line}, columna {column}"),
        format!("the facts are not in UTF-8: invalid byte at line {line}, column {column}"),
    )
}

pub(super) fn too_deep(max: usize) -> Problem {
    Problem::new(
        "hechos.demasiado-profundo",
        format!("hay más de {max} listas y objetos uno dentro de otro, que es el límite"),
        format!("there are more than {max} lists and objects inside one another, the limit"),
    )
}

pub(super) fn too_many_bytes(max: usize, received: usize) -> Problem {
    Problem::new(
        "hechos.demasiados-bytes",
        format!("los hechos miden {received} bytes y el límite es {max}"),
        format!("the facts have {received} bytes and the limit is {max}"),
    )
}

pub(super) fn too_many_items(max: usize) -> Problem {
    Problem::new(
        "hechos.demasiados-valores",
        format!("los hechos tienen más de {max} valores, que es el límite"),
        format!("the facts have more than {max} values, the limit"),
    )
}

pub(super) fn too_much_checking(max: u64) -> Problem {
    Problem::new(
        "hechos.demasiados-valores",
        format!(
            "comprobar las condiciones de los tipos pasó de {max} operaciones, que es el límite; envíe menos valores"
        ),
        format!("checking the conditions of types went past {max} operations, the limit; send fewer values"),
    )
}

pub(super) fn unknown_field(name: &str, nearest: Option<&str>, known: &str) -> Problem {
    let (es, en) = match nearest {
        Some(nearest) => (format!("; ¿quiso decir \"{nearest}\"?"), format!("; did you mean \"{nearest}\"?")),
        None if known.is_empty() => ("; aquí no se espera ninguno".to_owned(), "; none is expected here".to_owned()),
        None => (format!("; se esperan {known}"), format!("; expected ones are {known}")),
    };
    Problem::new(
        "hechos.campo-desconocido",
        format!("no hay un campo \"{name}\"{es}"),
        format!("there is no field \"{name}\"{en}"),
    )
}

pub(super) fn repeated_field(name: &str) -> Problem {
    Problem::new(
        "hechos.campo-repetido",
        format!("el campo \"{name}\" está dos veces; déjelo una sola vez"),
        format!("the field \"{name}\" is there twice; leave it once"),
    )
}

pub(super) fn missing(name: &str, ty: &Type) -> Problem {
    let expected = described(ty);
    Problem::new(
        "hechos.falta",
        format!("falta \"{name}\": se espera {}", expected.es),
        format!("\"{name}\" is missing: expected {}", expected.en),
    )
    .expected(expected)
}

pub(super) fn wrong_type(ty: &Type, received: String) -> Problem {
    let expected = described(ty);
    Problem::new(
        "hechos.tipo",
        format!("se esperaba {} y llegó {received}", json_form(ty, &expected).es),
        format!("expected {} and got {received}", json_form(ty, &expected).en),
    )
    .expected(expected)
    .received(received)
}

pub(super) fn null(ty: &Type) -> Problem {
    let expected = described(ty);
    Problem::new(
        "hechos.nulo",
        format!("llegó null y el valor no puede faltar: se espera {}", expected.es),
        format!("got null and the value cannot be absent: expected {}", expected.en),
    )
    .expected(expected)
    .received("null")
}

pub(super) fn not_an_object(received: String) -> Problem {
    Problem::new(
        "hechos.tipo",
        format!("se esperaba un objeto JSON con un campo por hecho y llegó {received}"),
        format!("expected a JSON object with one field a fact and got {received}"),
    )
    .received(received)
}

pub(super) fn not_whole(ty: &Type, number: Number) -> Problem {
    Problem::new(
        "hechos.no-es-entero",
        format!("se esperaba un número entero y llegó {number}"),
        format!("expected a whole number and got {number}"),
    )
    .expected(described(ty))
    .received(number.to_string())
}

pub(super) fn number(ty: &Type, error: NumberError, received: String) -> Problem {
    let message = error.message();
    Problem::new("hechos.numero", message.es, message.en).expected(described(ty)).received(received)
}

pub(super) fn temporal(ty: &Type, error: &TemporalError, received: String) -> Problem {
    let message = error.message();
    Problem::new("hechos.fecha", message.es, message.en).expected(described(ty)).received(received)
}

pub(super) fn range(ty: &Type, received: String) -> Problem {
    let expected = described(ty);
    Problem::new(
        "hechos.rango",
        format!(
            "se esperaba {} como texto, por ejemplo \"[1..5]\", \"(1..5)\" o \"(<5)\", y llegó {received}",
            expected.es
        ),
        format!("expected {} as text, such as \"[1..5]\", \"(1..5)\" or \"(<5)\", and got {received}", expected.en),
    )
    .expected(expected)
    .received(received)
}

pub(super) fn not_a_choice(ty: &Type, nearest: Option<&str>, received: String) -> Problem {
    let expected = described(ty);
    let (es, en) = match nearest {
        Some(nearest) => (format!("; ¿quiso decir \"{nearest}\"?"), format!("; did you mean \"{nearest}\"?")),
        None => Default::default(),
    };
    Problem::new(
        "hechos.opcion",
        format!("{received} no es una de las opciones: {}{es}", expected.es),
        format!("{received} is not one of the choices: {}{en}", expected.en),
    )
    .expected(expected)
    .received(received)
}

pub(super) fn constraint(text: &str, value: &dictamen_value::Value) -> Problem {
    let shown = excerpt(value);
    Problem::new(
        "hechos.restriccion",
        format!("{shown} no cumple la condición del tipo: {text}"),
        format!("{shown} does not meet the condition of its type: {text}"),
    )
    .expected(Message::same(text))
    .received(shown)
}

pub(super) fn constraint_failed(text: &str, failure: &Message, value: &dictamen_value::Value) -> Problem {
    let shown = excerpt(value);
    Problem::new(
        "hechos.restriccion",
        format!("no se pudo comprobar con {shown} la condición del tipo ({text}): {}", failure.es),
        format!("the condition of its type ({text}) could not be checked with {shown}: {}", failure.en),
    )
    .expected(Message::same(text))
    .received(shown)
}

/// How a type is written in JSON, where that is not plain from its name.
fn json_form(ty: &Type, expected: &Message) -> Message {
    let with = |es: &str, en: &str| Message::new(format!("{} ({es})", expected.es), format!("{} ({en})", expected.en));
    match ty.bare() {
        Type::Number { .. } => with("un número, sin comillas", "a number, without quotes"),
        Type::Boolean => with("true o false", "true or false"),
        Type::Text => with("un texto entre comillas", "a text in quotes"),
        Type::Date => with("un texto como \"2026-01-31\"", "a text such as \"2026-01-31\""),
        Type::Time => with("un texto como \"14:30:00\"", "a text such as \"14:30:00\""),
        Type::DateTime => {
            with("un texto como \"2026-01-31T14:30:00-05:00\"", "a text such as \"2026-01-31T14:30:00-05:00\"")
        }
        Type::DaysDuration => with("un texto como \"P2DT3H\"", "a text such as \"P2DT3H\""),
        Type::MonthsDuration => with("un texto como \"P1Y6M\"", "a text such as \"P1Y6M\""),
        Type::List(_) => with("una lista entre corchetes", "a list in brackets"),
        Type::Record(_) => with("un objeto entre llaves", "an object in braces"),
        _ => expected.clone(),
    }
}
