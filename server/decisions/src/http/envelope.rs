//! The body of a decision request: its members are read one by one, so that every mistake is named with its place.

use std::fmt;

use dictamen_core::Form;
use dictamen_platform::{FieldError, Principal, Problem};
use dictamen_value::Message;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::port::{AskedDates, read_as_of, read_known_at};

/// What a request asks.
#[derive(Debug, Default)]
pub(super) struct Envelope<'a> {
    /// The facts, untouched.
    pub(super) input: &'a [u8],
    /// Dates that it says.
    pub(super) dates: AskedDates,
    /// The version, where it is pinned.
    pub(super) version: Option<String>,
    /// The form of the explanation, where it wants one.
    pub(super) explain: Option<Form>,
}

/// Fails where the reserved form is asked for by somebody whose task it is not.
pub(super) fn may_be_told(principal: &Principal, form: Option<Form>) -> Result<(), Problem> {
    if form != Some(Form::Reserved) || principal.sees_reserved() {
        return Ok(());
    }
    let roles = Principal::RESERVED_ROLES.join(", ");
    Err(Problem::forbidden(Message::new(
        format!(
            "la forma reservada de una explicación es para quien tenga uno de estos roles: {roles}; pida la pública"
        ),
        format!(
            "the reserved form of an explanation is for those with one of these roles: {roles}; ask for the public one"
        ),
    )))
}

/// The members there are.
const MEMBERS: &str = "input, as_of, known_at, version, explain";

/// How many members are looked at.
const MEMBERS_MAX: usize = 64;

/// Reads the body of a request. Where it has nothing but facts, whether those are JSON is left to whoever reads them: if
/// they are refused, [`read`] says what is wrong with the body, if anything is.
pub(super) fn read_quickly(body: &[u8]) -> Result<Envelope<'_>, Problem> {
    match input_alone(body) {
        Some(input) => Ok(Envelope { input, ..Envelope::default() }),
        None => read(body),
    }
}

/// The facts of a body that has nothing else, as most have: `{"input":{…}}`. None of others, and of what may be wrong.
///
/// If what is found is a JSON object, the body is one that has nothing else; whether it is, is seen when the facts are read.
fn input_alone(body: &[u8]) -> Option<&[u8]> {
    let rest = body.trim_ascii().strip_prefix(b"{")?.trim_ascii_start().strip_prefix(b"\"input\"")?;
    let rest = rest.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    let input = rest.strip_suffix(b"}")?.trim_ascii_end();
    (input.starts_with(b"{") && input.ends_with(b"}")).then_some(input)
}

/// Reads the body of a request.
pub(super) fn read(body: &[u8]) -> Result<Envelope<'_>, Problem> {
    let members: Members<'_> = serde_json::from_slice(body).map_err(|error| unreadable(body, &error))?;
    let mut reading = Reading::default();
    for (position, (name, value)) in members.0.iter().enumerate() {
        let is_repeated = members.0.iter().take(position).any(|(earlier, _)| earlier == name);
        if is_repeated { reading.repeated(name) } else { reading.member(name, value) }
    }
    reading.finish()
}

/// Members in order, values as they stand.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'de>, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry::<String, &'de RawValue>()? {
            if members.len() < MEMBERS_MAX {
                members.push(member);
            }
        }
        Ok(Members(members))
    }
}

#[derive(Default)]
struct Reading<'a> {
    envelope: Envelope<'a>,
    has_input: bool,
    errors: Vec<FieldError>,
}

impl<'a> Reading<'a> {
    fn member(&mut self, name: &str, value: &'a RawValue) {
        match name {
            "input" => {
                self.has_input = true;
                self.envelope.input = value.get().as_bytes();
            }
            "as_of" => self.envelope.dates.as_of = self.text(name, value, read_as_of),
            "known_at" => self.envelope.dates.known_at = self.text(name, value, read_known_at),
            "version" => self.envelope.version = self.text(name, value, |text| Ok(text.to_owned())),
            "explain" => self.envelope.explain = self.form(name, value),
            _ => self.unknown(name),
        }
    }

    /// A member that is a text, or null where it is not given.
    fn text<T>(&mut self, name: &str, value: &RawValue, read: impl Fn(&str) -> Result<T, Message>) -> Option<T> {
        let text = match serde_json::from_str::<Option<String>>(value.get()) {
            Ok(text) => text?,
            Err(_) => {
                self.wrong_type(name, value, Message::new("un texto", "a text"));
                return None;
            }
        };
        let error = |message| FieldError::new(format!("#/{name}"), "peticion.valor", message).received(value.get());
        read(&text).map_err(|message| self.errors.push(error(message))).ok()
    }

