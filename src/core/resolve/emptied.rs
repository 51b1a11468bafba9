//! `emptied-section`: a key with nothing behind it, not even `null`, where keys of its own should be. Most are slips of indentation, and
//! what lower layers say of the section goes without a word.

use super::Role;
use super::layers::Layer;
use super::merge::DATABASES;
use super::merged::{LayerOrigin, MergedMap};
use super::overlays::{Base, Overlays, entries_of};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity, and_list, codes};
use crate::platform::{Platform, Subject};
use crate::schema::{SECTIONS, Shape, section};
use crate::source::{Span, Spanned};
use crate::syntax::Mapping;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The most names of a list in a message.
const MOST_NAMED: usize = 5;

/// A key that was emptied in one deployment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Emptying<'t> {
    /// The section, or a list or a mapping of one.
    pub(super) key: &'t str,
    /// True for a section.
    pub(super) is_section: bool,
    /// The key's place.
    pub(super) at: LayerOrigin,
    /// Where lower layers wrote what goes; nothing where they say nothing of it.
    pub(super) from: Option<LayerOrigin>,
}

/// What is known of one place from all the deployments that it holds in.
#[derive(Debug)]
struct Known<'t> {
    key: &'t str,
    is_section: bool,
    from: Option<(Span, String)>,
    /// The keys behind it that were likely meant to stand below it.
    slipped: Vec<&'t str>,
    environments: Vec<SmolStr>,
    /// Where the platform requires something of a section that is gone.
    required: Option<Span>,
    is_protected: bool,
    is_required: bool,
}

/// Every key of the repository that was emptied, by place.
#[derive(Debug, Default)]
pub(super) struct Emptied<'t> {
    known: BTreeMap<Span, Known<'t>>,
}

/// The deployment that something was emptied in.
pub(super) struct Where<'w, 't> {
    pub(super) platform: &'w Platform,
    pub(super) environment: &'w Spanned<SmolStr>,
    pub(super) role: Role,
    pub(super) layers: &'w [Layer<'t>],
    pub(super) values: &'w MergedMap<'t>,
    /// The named database, where it is one's.
    pub(super) entry: Option<&'t str>,
}

impl<'t> Emptied<'t> {
    /// Notes what was emptied in one deployment.
    pub(super) fn note(&mut self, of: &Where<'_, 't>, emptyings: Vec<Emptying<'t>>) {
        for Emptying { key, is_section, at, from } in emptyings {
            if is_section && !of.role.holds(key) {
                continue;
            }
            let layer = |origin: LayerOrigin| origin.layer.and_then(|layer| of.layers.get(usize::from(layer)));
            let known = self.known.entry(at.key).or_insert_with(|| Known {
                key: of.entry.filter(|_| is_section).unwrap_or(key),
                is_section,
                from: None,
                slipped: layer(at).filter(|_| is_section).map(|layer| slipped(layer.mapping, key, of.entry)).unwrap_or_default(),
                environments: Vec::new(),
                required: None,
                is_protected: false,
                is_required: false,
            });
            let is_gone = is_section && of.values.section(key).is_none();
            if from.is_none() && !is_gone {
                continue;
            }
            if let (None, Some(from)) = (&known.from, from) {
                known.from = layer(from).map(|layer| (from.key, layer.name.to_string()));
            }
            let environment = &of.environment.value;
            if !known.environments.contains(environment) {
                known.environments.push(environment.clone());
            }
            known.is_protected |= of.platform.is_protected(environment);
            let required = of.platform.environment(environment).into_iter().flat_map(|policy| &policy.require);
            let mut of_section =
                required.filter(|required| is_gone && matches!(required.subject, Subject::Key { section, .. } if section == key));
            if let Some(required) = of_section.next() {
                known.is_required = true;
                known.required = known.required.or(Some(required.span));
            }
        }
    }

    /// Reports every one of them once.
    pub(super) fn report(self, platform: &Platform, diagnostics: &mut Diagnostics) {
        for (span, known) in self.known {
            let diagnostic = known.diagnostic(span, platform);
            diagnostics.push(match (known.is_protected, known.is_required) {
                (true, _) => diagnostic.at_least(Severity::Error),
                (false, true) => diagnostic.at_least(Severity::Warning),
                (false, false) => diagnostic,
            });
        }
    }
}

