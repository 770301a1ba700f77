//! What can go wrong while evaluating, with its stable code and what people are told.

use std::borrow::Cow;

use dictamen_plan::{About, DatedValue};
use dictamen_value::{Date, DateTime, Message, NumberError, Type, Value};

/// The most characters of a value that a message shows.
const SHOWN_CHARACTERS_MAX: usize = 80;
/// The most characters of a type that a message shows.
const TYPE_CHARACTERS_MAX: usize = 300;
/// The most rows, columns or arguments that a message lists.
const SHOWN_ITEMS_MAX: usize = 20;

/// What went wrong, before it is known where.
pub(super) type Fault = Box<FaultParts>;

/// The parts of a fault.
#[derive(Debug)]
pub(super) struct FaultParts {
    /// Stable kind.
    pub(super) code: Cow<'static, str>,
    /// For people.
    pub(super) message: Message,
}

#[cold]
fn fault(code: &'static str, es: impl Into<String>, en: impl Into<String>) -> Fault {
    Box::new(FaultParts { code: code.into(), message: Message::new(es, en) })
}

/// A value as messages show it: FEEL, cut where it is long.
pub(crate) fn excerpt(value: &Value) -> String {
    use std::fmt::Write as _;
    let mut out = Excerpt { text: String::new(), room: SHOWN_CHARACTERS_MAX };
    // The writer refuses what is too long, so that a large value costs no more than what is shown of it.
    match write!(out, "{value}") {
        Ok(()) => out.text,
        Err(_) => out.text + "…",
    }
}

/// A type as messages call it, cut where it has many fields or choices.
pub(crate) fn described(ty: &Type) -> Message {
    let Message { es, en } = ty.describe();
    Message::new(cut(&es, TYPE_CHARACTERS_MAX), cut(&en, TYPE_CHARACTERS_MAX))
}

/// A text, cut where it is long.
pub(crate) fn cut(text: &str, characters_max: usize) -> String {
    let mut characters = text.chars();
    let shown: String = characters.by_ref().take(characters_max).collect();
    if characters.next().is_some() { shown + "…" } else { shown }
}

/// The first of many things, joined.
fn first_of(shown: impl ExactSizeIterator<Item = String>) -> String {
    let more = if shown.len() > SHOWN_ITEMS_MAX { ", …" } else { "" };
    shown.take(SHOWN_ITEMS_MAX).collect::<Vec<_>>().join(", ") + more
}

struct Excerpt {
    text: String,
    room: usize,
}

impl std::fmt::Write for Excerpt {
    fn write_str(&mut self, part: &str) -> std::fmt::Result {
        for character in part.chars() {
            self.room = self.room.checked_sub(1).ok_or(std::fmt::Error)?;
            self.text.push(character);
        }
        Ok(())
    }
}

/// What the checker found to make no sense, with its code and message.
pub(super) fn planned(code: &str, message: &Message) -> Fault {
    Box::new(FaultParts { code: Cow::Owned(code.to_owned()), message: message.clone() })
}

pub(super) fn too_many_steps(max: u64) -> Fault {
    fault(
        "limite.pasos",
        format!(
            "la evaluación pasó de {max} operaciones, que es su límite; simplifique la regla o pida un límite mayor"
        ),
        format!("the evaluation went past {max} operations, its limit; simplify the rule or ask for a higher limit"),
    )
}

pub(super) fn too_many_rows(max: u64) -> Fault {
    fault(
        "limite.filas",
        format!(
            "la evaluación probó más de {max} filas de tablas, que es su límite; parta la tabla o pida un límite mayor"
        ),
        format!(
            "the evaluation tested more than {max} table rows, its limit; split the table or ask for a higher limit"
        ),
    )
}

pub(super) fn too_many_bytes(max: u64) -> Fault {
    fault(
        "limite.bytes",
        format!("la evaluación hizo valores de más de {max} bytes, que es su límite; use listas o textos más cortos"),
        format!("the evaluation made values of more than {max} bytes, its limit; use shorter lists or texts"),
    )
}

pub(super) fn too_deep(max: u32) -> Fault {
    fault(
        "limite.profundidad",
        format!(
            "hay más de {max} llamadas y decisiones una dentro de otra, que es el límite; revise si una función se llama a sí misma sin fin"
        ),
        format!(
            "there are more than {max} calls and decisions inside one another, the limit; check whether a function calls itself without end"
        ),
    )
}

