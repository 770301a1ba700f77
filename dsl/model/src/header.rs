//! What a file says of itself before anything is checked: catalogues link files by it.

use dictamen_syntax::tree::{self, AttributeKey, ExprKind, ItemKind};
use dictamen_value::{Date, DateTime};

use crate::graph::About;

/// What a file says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeaderInfo {
    /// Identifier of the ruleset it is, or whose cases it holds.
    pub id: String,
    /// Whether it holds only cases.
    pub cases_only: bool,
    /// `version "…"`.
    pub version: Option<String>,
    /// First day in force.
    pub in_force_from: Option<Date>,
    /// Last day in force.
    pub in_force_to: Option<Date>,
    /// Day from which it is known.
    pub published: Option<Date>,
    /// Rulesets that it imports.
    pub imports: Vec<String>,
}

/// What a file says of itself; `None` without a header. Dates that cannot be read are left out: the checker reports them.
pub fn header(file: &tree::File) -> Option<HeaderInfo> {
    let header = file.header.as_ref()?;
    let (from, to) = match &header.in_force {
        Some((from, to)) => (Some(from), to.as_ref()),
        None => (None, None),
    };
    let imports = file.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Import(import) => Some(import.ruleset.text.clone()),
        _ => None,
    });
    Some(HeaderInfo {
        id: header.id.text.clone(),
        cases_only: header.cases_only,
        version: attribute(&header.attributes, AttributeKey::Version).map(str::to_owned),
        in_force_from: from.and_then(date_of),
        in_force_to: to.and_then(date_of),
        published: header.published.as_ref().and_then(date_of),
        imports: imports.collect(),
    })
}

/// The date that a date literal says.
pub(crate) fn date_of(expr: &tree::Expr) -> Option<Date> {
    match &expr.kind {
        ExprKind::At(text) | ExprKind::Text(text) => Date::parse(text).ok(),
        _ => None,
    }
}

/// The instant that a date literal (its first, in UTC) or a date and time literal says.
pub(crate) fn instant_of(expr: &tree::Expr) -> Option<DateTime> {
    match &expr.kind {
        ExprKind::At(text) | ExprKind::Text(text) => match Date::parse(text) {
            Ok(date) => Some(DateTime::at_midnight_utc(date)),
            Err(_) => DateTime::parse(text).ok(),
        },
        _ => None,
    }
}

/// The text of an attribute.
pub(crate) fn attribute(attributes: &[tree::Attribute], key: AttributeKey) -> Option<&str> {
    attributes.iter().find(|attribute| attribute.key == key).map(|attribute| attribute.text.as_str())
}

/// All attributes together.
pub(crate) fn about(attributes: &[tree::Attribute]) -> About {
    let text = |key| attribute(attributes, key).map(Into::into);
    About {
        title: text(AttributeKey::Title),
        legal_basis: text(AttributeKey::LegalBasis),
        owner: text(AttributeKey::Owner),
        note: text(AttributeKey::Note),
        to_verify: text(AttributeKey::ToVerify),
        reserved: text(AttributeKey::Reserved),
    }
}
