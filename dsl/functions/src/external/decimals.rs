//! `java.math.BigDecimal` and `java.math.BigInteger`.

use dictamen_value::{Message, Number};

use super::java::{Java, Kind, argument};
use super::{Body, Method};

const DECIMAL: &str = "java.math.BigDecimal";
const INTEGER: &str = "java.math.BigInteger";

pub(super) const METHODS: &[Method] = &[
    Method::new(DECIMAL, "valueOf", &[Kind::Double], Body::Double1(|number| number)),
    Method::new(DECIMAL, "valueOf", &[Kind::Long], Body::Long1(Some)),
    Method::new(DECIMAL, "valueOf", &[Kind::Long, Kind::Int], Body::Any(scaled)),
    Method::new(INTEGER, "valueOf", &[Kind::Long], Body::Long1(Some)),
];

fn scaled(arguments: &[Java]) -> Result<Java, Message> {
    let scale = i32::try_from(argument(arguments, 1)?.long()?).unwrap_or(i32::MAX);
    let exponent = scale.checked_neg().unwrap_or(i32::MIN);
    let units = i128::from(argument(arguments, 0)?.long()?);
    Number::from_scaled(units, exponent).map(Java::Number).map_err(|error| error.message())
}
