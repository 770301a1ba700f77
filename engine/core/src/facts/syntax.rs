//! What people are told where the JSON itself is wrong.

use dictamen_value::Message;
use jiter::{JiterErrorType, JsonErrorType};

/// Line and column of a byte, from 1.
pub(super) fn line_and_column(bytes: &[u8], position: usize) -> (usize, usize) {
    let before = bytes.get(..position).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
    let column = before.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len).saturating_add(1);
    (line, column)
}

/// What is wrong, for people.
pub(super) fn syntax_message(kind: &JiterErrorType) -> Message {
    let JiterErrorType::JsonError(kind) = kind else {
        return Message::new("se esperaba otra clase de valor", "another kind of value was expected");
    };
    match kind {
        JsonErrorType::EofWhileParsingList
        | JsonErrorType::EofWhileParsingObject
        | JsonErrorType::EofWhileParsingString
        | JsonErrorType::EofWhileParsingValue
        | JsonErrorType::UnexpectedEndOfHexEscape => Message::new("se acaba antes de tiempo", "it ends too early"),
        JsonErrorType::ExpectedColon => Message::new("se esperaban dos puntos (:)", "expected a colon (:)"),
        JsonErrorType::ExpectedListCommaOrEnd => Message::new("se esperaba una coma o ]", "expected a comma or ]"),
        JsonErrorType::ExpectedObjectCommaOrEnd => Message::new("se esperaba una coma o }", "expected a comma or }"),
        JsonErrorType::TrailingComma => Message::new("sobra una coma", "there is a comma too many"),
        JsonErrorType::TrailingCharacters => {
            Message::new("sobra texto después del JSON", "there is text after the JSON")
        }
        JsonErrorType::KeyMustBeAString => {
            Message::new("el nombre de un campo va entre comillas", "the name of a field goes in quotes")
        }
        JsonErrorType::InvalidNumber => Message::new("el número está mal escrito", "the number is badly written"),
        JsonErrorType::NumberOutOfRange => {
            Message::new("el número tiene demasiados dígitos", "the number has too many digits")
        }
        JsonErrorType::ControlCharacterWhileParsingString => {
            Message::new("hay un carácter de control en un texto", "there is a control character in a text")
        }
        JsonErrorType::InvalidEscape
        | JsonErrorType::InvalidUnicodeCodePoint
        | JsonErrorType::LoneLeadingSurrogateInHexEscape => Message::new(
            "hay una secuencia de escape (\\) que no existe",
            "there is an escape sequence (\\) that does not exist",
        ),
        _ => Message::new("se esperaba un valor", "a value was expected"),
    }
}
