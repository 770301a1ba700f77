//! Why there is no number, for code and for people.

use std::fmt;

use super::bits::SIGNIFICANT_DIGITS_LIMIT;
use crate::Message;

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberError {
    /// The text is not a number.
    NotANumber,
    /// More than 34 significant digits were written; the number would have to be rounded to be read.
    TooManyDigits,
    /// The result is larger than 9.99…E+6144, or what was read smaller than 1E-6176.
    OutOfRange,
    /// Something was divided by zero.
    DivisionByZero,
    /// There is no such real number, such as the square root of -1.
    Undefined,
}

impl NumberError {
    /// What happened, for people.
    pub fn message(self) -> Message {
        match self {
            NumberError::NotANumber => Message::new(
                "no es un número: se esperaban dígitos, con punto decimal y exponente opcionales, como -12.5 o 1E-3",
                "not a number: expected digits, with an optional decimal point and exponent, such as -12.5 or 1E-3",
            ),
            NumberError::TooManyDigits => Message::new(
                format!("el número tiene más de {SIGNIFICANT_DIGITS_LIMIT} cifras significativas; escríbalo con menos"),
                format!("the number has more than {SIGNIFICANT_DIGITS_LIMIT} significant digits; write it with fewer"),
            ),
            NumberError::OutOfRange => Message::new(
                "el número queda fuera del rango permitido (de 1E-6176 a 9.99E+6144 en valor absoluto)",
                "the number is out of range (1E-6176 to 9.99E+6144 in absolute value)",
            ),
            NumberError::DivisionByZero => Message::new("división por cero", "division by zero"),
            NumberError::Undefined => Message::new(
                "la operación no da un número real (como la raíz cuadrada o el logaritmo de un número negativo)",
                "the operation gives no real number (such as the square root or logarithm of a negative number)",
            ),
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(out)
    }
}

impl std::error::Error for NumberError {}
