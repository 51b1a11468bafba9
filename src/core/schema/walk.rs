//! The walk over one document: everything that is wrong with a key or a value alone, reported once however many deployments use it.

use super::deprecated::deprecated;
use super::engines::{aurora, is_aurora};
use super::identifier::{IdentifierKind, identifier};
use super::kinds::{by_environment, changed_script, entry_switched, is_changed_script, is_off, not_a_mapping, on_one_line, section_off};
use super::lists::is_list_change;
use super::misplaced::{regions_again, slipped_out};
use super::places::{KeyPlace, SHORTHANDS};
use super::poisoned::Poisoned;
use super::read::{invalid_identifier, read};
use super::secret_walk::find_secrets;
use super::stages::stage;
use super::things::unknown_region;
use super::unknown::{Unknown, unknown_in_place, unknown_in_section};
use super::written_keys::WrittenKeys;
use super::{Key, Section, Shape, Type, section};
use crate::clouds::Cloud;
use crate::diagnostics::{Diagnostic, Diagnostics, MOST_OF_A_CODE, codes};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Mapping, Node, Value};
use smol_str::SmolStr;
use std::cell::LazyCell;
use std::collections::HashMap;

/// Reports everything that is wrong with the keys and values of one document, whose deployments are in a cloud.
pub fn check_document(root: &Node, place: KeyPlace, cloud: &dyn Cloud, diagnostics: &mut Diagnostics, poisoned: &mut Poisoned) {
    // Credentials first: nothing else is reported of them, so that nothing else can repeat them.
    find_secrets(cloud, root, diagnostics, poisoned);
    let environments = root.as_mapping().and_then(|root| root.get("environments")).and_then(|entry| entry.value.as_mapping());
    Walk {
        cloud,
        diagnostics,
        poisoned,
        environments,
        section: "",
        in_environment: false,
        goes_over_others: false,
        around: None,
        key: None,
    }
    .part(root, place);
}

/// The same for the keys of one section.
#[cfg(test)]
pub(super) fn check_keys(
    section: &'static str,
    keys: &'static [Key],
    mapping: &Mapping,
    diagnostics: &mut Diagnostics,
    poisoned: &mut Poisoned,
) {
    let cloud = crate::clouds::default_cloud();
    Walk {
        cloud,
        diagnostics,
        poisoned,
        environments: None,
        section,
        in_environment: false,
        goes_over_others: false,
        around: None,
        key: None,
    }
    .keys(section, keys, mapping);
}

pub(super) struct Walk<'w> {
    pub(super) cloud: &'w dyn Cloud,
    diagnostics: &'w mut Diagnostics,
    pub(super) poisoned: &'w mut Poisoned,
    /// The environments that the document names.
    environments: Option<&'w Mapping>,
    /// The section of the value that is looked at; empty outside of sections.
    pub(super) section: &'static str,
    /// True below `environments`.
    in_environment: bool,
    /// True in parts that go over others, so that a list there may be a change of the one below.
    pub(super) goes_over_others: bool,
    /// The part of the document whose keys are looked at.
    around: Option<&'w Mapping>,
    /// The key of the value that is looked at, where it is a single one.
    pub(super) key: Option<Span>,
}

