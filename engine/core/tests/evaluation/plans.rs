//! Small plans, built by hand.

use std::collections::HashMap;
use std::sync::Arc;

use dictamen_core::{Facts, Failure, Limits, Nothing, Prepared, Recorder, Request, Usage, evaluate};
use dictamen_plan::{
    About, ArithmeticOp, Body, Cell, Comparison, Constraint, DatedValue, Decision, DecisionId, Domain, FORMAT,
    Function, HitPolicy, Input, Iteration, Lambda, LocalId, Op, OpId, Parameter, ParameterSet, Plan, Position,
    Quantifier, Row, Ruleset, SEMANTICS, Table, Test, TextId,
};
use dictamen_value::{
    Date, DateTime, DaysDuration, Field, MonthsDuration, NamedType, Number, RecordType, Time, Type, Value,
};

use crate::expressions::Expression;

/// Locals of every body; enough for all tests.
const FRAME: u32 = 16;

/// A plan in the making, with facts and parameters to run it.
pub(crate) struct Plans {
    pub(crate) plan: Plan,
    pub(crate) parameters: ParameterSet,
    pub(crate) facts: Vec<(u32, Value)>,
    decisions: HashMap<String, DecisionId>,
    functions: HashMap<String, u32>,
}

impl Plans {
    pub(crate) fn new() -> Plans {
        let plan = Plan {
            format: FORMAT,
            semantics: SEMANTICS,
            time_zones: None,
            dmn_mode: false,
            rulesets: vec![Ruleset {
                id: "reglas".into(),
                version: None,
                about: About::default(),
                in_force_from: None,
                in_force_to: None,
                published: None,
            }],
            inputs: Vec::new(),
            parameters: Vec::new(),
            decisions: Vec::new(),
            functions: Vec::new(),
            lambdas: Vec::new(),
            tables: Vec::new(),
            constraints: Vec::new(),
            types: Vec::new(),
            operations: Vec::new(),
            positions: Vec::new(),
            constants: Vec::new(),
            shapes: Vec::new(),
            texts: Vec::new(),
            sources: vec!["prueba.regla".into()],
            letters: Vec::new(),
            glossary: Vec::new(),
        };
        let parameters = ParameterSet::default();
        Plans { plan, parameters, facts: Vec::new(), decisions: HashMap::new(), functions: HashMap::new() }
    }

    /// Adds an input, with its value where it is given.
    pub(crate) fn input(&mut self, name: &str, ty: Type, value: Option<Value>) {
        let id = u32::try_from(self.plan.inputs.len()).unwrap();
        self.plan.inputs.push(Input { name: name.into(), ty, about: About::default() });
        self.facts.extend(value.map(|value| (id, value)));
    }

    /// Adds a parameter with rows of first day, last day, instant from which it is known and value.
    pub(crate) fn parameter(&mut self, name: &str, ty: Type, rows: &[(&str, Option<&str>, Option<&str>, Value)]) {
        let name: Arc<str> = format!("reglas.{name}").into();
        self.plan.parameters.push((name.clone(), ty, about("Base del parámetro")));
        let row = |(from, to, known, value): &(&str, Option<&str>, Option<&str>, Value)| DatedValue {
            from: Date::parse(from).unwrap(),
            to: to.map(|to| Date::parse(to).unwrap()),
            known: known.map(|known| DateTime::parse(known).unwrap()),
            value: value.clone(),
            about: About::default(),
            position: Position(0, 1, 1),
        };
        self.parameters.parameters.push(Parameter { name, rows: rows.iter().map(row).collect() });
    }

    /// Adds a decision.
    pub(crate) fn decision(&mut self, name: &str, ty: Type, body: &str) -> DecisionId {
        let root = self.operation(&Expression::parse(body));
        let position = self.plan.positions[root as usize];
        let decision = Decision {
            ruleset: 0,
            name: name.into(),
            ty,
            about: About::default(),
            body: Body { root, frame: FRAME },
            needs: Vec::new(),
            asks: Vec::new(),
            position,
        };
        let id = u32::try_from(self.plan.decisions.len()).unwrap();
        self.plan.decisions.push(decision);
        self.decisions.insert(name.into(), id);
        id
    }