    /// true or `"public"`, `"reserved"`; nothing where it is false or null.
    fn form(&mut self, name: &str, value: &RawValue) -> Option<Form> {
        match value.get() {
            "true" | "\"public\"" => Some(Form::Public),
            "\"reserved\"" => Some(Form::Reserved),
            "false" | "null" => None,
            _ => {
                let expected =
                    Message::new("true, false, \"public\" o \"reserved\"", "true, false, \"public\" or \"reserved\"");
                self.wrong_type(name, value, expected);
                None
            }
        }
    }

    fn wrong_type(&mut self, name: &str, value: &RawValue, expected: Message) {
        let message = Message::new("el valor es de otro tipo", "the value is of another type");
        let error = FieldError::new(format!("#/{name}"), "peticion.tipo", message);
        self.errors.push(error.expected(expected).received(value.get()));
    }

    fn unknown(&mut self, name: &str) {
        let message = Message::new(
            "la petición no tiene este miembro; los hechos van dentro de `input`",
            "the request has no such member; facts go inside `input`",
        );
        let error = FieldError::new(pointer(name), "peticion.miembro-desconocido", message);
        self.errors.push(error.expected(Message::same(MEMBERS)).received(name));
    }

    fn repeated(&mut self, name: &str) {
        let message = Message::new("este miembro aparece dos veces", "this member occurs twice");
        self.errors.push(FieldError::new(pointer(name), "peticion.miembro-repetido", message));
    }

    fn finish(mut self) -> Result<Envelope<'a>, Problem> {
        if !self.has_input {
            let message = Message::new("falta `input`, con los hechos", "`input`, with the facts, is missing");
            self.errors.push(FieldError::new("#/input", "peticion.falta-input", message));
        }
        if self.errors.is_empty() {
            return Ok(self.envelope);
        }
        let detail = Message::new(
            "la petición tiene miembros que no sirven; no se decidió nada",
            "the request has members that are wrong; nothing was decided",
        );
        Err(Problem::rejected(detail, self.errors))
    }
}