pub(super) fn too_nested(max: u32) -> Fault {
    fault(
        "limite.profundidad",
        format!(
            "hay más de {max} operaciones una dentro de otra, que es el límite; parta la expresión en decisiones o revise si una función se llama a sí misma sin fin"
        ),
        format!(
            "there are more than {max} operations inside one another, the limit; split the expression into decisions or check whether a function calls itself without end"
        ),
    )
}

pub(super) fn value_too_deep(max: u32) -> Fault {
    fault(
        "limite.profundidad",
        format!("un valor tiene más de {max} listas y registros uno dentro de otro, que es el límite"),
        format!("a value has more than {max} lists and records inside one another, the limit"),
    )
}

pub(super) fn too_many_locals(max: usize) -> Fault {
    fault(
        "limite.bytes",
        format!("las variables de las reglas que corren pasan de {max}, que es el límite"),
        format!("the variables of running rules are more than {max}, the limit"),
    )
}

pub(super) fn cancelled() -> Fault {
    fault(
        "evaluacion.cancelada",
        "la evaluación fue cancelada, por ejemplo porque se agotó el tiempo de la petición; no hay resultado",
        "the evaluation was cancelled, for instance because the request ran out of time; there is no outcome",
    )
}

pub(super) fn damaged(es: &str, en: &str, number: u32) -> Fault {
    fault(
        "plan.danado",
        format!("el plan está dañado: nombra {es} {number}, que no existe; compile de nuevo las reglas"),
        format!("the plan is damaged: it names {en} {number}, which does not exist; compile the rules again"),
    )
}

pub(super) fn decision_cycle(name: &str) -> Fault {
    fault(
        "evaluacion.ciclo",
        format!("la decisión {name} depende de sí misma"),
        format!("the decision {name} depends on itself"),
    )
}

pub(super) fn missing_fact(name: &str) -> Fault {
    fault(
        "evaluacion.hecho-ausente",
        format!("falta el hecho \"{name}\", que la decisión necesita; agréguelo a la petición"),
        format!("the fact \"{name}\" is missing and the decision needs it; add it to the request"),
    )
}

/// A figure that nobody knows for a day: no row holds, or the one that holds says null, and maybe what is to be verified.
pub(super) fn no_parameter_value(
    name: &str,
    about: &About,
    day: Date,
    known_at: &DateTime,
    null: Option<&DatedValue>,
) -> Fault {
    let title = about.title.as_deref().map(|title| format!(" («{title}»)")).unwrap_or_default();
    let remedy = null.map_or_else(add_a_row, |row| fill_the_row(row.about.to_verify.as_deref()));
    fault(
        "parametro.sin-valor",
        format!("el parámetro {name}{title} no tiene valor para {day}, según lo conocido a {known_at}; {}", remedy.es),
        format!("the parameter {name}{title} has no value for {day}, as known at {known_at}; {}", remedy.en),
    )
}

fn add_a_row() -> Message {
    Message::new("agregue una fila vigente ese día", "add a row that holds on that day")
}

fn fill_the_row(to_verify: Option<&str>) -> Message {
    let (es, en) = to_verify
        .map(|what| (format!(" (por verificar: {what})"), format!(" (to be verified: {what})")))
        .unwrap_or_default();
    Message::new(
        format!("la fila que rige ese día dice null{es}: escriba ahí el valor cuando se conozca"),
        format!("the row that holds on that day says null{en}: write the value there when it is known"),
    )
}

pub(super) fn not_a_day(value: &Value) -> Fault {
    wrong_kind("leer un parámetro a una fecha", "read a parameter at a date", "una fecha", "a date", value)
}

/// An operand of another kind than the operation takes; a code of its own where it is null.
pub(super) fn wrong_kind(doing_es: &str, doing_en: &str, expected_es: &str, expected_en: &str, value: &Value) -> Fault {
    if value.is_null() {
        return fault(
            "evaluacion.nulo",
            format!(
                "no se puede {doing_es}: se esperaba {expected_es} y llegó null (un valor ausente); trate primero el caso en que falta"
            ),
            format!(
                "cannot {doing_en}: expected {expected_en} and got null (an absent value); handle the missing case first"
            ),
        );
    }
    let (kind, shown) = (value.type_name(), excerpt(value));
    fault(
        "evaluacion.tipo",
        format!("no se puede {doing_es}: se esperaba {expected_es} y llegó {} {shown}", kind.es),
        format!("cannot {doing_en}: expected {expected_en} and got {} {shown}", kind.en),
    )
}