    /// Adds a function; its arguments are its first locals. Its body may call it.
    pub(crate) fn function(&mut self, name: &str, parameters: usize, body: &str) {
        let id = u32::try_from(self.plan.functions.len()).unwrap();
        self.functions.insert(name.into(), id);
        self.plan.functions.push(Function {
            ruleset: 0,
            name: name.into(),
            parameters: (0..parameters).map(|position| (format!("p{position}").into(), Type::Any)).collect(),
            ty: Type::Any,
            about: About::default(),
            body: Body { root: 0, frame: FRAME },
            position: Position(0, 1, 1),
        });
        let root = self.operation(&Expression::parse(body));
        self.plan.functions[id as usize].body.root = root;
    }

    /// Adds a constraint over local 0.
    pub(crate) fn constraint(&mut self, text: &str, negated: bool, tests: &str) -> u32 {
        let tests = Expression::parse(tests).group().iter().map(|test| self.test(test)).collect();
        let text = self.text(text);
        self.plan.constraints.push(Constraint { tests, negated, frame: 1, text });
        u32::try_from(self.plan.constraints.len() - 1).unwrap()
    }

    /// Adds an operation, each at a line of its own.
    pub(crate) fn push(&mut self, op: Op) -> OpId {
        let id = u32::try_from(self.plan.operations.len()).unwrap();
        self.plan.operations.push(op);
        self.plan.positions.push(Position(0, id + 1, 7));
        id
    }

    pub(crate) fn facts(&self) -> Facts {
        let mut facts = Facts::new(&self.plan);
        for (input, value) in &self.facts {
            facts.set(*input, value.clone());
        }
        facts
    }

    /// Makes a decision as of 2026-03-01, with limits.
    pub(crate) fn run_with<R: Recorder>(
        &self,
        decision: DecisionId,
        limits: Limits,
        recorder: &mut R,
    ) -> (Result<Value, Failure>, Usage) {
        let (prepared, facts) = (self.prepared(), self.facts());
        evaluate(&self.request(&prepared, decision, limits, &facts), recorder)
    }

    /// Makes a decision as of 2026-03-01.
    pub(crate) fn run(&self, decision: DecisionId) -> Result<Value, Failure> {
        self.run_with(decision, Limits::default(), &mut Nothing).0
    }

    pub(crate) fn prepared(&self) -> Prepared {
        Prepared::new(self.plan.clone())
    }

