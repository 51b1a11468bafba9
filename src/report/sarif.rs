//! SARIF 2.1.0, in the part of it that GitHub code scanning takes.
//!
//! The limits are those of GitHub's documentation, "SARIF results exceed one or more limits" (November 2026): of 25,000 results of a run it
//! keeps 5,000, and of 1,000 places of a result 100. It needs a place for every result.

use super::clean::clean;
use super::groups::place;
use super::paths::FromRoot;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use terralet_core::diagnostics::{Code, Report, ReportEdit, ReportLabel, Severity, codes};
use terralet_core::platform::FILE_NAME;
use terralet_core::source::Location;
use terralet_core::tree::Difference;

/// Results of a run, errors first.
const MOST_RESULTS: usize = 5000;
/// Places of one result.
const MOST_PLACES: usize = 100;
/// Characters of a message or of a rule's description.
const LONGEST_MESSAGE: usize = 4000;
const LONGEST_DESCRIPTION: usize = 1000;
/// The rule of a generated file that is not what would be written, which is not a diagnostic.
const DIFFERENCE: &str = "generated-file-differs";

/// The log of a run that could be done.
pub(super) fn log(from_root: &FromRoot, reports: &[&Report], differences: &[Difference], failed: Option<&str>) -> Value {
    let (placed, without_place): (Vec<&Report>, Vec<&Report>) =
        reports.iter().partition(|report| !report.labels.is_empty() || report.severity != Severity::Advice);
    let mut notifications: Vec<Value> = without_place.iter().map(|report| notification(report.severity, &text_of(report))).collect();
    notifications.extend(failed.map(|message| notification(Severity::Error, message)));

    let left = (placed.len() + differences.len()).saturating_sub(MOST_RESULTS);
    if left > 0 {
        let message = format!("{left} results were left out: GitHub keeps {MOST_RESULTS} of a run; `--format json` has them all");
        notifications.push(notification(Severity::Warning, &message));
    }
    let mut kept = placed;
    kept.sort_by_key(|report| report.severity);
    kept.truncate(MOST_RESULTS);
    kept.sort_by(|a, b| a.order(b));
    let differences = differences.get(..differences.len().min(MOST_RESULTS - kept.len())).unwrap_or(differences);

    let used: Vec<&Code> = codes::ALL.iter().copied().filter(|code| kept.iter().any(|report| report.code == *code)).collect();
    let mut rules: Vec<Value> = used.iter().map(|code| rule(code)).collect();
    let indexes: BTreeMap<&str, usize> = used.iter().enumerate().map(|(index, code)| (code.name, index)).collect();
    let mut fingerprints = Fingerprints::default();
    let mut results: Vec<Value> =
        kept.iter().map(|report| result(from_root, report, indexes.get(report.code.name).copied(), &mut fingerprints)).collect();
    if !differences.is_empty() {
        results.extend(differences.iter().map(|difference| difference_result(from_root, difference, rules.len(), &mut fingerprints)));
        rules.push(difference_rule());
    }
    document(rules, results, failed.is_none(), notifications)
}

/// The log of a run that could not do its work.
pub(super) fn failure(message: &str, help: Option<&str>) -> Value {
    let message = help.map_or_else(|| message.to_owned(), |help| format!("{message}\nhelp: {help}"));
    document(Vec::new(), Vec::new(), false, vec![notification(Severity::Error, &message)])
}

fn document(rules: Vec<Value>, results: Vec<Value>, is_done: bool, notifications: Vec<Value>) -> Value {
    let mut invocation = json!({"executionSuccessful": is_done});
    if !notifications.is_empty() {
        put(&mut invocation, "toolExecutionNotifications", Value::Array(notifications));
    }
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "terralet", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "invocations": [invocation],
            "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "the root of the checkout"}}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn rule(code: &Code) -> Value {
    // The first paragraph of what the page says it means.
    let meaning = code.page.split("## What it means").nth(1).unwrap_or("").trim_start();
    let paragraph = meaning.split("\n\n").next().unwrap_or("").replace('\n', " ");
    let full = if paragraph.is_empty() { code.summary } else { &paragraph };
    let problem = if code.severity == Severity::Advice { "recommendation" } else { code.severity.as_str() };
    json!({
        "id": code.name,
        "shortDescription": {"text": cut(code.summary, LONGEST_DESCRIPTION)},
        "fullDescription": {"text": cut(full, LONGEST_DESCRIPTION)},
        "help": {"text": code.page, "markdown": code.page},
        "defaultConfiguration": {"level": level(code.severity)},
        "properties": {"tags": [code.group], "problem.severity": problem},
    })
}

fn difference_rule() -> Value {
    let help = "Run `terralet compile` and commit what it writes. `--overwrite` replaces a file that was edited by hand.";
    json!({
        "id": DIFFERENCE,
        "shortDescription": {"text": "a generated file is not what would be written"},
        "fullDescription": {"text": "`terralet compile --check` found a file of the generated tree that the documents do not make."},
        "help": {"text": help, "markdown": help},
        "defaultConfiguration": {"level": "error"},
        "properties": {"problem.severity": "error"},
    })
}

