//! Types of values: what the checker reasons about, what facts are parsed against, what OpenAPI is generated from.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Message, Value};

/// A type. In native `.regla` everything has one before anything runs; `Any` is what DMN leaves open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Type {
    /// Not known before evaluation (`modo dmn` only, and the element of an empty list).
    Any,
    /// Of `null` alone.
    Null,
    /// `booleano`.
    Boolean,
    /// `numero`, `entero`, `dinero`, `uvt`, `numero en COP/UVT`.
    Number {
        /// Whether only whole numbers belong.
        integer: bool,
        /// What one of it measures.
        unit: Unit,
    },
    /// `texto`.
    Text,
    /// `fecha`.
    Date,
    /// `hora`.
    Time,
    /// `fecha_hora`.
    DateTime,
    /// `duracion` of days, hours, minutes, seconds.
    DaysDuration,
    /// `duracion` of years and months.
    MonthsDuration,
    /// `rango de T`.
    Range(Box<Type>),
    /// `lista de T`.
    List(Box<Type>),
    /// `{ a: T, b: U }`.
    Record(Arc<RecordType>),
    /// `"a" | "b"`: one of these values, all of one basic type, in order of priority.
    Choice(Arc<[Value]>),
    /// `T?`: may be absent.
    Optional(Box<Type>),
    /// A function.
    Function(Arc<FunctionType>),
    /// A type with a name, a constraint, or both.
    Named(Arc<NamedType>),
}

/// Fields in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordType {
    /// Fields in the order they were declared, which is the order they are written in.
    pub fields: Vec<Field>,
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// Its type; an `Optional` one may be left out.
    pub ty: Type,
}

/// Parameters and result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunctionType {
    /// Types of the parameters in order.
    pub parameters: Vec<Type>,
    /// Type of what it returns.
    pub result: Type,
}

/// A type that was given a name or a constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedType {
    /// The name it was declared under, if any.
    pub name: Option<Arc<str>>,
    /// What it restricts.
    pub base: Type,
    /// Which constraint of the model (and of the plan, which keeps the numbering) a value must meet.
    pub constraint: Option<u32>,
}

/// What a number measures, as powers of base units: pesos are `COP¹`, the value of a UVT `COP¹·UVT⁻¹`; empty for a plain number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Unit {
    powers: Vec<(Arc<str>, i8)>,
}

impl Unit {
    /// The unit of a plain number.
    pub fn none() -> Unit {
        Unit::default()
    }

    /// A base unit, such as `COP`.
    pub fn base(name: &str) -> Unit {
        Unit { powers: vec![(name.into(), 1)] }
    }

    /// Whether this is the unit of a plain number.
    pub fn is_none(&self) -> bool {
        self.powers.is_empty()
    }

    /// The unit of a product.
    pub fn times(&self, other: &Unit) -> Unit {
        self.combine(other, 1)
    }

    /// The unit of a quotient.
    pub fn over(&self, other: &Unit) -> Unit {
        self.combine(other, -1)
    }

    fn combine(&self, other: &Unit, sign: i8) -> Unit {
        let mut powers = self.powers.clone();
        for (name, power) in &other.powers {
            let change = power.saturating_mul(sign);
            match powers.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => *known = known.saturating_add(change),
                None => powers.push((name.clone(), change)),
            }
        }
        powers.retain(|(_, power)| *power != 0);
        powers.sort();
        Unit { powers }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |sign: i8| {
            let names = self.powers.iter().filter(move |(_, power)| power.signum() == sign);
            names
                .flat_map(|(name, power)| std::iter::repeat_n(&**name, usize::from(power.unsigned_abs())))
                .collect::<Vec<_>>()
                .join("*")
        };
        let (above, below) = (part(1), part(-1));
        match (above.is_empty(), below.is_empty()) {
            (_, true) => out.write_str(&above),
            (true, false) => write!(out, "1/{below}"),
            (false, false) => write!(out, "{above}/{below}"),
        }
    }
}

impl Type {
    /// A plain number.
    pub fn number() -> Type {
        Type::Number { integer: false, unit: Unit::none() }
    }

    /// A whole number.
    pub fn integer() -> Type {
        Type::Number { integer: true, unit: Unit::none() }
    }

    /// A list of a type.
    pub fn list(of: Type) -> Type {
        Type::List(Box::new(of))
    }

    /// The same type, where the value may be absent; nothing is added twice.
    pub fn optional(self) -> Type {
        match self {
            Type::Any | Type::Null | Type::Optional(_) => self,
            other => Type::Optional(Box::new(other)),
        }
    }

    /// Whether a value may be absent.
    pub fn is_optional(&self) -> bool {
        match self {
            Type::Any | Type::Null | Type::Optional(_) => true,
            Type::Named(named) => named.base.is_optional(),
            _ => false,
        }
    }

