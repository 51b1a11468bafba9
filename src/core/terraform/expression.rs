//! Values in a root module. A customer's text is only ever [`Expression::Text`]; references are made of terralet's own words.

use smol_str::SmolStr;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Number(i64),
    /// Literal text, whatever is in it.
    Text(SmolStr),
    /// A list.
    List(Vec<Expression>),
    /// An object; keys are literal text.
    Object(Vec<(SmolStr, Expression)>),
    /// An object whose keys are identifiers of terralet's or, checked, of the platform file; never of a customer.
    Record(Vec<(SmolStr, Expression)>),
    /// A reference such as `module.customer_vpc.vpc_id`, of terralet's own making.
    Reference(&'static [&'static str]),
    /// The same with a checked name of a customer's in it: `module.customer_database_orders.endpoint`.
    NamedReference(Vec<SmolStr>),
}

impl Expression {
    /// Literal text.
    pub fn text(text: impl Into<SmolStr>) -> Self {
        Expression::Text(text.into())
    }
}
