//! Keys of documents that belong to no section, in words: who the customer is, and what is deployed where.

use crate::clouds::{self, CLOUDS};
use crate::diagnostics::{and_list, or_list};

/// A key of a document that belongs to no section.
#[derive(Debug)]
pub struct DocumentKey {
    /// The key as written.
    pub name: &'static str,
    /// What it takes, as the end of a sentence.
    pub takes: String,
    /// True where a customer has to write it somewhere.
    pub required: bool,
    /// What counts where it is not written.
    pub default: Option<&'static str>,
    /// The version of terralet that it came with.
    pub since: &'static str,
}

/// Every key of documents that belongs to no section, in the order in which documents have them.
pub fn document_keys() -> Vec<DocumentKey> {
    let clouds = or_list(clouds::NAMES);
    let with_modules = and_list(CLOUDS.iter().map(|cloud| cloud.facts().name));
    let key = |name, takes: &str| DocumentKey { name, takes: takes.to_owned(), required: false, default: None, since: "0.1.0" };
    let required = |name, takes| DocumentKey { required: true, ..key(name, takes) };
    vec![
        required("project_name", "a name of 2 to 32 lower-case letters, digits and `-` that starts with a letter"),
        key("customer_id", "a name; what the service provider's registry says counts"),
        key("customer_tier", "a tier of the service provider; what its registry says counts"),
        DocumentKey {
            default: Some(clouds::default_cloud().facts().name),
            ..key("cloud_provider", &format!("{clouds}; there are modules for {with_modules} only"))
        },
        key("region", "a region such as `eu-west-1`, at the top level of the base or of a region overlay, or in an environment"),
        required("environments", "the names of environments, each with what is different in it"),
        DocumentKey {
            default: Some("every environment and every region"),
            since: "0.2.0",
            ..key("deploy_to", "`environments` and `regions`, each with a list of names, in which a service is; in a service overlay")
        },
        key("services", "the names of services, each with what its overlay says"),
        key("regions", "the names of further regions, each with what its overlay says"),
    ]
}

#[cfg(test)]
mod tests {
    use super::document_keys;
    use crate::schema::{KeyPlace, SHORTHANDS, section};
    use std::collections::BTreeSet;

    #[test]
    fn every_key_of_a_document_without_a_section_is_here() {
        let is_alone = |name: &&'static str| section(name).is_none() && SHORTHANDS.iter().all(|shorthand| shorthand.name != *name);
        let places = [KeyPlace::Base, KeyPlace::RegionOverlay, KeyPlace::ServiceOverlay];
        let of_documents: BTreeSet<&str> = places.into_iter().flat_map(KeyPlace::keys).filter(is_alone).collect();
        let here: BTreeSet<&str> = document_keys().iter().map(|key| key.name).collect();
        assert_eq!(here, of_documents);
    }
}