/// An operator that does not take these operands.
pub(super) fn operands(message: &Message, left: &Value, right: &Value) -> Fault {
    let code = if left.is_null() || right.is_null() { "evaluacion.nulo" } else { "evaluacion.operacion" };
    let (left, right) = (excerpt(left), excerpt(right));
    fault(code, format!("{}; llegaron {left} y {right}", message.es), format!("{}; got {left} and {right}", message.en))
}

/// Arithmetic over numbers that has no result.
pub(super) fn number(error: NumberError, left: &Value, right: &Value) -> Fault {
    let code = match error {
        NumberError::DivisionByZero => "evaluacion.division-por-cero",
        NumberError::OutOfRange => "evaluacion.fuera-de-rango",
        NumberError::Undefined | NumberError::NotANumber | NumberError::TooManyDigits => "evaluacion.operacion",
    };
    let (message, left, right) = (error.message(), excerpt(left), excerpt(right));
    fault(
        code,
        format!("{}: los operandos son {left} y {right}", message.es),
        format!("{}: the operands are {left} and {right}", message.en),
    )
}

/// An operation over one value that has no result.
pub(super) fn operand(message: &Message, value: &Value) -> Fault {
    let code = if value.is_null() { "evaluacion.nulo" } else { "evaluacion.operacion" };
    let shown = excerpt(value);
    fault(code, format!("{}; llegó {shown}", message.es), format!("{}; got {shown}", message.en))
}

pub(super) fn not_comparable(left: &Value, right: &Value) -> Fault {
    let message = Message::new(
        format!("no se pueden comparar {} y {}", left.type_name().es, right.type_name().es),
        format!("cannot compare {} and {}", left.type_name().en, right.type_name().en),
    );
    operands(&message, left, right)
}

pub(super) fn not_a_number(value: &Value) -> Fault {
    wrong_kind("calcular", "calculate", "un número", "a number", value)
}

pub(super) fn condition(value: &Value) -> Fault {
    wrong_kind(
        "elegir una rama de la condición",
        "choose a branch of the condition",
        "verdadero o falso",
        "true or false",
        value,
    )
}

pub(super) fn logic(value: &Value) -> Fault {
    wrong_kind("unir condiciones", "join conditions", "verdadero o falso", "true or false", value)
}

pub(super) fn field(name: &str, value: &Value) -> Fault {
    let (es, en) = (format!("leer el campo \"{name}\""), format!("read the field \"{name}\""));
    wrong_kind(&es, &en, "un registro", "a record", value)
}

pub(super) fn not_a_list(value: &Value) -> Fault {
    wrong_kind("recorrer los elementos", "go through the elements", "una lista", "a list", value)
}

pub(super) fn not_a_position(value: &Value) -> Fault {
    wrong_kind(
        "tomar un elemento de la lista",
        "take an element of the list",
        "una posición entera (1 es la primera, -1 la última)",
        "a whole position (1 is the first, -1 the last)",
        value,
    )
}

pub(super) fn interval_end(value: &Value) -> Fault {
    wrong_kind(
        "recorrer un intervalo",
        "go through an interval",
        "dos enteros o dos fechas como extremos",
        "two whole numbers or two dates as ends",
        value,
    )
}

pub(super) fn range_ends(low: &Value, high: &Value) -> Fault {
    let message = Message::new(
        "los extremos de un rango deben ser del mismo tipo ordenado (números, fechas, horas, duraciones o textos)",
        "the ends of a range must be of one ordered kind (numbers, dates, times, durations or texts)",
    );
    operands(&message, low, high)
}

pub(super) fn not_a_function(value: &Value) -> Fault {
    wrong_kind("llamar", "call it", "una función", "a function", value)
}

pub(super) fn argument_count(name: &str, expected: usize, received: usize) -> Fault {
    fault(
        "funcion.argumentos",
        format!("{name} recibe {expected} argumentos y llegaron {received}"),
        format!("{name} takes {expected} arguments and got {received}"),
    )
}

