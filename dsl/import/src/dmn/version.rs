//! The versions of DMN and the namespaces by which their files are known.

use std::fmt;

/// A version of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// DMN 1.1.
    V1_1,
    /// DMN 1.2.
    V1_2,
    /// DMN 1.3.
    V1_3,
    /// DMN 1.4.
    V1_4,
    /// DMN 1.5: the version that is written.
    V1_5,
    /// DMN 1.6.
    V1_6,
}

/// The namespace of elements in DMN 1.5.
pub(crate) const MODEL: &str = "https://www.omg.org/spec/DMN/20230324/MODEL/";
/// The namespace of FEEL in DMN 1.5.
pub(crate) const FEEL: &str = "https://www.omg.org/spec/DMN/20230324/FEEL/";
/// The namespace of diagrams in DMN 1.5.
pub(crate) const DMNDI: &str = "https://www.omg.org/spec/DMN/20230324/DMNDI/";
/// The namespace of bounds, points and colours, in every version.
pub(crate) const DC: &str = "http://www.omg.org/spec/DMN/20180521/DC/";
/// The namespace of waypoints, in every version.
pub(crate) const DI: &str = "http://www.omg.org/spec/DMN/20180521/DI/";

/// The date by which the namespaces of a version are known.
const DATES: &[(&str, Version)] = &[
    ("20151101", Version::V1_1),
    ("20180521", Version::V1_2),
    ("20191111", Version::V1_3),
    ("20211108", Version::V1_4),
    ("20230324", Version::V1_5),
    ("20240513", Version::V1_6),
];

/// What namespaces of the standard end in, after their date.
const MODEL_ENDS: &[&str] = &["/MODEL", "/dmn.xsd", "/dmn11.xsd"];

impl Version {
    /// The version of a namespace of elements.
    pub fn of_namespace(namespace: &str) -> Option<Version> {
        MODEL_ENDS.iter().find_map(|end| dated(namespace, end))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Version::V1_1 => "1.1",
            Version::V1_2 => "1.2",
            Version::V1_3 => "1.3",
            Version::V1_4 => "1.4",
            Version::V1_5 => "1.5",
            Version::V1_6 => "1.6",
        })
    }
}

/// Whether a namespace is that of FEEL in some version.
pub(crate) fn is_feel(namespace: &str) -> bool {
    let old = namespace.trim_end_matches('/').ends_with("omg.org/spec/FEEL/20140401");
    old || dated(namespace, "/FEEL").is_some()
}

/// Whether a namespace is that of B-FEEL (DMN 1.6, chapter 11).
pub(crate) fn is_b_feel(namespace: &str) -> bool {
    dated(namespace, "/B-FEEL").is_some()
}

/// Whether a namespace is that of diagrams in some version.
pub(crate) fn is_dmndi(namespace: &str) -> bool {
    dated(namespace, "/DMNDI").is_some()
}

/// The version of a namespace with that end; `http` and `https` are taken alike, and a stroke at the end.
fn dated(namespace: &str, end: &str) -> Option<Version> {
    let rest = namespace.strip_prefix("https://").or_else(|| namespace.strip_prefix("http://"))?;
    let rest = rest.strip_prefix("www.omg.org/spec/DMN/")?;
    let date = rest.strip_suffix('/').unwrap_or(rest).strip_suffix(end)?;
    DATES.iter().find(|(known, _)| *known == date).map(|(_, version)| *version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_tell_the_version() {
        for (namespace, expected) in [
            ("http://www.omg.org/spec/DMN/20151101/dmn.xsd", Some(Version::V1_1)),
            ("http://www.omg.org/spec/DMN/20151101/dmn11.xsd", Some(Version::V1_1)),
            ("http://www.omg.org/spec/DMN/20180521/MODEL/", Some(Version::V1_2)),
            ("https://www.omg.org/spec/DMN/20191111/MODEL/", Some(Version::V1_3)),
            ("https://www.omg.org/spec/DMN/20211108/MODEL/", Some(Version::V1_4)),
            (MODEL, Some(Version::V1_5)),
            ("https://www.omg.org/spec/DMN/20240513/MODEL", Some(Version::V1_6)),
            ("http://www.omg.org/spec/DMN/20130901", None),
            ("https://www.omg.org/spec/BPMN/20100524/MODEL", None),
            (FEEL, None),
        ] {
            assert_eq!(Version::of_namespace(namespace), expected, "{namespace}");
        }
        assert!(is_feel(FEEL) && is_feel("http://www.omg.org/spec/FEEL/20140401") && !is_feel(MODEL));
        assert!(is_dmndi(DMNDI) && is_dmndi("http://www.omg.org/spec/DMN/20180521/DMNDI/") && !is_dmndi(DC));
        assert!(is_b_feel("https://www.omg.org/spec/DMN/20240513/B-FEEL/") && !is_b_feel(FEEL));
    }
}
