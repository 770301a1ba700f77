//! What of a DMN document rules cannot say as it is.

use dictamen_syntax::{Diagnostic, Span};
use dictamen_value::Message;

use crate::xml::{Origin, shown};

/// The codes of these diagnostics.
pub(in crate::dmn) const CODES: &[&str] = &[
    "dmn.b-feel",
    "dmn.cajas-anidadas",
    "dmn.dependencia",
    "dmn.funcion-externa",
    "dmn.ilegible",
    "dmn.lenguaje",
    "dmn.modelo-importado",
    "dmn.nombre-de-variable",
    "dmn.nombre-repetido",
    "dmn.tipo-circular",
    "dmn.tipo-desconocido",
    "dmn.valores-importados",
];

/// `found` is what the parser of FEEL says of the text.
pub(super) fn unreadable(span: Span, found: &Diagnostic) -> Diagnostic {
    let message = Message::new(
        format!("el texto no es FEEL: {}", found.message.es),
        format!("the text is no FEEL: {}", found.message.en),
    );
    let told = Diagnostic::warning("dmn.ilegible", span, message);
    let help = found.help.clone().unwrap_or_else(|| {
        Message::new("mientras no se corrija, da null", "as long as it is not corrected, it gives null")
    });
    told.with_help(help)
}

pub(super) fn other_language(origin: &Origin, language: &str) -> Diagnostic {
    let language = shown(language);
    let message = Message::new(
        format!("la expresión está en «{language}»; sólo se evalúa FEEL, así que da null"),
        format!("the expression is in “{language}”; only FEEL is evaluated, so that it gives null"),
    );
    Diagnostic::warning("dmn.lenguaje", origin.span, message)
}

pub(super) fn b_feel(origin: &Origin) -> Diagnostic {
    let message = Message::new(
        "el modelo está en B-FEEL (DMN 1.6), que aquí se evalúa como FEEL: donde B-FEEL da un valor en lugar de un error, da null",
        "the model is in B-FEEL (DMN 1.6), which is evaluated as FEEL here: where B-FEEL gives a value instead of an error, it gives null",
    );
    Diagnostic::warning("dmn.b-feel", origin.span, message)
}

pub(super) fn imported_values(origin: &Origin, namespace: &str) -> Diagnostic {
    let namespace = shown(namespace);
    let message = Message::new(
        format!("los valores se importan de «{namespace}», que no se lee: dan null"),
        format!("the values are imported from “{namespace}”, which is not read: they give null"),
    );
    Diagnostic::warning("dmn.valores-importados", origin.span, message)
}

pub(super) fn not_required(span: Span, name: &str, owner: &str) -> Diagnostic {
    let (name, owner) = (shown(name), shown(owner));
    let message = Message::new(
        format!("«{owner}» usa «{name}» sin requerirlo: aquí no existe y da null"),
        format!("“{owner}” uses “{name}” without requiring it: it does not exist here and gives null"),
    );
    let help = Message::new(
        format!("agregue a «{owner}» el requisito (informationRequirement o knowledgeRequirement) de «{name}»"),
        format!("add to “{owner}” the requirement (informationRequirement or knowledgeRequirement) of “{name}”"),
    );
    Diagnostic::warning("dmn.dependencia", span, message).with_help(help)
}

pub(super) fn unknown_type(origin: &Origin, name: &str) -> Diagnostic {
    let name = shown(name);
    let message = Message::new(
        format!("no hay ningún tipo «{name}»: se toma por «Any»"),
        format!("there is no type “{name}”: it is taken for “Any”"),
    );
    let help = Message::new(
        "declare un itemDefinition con ese nombre, o use uno de FEEL: string, number, boolean, date, time, date and time…",
        "declare an itemDefinition of that name, or use one of FEEL: string, number, boolean, date, time, date and time…",
    );
    Diagnostic::warning("dmn.tipo-desconocido", origin.span, message).with_help(help)
}

pub(super) fn circular_type(origin: &Origin, name: &str) -> Diagnostic {
    let name = shown(name);
    let message = Message::new(
        format!("el tipo «{name}» se contiene a sí mismo: desde aquí se toma por «Any»"),
        format!("the type “{name}” contains itself: from here on it is taken for “Any”"),
    );
    Diagnostic::warning("dmn.tipo-circular", origin.span, message)
}

pub(super) fn missing_import(origin: &Origin, namespace: &str) -> Diagnostic {
    let namespace = shown(namespace);
    let message = Message::new(
        format!("el modelo importa «{namespace}», que no está entre los que se leyeron"),
        format!("the model imports “{namespace}”, which is not among those that were read"),
    );
    let help = Message::new("lea también ese archivo", "read that file too");
    Diagnostic::error("dmn.modelo-importado", origin.span, message).with_help(help)
}

pub(super) fn foreign_import(origin: &Origin, kind: &str) -> Diagnostic {
    let kind = shown(kind);
    let message = Message::new(
        format!("lo importado es «{kind}», que las reglas no usan: se pasa por alto"),
        format!("what is imported is “{kind}”, which rules do not use: it is passed over"),
    );
    Diagnostic::warning("dmn.modelo-importado", origin.span, message)
}

pub(super) fn external_function(origin: &Origin, name: &str) -> Diagnostic {
    let name = shown(name);
    let message = Message::new(
        format!("«{name}» es una función de PMML, que no se evalúa: da null"),
        format!("“{name}” is a function of PMML, which is not evaluated: it gives null"),
    );
    Diagnostic::warning("dmn.funcion-externa", origin.span, message)
}

pub(super) fn incomplete_java(origin: &Origin, name: &str) -> Diagnostic {
    let name = shown(name);
    let message = Message::new(
        format!("«{name}» es de Java y no dice con textos fijos su «class» y su «method signature»: da null"),
        format!(
            "“{name}” is of Java and does not say its “class” and “method signature” with fixed texts: it gives null"
        ),
    );
    Diagnostic::warning("dmn.funcion-externa", origin.span, message)
}

pub(super) fn too_many_boxes(origin: &Origin, allowed: usize) -> Diagnostic {
    let message = Message::new(
        format!("hay más de {allowed} cajas una dentro de otra, que es el límite: ésta da null"),
        format!("there are more than {allowed} boxes inside one another, which is the limit: this one gives null"),
    );
    let help = Message::new(
        "pase lo de adentro a una función (businessKnowledgeModel)",
        "move what is inside to a function (businessKnowledgeModel)",
    );
    Diagnostic::error("dmn.cajas-anidadas", origin.span, message).with_help(help)
}

pub(super) fn variable_name(origin: &Origin, variable: &str, name: &str) -> Diagnostic {
    let (variable, name) = (shown(variable), shown(name));
    let message = Message::new(
        format!("la variable de «{name}» se llama «{variable}»: las reglas usan «{name}»"),
        format!("the variable of “{name}” is called “{variable}”: rules use “{name}”"),
    );
    Diagnostic::warning("dmn.nombre-de-variable", origin.span, message)
}

pub(super) fn repeated_name(origin: &Origin, name: &str) -> Diagnostic {
    let name = shown(name);
    let message = Message::new(
        format!("ya hay otro «{name}» en este modelo: los nombres no se repiten"),
        format!("there is another “{name}” in this model: names are not repeated"),
    );
    Diagnostic::error("dmn.nombre-repetido", origin.span, message)
        .with_help(Message::new("déle otro nombre", "give it another name"))
}
