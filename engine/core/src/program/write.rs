//! Writes slots and facts as JSON: the bytes that values would give.

use dictamen_value::write_text;

use super::layout::{Layout, Node, NodeId};
use super::outcome::write_record;
use super::run::State;
use super::slot::{Slot, Texts};

/// Appends a scalar; `None` where it has no value.
#[inline]
pub(super) fn write_slot(slot: &Slot, texts: &Texts, out: &mut Vec<u8>) -> Option<()> {
    match *slot {
        Slot::Text(text) => write_text(texts.get(text), out),
        Slot::Boolean(true) => out.extend_from_slice(b"true"),
        Slot::Boolean(false) => out.extend_from_slice(b"false"),
        Slot::Number(number) => number.write_to(out),
        other => other.value_but_text()?.write_json(out),
    }
    Some(())
}

/// Appends the name of a field and its colon.
pub(super) fn write_name(name: &str, out: &mut Vec<u8>) {
    write_text(name, out);
    out.push(b':');
}

/// Appends the canonical JSON of the facts that were given: see [`crate::Facts::to_json`].
pub(super) fn write_facts(
    layout: &Layout,
    names: &[dictamen_plan::Input],
    given: &[bool],
    state: &State,
    out: &mut Vec<u8>,
) -> Option<()> {
    let inputs = names.iter().zip(layout.inputs()).zip(given);
    let given = inputs.filter(|(_, given)| **given).map(|((input, node), _)| (&input.name, *node));
    write_record(given, out, |node, out| write_node(layout, node, state, out))
}

fn write_node(layout: &Layout, node: NodeId, state: &State, out: &mut Vec<u8>) -> Option<()> {
    match layout.node(node)? {
        Node::Leaf(leaf) => write_slot(state.at(leaf.register), &state.texts, out),
        Node::Record(record) => match record.presence.map(|presence| state.get(presence)) {
            None | Some(Slot::Boolean(true)) => {
                let fields = record.names.iter().zip(record.fields.iter().copied());
                write_record(fields, out, |field, out| write_node(layout, field, state, out))
            }
            Some(_) => {
                out.extend_from_slice(b"null");
                Some(())
            }
        },
        Node::Other => None,
    }
}