/// Arguments whose names are not those of the parameters.
pub(super) fn argument_names(name: &str, expected: &[&str], received: &[&str]) -> Fault {
    let (expected, received) = (expected.join(", "), received.join(", "));
    fault(
        "funcion.argumentos",
        format!("{name} recibe los argumentos ({expected}) y llegaron ({received})"),
        format!("{name} takes the arguments ({expected}) and got ({received})"),
    )
}

pub(super) fn unknown_function(name: &str) -> Fault {
    fault(
        "plan.danado",
        format!("el plan llama a la función {name}, que este programa no tiene; use una versión más nueva"),
        format!("the plan calls the function {name}, which this program does not have; use a newer version"),
    )
}

pub(super) fn function_argument(name: &str, parameter: &str, value: &Value) -> Fault {
    let shown = excerpt(value);
    let kind = value.type_name();
    fault(
        "funcion.argumentos",
        format!("{name}: el argumento \"{parameter}\" no puede ser {} {shown}", kind.es),
        format!("{name}: the argument \"{parameter}\" cannot be {} {shown}", kind.en),
    )
}

pub(super) fn function_domain(name: &str, message: &Message, arguments: &[Value]) -> Fault {
    let shown = first_of(arguments.iter().map(excerpt));
    fault("funcion.dominio", format!("{name}({shown}): {}", message.es), format!("{name}({shown}): {}", message.en))
}

/// A value that does not meet the constraints of its declared type.
pub(super) fn constraint(rule: &str, ty: &Type, value: &Value) -> Fault {
    let ty = described(ty);
    let value = excerpt(value);
    fault(
        "evaluacion.restriccion",
        format!("{value} no cumple lo que pide su tipo, {}: {rule}", ty.es),
        format!("{value} does not meet what its type asks, {}: {rule}", ty.en),
    )
}

/// A value that does not fit the type it must have (DMN mode).
pub(super) fn does_not_fit(what_es: &str, what_en: &str, ty: &Type, value: &Value) -> Fault {
    let (ty, shown) = (described(ty), excerpt(value));
    fault(
        "evaluacion.tipo",
        format!("{what_es} debe ser {} y es {shown}", ty.es),
        format!("{what_en} must be {} and is {shown}", ty.en),
    )
}

/// Input columns with their values, as `a = 1, b = "x"`.
fn columns_text(columns: &[(&str, &Value)]) -> String {
    let column = |(text, value): &(&str, &Value)| format!("{} = {}", cut(text, SHOWN_CHARACTERS_MAX), excerpt(value));
    first_of(columns.iter().map(column))
}

pub(super) fn no_row(columns: &[(&str, &Value)]) -> Fault {
    let shown = columns_text(columns);
    fault(
        "tabla.sin-fila",
        format!("ninguna fila de la tabla cumple con {shown}; agregue la fila que falta o una por defecto"),
        format!("no row of the table matches {shown}; add the missing row or a default"),
    )
}

pub(super) fn several_rows(rows: &[String], columns: &[(&str, &Value)]) -> Fault {
    let (shown, rows) = (columns_text(columns), first_of(rows.iter().cloned()));
    fault(
        "tabla.varias-filas",
        format!("la política de la tabla es única y varias filas cumplen con {shown}: {rows}; haga que no se crucen"),
        format!("the table's policy is unique and several rows match {shown}: {rows}; make them not overlap"),
    )
}

pub(super) fn rows_disagree(rows: &[String], outcomes: (&Value, &Value), columns: &[(&str, &Value)]) -> Fault {
    let (shown, rows) = (columns_text(columns), first_of(rows.iter().cloned()));
    let (first, other) = (excerpt(outcomes.0), excerpt(outcomes.1));
    fault(
        "tabla.salidas-distintas",
        format!(
            "la política de la tabla es cualquiera y las filas que cumplen con {shown} ({rows}) dan {first} y {other}; haga que den lo mismo"
        ),
        format!(
            "the table's policy is any and the rows that match {shown} ({rows}) give {first} and {other}; make them agree"
        ),
    )
}

pub(super) fn not_aggregable(value: &Value) -> Fault {
    wrong_kind(
        "reunir las salidas de la tabla",
        "aggregate the table's outputs",
        "números o duraciones, todos del mismo tipo",
        "numbers or durations, all of one kind",
        value,
    )
}
