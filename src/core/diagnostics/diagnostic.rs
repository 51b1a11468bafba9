//! A diagnostic as a pass builds it.

use super::{Code, Guess, Severity};
use crate::source::Span;
use std::borrow::Cow;

/// A place with a word on it.
#[derive(Clone, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands there; may be empty.
    pub text: Cow<'static, str>,
}

/// A replacement that fixes the mistake.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The text to replace.
    pub span: Span,
    /// The replacement.
    pub text: String,
    /// True when quotes around the text to replace are to stay.
    pub keeps_quotes: bool,
}

/// One mistake: what is wrong, where, and the way out.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Its code.
    pub code: &'static Code,
    /// A lower-case phrase that names the value in backticks.
    pub message: Box<str>,
    /// The way out.
    pub help: Option<Cow<'static, str>>,
    /// The offender first; a label in front is what the diagnostic is sorted by.
    pub labels: Vec<Label>,
    /// Replacements that fix it, all together.
    pub edits: Vec<Edit>,
    /// True when the edits are safe: only one thing can be meant, so that a tool may apply them.
    pub certain: bool,
    /// Which of several things that share the place it speaks of: a section's key stands for every value that the section lacks.
    pub about: Option<Box<str>>,
    /// The severity that it has at the least, whatever the platform's rules make of its code.
    pub least: Option<Severity>,
}

impl Diagnostic {
    /// A diagnostic without a place.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self::with_message(code, message.into())
    }

    // What is done at hundreds of places stands in functions of their own, so that it is not built into each of them.

    #[inline(never)]
    fn with_message(code: &'static Code, message: String) -> Self {
        Diagnostic {
            code,
            message: message.into_boxed_str(),
            help: None,
            labels: Vec::new(),
            edits: Vec::new(),
            certain: false,
            about: None,
            least: None,
        }
    }

    #[inline(never)]
    fn with_label(mut self, label: Label) -> Self {
        self.labels.push(label);
        self
    }

    #[inline(never)]
    fn with_subject(mut self, subject: Box<str>) -> Self {
        self.about = Some(subject);
        self
    }

    #[inline(never)]
    fn with_help(mut self, help: Cow<'static, str>) -> Self {
        self.help = Some(help);
        self
    }

    #[inline(never)]
    fn with_fix(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self.certain = true;
        self
    }

    /// Adds a place; the first is the offender.
    #[must_use]
    pub fn at(self, span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        self.with_label(Label { span, text: text.into() })
    }

    /// Says which of several things that share the place it speaks of, so that none of them is taken for another.
    #[must_use]
    pub fn about(self, subject: impl Into<Box<str>>) -> Self {
        self.with_subject(subject.into())
    }

    /// Sets the severity that it has at the least: no rule of the platform makes it less, or switches it off.
    #[must_use]
    pub fn at_least(mut self, severity: Severity) -> Self {
        self.least = Some(severity);
        self
    }

    /// Sets the way out.
    #[must_use]
    pub fn help(self, help: impl Into<Cow<'static, str>>) -> Self {
        self.with_help(help.into())
    }

    /// Adds a safe fix. Quotes around what it replaces stay.
    #[must_use]
    pub fn fix(self, span: Span, text: impl Into<String>) -> Self {
        self.with_fix(Edit { span, text: text.into(), keeps_quotes: true })
    }

    /// Adds a replacement that a person has to choose. Quotes around what it replaces stay.
    #[must_use]
    pub fn suggest(self, span: Span, text: impl Into<String>) -> Self {
        Diagnostic { certain: false, ..self.fix(span, text) }
    }

    /// Adds the removal of a key with its value, which a person has to choose: of whole lines where nothing else is in them.
    #[must_use]
    pub fn remove(self, entry: Span) -> Self {
        self.suggest(entry, "").unquoted()
    }

    /// Takes away the quotes around what the replacements replace.
    #[must_use]
    pub fn unquoted(mut self) -> Self {
        self.edits.iter_mut().for_each(|edit| edit.keeps_quotes = false);
        self
    }

    /// Says what a misspelt name may have meant: the offender's label, and the replacement, which is certain where the guess is.
    #[must_use]
    pub fn meant(self, span: Span, guess: &Guess<'_>) -> Self {
        let diagnostic = self.at(span, format!("did you mean {}?", guess.names()));
        if guess.is_certain() { diagnostic.fix(span, guess.best()) } else { diagnostic.suggest(span, guess.best()) }
    }

    /// The offender's place.
    pub fn primary(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}
