//! Every value of every section, typed.

use super::switches::switches;
use super::{databases, follow, network};
use crate::clouds::Cloud;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::ir::{Setting, Settings, Source};
use crate::resolve::{Layer, Merged, MergedDeployment, MergedList, MergedMap, MergedValue, NamedDatabase};
use crate::schema::{
    Default, Key, Poisoned, SECTIONS, SHORTHANDS, Section, Shape, Type, Typed, Variables, const_key_index, is_fixed, joined_records, read,
    read_text, section_key, section_path,
};
use crate::source::Span;
use crate::syntax::{Node, Value};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// Reads the sections of one deployment.
pub(super) struct Reader<'r, 't> {
    cloud: &'static dyn Cloud,
    pub(super) values: &'r MergedMap<'t>,
    /// The named database that is read, where it is one.
    entry: Option<&'r str>,
    layers: &'r [Layer<'t>],
    pub(super) variables: &'r Variables,
    /// What the deployment before this one has.
    before: Option<&'r Settings>,
    pub(super) poisoned: &'r Poisoned,
    /// True when what is absent may be written where it was not read.
    is_unsure: bool,
    pub(super) diagnostics: &'r mut Diagnostics,
    /// The places of a list's items, and of a mapping's values.
    pub(super) items: BTreeMap<(&'static str, &'static str), Vec<Span>>,
    /// Keys whose value is lost to an error that has been reported.
    pub(super) unread: BTreeSet<(&'static str, &'static str)>,
}

impl<'r, 't> Reader<'r, 't> {
    /// A reader that has read nothing yet.
    pub(super) fn new(
        cloud: &'static dyn Cloud,
        (deployment, database): (&'r MergedDeployment<'t>, Option<&'r NamedDatabase<'t>>),
        variables: &'r Variables,
        before: Option<&'r Settings>,
        poisoned: &'r Poisoned,
        diagnostics: &'r mut Diagnostics,
    ) -> Reader<'r, 't> {
        let MergedDeployment { values, layers, .. } = deployment;
        let (values, entry) = database.map_or((values, None), |database| (&database.values, Some(database.name)));
        let is_unsure = poisoned.incomplete || deployment.lacks_layers;
        Reader {
            cloud,
            values,
            entry,
            layers,
            variables,
            before,
            poisoned,
            is_unsure,
            diagnostics,
            items: BTreeMap::new(),
            unread: BTreeSet::new(),
        }
    }

    /// Reads every section that exists, in an environment that is protected or not.
    pub(super) fn all(&mut self, held: impl Fn(&str) -> bool, is_protected: bool) -> Settings {
        let mut settings = Settings::default();
        let mut first = 0;
        for section in SECTIONS {
            if let Some((map, merged)) = self.values.section(section.name).filter(|_| held(section.name)) {
                settings.add_section(section.name, merged.origin.key);
                self.section((section, first), map, merged.origin.key, &mut settings);
            }
            first += section.keys.len();
        }
        self.instances(&mut settings);
        network::follow(&mut settings);
        databases::follow(&mut settings, &self.unread, is_protected);
        follow::environment(&mut settings, &self.unread, is_protected);
        follow::cache(self.cloud, &mut settings, &self.unread);
        switches(&mut settings);
        settings
    }

