//! Where the shared modules come from, and which version of them.

use super::constants::{Constants, INPUTS};
use super::fields::{Fields, bare_name, entries, invalid, text_list, unknown};
use super::{Registration, Registry, Tier, version};
use crate::clouds::{modules, newer_outputs};
use crate::diagnostics::{Diagnostic, Diagnostics, and_list, codes, guess};
use crate::modules::{FilePlace, ModuleId};
use crate::source::{Span, Spanned};
use crate::syntax::Entry;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// Where the shared modules are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModuleSource {
    /// In the binary; written to `<output>/modules`.
    BuiltIn,
    /// A directory, relative to the workspace, with `<cloud>/<module>` below.
    Local(String),
    /// A source with `{{ cloud }}`, `{{ module }}`, `{{ version }}` in it.
    Remote(String),
}

/// The shared modules.
#[derive(Clone, Debug)]
pub struct Modules {
    /// Where they are.
    pub source: ModuleSource,
    /// The version, unless a customer or tier has its own.
    pub version: Option<Spanned<SmolStr>>,
    /// The place of `source`.
    pub span: Option<Span>,
    /// Inputs newer than version 0.1 that modules have which are not read: module and input.
    pub provides: BTreeSet<(&'static str, &'static str)>,
    /// Modules that are held back from everybody.
    pub without: Vec<&'static str>,
    /// What is passed beyond what the language has, unless a customer or tier has its own.
    pub inputs: Constants,
}

impl Default for Modules {
    fn default() -> Self {
        Modules {
            source: ModuleSource::BuiltIn,
            version: None,
            span: None,
            provides: BTreeSet::new(),
            without: Vec::new(),
            inputs: Constants::default(),
        }
    }
}

/// The key that says which newer inputs modules have.
const PROVIDES: &str = "provides";

/// The key that holds modules back.
const WITHOUT: &str = "without";
/// The same of a tier, and of a registry entry.
pub(super) const MODULES_WITHOUT: &str = "modules_without";

const TEMPLATES: [&str; 3] = ["cloud", "module", "version"];

impl Modules {
    /// True for a public or private registry address (`namespace/name/provider`, perhaps a host before), whose version is an argument.
    pub fn is_registry(&self) -> bool {
        let ModuleSource::Remote(source) = &self.source else { return false };
        let plain = !source.contains("::")
            && !source.contains("://")
            && !source.starts_with("github.com/")
            && !source.starts_with("bitbucket.org/");
        let path = source.split("//").next().unwrap_or("");
        plain && matches!(path.split('/').count(), 3 | 4)
    }

    /// A place in a module's file as it is printed, where modules are in a directory: `modules/<cloud>/customer-vpc/variables.tf:12`.
    pub fn line(&self, (cloud, module): ModuleId, place: &FilePlace) -> Option<String> {
        let ModuleSource::Local(path) = &self.source else { return None };
        Some(format!("{}/{cloud}/{module}/{}:{}", path.trim_start_matches("./"), place.file, place.line))
    }

    /// True when a version can be said.
    pub fn takes_version(&self) -> bool {
        match &self.source {
            ModuleSource::BuiltIn | ModuleSource::Local(_) => false,
            ModuleSource::Remote(source) => self.is_registry() || fill(source, "version", "").is_some(),
        }
    }
}

/// Fills one template; nothing when the source does not have it.
pub(crate) fn fill(source: &str, name: &str, value: &str) -> Option<String> {
    let spaced = format!("{{{{ {name} }}}}");
    let tight = format!("{{{{{name}}}}}");
    (source.contains(&spaced) || source.contains(&tight)).then(|| source.replace(&spaced, value).replace(&tight, value))
}

