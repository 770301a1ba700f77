//! What DMN mode lets anyone write: values of any type anywhere, names that nothing has, texts that are no FEEL.

use super::kinds::Kind;
use super::scope::Writer;

/// Operators between any two values.
const OPERATORS: [&str; 13] = ["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or"];
/// Types that `instance of` asks for.
const TYPES: [&str; 9] = [
    "number",
    "string",
    "boolean",
    "date",
    "list<Any>",
    "list<number>",
    "range<number>",
    "context<a: number>",
    "function<number>->Any",
];
/// Functions of Java's library with a parameter each.
const METHODS: [(&str, &str); 4] =
    [("Math", "sin(double)"), ("Math", "abs(long)"), ("Double", "valueOf(java.lang.String)"), ("Math", "none(int)")];

impl Writer<'_> {
    /// An expression that may well be of another type than is wanted.
    pub(super) fn wild(&mut self, kind: &Kind, fuel: usize) -> String {
        let half = fuel / 2;
        match self.choices.below(20) {
            0..=3 => self.any(half),
            4 => format!("({} {} {})", self.any(half), self.choices.word(&OPERATORS), self.any(half)),
            5 => format!("{}[{}]", self.list_of_any(half), self.any(half)),
            6 => self.wild_filter(half),
            7 => format!("({}).{}", self.any(half), self.choices.word(&["nada", "year", "a", "days", "start", "x1"])),
            8 => self.choices.word(&["nada", "nada(1)", "nada.otra", "-nada"]).into(),
            9 => format!("{} \"1 + +\"", self.words.say("ilegible", "unreadable")),
            10 => self.wild_in(half),
            11 => format!("(({}) instance of {})", self.any(half), self.choices.word(&TYPES)),
            12 => self.by_name(half),
            13 => format!("(for i in {} return count(partial) + i)", self.list_of_any(half)),
            14 => format!(
                "({} i in {} satisfies {})",
                self.choices.word(&["some", "every"]),
                self.any(half),
                self.any(half)
            ),
            15 => self.java(half),
            16 => {
                format!("(if {} then {} else {})", self.any(half), self.expression(kind, half, false), self.any(half))
            }
            17 => format!("({} : {})", self.any(half), self.wanted_text(kind)),
            18 => self.wild_call(half),
            _ => format!("{{ a: {}, a: {} }}", self.any(half), self.any(half)),
        }
    }

    /// An expression of some type.
    fn any(&mut self, fuel: usize) -> String {
        let kind = match self.choices.below(8) {
            0 => return "null".into(),
            1 => Kind::simple(self.choices).list(),
            2 => Kind::Range(Box::new(Kind::NUMBER)),
            _ => Kind::simple(self.choices),
        };
        let text = self.expression(&kind, fuel, true);
        format!("({text})")
    }

    fn list_of_any(&mut self, fuel: usize) -> String {
        let count = self.choices.below(4);
        let items: Vec<String> = (0..count).map(|_| self.any(fuel / 2)).collect();
        format!("[{}]", items.join(", "))
    }

    /// A filter over values of which some are contexts, with a name that is an entry of some and a name outside.
    fn wild_filter(&mut self, fuel: usize) -> String {
        let (one, two, outside) = (self.any(fuel / 2), self.any(fuel / 2), self.any(fuel / 2));
        let name = self.fresh("n");
        let other = self.any(fuel / 2);
        let compared = self.choices.word(&["=", "!=", ">", "<="]);
        let (list, result) = (self.fresh("l"), self.fresh("r"));
        format!(
            "{{ {name}: {outside}, {list}: [{{ {name}: {one} }}, {two}, {{ item: {one} }}], {result}: {list}[{name} {compared} {other} or item = {two}] }}.{result}"
        )
    }

    fn wild_in(&mut self, fuel: usize) -> String {
        let value = self.any(fuel);
        let tests = match self.choices.below(6) {
            0 => self.any(fuel),
            1 => format!("({}, {})", self.any(fuel), self.any(fuel)),
            2 => format!("(> {}, {})", self.any(fuel), self.any(fuel)),
            3 => format!("[{}..{}]", self.any(fuel), self.any(fuel)),
            4 => format!("({}..{})", self.any(fuel), self.any(fuel)),
            _ => self.list_of_any(fuel),
        };
        if self.choices.percent(20) {
            return format!("({value} between {} and {})", self.any(fuel), self.any(fuel));
        }
        format!("({value} in {tests})")
    }

    /// A call by name of a function on the spot or of a built-in one, with names that are right or not.
    fn by_name(&mut self, fuel: usize) -> String {
        let (first, second) = (self.any(fuel), self.any(fuel));
        let names = *self.choices.pick(&[("a", "b"), ("b", "a"), ("a", "c"), ("a", "a")]);
        match self.choices.below(3) {
            0 => format!("contains(string: {first}, match: {second})"),
            1 => format!("sublist(list: {first}, start position: {second})"),
            _ => {
                let (function, result) = (self.fresh("f"), self.fresh("r"));
                let ty = self.choices.word(&["", ": number", ": list<Any>", ": string"]);
                format!(
                    "{{ {function}: function(a{ty}, b) [a, b], {result}: {function}({}: {first}, {}: {second}) }}.{result}",
                    names.0, names.1
                )
            }
        }
    }

    fn java(&mut self, fuel: usize) -> String {
        let (class, method) = *self.choices.pick(&METHODS);
        let (function, result) = (self.fresh("f"), self.fresh("r"));
        let argument = self.any(fuel);
        format!(
            "{{ {function}: function(x) external {{ java: {{ class: \"java.lang.{class}\", method signature: \"{method}\" }} }}, {result}: {function}({argument}) }}.{result}"
        )
    }

    /// A built-in function with arguments of any types and number.
    fn wild_call(&mut self, fuel: usize) -> String {
        let names: Vec<&str> = dictamen_functions::all().map(|entry| entry.name).collect();
        let name = *self.choices.pick(&names);
        let arguments: Vec<String> = (0..self.choices.below(4)).map(|_| self.any(fuel / 2)).collect();
        match self.choices.percent(20) {
            true => format!("[{name}][1]({})", arguments.join(", ")),
            false => format!("{name}({})", arguments.join(", ")),
        }
    }

    fn wanted_text(&self, kind: &Kind) -> String {
        match kind {
            Kind::Function(..) | Kind::Optional(_) => self.type_text(&Kind::NUMBER),
            other => self.type_text(other),
        }
    }
}