    /// Reads a section, whose first key stands at `first` among all of them.
    fn section(&mut self, (section, first): (&'static Section, usize), map: &MergedMap<'_>, key_span: Span, settings: &mut Settings) {
        for (index, key) in section.keys.iter().enumerate() {
            let written = map.get(key.name);
            let misspelt = written.is_none() && self.is_misspelt(section.name, key.name, map);
            let setting = match written {
                Some(merged) => self.value((section.name, key, first + index), merged),
                // What was written under a wrong name, or in a document that was left out, is not known to be the default.
                None if misspelt || self.is_unsure => None,
                None => self.absent(section, key, map, key_span),
            };
            match setting {
                Some(setting) => {
                    settings.insert_at(first + index, setting);
                }
                None if written.is_some() || misspelt || self.is_unsure || is_lacking(key, map) => {
                    self.unread.insert((section.name, key.name));
                }
                None => {}
            }
        }
    }

    /// True when a key that is not there was written under a name near to its own, or to its shorthand's, in a layer of the deployment.
    fn is_misspelt(&self, section: &str, key: &str, map: &MergedMap<'_>) -> bool {
        if self.poisoned.misspelt.is_empty() {
            return false;
        }
        let written = map.entries.iter().map(|(_, merged)| merged).chain(map.removed.values()).map(|merged| merged.origin.key);
        let of_environments = || self.layers.iter().filter(|layer| layer.environment).map(|layer| layer.mapping);
        let shorthand = SHORTHANDS.iter().find(|shorthand| shorthand.section == section && shorthand.key == key);
        self.poisoned.is_misspelt(key, written)
            || shorthand.is_some_and(|shorthand| of_environments().any(|mapping| self.poisoned.misspells(mapping, shorthand.name)))
    }

    /// The value of a key, which stands at `index` among all keys.
    fn value(&mut self, (section, key, index): (&'static str, &'static Key, usize), merged: &Merged<'_>) -> Option<Setting<Typed>> {
        if merged.origin.layer.is_none() && self.is_unsure {
            return None;
        }
        let node = match (&merged.value, &key.shape) {
            (MergedValue::Leaf(node), _) => node,
            (MergedValue::Map(map), Shape::Texts(kind)) => return self.texts((section, key.name), *kind, map, merged),
            (MergedValue::List(list), _) => return self.changed_list(section, key, list, merged.origin.value),
            (MergedValue::Map(_), _) => return None,
        };
        let source = if merged.origin.layer.is_some() { Source::Written } else { Source::Tier };
        let setting = |value| Setting { value, span: node.span, source };
        match (&key.shape, &node.value) {
            (Shape::Scalar(kind), _) => match self.known(index, node, source) {
                Some(known) => Some(known),
                None => self.read(*kind, key.name, node).map(setting),
            },
            (Shape::OneOrMore(kind), Value::Scalar(_)) => self.read(*kind, key.name, node).map(setting),
            (Shape::List(_) | Shape::OneOrMore(_) | Shape::Records(_), Value::Sequence(items)) => {
                self.list(section, key, items.iter()).map(setting)
            }
            (Shape::List(_) | Shape::OneOrMore(_) | Shape::Records(_) | Shape::Texts(_), _) => None,
        }
    }

    /// A list; nothing where one of its items has an error.
    fn list<'n>(&mut self, section: &'static str, key: &'static Key, items: impl Iterator<Item = &'n Node> + Clone) -> Option<Typed> {
        self.items.insert((section, key.name), items.clone().map(|item| item.span).collect());
        let count = items.clone().count();
        let read = |item: &Node| match key.shape {
            Shape::List(kind) | Shape::OneOrMore(kind) | Shape::Scalar(kind) => self.read(kind, key.name, item),
            Shape::Records(keys) => self.record(keys, item),
            Shape::Texts(_) => None,
        };
        let values: Vec<Typed> = items.filter_map(read).collect();
        (values.len() == count).then_some(Typed::List(values))
    }

    /// A list that layers change, at the place of the last change; nothing where one of them has an error, since what is meant is not known then.
    fn changed_list(&mut self, section: &'static str, key: &'static Key, list: &MergedList<'_>, span: Span) -> Option<Setting<Typed>> {
        if self.is_unsure || list.has_error() {
            return None;
        }
        let nodes: Vec<&Node> = list.items.iter().map(|item| item.node).collect();
        if let Some(diagnostic) = joined_records(self.cloud, (section, key), &nodes) {
            self.diagnostics.push(diagnostic);
            return None;
        }
        let value = self.list(section, key, nodes.into_iter())?;
        Some(Setting { value, span, source: Source::Written })
    }

    /// An item of a list of mappings: what is written of it, in the order of the language. Nothing where a value is lost to an error.
    fn record(&mut self, keys: &'static [Key], item: &Node) -> Option<Typed> {
        let mapping = item.as_mapping()?;
        let mut entries = Vec::with_capacity(keys.len());
        for key in keys {
            match (mapping.get(key.name).filter(|entry| !entry.value.is_null()), &key.shape) {
                (Some(entry), Shape::Scalar(kind)) => {
                    entries.push((SmolStr::new_static(key.name), self.read(*kind, key.name, &entry.value)?));
                }
                (Some(_), Shape::List(_) | Shape::OneOrMore(_) | Shape::Records(_) | Shape::Texts(_)) => return None,
                (None, _) if key.default.is_required() => return None,
                (None, _) => {}
            }
        }
        Some(Typed::Object(entries))
    }

    /// The values of a mapping, by the customer's names.
    fn texts(
        &mut self,
        (section, key): (&'static str, &'static str),
        kind: Type,
        map: &MergedMap<'_>,
        merged: &Merged<'_>,
    ) -> Option<Setting<Typed>> {
        let (mut values, mut places) = (Vec::with_capacity(map.entries.len()), Vec::with_capacity(map.entries.len()));
        for (name, entry) in &map.entries {
            let MergedValue::Leaf(node) = &entry.value else { continue };
            if self.poisoned.wrong.contains(&entry.origin.key) {
                continue;
            }
            if let Some(value) = self.read(kind, name, node) {
                values.push((SmolStr::new(name), value));
                places.push(node.span);
            }
        }
        if values.len() != map.entries.len() {
            return None;
        }
        self.items.insert((section, key), places);
        let source = if merged.origin.layer.is_some() { Source::Written } else { Source::Tier };
        Some(Setting { value: Typed::Object(values), span: merged.origin.value, source })
    }

