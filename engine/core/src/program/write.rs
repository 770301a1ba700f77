//! Writes slots and facts as JSON: the bytes that values would give.

use std::borrow::Borrow;
use std::sync::Arc;

use dictamen_value::write_text;

use super::code::Reg;
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
    write_facts_by(layout, given, &|register| state.at(register), &state.texts, out)
}

/// The same of some facts, wherever the values of their registers are.
pub(super) fn write_facts_by<'n, S: Borrow<Slot>>(
    layout: &Layout,
    given: impl Iterator<Item = (&'n Arc<str>, NodeId)>,
    slot: &impl Fn(Reg) -> S,
    texts: &Texts,
    out: &mut Vec<u8>,
) -> Option<()> {
    write_record(given, out, |node, out| write_node(layout, node, slot, texts, out))
}

fn write_node<S: Borrow<Slot>>(
    layout: &Layout,
    node: NodeId,
    slot: &impl Fn(Reg) -> S,
    texts: &Texts,
    out: &mut Vec<u8>,
) -> Option<()> {
    match layout.node(node)? {
        Node::Leaf(leaf) => write_slot(slot(leaf.register).borrow(), texts, out),
        Node::Record(record) => match record.presence.map(|presence| *slot(presence).borrow()) {
            None | Some(Slot::Boolean(true)) => {
                let fields = record.names.iter().zip(record.fields.iter().copied());
                write_record(fields, out, |field, out| write_node(layout, field, slot, texts, out))
            }
            Some(_) => {
                out.extend_from_slice(b"null");
                Some(())
            }
        },
        Node::Other => None,
    }
}
