//! An element as it was read: its names, attributes, children and text.

use std::ops::Range;
use std::sync::Arc;

use super::names::{Scope, split};
use super::{Origin, Text};

/// An element.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    /// The name without its prefix.
    pub(crate) local: String,
    /// The namespace; `None` for none.
    pub(crate) namespace: Option<Arc<str>>,
    /// Attributes in order, without namespace declarations.
    pub(crate) attributes: Vec<Attribute>,
    /// Elements directly inside, in order.
    pub(crate) children: Vec<Element>,
    /// Text directly inside, of all places together.
    pub(crate) text: Text,
    /// Where its start tag stands.
    pub(crate) origin: Origin,
    /// Its bytes with its tags.
    pub(crate) outer: Range<usize>,
    /// Namespaces in force inside.
    pub(crate) scope: Scope,
}

/// An attribute.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    /// Its prefix; empty for none.
    pub(crate) prefix: String,
    /// The name without its prefix.
    pub(crate) local: String,
    /// The namespace; `None` where there is no prefix.
    pub(crate) namespace: Option<Arc<str>>,
    /// Its value, without references.
    pub(crate) value: Text,
}

impl Element {
    /// Whether it is the element of that name in that namespace.
    pub(crate) fn is(&self, namespace: &str, local: &str) -> bool {
        self.local == local && self.namespace.as_deref() == Some(namespace)
    }

    /// An attribute without a prefix.
    pub(crate) fn attribute(&self, local: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.namespace.is_none() && attribute.local == local)
    }

    /// An attribute of a namespace.
    pub(crate) fn attribute_of(&self, namespace: &str, local: &str) -> Option<&Attribute> {
        let is_it = |attribute: &&Attribute| attribute.namespace.as_deref() == Some(namespace);
        self.attributes.iter().filter(is_it).find(|attribute| attribute.local == local)
    }

    /// The namespace and local part of a name that stands as a value (`feel:string`); the namespace is `None` where
    /// there is no prefix, the whole is `None` where nobody declared the prefix.
    pub(crate) fn qualified<'a>(&self, value: &'a str) -> Option<(Option<Arc<str>>, &'a str)> {
        match split(value) {
            ("", local) => Some((None, local)),
            (prefix, local) => self.scope.namespace(prefix).map(|namespace| (Some(namespace), local)),
        }
    }
}
