//! What is said about a block: its title is the label of its element, its legal basis a knowledge source that it rests on,
//! all else lines of its description.

use dictamen_syntax::tree::{Attribute, AttributeKey, Header, Name, Spelling};

use super::document::Document;
use super::parameters::text_of_date;
use crate::dmn::model::{AuthorityRequirement, DmnElement, DrgElement, KnowledgeSource, Reference, RequiredAuthority};
use crate::dmn::said::{self, Said, Words};

impl Document<'_, '_> {
    /// A declared element with its identifier and what its attributes say.
    pub(super) fn element(&self, name: &Name, attributes: &[Attribute]) -> DmnElement {
        self.described(name, attributes.iter().collect())
    }

    /// The same for one that may rest on knowledge sources: each legal basis is one.
    pub(super) fn authorised(
        &mut self,
        name: &Name,
        attributes: &[Attribute],
    ) -> (DmnElement, Vec<AuthorityRequirement>) {
        let (bases, others): (Vec<&Attribute>, Vec<&Attribute>) =
            attributes.iter().partition(|attribute| attribute.key == AttributeKey::LegalBasis);
        let mut authority = Vec::new();
        for basis in bases {
            let reference = Reference { id: self.source(&basis.text), ..Reference::default() };
            let element = self.identified("rests", &name.text);
            authority.push(AuthorityRequirement { element, required: RequiredAuthority::Authority(reference) });
        }
        (self.described(name, others), authority)
    }

    /// The knowledge sources that elements turned out to rest on.
    pub(super) fn sources(&self) -> impl Iterator<Item = DrgElement> {
        self.sources.iter().map(|(name, id)| {
            let element = DmnElement { id: Some(id.clone()), ..DmnElement::default() };
            DrgElement::KnowledgeSource(KnowledgeSource { element, name: name.clone(), ..KnowledgeSource::default() })
        })
    }

    /// The element of the document itself, with when the ruleset is in force.
    pub(super) fn header_element(&self, header: &Header, titled: bool) -> DmnElement {
        let said = header.attributes.iter().filter(|attribute| !titled || attribute.key != AttributeKey::Title);
        let (label, mut lines) = lines(said.collect());
        if let Some((from, to)) = &header.in_force {
            let to = to.as_ref().map(|to| format!("..{}", text_of_date(to))).unwrap_or_default();
            lines.push((Said::InForce, format!("{}{to}", text_of_date(from))));
        }
        lines.extend(header.published.as_ref().map(|date| (Said::Published, text_of_date(date))));
        DmnElement { label, description: said::write(&lines, self.words()), ..DmnElement::default() }
    }

    /// The identifier of the knowledge source of a name.
    fn source(&mut self, name: &str) -> String {
        if let Some((_, id)) = self.sources.iter().find(|(known, _)| known == name) {
            return id.clone();
        }
        let id = self.ids.fresh("source", name);
        self.sources.push((name.to_owned(), id.clone()));
        id
    }

    fn described(&self, name: &Name, attributes: Vec<&Attribute>) -> DmnElement {
        let symbol = self.rulesets.sets.get(self.here).and_then(|set| set.symbol(&name.text));
        let (label, lines) = lines(attributes);
        DmnElement {
            id: symbol.map(|symbol| symbol.id.clone()),
            label,
            description: said::write(&lines, self.words()),
            ..DmnElement::default()
        }
    }

    fn words(&self) -> Words {
        let file = self.rulesets.sets.get(self.here).and_then(|set| set.files.first());
        match file.map(|file| file.spelling) {
            Some(Spelling::English) => Words::English,
            _ => Words::Spanish,
        }
    }
}

/// The first title, and a line for each other attribute.
fn lines(attributes: Vec<&Attribute>) -> (Option<String>, Vec<(Said, String)>) {
    let mut label = None;
    let mut lines = Vec::new();
    for attribute in attributes {
        match attribute.key {
            AttributeKey::Title if label.is_none() => label = Some(attribute.text.clone()),
            key => lines.push((Said::Attribute(key), attribute.text.clone())),
        }
    }
    (label, lines)
}
