//! Operations written as parenthesised texts, such as `(add $n 1)`, so that plans in tests are data.

/// A parsed text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// A word or literal.
    Atom(String),
    /// What stands in parentheses.
    Group(Vec<Expression>),
}

impl Expression {
    /// Parses one expression; a mistake in it is a mistake of the test.
    pub(crate) fn parse(text: &str) -> Expression {
        let mut tokens = tokens(text).into_iter().peekable();
        let expression = parse_one(&mut tokens);
        assert!(tokens.peek().is_none(), "text after the expression: {text}");
        expression
    }

    pub(crate) fn atom(&self) -> &str {
        match self {
            Expression::Atom(atom) => atom,
            Expression::Group(_) => panic!("expected a word and got {self:?}"),
        }
    }

    pub(crate) fn group(&self) -> &[Expression] {
        match self {
            Expression::Group(group) => group,
            Expression::Atom(_) => panic!("expected a group and got {self:?}"),
        }
    }
}

fn parse_one(tokens: &mut std::iter::Peekable<std::vec::IntoIter<String>>) -> Expression {
    let token = tokens.next().expect("an expression");
    if token != "(" {
        return Expression::Atom(token);
    }
    let mut group = Vec::new();
    while tokens.peek().expect("a closing parenthesis") != ")" {
        group.push(parse_one(tokens));
    }
    tokens.next();
    Expression::Group(group)
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' => 1,
            '"' => rest[1..].find('"').expect("a closing quote") + 2,
            _ => rest.find(|c: char| c.is_whitespace() || c == '(' || c == ')').unwrap_or(rest.len()),
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    tokens
}
