//! Generated calls of built-in functions, straight from the catalogue: whatever it holds is called.

use dictamen_functions::{Entry, Parameter, Presence, Shape, Signature};

use super::kinds::{Kind, Measure};
use super::scope::Writer;

/// What the numbered parts of a signature stand for in one call.
#[derive(Clone, Debug, Default)]
struct Bound {
    same: Vec<(u8, Kind)>,
    units: Vec<(u8, Measure)>,
}

impl Writer<'_> {
    /// A call of some built-in function that returns a type, if there is one.
    pub fn call_built_in(&mut self, kind: &Kind, fuel: usize) -> Option<String> {
        let mut fitting: Vec<(&'static Entry, &'static Signature, Bound)> = Vec::new();
        for entry in dictamen_functions::all() {
            // What has an order can be compared, lists of them cannot.
            let in_order = matches!(entry.name, "min" | "max" | "sort");
            for signature in entry.signatures.iter().filter(|_| !in_order || kind.is_ordered()) {
                if let Some(bound) = returns(&signature.result, kind) {
                    fitting.push((entry, signature, bound));
                }
            }
        }
        if fitting.is_empty() {
            return None;
        }
        let (entry, signature, bound) = self.choices.pick(&fitting).clone();
        self.call_by(entry, signature, bound, fuel)
    }

    fn call_by(&mut self, entry: &Entry, signature: &Signature, mut bound: Bound, fuel: usize) -> Option<String> {
        let mut arguments: Vec<(&str, String)> = Vec::new();
        for parameter in signature.parameters {
            let count = match parameter.presence {
                Presence::Required => 1,
                Presence::Optional if self.choices.percent(50) => 1,
                Presence::Optional => break,
                Presence::Variadic => 1 + self.choices.below(3),
            };
            for _ in 0..count {
                arguments.push((parameter.name, self.argument(parameter, &mut bound, fuel)?));
            }
        }
        let named =
            entry.signatures.len() == 1 && signature.parameters.iter().all(|one| one.presence == Presence::Required);
        if named && self.choices.percent(20) {
            arguments.reverse();
            let written: Vec<String> = arguments.iter().map(|(name, text)| format!("{name}: {text}")).collect();
            return Some(format!("{}({})", entry.name, written.join(", ")));
        }
        let written: Vec<String> = arguments.into_iter().map(|(_, text)| text).collect();
        Some(format!("{}({})", entry.name, written.join(", ")))
    }

    fn argument(&mut self, parameter: &Parameter, bound: &mut Bound, fuel: usize) -> Option<String> {
        if let Shape::Function(parameters, result) = parameter.shape {
            return self.function_argument(parameters, result, bound, fuel);
        }
        let kind = self.kind_of(&parameter.shape, bound)?;
        // Positions and lengths are small, or everything would be out of range.
        if matches!(parameter.shape, Shape::Integer | Shape::Number) && self.choices.percent(60) {
            return Some(self.choices.word(&["1", "2", "0", "-1", "3", "12", "2026"]).into());
        }
        Some(self.expression(&kind, fuel / 2, false))
    }

    fn function_argument(
        &mut self,
        parameters: &[Shape],
        result: &Shape,
        bound: &mut Bound,
        fuel: usize,
    ) -> Option<String> {
        let kinds: Vec<Kind> = parameters.iter().map(|shape| self.kind_of(shape, bound)).collect::<Option<_>>()?;
        let result = self.kind_of(result, bound)?;
        let names: Vec<String> = kinds.iter().map(|_| self.fresh("x")).collect();
        let typed = kinds.iter().zip(&names).map(|(kind, name)| {
            let ty = kind.feel_text(self.words, &self.records, &self.options)?;
            Some(format!("{name}: {ty}"))
        });
        let typed: Vec<String> = typed.collect::<Option<_>>()?;
        let body = self.in_function(|writer| {
            for (name, kind) in names.iter().zip(&kinds) {
                writer.know(name, kind.clone());
            }
            match (names.as_slice(), &kinds[..], &result) {
                ([one, other], [kind, _], Kind::Boolean) if kind.is_ordered() && writer.choices.percent(70) => {
                    format!("{one} {} {other}", writer.choices.word(&["<", ">"]))
                }
                _ => writer.expression(&result, fuel / 2, false),
            }
        });
        Some(format!("function({}) {body}", typed.join(", ")))
    }

    /// A type that a shape takes.
    fn kind_of(&mut self, shape: &Shape, bound: &mut Bound) -> Option<Kind> {
        Some(match shape {
            // Ranges are declared over anything, but need an order.
            Shape::Any => self.ordered_kind(),
            Shape::Null | Shape::Function(..) => return None,
            Shape::Boolean => Kind::Boolean,
            Shape::Number => Kind::NUMBER,
            Shape::Integer => Kind::Integer,
            Shape::Text => Kind::Text,
            Shape::Date => Kind::Date,
            Shape::Time => Kind::Time,
            Shape::DateTime => Kind::DateTime,
            Shape::DaysDuration => Kind::Days,
            Shape::MonthsDuration => Kind::Months,
            Shape::Context if self.records.is_empty() => return None,
            Shape::Context => Kind::Record(self.choices.below(self.records.len())),
            Shape::Unit(number) => Kind::Number(self.measure(*number, bound)),
            Shape::Same(number) => self.same(*number, bound),
            Shape::List(of) => self.kind_of(of, bound)?.list(),
            Shape::Range(of) => {
                let of = self.kind_of(of, bound)?;
                if !of.is_ordered() {
                    return None;
                }
                Kind::Range(Box::new(of))
            }
            Shape::Optional(of) => self.kind_of(of, bound)?.optional(),
        })
    }

    fn measure(&mut self, number: u8, bound: &mut Bound) -> Measure {
        if let Some((_, measure)) = bound.units.iter().find(|(known, _)| *known == number) {
            return *measure;
        }
        let measure = *self.choices.pick(&[Measure::Plain, Measure::Cop, Measure::Uvt]);
        bound.units.push((number, measure));
        measure
    }

    fn same(&mut self, number: u8, bound: &mut Bound) -> Kind {
        if let Some((_, kind)) = bound.same.iter().find(|(known, _)| *known == number) {
            return kind.clone();
        }
        let kind = Kind::simple(self.choices);
        bound.same.push((number, kind.clone()));
        kind
    }
}

