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
    /// A list of objects, which may be empty.
    Objects(&'static ObjectShape),
    /// What one output of another module gives.
    Reference,
    /// The same, or null where there is no such module.
    ReferenceOrNull,
    /// The same, where it has to be a list.
    References,
    /// A list of one reference.
    ReferenceList,
    /// A list of at least one.
    SeveralReferences,
}

/// The objects of a list.
#[derive(Debug, PartialEq, Eq)]
pub struct ObjectShape {
    /// The type that takes the list, in Terraform's words.
    pub as_type: &'static str,
    /// Their attributes: the name, what is passed, and whether every object has it.
    pub attributes: &'static [(&'static str, ArgumentShape, bool)],
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
            ArgumentShape::Objects(objects) => {
                let attributes = objects.attributes.iter();
                let attributes = attributes.map(|(name, shape, is_there)| ((*name).to_owned(), shape.given(), *is_there));
                Given::TupleOf(Box::new(Given::ObjectWith(attributes.collect())))
            }
            ArgumentShape::Reference | ArgumentShape::ReferenceOrNull | ArgumentShape::References => Given::Unknown,
            ArgumentShape::ReferenceList => Given::Tuple(vec![Given::Unknown]),
            ArgumentShape::SeveralReferences => Given::TupleOf(Box::new(Given::Unknown)),
        }
    }

    /// In the words of messages.
    pub fn in_words(self) -> &'static str {
        match self {
            ArgumentShape::Word | ArgumentShape::Text | ArgumentShape::Reference | ArgumentShape::ReferenceOrNull => "text",
            ArgumentShape::Number => "a number",
            ArgumentShape::Boolean => "a boolean",
            ArgumentShape::Words | ArgumentShape::Texts => "a map of text",
            ArgumentShape::Objects(_) => "a list of objects",
            ArgumentShape::WordList | ArgumentShape::References | ArgumentShape::ReferenceList | ArgumentShape::SeveralReferences => {
                "a list of text"
            }
        }
    }

    /// The type that takes it, in Terraform's words.
    pub fn as_type(self) -> &'static str {
        match self {
            ArgumentShape::Word | ArgumentShape::Text | ArgumentShape::Reference | ArgumentShape::ReferenceOrNull => "string",
            ArgumentShape::Number => "number",
            ArgumentShape::Boolean => "bool",
            ArgumentShape::Words | ArgumentShape::Texts => "map(string)",
            ArgumentShape::Objects(objects) => objects.as_type,
            ArgumentShape::WordList | ArgumentShape::References | ArgumentShape::ReferenceList | ArgumentShape::SeveralReferences => {
                "list(string)"
            }
        }
    }
}