/// The pointer of a member (RFC 6901, section 6).
fn pointer(name: &str) -> String {
    format!("#/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn unreadable(body: &[u8], error: &serde_json::Error) -> Problem {
    if let Err(error) = std::str::from_utf8(body) {
        return not_utf8(body, error.valid_up_to());
    }
    if error.is_data() {
        let message = Message::new("se esperaba un objeto JSON", "expected a JSON object");
        let detail = Message::new("el cuerpo no es un objeto JSON", "the body is not a JSON object");
        return Problem::rejected(detail, vec![FieldError::new("#", "peticion.tipo", message)]);
    }
    if body.iter().all(u8::is_ascii_whitespace) {
        return Problem::malformed(Message::new(
            "el cuerpo está vacío: se esperaba un objeto JSON como {\"input\": {…}}",
            "the body is empty: expected a JSON object such as {\"input\": {…}}",
        ));
    }
    let (line, column, what) = (error.line(), error.column(), what_is_wrong(&error.to_string()));
    Problem::malformed(Message::new(
        format!("el cuerpo no es JSON en la línea {line}, columna {column}: {}", what.es),
        format!("the body is not JSON at line {line}, column {column}: {}", what.en),
    ))
}

fn not_utf8(body: &[u8], at: usize) -> Problem {
    let before = body.get(..at).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
    let column = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let column = String::from_utf8_lossy(column).chars().count().saturating_add(1);
    let byte = body.get(at).copied().unwrap_or_default();
    Problem::malformed(Message::new(
        format!("el cuerpo no está en UTF-8: byte inválido 0x{byte:02X} en la línea {line}, columna {column}"),
        format!("the body is not in UTF-8: invalid byte 0x{byte:02X} at line {line}, column {column}"),
    ))
}

/// What the reader of JSON complains of, for people.
fn what_is_wrong(complaint: &str) -> Message {
    let known = [
        ("EOF", "se acaba antes de tiempo", "it ends too early"),
        (
            "trailing characters",
            "sobra lo que sigue al final del objeto",
            "there is something after the end of the object",
        ),
        ("expected `:`", "se esperaban dos puntos (:)", "expected a colon (:)"),
        ("expected `,` or `]`", "se esperaba una coma o ]", "expected a comma or ]"),
        ("expected `,` or `}`", "se esperaba una coma o }", "expected a comma or }"),
        ("trailing comma", "sobra una coma", "there is a comma too many"),
        ("key must be a string", "se esperaba un nombre entre comillas dobles", "expected a name in double quotes"),
        ("invalid escape", "el texto tiene un escape que no existe", "the text has an escape that does not exist"),
        (
            "control character",
            "el texto tiene un carácter de control sin escapar",
            "the text has a control character without an escape",
        ),
        ("invalid number", "el número está mal escrito", "the number is not written well"),
    ];
    let found = known.iter().find(|(start, ..)| complaint.starts_with(start));
    found.map_or_else(
        || Message::new("se esperaba un valor JSON", "expected a JSON value"),
        |(_, es, en)| Message::new(*es, *en),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_request_is_read() {
        let body =
            br#"{ "as_of": "2026-01-31", "input": { "a": 1.10 }, "explain": true, "version": "v", "known_at": null }"#;
        let envelope = read(body).unwrap();
        assert_eq!(envelope.input, br#"{ "a": 1.10 }"#);
        assert_eq!(envelope.dates.as_of.unwrap().to_string(), "2026-01-31");
        assert_eq!(
            (envelope.dates.known_at, envelope.version.as_deref(), envelope.explain),
            (None, Some("v"), Some(Form::Public))
        );
    }

    #[test]
    fn facts_alone_are_found_without_reading_them() {
        for (body, input) in [
            (r#"{"input":{}}"#, Some("{}")),
            (" {\n\"input\" : { \"a\": {\"}\": \"\\\"}\"} } }\n", Some(r#"{ "a": {"}": "\"}"} }"#)),
            (r#"{"input":{"a":[{},{}]}}"#, Some(r#"{"a":[{},{}]}"#)),
            (r#"{"input":{},"as_of":null}"#, None),
            (r#"{"as_of":null,"input":{}}"#, None),
            (r#"{"input":[{}]}"#, None),
            (r#"{"input":7}"#, None),
            (r#"{"input":{}"#, None),
            (r#"{"input":{"a":"}"#, None),
            (r#"{"input":{}} x"#, None),
            ("{", None),
        ] {
            assert_eq!(input_alone(body.as_bytes()), input.map(str::as_bytes), "{body}");
            if input.is_some() {
                assert_eq!(read(body.as_bytes()).unwrap().input, read_quickly(body.as_bytes()).unwrap().input);
            }
        }
    }

    #[test]
    fn what_is_found_in_other_bodies_is_no_object() {
        for body in [
            r#"{"input":{},"as_of":{}}"#,
            r#"{"input":{}}}"#,
            r#"{"input":{"a":"}}"#,
            r#"{"input":{} {}}"#,
            r#"{"input":{},"input":{}}"#,
        ] {
            let found = input_alone(body.as_bytes()).unwrap();
            assert!(serde_json::from_slice::<&RawValue>(found).is_err(), "{body}");
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn every_mistake_is_named() {
        for (body, status, places) in [
            ("", 400, ""),
            ("{\"input\":{}", 400, ""),
            ("{\"input\":{}} x", 400, ""),
            ("[]", 422, "#"),
            ("7", 422, "#"),
            ("{}", 422, "#/input"),
            (
                r#"{"input":{},"as_of":"2026-02-30","known_at":5,"explain":"no","a/b":1}"#,
                422,
                "#/as_of #/known_at #/explain #/a~1b",
            ),
            (r#"{"input":{},"input":{}}"#, 422, "#/input"),
            (r#"{"input":{},"known_at":"2026-01-01T10:00:00"}"#, 422, "#/known_at"),
        ] {
            let problem = read(body.as_bytes()).unwrap_err();
            let found: Vec<&str> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
            assert_eq!((problem.status.as_u16(), found.join(" ")), (status, places.to_owned()), "{body}");
        }
    }

    #[test]
    fn what_is_not_json_is_told_of_with_its_place() {
        for (body, expected) in [
            (&b"{\"input\":\n{\"a\":\"\xff\"}}"[..], "invalid byte 0xFF at line 2, column 7"),
            (b" \n", "the body is empty"),
            (b"{\"input\":", "line 1, column 9: it ends too early"),
            (b"{'input':{}}", "line 1, column 2: expected a name in double quotes"),
            (b"{\"input\":{}} }", "line 1, column 14: there is something after the end"),
            (b"{\"input\" {}}", "line 1, column 10: expected a colon"),
            (b"{\"input\":{},}", "line 1, column 13: there is a comma too many"),
            (b"{\"input\":{} \"x\":1}", "expected a comma or }"),
            (b"{\"input\":nada}", "expected a JSON value"),
        ] {
            let problem = read(body).unwrap_err();
            assert_eq!(problem.status, 400);
            assert!(problem.detail.en.contains(expected), "{}", problem.detail.en);
        }
    }
}