/// Reads `modules`.
pub(super) fn read(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Modules {
    let Some(entry) = entry else { return Modules::default() };
    let fields = Fields::of(&entry.value, "`modules`", &["source", "version", PROVIDES, WITHOUT, INPUTS], diagnostics);
    let written = fields.text("source", diagnostics);
    let version = fields.text("version", diagnostics);
    let span = written.as_ref().map(|written| written.span);
    let source = match &written {
        None => ModuleSource::BuiltIn,
        Some(written) if written.value.starts_with("./") || written.value.starts_with("../") => {
            if written.value.contains("{{") {
                diagnostics.push(invalid(
                    written.span,
                    "a local path takes no templates",
                    "the modules are looked for in `<path>/<cloud>/<module>`",
                ));
            }
            ModuleSource::Local(written.value.to_string())
        }
        Some(written) if written.value.starts_with('/') => {
            diagnostics.push(invalid(
                written.span,
                "an absolute path as the modules' source",
                "write a path relative to the workspace: `./modules`",
            ));
            return Modules::default();
        }
        Some(written) => {
            remote(written, diagnostics);
            ModuleSource::Remote(written.value.to_string())
        }
    };
    let provides = provided(fields.get(PROVIDES), &source, span, diagnostics);
    let without = held_back(fields.get(WITHOUT), diagnostics);
    let inputs = Constants::read(fields.get(INPUTS), diagnostics);
    Modules { source, version, span, provides, without, inputs }
}

/// Reads names of modules that are held back. Only those can be that came after version 0.1 and that a section of their own asks for:
/// without another one nothing could be written.
pub(super) fn held_back(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Vec<&'static str> {
    let mut without = Vec::new();
    let Some(entry) = entry else { return without };
    let optional = || modules().filter(|module| module.can_be_held_back()).map(|module| module.name);
    let names: Vec<&str> = optional().collect();
    for written in text_list(&entry.key.value, &entry.value, diagnostics) {
        let name = written.value.as_str();
        if let Some(module) = optional().find(|module| *module == name) {
            without.push(module);
            continue;
        }
        let is_needed = modules().any(|module| module.name == name);
        let message = if is_needed {
            format!("`{name}` cannot be held back: without it nothing can be written for a customer who needs it")
        } else {
            format!("there is no module `{name}`")
        };
        let help = format!("the modules that can be held back are {}", and_list(names.iter().copied()));
        let diagnostic = Diagnostic::new(&codes::INVALID_SETTING, message);
        diagnostics.push(
            match guess(name, names.iter().copied()).filter(|_| !is_needed) {
                Some(near) => diagnostic.meant(written.span, &near),
                None => diagnostic.at(written.span, if is_needed { "needed" } else { "not a module" }),
            }
            .help(help),
        );
    }
    without.sort_unstable();
    without.dedup();
    without
}

/// Reads `provides`: modules, each with a list of inputs, and outputs, that version 0.1 does not have. Of modules that are read it would say
/// nothing.
fn provided(
    entry: Option<&Entry>,
    source: &ModuleSource,
    of_source: Option<Span>,
    diagnostics: &mut Diagnostics,
) -> BTreeSet<(&'static str, &'static str)> {
    let mut provided = BTreeSet::new();
    let Some(entry) = entry else { return provided };
    if !matches!(source, ModuleSource::Remote(_)) {
        let diagnostic = Diagnostic::new(&codes::INVALID_SETTING, "`provides` next to modules that are read");
        let diagnostic = diagnostic
            .at(entry.key.span, "their inputs are read from their files")
            .help("remove `provides`: it is for modules of another source");
        diagnostics.push(match of_source {
            Some(span) => diagnostic.at(span, "a directory of the workspace"),
            None => diagnostic,
        });
        return provided;
    }
    let names: Vec<&str> = modules().map(|module| module.name).collect();
    let written = entries(Some(entry), diagnostics);
    for entry in written {
        bare_name(entry, "the module", diagnostics);
        let Some(module) = modules().find(|module| module.name == entry.key.value) else {
            diagnostics.push(unknown(&entry.key, "`provides`", &names, written));
            continue;
        };
        for input in text_list(module.name, &entry.value, diagnostics) {
            let newer = module.inputs.iter().filter(|row| row.newer || module.newer).map(|row| row.name).chain(newer_outputs(module));
            let newer: Vec<&str> = newer.collect();
            let known = newer.iter().copied().find(|name| *name == input.value);
            match (known, module.input(&input.value)) {
                (Some(name), _) => {
                    if !provided.insert((module.name, name)) {
                        let message = format!("`{name}` of `{}` is there twice", module.name);
                        diagnostics.push(invalid(input.span, message, "remove one of the two"));
                    }
                }
                (None, Some(row)) => {
                    let message = format!("`{}` is an input that `{}` had in version 0.1", row.name, module.name);
                    diagnostics.push(invalid(input.span, message, "remove it: every module is taken to have the inputs of that version"));
                }
                (None, None) => {
                    let message = format!("`{}` is not an input of `{}` that terralet passes", input.value, module.name);
                    let diagnostic = Diagnostic::new(&codes::INVALID_SETTING, message);
                    let help = match newer.as_slice() {
                        [] => "remove the module: it has no input that version 0.1 does not have".to_owned(),
                        newer => format!("the inputs newer than version 0.1 are {}", and_list(newer.iter().copied())),
                    };
                    diagnostics.push(
                        match guess(&input.value, newer.iter().copied()) {
                            Some(near) => diagnostic.meant(input.span, &near),
                            None => diagnostic.at(input.span, "not an input"),
                        }
                        .help(help),
                    );
                }
            }
        }
    }
    provided
}

fn remote(written: &Spanned<SmolStr>, diagnostics: &mut Diagnostics) {
    if fill(&written.value, "module", "").is_none() {
        diagnostics.push(invalid(
            written.span,
            "the modules' source has no `{{ module }}`",
            "without it every module would be the same; a local path starts with `./` or `../`",
        ));
    }
    let mut rest = written.value.as_str();
    while let Some((_, from)) = rest.split_once("{{") {
        let Some((name, behind)) = from.split_once("}}") else {
            diagnostics.push(invalid(
                written.span,
                "a `{{` without its `}}`",
                "templates are `{{ cloud }}`, `{{ module }}` and `{{ version }}`",
            ));
            return;
        };
        if !TEMPLATES.contains(&name.trim()) {
            diagnostics.push(invalid(
                written.span,
                format!("unknown template `{}`", name.trim()),
                "templates are `{{ cloud }}`, `{{ module }}` and `{{ version }}`",
            ));
        }
        rest = behind;
    }
}

/// Reports pins that the source cannot express, and a source that needs a version and has none.
pub(super) fn check_versions(modules: &Modules, tiers: &[Tier], registry: &Registry, diagnostics: &mut Diagnostics) {
    let of_tiers = tiers.iter().filter_map(|tier| tier.modules_version.as_ref());
    let of_customers = registry.entries.values().flat_map(Registration::modules_versions);
    if !modules.takes_version() {
        for pin in modules.version.iter().chain(of_tiers).chain(of_customers) {
            let diagnostic =
                Diagnostic::new(&codes::UNPINNABLE_MODULES, format!("the modules' source cannot express the version `{}`", pin.value))
                    .at(pin.span, "this pin would have no effect");
            diagnostics.push(match modules.span {
                Some(span) => diagnostic.at(span, "the source has no `{{ version }}`"),
                None => diagnostic,
            }.help("take a git, registry or s3 source with `{{ version }}` in it, such as `git::https://...//{{ cloud }}/{{ module }}?ref={{ version }}`, or remove the version"));
        }
    } else if modules.is_registry() {
        for pin in modules.version.iter().chain(of_tiers).chain(of_customers) {
            version::check_of_terraform(pin, "1.4.0", diagnostics);
        }
    }
    if modules.takes_version()
        && modules.version.is_none()
        && let Some(span) = modules.span
    {
        diagnostics.push(
            Diagnostic::new(&codes::MISSING_KEY, "the modules' source needs a version")
                .at(span, "no `version` next to this source")
                .help("add `version:` to `modules`"),
        );
    }
}