    pub(crate) fn request<'a>(
        &'a self,
        plan: &'a Prepared,
        decision: DecisionId,
        limits: Limits,
        facts: &'a Facts,
    ) -> Request<'a> {
        Request {
            plan,
            parameters: &self.parameters,
            decision,
            facts,
            as_of: Date::parse("2026-03-01").unwrap(),
            known_at: DateTime::parse("2026-03-01T00:00:00Z").unwrap(),
            limits,
            cancel: None,
        }
    }

    /// Adds what an expression writes.
    pub(crate) fn operation(&mut self, expression: &Expression) -> OpId {
        let op = match expression {
            Expression::Atom(atom) => self.atom(atom),
            Expression::Group(group) => self.form(group[0].atom(), &group[1..]),
        };
        self.push(op)
    }

    fn atom(&mut self, atom: &str) -> Op {
        match atom.split_at(1) {
            ("$", name) => Op::Input(self.find_input(name)),
            ("%", local) => Op::Local(local.parse().unwrap()),
            ("#", name) => Op::Decision(self.decisions[name]),
            _ if atom == "as-of" => Op::AsOf,
            _ => self.constant(literal(atom)),
        }
    }

    fn find_input(&self, name: &str) -> u32 {
        let position = self.plan.inputs.iter().position(|input| &*input.name == name);
        u32::try_from(position.unwrap_or_else(|| panic!("no input {name}"))).unwrap()
    }

    fn constant(&mut self, value: Value) -> Op {
        self.plan.constants.push(value);
        Op::Constant(u32::try_from(self.plan.constants.len() - 1).unwrap())
    }

    fn form(&mut self, name: &str, rest: &[Expression]) -> Op {
        if let Some(op) = self.operator(name, rest) {
            return op;
        }
        match name {
            "neg" => Op::Negate(self.operation(&rest[0])),
            "and" => Op::And(self.operation(&rest[0]), self.operation(&rest[1])),
            "or" => Op::Or(self.operation(&rest[0]), self.operation(&rest[1])),
            "if" => Op::If(self.operation(&rest[0]), self.operation(&rest[1]), self.operation(&rest[2])),
            "in" => {
                let value = self.operation(&rest[0]);
                Op::In(value, local(&rest[1]), rest[2..].iter().map(|test| self.test(test)).collect())
            }
            "ensure" => Op::Ensure(self.operation(&rest[0]), Box::new(self.type_of(&rest[1]))),
            "is" => Op::InstanceOf(self.operation(&rest[0]), Box::new(self.type_of(&rest[1]))),
            "field" => Op::Field(self.operation(&rest[0]), self.text(rest[1].atom()), 0),
            "each" => Op::FieldOfEach(self.operation(&rest[0]), self.text(rest[1].atom())),
            "filter" => Op::Filter(self.operation(&rest[0]), local(&rest[1]), self.operation(&rest[2])),
            "element" => Op::Element(self.operation(&rest[0]), self.operation(&rest[1])),
            "list" => Op::List(self.all(rest)),
            "context" => self.context(rest),
            "range" => {
                let (low, high) = (self.operation(&rest[0]), self.operation(&rest[2]));
                Op::Range(low, rest[1].atom() == "closed", high, rest[3].atom() == "closed")
            }
            "parameter" => {
                let name = format!("reglas.{}", rest[0].atom());
                let id = self.plan.parameters.iter().position(|(known, _, _)| **known == *name).unwrap();
                Op::Parameter(u32::try_from(id).unwrap(), rest.get(1).map(|day| self.operation(day)))
            }
            "table" => Op::Table(self.table(rest)),
            _ => self.iteration_or_call(name, rest),
        }
    }

    fn iteration_or_call(&mut self, name: &str, rest: &[Expression]) -> Op {
        match name {
            "for" => {
                let (iterations, body) = self.iterations(rest);
                Op::For(iterations, body)
            }
            "some" | "every" => {
                let (iterations, body) = self.iterations(rest);
                let quantifier = if name == "some" { Quantifier::Some } else { Quantifier::Every };
                Op::Quantified(quantifier, iterations, body)
            }
            "lambda" => self.lambda(rest),
            "function" => Op::FunctionValue(self.functions[rest[0].atom()]),
            "call" => Op::Call(self.functions[rest[0].atom()], self.all(&rest[1..])),
            "apply" => Op::CallValue(self.operation(&rest[0]), self.all(&rest[1..])),
            "builtin" => {
                let name = rest[0].atom().trim_matches('"');
                Op::BuiltIn(name.into(), rest[1].atom().parse().unwrap(), self.all(&rest[2..]))
            }
            other => panic!("no operation {other}"),
        }
    }

    /// `(add a b)`, `(lt a b)`…; with an `n` in front over numbers that are never null.
    fn operator(&mut self, name: &str, rest: &[Expression]) -> Option<Op> {
        let general = name.strip_prefix("n-");
        let arithmetic = |name| match name {
            "add" => Some(ArithmeticOp::Add),
            "sub" => Some(ArithmeticOp::Subtract),
            "mul" => Some(ArithmeticOp::Multiply),
            "div" => Some(ArithmeticOp::Divide),
            "pow" => Some(ArithmeticOp::Power),
            _ => None,
        };
        if let Some(operator) = arithmetic(general.unwrap_or(name)) {
            let (left, right) = (self.operation(&rest[0]), self.operation(&rest[1]));
            return Some(match general {
                Some(_) => Op::NumberArithmetic(operator, left, right),
                None => Op::Arithmetic(operator, left, right),
            });
        }
        let comparison = comparison(general.unwrap_or(name))?;
        let (left, right) = (self.operation(&rest[0]), self.operation(&rest[1]));
        Some(match general {
            Some(_) => Op::NumberCompare(comparison, left, right),
            None => Op::Compare(comparison, left, right),
        })
    }

    fn all(&mut self, expressions: &[Expression]) -> Vec<OpId> {
        expressions.iter().map(|expression| self.operation(expression)).collect()
    }

    /// `(context (name local value) …)`.
    fn context(&mut self, entries: &[Expression]) -> Op {
        let names: Vec<Arc<str>> = entries.iter().map(|entry| entry.group()[0].atom().into()).collect();
        self.plan.shapes.push(names.into());
        let shape = u32::try_from(self.plan.shapes.len() - 1).unwrap();
        let values = entries.iter().map(|entry| (local(&entry.group()[1]), self.operation(&entry.group()[2])));
        Op::Context(shape, values.collect())
    }

    /// `(local list) … body`, where a list may be `(to from to)`.
    fn iterations(&mut self, rest: &[Expression]) -> (Vec<Iteration>, OpId) {
        let (body, iterations) = rest.split_last().unwrap();
        let iterations = iterations.iter().map(|iteration| {
            let (item, domain) = (local(&iteration.group()[0]), &iteration.group()[1]);
            let domain = match domain {
                Expression::Group(group) if group[0] == Expression::Atom("to".into()) => {
                    Domain::Interval(self.operation(&group[1]), self.operation(&group[2]))
                }
                list => Domain::List(self.operation(list)),
            };
            Iteration { item, domain }
        });
        let iterations = iterations.collect();
        (iterations, self.operation(body))
    }

    /// `(lambda parameters (captured local …) body)`.
    fn lambda(&mut self, rest: &[Expression]) -> Op {
        let parameters = rest[0].atom().parse().unwrap();
        let captures = rest[1].group().iter().map(local).collect();
        let root = self.operation(&rest[2]);
        self.plan.lambdas.push(Lambda {
            parameters,
            captures,
            body: Body { root, frame: FRAME },
            signature: Vec::new(),
            result: None,
            sees_itself: false,
        });
        Op::Lambda(u32::try_from(self.plan.lambdas.len() - 1).unwrap())
    }

    /// `(table policy (columns (local value) …) (outputs (name type) …) (row (cell …) output …) … (default output …))`,
    /// with `absent` before the rows where there may be no outcome.
    fn table(&mut self, rest: &[Expression]) -> u32 {
        let policy = policy(rest[0].atom());
        let inputs = rest[1].group()[1..].iter().map(|column| {
            let (value, local) = (self.operation(&column.group()[1]), local(&column.group()[0]));
            (value, local, self.text(&format!("columna {local}")))
        });
        let inputs = inputs.collect();
        let outputs = &rest[2].group()[1..];
        let names: Vec<Arc<str>> = outputs.iter().map(|output| output.group()[0].atom().into()).collect();
        let output_types = outputs.iter().map(|output| self.type_of(&output.group()[1])).collect();
        self.plan.shapes.push(names.into());
        let mut table = Table {
            policy,
            inputs,
            outputs: u32::try_from(self.plan.shapes.len() - 1).unwrap(),
            single: outputs.len() == 1,
            output_types,
            annotations: vec!["base_legal".into()],
            rows: Vec::new(),
            default: None,
            may_be_absent: false,
            position: Position(0, 100, 1),
        };
        for part in &rest[3..] {
            self.table_part(&mut table, part);
        }
        self.plan.tables.push(table);
        u32::try_from(self.plan.tables.len() - 1).unwrap()
    }

    fn table_part(&mut self, table: &mut Table, part: &Expression) {
        let number = u32::try_from(table.rows.len() + 1).unwrap();
        let position = Position(0, 100 + number, 3);
        match part {
            Expression::Atom(_) => table.may_be_absent = true,
            Expression::Group(group) if group[0] == Expression::Atom("default".into()) => {
                table.default = Some((self.all(&group[1..]), about("Regla general"), position));
            }
            Expression::Group(group) => {
                let inputs = group[1].group().iter().map(|cell| self.cell(cell)).collect();
                let outputs = self.all(&group[2..]);
                let annotation = self.text(&format!("ET {number}"));
                let about = about(&format!("ET {number}"));
                table.rows.push(Row { inputs, outputs, about, annotations: vec![annotation], position });
            }
        }
    }

    /// `-`, `(test …)` or `(not test …)`.
    fn cell(&mut self, cell: &Expression) -> Cell {
        let text = self.text(&format!("{cell:?}"));
        match cell {
            Expression::Atom(_) => Cell { tests: Vec::new(), negated: false, text },
            Expression::Group(group) => {
                let negated = group[0] == Expression::Atom("not".into());
                let tests = group[usize::from(negated)..].iter().map(|test| self.test(test)).collect();
                Cell { tests, negated, text }
            }
        }
    }

    fn test(&mut self, test: &Expression) -> Test {
        let group = test.group();
        match group[0].atom() {
            "within" => {
                let (low, high) = (self.operation(&group[1]), self.operation(&group[3]));
                Test::Within(low, group[2].atom() == "closed", high, group[4].atom() == "closed")
            }
            "in-range" => Test::InRange(self.operation(&group[1])),
            "in-list" => Test::InList(self.operation(&group[1])),
            "when" => Test::Condition(self.operation(&group[1])),
            "dynamic" => Test::Dynamic(self.operation(&group[1])),
            name => Test::Compare(comparison(name).unwrap(), self.operation(&group[1])),
        }
    }

    pub(crate) fn text(&mut self, text: &str) -> TextId {
        self.plan.texts.push(text.trim_matches('"').into());
        u32::try_from(self.plan.texts.len() - 1).unwrap()
    }

    /// A type: a name, or `(optional t)`, `(list t)`, `(range t)`, `(choice value …)`, `(record (name type) …)`,
    /// `(named name type constraint-or--)`.
    pub(crate) fn type_of(&self, ty: &Expression) -> Type {
        let group = match ty {
            Expression::Atom(name) => return basic_type(name),
            Expression::Group(group) => group,
        };
        match group[0].atom() {
            "optional" => self.type_of(&group[1]).optional(),
            "list" => Type::list(self.type_of(&group[1])),
            "range" => Type::Range(Box::new(self.type_of(&group[1]))),
            "choice" => Type::Choice(group[1..].iter().map(|value| literal(value.atom())).collect()),
            "record" => {
                let field = |field: &Expression| Field {
                    name: field.group()[0].atom().into(),
                    ty: self.type_of(&field.group()[1]),
                };
                Type::Record(Arc::new(RecordType { fields: group[1..].iter().map(field).collect() }))
            }
            "named" => Type::Named(Arc::new(NamedType {
                name: Some(group[1].atom().into()),
                base: self.type_of(&group[2]),
                constraint: group[3].atom().parse().ok(),
            })),
            other => panic!("no type {other}"),
        }
    }
}