/// What a shape must stand for so that it gives a type; `None` where it never does.
fn returns(shape: &Shape, kind: &Kind) -> Option<Bound> {
    let nothing = Some(Bound::default());
    match (shape, kind) {
        (Shape::Boolean, Kind::Boolean)
        | (Shape::Number, Kind::Number(Measure::Plain))
        | (Shape::Integer, Kind::Integer | Kind::Number(Measure::Plain))
        | (Shape::Text, Kind::Text)
        | (Shape::Date, Kind::Date)
        | (Shape::Time, Kind::Time)
        | (Shape::DateTime, Kind::DateTime)
        | (Shape::DaysDuration, Kind::Days)
        | (Shape::MonthsDuration, Kind::Months) => nothing,
        (Shape::Unit(number), Kind::Number(measure)) => {
            Some(Bound { units: vec![(*number, *measure)], same: Vec::new() })
        }
        (Shape::Same(number), kind) if !matches!(kind, Kind::Optional(_) | Kind::Function(..)) => {
            Some(Bound { same: vec![(*number, kind.clone())], units: Vec::new() })
        }
        (Shape::List(of), Kind::List(kind)) | (Shape::Range(of), Kind::Range(kind)) => returns(of, kind),
        (Shape::Optional(of), Kind::Optional(kind)) => returns(of, kind),
        _ => None,
    }
}
