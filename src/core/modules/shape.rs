//! What is passed to an input, as far as it is the same for every deployment.

use super::Given;

/// What is passed to an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentShape {
    /// Text that never reads as a number or a boolean.
    Word,
    /// Text.
    Text,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// Words by key.
    Words,
    /// Texts by key.
    Texts,
    /// A list of words, which may be empty.
    WordList,
    /// What one output of another module gives.
    Reference,
    /// The same, or null where there is no such module.
    ReferenceOrNull,
    /// The same, where it has to be a list.
    References,
    /// A list of one reference.
    ReferenceList,
}

impl ArgumentShape {
    /// What is known of the value before there is one.
    pub(crate) fn given(self) -> Given {
        match self {
            ArgumentShape::Word => Given::Word,
            ArgumentShape::Text => Given::AnyText,
            ArgumentShape::Number => Given::Number,
            ArgumentShape::Boolean => Given::Boolean,
            ArgumentShape::Words => Given::ObjectOf(Box::new(Given::Word)),
            ArgumentShape::Texts => Given::ObjectOf(Box::new(Given::AnyText)),
            ArgumentShape::WordList => Given::TupleOf(Box::new(Given::Word)),
            ArgumentShape::Reference | ArgumentShape::ReferenceOrNull | ArgumentShape::References => Given::Unknown,
            ArgumentShape::ReferenceList => Given::Tuple(vec![Given::Unknown]),
        }
    }

    /// In the words of messages.
    pub fn in_words(self) -> &'static str {
        match self {
            ArgumentShape::Word | ArgumentShape::Text | ArgumentShape::Reference | ArgumentShape::ReferenceOrNull => "text",
            ArgumentShape::Number => "a number",
            ArgumentShape::Boolean => "a boolean",
            ArgumentShape::Words | ArgumentShape::Texts => "a map of text",
            ArgumentShape::WordList | ArgumentShape::References | ArgumentShape::ReferenceList => "a list of text",
        }
    }

    /// The type that takes it, in Terraform's words.
    pub fn as_type(self) -> &'static str {
        match self {
            ArgumentShape::Word | ArgumentShape::Text | ArgumentShape::Reference | ArgumentShape::ReferenceOrNull => "string",
            ArgumentShape::Number => "number",
            ArgumentShape::Boolean => "bool",
            ArgumentShape::Words | ArgumentShape::Texts => "map(string)",
            ArgumentShape::WordList | ArgumentShape::References | ArgumentShape::ReferenceList => "list(string)",
        }
    }
}