fn basic_type(name: &str) -> Type {
    match name {
        "any" => Type::Any,
        "null" => Type::Null,
        "boolean" => Type::Boolean,
        "number" => Type::number(),
        "integer" => Type::integer(),
        "text" => Type::Text,
        "date" => Type::Date,
        "time" => Type::Time,
        "date-time" => Type::DateTime,
        "days" => Type::DaysDuration,
        "months" => Type::MonthsDuration,
        other => panic!("no type {other}"),
    }
}

fn comparison(name: &str) -> Option<Comparison> {
    match name {
        "eq" => Some(Comparison::Equal),
        "ne" => Some(Comparison::NotEqual),
        "lt" => Some(Comparison::Less),
        "le" => Some(Comparison::LessOrEqual),
        "gt" => Some(Comparison::Greater),
        "ge" => Some(Comparison::GreaterOrEqual),
        _ => None,
    }
}

fn policy(letters: &str) -> HitPolicy {
    use HitPolicy as P;
    let all = [
        P::Unique,
        P::Any,
        P::Priority,
        P::First,
        P::RuleOrder,
        P::OutputOrder,
        P::Collect,
        P::CollectSum,
        P::CollectMin,
        P::CollectMax,
        P::CollectCount,
    ];
    all.into_iter().find(|policy| policy.letters() == letters).unwrap_or_else(|| panic!("no policy {letters}"))
}

