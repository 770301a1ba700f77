//! Types as JSON Schema (2020-12), and in words for pages.

use std::collections::HashSet;
use std::sync::Arc;

use dictamen_plan::{Input, Plan};
use dictamen_value::{Field, Language, Message, NamedType, Type, Value};
use serde_json::{Map, Value as Json, json};

use super::Node;
use crate::catalogue::Ready;

/// Adds the named types of a plan to the components.
pub(super) fn add_types(schemas: &mut Node, ready: &Ready) {
    let open = open_types(ready);
    for info in &ready.plan.types {
        let Type::Named(named) = &info.ty else { continue };
        if first_of_name(&ready.plan, named) && open.contains(&info.name) {
            let mut schema = of_named(ready, named);
            describe(&mut schema, info.about.title.as_deref());
            describe(&mut schema, info.about.note.as_deref());
            schemas.set(component(ready, &info.name), schema);
        }
    }
}

/// The names of the types that something speaks of that is not reserved.
fn open_types(ready: &Ready) -> HashSet<Arc<str>> {
    let inputs = ready.plan.inputs.iter().filter(|input| input.about.reserved.is_none()).map(|input| &input.ty);
    let mut waiting: Vec<&Type> = inputs.chain(ready.public_decisions().map(|(_, decision)| &decision.ty)).collect();
    let mut open = HashSet::new();
    while let Some(ty) = waiting.pop() {
        match ty {
            Type::Named(named) => {
                let is_new = named.name.as_ref().is_none_or(|name| open.insert(name.clone()));
                waiting.extend(is_new.then_some(&named.base));
            }
            Type::List(inner) | Type::Range(inner) | Type::Optional(inner) => waiting.push(inner),
            Type::Record(record) => waiting.extend(record.fields.iter().map(|field| &field.ty)),
            _ => {}
        }
    }
    open
}

