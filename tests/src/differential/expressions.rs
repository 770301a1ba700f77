//! Expressions of a wanted type, in every form that the language has for it.

use super::kinds::{Kind, Measure};
use super::scope::Writer;

/// Literals that numbers are written with.
const NUMBERS: [&str; 18] = [
    "0",
    "1",
    "2",
    "3",
    "5",
    "7",
    "10",
    "12",
    "100",
    "3500",
    "0.5",
    "1.25",
    "0.1",
    "49799",
    "1000000",
    "99.99",
    "1E3",
    "12345678901234567890.123456789",
];
/// Literals that whole numbers are written with.
const INTEGERS: [&str; 12] = ["0", "1", "2", "3", "4", "5", "8", "12", "30", "100", "2026", "49799"];
/// Literals that texts are written with.
const TEXTS: [&str; 10] = [
    "\"\"",
    "\"a\"",
    "\"b\"",
    "\"ab\"",
    "\"Ñandú\"",
    "\"a|b\"",
    "\"con \\\"comillas\\\"\"",
    "\"10\"",
    "\"x y\"",
    "\"día\\n2\"",
];
/// Literals that dates are written with.
const DATES: [&str; 7] =
    ["2026-01-01", "2025-12-31", "2024-02-29", "2026-06-30", "2000-01-01", "1999-12-31", "2026-03-31"];
/// Literals that dates with times are written with; few without an offset, as those cannot be told from the others apart.
const MOMENTS: [&str; 7] = [
    "@\"2026-01-01T00:00:00Z\"",
    "@\"2025-12-31T19:00:00-05:00\"",
    "@\"2024-02-29T12:30:15Z\"",
    "@\"2025-12-31T23:59:59.5Z\"",
    "@\"2026-01-01T05:00:00+05:00\"",
    "@\"2025-12-31T19:00:00@America/Bogota\"",
    "@\"2026-01-01T00:00:00\"",
];
/// Literals that times are written with.
const TIMES: [&str; 6] = [
    "@\"00:00:00\"",
    "@\"14:30:00\"",
    "@\"23:59:59\"",
    "@\"12:00:00.25\"",
    "@\"14:30:00-05:00\"",
    "@\"14:30:00@America/Bogota\"",
];

