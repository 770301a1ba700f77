//! Why a decision could not be made.

use std::sync::Arc;

use dictamen_value::Message;
use serde::{Deserialize, Serialize};

/// Why a decision could not be made; it is recorded like an outcome and replays to the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Its kind, stable: `evaluacion.division-por-cero`, `tabla.sin-fila`, `tabla.varias-filas`, `parametro.sin-valor`,
    /// `limite.pasos`, `limite.profundidad`, `limite.filas`, `limite.bytes`, `evaluacion.cancelada`, …
    pub code: Arc<str>,
    /// What happened, what was expected, what to do.
    pub message: Message,
    /// Where, as `file:line:column` of the rule.
    pub place: Option<Arc<str>>,
    /// Decisions that were being made, outermost first, as `ruleset.name`.
    pub path: Vec<Arc<str>>,
}

/// Facts that were set one by one and are not what the decision needs.
pub(crate) fn unreadable(errors: &[crate::FactError]) -> Failure {
    let first = errors.first();
    let message = first.map_or_else(
        || Message::new("los hechos no se pueden escribir", "the facts cannot be written"),
        |error| error.message.clone(),
    );
    Failure {
        code: Arc::from(first.map_or("hechos.ilegibles", |error| error.code)),
        message,
        place: None,
        path: Vec::new(),
    }
}
