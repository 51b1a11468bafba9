//! Workflow commands: what GitHub Actions shows next to the lines of a pull request.
//!
//! The form is that of GitHub's documentation, "Workflow commands for GitHub Actions", and the escapes those of its toolkit.

use super::clean::{clean, clean_line};
use super::groups::{Group, MOST_MESSAGES, left_out, place};
use super::paths::FromRoot;
use std::fmt::Write;
use terralet_core::diagnostics::{Report, Severity};
use terralet_core::tree::Difference;
use terralet_core::tree::FileState;

/// How many annotations of each kind GitHub shows of one step.
const SHOWN: usize = 10;
/// Characters of one message. GitHub takes 64 KiB, and nobody reads that much next to a line.
const LONGEST: usize = 4000;
/// How many files of one state are named.
const MOST_FILES: usize = 5;

/// The commands of a run, errors first, and what there is to say of them.
pub(super) struct Commands {
    /// For standard output, a command a line.
    pub(super) text: String,
    /// Said when GitHub does not show all of them.
    pub(super) note: Option<String>,
}

/// The commands of what a run reports.
pub(super) fn commands(from_root: &FromRoot, reports: &[&Report], differences: &[Difference]) -> Commands {
    let mut groups = Group::all(reports);
    groups.sort_by_key(|group| group.first.severity);
    let mut text = String::new();
    let mut counts = [0_usize; 3];
    let mut count = |severity: Severity| match severity {
        Severity::Error => counts[0] += 1,
        Severity::Warning => counts[1] += 1,
        Severity::Advice => counts[2] += 1,
    };
    let of_tree = by_state(differences);
    for (state, files) in &of_tree {
        count(Severity::Error);
        text.push_str(&difference(from_root, *state, files));
    }
    for group in groups.iter().take(MOST_MESSAGES) {
        count(group.first.severity);
        text.push_str(&diagnostic(from_root, group));
    }
    if let Some(left_out) = left_out(&groups) {
        text.push_str(&command(Severity::Advice, &[("title", "terralet".to_owned())], &left_out));
    }
    let note = counts.iter().any(|count| *count > SHOWN).then(|| {
        format!(
            "GitHub shows the first {SHOWN} errors, warnings and notices of a step next to the code; the log of the step has the others"
        )
    });
    Commands { text, note }
}

/// The command of a failure that is not a diagnostic.
pub(super) fn failure(message: &str, help: Option<&str>) -> String {
    let message = help.map_or_else(|| message.to_owned(), |help| format!("{message}\nhelp: {help}"));
    command(Severity::Error, &[("title", "terralet".to_owned())], &message)
}

fn diagnostic(from_root: &FromRoot, group: &Group<'_>) -> String {
    let report = group.first;
    let mut properties = vec![("title", format!("terralet ({})", report.code.name))];
    // The log of a step shows the message alone, so that it begins with the place.
    let mut lines = Vec::new();
    for (index, label) in report.labels.iter().enumerate() {
        let at = place(label);
        if index > 0 {
            lines.push(format!("{at}: {}", label.text));
            continue;
        }
        properties.push(("file", from_root.path(&label.location.file.path)));
        if !label.location.file.text.is_empty() {
            let (start, end) = (label.location.start_position(), label.location.end_position());
            properties.extend([("line", start.line.to_string()), ("endLine", end.line.to_string())]);
            // Columns are for one line alone.
            if start.line == end.line {
                properties.extend([("col", start.column.to_string()), ("endColumn", end.column.to_string())]);
            }
        }
        lines.push(format!("{at}: {}", report.message));
        if !label.text.is_empty() {
            lines.push(label.text.to_string());
        }
    }
    if lines.is_empty() {
        lines.push(report.message.to_string());
    }
    lines.extend(report.help.as_ref().map(|help| format!("help: {help}")));
    lines.extend(group.elsewhere());
    command(report.severity, &properties, &lines.join("\n"))
}

/// The files of each state; a tree that was never compiled has thousands of one.
fn by_state(differences: &[Difference]) -> Vec<(FileState, Vec<&str>)> {
    let mut states: Vec<(FileState, Vec<&str>)> = Vec::new();
    for difference in differences {
        match states.iter_mut().find(|(state, _)| *state == difference.state) {
            Some((_, files)) => files.push(&difference.file),
            None => states.push((difference.state, vec![&difference.file])),
        }
    }
    states
}

fn difference(from_root: &FromRoot, state: FileState, files: &[&str]) -> String {
    let Some((first, others)) = files.split_first() else { return String::new() };
    let mut message = format!("{first}: {}: not what would be written\nhelp: run `terralet compile`", state.as_str());
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().take(MOST_FILES).copied().collect();
        let more = if others.len() > names.len() { ", ..." } else { "" };
        let count = if others.len() == 1 { "1 more file".to_owned() } else { format!("{} more files", others.len()) };
        message = format!("{message}\nthe same of {count}: {}{more}", names.join(", "));
    }
    let properties = [("title", format!("terralet ({})", state.as_str())), ("file", from_root.path(first))];
    command(Severity::Error, &properties, &message)
}

fn command(severity: Severity, properties: &[(&str, String)], message: &str) -> String {
    let name = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    };
    let mut text = format!("::{name}");
    for (index, (key, value)) in properties.iter().enumerate() {
        let between = if index == 0 { ' ' } else { ',' };
        let value = data(&clean_line(value)).replace(':', "%3A").replace(',', "%2C");
        let _infallible = write!(text, "{between}{key}={value}");
    }
    let mut message: String = clean(message);
    if let Some((end, _)) = message.char_indices().nth(LONGEST) {
        message.truncate(end);
        message.push_str("...");
    }
    let _infallible = writeln!(text, "::{}", data(&message));
    text
}

/// Escapes what ends a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