impl<'w> Walk<'w> {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if let Some(span) = diagnostic.primary() {
            if self.poisoned.secrets.contains(&span) && diagnostic.code != &codes::SECRET_IN_SOURCE {
                return;
            }
            self.poisoned.wrong.insert(span);
        }
        self.diagnostics.push(diagnostic);
    }

    /// True when one more unknown key is only counted: to look for what each of thousands may mean takes time, and is not shown.
    fn counts_only(&self, so_far: &[(&Entry, Unknown)]) -> bool {
        so_far.len() >= MOST_OF_A_CODE || self.diagnostics.is_full(&codes::UNKNOWN_KEY)
    }

    pub(super) fn mapping<'n>(&mut self, what: impl std::fmt::Display, node: &'n Node) -> Option<&'n Mapping> {
        match &node.value {
            Value::Mapping(mapping) => Some(mapping),
            Value::Null => None,
            Value::Scalar(_) | Value::Sequence(_) => {
                self.report(not_a_mapping(&what.to_string(), node));
                None
            }
        }
    }

    fn part(&mut self, node: &'w Node, place: KeyPlace) {
        let Some(mapping) = self.mapping(place.name(), node) else { return };
        let written = LazyCell::new(|| WrittenKeys::new(mapping, |name| place.takes(name)));
        let mut unknown = Vec::new();
        for entry in &mapping.entries {
            let name = entry.key.value.as_str();
            if place.is_service() && matches!(name, "networking" | "region") {
                self.report(overrides_shared(&entry.key));
                continue;
            }
            if !place.takes(name) {
                let is_counted = self.counts_only(&unknown);
                let what = if is_counted {
                    Unknown::counted(&entry.key)
                } else {
                    unknown_in_place(&entry.key, place, self.environments, &written)
                };
                unknown.push((entry, what));
                continue;
            }
            self.around = Some(mapping);
            self.key = Some(entry.key.span);
            self.entry(name, &entry.value, place);
            self.key = None;
        }
        for (meant, value) in self.unknown(unknown) {
            self.around = Some(mapping);
            self.entry(meant, value, place);
        }
    }

    /// Reports the unknown keys of one mapping. Of two that are near the same key, a person has to say which was meant. Gives what stands below
    /// the others as values of the keys that are surely meant: what is wrong in there is reported in the same run.
    fn unknown<'n>(&mut self, unknown: Vec<(&'n Entry, Unknown)>) -> Vec<(&'static str, &'n Node)> {
        if unknown.is_empty() {
            return Vec::new();
        }
        let mut count: HashMap<&str, usize> = HashMap::new();
        for meant in unknown.iter().filter_map(|(_, unknown)| unknown.meant) {
            *count.entry(meant).or_default() += 1;
        }
        let mut sure = Vec::new();
        for (entry, Unknown { mut diagnostic, meant }) in unknown {
            if let (Some(meant), Some(span)) = (meant, diagnostic.primary()) {
                diagnostic.certain &= count.get(meant) == Some(&1);
                self.poisoned.misspelt.insert(span, meant);
                if diagnostic.certain {
                    sure.push((meant, &entry.value));
                }
            }
            self.report(diagnostic);
        }
        sure
    }

    /// The value of a key that the place takes.
    fn entry(&mut self, name: &str, value: &'w Node, place: KeyPlace) {
        if let Some(shorthand) = SHORTHANDS.iter().find(|shorthand| shorthand.name == name)
            && matches!(place, KeyPlace::Environment | KeyPlace::ServiceEnvironment)
        {
            if let Some(meant) = section(shorthand.section).and_then(|section| section.key(shorthand.key)) {
                self.value(shorthand.name, meant, value);
            }
            return;
        }
        if let Some(section) = section(name) {
            if is_off(value) {
                self.report(section_off(
                    section.name,
                    value,
                    self.in_environment || !matches!(place, KeyPlace::Base | KeyPlace::TierDefaults),
                ));
                return;
            }
            self.goes_over_others = !matches!(place, KeyPlace::Base | KeyPlace::TierDefaults);
            self.section(section, value);
            return;
        }
        let cloud = self.cloud;
        match name {
            "project_name" => self.scalar(Type::Identifier(IdentifierKind::ProjectName), name, value),
            "customer_id" => self.scalar(Type::Identifier(IdentifierKind::CustomerId), name, value),
            "customer_tier" => self.scalar(Type::Identifier(IdentifierKind::Tier), name, value),
            "cloud_provider" => self.scalar(Type::Cloud, name, value),
            "region" => self.scalar(Type::Region, name, value),
            "deploy_to" => self.deploy_to(value),
            "environments" => {
                let inside = if place.is_service() { KeyPlace::ServiceEnvironment } else { KeyPlace::Environment };
                self.named(name, value, inside, |name| named(cloud, IdentifierKind::Environment, name));
            }
            "services" => {
                let inside = if place == KeyPlace::Base { KeyPlace::ServiceOverlay } else { KeyPlace::ServiceSections };
                self.named(name, value, inside, |name| named(cloud, IdentifierKind::Service, name));
            }
            "regions" => {
                let inside = if place == KeyPlace::Base { KeyPlace::RegionOverlay } else { KeyPlace::ServiceSections };
                let labels = place == KeyPlace::Base;
                self.named(name, value, inside, |name| {
                    let known = cloud.region(&name.value).is_some() || labels && cloud.is_region_label(&name.value);
                    if known { None } else { Some(unknown_region(cloud, &name.value, name.span)) }
                });
            }
            _ => {}
        }
    }

    /// A mapping from names to parts.
    fn named(&mut self, key: &str, node: &'w Node, inside: KeyPlace, problem: impl Fn(&Spanned<SmolStr>) -> Option<Diagnostic>) {
        if let Some(diagnostic) = self.regions_again(key, node) {
            self.report(diagnostic);
            return;
        }
        let Some(mapping) = self.mapping(format_args!("`{key}`"), node) else { return };
        let mut above = None;
        for entry in &mapping.entries {
            if let Some((diagnostic, of_section)) = above.and_then(|above| slipped_out(entry, above, inside)) {
                self.report(diagnostic);
                if let Some(section) = of_section {
                    self.section(section, &entry.value);
                }
                continue;
            }
            above = Some(entry);
            if let Some(diagnostic) = problem(&entry.key) {
                self.report(diagnostic);
            }
            let of_service = matches!(inside, KeyPlace::ServiceEnvironment | KeyPlace::ServiceSections);
            if let Some(diagnostic) = entry_switched(inside.name(), of_service, &entry.value) {
                self.report(diagnostic);
                continue;
            }
            let outside = self.in_environment;
            self.in_environment |= matches!(inside, KeyPlace::Environment | KeyPlace::ServiceEnvironment);
            self.part(&entry.value, inside);
            self.in_environment = outside;
        }
    }

    /// `wrong-type` for a list of regions among which are those that the base is in without it.
    fn regions_again(&self, key: &str, node: &Node) -> Option<Diagnostic> {
        let Value::Sequence(items) = &node.value else { return None };
        let of = |mapping: &Mapping| Some(mapping.get("region")?.value.as_scalar()?.text.clone());
        let of_environments =
            self.environments.iter().flat_map(|all| all.entries.iter().filter_map(|entry| of(entry.value.as_mapping()?)));
        let own: Vec<SmolStr> = self.around.and_then(of).into_iter().chain(of_environments).collect();
        let names: Option<Vec<&SmolStr>> = items.iter().map(|item| item.as_scalar().map(|scalar| &scalar.text)).collect();
        let (known, further): (Vec<&SmolStr>, Vec<&SmolStr>) = names?.into_iter().partition(|name| own.contains(name));
        (key == "regions" && !known.is_empty()).then(|| regions_again(&known, &further, node))
    }

    fn section(&mut self, section: &'static Section, node: &Node) {
        let Some(mapping) = self.mapping(format_args!("`{}`", section.name), node) else { return };
        self.section = section.name;
        match section.name {
            "databases" => self.databases(mapping),
            "tags" => self.tags(mapping),
            "custom" => {}
            _ => self.keys(section.name, section.keys, mapping),
        }
        self.section = "";
    }

    /// The mapping of a value that somebody wrote by environment, in place of one value.
    fn by_environment<'n>(&self, node: &'n Node) -> Option<&'n Mapping> {
        let mapping = node.as_mapping().filter(|mapping| !self.in_environment && !mapping.entries.is_empty())?;
        let is_environment = |entry: &Entry| {
            let name = entry.key.value.as_str();
            stage(name).is_some() || self.environments.is_some_and(|environments| environments.get(name).is_some())
        };
        mapping.entries.iter().all(is_environment).then_some(mapping)
    }

    pub(super) fn keys(&mut self, section: &'static str, keys: &'static [Key], mapping: &Mapping) {
        let around = self.around;
        let written = LazyCell::new(|| WrittenKeys::new(mapping, |name| keys.iter().any(|key| key.name == name)).inside(around));
        let mut unknown = Vec::new();
        for entry in &mapping.entries {
            match keys.iter().find(|key| key.name == entry.key.value) {
                Some(Key { shape: Shape::Scalar(Type::Engine), .. }) if is_aurora(&entry.value) => {
                    self.report(aurora(self.cloud, &entry.value, mapping.get("engine_version").map(|entry| &entry.value)));
                }
                Some(key) => {
                    deprecated(key, &entry.key, mapping).into_iter().for_each(|advice| self.diagnostics.push(advice));
                    self.key = Some(entry.key.span).filter(|_| matches!(key.shape, Shape::Scalar(_)));
                    self.value(&entry.key.value, key, &entry.value);
                    self.key = None;
                }
                None if self.counts_only(&unknown) => unknown.push((entry, Unknown::counted(&entry.key))),
                None => unknown.push((entry, unknown_in_section(&entry.key, section, keys, &written))),
            }
        }
        for (meant, value) in self.unknown(unknown) {
            if let Some(key) = keys.iter().find(|key| key.name == meant) {
                self.value(meant, key, value);
            }
        }
    }

    /// A value of one key; null removes and is for the layers.
    fn value(&mut self, name: &str, key: &'static Key, node: &Node) {
        if node.is_null() {
            return;
        }
        match (&key.shape, &node.value) {
            (Shape::OneOrMore(_), Value::Sequence(_)) => self.list(name, &key.shape, node),
            (Shape::Scalar(kind) | Shape::OneOrMore(kind), _) => self.scalar(*kind, name, node),
            (Shape::List(_) | Shape::Records(_), Value::Mapping(mapping)) if is_list_change(mapping) => {
                self.list_change(name, key, mapping, node)
            }
            (Shape::List(_) | Shape::Records(_) | Shape::Texts(_), _) => self.list(name, &key.shape, node),
        }
    }

    pub(super) fn scalar(&mut self, kind: Type, name: &str, node: &Node) {
        if node.is_null() && !matches!(kind, Type::TagValue) {
            return;
        }
        if self.poisoned.secrets.contains(&node.span) {
            return;
        }
        if let Some(mapping) = self.by_environment(node) {
            let diagnostic = by_environment(self.section, name, kind, mapping, node);
            self.report(diagnostic);
            return;
        }
        match read(self.cloud, kind, name, node, None) {
            Err(diagnostic) => {
                let diagnostic = match self.key {
                    Some(key) => on_one_line(self.cloud, kind, name, key, node, diagnostic),
                    None => diagnostic,
                };
                self.report(diagnostic);
            }
            // The value stays in play: this is about what becomes of it.
            Ok(_) if is_changed_script(kind, node) => self.diagnostics.push(changed_script(name, node)),
            Ok(_) => {}
        }
    }
}

fn named(cloud: &dyn Cloud, kind: IdentifierKind, name: &Spanned<SmolStr>) -> Option<Diagnostic> {
    identifier(kind, &name.value).err().map(|reason| invalid_identifier(cloud, kind, &name.value, name.span, &reason))
}

fn overrides_shared(key: &Spanned<SmolStr>) -> Diagnostic {
    Diagnostic::new(&codes::SERVICE_OVERRIDES_SHARED, format!("a service cannot set `{}`", key.value))
        .at(key.span, "all services of an environment share it")
        .help(format!("set `{}` in the base document, in one of its environments, or in a region overlay", key.value))
}
