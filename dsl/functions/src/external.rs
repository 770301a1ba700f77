//! Java methods that DMN models call as external functions (DMN 1.5, clause 10.3.2.13.3): a closed list, nothing is ever loaded.

use dictamen_value::{Message, Value};

/// One method.
#[derive(Debug)]
pub struct Method {
    /// What it does with converted arguments.
    pub body: fn(&[Value]) -> Result<Value, Message>,
}

impl Method {
    /// What the method returns; a message where the arguments are not what it takes, or where it fails.
    pub fn call(&self, arguments: &[Value]) -> Result<Value, Message> {
        (self.body)(arguments)
    }
}

/// The method of a class with a signature such as `max(double, double)`, for a function of so many parameters.
pub fn find(class: &str, signature: &str, _parameters: usize) -> Result<&'static Method, Message> {
    Err(Message::new(
        format!("{class}.{signature} no está en la lista de funciones externas"),
        format!("{class}.{signature} is not in the list of external functions"),
    ))
}
