//! Templates in string values: `{{ environment }}` and its kin (language.md section 5).

use crate::diagnostics::{Diagnostic, and_list, codes, nearest};
use crate::source::Span;
use smol_str::SmolStr;

/// The values that templates name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables {
    /// The environment's name.
    pub environment: SmolStr,
    /// The region's name.
    pub region: SmolStr,
    /// The service's name; empty outside a service root.
    pub service: SmolStr,
    /// The customer's id.
    pub customer_id: SmolStr,
    /// The project's name.
    pub project_name: SmolStr,
}

/// What templates may name.
pub(super) const NAMES: &[&str] = &["environment", "region", "service", "customer_id", "project_name"];

impl Variables {
    /// Values of the usual forms, to judge a text with templates by.
    pub(super) fn example() -> Self {
        let text = SmolStr::new_static;
        Variables {
            environment: text("dev"),
            region: text("eu-west-1"),
            service: text("api"),
            customer_id: text("acme"),
            project_name: text("shop"),
        }
    }

    fn get(&self, name: &str) -> &str {
        match name {
            "environment" => &self.environment,
            "region" => &self.region,
            "service" => &self.service,
            "customer_id" => &self.customer_id,
            _ => &self.project_name,
        }
    }
}

/// Text with its templates found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template<'t> {
    parts: Vec<Part<'t>>,
}

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'t> {
    /// Text that stands for itself.
    Text(&'t str),
    /// A variable, by its name.
    Variable(&'static str),
}

impl<'t> Template<'t> {
    /// Finds the templates of a text that stands at `span`.
    pub fn parse(text: &'t str, span: Span) -> Result<Self, Diagnostic> {
        Self::parse_of(NAMES, text, span)
    }

    /// The same for a place that has variables of its own.
    pub fn parse_of(names: &'static [&'static str], text: &'t str, span: Span) -> Result<Self, Diagnostic> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            parts.push(Part::Text(before));
            if let Some(behind) = from.strip_prefix("{{{{") {
                parts.push(Part::Text("{{"));
                rest = behind;
            } else if let Some(behind) = from.strip_prefix("}}}}") {
                parts.push(Part::Text("}}"));
                rest = behind;
            } else if let Some(behind) = from.strip_prefix("{{") {
                let Some((inside, behind)) = behind.split_once("}}") else { return Err(syntax(names, text, span)) };
                parts.push(Part::Variable(variable(names, inside.trim(), text, span)?));
                rest = behind;
            } else {
                let (one, behind) = from.split_at(1);
                parts.push(Part::Text(one));
                rest = behind;
            }
        }
        parts.push(Part::Text(rest));
        Ok(Template { parts })
    }

    /// True when nothing depends on a variable.
    pub fn is_literal(&self) -> bool {
        !self.parts.iter().any(|part| matches!(part, Part::Variable(_)))
    }

    /// Its parts, in order.
    pub fn parts(&self) -> &[Part<'t>] {
        &self.parts
    }

    /// The text with the values filled in.
    pub fn expand(&self, variables: &Variables) -> String {
        let text = |part: &Part<'t>| match part {
            Part::Text(text) => text,
            Part::Variable(name) => variables.get(name),
        };
        self.parts.iter().map(text).collect()
    }
}

fn variable(names: &'static [&'static str], name: &str, text: &str, span: Span) -> Result<&'static str, Diagnostic> {
    if let Some(known) = names.iter().find(|known| **known == name) {
        return Ok(known);
    }
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'));
    if !is_name {
        return Err(syntax(names, text, span));
    }
    let known = and_list(names.iter().copied());
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_TEMPLATE_VARIABLE, format!("unknown template variable `{name}`"));
    Err(match nearest(name, names.iter().copied()) {
        Some(near) => {
            diagnostic.at(span, format!("did you mean `{near}`?")).help(format!("write `{{{{ {near} }}}}`; the variables are {known}"))
        }
        None => diagnostic.at(span, "used here").help(format!("the variables are {known}; write `{{{{{{{{` for two literal braces")),
    })
}

fn syntax(names: &[&str], text: &str, span: Span) -> Diagnostic {
    let shown: String = text.lines().next().unwrap_or("").chars().take(60).collect();
    Diagnostic::new(&codes::TEMPLATE_SYNTAX, format!("`{shown}` has a `{{{{` that starts no template")).at(span, "in this text").help(
        format!(
            "a template is `{{{{ environment }}}}` (or {}); write `{{{{{{{{` and `}}}}}}}}` for literal `{{{{` and `}}}}`",
            names.iter().filter(|name| **name != "environment").copied().collect::<Vec<_>>().join(", ")
        ),
    )
}

/// `template-syntax` for a value that takes no templates.
pub(super) fn not_taken(key: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&codes::TEMPLATE_SYNTAX, format!("`{key}` takes no templates"))
        .at(span, "write the value itself")
        .help("set the value in `environments`, in a region overlay or in a service overlay where it has to differ")
}
