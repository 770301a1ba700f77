//! Reading the arguments of a call: they were checked, so a wrong one is an error and not a case.

use dictamen_value::{Context, FunctionValue, Number, Rounding, Value};

use crate::FunctionError;

/// What a body returns.
pub(super) type Outcome = Result<Value, FunctionError>;

const SCALE_MIN: i32 = -6111;
const SCALE_MAX: i32 = 6176;

pub(super) fn argument(arguments: &[Value], position: usize) -> Result<&Value, FunctionError> {
    arguments.get(position).ok_or_else(|| unsuitable(position))
}

pub(super) fn number(arguments: &[Value], position: usize) -> Result<Number, FunctionError> {
    argument(arguments, position)?.as_number().ok_or_else(|| unsuitable(position))
}

pub(super) fn text(arguments: &[Value], position: usize) -> Result<&str, FunctionError> {
    argument(arguments, position)?.as_text().ok_or_else(|| unsuitable(position))
}

/// A text that may be null or left out.
pub(super) fn optional_text(arguments: &[Value], position: usize) -> Option<&str> {
    arguments.get(position)?.as_text()
}

pub(super) fn list(arguments: &[Value], position: usize) -> Result<&[Value], FunctionError> {
    argument(arguments, position)?.as_list().ok_or_else(|| unsuitable(position))
}

pub(super) fn context(arguments: &[Value], position: usize) -> Result<&Context, FunctionError> {
    argument(arguments, position)?.as_context().ok_or_else(|| unsuitable(position))
}

pub(super) fn function(arguments: &[Value], position: usize) -> Result<&FunctionValue, FunctionError> {
    match argument(arguments, position)? {
        Value::Function(function) => Ok(function),
        _ => Err(unsuitable(position)),
    }
}

/// A whole number, with what is after the point dropped (as the DMN TCK has it for positions).
pub(super) fn whole(arguments: &[Value], position: usize) -> Result<i64, FunctionError> {
    let number = number(arguments, position)?;
    number.round(0, Rounding::Down)?.to_i64().ok_or_else(|| {
        FunctionError::domain(
            format!("el número {number} es demasiado grande para una posición, una longitud o una parte de una fecha"),
            format!("the number {number} is too large for a position, a length or a part of a date"),
        )
    })
}

/// How many digits after the point, -6111 to 6176 (DMN 1.5, table 75).
pub(super) fn scale(arguments: &[Value], position: usize) -> Result<i32, FunctionError> {
    let scale = number(arguments, position)?;
    let in_range = (Number::from(SCALE_MIN)..=Number::from(SCALE_MAX)).contains(&scale);
    let allowed = whole(arguments, position).ok().and_then(|scale| i32::try_from(scale).ok());
    allowed.filter(|_| in_range).ok_or_else(|| {
        FunctionError::domain(
            format!("la escala {scale} no se admite: va de {SCALE_MIN} a {SCALE_MAX}"),
            format!("scale {scale} is not allowed: it goes from {SCALE_MIN} to {SCALE_MAX}"),
        )
    })
}

/// The index, from 0, of a position that counts from 1, or from the end where it is negative.
pub(super) fn index(position: i64, length: usize) -> Result<usize, FunctionError> {
    let distance = usize::try_from(position.unsigned_abs()).unwrap_or(usize::MAX);
    let index = match position {
        0 => None,
        1.. => distance.checked_sub(1),
        _ => length.checked_sub(distance),
    };
    index.filter(|index| *index < length).ok_or_else(|| {
        FunctionError::domain(
            format!("no hay posición {position}: hay {length}, contadas desde 1, o desde -1 hacia atrás"),
            format!("there is no position {position}: there are {length}, counted from 1, or from -1 backwards"),
        )
    })
}

/// A length that must be at least 1.
pub(super) fn length(arguments: &[Value], position: usize) -> Result<Option<usize>, FunctionError> {
    if arguments.get(position).is_none_or(Value::is_null) {
        return Ok(None);
    }
    let length = whole(arguments, position)?;
    match usize::try_from(length) {
        Ok(length @ 1..) => Ok(Some(length)),
        _ => Err(FunctionError::domain(
            format!("la longitud {length} no se admite: debe ser 1 o más"),
            format!("length {length} is not allowed: it must be 1 or more"),
        )),
    }
}

pub(super) fn unsuitable(position: usize) -> FunctionError {
    let number = position.saturating_add(1);
    FunctionError::domain(
        format!("el argumento {number} falta o no es del tipo esperado"),
        format!("argument {number} is missing or not of the expected type"),
    )
}
