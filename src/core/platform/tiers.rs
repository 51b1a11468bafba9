//! Tiers: what a customer's contract gives and allows.

use super::clouds::{CloudPolicy, Pattern, patterns};
use super::conditions::{self, Condition};
use super::constants::{Constants, MODULES_INPUTS};
use super::fields::{Fields, entries, invalid};
use super::grants::{self, Grants};
use super::modules::{MODULES_WITHOUT, held_back};
use super::reserved_tags::reserved_tag;
use crate::clouds::{CLOUDS, default_cloud, is_instance_type};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess};
use crate::schema::{
    EXISTING_NETWORK, FEATURES, IdentifierKind, KeyPlace, Poisoned, SWITCHES, Switch, Type, check_document, identifier, read_text,
};
use crate::source::Spanned;
use crate::syntax::{Entry, Node};
use smol_str::SmolStr;

/// The tiers when the platform file lists none.
const DEFAULT_TIERS: [&str; 3] = ["standard", "business", "enterprise"];

/// One tier.
#[derive(Clone, Debug)]
pub struct Tier {
    /// Its name.
    pub name: Spanned<SmolStr>,
    /// Values below the customer's own, as sections.
    pub defaults: Option<Node>,
    /// What values may be.
    pub limits: Vec<Condition>,
    /// The instance types of the tier; nothing when all are.
    pub instance_types: Option<Vec<Pattern>>,
    /// The module version of the tier.
    pub modules_version: Option<Spanned<SmolStr>>,
    /// Modules that are held back from the tier's customers.
    pub modules_without: Vec<&'static str>,
    /// What the modules of the tier's customers are passed beyond what the language has.
    pub modules_inputs: Constants,
    /// What all of the tier may name.
    pub grants: Grants,
}

const KEYS: [&str; 7] = ["defaults", "limits", "instance_types", "modules_version", MODULES_WITHOUT, MODULES_INPUTS, grants::KEY];

/// Reads `tiers`.
pub(super) fn read(entry: Option<&Entry>, file: crate::source::FileId, diagnostics: &mut Diagnostics) -> Vec<Tier> {
    let Some(entry) = entry else {
        let nowhere = crate::source::Span::new(file, 0, 0);
        let tier = |name: &'static str| Tier {
            name: Spanned::new(SmolStr::new_static(name), nowhere),
            defaults: None,
            limits: Vec::new(),
            instance_types: None,
            modules_version: None,
            modules_without: Vec::new(),
            modules_inputs: Constants::default(),
            grants: Grants::default(),
        };
        return DEFAULT_TIERS.into_iter().map(tier).collect();
    };
    let mut tiers = Vec::new();
    for entry in entries(Some(entry), diagnostics) {
        if let Err(reason) = identifier(IdentifierKind::Tier, &entry.key.value) {
            diagnostics.push(
                Diagnostic::new(&codes::INVALID_IDENTIFIER, format!("`{}` cannot be a tier name", entry.key.value))
                    .at(entry.key.span, reason)
                    .help("a name has 2 to 32 lower-case letters, digits and `-`"),
            );
        }
        let fields = Fields::of(&entry.value, "a tier", &KEYS, diagnostics);
        let defaults = fields.get("defaults").map(|entry| entry.value.clone());
        if let Some(defaults) = &defaults {
            check_document(defaults, KeyPlace::TierDefaults, default_cloud(), diagnostics, &mut Poisoned::default());
            reserved_tags(defaults, diagnostics);
            existing_network(defaults, diagnostics);
            of_one_database(defaults, diagnostics);
            switches(defaults, diagnostics);
        }
        let limits = conditions::read(entries(fields.get("limits"), diagnostics), true, diagnostics);
        let instance_types = fields.texts("instance_types", diagnostics).map(|texts| patterns(texts, diagnostics));
        let modules_version = fields.text("modules_version", diagnostics);
        let modules_without = held_back(fields.get(MODULES_WITHOUT), diagnostics);
        let modules_inputs = Constants::read(fields.get(MODULES_INPUTS), diagnostics);
        let grants = Grants::read(fields.get(grants::KEY), diagnostics);
        tiers.push(Tier {
            name: entry.key.clone(),
            defaults,
            limits,
            instance_types,
            modules_version,
            modules_without,
            modules_inputs,
            grants,
        });
    }
    tiers
}

