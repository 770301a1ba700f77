//! What is said about a block: its title is the label of its element, its legal basis a knowledge source that it rests on,
//! all else lines of its description.

use dictamen_syntax::tree::{Attribute, AttributeKey, Header, Name};

use super::document::Document;
use super::parameters::text_of_date as date;
use crate::dmn::model::{AuthorityRequirement, DmnElement, DrgElement, KnowledgeSource, Reference, RequiredAuthority};

/// The words for what is said: Spanish, English.
const WORDS: [(AttributeKey, &str, &str); 6] = [
    (AttributeKey::Title, "Título", "Title"),
    (AttributeKey::LegalBasis, "Base legal", "Legal basis"),
    (AttributeKey::Owner, "Responsable", "Owner"),
    (AttributeKey::Version, "Versión", "Version"),
    (AttributeKey::Note, "Nota", "Note"),
    (AttributeKey::ToVerify, "Por verificar", "To verify"),
];

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
        let about = self.about(said.collect());
        let lines = about.description.into_iter().chain(self.force(header));
        DmnElement { label: about.label, description: joined(lines.collect()), ..DmnElement::default() }
    }

    fn force(&self, header: &Header) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some((from, to)) = &header.in_force {
            let (word, since) = (self.word("Vigente", "In force"), self.word("desde", "from"));
            let until = self.word("hasta", "to");
            let to = to.as_ref().map(|to| format!(" {until} {}", date(to))).unwrap_or_default();
            lines.push(format!("{word}: {since} {}{to}", date(from)));
        }
        if let Some(published) = &header.published {
            lines.push(format!("{}: {}", self.word("Publicada", "Published"), date(published)));
        }
        lines
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
        DmnElement { id: symbol.map(|symbol| symbol.id.clone()), ..self.about(attributes) }
    }

    /// The first title is the label; a note alone needs no word before it.
    fn about(&self, attributes: Vec<&Attribute>) -> DmnElement {
        let title = attributes.iter().position(|attribute| attribute.key == AttributeKey::Title);
        let label = title.and_then(|title| attributes.get(title)).map(|title| title.text.clone());
        let others: Vec<&Attribute> = (0..)
            .zip(attributes)
            .filter(|(position, _)| Some(*position) != title)
            .map(|(_, attribute)| attribute)
            .collect();
        let description = match others.as_slice() {
            [note] if note.key == AttributeKey::Note => Some(note.text.clone()),
            several => joined(several.iter().map(|attribute| self.line(attribute)).collect()),
        };
        DmnElement { label, description, ..DmnElement::default() }
    }

    fn line(&self, attribute: &Attribute) -> String {
        let word = WORDS.iter().find(|(key, ..)| *key == attribute.key);
        let word = word.map_or("", |(_, spanish, english)| self.word(spanish, english));
        format!("{word}: {}", attribute.text)
    }
}

fn joined(lines: Vec<String>) -> Option<String> {
    Some(lines.join("\n")).filter(|text| !text.is_empty())
}
