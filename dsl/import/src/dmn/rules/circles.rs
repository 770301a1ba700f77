//! Item definitions that contain themselves: rules have no such types, so that a circle is cut where it closes.

use std::collections::{HashMap, HashSet};

use super::identifiers::spelled;
use crate::dmn::model::ItemDefinition;

/// References by which item definitions of one document contain themselves: from which definition, to which.
#[derive(Debug, Default)]
pub(super) struct Circles(HashSet<(String, String)>);

/// An item definition whose references are being followed.
struct Visit {
    name: String,
    next: Vec<String>,
}

impl Circles {
    /// Those of a document.
    pub(super) fn of(items: &[ItemDefinition]) -> Circles {
        let graph: HashMap<String, Vec<String>> =
            items.iter().map(|item| (spelled(&item.name), references(item))).collect();
        let mut circles = Circles::default();
        let mut done = HashSet::new();
        for item in items {
            circles.follow(&spelled(&item.name), &graph, &mut done);
        }
        circles
    }

    /// Whether the reference of one definition to another closes a circle.
    pub(super) fn close(&self, from: &str, to: &str) -> bool {
        self.0.contains(&(from.to_owned(), spelled(to)))
    }

    /// Follows references from one definition, depth first; those back to a definition on the way close a circle.
    fn follow(&mut self, start: &str, graph: &HashMap<String, Vec<String>>, done: &mut HashSet<String>) {
        let mut way: Vec<Visit> = Vec::new();
        let mut on_way: HashSet<String> = HashSet::new();
        let mut entered = Some(start.to_owned());
        loop {
            if let Some(name) = entered.take().filter(|name| graph.contains_key(name) && done.insert(name.clone())) {
                let next = graph.get(&name).cloned().unwrap_or_default();
                on_way.insert(name.clone());
                way.push(Visit { name, next });
            }
            let Some(visit) = way.last_mut() else { return };
            match visit.next.pop() {
                Some(to) if on_way.contains(&to) => {
                    self.0.insert((visit.name.clone(), to));
                }
                Some(to) => entered = Some(to),
                None => {
                    on_way.remove(&visit.name);
                    way.pop();
                }
            }
        }
    }
}

/// The names that an item definition and its components refer to.
fn references(item: &ItemDefinition) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![item];
    while let Some(item) = open.pop() {
        found.extend(item.type_ref.iter().map(|ty| spelled(&ty.name)));
        let function = item.function.iter();
        let signature = function.flat_map(|function| {
            let parameters = function.parameters.iter().filter_map(|parameter| parameter.type_ref.as_ref());
            parameters.chain(&function.output_type)
        });
        found.extend(signature.map(|ty| spelled(&ty.name)));
        open.extend(&item.components);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmn::model::TypeRef;

    fn item(name: &str, type_ref: Option<&str>, components: Vec<ItemDefinition>) -> ItemDefinition {
        let type_ref = type_ref.map(|name| TypeRef { name: name.to_owned(), ..TypeRef::default() });
        ItemDefinition { name: name.to_owned(), type_ref, components, ..ItemDefinition::default() }
    }

    #[test]
    fn circles_are_cut_once() {
        let items = [
            item("tree", None, vec![item("sub", Some("tree"), Vec::new())]),
            item("a", Some("b"), Vec::new()),
            item("b", None, vec![item("c", Some("a"), Vec::new()), item("n", Some("number"), Vec::new())]),
            item("leaf", Some("a"), Vec::new()),
        ];
        let circles = Circles::of(&items);
        for (from, to, closes) in
            [("tree", "tree", true), ("a", "b", false), ("b", "a", true), ("leaf", "a", false), ("b", "number", false)]
        {
            assert_eq!(circles.close(from, to), closes, "{from} -> {to}");
        }
    }
}
