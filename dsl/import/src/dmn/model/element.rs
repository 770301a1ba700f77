//! What all elements of a document have, and how they refer to others.

use std::fmt;

use crate::xml::Origin;

/// What every element may carry (DMN 1.5, clause 6.3.1). Its place is no part of what it says.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DmnElement {
    /// Its identifier, by which others refer to it.
    pub id: Option<String>,
    /// A short text about it.
    pub label: Option<String>,
    /// A longer text about it.
    pub description: Option<String>,
    /// What a tool added inside `extensionElements`.
    pub extensions: Vec<Extension>,
    /// Attributes of other namespaces.
    pub attributes: Vec<ForeignAttribute>,
    /// Where it stands.
    pub origin: Origin,
}

/// An element of another namespace, kept as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its XML, with every namespace declaration that it needs to stand by itself.
    pub xml: String,
}

/// An attribute of another namespace.
#[derive(Clone, Debug)]
pub struct ForeignAttribute {
    /// The prefix that it was written with: no part of what it says.
    pub prefix: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name without the prefix.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A reference to an element by its identifier: `href="#id"` or `href="namespace#id"`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Reference {
    /// The namespace of the document that holds it; `None` for the one that refers.
    pub namespace: Option<String>,
    /// The identifier.
    pub id: String,
    /// Where it stands.
    pub origin: Origin,
}

/// The name of a type: built in (`string`), an item definition (`tLoan`) or one of an import (`loans.tLoan`).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TypeRef {
    /// The name, as DMN 1.2 and later write it.
    pub name: String,
    /// Where it stands.
    pub origin: Origin,
}

/// The language of expressions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Language {
    /// FEEL, of whatever version.
    Feel,
    /// B-FEEL (DMN 1.6, chapter 11), whose errors give values instead of null.
    BFeel,
    /// Another one, by its URI.
    Other(String),
}

impl PartialEq for ForeignAttribute {
    fn eq(&self, other: &ForeignAttribute) -> bool {
        (&self.namespace, &self.name, &self.value) == (&other.namespace, &other.name, &other.value)
    }
}

impl Eq for ForeignAttribute {}

impl fmt::Debug for DmnElement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = out.debug_struct("DmnElement");
        shown.field("origin", &self.origin);
        for (name, text) in [("id", &self.id), ("label", &self.label), ("description", &self.description)] {
            if let Some(text) = text {
                shown.field(name, text);
            }
        }
        if !self.extensions.is_empty() {
            shown.field("extensions", &self.extensions);
        }
        if !self.attributes.is_empty() {
            shown.field("attributes", &self.attributes);
        }
        shown.finish()
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}#{}", self.namespace.as_deref().unwrap_or_default(), self.id)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self} at {:?}", self.origin)
    }
}

impl fmt::Debug for TypeRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} at {:?}", self.name, self.origin)
    }
}
