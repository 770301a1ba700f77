//! The types that generated rulesets use, as they are written and as the generator reasons about them.

use super::choices::Choices;

/// A type of the generator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `numero`, `dinero`, `uvt`, `numero en COP/UVT`.
    Number(Measure),
    /// `entero`.
    Integer,
    /// `numero [0..100]` under a name: the constraint binds facts.
    Percentage,
    /// `booleano`.
    Boolean,
    /// `texto`.
    Text,
    /// `fecha`.
    Date,
    /// `hora`.
    Time,
    /// `fecha_hora`.
    DateTime,
    /// `duracion_dias`.
    Days,
    /// `duracion_meses`.
    Months,
    /// One of the declared choices, by position.
    Choice(usize),
    /// One of the declared records, by position.
    Record(usize),
    /// `lista de T`.
    List(Box<Kind>),
    /// `rango de T`.
    Range(Box<Kind>),
    /// `T?`.
    Optional(Box<Kind>),
    /// `funcion(T) : U`.
    Function(Box<Kind>, Box<Kind>),
}

/// What a number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Nothing.
    Plain,
    /// Pesos.
    Cop,
    /// UVT.
    Uvt,
    /// Pesos a UVT.
    CopPerUvt,
}

/// A declared record: its name and fields.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its name.
    pub name: String,
    /// Its fields in order.
    pub fields: Vec<(String, Kind)>,
}

/// A declared choice: its name and values as FEEL literals.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// Its values in order, texts or whole numbers.
    pub values: Vec<String>,
}

/// The words of one spelling that generated text needs.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Whether the file is in English.
    pub english: bool,
}

impl Words {
    /// The Spanish or English word.
    pub fn say(self, spanish: &'static str, english: &'static str) -> &'static str {
        if self.english { english } else { spanish }
    }
}

impl Kind {
    /// A plain number.
    pub const NUMBER: Kind = Kind::Number(Measure::Plain);

    /// A list of this.
    pub fn list(self) -> Kind {
        Kind::List(Box::new(self))
    }

    /// This, or absent.
    pub fn optional(self) -> Kind {
        match self {
            Kind::Optional(_) => self,
            other => Kind::Optional(Box::new(other)),
        }
    }

    /// A type without parts.
    pub fn simple(choices: &mut Choices) -> Kind {
        choices
            .pick(&[
                Kind::NUMBER,
                Kind::Integer,
                Kind::Boolean,
                Kind::Text,
                Kind::Number(Measure::Cop),
                Kind::Date,
                Kind::Number(Measure::Uvt),
                Kind::Choice(0),
                Kind::Days,
                Kind::Months,
                Kind::DateTime,
                Kind::Time,
                Kind::Choice(1),
                Kind::Percentage,
            ])
            .clone()
    }

    /// Any type that facts may have.
    pub fn factual(choices: &mut Choices, records: usize) -> Kind {
        match choices.below(9) {
            0..=3 => Kind::simple(choices),
            4 => Kind::simple(choices).optional(),
            5 => Kind::simple(choices).list(),
            6 if records > 0 => Kind::Record(choices.below(records)),
            7 if records > 0 => Kind::Record(choices.below(records)).list(),
            8 => Kind::Range(Box::new(choices.pick(&[Kind::NUMBER, Kind::Date, Kind::Integer, Kind::Text]).clone())),
            _ => Kind::Integer,
        }
    }

    /// Whether values have an order.
    pub fn is_ordered(&self) -> bool {
        matches!(
            self,
            Kind::Number(_)
                | Kind::Integer
                | Kind::Percentage
                | Kind::Text
                | Kind::Date
                | Kind::Time
                | Kind::DateTime
                | Kind::Days
                | Kind::Months
        )
    }

    /// Whether a value of this may stand where the other is wanted.
    pub fn fits(&self, wanted: &Kind) -> bool {
        match (self, wanted) {
            (Kind::Optional(mine), Kind::Optional(theirs)) => mine.fits(theirs),
            (_, Kind::Optional(theirs)) => self.fits(theirs),
            (Kind::Integer | Kind::Percentage, Kind::Number(Measure::Plain)) => true,
            (Kind::Number(Measure::Plain), Kind::Percentage) => false,
            (Kind::List(mine), Kind::List(theirs)) => mine.fits(theirs),
            _ => self == wanted,
        }
    }

    /// The type as it is written.
    pub fn text(&self, words: Words, records: &[Record], options: &[Choice]) -> String {
        let inner = |kind: &Kind| kind.text(words, records, options);
        match self {
            Kind::Number(Measure::Plain) => words.say("numero", "number").into(),
            Kind::Number(Measure::Cop) => words.say("dinero", "money").into(),
            Kind::Number(Measure::Uvt) => "uvt".into(),
            Kind::Number(Measure::CopPerUvt) => words.say("numero en COP/UVT", "number in COP/UVT").into(),
            Kind::Integer => words.say("entero", "integer").into(),
            Kind::Percentage => "Porcentaje".into(),
            Kind::Boolean => words.say("booleano", "boolean").into(),
            Kind::Text => words.say("texto", "text").into(),
            Kind::Date => words.say("fecha", "date").into(),
            Kind::Time => words.say("hora", "time").into(),
            Kind::DateTime => words.say("fecha_hora", "date_time").into(),
            Kind::Days => words.say("duracion_dias", "days_duration").into(),
            Kind::Months => words.say("duracion_meses", "months_duration").into(),
            Kind::Choice(position) => options[*position].name.clone(),
            Kind::Record(position) => records[*position].name.clone(),
            Kind::List(of) => format!("{} {}", words.say("lista de", "list of"), inner(of)),
            Kind::Range(of) => format!("{} {}", words.say("rango de", "range of"), inner(of)),
            Kind::Optional(of) if matches!(**of, Kind::List(_) | Kind::Range(_) | Kind::Function(..)) => {
                format!("({})?", inner(of))
            }
            Kind::Optional(of) => format!("{}?", inner(of)),
            Kind::Function(from, to) => {
                format!("{}({}) : {}", words.say("funcion", "function"), inner(from), inner(to))
            }
        }
    }

    /// The type as FEEL writes it inside expressions, where it can.
    pub fn feel_text(&self, words: Words, records: &[Record], options: &[Choice]) -> Option<String> {
        let inner = |kind: &Kind| kind.feel_text(words, records, options);
        Some(match self {
            Kind::Optional(_) | Kind::Number(Measure::CopPerUvt) => return None,
            Kind::List(of) => format!("list<{}>", inner(of)?),
            Kind::Range(of) => format!("range<{}>", inner(of)?),
            Kind::Function(from, to) => format!("function<{}>->{}", inner(from)?, inner(to)?),
            Kind::Number(Measure::Plain) => "number".into(),
            Kind::Text => "string".into(),
            Kind::Boolean => "boolean".into(),
            Kind::Date => "date".into(),
            other => other.text(words, records, options),
        })
    }
}
