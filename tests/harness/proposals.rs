//! What a diagnostic proposes, in its edits and in its help, to be put into the document.

use serde_json::Value;
use std::collections::BTreeSet;

pub fn offset(value: &Value, key: &str) -> usize {
    usize::try_from(value[key].as_u64().unwrap()).unwrap()
}

pub fn primary(diagnostic: &Value) -> Option<&Value> {
    diagnostic["labels"].as_array()?.iter().find(|label| label["primary"] == true)
}

/// A change that a message proposes: the file, and what to put in place of which bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proposal {
    pub file: String,
    pub changes: Vec<(usize, usize, String)>,
}

/// What a diagnostic proposes: its edits together, and each value that its help says to write.
pub fn proposals(diagnostic: &Value) -> BTreeSet<Proposal> {
    let mut all: BTreeSet<Proposal> = proposals_of_edits(diagnostic).into_iter().collect();
    let Some(label) = primary(diagnostic).filter(|label| label["file"].as_str().is_some_and(is_document)) else {
        return all;
    };
    let key = diagnostic["path"].as_str().unwrap_or("").rsplit('.').next().unwrap_or("").to_owned();
    for value in values_to_write(diagnostic["help"].as_str().unwrap_or("")) {
        // `key: value` stands for the value of the key that the message is about, and not for a line elsewhere.
        let text = match value.split_once(": ") {
            // `null` belongs behind the key that the message points at.
            Some((name, value)) if name == key && value != "null" => value,
            Some(_) => continue,
            None => value.as_str(),
        };
        let changes = vec![(offset(label, "byte_start"), offset(label, "byte_end"), text.to_owned())];
        all.insert(Proposal { file: label["file"].as_str().unwrap().to_owned(), changes });
    }
    all
}

/// The edits of a diagnostic, when it has any.
pub fn proposals_of_edits(diagnostic: &Value) -> Option<Proposal> {
    let edits = diagnostic["edits"].as_array()?;
    let change = |edit: &Value| (offset(edit, "byte_start"), offset(edit, "byte_end"), edit["text"].as_str().unwrap().to_owned());
    let file = edits.first()?["file"].as_str().unwrap().to_owned();
    Some(Proposal { file, changes: edits.iter().map(change).collect() })
}

/// True for what a customer writes.
fn is_document(file: &str) -> bool {
    file.ends_with(".yml") && !file.ends_with("terralet.yml")
}

/// The values in backticks that follow `write`, and those of the list that they start.
fn values_to_write(help: &str) -> Vec<String> {
    let mut values = Vec::new();
    for (at, _) in help.match_indices("write ") {
        let mut rest = &help[at + "write ".len()..];
        for words in ["one of ", "digits only, without a unit or a fraction, such as ", "a number such as "] {
            rest = rest.strip_prefix(words).unwrap_or(rest);
        }
        while let Some(inside) = rest.strip_prefix('`') {
            let Some((value, behind)) = inside.split_once('`') else { break };
            values.push((value.to_owned(), behind.to_owned()));
            let next = [", ", " or "].iter().find_map(|between| behind.strip_prefix(between));
            match next {
                Some(next) => rest = &help[help.len() - next.len()..],
                None => break,
            }
        }
    }
    // A form with a part to fill in is not a value, and neither is a key that stands for a line below another.
    let is_value = |(value, behind): &(String, String)| {
        let is_form = value.contains("...") || value.contains('<') || value.ends_with(':') || value.contains("{{") || value.contains("}}");
        let is_elsewhere = [" below", " in a", " under", " before", " for", " without", " (", " here", " beside"]
            .iter()
            .any(|words| behind.starts_with(words));
        !is_form && !is_elsewhere
    };
    values.into_iter().filter(is_value).map(|(value, _)| value).collect()
}

/// Ranges of bytes.
pub type Places = Vec<(usize, usize)>;

/// A text with changes, and where they are in it.
pub fn with_changes(text: &str, changes: &[(usize, usize, String)]) -> Option<(String, Places)> {
    let mut changes = changes.to_vec();
    changes.sort();
    let (mut now, mut places, mut at) = (String::new(), Vec::new(), 0);
    for (start, end, new) in changes {
        now.push_str(text.get(at..start)?);
        places.push((now.len(), now.len() + new.len()));
        now.push_str(&new);
        at = end;
    }
    now.push_str(text.get(at..)?);
    Some((now, places))
}