    /// What was read of the same text for the deployment before.
    fn known(&self, index: usize, node: &Node, source: Source) -> Option<Setting<Typed>> {
        let known = self.before?.at(index).filter(|known| known.span == node.span && known.source == source)?;
        is_fixed(node).then(|| known.clone())
    }

    fn read(&mut self, kind: crate::schema::Type, key: &str, node: &Node) -> Option<Typed> {
        if self.poisoned.wrong.contains(&node.span) {
            return None;
        }
        match read(self.cloud, kind, key, node, Some(self.variables)) {
            Ok(value) => value,
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    fn absent(&mut self, section: &'static Section, key: &'static Key, map: &MergedMap<'_>, key_span: Span) -> Option<Setting<Typed>> {
        match key.default {
            Default::None => None,
            Default::RequiredUnless(_) if !is_lacking(key, map) => None,
            Default::Value(text) => {
                let Shape::Scalar(kind) = key.shape else { return None };
                let value = default_value(self.cloud, kind, key.name, text, key_span)?;
                Some(Setting { value, span: key_span, source: Source::Default })
            }
            Default::Required | Default::RequiredUnless(_) => {
                let span = map.removal(key.name).map_or(key_span, |null| null.value);
                let label = if span == key_span { format!("`{}` is missing here", key.name) } else { "this null removes it".to_owned() };
                let Shape::Scalar(kind) = key.shape else { return None };
                let path = section_path(section.name, self.entry);
                self.diagnostics.push(
                    Diagnostic::new(&codes::MISSING_KEY, format!("`{path}` has no `{}`", key.name))
                        .at(span, label)
                        .help(format!("write `{}:` under {}, with {}", key.name, section_key(section.name, self.entry), kind.expected()))
                        .about(key.name),
                );
                None
            }
        }
    }

    /// The fewest instances are 1 (0 when the most are 0), the most are the fewest (language.md section 4). Each follows the other's
    /// place, without both they have the section's, and neither follows a value that is lost to an error.
    fn instances(&mut self, settings: &mut Settings) {
        const MIN: &str = "min_instances";
        const MAX: &str = "max_instances";
        const TYPE_AT: usize = const_key_index("compute", "instance_type");
        const MIN_AT: usize = const_key_index("compute", MIN);
        const MAX_AT: usize = const_key_index("compute", MAX);
        let section = || self.values.section("compute").map(|(_, merged)| merged.origin.key);
        let anchor = settings.at(TYPE_AT).and_then(|_| section());
        let lost = |key| self.unread.contains(&("compute", key));
        let default = |value, span| Setting { value: Typed::Integer(value), span, source: Source::Default };
        if settings.at(MIN_AT).is_none() && !lost(MIN) && !lost(MAX) {
            let min = match settings.at(MAX_AT) {
                Some(Setting { value: Typed::Integer(0), span, .. }) => Some(default(0, *span)),
                Some(max) => Some(default(1, max.span)),
                None => anchor.map(|span| default(1, span)),
            };
            if let Some(min) = min {
                settings.insert_at(MIN_AT, min);
            }
        }
        if settings.at(MAX_AT).is_none()
            && !lost(MAX)
            && let Some(min) = settings.at(MIN_AT)
        {
            let max = Setting { source: Source::Default, ..min.clone() };
            settings.insert_at(MAX_AT, max);
        }
        for (key, at) in [(MIN, MIN_AT), (MAX, MAX_AT)] {
            if settings.at(at).is_none() {
                self.unread.insert(("compute", key));
            }
        }
    }
}

/// True for a key that is not there, and that its section is incomplete without.
fn is_lacking(key: &Key, map: &MergedMap<'_>) -> bool {
    match key.default {
        Default::Required => true,
        Default::RequiredUnless(other) => map.get(other).is_none(),
        Default::None | Default::Value(_) => false,
    }
}

/// A default of the table as a value.
fn default_value(cloud: &dyn Cloud, kind: crate::schema::Type, key: &str, text: &str, span: Span) -> Option<Typed> {
    match text {
        "true" => Some(Typed::Boolean(true)),
        "false" => Some(Typed::Boolean(false)),
        number => match number.parse() {
            Ok(number) => Some(Typed::Integer(number)),
            Err(_) => read_text(cloud, kind, key, &text.into(), span).ok(),
        },
    }
}
