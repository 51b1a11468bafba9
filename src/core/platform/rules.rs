//! Severities: the platform's `rules`, and what a registry entry makes of them for its repository.

use super::Date;
use super::fields::{Fields, entries, invalid, text};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Rules, Severity, codes, guess};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node, Value};
use smol_str::SmolStr;

/// What a rule takes, for helps.
const SEVERITIES: &str = "`error`, `warning`, `advice` or `off`";

/// What a registry entry makes of one code.
#[derive(Clone, Debug)]
pub struct OwnRule {
    /// The code.
    pub code: &'static Code,
    /// The severity that it has for the repository, nothing when it is off.
    pub severity: Option<Severity>,
    /// Why: always there where the severity is less than it would be otherwise.
    pub reason: Option<SmolStr>,
    /// The last day on which it counts.
    pub until: Option<Spanned<Date>>,
    /// True when that day was before the run's.
    pub has_ended: bool,
}

/// Reads the platform's `rules`.
pub(super) fn read(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Rules {
    let mut rules = Rules::default();
    for entry in entries(entry, diagnostics) {
        let read = code(entry, diagnostics).and_then(|code| Some((code, severity(code, &entry.value, diagnostics)?)));
        rules.0.extend(read.map(|(code, severity)| (code.name, severity)));
    }
    rules
}

/// Reads the rules of one repository, which stand over the platform's.
pub(super) fn read_own(entry: Option<&Entry>, platform: &Rules, today: Date, diagnostics: &mut Diagnostics) -> Vec<OwnRule> {
    let mut rules = Vec::new();
    for entry in entries(entry, diagnostics) {
        rules.extend(own_rule(entry, platform, today, diagnostics));
    }
    rules
}

/// The platform's rules with those of one repository over them, as far as they have not ended.
pub(super) fn with_own(platform: &Rules, own: &[OwnRule]) -> Rules {
    let mut rules = platform.clone();
    rules.0.extend(own.iter().filter(|rule| !rule.has_ended).map(|rule| (rule.code.name, rule.severity)));
    rules
}

/// A severity alone, or one with a reason and the last day.
fn own_rule(entry: &Entry, platform: &Rules, today: Date, diagnostics: &mut Diagnostics) -> Option<OwnRule> {
    let code = code(entry, diagnostics)?;
    let Some(mapping) = entry.value.as_mapping() else {
        let severity = severity(code, &entry.value, diagnostics)?;
        if is_weaker(severity, platform.severity(code)) {
            diagnostics.push(without_reason(code, severity, platform, entry.value.span));
        }
        return Some(OwnRule { code, severity, reason: None, until: None, has_ended: false });
    };
    let what = format!("the rule `{}`", code.name);
    let fields = Fields::bare_or_not(&entry.value, &what, &["severity", "reason", "until"], diagnostics);
    let Some(written) = fields.get("severity") else {
        let message = format!("the rule `{}` has no `severity`", code.name);
        let help = format!("add `severity:` with {SEVERITIES}");
        diagnostics.push(Diagnostic::new(&codes::MISSING_KEY, message).at(entry.key.span, "").about("severity").help(help));
        return None;
    };
    let severity = severity(code, &written.value, diagnostics)?;
    let reason = fields.text("reason", diagnostics).map(|reason| reason.value);
    let is_blank = |reason: &Entry| reason.value.as_scalar().is_some_and(|scalar| scalar.text.trim().is_empty());
    if fields.get("reason").is_none_or(is_blank) && is_weaker(severity, platform.severity(code)) {
        diagnostics.push(without_reason(code, severity, platform, entry.key.span));
    }
    let until = mapping.get("until").and_then(|entry| last_day(entry, diagnostics));
    let has_ended = until.as_ref().is_some_and(|until| until.value < today);
    Some(OwnRule { code, severity, reason, until, has_ended })
}

/// An `until` with nothing behind it is refused: it would be for ever.
fn last_day(entry: &Entry, diagnostics: &mut Diagnostics) -> Option<Spanned<Date>> {
    let span = entry.value.span;
    let (span, message) = match &entry.value.value {
        Value::Null => (entry.key.span, "`until` has no day".to_owned()),
        Value::Mapping(_) | Value::Sequence(_) | Value::Scalar(_) => {
            let text = text("until", &entry.value, diagnostics)?;
            match text.value.parse() {
                Ok(date) => return Some(Spanned::new(date, span)),
                Err(_) => (span, format!("`{}` is not a day of the calendar", text.value)),
            }
        }
    };
    diagnostics.push(invalid(span, message, "write the last day on which the rule counts, such as `2026-12-31`, or remove the line"));
    None
}

/// The code that a rule is about, where its severity can be changed.
fn code(entry: &Entry, diagnostics: &mut Diagnostics) -> Option<&'static Code> {
    let name = &entry.key;
    let Some(code) = codes::find(&name.value) else {
        let diagnostic = Diagnostic::new(&codes::UNKNOWN_KEY, format!("unknown code `{}`", name.value));
        let diagnostic = match guess(&name.value, codes::ALL.iter().map(|code| code.name)) {
            Some(near) => diagnostic.meant(name.span, &near),
            None => diagnostic.at(name.span, "not a code"),
        };
        diagnostics.push(diagnostic.help("`terralet explain` lists the codes"));
        return None;
    };
    if code.fixed && !code.raisable {
        diagnostics.push(
            Diagnostic::new(&codes::FIXED_RULE, format!("the severity of `{}` cannot be changed", code.name))
                .at(name.span, "always as it is")
                .help("remove the line: without this error customers would not be kept apart, or a deployment could not be made"),
        );
        return None;
    }
    Some(code)
}

/// A severity that a code may have; nothing inside for `off`.
fn severity(code: &'static Code, value: &Node, diagnostics: &mut Diagnostics) -> Option<Option<Severity>> {
    let severity = match value.as_scalar().map(|scalar| scalar.text.as_str()) {
        Some("error") => Some(Severity::Error),
        Some("warning") => Some(Severity::Warning),
        Some("advice") => Some(Severity::Advice),
        Some("off") => None,
        _ => {
            diagnostics.push(invalid(value.span, format!("`{}` has no severity", code.name), format!("write {SEVERITIES}")));
            return None;
        }
    };
    if code.raisable && is_weaker(severity, Some(code.severity)) {
        diagnostics.push(
            Diagnostic::new(&codes::FIXED_RULE, format!("`{}` can be made an error, and nothing less than it is", code.name))
                .at(value.span, "less than it is")
                .help("write `error`, or remove the line: what a run destroys is never passed over"),
        );
        return None;
    }
    Some(severity)
}

/// True where a severity is less than another; `off` is the least.
fn is_weaker(severity: Option<Severity>, other: Option<Severity>) -> bool {
    // Errors come first in the order of severities.
    other.is_some_and(|other| severity.is_none_or(|severity| severity > other))
}

fn word(severity: Option<Severity>) -> &'static str {
    severity.map_or("off", Severity::as_str)
}

fn without_reason(code: &'static Code, severity: Option<Severity>, platform: &Rules, span: Span) -> Diagnostic {
    let (own, otherwise) = (word(severity), word(platform.severity(code)));
    Diagnostic::new(&codes::MISSING_KEY, format!("the rule `{}` needs a `reason`: it is less than for the others", code.name))
        .at(span, format!("`{otherwise}` without it"))
        .about("reason")
        .help(format!(
            "write why, as in `{{severity: {own}, reason: \"a ticket, or who decided it\"}}`; `until` takes the last day on which it counts"
        ))
}
