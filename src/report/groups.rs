//! Equal messages of many places and customers, printed once.

use super::clean::clean_line;
use std::collections::HashMap;
use terralet_core::diagnostics::{Code, Report, ReportLabel, codes};

/// How many different messages are printed; the rest is counted.
pub(super) const MOST_MESSAGES: usize = 200;
/// How many more places of an equal message are named.
const MOST_PLACES: usize = 5;

/// Codes of what customers cannot both have: the place of an equal message of another customer would say who that is.
const BETWEEN: [&Code; 5] =
    [&codes::CIDR_OVERLAP, &codes::CUSTOMER_ID_CONFLICT, &codes::DUPLICATE_REPOSITORY, &codes::NAME_COLLISION, &codes::STATE_KEY_COLLISION];

/// What reports of one group have in common: severity, code, message and help, and the customer where that counts.
type Words<'r> = (&'r str, &'r str, &'r str, Option<&'r str>, Option<&'r str>);

/// Reports that say the same.
#[derive(Debug)]
pub(super) struct Group<'r> {
    /// The one that is shown.
    pub(super) first: &'r Report,
    others: Vec<&'r Report>,
}

impl<'r> Group<'r> {
    /// The groups of a list, in the order of their first ones.
    pub(super) fn all(reports: &[&'r Report]) -> Vec<Group<'r>> {
        let mut groups: Vec<Group<'r>> = Vec::new();
        let mut index: HashMap<Words<'r>, usize> = HashMap::new();
        for report in reports {
            let customer = report.customer.as_deref().filter(|_| BETWEEN.contains(&report.code));
            let key = (report.severity.as_str(), report.code.name, &*report.message, report.help.as_deref(), customer);
            match index.get(&key) {
                Some(at) => groups.get_mut(*at).into_iter().for_each(|group| group.others.push(report)),
                None => {
                    index.insert(key, groups.len());
                    groups.push(Group { first: report, others: Vec::new() });
                }
            }
        }
        groups
    }

    /// Where else the same is reported, as far as the first one's labels do not show it.
    pub(super) fn elsewhere(&self) -> Option<String> {
        let is_shown = |other: &&&Report| {
            let place = other.labels.first().map(|label| label.location.order());
            place.is_some() && self.first.labels.iter().any(|label| Some(label.location.order()) == place)
        };
        let others: Vec<&&Report> = self.others.iter().filter(|other| !is_shown(other)).collect();
        let places: Vec<String> = others.iter().take(MOST_PLACES).filter_map(|report| named(report)).collect();
        let more = if others.len() > places.len() { ", ..." } else { "" };
        match others.len() {
            0 => None,
            // What is about no file of a customer has no place to name.
            1 if places.is_empty() => Some("the same once more".to_owned()),
            count if places.is_empty() => Some(format!("the same {count} more times")),
            1 => Some(format!("the same in 1 more place: {}", places.join(", "))),
            count => Some(format!("the same in {count} more places: {}{more}", places.join(", "))),
        }
    }
}

/// Where a report is, or whose it is where it has no place.
fn named(report: &Report) -> Option<String> {
    report.labels.first().map(place).or_else(|| report.customer.as_deref().map(clean_line))
}

/// What is said of the groups that are not printed.
pub(super) fn left_out(groups: &[Group<'_>]) -> Option<String> {
    let left = groups.len().checked_sub(MOST_MESSAGES).filter(|left| *left > 0)?;
    let messages = if left == 1 { "message" } else { "messages" };
    Some(format!("... and {left} more {messages}; `--format json` has them all"))
}

/// A label's place as a compiler writes it; of a file without text, the file.
pub(super) fn place(label: &ReportLabel) -> String {
    let file = &label.location.file;
    if file.text.is_empty() {
        return clean_line(&file.path);
    }
    let position = label.location.start_position();
    format!("{}:{}:{}", clean_line(&file.path), position.line, position.column)
}
