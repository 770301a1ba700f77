//! Why the naive evaluator gave no value: the stable codes that the engine uses too.

use dictamen_syntax::Span;
use dictamen_value::{NumberError, TemporalError};

/// Why there is no outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Its kind, such as `tabla.sin-fila`; the part before the point is its family.
    pub code: &'static str,
    /// The innermost expression, table or test that failed.
    pub span: Option<Span>,
}

/// A null where none may be.
pub(crate) const NULL: &str = "evaluacion.nulo";
/// A value of a kind that the operation is not made for.
pub(crate) const KIND: &str = "evaluacion.tipos";
/// Division by zero.
pub(crate) const DIVISION: &str = "evaluacion.division-por-cero";
/// A number that cannot be held, or is none.
pub(crate) const NUMBER: &str = "evaluacion.numero";
/// A date, time or duration that cannot be held, or is none.
pub(crate) const TEMPORAL: &str = "evaluacion.tiempo";
/// A position or bound that is not a whole number.
pub(crate) const WHOLE: &str = "evaluacion.entero";
/// Something that makes no sense, as the checker found.
pub(crate) const FAULT: &str = "evaluacion.sin-sentido";
/// A decision that needs its own outcome.
pub(crate) const CYCLE: &str = "evaluacion.ciclo";
/// A fact that the request did not bring.
pub(crate) const FACT: &str = "evaluacion.hecho-ausente";
/// The model names something that it does not hold: a mistake of the checker.
pub(crate) const MODEL: &str = "evaluacion.modelo";
/// A value that does not meet the constraints of its declared type.
pub(crate) const CONSTRAINT: &str = "evaluacion.restriccion";
/// No row of a table matched.
pub(crate) const NO_ROW: &str = "tabla.sin-fila";
/// More rows matched than the policy allows, or they disagree.
pub(crate) const MANY_ROWS: &str = "tabla.varias-filas";
/// No row of a parameter holds at the day, or its value is not known yet.
pub(crate) const NO_PARAMETER: &str = "parametro.sin-valor";
/// A built-in function could make nothing of its arguments.
pub(crate) const FUNCTION: &str = "funcion.dominio";
/// Too many operations.
pub(crate) const STEPS: &str = "limite.pasos";
/// Decisions and calls too deep inside one another.
pub(crate) const DEPTH: &str = "limite.profundidad";

impl Failure {
    /// A failure of a kind, its place not known yet.
    pub(crate) fn new(code: &'static str) -> Failure {
        Failure { code, span: None }
    }

    /// The same, at a place unless one is known already.
    pub(crate) fn at(self, span: Span) -> Failure {
        Failure { span: self.span.or(Some(span)), ..self }
    }

    /// The part of the code before the point: what evaluators are compared by.
    pub fn family(&self) -> &'static str {
        self.code.split('.').next().unwrap_or_default()
    }

    /// Whether DMN's rules turn it into null; limits stay failures in every mode.
    pub(crate) fn becomes_null(&self) -> bool {
        self.family() != "limite"
    }
}

impl From<NumberError> for Failure {
    fn from(error: NumberError) -> Failure {
        Failure::new(if error == NumberError::DivisionByZero { DIVISION } else { NUMBER })
    }
}

impl From<TemporalError> for Failure {
    fn from(error: TemporalError) -> Failure {
        Failure::new(if error == TemporalError::DivisionByZero { DIVISION } else { TEMPORAL })
    }
}