impl Known<'_> {
    fn diagnostic(&self, span: Span, platform: &Platform) -> Diagnostic {
        let Known { key, is_section, from, slipped, environments, required, .. } = self;
        let is_mapping = SECTIONS.iter().filter_map(|section| section.key(key)).any(|key| matches!(key.shape, Shape::Texts(_)));
        let what = match (*is_section, is_mapping) {
            (true, _) => "section",
            (false, true) => "mapping",
            (false, false) => "list",
        };
        let deployed = match environments.len() {
            0 => String::new(),
            count if count > MOST_NAMED => format!(" in {count} environments"),
            _ => format!(" in {}", and_list(environments.iter().map(SmolStr::as_str))),
        };
        let message = match from {
            Some((_, layer)) => format!("`{key}` has nothing below it, which removes what `{layer}` says of it{deployed}"),
            None if environments.is_empty() => format!("`{key}` has nothing below it"),
            None => format!("`{key}` has nothing below it, so there is none{deployed}"),
        };
        let mut diagnostic = Diagnostic::new(&codes::EMPTIED_SECTION, message).at(span, "nothing stands below it");
        if let Some((place, layer)) = from {
            diagnostic = diagnostic.at(*place, format!("what goes: `{key}` of `{layer}`"));
        }
        if let Some(line) = required.and_then(|span| platform.line(span)) {
            diagnostic = diagnostic.at(line, "the platform requires something of it");
        }
        let to_remove = format!("to remove the {what}, write `{key}: null`");
        diagnostic.help(match (slipped.is_empty(), from) {
            (false, _) => {
                let names = and_list(slipped.iter().copied().take(MOST_NAMED));
                format!("indent {names} further than `{key}`; {to_remove}")
            }
            (true, Some(_)) => format!("remove the line to keep what goes, or write keys below it; {to_remove}"),
            (true, None) => format!("write keys below it, indented further than `{key}`; {to_remove}"),
        })
    }
}

/// The keys right behind a section, or a named database, that are keys of it.
fn slipped<'t>(mapping: &'t Mapping, name: &str, entry: Option<&str>) -> Vec<&'t str> {
    let Some(section) = section(name) else { return Vec::new() };
    let entries = if entry.is_some() { entries_of(mapping, DATABASES) } else { &mapping.entries };
    let behind = entries.iter().skip_while(|of| of.key.value != entry.unwrap_or(name)).skip(1);
    behind.map(|entry| entry.key.value.as_str()).take_while(|key| section.key(key).is_some()).collect()
}

/// `environments`, `services` and `regions` with nothing behind them: whole deployments may go with what stood there.
pub(super) fn collections(overlays: &Overlays<'_>, platform: &Platform, environments: &[&str], diagnostics: &mut Diagnostics) {
    let is_protected = match &platform.environments {
        _ if environments.iter().any(|name| platform.is_protected(name)) => true,
        Some(policies) => environments.is_empty() && policies.iter().any(|policy| policy.protected),
        None => environments.is_empty(),
    };
    let base = overlays.base.iter().map(|Base { mapping, .. }| (*mapping, is_protected, &["environments", "services", "regions"][..]));
    let regions = overlays.regions.iter().map(|overlay| (overlay.mapping, false, &["environments", "services"][..]));
    let services = overlays.services.iter().map(|overlay| (overlay.mapping, false, &["environments", "regions"][..]));
    for (mapping, is_protected, keys) in base.chain(regions).chain(services) {
        for entry in keys.iter().filter_map(|key| mapping.get(key)).filter(|entry| entry.is_bare()) {
            let key = &entry.key;
            if diagnostics.has(&codes::MISSING_KEY, key.span) {
                continue;
            }
            let diagnostic = Diagnostic::new(&codes::EMPTIED_SECTION, format!("`{}` has nothing below it", key.value))
                .at(key.span, "nothing stands below it")
                .help(format!(
                    "write names below it, indented further than `{0}`; where there are none, write `{0}: null` or remove the line",
                    key.value
                ));
            diagnostics.push(if is_protected { diagnostic.at_least(Severity::Error) } else { diagnostic });
        }
    }
}
