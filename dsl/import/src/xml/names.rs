//! Names, prefixes and the namespaces that they stand for (Namespaces in XML 1.0).

use std::sync::Arc;

/// The namespace of `xml:lang` and its siblings, which needs no declaration.
pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The namespace declarations in force somewhere: those of an element before those around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope(Option<Arc<Declarations>>);

#[derive(Debug)]
struct Declarations {
    /// Prefix (empty for the default) and namespace (empty for none).
    declared: Vec<(String, Arc<str>)>,
    around: Scope,
    /// How many there are here and around.
    count: usize,
}

impl Scope {
    /// These declarations within those around.
    pub(crate) fn within(&self, declared: Vec<(String, Arc<str>)>) -> Scope {
        if declared.is_empty() {
            return self.clone();
        }
        let count = self.count().saturating_add(declared.len());
        Scope(Some(Arc::new(Declarations { declared, around: self.clone(), count })))
    }

    /// How many declarations there are.
    pub(crate) fn count(&self) -> usize {
        self.0.as_ref().map_or(0, |here| here.count)
    }

    /// The namespace of a prefix, empty for the default one; `None` where nobody declared it.
    pub(crate) fn namespace(&self, prefix: &str) -> Option<Arc<str>> {
        if prefix == "xml" {
            return Some(Arc::from(XML));
        }
        let mut scope = self;
        while let Some(here) = &scope.0 {
            if let Some((_, namespace)) = here.declared.iter().find(|(declared, _)| declared == prefix) {
                return (!namespace.is_empty()).then(|| namespace.clone());
            }
            scope = &here.around;
        }
        None
    }

    /// Every prefix with its namespace, the innermost first; a prefix may come again from further out.
    pub(crate) fn bindings(&self) -> Vec<(&str, &Arc<str>)> {
        let mut found = Vec::new();
        let mut scope = self;
        while let Some(here) = &scope.0 {
            found.extend(here.declared.iter().map(|(prefix, namespace)| (prefix.as_str(), namespace)));
            scope = &here.around;
        }
        found
    }
}

/// The prefix (empty for none) and the local part of a name.
pub(crate) fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// Whether a name has the form of one: a letter or `_`, then letters, digits, `.`, `-`, `_`, and at most one `:`.
pub(crate) fn is_name(name: &str) -> bool {
    let (prefix, local) = split(name);
    (!name.contains(':') || is_plain_name(prefix)) && is_plain_name(local)
}

/// Whether a name is one without a prefix. Wider than XML 1.0 in the letters that it takes.
pub(crate) fn is_plain_name(part: &str) -> bool {
    let starts = part.chars().next().is_some_and(|first| first == '_' || first.is_alphabetic());
    starts && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '·') || !c.is_ascii())
}

/// Where a slice of a text starts in it, in bytes; `None` where it is no slice of that text.
pub(crate) fn offset_within(text: &str, slice: &str) -> Option<usize> {
    let offset = slice.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    (offset.checked_add(slice.len())? <= text.len()).then_some(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_declaration_holds() {
        let declared = |pairs: &[(&str, &str)]| pairs.iter().map(|(p, n)| ((*p).to_owned(), Arc::from(*n))).collect();
        let outer = Scope::default().within(declared(&[("", "a"), ("p", "b")]));
        let inner = outer.within(declared(&[("", "")]));
        assert_eq!(outer.namespace("").as_deref(), Some("a"));
        assert_eq!(inner.namespace(""), None);
        assert_eq!(inner.namespace("p").as_deref(), Some("b"));
        assert_eq!(inner.namespace("q"), None);
        assert_eq!((inner.count(), inner.bindings().len()), (3, 3));
    }

    #[test]
    fn names_have_a_form() {
        for (name, expected) in [
            ("decision", true),
            ("dmndi:DMNShape", true),
            ("_9-a.b", true),
            ("año", true),
            ("", false),
            ("9a", false),
            ("a:", false),
            (":a", false),
            ("a:b:c", false),
            ("a b", false),
            ("a\"", false),
        ] {
            assert_eq!(is_name(name), expected, "{name}");
        }
    }
}
