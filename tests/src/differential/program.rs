//! Generated rulesets: types, inputs, parameters, functions, decisions and tables of one file.

use super::choices::Choices;
use super::kinds::{Choice, Kind, Measure, Record, Words};
use super::scope::{Declared, Writer};

/// How large generated rulesets are.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Decisions and tables, at most.
    pub decisions: usize,
    /// How deep expressions may be.
    pub fuel: usize,
}

/// The text of a ruleset.
pub fn program(choices: &mut Choices, size: Size) -> String {
    let words = Words { english: choices.percent(30) };
    let mut writer = Writer::new(choices, words);
    let mut blocks = vec![writer.header()];
    blocks.extend(writer.types());
    writer.inputs(&mut blocks);
    writer.parameters(&mut blocks);
    let decisions = 1 + writer.choices.below(size.decisions);
    for position in 0..decisions {
        if writer.choices.percent(25) {
            let block = writer.function_block(size.fuel);
            blocks.push(block);
        }
        let block = writer.decision_block(position, size.fuel);
        blocks.push(block);
    }
    blocks.append(&mut writer.declarations);
    blocks.join("\n\n") + "\n"
}

impl Writer<'_> {
    fn header(&mut self) -> String {
        let title = self
            .words
            .say("reglas prueba.generada\n  titulo \"Generada\"", "rules prueba.generada\n  title \"Generated\"");
        self.dmn = self.choices.percent(30);
        let mode = if self.dmn { self.words.say("\n  modo dmn", "\n  mode dmn") } else { "" };
        format!("{title}{mode}")
    }

    fn types(&mut self) -> Vec<String> {
        let word = self.words.say("tipo", "type");
        let mut blocks = vec![format!("{word} Porcentaje = {} [0..100]", self.words.say("numero", "number"))];
        self.options = vec![
            Choice { name: "Letra".into(), values: ["\"a\"", "\"b\"", "\"c\""].map(String::from).to_vec() },
            Choice { name: "Grado".into(), values: ["3", "1", "2"].map(String::from).to_vec() },
        ];
        for option in &self.options {
            blocks.push(format!("{word} {} = {}", option.name, option.values.join(" | ")));
        }
        for position in 0..1 + self.choices.below(2) {
            let fields = self.fields(position);
            let lines: Vec<String> =
                fields.iter().map(|(name, kind)| format!("  {name} : {}", self.type_text(kind))).collect();
            let name = format!("Registro{position}");
            blocks.push(format!("{word} {name} {{\n{}\n}}", lines.join("\n")));
            self.records.push(Record { name, fields });
        }
        blocks
    }

    fn fields(&mut self, record: usize) -> Vec<(String, Kind)> {
        let count = 1 + self.choices.below(4);
        let mut fields: Vec<(String, Kind)> =
            (0..count).map(|field| (format!("c{record}_{field}"), Kind::factual(self.choices, record))).collect();
        fields.push((format!("c{record}_quizá"), Kind::simple(self.choices).optional()));
        fields
    }

    /// Inputs: one of each choice, so that a value of it is always at hand, and some of any type.
    fn inputs(&mut self, blocks: &mut Vec<String>) {
        let mut kinds: Vec<Kind> = (0..self.options.len()).map(Kind::Choice).collect();
        kinds.push(Kind::Record(0).list());
        for _ in 0..2 + self.choices.below(4) {
            kinds.push(Kind::factual(self.choices, self.records.len()));
        }
        for kind in kinds {
            let name = self.fresh("entrada");
            blocks.push(format!("{} {name} : {}", self.words.say("entrada", "input"), self.type_text(&kind)));
            self.know(&name, kind);
        }
    }

    /// Parameters: one of each unit, and some with gaps in time.
    fn parameters(&mut self, blocks: &mut Vec<String>) {
        for measure in [Measure::Cop, Measure::Uvt, Measure::CopPerUvt] {
            let name = self.one(measure);
            let value = if measure == Measure::CopPerUvt { "49799" } else { "1" };
            let rows = format!("  | 1900-01-01 | {value} |");
            self.parameter_block(blocks, name.into(), Kind::Number(measure), rows);
        }
        for _ in 0..self.choices.below(3) {
            let kind = self
                .choices
                .pick(&[Kind::NUMBER, Kind::Text, Kind::Date, Kind::Boolean, Kind::Integer.list(), Kind::Choice(0)])
                .clone();
            let name = self.fresh("parametro");
            let mut rows = Vec::new();
            for year in [1990, 2025, 2026] {
                if year == 1990 && self.choices.percent(80) || self.choices.percent(60) {
                    let null = self.choices.percent(10);
                    let value = if null { "null".into() } else { self.constant(&kind) };
                    rows.push(format!("  | {year}-01-01 | {value} |"));
                }
            }
            if rows.is_empty() {
                rows.push(format!("  | 2000-01-01 | {} |", self.constant(&kind)));
            }
            self.parameter_block(blocks, name, kind, rows.join("\n"));
        }
    }

    /// A value without names.
    fn constant(&mut self, kind: &Kind) -> String {
        let scope = std::mem::take(&mut self.scope);
        let text = self.literal(kind, true);
        self.scope = scope;
        text
    }

    fn parameter_block(&mut self, blocks: &mut Vec<String>, name: String, kind: Kind, rows: String) {
        let word = self.words.say("parametro", "parameter");
        let (from, value) = (self.words.say("desde", "from"), self.words.say("valor", "value"));
        blocks.push(format!("{word} {name} : {}\n  | {from} | {value} |\n{rows}", self.type_text(&kind)));
        self.know(&name, kind.clone());
        self.dated.push((name, kind));
    }

    fn function_block(&mut self, fuel: usize) -> String {
        let name = self.fresh("f");
        if self.choices.percent(20) {
            return self.recursive_function(&name);
        }
        let parameters: Vec<(String, Kind)> =
            (0..1 + self.choices.below(2)).map(|_| (self.fresh("p"), self.argument_kind())).collect();
        let listed: Vec<String> =
            parameters.iter().map(|(name, kind)| format!("{name}: {}", self.type_text(kind))).collect();
        let word = self.words.say("funcion", "function");
        let as_table = self.choices.percent(35);
        let (text, result) = self.within(|writer| {
            for (name, kind) in &parameters {
                writer.know(name, kind.clone());
            }
            if as_table {
                let table = writer.table(fuel);
                let text = format!("{word} {name}({}) : {} {}", listed.join(", "), table.declared, table.text);
                return (text, table.outcome);
            }
            if writer.dmn && writer.choices.percent(15) {
                return writer.external(&name, &listed, parameters.len());
            }
            let kind = writer.result_kind();
            let body = writer.body(&kind, fuel);
            (format!("{word} {name}({}) : {}{body}", listed.join(", "), writer.type_text(&kind)), kind)
        });
        if let [(_, from)] = parameters.as_slice() {
            self.know(&name, Kind::Function(Box::new(from.clone()), Box::new(result.clone())));
        }
        self.functions.push(Declared { name, parameters, result });
        text
    }

    /// `= …`, sometimes after lines `sea x : T = …`, each of which sees those above it.
    fn body(&mut self, kind: &Kind, fuel: usize) -> String {
        let mut lines = String::new();
        for _ in 0..self.choices.below(4).saturating_sub(1) {
            let (name, local) = (self.fresh("l"), Kind::simple(self.choices));
            let word = self.words.say("sea", "let");
            let typed = self.choices.percent(60);
            let ty = if typed { format!(" : {}", self.type_text(&local)) } else { String::new() };
            let value = self.expression(&local, fuel / 2, typed);
            lines += &format!("\n  {word} {name}{ty} = {value}");
            self.know(&name, local);
        }
        format!("{lines}\n  = {}", self.expression(kind, fuel, true))
    }

    /// A function that is a method of Java's library.
    fn external(&mut self, name: &str, listed: &[String], parameters: usize) -> (String, Kind) {
        let (word, external) = (self.words.say("funcion", "function"), self.words.say("externa", "external"));
        let methods: &[(&str, &str)] = match parameters {
            1 => &[
                ("Math", "cos(double)"),
                ("Integer", "valueOf(java.lang.String)"),
                ("Math", "abs(int)"),
                ("Math", "no()"),
            ],
            _ => &[("Math", "max(double, double)"), ("Math", "pow(double, double)"), ("Math", "floorMod(int, int)")],
        };
        let (class, method) = *self.choices.pick(methods);
        let ty = self.type_text(&Kind::NUMBER);
        let text =
            format!("{word} {name}({}) : {ty} {external} java \"java.lang.{class}\" \"{method}\"", listed.join(", "));
        (text, Kind::NUMBER)
    }

    /// A function from whole numbers to whole numbers that calls itself, sometimes without end.
    fn recursive_function(&mut self, name: &str) -> String {
        let argument = self.fresh("n");
        let word = self.words.say("funcion", "function");
        let ty = self.type_text(&Kind::Integer);
        let step = self.choices.word(&["1", "1", "2", "0"]);
        let (base, other) = self.within(|writer| {
            writer.know(&argument, Kind::Integer);
            (writer.leaf(&Kind::Integer, true), writer.leaf(&Kind::Integer, true))
        });
        self.know(name, Kind::Function(Box::new(Kind::Integer), Box::new(Kind::Integer)));
        let parameters = vec![(argument.clone(), Kind::Integer)];
        self.functions.push(Declared { name: name.into(), parameters, result: Kind::Integer });
        format!(
            "{word} {name}({argument}: {ty}) : {ty} = if {argument} <= 0 or {argument} > 40 then {base} else {other} + {name}({argument} - {step})"
        )
    }

    fn argument_kind(&mut self) -> Kind {
        match self.choices.below(10) {
            8 => Kind::Function(Box::new(Kind::Integer), Box::new(Kind::Integer)),
            9 => Kind::Integer.optional(),
            _ => Kind::factual(self.choices, self.records.len()),
        }
    }

    fn result_kind(&mut self) -> Kind {
        match self.choices.below(10) {
            8 => self.ordered_range(),
            9 => Kind::simple(self.choices).optional(),
            _ => Kind::factual(self.choices, self.records.len()),
        }
    }

    fn ordered_range(&mut self) -> Kind {
        let of = self.choices.pick(&[Kind::NUMBER, Kind::Date, Kind::Text, Kind::Integer]).clone();
        Kind::Range(Box::new(of))
    }

    fn decision_block(&mut self, position: usize, fuel: usize) -> String {
        let name = self.fresh(if position == 0 { "primera" } else { "decision" });
        let (text, outcome) = if self.choices.percent(40) {
            let table = self.within(|writer| writer.table(fuel));
            let word = self.words.say("tabla", "table");
            (format!("{word} {name} : {} {}", table.declared, table.text), table.outcome)
        } else {
            let kind = self.result_kind();
            let body = self.within(|writer| writer.body(&kind, fuel));
            (format!("decision {name} : {}{body}", self.type_text(&kind)), kind)
        };
        self.know(&name, outcome);
        text
    }
}