/// The schema of the facts of a decision.
pub(super) fn of_facts(ready: &Ready, needs: &[u32]) -> Json {
    let is_needed = |position: usize| needs.iter().any(|need| *need as usize == position);
    // What is reserved is not described: who brings it knows of it otherwise.
    let inputs = || ready.plan.inputs.iter().enumerate().filter(|(_, input)| input.about.reserved.is_none());
    let properties: Map<String, Json> = inputs()
        .filter(|(position, _)| is_needed(*position))
        .map(|(_, input)| (input.name.to_string(), of_input(ready, input)))
        .collect();
    let required: Vec<&str> = inputs()
        .filter(|(position, input)| is_needed(*position) && !input.ty.is_optional())
        .map(|(_, input)| &*input.name)
        .collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn of_input(ready: &Ready, input: &Input) -> Json {
    let mut schema = of(ready, &input.ty);
    describe(&mut schema, input.about.title.as_deref());
    describe(&mut schema, input.about.note.as_deref());
    schema
}

/// The schema of a type.
pub(super) fn of(ready: &Ready, ty: &Type) -> Json {
    match ty {
        Type::Any | Type::Function(_) => json!({}),
        Type::Null => json!({ "type": "null" }),
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Number { integer, unit } => of_number(*integer, &unit.to_string()),
        Type::Text => json!({ "type": "string" }),
        Type::Date => json!({ "type": "string", "format": "date" }),
        Type::Time => json!({ "type": "string", "format": "time" }),
        Type::DateTime => json!({ "type": "string", "format": "date-time" }),
        Type::DaysDuration | Type::MonthsDuration => json!({ "type": "string", "format": "duration" }),
        Type::Range(of_what) => of_range(of_what),
        Type::List(element) => json!({ "type": "array", "items": of(ready, element) }),
        Type::Record(record) => of_record(ready, &record.fields),
        Type::Choice(values) => of_choice(values),
        Type::Optional(inner) => nullable(of(ready, inner)),
        Type::Named(named) => of_reference(ready, named),
    }
}

fn of_number(integer: bool, unit: &str) -> Json {
    let mut schema = json!({ "type": if integer { "integer" } else { "number" } });
    describe(&mut schema, Some(unit).filter(|unit| !unit.is_empty()));
    schema
}

fn of_range(of_what: &Type) -> Json {
    json!({ "type": "string", "description": format!("FEEL: [a..b], {}", in_words(of_what, Language::Es)) })
}

fn of_record(ready: &Ready, fields: &[Field]) -> Json {
    let properties: Map<String, Json> =
        fields.iter().map(|field| (field.name.to_string(), of(ready, &field.ty))).collect();
    let required: Vec<&str> = fields.iter().filter(|field| !field.ty.is_optional()).map(|field| &*field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn of_choice(values: &[Value]) -> Json {
    let listed: Vec<Json> = values.iter().filter_map(|value| serde_json::from_str(&value.to_json()).ok()).collect();
    match values.iter().all(|value| matches!(value, Value::Text(_))) {
        true => json!({ "type": "string", "enum": listed }),
        false => json!({ "enum": listed }),
    }
}

/// A named type stands among the components, where it is the only one of its name; otherwise here.
fn of_reference(ready: &Ready, named: &NamedType) -> Json {
    match &named.name {
        Some(name) if first_of_name(&ready.plan, named) => {
            json!({ "$ref": format!("#/components/schemas/{}", component(ready, name)) })
        }
        _ => of_named(ready, named),
    }
}

fn of_named(ready: &Ready, named: &NamedType) -> Json {
    let mut schema = of(ready, &named.base);
    let constraint = named.constraint.and_then(|constraint| ready.plan.constraints.get(constraint as usize));
    let text = constraint.and_then(|constraint| ready.plan.texts.get(constraint.text as usize));
    describe(&mut schema, text.map(AsRef::as_ref));
    schema
}

/// The same schema, or null.
fn nullable(schema: Json) -> Json {
    let Json::Object(mut members) = schema else { return schema };
    match members.get("type").cloned() {
        Some(Json::String(basic)) if !members.contains_key("enum") => {
            members.insert("type".to_owned(), json!([basic, "null"]));
            Json::Object(members)
        }
        None if members.is_empty() => Json::Object(members),
        _ => json!({ "anyOf": [Json::Object(members), { "type": "null" }] }),
    }
}

/// Adds a sentence to the description of a schema.
fn describe(schema: &mut Json, sentence: Option<&str>) {
    let (Json::Object(members), Some(sentence)) = (schema, sentence) else { return };
    let before = members.get("description").and_then(Json::as_str).map(|text| format!("{text} · ")).unwrap_or_default();
    members.insert("description".to_owned(), json!(format!("{before}{sentence}")));
}

/// Whether a named type is the first of its name in a plan, so that the name can stand for it.
fn first_of_name(plan: &Plan, named: &NamedType) -> bool {
    let first = plan.types.iter().find(|info| named.name.as_ref() == Some(&info.name));
    first.is_some_and(|info| matches!(&info.ty, Type::Named(known) if **known == *named))
}

/// The name of a type among the components: only letters, digits, `.`, `-` and `_` may stand there.
fn component(ready: &Ready, name: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let raw = format!("{}.{name}", ready.id);
    raw.chars().map(|c| if fits(c) { c.to_string() } else { format!("_{:x}_", u32::from(c)) }).collect()
}

/// A type in a few words.
pub(crate) fn in_words(ty: &Type, language: Language) -> String {
    let word = |es: &str, en: &str| Message::new(es, en).text(language).to_owned();
    match ty {
        Type::Any | Type::Function(_) => word("cualquier valor", "any value"),
        Type::Null => "null".to_owned(),
        Type::Boolean => "true | false".to_owned(),
        Type::Number { integer: true, unit } => with_unit(word("entero", "integer"), &unit.to_string()),
        Type::Number { integer: false, unit } => with_unit(word("número", "number"), &unit.to_string()),
        Type::Text => word("texto", "text"),
        Type::Date => word("fecha (2026-01-31)", "date (2026-01-31)"),
        Type::Time => word("hora (14:30:00)", "time (14:30:00)"),
        Type::DateTime => word("fecha y hora (2026-01-31T14:30:00-05:00)", "date and time (2026-01-31T14:30:00-05:00)"),
        Type::DaysDuration => word("duración en días (P1DT2H)", "duration in days (P1DT2H)"),
        Type::MonthsDuration => word("duración en meses (P1Y2M)", "duration in months (P1Y2M)"),
        Type::Range(of_what) => format!("{} {}", word("rango de", "range of"), in_words(of_what, language)),
        Type::List(element) => format!("{} {}", word("lista de", "list of"), in_words(element, language)),
        Type::Record(_) => word("registro", "record"),
        Type::Choice(values) => values.iter().map(Value::to_json).collect::<Vec<_>>().join(" | "),
        Type::Optional(inner) => format!("{} ({})", in_words(inner, language), word("opcional", "optional")),
        Type::Named(named) => in_words(&named.base, language),
    }
}

fn with_unit(word: String, unit: &str) -> String {
    if unit.is_empty() { word } else { format!("{word} ({unit})") }
}