    /// The type of a value that is known to be present.
    pub fn present(&self) -> &Type {
        match self {
            Type::Optional(inner) => inner.present(),
            Type::Named(named) if named.base.is_optional() => named.base.present(),
            other => other,
        }
    }

    /// The type behind names, constraints and "may be absent".
    pub fn bare(&self) -> &Type {
        match self {
            Type::Optional(inner) => inner.bare(),
            Type::Named(named) => named.base.bare(),
            other => other,
        }
    }

    /// The fields, where this is (a name for, or maybe absent) a record.
    pub fn fields(&self) -> Option<&[Field]> {
        match self.bare() {
            Type::Record(record) => Some(&record.fields),
            _ => None,
        }
    }

    /// The type of the elements, where this is a list.
    pub fn element(&self) -> Option<&Type> {
        match self.bare() {
            Type::List(element) => Some(element),
            _ => None,
        }
    }

    /// The basic type of a choice (that of its values), or this type itself.
    pub fn basic(&self) -> Type {
        match self.bare() {
            Type::Choice(values) => values.first().map_or(Type::Any, Value::type_of),
            other => other.clone(),
        }
    }
}

impl Type {
    /// The type as people write it: `lista de texto`, `dinero`, `"a" | "b"`, `texto?`.
    pub fn describe(&self) -> Message {
        match self {
            Type::Any => Message::new("cualquiera", "any"),
            Type::Null => Message::new("nulo", "null"),
            Type::Boolean => Message::new("booleano", "boolean"),
            Type::Number { integer, unit } => describe_number(*integer, unit),
            Type::Text => Message::new("texto", "text"),
            Type::Date => Message::new("fecha", "date"),
            Type::Time => Message::new("hora", "time"),
            Type::DateTime => Message::new("fecha_hora", "date_time"),
            Type::DaysDuration => Message::new("duracion_dias", "days_duration"),
            Type::MonthsDuration => Message::new("duracion_meses", "months_duration"),
            Type::Range(of) => prefixed("rango de ", "range of ", &of.describe()),
            Type::List(of) => prefixed("lista de ", "list of ", &of.describe()),
            Type::Record(record) => describe_record(record),
            Type::Choice(values) => Message::same(values.iter().map(Value::to_feel).collect::<Vec<_>>().join(" | ")),
            Type::Optional(of) => describe_optional(of),
            Type::Function(function) => describe_function(function),
            Type::Named(named) => {
                named.name.as_ref().map_or_else(|| named.base.describe(), |name| Message::same(&**name))
            }
        }
    }
}

/// Writes the Spanish description.
impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe().fmt(out)
    }
}

fn prefixed(es: &str, en: &str, rest: &Message) -> Message {
    Message::new(format!("{es}{}", rest.es), format!("{en}{}", rest.en))
}

fn describe_number(integer: bool, unit: &Unit) -> Message {
    let unit_text = unit.to_string();
    match (integer, unit_text.as_str()) {
        (false, "") => Message::new("numero", "number"),
        (true, "") => Message::new("entero", "integer"),
        (false, "COP") => Message::new("dinero", "money"),
        (false, "UVT") => Message::same("uvt"),
        (false, unit) => Message::new(format!("numero en {unit}"), format!("number in {unit}")),
        (true, unit) => Message::new(format!("entero en {unit}"), format!("integer in {unit}")),
    }
}

fn describe_optional(of: &Type) -> Message {
    let inner = of.describe();
    match of {
        Type::List(_) | Type::Range(_) | Type::Choice(_) | Type::Function(_) => {
            Message::new(format!("({})?", inner.es), format!("({})?", inner.en))
        }
        _ => Message::new(format!("{}?", inner.es), format!("{}?", inner.en)),
    }
}

fn describe_record(record: &RecordType) -> Message {
    let fields: Vec<_> = record.fields.iter().map(|field| (&field.name, field.ty.describe())).collect();
    let written = |text: fn(&Message) -> &str| {
        let fields = fields.iter().map(|(name, ty)| format!("{name}: {}", text(ty)));
        fields.collect::<Vec<_>>().join(", ")
    };
    match fields.is_empty() {
        true => Message::same("{}"),
        false => Message::new(format!("{{ {} }}", written(|ty| &ty.es)), format!("{{ {} }}", written(|ty| &ty.en))),
    }
}

fn describe_function(function: &FunctionType) -> Message {
    let parameters: Vec<_> = function.parameters.iter().map(Type::describe).collect();
    let result = function.result.describe();
    let written = |text: fn(&Message) -> &str| parameters.iter().map(text).collect::<Vec<_>>().join(", ");
    Message::new(
        format!("funcion({}) : {}", written(|ty| &ty.es), result.es),
        format!("function({}) : {}", written(|ty| &ty.en), result.en),
    )
}
