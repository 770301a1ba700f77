//! XML as every reader here needs it: a small tree with positions, within limits, and a writer.
//!
//! No DTD, no entity beyond the five of XML and character references, no encoding but UTF-8 and UTF-16.

mod bytes;
mod element;
mod names;
mod origin;
mod parse;
mod problem;
mod text;
mod write;

pub(crate) use bytes::decode;
pub(crate) use element::{Attribute, Element};
pub(crate) use names::is_plain_name;
pub(crate) use parse::parse;
pub(crate) use problem::{CODES, shown};
pub(crate) use text::is_xml_space;
pub(crate) use write::{XmlWriter, escape_attribute};

pub use origin::{Origin, Path};
pub use text::Text;

/// How much of a file is read before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file.
    pub file_bytes: usize,
    /// Elements inside elements.
    pub nesting_levels: usize,
    /// Elements of a file.
    pub elements: usize,
    /// Attributes of one element.
    pub attributes_of_an_element: usize,
    /// Namespace declarations in force at one place.
    pub namespaces: usize,
    /// Problems that are told; the others are only counted.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: 16_777_216,
            nesting_levels: 100,
            elements: 250_000,
            attributes_of_an_element: 128,
            namespaces: 256,
            diagnostics: 100,
        }
    }
}
