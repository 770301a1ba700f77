//! What people and programs read of the catalogue: chapters with titles, and signatures as the language writes types.

use dictamen_value::{Language, Message};

use crate::{Entry, Parameter, Presence, Shape, Signature};

/// Chapters in the order of the manual: their names in [`Entry::chapter`] and their titles.
pub fn chapters() -> [(&'static str, Message); 9] {
    [
        ("numeros", "Números", "Numbers"),
        ("texto", "Texto", "Text"),
        ("listas", "Listas", "Lists"),
        ("agregados", "Agregados", "Aggregates"),
        ("fechas", "Fechas", "Dates"),
        ("registros", "Registros", "Contexts"),
        ("conversion", "Conversión", "Conversion"),
        ("logica", "Lógica", "Logic"),
        ("rangos", "Rangos", "Ranges"),
    ]
    .map(|(name, es, en)| (name, Message::new(es, en)))
}

impl Entry {
    /// The ways to call it as `name(parameter: type, …) → type`, each once: signatures may differ in ways that this does
    /// not show. `?` says that something may be missing or null, `…` that it is repeated, `T` is one type throughout.
    pub fn written_signatures(&self, language: Language) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for signature in self.signatures {
            let line = signature_line(self.name, signature, language);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }
}

fn signature_line(name: &str, signature: &Signature, language: Language) -> String {
    let parameters: Vec<String> = signature.parameters.iter().map(|one| parameter(one, language)).collect();
    format!("{name}({}) → {}", parameters.join(", "), shape(&signature.result, language))
}

fn parameter(parameter: &Parameter, language: Language) -> String {
    let (name, written) = (parameter.name, shape(&parameter.shape, language));
    match parameter.presence {
        Presence::Required => format!("{name}: {written}"),
        Presence::Optional => format!("{name}: {}?", written.trim_end_matches('?')),
        Presence::Variadic => format!("{name}: {written}…"),
    }
}

/// A shape as the language writes types.
fn shape(of: &Shape, language: Language) -> String {
    let say = |es: &str, en: &str| Message::new(es, en).text(language).to_owned();
    match of {
        Shape::Any => say("cualquiera", "any"),
        Shape::Null => "null".to_owned(),
        Shape::Boolean => say("booleano", "boolean"),
        Shape::Number => say("numero", "number"),
        Shape::Unit(_) => say("numero*", "number*"),
        Shape::Integer => say("entero", "integer"),
        Shape::Text => say("texto", "text"),
        Shape::Date => say("fecha", "date"),
        Shape::Time => say("hora", "time"),
        Shape::DateTime => say("fecha_hora", "date_time"),
        Shape::DaysDuration => say("duracion (días)", "duration (days)"),
        Shape::MonthsDuration => say("duracion (meses)", "duration (months)"),
        Shape::Context => say("registro", "context"),
        Shape::Same(number) => ["T", "U", "V"].get(usize::from(*number)).copied().unwrap_or("W").to_owned(),
        Shape::List(of) => format!("{} {}", say("lista de", "list of"), shape(of, language)),
        Shape::Range(of) => format!("{} {}", say("rango de", "range of"), shape(of, language)),
        Shape::Optional(of) => format!("{}?", shape(of, language)),
        Shape::Function(parameters, result) => {
            let parameters: Vec<String> = parameters.iter().map(|one| shape(one, language)).collect();
            format!("{}({}) → {}", say("funcion", "function"), parameters.join(", "), shape(result, language))
        }
    }
}
