//! What a letter says: in the words of the ruleset, or, where it has none, in those of titles, outcomes and rows.

use dictamen_core::{DecisionReport, Failure, TableReport};
use dictamen_plan::Decision;
use dictamen_value::{Context, Language, Type, Value};

use super::{Reason, Sources, words};

/// What a letter says.
pub(super) struct Said {
    pub(super) subject: String,
    pub(super) decided: Vec<String>,
    pub(super) reasons: Vec<Reason>,
    pub(super) options: Vec<String>,
}

/// What the ruleset's `carta` says; lines that it does not have are said from the explanation.
pub(super) fn by_ruleset(sources: &Sources<'_>, said: &Value, language: Language) -> Said {
    let own = by_itself(sources, language);
    let Some(lines) = said.as_context() else { return own };
    let texts = |name: &str| lines.get(name).map(texts);
    let filled = |texts: Option<Vec<String>>| texts.filter(|texts| !texts.is_empty());
    Said {
        subject: filled(texts("asunto")).map_or(own.subject, |texts| texts.concat()),
        decided: filled(texts("decidimos")).unwrap_or(own.decided),
        reasons: lines.get("razones").map_or(own.reasons, reasons),
        options: texts("puede_hacer").unwrap_or(own.options),
    }
}

/// What titles, outcomes and rows say.
pub(super) fn by_itself(sources: &Sources<'_>, language: Language) -> Said {
    let decision = sources.ready.plan.decisions.get(sources.decision as usize);
    let decision = decision.filter(|_| !sources.explanation.is_concealed());
    let reserved = if language == Language::Es { "Una decisión reservada" } else { "A reserved decision" };
    let title = decision.map_or_else(|| reserved.to_owned(), title_of);
    let decided = match &sources.explanation.outcome {
        Ok(outcome) => {
            let ty = decision.map_or(&Type::Any, |decision| &decision.ty);
            told(&title, outcome, ty, language)
        }
        Err(failure) => vec![failed(failure, language)],
    };
    let reasons = sources.explanation.decisions.iter().rev().flat_map(|decision| found(decision, language));
    let mut once: Vec<Reason> = Vec::new();
    reasons.for_each(|reason| once.extend(Some(reason).filter(|reason| !once.contains(reason))));
    let options = match language {
        Language::Es => "Si algún dato suyo no es correcto, corríjalo y pida la decisión otra vez.",
        Language::En => "If any of your data is wrong, correct it and ask for the decision again.",
    };
    Said { subject: title, decided, reasons: once, options: vec![options.to_owned()] }
}

/// A text, or the texts of a list; what is absent is left out.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => Some(words::sentence(text)).into_iter().filter(|text| !text.is_empty()).collect(),
        Value::List(elements) => elements.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn reasons(value: &Value) -> Vec<Reason> {
    let elements = value.as_list().unwrap_or_default();
    elements.iter().filter_map(reason).collect()
}

fn reason(value: &Value) -> Option<Reason> {
    match value {
        Value::Text(text) => Some(Reason { text: words::sentence(text), legal_basis: None }),
        Value::Context(fields) => {
            let text = entry(fields, ["texto", "text"])?;
            Some(Reason { text: words::sentence(&text), legal_basis: entry(fields, ["base_legal", "legal_basis"]) })
        }
        _ => None,
    }
}

fn entry(fields: &Context, names: [&str; 2]) -> Option<String> {
    let text = names.iter().find_map(|name| fields.get(name)?.as_text());
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

fn title_of(decision: &Decision) -> String {
    decision.about.title.as_deref().map_or_else(|| words::name(&decision.name), str::to_owned)
}

/// An outcome in sentences: a record field by field, a list element by element, anything else in one.
fn told(title: &str, outcome: &Value, ty: &Type, language: Language) -> Vec<String> {
    match outcome {
        Value::Context(fields) => of_record(fields, ty, language),
        Value::List(elements) if elements.iter().any(|one| matches!(one, Value::Context(_))) => {
            let of = ty.element().cloned().unwrap_or(Type::Any);
            elements.iter().map(|one| told(title, one, &of, language).join(" ")).collect()
        }
        other => {
            let shown = words::value(other, ty, language).unwrap_or_else(|| other.to_json());
            vec![words::sentence(&format!("{title}: {shown}"))]
        }
    }
}

fn of_record(fields: &Context, ty: &Type, language: Language) -> Vec<String> {
    let of = |name: &str| {
        let field = ty.fields().and_then(|fields| fields.iter().find(|field| *field.name == *name));
        field.map_or(Type::Any, |field| field.ty.clone())
    };
    let given = fields.entries().filter(|(_, value)| !value.is_null());
    let line = |name: &str, value: &Value| {
        let shown = words::value(value, &of(name), language).unwrap_or_else(|| value.to_json());
        words::sentence(&format!("{}: {shown}", words::name(name)))
    };
    given.map(|(name, value)| line(name, value)).collect()
}

/// Why nothing was decided, in plain words; whoever administers the rules finds the rest by the code and the trace.
fn failed(failure: &Failure, language: Language) -> String {
    let code = &failure.code;
    match (language, &**code) {
        (Language::Es, "parametro.sin-valor") => {
            format!("Todavía no pudimos decidir: falta una cifra que la norma debe dar (código {code}).")
        }
        (Language::Es, _) => {
            format!("Todavía no pudimos decidir con los datos y las normas que tenemos (código {code}).")
        }
        (Language::En, "parametro.sin-valor") => {
            format!("We could not decide yet: a figure that the norm must give is missing (code {code}).")
        }
        (Language::En, _) => format!("We could not decide yet with the data and norms that we have (code {code})."),
    }
}

/// Why a decision came out so: the rows that matched, with their own words where they have some.
fn found(decision: &DecisionReport, language: Language) -> Vec<Reason> {
    let title = decision.title.as_deref().map_or_else(|| words::name(&decision.name), str::to_owned);
    let tables = decision.table.iter().map(|table| (title.clone(), &decision.legal_basis, table));
    let calls = decision.calls.iter().map(|call| {
        let title = call.title.as_deref().map_or_else(|| words::name(&call.name), str::to_owned);
        (title, &call.legal_basis, &call.table)
    });
    let each = tables.chain(calls).flat_map(|(title, basis, table)| rows(&title, basis.as_deref(), table, language));
    each.collect()
}

fn rows(title: &str, basis: Option<&str>, table: &TableReport, language: Language) -> Vec<Reason> {
    let matched = table.rows.iter().filter(|row| row.matched).map(|row| (&row.legal_basis, &row.note));
    let default = table.default.iter().map(|default| (&default.legal_basis, &default.note));
    let applied = match language {
        Language::Es => format!("Aplicamos la regla «{title}»."),
        Language::En => format!("We applied the rule “{title}”."),
    };
    let reason = |(own, note): (&Option<std::sync::Arc<str>>, &Option<std::sync::Arc<str>>)| Reason {
        text: note.as_deref().map_or_else(|| applied.clone(), words::sentence),
        legal_basis: own.as_deref().or(basis).map(str::to_owned),
    };
    matched.chain(default).map(reason).collect()
}