impl Writer<'_> {
    /// An expression of a type. `fuel` bounds its size; `hinted` says that the place tells the type, so that literals of
    /// numbers with units, of choices and of empty lists may stand there.
    pub fn expression(&mut self, kind: &Kind, fuel: usize, hinted: bool) -> String {
        if fuel == 0 || self.choices.percent(12) {
            return self.leaf(kind, hinted);
        }
        let fuel = fuel - 1;
        if self.dmn && self.choices.percent(12) {
            return self.wild(kind, fuel);
        }
        match self.choices.below(19) {
            18 => self.typed(kind, fuel),
            0 => self.leaf(kind, hinted),
            7 => self.conditional(kind, fuel, hinted),
            1 => self.call_declared(kind, fuel).unwrap_or_else(|| self.particular(kind, fuel, hinted)),
            2 => self.through_context(kind, fuel),
            3 => self.narrowing(kind, fuel, hinted).unwrap_or_else(|| self.particular(kind, fuel, hinted)),
            4 => self.through_function(kind, fuel).unwrap_or_else(|| self.particular(kind, fuel, hinted)),
            5 => self.or_else(kind, fuel),
            6 => self.through_parameter(kind, fuel).unwrap_or_else(|| self.particular(kind, fuel, hinted)),
            8 | 9 => self.call_built_in(kind, fuel).unwrap_or_else(|| self.particular(kind, fuel, hinted)),
            _ => self.particular(kind, fuel, hinted),
        }
    }

    /// A form that only this type has.
    fn particular(&mut self, kind: &Kind, fuel: usize, hinted: bool) -> String {
        match kind {
            Kind::Number(measure) => self.number(*measure, fuel, hinted),
            Kind::Integer => self.integer(fuel),
            Kind::Percentage => self.expression(&Kind::NUMBER, fuel, hinted),
            Kind::Boolean => self.condition(fuel),
            Kind::Text => self.text(fuel),
            Kind::Date => self.date(fuel),
            Kind::Time => self.time(fuel),
            Kind::DateTime => self.date_time(fuel),
            Kind::Days => self.days(fuel),
            Kind::Months => self.months(fuel),
            Kind::Choice(_) => self.leaf(kind, hinted),
            Kind::Record(position) => self.record(*position, fuel, hinted),
            Kind::List(of) => self.list_of(of, fuel, hinted),
            Kind::Range(of) => self.range_of(of, fuel),
            Kind::Optional(of) => self.maybe(of, fuel, hinted),
            Kind::Function(from, to) => self.function(from, to, fuel),
        }
    }

    /// A name in scope or a literal.
    pub fn leaf(&mut self, kind: &Kind, hinted: bool) -> String {
        if self.choices.percent(65)
            && let Some(name) = self.named(kind)
        {
            return name;
        }
        self.literal(kind, hinted)
    }

    /// The shortest expression of a type that depends on as little as possible.
    pub fn literal(&mut self, kind: &Kind, hinted: bool) -> String {
        match kind {
            Kind::Number(Measure::Plain) => self.number_literal(),
            Kind::Number(_) if hinted => self.number_literal(),
            Kind::Number(measure) => {
                let one = self.one(*measure);
                format!("({} * {one})", self.number_literal())
            }
            Kind::Integer => self.integer_literal(),
            Kind::Percentage => self.named(kind).unwrap_or_else(|| self.choices.word(&["0", "50", "100"]).to_string()),
            Kind::Boolean => self.choices.word(&["true", "false"]).to_string(),
            Kind::Text => self.text_literal(),
            Kind::Date => self.date_literal(),
            Kind::Time => self.choices.word(&TIMES).into(),
            Kind::DateTime => self.choices.word(&MOMENTS).into(),
            Kind::Days => self.choices.word(&["@\"P1D\"", "@\"PT36H\"", "@\"-P2DT3H\"", "@\"PT0S\""]).to_string(),
            Kind::Months => self.choices.word(&["@\"P1M\"", "@\"P1Y2M\"", "@\"-P3M\"", "@\"P0M\""]).to_string(),
            Kind::Choice(position) if hinted => {
                let values = self.options[*position].values.clone();
                self.choices.pick(&values).clone()
            }
            Kind::Choice(_) => self.named(kind).unwrap_or_else(|| "null".into()),
            Kind::Record(position) => self.named(kind).unwrap_or_else(|| self.record_literal(*position, 0, hinted)),
            Kind::List(of) => format!("[{}]", self.literal(of, hinted)),
            Kind::Range(of) => self.range_of(of, 0),
            Kind::Optional(_) if hinted && self.choices.percent(50) => "null".into(),
            Kind::Optional(of) => self.literal(of, hinted),
            Kind::Function(from, to) => self.function(from, to, 0),
        }
    }

    /// Two literals of a type with an order, the lesser first.
    pub fn ordered_literals(&mut self, kind: &Kind) -> (String, String) {
        let literals: &[&str] = match kind {
            Kind::Text => &["\"\"", "\"a\"", "\"ab\"", "\"b\"", "\"x y\""],
            Kind::Date => {
                &["@\"1999-12-31\"", "@\"2024-02-29\"", "@\"2025-12-31\"", "@\"2026-01-01\"", "@\"2026-06-30\""]
            }
            Kind::Time => &["@\"00:00:00\"", "@\"14:30:00\"", "@\"23:59:59\""],
            Kind::DateTime => {
                &["@\"2024-02-29T12:30:15Z\"", "@\"2025-12-31T19:00:00-05:00\"", "@\"2026-01-01T00:00:01Z\""]
            }
            Kind::Days => &["@\"-P2DT3H\"", "@\"PT0S\"", "@\"P1D\"", "@\"PT36H\""],
            Kind::Months => &["@\"-P3M\"", "@\"P0M\"", "@\"P1M\"", "@\"P1Y2M\""],
            _ => &["0", "1", "3", "10", "100", "3500", "49799"],
        };
        let low = self.choices.below(literals.len() - 1);
        let high = low + 1 + self.choices.below(literals.len() - low - 1);
        (literals[low].into(), literals[high].into())
    }

    /// The parameter of every generated ruleset that is one of a unit.
    pub fn one(&mut self, measure: Measure) -> &'static str {
        match measure {
            Measure::Plain => "1",
            Measure::Cop => "un_peso",
            Measure::Uvt => "una_uvt",
            Measure::CopPerUvt => "valor_uvt",
        }
    }

    /// A number.
    pub fn number_literal(&mut self) -> String {
        self.choices.word(&NUMBERS).into()
    }

    /// A whole number.
    pub fn integer_literal(&mut self) -> String {
        self.choices.word(&INTEGERS).into()
    }

    /// A text.
    pub fn text_literal(&mut self) -> String {
        self.choices.word(&TEXTS).into()
    }

    fn date_literal(&mut self) -> String {
        let day = self.choices.word(&DATES);
        match self.choices.below(4) {
            3 => format!("date(\"{day}\")"),
            _ => format!("@\"{day}\""),
        }
    }

    fn conditional(&mut self, kind: &Kind, fuel: usize, hinted: bool) -> String {
        let condition = self.expression(&Kind::Boolean, fuel, true);
        // Two plain literals of a choice would make a text; a name on one side keeps the type.
        let (then, otherwise) = (self.expression(kind, fuel, hinted), self.expression(kind, fuel, hinted));
        format!("(if {condition} then {then} else {otherwise})")
    }

    /// `(e : T)`, of the type that is wanted.
    fn typed(&mut self, kind: &Kind, fuel: usize) -> String {
        if matches!(kind, Kind::Function(..) | Kind::Percentage | Kind::Optional(_) | Kind::Number(Measure::CopPerUvt))
        {
            return self.particular(kind, fuel, false);
        }
        let value = self.expression(kind, fuel, true);
        format!("({value} : {})", self.type_text(kind))
    }

    fn call_declared(&mut self, kind: &Kind, fuel: usize) -> Option<String> {
        let fitting: Vec<_> = self.functions.iter().filter(|function| function.result.fits(kind)).cloned().collect();
        if fitting.is_empty() {
            return None;
        }
        let function = self.choices.pick(&fitting).clone();
        let mut arguments: Vec<String> =
            function.parameters.iter().map(|(_, parameter)| self.expression(parameter, fuel / 2, true)).collect();
        if self.choices.percent(25) {
            let named = arguments.iter().zip(&function.parameters).map(|(text, (name, _))| format!("{name}: {text}"));
            arguments = named.rev().collect();
        }
        Some(format!("{}({})", function.name, arguments.join(", ")))
    }

    /// `{ a: …, b: … }.b`, where later entries may use earlier ones.
    fn through_context(&mut self, kind: &Kind, fuel: usize) -> String {
        let other = Kind::simple(self.choices);
        let (first, second) = (self.fresh("a"), self.fresh("b"));
        let one = self.expression(&other, fuel / 2, false);
        let two = self.within(|writer| {
            writer.know(&first, other);
            writer.expression(kind, fuel, false)
        });
        format!("{{ {first}: {one}, {second}: {two} }}.{second}")
    }

    /// `if x != null then … else …`, where the first branch may use x.
    fn narrowing(&mut self, kind: &Kind, fuel: usize, hinted: bool) -> Option<String> {
        let (name, known) = self.any_named(|known| matches!(known, Kind::Optional(_)))?;
        let Kind::Optional(present) = known else { return None };
        let with = self.within(|writer| {
            writer.narrow(&name, (*present).clone());
            writer.expression(kind, fuel, hinted)
        });
        let without = self.expression(kind, fuel, hinted);
        Some(match self.choices.below(3) {
            0 => format!("(if {name} != null then {with} else {without})"),
            1 => format!("(if {name} = null then {without} else {with})"),
            _ => format!("(if not({name} = null) then {with} else {without})"),
        })
    }

    /// A call of a function value: a name in scope, or a function expression on the spot.
    fn through_function(&mut self, kind: &Kind, fuel: usize) -> Option<String> {
        let fits = |known: &Kind| matches!(known, Kind::Function(_, to) if to.fits(kind));
        if let Some((name, Kind::Function(from, _))) = self.any_named(fits) {
            let argument = self.expression(&from, fuel / 2, true);
            if self.choices.percent(50) {
                return Some(format!("{name}({argument})"));
            }
            let (alias, result) = (self.fresh("f"), self.fresh("r"));
            return Some(format!("{{ {alias}: {name}, {result}: {alias}({argument}) }}.{result}"));
        }
        let from = Kind::simple(self.choices);
        let function = self.function(&from, kind, fuel);
        let name = self.fresh("f");
        let argument = self.expression(&from, fuel / 2, true);
        let result = self.fresh("r");
        Some(format!("{{ {name}: {function}, {result}: {name}({argument}) }}.{result}"))
    }

    /// `get or else(…, …)`.
    fn or_else(&mut self, kind: &Kind, fuel: usize) -> String {
        let optional = kind.clone().optional();
        if matches!(kind, Kind::Optional(_) | Kind::Function(..) | Kind::Choice(_) | Kind::Percentage) {
            return self.leaf(kind, false);
        }
        let maybe = self.expression(&optional, fuel, false);
        let otherwise = self.expression(kind, fuel / 2, false);
        format!("get or else({maybe}, {otherwise})")
    }

    /// A parameter at another date than the as-of date.
    fn through_parameter(&mut self, kind: &Kind, fuel: usize) -> Option<String> {
        let fitting: Vec<String> =
            self.dated.iter().filter(|(_, known)| known.fits(kind)).map(|(name, _)| name.clone()).collect();
        if fitting.is_empty() {
            return None;
        }
        let name = self.choices.pick(&fitting).clone();
        let day = self.expression(&Kind::Date, fuel / 2, true);
        Some(format!("{name}({day})"))
    }

    /// A value that may be absent.
    fn maybe(&mut self, of: &Kind, fuel: usize, hinted: bool) -> String {
        match self.choices.below(4) {
            0 => {
                let condition = self.expression(&Kind::Boolean, fuel, true);
                let value = self.expression(of, fuel, false);
                if self.choices.percent(50) {
                    format!("(if {condition} then {value} else null)")
                } else {
                    format!("(if {condition} then null else {value})")
                }
            }
            1 => {
                let list = self.expression(&of.clone().list(), fuel, false);
                let position = match self.choices.below(4) {
                    0 => "1".into(),
                    1 => "-1".into(),
                    2 => "2".into(),
                    _ => self.expression(&Kind::Integer, fuel / 2, false),
                };
                format!("({list})[{position}]")
            }
            2 if *of == Kind::Boolean => self.three_valued(fuel),
            _ => {
                let optional = of.clone().optional();
                match self.named(&optional) {
                    Some(name) => name,
                    None => self.expression(of, fuel, hinted),
                }
            }
        }
    }

    /// A record: one in scope, or written out.
    fn record(&mut self, position: usize, fuel: usize, hinted: bool) -> String {
        match self.choices.below(3) {
            0 => self.leaf(&Kind::Record(position), hinted),
            _ => self.record_literal(position, fuel, hinted),
        }
    }

    /// `{ a: …, b: … }` in the order of the type or another, maybe without what may be absent.
    fn record_literal(&mut self, position: usize, fuel: usize, hinted: bool) -> String {
        let mut fields = self.records[position].fields.clone();
        if self.choices.percent(20) {
            fields.reverse();
        }
        let mut entries = Vec::new();
        let mark = self.scope.len();
        for (name, kind) in fields {
            if hinted && matches!(kind, Kind::Optional(_)) && self.choices.percent(30) {
                continue;
            }
            let value = self.expression(&kind, fuel / 2, hinted);
            entries.push(format!("{name}: {value}"));
            self.know(&name, kind);
        }
        self.scope.truncate(mark);
        format!("{{ {} }}", entries.join(", "))
    }

    /// `function(x: T) …`, of a type that FEEL can write.
    fn function(&mut self, from: &Kind, to: &Kind, fuel: usize) -> String {
        let wanted = Kind::Function(Box::new(from.clone()), Box::new(to.clone()));
        if self.choices.percent(40)
            && let Some(name) = self.named(&wanted)
        {
            return name;
        }
        let argument = self.fresh("x");
        let ty = from.feel_text(self.words, &self.records, &self.options).unwrap_or_default();
        let body = self.in_function(|writer| {
            writer.know(&argument, from.clone());
            writer.expression(to, fuel, false)
        });
        format!("(function({argument}: {ty}) {body})")
    }
}
