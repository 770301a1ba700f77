//! What is lost when rulesets become DMN, and how that is told: once for each kind of loss, with its places.

use std::collections::HashSet;

use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::Message;

/// The codes of the diagnostics about exporting.
pub(crate) const CODES: &[&str] = &[
    "dmn.exporta-ausencia",
    "dmn.exporta-captura",
    "dmn.exporta-cartas",
    "dmn.exporta-casos",
    "dmn.exporta-comentarios",
    "dmn.exporta-conocido",
    "dmn.exporta-entrada-compartida",
    "dmn.exporta-errores",
    "dmn.exporta-fecha",
    "dmn.exporta-glosario",
    "dmn.exporta-ilegible",
    "dmn.exporta-nota-por-defecto",
    "dmn.exporta-parametros",
    "dmn.exporta-rango",
    "dmn.exporta-sin-importado",
    "dmn.exporta-texto",
    "dmn.exporta-unidades",
    "dmn.exporta-vigencia",
];

/// Further places of a loss that are shown.
const PLACES_MAX: usize = 7;

/// What may be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Loss {
    /// A block or expression that could not be read.
    Unreadable,
    /// An import of a ruleset that is not exported along.
    UnknownImport,
    /// A function reads a fact whose name means something else where it is called.
    Capture,
    /// What fails natively gives null.
    Errors,
    /// Letters about decisions.
    Letters,
    /// Words that letters explain.
    Glossaries,
    /// Cases.
    Cases,
    /// Comments.
    Comments,
    /// Annotations of the default row of a table.
    DefaultNotes,
    /// Since when a value of a parameter is known.
    Known,
    /// The as-of date.
    AsOf,
    /// Functions that read facts.
    Closure,
    /// Inputs of one name in two rulesets.
    SharedInput,
    /// A text that is no FEEL inside an expression.
    Texts,
    /// Units of numbers.
    Units,
    /// Whether a value may be absent.
    Absence,
    /// Types of ranges.
    Ranges,
    /// From when to when a ruleset is in force.
    Force,
}

/// The losses of one document.
#[derive(Debug, Default)]
pub(super) struct Losses {
    places: HashSet<(Loss, Span)>,
}

impl Losses {
    /// Something is lost at a place.
    pub(super) fn add(&mut self, loss: Loss, span: Span) {
        self.places.insert((loss, span));
    }

    /// One diagnostic for each kind of loss.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        let mut places: Vec<(Loss, Span)> = self.places.into_iter().collect();
        places.sort_unstable_by_key(|(loss, span)| (*loss, span.source, span.start, span.end));
        places.chunk_by(|(one, _), (other, _)| one == other).filter_map(diagnostic).collect()
    }
}

fn diagnostic(places: &[(Loss, Span)]) -> Option<Diagnostic> {
    let ((loss, span), others) = places.split_first()?;
    let (code, message) = loss.told();
    let told = match loss {
        Loss::Unreadable | Loss::Capture => Diagnostic::error(code, *span, message),
        _ => Diagnostic::warning(code, *span, message),
    };
    let told = others
        .iter()
        .take(PLACES_MAX)
        .fold(told, |told, (_, span)| told.with_related(*span, Message::new("también aquí", "here too")));
    let hidden = others.len().saturating_sub(PLACES_MAX);
    Some(match hidden {
        0 => told,
        _ => {
            told.with_help(Message::new(format!("y en {hidden} lugares más"), format!("and at {hidden} other places")))
        }
    })
}

