//! Why no version of a ruleset answers a request, told to whoever asked.

use std::sync::Arc;

use dictamen_value::Message;

use super::Day;

/// How many known names an error lists.
const NAMES_MAX: usize = 20;

/// Why no version answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Unresolved {
    /// There is no such ruleset.
    NoRuleset {
        /// What was asked for.
        id: Arc<str>,
        /// The rulesets there are, some of them.
        known: Vec<Arc<str>>,
    },
    /// There is no version of that name.
    NoVersion {
        /// The ruleset.
        id: Arc<str>,
        /// What was asked for.
        version: Arc<str>,
        /// The versions there are, some of them.
        known: Vec<Arc<str>>,
    },
    /// None of its versions was in force on that day and known at that moment.
    NotInForce {
        /// The ruleset, or one that it imports.
        id: Arc<str>,
        /// The dates asked for.
        day: Day,
        /// Its versions with their days in force, some of them.
        known: Vec<String>,
    },
    /// Its texts have errors; the service's log and `/health/ready` list them.
    Broken {
        /// The ruleset.
        id: Arc<str>,
        /// The version.
        version: Arc<str>,
        /// How many errors.
        errors: usize,
    },
}

impl Unresolved {
    /// What to tell the reader.
    pub fn message(&self) -> Message {
        match self {
            Unresolved::NoRuleset { id, known } => no_ruleset(id, known),
            Unresolved::NoVersion { id, version, known } => no_version(id, version, known),
            Unresolved::NotInForce { id, day, known } => not_in_force(id, day, known),
            Unresolved::Broken { id, version, errors } => broken(id, version, *errors),
        }
    }
}

/// The first names of many, as a text.
pub(crate) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMES_MAX).map(AsRef::as_ref).collect();
    let more = if names.len() > NAMES_MAX { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn no_ruleset(id: &str, known: &[Arc<str>]) -> Message {
    let known = listed(known);
    Message::new(
        format!("no hay un conjunto de reglas «{id}»; hay: {known}"),
        format!("there is no ruleset “{id}”; there are: {known}"),
    )
}

fn no_version(id: &str, version: &str, known: &[Arc<str>]) -> Message {
    let known = listed(known);
    Message::new(
        format!("«{id}» no tiene una versión «{version}»; tiene: {known}"),
        format!("“{id}” has no version “{version}”; it has: {known}"),
    )
}

fn not_in_force(id: &str, day: &Day, known: &[String]) -> Message {
    let (as_of, known_at, known) = (day.as_of, day.known_at, listed(known));
    Message::new(
        format!("ninguna versión de «{id}» estaba vigente el {as_of} según lo conocido en {known_at}; tiene: {known}"),
        format!("no version of “{id}” was in force on {as_of} as known at {known_at}; it has: {known}"),
    )
}

fn broken(id: &str, version: &str, errors: usize) -> Message {
    Message::new(
        format!(
            "la versión «{version}» de «{id}» tiene {errors} errores y no atiende; quien opera el servicio los ve en /health/ready"
        ),
        format!(
            "version “{version}” of “{id}” has {errors} errors and doesn't serve; whoever operates the service sees them at /health/ready"
        ),
    )
}
