//! What a name usually means: names of environments, regions and services in places where another kind of name belongs, and YAML files that
//! are not documents by their names.

use super::documents::Documents;
use super::overlays::{Overlays, entries_of};
use super::unknown_environment::same_stage;
use crate::clouds::Cloud;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, nearest};
use crate::platform::Platform;
use crate::schema::{IdentifierKind, identifier, section, stage};
use crate::source::Span;
use std::collections::BTreeSet;

/// The names of documents, for helps.
const DOCUMENTS: &str = "documents are `variables.yml`, `<service>-vars.yml` and `<region>-variables.yml`";

/// Directories of `infra` that are read for documents by people who come from other tools.
const COLLECTIONS: [&str; 9] = ["services", "service", "environments", "environment", "envs", "env", "regions", "region", "overlays"];

/// What a name means.
enum NameMeaning<'n> {
    /// An environment that there is.
    Environment,
    /// A usual word for one, with the one of this customer that it likely stands for.
    Stage(Option<&'n str>),
    /// A region.
    Region,
    /// The label of several regions.
    Label,
}

/// The names of a customer.
pub(super) struct KnownNames<'n> {
    cloud: &'static dyn Cloud,
    /// The environments of the customer and of its platform.
    environments: BTreeSet<&'n str>,
    /// The documents that there are, without their extension.
    documents: BTreeSet<&'n str>,
}

impl<'n> KnownNames<'n> {
    /// Those that the documents and the platform's list have.
    pub(super) fn of(documents: &'n Documents, platform: &'n Platform) -> Self {
        let mappings = documents.base.iter().chain(documents.regions.values()).filter_map(|document| document.root.as_mapping());
        let overlays = mappings.clone().flat_map(|mapping| entries_of(mapping, "regions")).filter_map(|entry| entry.value.as_mapping());
        let written = mappings.chain(overlays).flat_map(|mapping| entries_of(mapping, "environments"));
        let written = written.map(|entry| entry.key.value.as_str()).filter(|name| identifier(IdentifierKind::Environment, name).is_ok());
        let listed = platform.environments.iter().flatten().map(|policy| policy.name.value.as_str());
        let files = documents.base.iter().chain(documents.regions.values()).chain(documents.services.values());
        let mut known = KnownNames { cloud: documents.cloud, environments: BTreeSet::new(), documents: BTreeSet::new() };
        known.environments.extend(written.chain(listed));
        known.documents.extend(files.map(|document| stem_of(&document.name)));
        known
    }

    fn meaning(&self, name: &str) -> Option<NameMeaning<'n>> {
        if self.environments.contains(name) {
            return Some(NameMeaning::Environment);
        }
        if self.cloud.region(name).is_some() {
            return Some(NameMeaning::Region);
        }
        if self.cloud.is_region_label(name) {
            return Some(NameMeaning::Label);
        }
        stage(name).map(|_| NameMeaning::Stage(same_stage(name, self.environments.iter().copied())))
    }

    /// What a file that is named after an environment should be; nothing for other names.
    pub(super) fn of_environment(&self, name: &str) -> Option<String> {
        match self.meaning(name)? {
            NameMeaning::Environment => Some(format!("`{name}` is an environment: {}", below_environments(name))),
            NameMeaning::Stage(known) => {
                Some(format!("`{name}` is a usual name of an environment: {}", below_environments(known.unwrap_or(name))))
            }
            NameMeaning::Region | NameMeaning::Label => None,
        }
    }

    /// The advice on a YAML file that is not a document, by its name without the extension.
    fn advice(&self, stem: &str) -> String {
        let stem = stem.replace(['_', '.'], "-").to_ascii_lowercase();
        let is_kind = |word: &str| nearest(word, ["vars", "variables"]);
        let (subject, kind) = match stem.rsplit_once('-') {
            Some((first, last)) if !first.is_empty() && is_kind(last).is_some() => (first, is_kind(last)),
            _ => match stem.split_once('-') {
                Some((first @ ("vars" | "variables"), last)) => (last, Some(first)),
                _ => (stem.as_str(), None),
            },
        };
        if let Some(advice) = self.of_environment(subject) {
            return format!("{advice}; {DOCUMENTS}");
        }
        let others = "move YAML files of other tools into a directory of their own";
        let renamed = match self.meaning(subject) {
            Some(NameMeaning::Region | NameMeaning::Label) => Some(format!("{subject}-variables")),
            _ if nearest(&stem, ["variables"]).is_some() => Some("variables".to_owned()),
            _ => kind.map(|kind| format!("{subject}-{kind}")),
        };
        // `values-production` would be a service of that name.
        if let Some(environment) = self.environment_within(&stem) {
            let meant = below_environments(environment);
            return format!("for the environment `{environment}` {meant}; {DOCUMENTS}; {others}");
        }
        match renamed {
            Some(name) if self.documents.contains(name.as_str()) => {
                format!("`{name}.yml` is there already: write there what counts of this file, and remove it; {DOCUMENTS}; {others}")
            }
            Some(name) => {
                format!("did you mean `{name}.yml`? Documents are `variables.yml`, `<service>-vars.yml` and `<region>-variables.yml`")
            }
            None if self.documents.contains(format!("{subject}-vars").as_str()) => {
                format!("`{subject}-vars.yml` is there already: write there what counts of this file, and remove it; {DOCUMENTS}; {others}")
            }
            None if identifier(IdentifierKind::Service, subject).is_ok() => {
                format!("for a service `{subject}` rename it to `{subject}-vars.yml`; {DOCUMENTS}; {others}")
            }
            None => format!("{DOCUMENTS}; {others}"),
        }
    }

    /// The environment, or the usual word for one, that is a part of a name between `-`.
    fn environment_within<'s>(&self, stem: &'s str) -> Option<&'s str>
    where
        'n: 's,
    {
        let is_within = |name: &&&str| format!("-{stem}-").contains(&format!("-{name}-"));
        let own = self.environments.iter().filter(is_within).max_by_key(|name| name.len()).copied();
        own.or_else(|| {
            stem.split('-')
                .find(|part| stage(part).is_some())
                .map(|part| same_stage(part, self.environments.iter().copied()).unwrap_or(part))
        })
    }

    /// `unrecognised-file` for a file right among the documents.
    pub(super) fn unrecognised(&self, name: &str, span: Span) -> Diagnostic {
        let stem = stem_of(name);
        Diagnostic::new(&codes::UNRECOGNISED_FILE, format!("`{name}` is not the name of a document, so it is not read"))
            .at(span, "")
            .help(self.advice(stem))
    }

    /// `unrecognised-file` for a file in a directory next to the documents; nothing where it does not look like one of them.
    pub(super) fn nested(&self, path: &str, span: Span) -> Option<Diagnostic> {
        let (directories, name) = path.rsplit_once('/')?;
        let directory = directories.rsplit('/').next().unwrap_or(directories);
        let stem = stem_of(name);
        let subject = stem.strip_suffix("-vars").or_else(|| stem.strip_suffix("-variables")).unwrap_or(stem);
        let is_named_like_one = stem == "variables" || subject != stem;
        let of_directory = self.meaning(directory).is_some();
        if !is_named_like_one && !of_directory && !COLLECTIONS.contains(&directory) {
            return None;
        }
        let named_after = if self.meaning(subject).is_some() || !of_directory { subject } else { directory };
        let advice = match self.of_environment(named_after) {
            Some(advice) => advice,
            None => match self.meaning(named_after) {
                Some(_) => format!("move it up, as `{named_after}-variables.yml`"),
                None if named_after == "variables" => "move it up, or its keys into the `variables.yml` there".to_owned(),
                None => format!("for a service `{named_after}` move it up, as `{named_after}-vars.yml`"),
            },
        };
        Some(
            Diagnostic::new(&codes::UNRECOGNISED_FILE, format!("`{path}` is in a directory of its own, so it is not read"))
                .at(span, "")
                .help(format!("{advice}; documents stand right in the directory, and not below it")),
        )
    }
}

