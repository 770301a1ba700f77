//! Java methods that DMN models call as external functions (DMN 1.5, clause 10.3.2.13.3): a closed list. Nothing is ever
//! loaded; each entry does here what the method of that class and signature does in Java.

mod decimals;
mod format;
mod java;
mod mathematics;
mod text;
mod times;
mod wrappers;

use dictamen_value::{Message, Value};

use java::{Java, Kind};

/// A static method of Java's library.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    class: &'static str,
    name: &'static str,
    parameters: &'static [Kind],
    body: Body,
}

/// What a method does. Numbers of Java come out of range where Java would wrap around: that is an error here.
#[derive(Clone, Copy, Debug)]
enum Body {
    Double1(fn(f64) -> f64),
    Double2(fn(f64, f64) -> f64),
    Long1(fn(i64) -> Option<i64>),
    Long2(fn(i64, i64) -> Option<i64>),
    Any(fn(&[Java]) -> Result<Java, Message>),
}

/// Chapters of the list.
const CHAPTERS: [&[Method]; 5] =
    [mathematics::METHODS, wrappers::METHODS, text::METHODS, decimals::METHODS, times::METHODS];

/// The method of a class with a signature such as `max(double, double)`, for a function with so many parameters.
pub fn find(class: &str, signature: &str, arguments: usize) -> Result<Method, Message> {
    let unknown = || {
        Message::new(
            format!("{class}.{signature} no está entre las funciones externas que se pueden llamar"),
            format!("{class}.{signature} is not among the external functions that can be called"),
        )
    };
    let (name, kinds) = read_signature(signature).ok_or_else(unknown)?;
    // Here both give the same bits on every machine, which is what sets `StrictMath` apart.
    let class_here = if class == "java.lang.StrictMath" { "java.lang.Math" } else { class };
    let same = |method: &&Method| method.class == class_here && method.name == name && method.parameters == kinds;
    let method = CHAPTERS.into_iter().flatten().find(same).ok_or_else(unknown)?;
    if !method.takes(arguments) {
        let expected = method.parameters.len();
        return Err(Message::new(
            format!("{class}.{signature} recibe {expected} argumentos y la función tiene {arguments} parámetros"),
            format!("{class}.{signature} takes {expected} arguments and the function has {arguments} parameters"),
        ));
    }
    Ok(*method)
}

/// Every method of the list, as `java.lang.Math.max(double, double)`.
pub fn all() -> impl Iterator<Item = String> {
    CHAPTERS.into_iter().flatten().map(|method| {
        let kinds: Vec<&str> = method.parameters.iter().map(|kind| kind.name()).collect();
        format!("{}.{}({})", method.class, method.name, kinds.join(", "))
    })
}

/// `name(type, type)`: the name and the kinds of its parameters, in any spelling that Java knows of them.
fn read_signature(signature: &str) -> Option<(&str, Vec<Kind>)> {
    let (name, rest) = signature.trim().split_once('(')?;
    let inside = rest.trim_end().strip_suffix(')')?.trim();
    if inside.is_empty() {
        return Some((name.trim(), Vec::new()));
    }
    let kinds: Option<Vec<Kind>> = inside.split(',').map(|kind| Kind::read(kind.trim())).collect();
    Some((name.trim(), kinds?))
}

impl Method {
    const fn new(class: &'static str, name: &'static str, parameters: &'static [Kind], body: Body) -> Method {
        Method { class, name, parameters, body }
    }

    /// What the method returns for arguments of FEEL, which are converted to the types of its parameters.
    ///
    /// # Errors
    /// Where an argument cannot be converted, or where the method fails or gives what FEEL has no value for.
    pub fn call(&self, arguments: &[Value]) -> Result<Value, Message> {
        let converted = self.converted(arguments)?;
        let result = match (self.body, converted.as_slice()) {
            (Body::Double1(body), [a]) => Java::Double(body(a.double()?)),
            (Body::Double2(body), [a, b]) => Java::Double(body(a.double()?, b.double()?)),
            (Body::Long1(body), [a]) => self.whole(body(a.long()?))?,
            (Body::Long2(body), [a, b]) => self.whole(body(a.long()?, b.long()?))?,
            (Body::Any(body), arguments) => body(arguments)?,
            _ => return Err(self.wrong_count(arguments.len())),
        };
        result.into_value()
    }

    /// A whole number that must fit the widest of the parameters, as Java's result does.
    fn whole(&self, number: Option<i64>) -> Result<Java, Message> {
        let int = self.parameters.iter().all(|kind| *kind == Kind::Int);
        let fits = |number: &i64| !int || i32::try_from(*number).is_ok();
        number.filter(fits).map(Java::Long).ok_or_else(|| {
            Message::new(
                format!("{} no tiene un resultado que quepa en su tipo", self.name),
                format!("{} has no result that fits its type", self.name),
            )
        })
    }

    fn takes(&self, arguments: usize) -> bool {
        match self.parameters.split_last() {
            Some((last, others)) if last.is_array() => arguments >= others.len(),
            _ => arguments == self.parameters.len(),
        }
    }

    fn converted(&self, arguments: &[Value]) -> Result<Vec<Java>, Message> {
        if !self.takes(arguments.len()) {
            return Err(self.wrong_count(arguments.len()));
        }
        let Some((last, others)) = self.parameters.split_last().filter(|(last, _)| last.is_array()) else {
            return self.parameters.iter().zip(arguments).map(|(kind, value)| kind.convert(value)).collect();
        };
        let (single, rest) = arguments.split_at_checked(others.len()).unwrap_or((arguments, &[]));
        let mut converted: Vec<Java> =
            others.iter().zip(single).map(|(kind, value)| kind.convert(value)).collect::<Result<_, _>>()?;
        converted.push(match rest {
            [Value::List(items)] => last.convert_all(items)?,
            items => last.convert_all(items)?,
        });
        Ok(converted)
    }

    fn wrong_count(&self, received: usize) -> Message {
        let expected = self.parameters.len();
        Message::new(
            format!("{} recibe {expected} argumentos y llegaron {received}", self.name),
            format!("{} takes {expected} arguments and got {received}", self.name),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{CHAPTERS, all, find};

    #[test]
    fn every_method_is_found_by_what_it_is_called_and_no_two_are_alike() {
        let mut seen = BTreeSet::new();
        for (method, listed) in CHAPTERS.into_iter().flatten().zip(all()) {
            let signature =
                listed.strip_prefix(method.class).and_then(|rest| rest.strip_prefix('.')).unwrap_or_default();
            let found = find(method.class, signature, method.parameters.len());
            assert_eq!(found.map(|found| found.parameters).ok(), Some(method.parameters), "{listed}");
            assert!(seen.insert(listed.clone()), "{listed} is there twice");
        }
        assert!(seen.len() > 150, "only {} methods", seen.len());
    }
}
