//! Generated repositories that differ in what makes state keys: environments, regions, services, and who the customer is.

use super::repository::Repository;
use super::tape::Tape;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Names that look like parts of keys, and the longest that there may be.
pub(crate) const ENVIRONMENTS: [&str; 7] =
    ["dev", "production", "eu-west-1", "app-service", "web-service", "a1", "abcdefghij-klmnopqrst-uvwxyz0123"];
/// None has the name of an environment of the platform, of a region or of a label: those are errors.
const SERVICES: [&str; 6] = ["web", "dev-service", "eu-west-1a", "alder-dev", "service", "zyxwvutsrq-ponmlkjihg-fedcba9876"];
const REPOSITORIES: [(&str, Option<&str>); 6] = [
    ("alder", None),
    ("Birch.Web", None),
    ("alder-dev", Some("dev")),
    ("customer_1", None),
    ("x", Some("eu-west-1")),
    ("app-service", Some("alder-dev")),
];
/// Regions of base deployments, and overlays with the region that they make.
const REGIONS: [&str; 2] = ["us-east-1", "us-west-2"];
const OVERLAYS: [(&str, &str); 3] = [("eu-west-1", "eu-west-1"), ("eu-central", "eu-central-2"), ("ap-south-1", "ap-south-1")];

/// A region overlay.
#[derive(Clone, Debug)]
pub(crate) struct Overlay {
    name: &'static str,
    region: &'static str,
    in_base: bool,
    environments: Option<Vec<&'static str>>,
}

/// What a repository is made of.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) repository: &'static str,
    customer_id: Option<&'static str>,
    project: &'static str,
    /// Environments of the base, each with a region where it has one of its own.
    base: Option<Vec<(&'static str, Option<&'static str>)>>,
    base_region: Option<&'static str>,
    overlays: Vec<Overlay>,
    /// Services: name, and true for one in the base.
    services: Vec<(&'static str, bool)>,
}

/// A deployment that a shape has to give.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Expected {
    pub(crate) environment: String,
    pub(crate) region: String,
    pub(crate) service: Option<String>,
    pub(crate) regional: bool,
}

