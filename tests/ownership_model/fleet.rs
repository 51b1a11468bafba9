//! What people write: repositories with their documents, and the platform file. It knows how that is written down, and nothing of what the
//! product makes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The regions that deployments are in.
pub(crate) const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];

/// How state keys are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Repository,
    Service,
    Region,
}

impl Layout {
    pub(crate) fn parse(word: &str) -> Option<Layout> {
        match word {
            "repository" => Some(Layout::Repository),
            "service" => Some(Layout::Service),
            "region" => Some(Layout::Region),
            _ => None,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Layout::Repository => "repository",
            Layout::Service => "service",
            Layout::Region => "region",
        }
    }
}

/// Where states are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    S3,
    Http,
    Cloud,
}

impl Backend {
    pub(crate) fn parse(word: &str) -> Option<Backend> {
        match word {
            "s3" => Some(Backend::S3),
            "http" => Some(Backend::Http),
            "cloud" => Some(Backend::Cloud),
            _ => None,
        }
    }
}

/// What an entry of the registry says of where things are, for all environments or for one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Where {
    pub(crate) account: Option<String>,
    /// In the place of the platform's bucket.
    pub(crate) bucket: Option<String>,
}

/// An entry of the registry.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Entry {
    pub(crate) id: Option<String>,
    pub(crate) everywhere: Where,
    /// By environment, what is different there.
    pub(crate) environments: BTreeMap<String, Where>,
    pub(crate) formerly: Option<String>,
    pub(crate) offboarded: bool,
}

/// A region overlay.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Overlay {
    pub(crate) only: Option<String>,
    pub(crate) network: Option<String>,
}

/// The documents of a repository. Two directories may be links to one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Content {
    pub(crate) project: String,
    pub(crate) claim: Option<String>,
    /// The region of the base's deployments; without one the base is a layer only.
    pub(crate) base: Option<String>,
    pub(crate) environments: BTreeSet<String>,
    pub(crate) network: String,
    pub(crate) overlays: BTreeMap<String, Overlay>,
    pub(crate) services: BTreeSet<String>,
    pub(crate) broken: bool,
    /// Every word that this customer ever wrote: what is reported to it may hold those.
    pub(crate) said: BTreeSet<String>,
}

/// Everything that people wrote.
#[derive(Clone, Debug)]
pub(crate) struct Fleet {
    pub(crate) layout: Layout,
    pub(crate) backend: Backend,
    /// The bucket; elsewhere the end of the address, or the organization.
    pub(crate) bucket: String,
    pub(crate) registry: BTreeMap<String, Entry>,
    /// The directories of the repositories, such as `customers/avic`, each with the number of its content.
    pub(crate) repositories: BTreeMap<String, usize>,
    /// Directories that are links.
    pub(crate) links: BTreeSet<String>,
    /// Directories that were removed, and may come back.
    pub(crate) away: BTreeMap<String, usize>,
    pub(crate) contents: Vec<Content>,
}