fn result(from_root: &FromRoot, report: &Report, rule: Option<usize>, fingerprints: &mut Fingerprints) -> Value {
    let location = match report.labels.first() {
        Some(label) => labelled(from_root, label, None),
        // It is about something that is not there; the platform file is what says that it should be.
        None => located(from_root, FILE_NAME, Value::Null),
    };
    let related = report.labels.iter().skip(1).take(MOST_PLACES);
    let related: Vec<Value> = related.enumerate().map(|(index, label)| labelled(from_root, label, Some(index + 1))).collect();
    let file = report.labels.first().map_or(FILE_NAME, |label| &label.location.file.path);
    let about = report.path.as_deref().unwrap_or(&report.message);
    let mut result = json!({"ruleId": report.code.name});
    if let Some(rule) = rule {
        put(&mut result, "ruleIndex", json!(rule));
    }
    put(&mut result, "level", json!(level(report.severity)));
    put(&mut result, "message", message(&text_of(report)));
    put(&mut result, "locations", json!([location]));
    if !related.is_empty() {
        put(&mut result, "relatedLocations", Value::Array(related));
    }
    if !report.edits.is_empty() {
        put(&mut result, "fixes", json!([fix(from_root, report)]));
    }
    put(&mut result, "partialFingerprints", fingerprints.of(&[report.code.name, file, about]));
    result
}

fn difference_result(from_root: &FromRoot, difference: &Difference, rule: usize, fingerprints: &mut Fingerprints) -> Value {
    let state = difference.state.as_str();
    json!({
        "ruleId": DIFFERENCE,
        "ruleIndex": rule,
        "level": "error",
        "message": message(&format!("the generated file is {state}\nhelp: run `terralet compile`")),
        "locations": [located(from_root, &difference.file, json!({"startLine": 1}))],
        "partialFingerprints": fingerprints.of(&[DIFFERENCE, &difference.file, state]),
    })
}

/// What a report says, without what its places say.
fn text_of(report: &Report) -> String {
    let label = report.labels.first().filter(|label| !label.text.is_empty()).map(|label| format!("\n{}", label.text));
    let help = report.help.as_ref().map(|help| format!("\nhelp: {help}"));
    format!("{}{}{}", report.message, label.unwrap_or_default(), help.unwrap_or_default())
}

/// A message. What a customer wrote makes no link in it.
fn message(text: &str) -> Value {
    let text = cut(&clean(text), LONGEST_MESSAGE);
    json!({"text": text.replace("](", "\\](")})
}

fn notification(severity: Severity, text: &str) -> Value {
    json!({"level": level(severity), "message": message(text)})
}

fn labelled(from_root: &FromRoot, label: &ReportLabel, id: Option<usize>) -> Value {
    let location = &label.location;
    let region = if location.file.text.is_empty() { json!({"startLine": 1}) } else { region(location) };
    let mut labelled = located(from_root, &location.file.path, region);
    if let Some(id) = id {
        put(&mut labelled, "id", json!(id));
    }
    if !label.text.is_empty() {
        put(&mut labelled, "message", message(&label.text));
    } else if id.is_some() {
        put(&mut labelled, "message", message(&place(label)));
    }
    labelled
}

fn located(from_root: &FromRoot, path: &str, region: Value) -> Value {
    let mut physical = json!({"artifactLocation": artifact(from_root, path)});
    put(&mut physical, "region", if region.is_null() { json!({"startLine": 1}) } else { region });
    json!({"physicalLocation": physical})
}

fn artifact(from_root: &FromRoot, path: &str) -> Value {
    let path = from_root.path(path);
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    // A platform file outside of the workspace is named by its whole path.
    match path.starts_with('/') {
        true => json!({"uri": format!("file://{uri}")}),
        false => json!({"uri": uri, "uriBaseId": "%SRCROOT%"}),
    }
}

fn region(location: &Location) -> Value {
    let (start, end) = (location.start_position(), location.end_position());
    json!({"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column})
}

/// All edits of a report as one fix.
fn fix(from_root: &FromRoot, report: &Report) -> Value {
    let mut changes: BTreeMap<&str, Vec<&ReportEdit>> = BTreeMap::new();
    for edit in &report.edits {
        changes.entry(&edit.location.file.path).or_default().push(edit);
    }
    let changes: Vec<Value> = changes
        .into_iter()
        .map(|(path, edits)| {
            let replacements: Vec<Value> =
                edits.iter().map(|edit| json!({"deletedRegion": region(&edit.location), "insertedContent": {"text": edit.text}})).collect();
            json!({"artifactLocation": artifact(from_root, path), "replacements": replacements})
        })
        .collect();
    json!({"description": message(report.help.as_deref().unwrap_or(&report.message)), "artifactChanges": changes})
}

/// What distinguishes results from run to run, without their lines.
#[derive(Default)]
struct Fingerprints {
    seen: HashMap<[u8; 8], usize>,
}

impl Fingerprints {
    /// The fingerprint of a result: its code, its file and the path of its key; equal ones are counted.
    fn of(&mut self, parts: &[&str]) -> Value {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part.as_bytes());
            hasher.update([0]);
        }
        let mut short = [0_u8; 8];
        short.iter_mut().zip(hasher.finalize()).for_each(|(to, from)| *to = from);
        let count = self.seen.entry(short).and_modify(|count| *count += 1).or_insert(1);
        let mut fingerprint = Map::new();
        fingerprint.insert("terraletKey/v1".to_owned(), json!(format!("{:016x}:{count}", u64::from_be_bytes(short))));
        Value::Object(fingerprint)
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}
