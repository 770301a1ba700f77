//! Generated decision tables: columns, cells of every shape, policies.

use super::kinds::Kind;
use super::scope::Writer;

/// What a table gives, by its policy.
#[derive(Clone, Debug)]
pub struct Written {
    /// From the policy on: `politica unica` and the lines of the table.
    pub text: String,
    /// The type to declare.
    pub declared: String,
    /// The type of the whole outcome.
    pub outcome: Kind,
}

/// Policies: their Spanish and English names and their letters.
const POLICIES: [(&str, &str, &str); 11] = [
    ("unica", "unique", "U"),
    ("primera", "first", "F"),
    ("cualquiera", "any", "A"),
    ("prioridad", "priority", "P"),
    ("orden_de_reglas", "rule_order", "R"),
    ("orden_de_salida", "output_order", "O"),
    ("reunir", "collect", "C"),
    ("reunir_suma", "collect_sum", "C+"),
    ("reunir_minimo", "collect_min", "C<"),
    ("reunir_maximo", "collect_max", "C>"),
    ("reunir_cuenta", "collect_count", "C#"),
];

/// An input column while it is written: its head, its type, and what partitions its values.
struct Column {
    head: String,
    kind: Kind,
    partition: Vec<String>,
}

impl Writer<'_> {
    /// A table with names in scope; `multiple` says whether policies that give lists may be chosen.
    pub fn table(&mut self, fuel: usize) -> Written {
        let policy = *self.choices.pick(&POLICIES);
        let letters = policy.2;
        let columns: Vec<Column> = (0..=self.choices.below(3)).map(|_| self.column(fuel)).collect();
        let outputs = self.outputs(letters);
        let optional = matches!(letters, "U" | "F" | "A" | "P") && self.choices.percent(25);
        let declared = self.declared(&outputs, optional);
        let outcome = self.outcome(letters, &outputs, optional);
        let annotated = self.choices.percent(30);
        let mut lines = vec![self.head(&columns, &outputs, annotated)];
        let apart = matches!(letters, "U" | "A") && !self.choices.percent(15);
        let rows = 1 + self.choices.below(5);
        let rows = if apart { rows.min(columns[0].partition.len()) } else { rows };
        for row in 0..rows {
            let cells = self.cells(&columns, letters, apart, row);
            lines.push(self.row(&cells, &outputs, row, annotated));
        }
        let listed = matches!(letters, "R" | "O" | "C" | "C+" | "C<" | "C>" | "C#");
        if self.choices.percent(if listed { 25 } else { 65 }) {
            lines.push(self.default_row(&columns, &outputs, annotated));
        }
        let text =
            format!("{} {}\n{}", self.words.say("politica", "policy"), self.policy_text(policy), lines.join("\n"));
        Written { text, declared, outcome }
    }

    fn policy_text(&mut self, (spanish, english, letters): (&'static str, &'static str, &'static str)) -> &'static str {
        if self.choices.percent(30) { letters } else { self.words.say(spanish, english) }
    }

    fn column(&mut self, fuel: usize) -> Column {
        let kind = Kind::factual(self.choices, 0);
        let head = match self.named(&kind) {
            Some(name) if self.choices.percent(70) => name,
            _ => self.expression(&kind, fuel.min(2), false),
        };
        let kind = match self.visible().into_iter().find(|known| known.text == head) {
            Some(known) => known.kind,
            None => kind,
        };
        let partition = self.partition(&kind);
        Column { head, kind, partition }
    }

    /// Cells that share out the values of a type, so that tables whose rows must not overlap often work.
    fn partition(&self, kind: &Kind) -> Vec<String> {
        match kind {
            Kind::Number(_) | Kind::Integer => ["< 3", "[3..100)", ">= 100"].map(String::from).to_vec(),
            Kind::Boolean => ["true", "false"].map(String::from).to_vec(),
            Kind::Text => ["\"a\"", "not(\"a\", \"b\")", "\"b\""].map(String::from).to_vec(),
            Kind::Choice(position) => self.options[*position].values.clone(),
            Kind::Date => ["< @\"2026-01-01\"", ">= @\"2026-01-01\""].map(String::from).to_vec(),
            Kind::Optional(_) => ["null", "not(null)"].map(String::from).to_vec(),
            _ => vec!["-".into()],
        }
    }

    /// Names and types of the output columns.
    fn outputs(&mut self, letters: &str) -> Vec<(String, Kind)> {
        let count = match letters {
            "C+" | "C<" | "C>" => 1,
            _ => 1 + usize::from(self.choices.percent(35)),
        };
        (0..count).map(|position| (format!("salida{position}"), self.output_kind(letters))).collect()
    }

    fn output_kind(&mut self, letters: &str) -> Kind {
        match letters {
            "C+" => self.choices.pick(&[Kind::NUMBER, Kind::Integer, Kind::Number(super::kinds::Measure::Cop)]).clone(),
            "C<" | "C>" => {
                self.choices.pick(&[Kind::NUMBER, Kind::Integer, Kind::Date, Kind::Text, Kind::Days]).clone()
            }
            "P" | "O" => Kind::Choice(self.choices.below(self.options.len())),
            _ => match Kind::simple(self.choices) {
                Kind::Percentage => Kind::NUMBER,
                kind if self.choices.percent(10) => kind.optional(),
                kind => kind,
            },
        }
    }

    fn declared(&mut self, outputs: &[(String, Kind)], optional: bool) -> String {
        let mark = if optional { "?" } else { "" };
        match outputs {
            [(_, kind)] => {
                let kind = if optional { kind.clone().optional() } else { kind.clone() };
                self.type_text(&kind)
            }
            _ => {
                let fields: Vec<String> =
                    outputs.iter().map(|(name, kind)| format!("{name}: {}", self.type_text(kind))).collect();
                format!("{{ {} }}{mark}", fields.join(", "))
            }
        }
    }

    fn outcome(&mut self, letters: &str, outputs: &[(String, Kind)], optional: bool) -> Kind {
        let one = match outputs {
            [(_, kind)] => kind.clone(),
            _ => {
                let name = format!("Salida{}", self.records.len());
                let lines: Vec<String> =
                    outputs.iter().map(|(name, kind)| format!("  {name} : {}", self.type_text(kind))).collect();
                self.declarations.push(format!(
                    "{} {name} {{\n{}\n}}",
                    self.words.say("tipo", "type"),
                    lines.join("\n")
                ));
                self.records.push(super::kinds::Record { name, fields: outputs.to_vec() });
                Kind::Record(self.records.len() - 1)
            }
        };
        match letters {
            "R" | "O" | "C" => one.list(),
            "C#" => Kind::Integer,
            "C+" | "C<" | "C>" => one.optional(),
            _ if optional => one.optional(),
            _ => one,
        }
    }

    fn head(&mut self, columns: &[Column], outputs: &[(String, Kind)], annotated: bool) -> String {
        let inputs: Vec<String> = columns.iter().map(|column| column.head.replace('|', "\\|")).collect();
        let names: Vec<String> = outputs.iter().map(|(name, _)| name.clone()).collect();
        let tail =
            if annotated { format!(" {} |", self.words.say("base_legal", "legal_basis")) } else { String::new() };
        let bars = if annotated { "||" } else { "|" };
        format!("  | {} || {} {bars}{tail}", inputs.join(" | "), names.join(" | "))
    }

    /// Cells of a row: `apart` from those of other rows, or any. Rows of unique tables that may overlap ask something, so
    /// that the checker cannot tell.
    fn cells(&mut self, columns: &[Column], letters: &str, apart: bool, row: usize) -> Vec<String> {
        let cell = |(position, column): (usize, &Column)| match (apart, position) {
            (true, 0) => column.partition[row].clone(),
            (true, _) => "-".into(),
            (false, 0) if letters == "U" => {
                let kind = column.kind.clone();
                self.asking(&kind, 1)
            }
            _ => self.cell(column),
        };
        columns.iter().enumerate().map(cell).collect()
    }

    fn row(&mut self, cells: &[String], outputs: &[(String, Kind)], row: usize, annotated: bool) -> String {
        let values: Vec<String> = outputs.iter().map(|(_, kind)| self.output(kind)).collect();
        let tail = if annotated { format!(" \"art. {row}\" |") } else { String::new() };
        let bars = if annotated { "||" } else { "|" };
        format!("  | {} || {} {bars}{tail}", cells.join(" | "), values.join(" | "))
    }

    fn default_row(&mut self, columns: &[Column], outputs: &[(String, Kind)], annotated: bool) -> String {
        let _ = columns;
        let values: Vec<String> = outputs.iter().map(|(_, kind)| self.output(kind)).collect();
        let tail = if annotated { " - |" } else { "" };
        let bars = if annotated { "||" } else { "|" };
        format!("  | {} || {} {bars}{tail}", self.words.say("por_defecto", "default"), values.join(" | "))
    }

    fn output(&mut self, kind: &Kind) -> String {
        let fuel = self.choices.below(3);
        in_cell(self.expression(kind, fuel, true))
    }

    fn cell(&mut self, column: &Column) -> String {
        let kind = column.kind.clone();
        let text = match self.choices.below(6) {
            0 => "-".into(),
            1 => self.choices.pick(&column.partition).clone(),
            2 => {
                let count = 2 + self.choices.below(2);
                let tests: Vec<String> = (0..count).map(|_| self.test(&kind, 1)).collect();
                tests.join(", ")
            }
            3 => {
                let count = 1 + self.choices.below(2);
                let tests: Vec<String> = (0..count).map(|_| self.test(&kind, 1)).collect();
                format!("not({})", tests.join(", "))
            }
            _ => self.test(&kind, 1),
        };
        in_cell(text)
    }

    /// One test of a value of a type.
    pub fn test(&mut self, kind: &Kind, fuel: usize) -> String {
        let present = match kind {
            Kind::Optional(of) => (**of).clone(),
            other => other.clone(),
        };
        if let Kind::Range(_) = present {
            return format!("= {}", self.named(&present).unwrap_or_else(|| self.literal(&present, true)));
        }
        let ordered = present.is_ordered();
        match self.choices.below(10) {
            0 | 1 => self.literal(&present, true),
            2 | 3 if ordered => {
                let op = self.choices.word(&["<", "<=", ">", ">="]);
                format!("{op} {}", self.end(&present, fuel))
            }
            4 | 5 if ordered => self.range_test(&present, fuel),
            6 => {
                let op = self.choices.word(&["=", "!="]);
                format!("{op} {}", self.end(&present, fuel))
            }
            7 => self.asking(kind, fuel),
            8 => self.in_named(&present).unwrap_or_else(|| self.literal(&present, true)),
            9 if matches!(kind, Kind::Optional(_)) => "null".into(),
            _ => self.end(&present, fuel),
        }
    }

    /// A value to compare with: a literal, a name, seldom more.
    fn end(&mut self, kind: &Kind, fuel: usize) -> String {
        if self.choices.percent(20) { self.expression(kind, fuel, true) } else { self.leaf(kind, true) }
    }

    fn range_test(&mut self, kind: &Kind, fuel: usize) -> String {
        let (low, high) = self.ordered_literals(kind);
        let low = self.named_instead(kind, low, fuel);
        let high = self.named_instead(kind, high, fuel);
        let (open, close) =
            *self.choices.pick(&[("[", "]"), ("(", ")"), ("[", ")"), ("]", "["), ("(", "]"), ("]", "]")]);
        match self.choices.below(6) {
            5 => format!("(>= {low})"),
            _ => format!("{open}{low}..{high}{close}"),
        }
    }

    /// A name in the place of a literal, or something with names, or the literal after all.
    fn named_instead(&mut self, kind: &Kind, literal: String, fuel: usize) -> String {
        match self.choices.below(10) {
            6..=8 => self.named(kind).unwrap_or(literal),
            9 => format!("(if {} then {literal} else {literal})", self.expression(&Kind::Boolean, fuel, false)),
            _ => literal,
        }
    }

    /// A list or range in scope.
    fn in_named(&mut self, kind: &Kind) -> Option<String> {
        let holds = |known: &Kind| match known {
            Kind::List(of) => **of == *kind,
            Kind::Range(of) => **of == *kind && kind.is_ordered(),
            _ => false,
        };
        self.any_named(holds).map(|(name, _)| name)
    }

    /// A condition over `?`.
    fn asking(&mut self, kind: &Kind, fuel: usize) -> String {
        if let Kind::Optional(_) = kind {
            return self.choices.word(&["? = null", "? != null", "not(? = null)"]).to_string();
        }
        match kind {
            Kind::List(_) => format!("count(?) > {}", self.integer_literal()),
            Kind::Text => format!("starts with(?, {})", self.leaf(&Kind::Text, true)),
            Kind::Boolean => "not(?)".into(),
            _ if kind.is_ordered() && self.choices.percent(50) => {
                format!("? > {} and ? <= {}", self.leaf(kind, false), self.leaf(kind, false))
            }
            _ => self.within(|writer| {
                writer.know("?", kind.clone());
                format!("? = {} or {}", writer.leaf(kind, true), writer.expression(&Kind::Boolean, fuel, false))
            }),
        }
    }
}

/// A stroke outside strings ends a cell; inside strings it may stand, and may be escaped.
fn in_cell(text: String) -> String {
    text.replace('\n', " ")
}
