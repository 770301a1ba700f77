//! What a letter takes from the facts: who it is about.

use dictamen_plan::Plan;
use serde_json::Value as Json;

/// How deep the NIT is looked for.
const DEPTH_MAX: usize = 3;

/// The NIT among facts that are not reserved: the first field of that name, outer ones before inner ones.
pub(super) fn nit(plan: &Plan, facts: &[u8]) -> Option<String> {
    let Ok(Json::Object(inputs)) = serde_json::from_slice::<Json>(facts) else { return None };
    let is_open = |name: &str| plan.inputs.iter().any(|input| &*input.name == name && input.about.reserved.is_none());
    let open: serde_json::Map<String, Json> = inputs.into_iter().filter(|(name, _)| is_open(name)).collect();
    let mut level = vec![Json::Object(open)];
    for _ in 0..=DEPTH_MAX {
        if let Some(found) = level.iter().find_map(own_nit) {
            return Some(found);
        }
        level = level.into_iter().filter_map(inside).flatten().collect();
    }
    None
}

fn own_nit(json: &Json) -> Option<String> {
    match json.get("nit")? {
        Json::String(nit) if !nit.is_empty() => Some(nit.clone()),
        Json::Number(nit) => Some(nit.to_string()),
        _ => None,
    }
}

fn inside(json: Json) -> Option<Vec<Json>> {
    match json {
        Json::Object(fields) => Some(fields.into_iter().map(|(_, value)| value).filter(Json::is_object).collect()),
        _ => None,
    }
}