/// Reports patterns of types that no known type fits, and a default that is not a known type.
pub(super) fn check_types(tiers: &[Tier], clouds: &[CloudPolicy], diagnostics: &mut Diagnostics) {
    let newer = || clouds.iter().flat_map(|policy| &policy.instance_types);
    let listed = format!("`clouds.{}.instance_types`", default_cloud().facts().name);
    // The platform's own patterns are of types that the catalogue does not have yet.
    let is_newer = |pattern: &Pattern| {
        let text = pattern.text.value.as_str();
        newer().any(|known| known.matches(text) || pattern.matches(&known.text.value))
    };
    for tier in tiers {
        for pattern in tier.instance_types.iter().flatten().filter(|pattern| !pattern.matches_known() && !is_newer(pattern)) {
            let written = &pattern.text;
            let message = format!("no known type fits the pattern `{}` of the tier `{}`", written.value, tier.name.value);
            let diagnostic = Diagnostic::new(&codes::UNMATCHED_PATTERN, message).at(written.span, "not in the catalogue");
            let dotted = written.value.replacen('-', ".", 1);
            let meant = patterns(vec![Spanned::new(dotted.into(), written.span)], diagnostics);
            diagnostics.push(match meant.first().filter(|meant| meant.matches_known()) {
                Some(meant) => diagnostic.help(format!("write `{}`", meant.text.value)).suggest(written.span, meant.text.value.as_str()),
                None => diagnostic.help(format!(
                    "a type is a family and a size, as in `t3.*`, a class of databases has `db.` before it, and a node of a cache `cache.`; types that are newer than the catalogue are listed in {listed} too"
                )),
            });
        }
        let compute =
            tier.defaults.as_ref().and_then(|defaults| defaults.as_mapping()?.get("compute")?.value.as_mapping()?.get("instance_type"));
        let Some((name, span)) = compute.and_then(|entry| Some((&entry.value.as_scalar()?.text, entry.value.span))) else { continue };
        // What is not even the form of a type has been reported.
        let is_form = || read_text(default_cloud(), Type::InstanceType, "instance_type", name, span).is_ok() && !name.contains("{{");
        let is_known = || is_instance_type(name) || newer().any(|pattern| pattern.matches(name));
        if is_form() && !is_known() {
            let diagnostic = Diagnostic::new(&codes::UNKNOWN_INSTANCE_TYPE, format!("unknown instance type `{name}`"));
            let near = guess(name, CLOUDS.iter().flat_map(|cloud| cloud.instance_type_names()));
            diagnostics.push(match near {
                Some(near) => diagnostic.meant(span, &near).help(format!("write {}", near.names())),
                None => diagnostic
                    .at(span, "not an instance type")
                    .help(format!("a type that is newer than the catalogue is listed in {listed}")),
            });
        }
    }
}

/// A network that exists already is one customer's.
fn existing_network(defaults: &Node, diagnostics: &mut Diagnostics) {
    let (section, key) = EXISTING_NETWORK;
    let networking = defaults.as_mapping().and_then(|mapping| mapping.get(section)).and_then(|entry| entry.value.as_mapping());
    if let Some(entry) = networking.and_then(|networking| networking.get(key)) {
        let message = format!("`{section}.{key}` cannot be a tier's default");
        diagnostics.push(invalid(entry.key.span, message, "grant the network in the registry, and have the customer write the key"));
    }
}

/// What a customer did not ask for, a tier does not make.
fn switches(defaults: &Node, diagnostics: &mut Diagnostics) {
    let features = defaults.as_mapping().and_then(|mapping| mapping.get(FEATURES)).and_then(|entry| entry.value.as_mapping());
    for Switch { key, section, .. } in SWITCHES {
        let Some(entry) = features.and_then(|features| features.get(key)) else { continue };
        let message = format!("`{FEATURES}.{key}` cannot be a tier's default: a customer alone switches on what is made");
        diagnostics.push(invalid(entry.key.span, message, format!("remove it; defaults of `{section}` hold for customers who have one")));
    }
}

/// Tags that the platform sets are not a tier's to set.
fn reserved_tags(defaults: &Node, diagnostics: &mut Diagnostics) {
    let tags = defaults.as_mapping().and_then(|mapping| mapping.get("tags")).and_then(|entry| entry.value.as_mapping());
    for entry in tags.map_or(&[][..], |tags| tags.entries.as_slice()) {
        let Some(reserved) = reserved_tag(&entry.key.value) else { continue };
        let message = match reserved.is_same {
            true => format!("the tag `{}` is set by terralet", entry.key.value),
            false => format!("the tag `{}` looks like `{}`, which is set by terralet", entry.key.value, reserved.name),
        };
        diagnostics.push(invalid(entry.key.span, message, "choose another key"));
    }
}

/// What a database was called is said of that one alone: as a default it would be said of each.
fn of_one_database(defaults: &Node, diagnostics: &mut Diagnostics) {
    let database = defaults.as_mapping().and_then(|defaults| defaults.get("database")?.value.as_mapping());
    if let Some(formerly) = database.and_then(|database| database.get("formerly")) {
        let message = "`database.formerly` cannot be a tier's default";
        diagnostics.push(invalid(formerly.key.span, message, "remove it: what a database was called, the customer says of that one"));
    }
}
