//! The bucket of a root.

use super::merged::Merged;
use super::{Poisoned, number};
use serde_json::{Value, json};
use serde_yaml::{Mapping, Value as Yaml};

/// The section `storage` of layers, where it exists.
pub(super) fn merged(layers: &[(Mapping, bool)], defaults: &Mapping) -> Option<Merged> {
    let mut merged = Merged::default();
    merged.defaults(defaults);
    layers.iter().for_each(|(layer, is_environment)| merged.layer(layer, *is_environment));
    merged.written.contains("storage").then_some(merged)
}

/// What is asked for of a bucket; `fill` puts values into templates.
pub(super) fn asked(storage: &Merged, fill: &dyn Fn(&str) -> String) -> Poisoned {
    let of = |key: &str| storage.get("storage", key);
    let rule = |rule: &Yaml| {
        let is_on = rule.get("enabled").and_then(Yaml::as_bool).unwrap_or(true);
        let name = rule.get("name").and_then(Yaml::as_str).unwrap_or_default();
        json!([name, if is_on { "Enabled" } else { "Disabled" }, rule.get("expiration_days").and_then(Yaml::as_f64)])
    };
    let rules = of("lifecycle_rules").and_then(Yaml::as_sequence).into_iter().flatten().map(rule);
    let mut asked = Poisoned::new();
    asked.insert("bucket", json!(of("bucket_name").and_then(Yaml::as_str).map(fill)));
    let is_versioned = of("versioning_enabled").and_then(Yaml::as_bool).unwrap_or(true);
    asked.insert("versions", json!(if is_versioned { "Enabled" } else { "Suspended" }));
    asked.insert("rules of the bucket", json!(rules.collect::<Vec<_>>()));
    asked.insert("bucket is closed", json!(true));
    asked
}

/// What a plan has of buckets; `of` gives resources by type and name.
pub(super) fn planned<'p>(of: &dyn Fn(&str, &str) -> Vec<&'p Value>) -> Poisoned {
    let mut found = Poisoned::new();
    let Some(bucket) = of("aws_s3_bucket", "").first().copied() else { return found };
    found.insert("bucket", bucket["bucket"].clone());
    for versioning in of("aws_s3_bucket_versioning", "") {
        found.insert("versions", versioning["versioning_configuration"][0]["status"].clone());
    }
    for lifecycle in of("aws_s3_bucket_lifecycle_configuration", "") {
        let rules = lifecycle["rule"].as_array().into_iter().flatten().filter(|rule| rule["id"] != "unfinished-uploads");
        let rule = |rule: &Value| json!([rule["id"], rule["status"], number(rule["expiration"][0]["days"].clone())]);
        found.insert("rules of the bucket", json!(rules.map(rule).collect::<Vec<_>>()));
    }
    let blocks = of("aws_s3_bucket_public_access_block", "");
    let closed = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
    let is_closed = !blocks.is_empty() && blocks.iter().all(|block| closed.iter().all(|key| block[*key] == json!(true)));
    found.insert("bucket is closed", json!(is_closed));
    found
}