/// A file's name without its extension.
fn stem_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn below_environments(name: &str) -> String {
    format!("write what it says under `environments.{name}` of `variables.yml`")
}

/// Takes out services that have the name of something else, and reports them.
pub(super) fn services(overlays: &mut Overlays<'_>, names: &KnownNames<'_>, diagnostics: &mut Diagnostics) {
    let base = overlays.base.map(|base| base.first_key.file);
    overlays.services.retain(|service| {
        let (name, place) = (service.name.value.as_str(), service.name.span);
        // A section that is not indented far enough has been reported.
        if diagnostics.has(&codes::MISPLACED_OVERLAY, place) {
            return false;
        }
        let Some(meaning) = names.meaning(name) else { return true };
        let is_file = base != Some(place.file);
        let region_file = if is_file {
            format!("rename the file to `{name}-variables.yml`")
        } else {
            format!("write it under `regions.{name}`, or in a file `{name}-variables.yml`")
        };
        let (what, help) = match meaning {
            NameMeaning::Environment => ("an environment", format!("{}: a service is in every environment", below_environments(name))),
            NameMeaning::Region => ("a region", region_file),
            NameMeaning::Label => ("the label of a region", region_file),
            NameMeaning::Stage(known) => {
                let meant = below_environments(known.unwrap_or(name));
                diagnostics.push(
                    Diagnostic::new(&codes::MISLEADING_NAME, format!("the service `{name}` has a usual name of an environment"))
                        .at(place, format!("this makes a service `{name}` in every environment"))
                        .help(format!("{meant}; where it is a service, give it another name")),
                );
                return true;
            }
        };
        diagnostics.push(
            Diagnostic::new(&codes::MISPLACED_OVERLAY, format!("the service `{name}` has the name of {what}"))
                .at(place, format!("`{name}` is {what}"))
                .help(help),
        );
        false
    });
}

/// Reports environments that are called like a section or a region: likely a section that is not indented far enough.
pub(super) fn environments(cloud: &dyn Cloud, overlays: &Overlays<'_>, diagnostics: &mut Diagnostics) {
    let base = overlays.base.iter().map(|base| base.mapping);
    for entry in base.chain(overlays.regions.iter().map(|overlay| overlay.mapping)).flat_map(|mapping| entries_of(mapping, "environments"))
    {
        let (name, span) = (entry.key.value.as_str(), entry.key.span);
        if diagnostics.has(&codes::UNKNOWN_ENVIRONMENT, span) {
            continue;
        }
        let (what, help) = if section(name).is_some() {
            (
                "a section",
                "indent it further than the environment that it belongs to; where it is an environment, give it another name".to_owned(),
            )
        } else if cloud.region(name).is_some() {
            ("a region", format!("write `region: {name}` in an environment, or an overlay `{name}-variables.yml` for a further region"))
        } else if cloud.is_region_label(name) {
            ("the label of a region", format!("for a further region write an overlay `{name}-variables.yml`, with its `region:`"))
        } else {
            continue;
        };
        diagnostics.push(
            Diagnostic::new(&codes::MISLEADING_NAME, format!("the environment `{name}` has the name of {what}"))
                .at(span, format!("this makes an environment `{name}`"))
                .help(help),
        );
    }
}