fn local(expression: &Expression) -> LocalId {
    expression.atom().parse().unwrap()
}

/// A literal: `null`, `true`, `12.5`, `"text"`, `@2026-03-01`, `@P1D`, `@12:00:00`, `@2026-03-01T12:00:00Z`.
pub(crate) fn literal(text: &str) -> Value {
    match text {
        "null" => return Value::Null,
        "true" | "false" => return Value::from(text == "true"),
        _ => {}
    }
    if let Some(text) = text.strip_prefix('"') {
        return Value::from(text.strip_suffix('"').unwrap());
    }
    let Some(text) = text.strip_prefix('@') else { return Value::from(Number::parse(text).expect(text)) };
    let readers: [fn(&str) -> Option<Value>; 5] = [
        |text| Date::parse(text).ok().map(Value::from),
        |text| DateTime::parse(text).ok().map(Value::from),
        |text| Time::parse(text).ok().map(Value::from),
        |text| DaysDuration::parse(text).ok().map(Value::from),
        |text| MonthsDuration::parse(text).ok().map(Value::from),
    ];
    readers.iter().find_map(|read| read(text)).unwrap_or_else(|| panic!("no literal {text}"))
}

fn about(legal_basis: &str) -> About {
    About { legal_basis: Some(legal_basis.into()), ..About::default() }
}