impl Loss {
    fn told(self) -> (&'static str, Message) {
        let (code, es, en) = match self {
            Loss::Unreadable => (
                "dmn.exporta-ilegible",
                "lo que no se pudo leer no se exporta: corrija primero el texto",
                "what could not be read is not exported: mend the text first",
            ),
            Loss::UnknownImport => (
                "dmn.exporta-sin-importado",
                "lo que se importa no está entre los conjuntos que se exportan: el documento lo nombra, pero no dice qué usa de él",
                "what is imported is not among the rulesets that are exported: the document names it, but does not say what it uses of it",
            ),
            Loss::Capture => (
                "dmn.exporta-captura",
                "la función que se llama aquí lee una entrada o decisión cuyo nombre significa aquí otra cosa: cambie el nombre local",
                "the function that is called here reads an input or decision whose name means something else here: rename the local one",
            ),
            Loss::Errors => (
                "dmn.exporta-errores",
                "en DMN lo que aquí es un error da null: una tabla sin fila que aplique, un parámetro sin valor, un dato que no es de su tipo; y una celda `not(…)` que compara algo ausente no aplica",
                "in DMN what is an error here gives null: a table without a row that applies, a parameter without a value, a value that is not of its type; and a cell `not(…)` that compares something absent does not apply",
            ),
            Loss::Letters => (
                "dmn.exporta-cartas",
                "las cartas no se exportan: DMN no las tiene",
                "letters are not exported: DMN has none",
            ),
            Loss::Glossaries => (
                "dmn.exporta-glosario",
                "los glosarios no se exportan: DMN no los tiene",
                "glossaries are not exported: DMN has none",
            ),
            Loss::Cases => (
                "dmn.exporta-casos",
                "los casos no se exportan: DMN no los tiene",
                "cases are not exported: DMN has none",
            ),
            Loss::Comments => (
                "dmn.exporta-comentarios",
                "los comentarios sobre un bloque no se exportan; una «nota» sí",
                "comments above a block are not exported; a `note` is",
            ),
            Loss::DefaultNotes => (
                "dmn.exporta-nota-por-defecto",
                "en DMN el resultado por defecto no lleva anotaciones: quedan en su descripción",
                "in DMN the default outcome has no annotations: they are in its description",
            ),
            Loss::Known => (
                "dmn.exporta-conocido",
                "el parámetro se exporta como una tabla sobre la fecha, con lo que hoy se sabe; desde cuándo se conoce cada valor queda sólo como anotación",
                "the parameter is exported as a table over the date, with what is known today; since when each value is known is only an annotation",
            ),
            Loss::AsOf => (
                "dmn.exporta-fecha",
                "la fecha de la decisión pasa a ser una entrada del documento: quien lo evalúe debe darla",
                "the as-of date becomes an input of the document: who evaluates it must give it",
            ),
            Loss::Closure => (
                "dmn.exporta-parametros",
                "una función de DMN no ve entradas ni decisiones: las que lee pasan a ser parámetros suyos, y quien la llama se los da",
                "a function of DMN does not see inputs or decisions: those that it reads become parameters of it, and who calls it gives them",
            ),
            Loss::SharedInput => (
                "dmn.exporta-entrada-compartida",
                "otro conjunto de reglas declara una entrada del mismo nombre: aquí son un solo dato, y en DMN cada documento tiene la suya",
                "another ruleset declares an input of the same name: here they are one fact, and in DMN each document has its own",
            ),
            Loss::Texts => (
                "dmn.exporta-texto",
                "un texto que no es FEEL, dentro de una expresión, se exporta como `null`, que es lo que da",
                "a text that is no FEEL, inside an expression, is exported as `null`, which is what it gives",
            ),
            Loss::Units => (
                "dmn.exporta-unidades",
                "DMN no tiene unidades: estas cantidades se exportan como números",
                "DMN has no units: these quantities are exported as numbers",
            ),
            Loss::Absence => (
                "dmn.exporta-ausencia",
                "en DMN cualquier valor puede faltar: `T?` y `T` se exportan igual",
                "in DMN every value may be missing: `T?` and `T` are exported alike",
            ),
            Loss::Ranges => (
                "dmn.exporta-rango",
                "DMN no puede nombrar un tipo de rangos: se exporta como `Any`",
                "DMN cannot name a type of ranges: it is exported as `Any`",
            ),
            Loss::Force => (
                "dmn.exporta-vigencia",
                "DMN no tiene vigencia ni publicación: quedan sólo en la descripción del documento",
                "DMN does not know when rules are in force or published: that is only in the description of the document",
            ),
        };
        (code, Message::new(es, en))
    }
}