fn some(tape: &mut Tape, names: &[&'static str]) -> Vec<&'static str> {
    names.iter().copied().filter(|_| tape.below(3) == 1).collect()
}

/// One to three repositories of different customers.
pub(crate) fn workspace(tape: &mut Tape) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = Vec::new();
    for _ in 0..=tape.below(3) {
        let shape = shape(tape);
        if shapes.iter().all(|other| other.repository != shape.repository && other.owner() != shape.owner()) {
            shapes.push(shape);
        }
    }
    shapes
}

fn shape(tape: &mut Tape) -> Shape {
    let (repository, customer_id) = *tape.pick(&REPOSITORIES);
    let mut environments = some(tape, &ENVIRONMENTS);
    if environments.is_empty() {
        environments.push("dev");
    }
    let chosen: Vec<(&str, &str)> = OVERLAYS.into_iter().filter(|_| tape.below(3) == 1).collect();
    let with_base = chosen.is_empty() || !tape.one_in(4);
    let mut overlays = Vec::new();
    for (name, region) in chosen {
        let own = if with_base { some(tape, &environments) } else { environments.clone() };
        let in_base = with_base && tape.below(3) == 1;
        overlays.push(Overlay { name, region, in_base, environments: (!own.is_empty()).then_some(own) });
    }
    let base_region = (overlays.is_empty() || tape.below(2) == 1).then_some("us-east-1");
    let base = with_base.then(|| environments.iter().map(|name| (*name, (tape.below(3) == 1).then(|| *tape.pick(&REGIONS)))).collect());
    let services = if tape.below(2) == 1 { some(tape, &SERVICES) } else { Vec::new() };
    let services = services.into_iter().map(|name| (name, with_base && tape.below(3) == 1)).collect();
    Shape {
        repository,
        customer_id,
        project: tape.pick::<&str>(&["shop", "the-longest-project-name-that-is"]),
        base,
        base_region,
        overlays,
        services,
    }
}

impl Shape {
    /// The customer's id: what the document says, else the repository's name made an identifier (language.md section 4).
    pub(crate) fn owner(&self) -> String {
        self.customer_id.map_or_else(|| self.repository.to_lowercase().replace(['.', '_'], "-"), str::to_owned)
    }

    pub(crate) fn project(&self) -> &str {
        self.project
    }

    /// Every deployment, by section 3 of language.md.
    pub(crate) fn deployments(&self) -> BTreeSet<Expected> {
        let mut spots: Vec<(&str, &str, bool)> = Vec::new();
        for (environment, own) in self.base.iter().flatten() {
            spots.extend(own.or(self.base_region).map(|region| (*environment, region, false)));
        }
        for overlay in &self.overlays {
            let of_base = || self.base.iter().flatten().map(|(name, _)| *name).collect();
            let names: Vec<&str> = overlay.environments.clone().unwrap_or_else(of_base);
            spots.extend(names.into_iter().map(|environment| (environment, overlay.region, true)));
        }
        let services = || self.services.iter().map(|(name, _)| Some((*name).to_owned()));
        let of_spot = |(environment, region, regional): (&str, &str, bool)| {
            let make = |service| Expected { environment: environment.to_owned(), region: region.to_owned(), service, regional };
            std::iter::once(None).chain(services()).map(make).collect::<Vec<_>>()
        };
        spots.into_iter().flat_map(of_spot).collect()
    }

    /// One more environment, in the base or else in every region; nothing where all are there.
    pub(crate) fn with_environment(&self) -> Option<Shape> {
        let mut more = self.clone();
        let there = |name: &str| {
            self.deployments().iter().any(|deployment| deployment.environment == name)
                || self.base.iter().flatten().any(|(other, _)| *other == name)
        };
        let new = ENVIRONMENTS.into_iter().find(|name| !there(name))?;
        match &mut more.base {
            Some(base) => base.push((new, Some("us-west-2"))),
            None => more.overlays.iter_mut().for_each(|overlay| overlay.environments.get_or_insert_default().push(new)),
        }
        Some(more)
    }

    /// One more region overlay.
    pub(crate) fn with_overlay(&self) -> Option<Shape> {
        let mut more = self.clone();
        let (name, region) = OVERLAYS.into_iter().find(|(name, _)| self.overlays.iter().all(|overlay| overlay.name != *name))?;
        let environments = if self.base.is_some() { None } else { self.overlays.first()?.environments.clone() };
        more.overlays.push(Overlay { name, region, in_base: false, environments });
        Some(more)
    }

    /// One more service overlay.
    pub(crate) fn with_service(&self) -> Option<Shape> {
        let mut more = self.clone();
        let new = SERVICES.into_iter().find(|name| self.services.iter().all(|(other, _)| other != name))?;
        more.services.push((new, false));
        Some(more)
    }

    /// The repository's documents.
    pub(crate) fn repository(&self) -> Repository {
        let mut documents: Vec<(String, Map<String, Value>)> = Vec::new();
        let mut base = self.whole();
        let mut inline = json!({"services": {}, "regions": {}});
        for overlay in &self.overlays {
            let mut part = if self.base.is_some() { Map::new() } else { self.whole() };
            if overlay.name != overlay.region {
                part.insert("region".into(), json!(overlay.region));
            }
            if let Some(environments) = &overlay.environments {
                part.insert(
                    "environments".into(),
                    environments.iter().map(|name| ((*name).to_owned(), json!({}))).collect::<Map<_, _>>().into(),
                );
            }
            part.insert("tags".into(), json!({"region": overlay.name}));
            if overlay.in_base {
                inline["regions"][overlay.name] = Value::Object(part);
            } else {
                documents.push((format!("{}-variables.yml", overlay.name), part));
            }
        }
        for (name, in_base) in &self.services {
            let part = json!({"compute": {"instance_type": "t3.small"}});
            if *in_base {
                inline["services"][*name] = part;
            } else {
                documents.push((format!("{name}-vars.yml"), part.as_object().cloned().unwrap()));
            }
        }
        if let Some(environments) = &self.base {
            let part = |region: &Option<&str>| region.map_or(json!({}), |region| json!({"region": region}));
            base.insert(
                "environments".into(),
                environments.iter().map(|(name, region)| ((*name).to_owned(), part(region))).collect::<Map<_, _>>().into(),
            );
            base.extend(self.base_region.map(|region| ("region".to_owned(), json!(region))));
            let filled = inline
                .as_object()
                .cloned()
                .unwrap()
                .into_iter()
                .filter(|(_, entries)| entries.as_object().is_some_and(|entries| !entries.is_empty()));
            base.extend(filled);
            documents.push(("variables.yml".to_owned(), base));
        }
        Repository { name: self.repository.to_owned(), documents: documents.into_iter().collect() }
    }

    /// What a document that stands alone has to say.
    fn whole(&self) -> Map<String, Value> {
        let mut document =
            json!({"project_name": self.project, "networking": {"vpc_cidr": "10.20.0.0/16"}, "compute": {"instance_type": "t3.small"}});
        if let Some(id) = self.customer_id {
            document["customer_id"] = json!(id);
        }
        document.as_object().cloned().unwrap()
    }
}
