//! [`AnyValue`]: a value whose type is no longer known.

use super::Element;
use crate::number::Number;

/// A value of any [`Element`], for a time when its type is no longer known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnyValue(Value);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Float([f64; 2]),
    Negative(i128),
    Integer(u128),
}

impl AnyValue {
    /// Holds `x`, exactly.
    #[inline(always)]
    pub fn of<T: Element>(x: T) -> Self {
        let components = x.to_components();
        let first = components[0];
        Self(if !T::EXACT {
            Value::Float(components.map(<f64 as Number>::cast_from))
        } else if <f64 as Number>::cast_from(first) < 0.0 {
            Value::Negative(first.to_i128())
        } else {
            Value::Integer(first.to_u128())
        })
    }

    /// The value as by [`Element::cast_from`].
    #[inline(always)]
    pub fn cast<T: Element>(self) -> T {
        match self.0 {
            Value::Float(components) => T::from_components(components.map(Number::cast_from)),
            Value::Negative(x) => T::cast_from(x),
            Value::Integer(x) => T::cast_from(x),
        }
    }
}
