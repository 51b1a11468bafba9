//! Customers next to each other: small documents, and what is said of whom.

use super::workspace::Reported;

pub const STATE: &str = "backend: s3, config: {bucket: states, region: us-east-1}";
pub const ACCOUNT: &str = "account_id: \"123456789012\"";

pub fn layout(layout: &str, registry: &str) -> String {
    format!("state: {{layout: {layout}, {STATE}}}\n{registry}")
}

pub fn document(project: &str, network: &str, environments: &str) -> String {
    format!("project_name: {project}\nregion: eu-west-1\nnetworking: {{vpc_cidr: {network}}}\nenvironments: {{{environments}}}\n")
}

/// What was said, as `severity[code] customer`, without advice that is of no customer; sorted.
pub fn said(reported: &Reported) -> Vec<String> {
    let mut said: Vec<String> = reported.json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["severity"] != "advice" || !one["customer"].is_null())
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
            format!("{}[{}] {}", text("severity"), text("code"), text("customer"))
        })
        .collect();
    said.sort();
    said.dedup();
    said
}

/// Nothing that is said of a customer holds a word of another's.
pub fn assert_own_words(reported: &Reported, customer: &str, of_others: &[&str]) {
    for one in reported.json["diagnostics"].as_array().unwrap().iter().filter(|one| one["customer"] == customer) {
        let text = one.to_string();
        let found: Vec<&&str> = of_others.iter().filter(|word| text.contains(**word)).collect();
        assert!(found.is_empty(), "a diagnostic of {customer} holds {found:?}: {text}");
    }
}