/// A repository's name is its directory's.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Two names that differ only in case.
pub(crate) fn same_but_case(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

impl Fleet {
    pub(crate) fn new() -> Self {
        Fleet {
            layout: Layout::Repository,
            backend: Backend::S3,
            bucket: "states".into(),
            registry: BTreeMap::new(),
            repositories: BTreeMap::new(),
            links: BTreeSet::new(),
            away: BTreeMap::new(),
            contents: Vec::new(),
        }
    }

    pub(crate) fn content(&self, path: &str) -> Option<&Content> {
        self.contents.get(*self.repositories.get(path)?)
    }

    /// The name that a repository has now. Names are compared without case.
    pub(crate) fn current(&self, written: &str) -> String {
        let was = |old: &String| old.eq_ignore_ascii_case(written);
        let heir = self.registry.iter().find(|(_, entry)| entry.formerly.as_ref().is_some_and(was));
        heir.map_or(written, |(name, _)| name).to_owned()
    }

    pub(crate) fn entry(&self, name: &str) -> Entry {
        self.registry.get(name).cloned().unwrap_or_default()
    }

    /// The account of an environment of a repository.
    pub(crate) fn account(&self, name: &str, environment: &str) -> Option<String> {
        let entry = self.registry.get(name)?;
        let own = entry.environments.get(environment).and_then(|own| own.account.clone());
        own.or_else(|| entry.everywhere.account.clone())
    }

    /// The bucket of an environment of a repository.
    pub(crate) fn bucket(&self, name: &str, environment: &str) -> String {
        let entry = self.entry(name);
        let own = entry.environments.get(environment).and_then(|own| own.bucket.clone());
        own.or(entry.everywhere.bucket).unwrap_or_else(|| self.bucket.clone())
    }

    pub(crate) fn is_there(&self, name: &str) -> bool {
        self.repositories.keys().any(|path| name_of(path) == name)
    }

    /// True when two repositories may have roots below one prefix.
    pub(crate) fn may_share(&self, one: &str, other: &str) -> bool {
        let id = |name: &str| self.entry(name).id;
        one == other || id(one).is_some() && id(one) == id(other)
    }

    /// False for a platform file that the product refuses, which is no matter of ownership, and for documents with mistakes of another kind.
    pub(crate) fn is_valid(&self) -> bool {
        let names: Vec<&String> = self.registry.keys().collect();
        let twice = |index: usize, name: &str| names.iter().skip(index + 1).any(|other| same_but_case(name, other));
        if names.iter().enumerate().any(|(index, name)| twice(index, name)) {
            return false;
        }
        let mut heirs = BTreeSet::new();
        for (name, entry) in &self.registry {
            let Some(old) = &entry.formerly else { continue };
            let is_listed = names.iter().any(|other| same_but_case(other, old));
            if is_listed || !heirs.insert(old.to_ascii_lowercase()) || same_but_case(name, old) {
                return false;
            }
        }
        self.contents.iter().all(|content| {
            let twice = content.base.as_ref().is_some_and(|region| content.overlays.contains_key(region));
            !twice && !content.environments.is_empty() && (content.base.is_some() || !content.overlays.is_empty())
        })
    }

    /// The platform file.
    fn platform(&self) -> String {
        let (layout, config) = (self.layout.word(), self.bucket_argument(&self.bucket));
        let backend = match self.backend {
            Backend::S3 => format!("backend: s3, config: {{{config}, region: us-east-1}}"),
            Backend::Http => format!("backend: http, config: {{{config}}}"),
            Backend::Cloud => format!("backend: cloud, config: {{{config}, project: '{{{{ customer_id }}}}'}}"),
        };
        let mut text = format!(
            "customers: ['customers/*', 'more/*']\nstate: {{layout: {layout}, {backend}}}\n\
             modules: {{source: 'git::https://modules.test/{{{{ module }}}}'}}\n"
        );
        if !self.registry.is_empty() {
            text.push_str("registry:\n");
        }
        for (name, Entry { id, everywhere, environments, formerly, offboarded }) in &self.registry {
            let keys = [("customer_id", id), ("formerly", formerly)];
            let mut parts: Vec<String> =
                keys.into_iter().filter_map(|(key, value)| value.as_ref().map(|value| format!("{key}: {value}"))).collect();
            parts.extend(self.where_it_is(everywhere));
            let each: Vec<String> =
                environments.iter().map(|(name, own)| format!("{name}: {{{}}}", self.where_it_is(own).join(", "))).collect();
            parts.extend((!each.is_empty()).then(|| format!("environments: {{{}}}", each.join(", "))));
            parts.extend(offboarded.then(|| "offboarded: true".to_owned()));
            let _written = writeln!(text, "  {name}: {{{}}}", parts.join(", "));
        }
        text
    }

    /// The argument of the backend that a bucket is.
    fn bucket_argument(&self, bucket: &str) -> String {
        match self.backend {
            Backend::S3 => format!("bucket: {bucket}"),
            Backend::Http => format!("address: 'https://states.test/{bucket}'"),
            Backend::Cloud => format!("organization: {bucket}"),
        }
    }

    /// The keys of an entry, or of one of its environments, that say where things are.
    fn where_it_is(&self, Where { account, bucket }: &Where) -> Vec<String> {
        let account = account.as_ref().map(|account| format!("account_id: '{account}'"));
        let state = bucket.as_ref().map(|bucket| format!("state: {{config: {{{}}}}}", self.bucket_argument(bucket)));
        account.into_iter().chain(state).collect()
    }

    /// Writes all of it below a workspace, in the place of what was there.
    pub(crate) fn write(&self, root: &Path) {
        for directory in ["customers", "more", "held"] {
            let path = root.join(directory);
            let _gone = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
        }
        fs::write(root.join("terralet.yml"), self.platform()).unwrap();
        for (path, number) in &self.repositories {
            let place = if self.links.contains(path) { format!("held/{number}") } else { path.clone() };
            let infra = root.join(&place).join("infra");
            fs::create_dir_all(&infra).unwrap();
            for (name, text) in self.contents[*number].documents(*number) {
                fs::write(infra.join(name), text).unwrap();
            }
            if place != *path {
                std::os::unix::fs::symlink(format!("../{place}"), root.join(path)).unwrap();
            }
        }
    }
}

impl Content {
    /// The files of the documents. The number makes what is reported of nobody else.
    fn documents(&self, number: usize) -> Vec<(String, String)> {
        let names = self.overlays.keys().map(|region| format!("{region}-variables.yml"));
        let names = names.chain(self.services.iter().map(|service| format!("{service}-vars.yml")));
        if self.broken {
            return std::iter::once("variables.yml".to_owned()).chain(names).map(|name| (name, "- : [\n".to_owned())).collect();
        }
        let list = |environments: &[&String]| {
            let each: Vec<String> = environments.iter().map(|environment| format!("{environment}: {{}}")).collect();
            each.join(", ")
        };
        let mut base = format!("project_name: {}\n", self.project);
        for (key, value) in [("customer_id", &self.claim), ("region", &self.base)] {
            if let Some(value) = value {
                let _written = writeln!(base, "{key}: {value}");
            }
        }
        let environments: Vec<&String> = self.environments.iter().collect();
        let _written = writeln!(base, "networking: {{vpc_cidr: {}}}\nenvironments: {{{}}}", self.network, list(&environments));
        let _written = writeln!(base, "tags: {{owner: {}}}\nmonitoring: {{alarm_email: {}}}", tag(number), mail(number));
        let mut documents = vec![("variables.yml".to_owned(), base)];
        for (region, Overlay { only, network }) in &self.overlays {
            let mut text = "tags: {overlay: there}\n".to_owned();
            if let Some(only) = only {
                let _written = writeln!(text, "environments: {{{}}}", list(&[only]));
            }
            if let Some(network) = network {
                let _written = writeln!(text, "networking: {{vpc_cidr: {network}}}");
            }
            documents.push((format!("{region}-variables.yml"), text));
        }
        for service in &self.services {
            documents.push((format!("{service}-vars.yml"), "compute: {instance_type: t3.small}\n".to_owned()));
        }
        documents
    }

    /// Remembers what it says by now.
    pub(crate) fn remember(&mut self, number: usize) {
        let mut said = vec![self.project.clone(), self.network.clone(), tag(number), mail(number)];
        said.extend(self.claim.clone());
        said.extend(self.overlays.values().filter_map(|overlay| overlay.network.clone()));
        self.said.extend(said);
    }
}

/// A tag that one content alone has.
pub(crate) fn tag(number: usize) -> String {
    format!("tagged{number}canary")
}

/// An address that one content alone has.
pub(crate) fn mail(number: usize) -> String {
    format!("mail{number}canary@example.org")
}
