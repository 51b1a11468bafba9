//! Commands for a POSIX shell that are printed and never run. Whatever stands in them is one word of the shell.

use std::borrow::Cow;

/// A text as one word: in single quotes unless every character means itself.
pub fn quoted(text: &str) -> Cow<'_, str> {
    let means_itself = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:=@%+,".contains(&byte);
    // Quotes do not protect an option's dash: what is printed here starts with no dash, or behind `-chdir=`.
    if !text.is_empty() && text.bytes().all(means_itself) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}
