//! Generated conditions, lists and ranges.

use super::kinds::Kind;
use super::scope::Writer;

impl Writer<'_> {
    /// Something that is true or false.
    pub(super) fn condition(&mut self, fuel: usize) -> String {
        match self.choices.below(14) {
            0..=2 => self.comparison(fuel),
            3 => {
                let op = self.choices.word(&["and", "or"]);
                format!(
                    "({} {op} {})",
                    self.expression(&Kind::Boolean, fuel, false),
                    self.expression(&Kind::Boolean, fuel, false)
                )
            }
            4 => self.guarded(fuel),
            5 => format!("not({})", self.expression(&Kind::Boolean, fuel, false)),
            6 => self.between(fuel),
            7 => self.membership(fuel),
            8 => self.quantified(fuel),
            9 => self.instance_of(fuel),
            10 => {
                let of = Kind::simple(self.choices);
                let list = self.expression(&of.clone().list(), fuel, false);
                format!("list contains({list}, {})", self.expression(&of, fuel, false))
            }
            11 => {
                let name = self.choices.word(&["contains", "starts with", "ends with"]);
                format!(
                    "{name}({}, {})",
                    self.expression(&Kind::Text, fuel, false),
                    self.expression(&Kind::Text, fuel, false)
                )
            }
            12 => self.about_absence(fuel),
            _ => self.leaf(&Kind::Boolean, true),
        }
    }

    /// A condition that may be unknown.
    pub(super) fn three_valued(&mut self, fuel: usize) -> String {
        let optional = Kind::Boolean.optional();
        let op = self.choices.word(&["and", "or"]);
        let left = self.named(&optional).unwrap_or_else(|| "null".into());
        let right = self.expression(&optional, fuel, false);
        match self.choices.below(3) {
            0 => format!("({left} {op} {right})"),
            1 => format!("({right} {op} {left})"),
            _ => format!("({left} {op} null)"),
        }
    }

    fn comparison(&mut self, fuel: usize) -> String {
        let kind = self.comparable_kind();
        let ordered = kind.is_ordered();
        let op = if ordered {
            self.choices.word(&["<", "<=", ">", ">=", "=", "!="])
        } else {
            self.choices.word(&["=", "!="])
        };
        let left = self.expression(&kind, fuel, false);
        let right = self.expression(&kind, fuel, false);
        format!("({left} {op} {right})")
    }

    fn comparable_kind(&mut self) -> Kind {
        let simple = Kind::simple(self.choices);
        match self.choices.below(8) {
            6 if !matches!(simple, Kind::Choice(_)) => simple.list(),
            7 if !self.records.is_empty() => Kind::Record(self.choices.below(self.records.len())),
            _ => simple,
        }
    }

    /// `x != null and …` or `x = null or …`: the right side knows that x is present.
    fn guarded(&mut self, fuel: usize) -> String {
        let Some((name, Kind::Optional(present))) = self.any_named(|known| matches!(known, Kind::Optional(_))) else {
            return self.comparison(fuel);
        };
        let right = self.within(|writer| {
            writer.narrow(&name, (*present).clone());
            writer.expression(&Kind::Boolean, fuel, false)
        });
        match self.choices.below(2) {
            0 => format!("({name} != null and {right})"),
            _ => format!("({name} = null or {right})"),
        }
    }

    fn about_absence(&mut self, fuel: usize) -> String {
        let kind = Kind::simple(self.choices).optional();
        let value = self.expression(&kind, fuel, false);
        let op = self.choices.word(&["=", "!="]);
        match self.choices.below(3) {
            0 => format!("({value} {op} null)"),
            1 => format!("(null {op} {value})"),
            _ => {
                let other = self.expression(&kind, fuel, false);
                format!("({value} {op} {other})")
            }
        }
    }

    /// A type whose values have an order.
    pub(super) fn ordered_kind(&mut self) -> Kind {
        let kind = Kind::simple(self.choices);
        if kind.is_ordered() { kind } else { Kind::Integer }
    }

    fn between(&mut self, fuel: usize) -> String {
        let kind = self.ordered_kind();
        let [value, low, high] = [0; 3].map(|_| self.expression(&kind, fuel / 2, false));
        format!("({value} between {low} and {high})")
    }

    /// `value in (tests)`.
    fn membership(&mut self, fuel: usize) -> String {
        let kind = Kind::simple(self.choices);
        let subject = if self.choices.percent(25) { kind.clone().optional() } else { kind };
        let value = self.expression(&subject, fuel / 2, false);
        let count = 1 + self.choices.below(2);
        let tests: Vec<String> = (0..count).map(|_| self.test(&subject, fuel / 2)).collect();
        format!("({value} in ({}))", tests.join(", "))
    }

    fn quantified(&mut self, fuel: usize) -> String {
        let word = self.choices.word(&["some", "every"]);
        let (variable, domain, kind) = self.iteration(fuel);
        let body = self.within(|writer| {
            writer.know(&variable, kind);
            writer.expression(&Kind::Boolean, fuel, false)
        });
        format!("({word} {variable} in {domain} satisfies {body})")
    }

    /// A variable, what it runs over, and its type.
    fn iteration(&mut self, fuel: usize) -> (String, String, Kind) {
        let variable = self.fresh("v");
        match self.choices.below(4) {
            0 => {
                let from = self.choices.word(&["1", "0", "5", "-2"]).to_string();
                let to = self.choices.word(&["3", "1", "0", "4"]).to_string();
                let to = if self.choices.percent(15) {
                    format!("modulo({}, 5)", self.leaf(&Kind::Integer, false))
                } else {
                    to
                };
                let to = if to.starts_with('m') { format!("floor({to})") } else { to };
                (variable, format!("{from}..{to}"), Kind::Integer)
            }
            1 => {
                let (from, to) = *self.choices.pick(&[
                    ("@\"2026-01-01\"", "@\"2026-01-04\""),
                    ("@\"2024-03-01\"", "@\"2024-02-27\""),
                    ("@\"2026-01-01\"", "@\"2026-01-01\""),
                ]);
                let interval =
                    if self.choices.percent(50) { format!("{from}..{to}") } else { format!("[{from}..{to}]") };
                (variable, interval, Kind::Date)
            }
            _ => {
                let kind = Kind::factual(self.choices, self.records.len());
                let list = self.expression(&kind.clone().list(), fuel / 2, false);
                (variable, list, kind)
            }
        }
    }

    fn instance_of(&mut self, fuel: usize) -> String {
        let kind = Kind::factual(self.choices, self.records.len());
        let value = self.expression(&kind, fuel, false);
        let asked = if self.choices.percent(50) { kind } else { Kind::factual(self.choices, self.records.len()) };
        let written = asked.feel_text(self.words, &self.records, &self.options).unwrap_or_else(|| "number".into());
        format!("({value} instance of {written})")
    }

    /// A list.
    pub(super) fn list_of(&mut self, of: &Kind, fuel: usize, hinted: bool) -> String {
        let list = of.clone().list();
        match self.choices.below(10) {
            0 | 1 => {
                let count = self.choices.below(4) + usize::from(!hinted);
                let items: Vec<String> = (0..count).map(|_| self.expression(of, fuel / 2, hinted)).collect();
                format!("[{}]", items.join(", "))
            }
            2 | 3 => self.filtered(of, fuel),
            4 => self.each(of, fuel),
            5 => self.field_of_each(of).unwrap_or_else(|| self.leaf(&list, hinted)),
            6 => format!("append({}, {})", self.expression(&list, fuel, false), self.expression(of, fuel / 2, false)),
            7 => {
                let name = self.choices.word(&["concatenate", "union"]);
                format!("{name}({}, {})", self.expression(&list, fuel, false), self.expression(&list, fuel / 2, false))
            }
            8 => {
                let name = self.choices.word(&["reverse", "distinct values"]);
                format!("{name}({})", self.expression(&list, fuel, false))
            }
            _ if of.is_ordered() => {
                let list = self.expression(&list, fuel, false);
                let op = self.choices.word(&["<", ">"]);
                format!("sort({list}, function(uno, otro) uno {op} otro)")
            }
            _ => self.leaf(&list, hinted),
        }
    }

    /// `list[condition]`, where the condition sees `item` and its fields.
    fn filtered(&mut self, of: &Kind, fuel: usize) -> String {
        let list = self.expression(&of.clone().list(), fuel, false);
        let condition = self.within(|writer| {
            writer.know("item", of.clone());
            if let Kind::Record(position) = of {
                for (name, kind) in writer.records[*position].fields.clone() {
                    writer.know(&name, kind);
                }
            }
            let kind = if writer.choices.percent(15) { Kind::Boolean.optional() } else { Kind::Boolean };
            writer.expression(&kind, fuel, false)
        });
        format!("({list})[({condition})]")
    }

    fn each(&mut self, of: &Kind, fuel: usize) -> String {
        let (first, domain, kind) = self.iteration(fuel);
        self.within(|writer| {
            writer.know(&first, kind);
            if writer.choices.percent(25) {
                let (second, inner, kind) = writer.iteration(fuel / 2);
                writer.know(&second, kind);
                let body = writer.expression(of, fuel / 2, false);
                return format!("(for {first} in {domain}, {second} in {inner} return {body})");
            }
            let body = writer.expression(of, fuel, false);
            format!("(for {first} in {domain} return {body})")
        })
    }

    /// A field of every record of a list in scope.
    fn field_of_each(&mut self, of: &Kind) -> Option<String> {
        let records = self.records.clone();
        let has = |known: &Kind| match known {
            Kind::List(item) => match &**item {
                Kind::Record(position) => records[*position].fields.iter().any(|(_, kind)| kind == of),
                _ => false,
            },
            _ => false,
        };
        let (name, known) = self.any_named(has)?;
        let Kind::List(item) = known else { return None };
        let Kind::Record(position) = *item else { return None };
        let fields: Vec<String> =
            records[position].fields.iter().filter(|(_, kind)| kind == of).map(|(name, _)| name.clone()).collect();
        let field = self.choices.pick(&fields).clone();
        Some(format!("{name}.{field}"))
    }

    /// Some field of every record of some list in scope.
    pub(super) fn any_field_of_each(&mut self) -> Option<String> {
        let records = |known: &Kind| matches!(known, Kind::List(item) if matches!(**item, Kind::Record(_)));
        let (name, Kind::List(item)) = self.any_named(records)? else { return None };
        let Kind::Record(position) = *item else { return None };
        let fields = self.records[position].fields.clone();
        let (field, _) = self.choices.pick(&fields);
        Some(format!("{name}.{field}"))
    }

    /// A range as a value.
    pub(super) fn range_of(&mut self, of: &Kind, fuel: usize) -> String {
        let (low, high) = (self.expression(of, fuel / 2, false), self.expression(of, fuel / 2, false));
        match self.choices.below(6) {
            0 | 1 => format!("[{low}..{high}]"),
            2 => format!("({low}..{high}]"),
            3 => format!("[{low}..{high})"),
            4 => format!("(>= {low})"),
            _ => format!("(< {high})"),
        }
    }
}
