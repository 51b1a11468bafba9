//! What was predicted, compared with what happened.

use super::disk::Disk;
use super::model::Prediction;
use super::names::Names;
use super::product::Ran;
use super::replay::Disagreement;
use super::tree::Tree;
use std::collections::BTreeSet;

/// The codes that the model predicts. Of `destructive-change` it is only that a place gets another deployment.
pub(crate) const CODES: [&str; 11] = [
    "customer-id-conflict",
    "state-key-collision",
    "state-key-changed",
    "duplicate-repository",
    "cidr-overlap",
    "name-collision",
    "misspelt-registration",
    "unused-registration",
    "deployment-removed",
    "customer-missing",
    "destructive-change",
];

/// Severity, code, customer, as a run reported them.
type Reported = (String, String, Option<String>);

/// A difference, before it is known of which run.
#[derive(Debug)]
pub(crate) struct Compared {
    kind: String,
    text: String,
}

impl Compared {
    pub(crate) fn new(kind: &str, text: &str) -> Self {
        Compared { kind: kind.to_owned(), text: text.to_owned() }
    }

    pub(crate) fn of(self, shown: &str, ran: &Ran) -> Disagreement {
        let command: Vec<&str> = shown.split(' ').take_while(|word| !word.contains('/')).collect();
        let kind = format!("{}: {}", command.first().unwrap_or(&""), self.kind);
        Disagreement::new(kind, format!("`{shown}`: {}\nit said: {}", self.text, ran.text))
    }
}

/// What a run reported, of the codes that are predicted. What is between two customers is reported with both names to the provider alone: its
/// message begins with the code that it belongs to.
pub(crate) fn reported(diagnostics: &[serde_json::Value]) -> BTreeSet<Reported> {
    let text = |diagnostic: &serde_json::Value, key: &str| diagnostic[key].as_str().unwrap_or_default().to_owned();
    let code = |diagnostic: &serde_json::Value| match diagnostic["code"].as_str().unwrap_or_default() {
        "between-customers" => text(diagnostic, "message").split(':').next().unwrap_or_default().to_owned(),
        code => code.to_owned(),
    };
    // Other destructive changes are about values.
    let is_of_value = |diagnostic: &&serde_json::Value| {
        diagnostic["code"] == "destructive-change" && !text(diagnostic, "message").contains(" and becomes ")
    };
    let reported = diagnostics
        .iter()
        .filter(|diagnostic| !is_of_value(diagnostic))
        .map(|diagnostic| (text(diagnostic, "severity"), code(diagnostic), diagnostic["customer"].as_str().map(str::to_owned)));
    reported.filter(|(_, code, _)| CODES.contains(&code.as_str())).collect()
}

/// The customers that have errors.
pub(crate) fn failed(diagnostics: &[serde_json::Value]) -> BTreeSet<String> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic["severity"] == "error");
    errors.filter_map(|diagnostic| diagnostic["customer"].as_str().map(str::to_owned)).collect()
}

/// The exit status, and what was reported. After a killed run, a place that got another deployment may have been reported before.
pub(crate) fn words(prediction: &Prediction, ran: &Ran, lenient: bool) -> Result<(), Compared> {
    let own = |(severity, code, customer): &(&str, &str, Option<String>)| -> Reported {
        ((*severity).to_owned(), (*code).to_owned(), customer.clone())
    };
    let found = reported(&ran.diagnostics);
    let is_open = |reported: &&Reported| lenient && reported.1 == "destructive-change";
    let must: BTreeSet<Reported> = prediction.must.iter().map(own).collect();
    let allowed: BTreeSet<Reported> = must.iter().cloned().chain(prediction.may.iter().map(own)).collect();
    let missing: Vec<&Reported> = must.difference(&found).filter(|reported| !is_open(reported)).collect();
    let wrong: Vec<&Reported> = found.difference(&allowed).filter(|reported| !is_open(reported)).collect();
    if !missing.is_empty() || !wrong.is_empty() {
        let codes = |list: &[&Reported]| list.iter().map(|(severity, code, _)| format!("{severity} {code}")).collect::<BTreeSet<_>>();
        let kind = format!("not reported {:?}, reported {:?}", codes(&missing), codes(&wrong));
        return Err(Compared::new(&kind, &format!("not reported: {missing:?}; reported: {wrong:?}")));
    }
    if !ran.status.is_some_and(|status| prediction.status.contains(&status)) {
        let text = format!("exit status {:?}, and not {:?}", ran.status, prediction.status);
        return Err(Compared::new(&text, &text));
    }
    Ok(())
}

/// Errors of other codes that nobody asked for.
pub(crate) fn foreign(ran: &Ran, broken: &BTreeSet<&str>) -> Result<(), Compared> {
    for diagnostic in ran.diagnostics.iter().filter(|diagnostic| diagnostic["severity"] == "error") {
        let (code, customer) = (diagnostic["code"].as_str().unwrap_or_default(), diagnostic["customer"].as_str());
        let is_known = CODES.contains(&code) || code == "customer-id-mismatch";
        if !is_known && customer.is_none_or(|customer| !broken.contains(customer)) {
            return Err(Compared::new(&format!("unexpected {code}"), &format!("{code} of {customer:?}")));
        }
    }
    Ok(())
}

/// The tree, but for what only differs in values that nothing is judged by.
pub(crate) fn tree(expected: &Tree, found: &Disk, names: &mut Names) -> Result<(), Compared> {
    let here: BTreeSet<&String> = expected.keys().collect();
    let there: BTreeSet<&String> = found.keys().collect();
    if here != there {
        let (lacking, more): (Vec<_>, Vec<_>) = (here.difference(&there).collect(), there.difference(&here).collect());
        return Err(Compared::new("directories", &format!("not on disk: {lacking:?}; on disk: {more:?}")));
    }
    for (directory, root) in expected {
        let seen = &found[directory];
        let differs = |what: &str, one: String, other: String| -> Result<(), Compared> {
            if one == other {
                return Ok(());
            }
            Err(Compared::new(&format!("tree: {what}"), &format!("{what} of `{directory}` is {other}, and not {one}")))
        };
        differs("owner", format!("{:?}", vec![&root.owner]), format!("{:?}", seen.owners))?;
        differs("kind", format!("{:?}", root.kind), format!("{:?}", seen.kind))?;
        differs("note", format!("{:?}", root.note), format!("{:?}", seen.note))?;
        differs("place", format!("{:?}", root.place), format!("{:?}", seen.place))?;
        differs("id", format!("{:?}", root.id), format!("{:?}", seen.id))?;
        differs("account", format!("{:?}", root.account), format!("{:?}", seen.account))?;
        differs("network", format!("{:?}", root.network), format!("{:?}", seen.network))?;
        differs("guard", "false".into(), seen.interrupted.to_string())?;
        match (&root.name, &seen.name) {
            (Some(name), Some(written)) => names.learn(written, name)?,
            (one, other) => differs("name", format!("{one:?}"), format!("{other:?}"))?,
        }
    }
    Ok(())
}
