//! Elements of tools, kept as pieces of XML that stand by themselves.

use std::collections::BTreeMap;

use super::Reading;
use crate::dmn::model::Extension;
use crate::dmn::version::DI;
use crate::xml::{Element, escape_attribute};

impl Reading<'_> {
    /// What stands inside `extensionElements` (in diagrams: `di:extension`).
    pub(super) fn extensions(&mut self, at: &Element) -> Vec<Extension> {
        let of_diagrams = at.children.iter().filter(|child| child.is(DI, "extension"));
        let found: Vec<&Element> = self.all(at, "extensionElements").chain(of_diagrams).collect();
        let Some(around) = self.first(at, found) else { return Vec::new() };
        around.children.iter().map(|child| Extension { xml: self.alone(child, around) }).collect()
    }

    /// The XML of an element with the namespace declarations of those around it that it needs.
    fn alone(&self, element: &Element, around: &Element) -> String {
        let xml = self.text.get(element.outer.clone()).unwrap_or_default();
        let name_length =
            xml.get(1..).and_then(|rest| rest.find([' ', '\t', '\n', '\r', '/', '>'])).unwrap_or_default();
        let (start, rest) = xml.split_at_checked(name_length.saturating_add(1)).unwrap_or((xml, ""));
        let needed = needed(xml, element, around, self.text);
        let declared = needed.into_iter().map(|(prefix, namespace)| {
            let colon = if prefix.is_empty() { "" } else { ":" };
            format!(" xmlns{colon}{prefix}=\"{}\"", escape_attribute(&namespace))
        });
        format!("{start}{}{rest}", declared.collect::<String>())
    }
}

/// Prefixes with their namespaces that an element uses and does not declare itself.
fn needed(xml: &str, element: &Element, around: &Element, text: &str) -> BTreeMap<String, String> {
    let own_count = element.scope.count().saturating_sub(around.scope.count());
    let own: Vec<&str> = element.scope.bindings().into_iter().take(own_count).map(|(prefix, _)| prefix).collect();
    let mut needed = BTreeMap::new();
    for (prefix, namespace) in around.scope.bindings() {
        let used = !prefix.is_empty() && !own.contains(&prefix) && xml.contains(&format!("{prefix}:"));
        if used && !needed.contains_key(prefix) {
            needed.insert(prefix.to_owned(), namespace.to_string());
        }
    }
    if !own.contains(&"") && has_bare_name(element, text) {
        let namespace = around.scope.namespace("").map(|namespace| namespace.to_string());
        needed.insert(String::new(), namespace.unwrap_or_default());
    }
    needed
}

/// Whether the name of an element, or of one inside it, stands without a prefix.
fn has_bare_name(element: &Element, text: &str) -> bool {
    let after = element.outer.start.checked_add(1).and_then(|start| text.get(start..));
    let after = after.and_then(|name| name.strip_prefix(&*element.local));
    let bare = after.is_some_and(|rest| !rest.starts_with(':'));
    bare || element.children.iter().any(|child| has_bare_name(child, text))
}
