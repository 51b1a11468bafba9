//! Reads the platform file, with all its problems at once.

use super::fields::{Fields, entries, no_pattern};
use super::name_pattern::levels;
use super::{
    CustomerPattern, Date, EnvironmentPolicy, Grants, ModuleInputs, Origin, Platform, clouds, conditions, modules, registry, rules, state,
    tiers, version,
};
use crate::clouds::default_cloud;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::modules::Variable;
use crate::schema::{IdentifierKind, Type, Typed, identifier, near_stage};
use crate::source::{SourceFile, SourceMap, Span, Spanned};
use crate::syntax::{self, Entry, Node, Value};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The environments when the platform file lists none.
const DEFAULT_ENVIRONMENTS: [&str; 3] = ["dev", "staging", "production"];

/// The key of an exported file with what the shared modules take.
pub(super) const MODULE_INPUTS: &str = "module_inputs";

/// The key that marks an exported file.
pub(super) const EXPORTED: &str = "exported";

/// The key of an exported file with the directories that some repositories have their documents in.
pub(super) const OTHER_INFRA: &str = "other_infra";

/// The key of an exported file with the rules of the repository that it was written for.
pub(super) const CUSTOMER_RULES: &str = "customer_rules";

/// The key of an exported file with what the repository that it was written for may name, by environment.
pub(super) const CUSTOMER_GRANTS: &str = "customer_grants";

/// The key that ends the exception for what stands.
const GRANTS_REQUIRED: &str = "grants_required";

const KEYS: [&str; 19] = [
    OTHER_INFRA,
    CUSTOMER_RULES,
    CUSTOMER_GRANTS,
    version::KEY,
    "platform",
    "customers",
    "infra",
    "output",
    "environments",
    "clouds",
    "reserved_cidrs",
    "tiers",
    "registry",
    GRANTS_REQUIRED,
    "state",
    "modules",
    "rules",
    MODULE_INPUTS,
    EXPORTED,
];

/// Reads a platform file, with the rules as they are on a day. What is wrong goes to `diagnostics`; a platform with errors is usable for nothing
/// but going on to look.
pub fn read(source: Arc<SourceFile>, today: Date, diagnostics: &mut Diagnostics) -> Platform {
    let file = SourceMap::PLATFORM;
    // What is reported of a customer shows nothing of the others.
    let source = Arc::new(source.of_several());
    let root = syntax::parse(file, &source.text, diagnostics).unwrap_or(Node { span: Span::new(file, 0, 0), value: Value::Null });
    let Some(terralet_version) = version::read(&root, diagnostics) else { return Platform { source, ..Platform::built_in() } };
    if source.text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#') || line == "---") {
        let nothing = Diagnostic::new(&codes::EMPTY_DOCUMENT, "the platform file has nothing in it").at(Span::new(file, 0, 0), "");
        diagnostics.push(nothing.help("every default holds, and there is no registry; where that is meant, write `{}`"));
    }
    let fields = Fields::of(&root, "the platform file", &KEYS, diagnostics);
    let exported = fields.boolean(EXPORTED, diagnostics).unwrap_or(false);
    let tiers = tiers::read(fields.get("tiers"), file, diagnostics);
    let (state, backend) = state::read(fields.get("state"), diagnostics);
    let platform_rules = rules::read(fields.get("rules"), diagnostics);
    let environments = environments(fields.get("environments"), diagnostics);
    let around = registry::Around { tiers: &tiers, environments: &environments, backend, rules: &platform_rules, today };
    let registry = registry::read(fields.get("registry"), &around, diagnostics);
    // An exported file is about one customer, whose rules are all that there are.
    let own_rules = fields.get(CUSTOMER_RULES);
    let own_rules = own_rules.filter(|entry| of_export(entry, exported, "write `rules` in registry entries", diagnostics));
    let own_rules = rules::read_own(own_rules, &platform_rules, today, diagnostics);
    let customer_grants = fields.get(CUSTOMER_GRANTS);
    let customer_grants = customer_grants.filter(|entry| of_export(entry, exported, "write `grants` in registry entries", diagnostics));
    let customer_grants = customer_grants.map(|entry| {
        let of = |entry: &Entry, diagnostics: &mut Diagnostics| (entry.key.value.clone(), Grants::of_customer(Some(entry), diagnostics));
        entries(Some(entry), diagnostics).iter().map(|entry| of(entry, diagnostics)).collect()
    });
    let modules = modules::read(fields.get("modules"), diagnostics);
    modules::check_versions(&modules, &tiers, &registry, diagnostics);
    let clouds = clouds::read(fields.get("clouds"), diagnostics);
    // A customer cannot change what an exported file says.
    if !exported {
        tiers::check_types(&tiers, &clouds, diagnostics);
    }
    let built_in = Platform::built_in();
    let directory = |key: &str, default: SmolStr, diagnostics: &mut Diagnostics| {
        fields.text(key, diagnostics).filter(|path| registry::inside(path, diagnostics)).map_or(default, |path| path.value)
    };
    let other_infra = fields.get(OTHER_INFRA).filter(|entry| of_export(entry, exported, "write `infra` in registry entries", diagnostics));
    let other_infra = other_infra.and_then(|_| fields.texts(OTHER_INFRA, diagnostics)).unwrap_or_default();
    let other_infra = other_infra.into_iter().filter(|path| registry::inside(path, diagnostics)).map(|path| path.value).collect();
    Platform {
        other_infra,
        origin: if exported { Origin::Exported } else { Origin::File },
        terralet_version,
        name: fields.text("platform", diagnostics).filter(|name| tag_value(name, diagnostics)),
        customers: fields.texts("customers", diagnostics).map_or(built_in.customers, |texts| customers(&texts, diagnostics)),
        infra: directory("infra", built_in.infra, diagnostics),
        output: directory("output", built_in.output, diagnostics),
        environments: Some(environments),
        clouds,
        reserved: reserved(fields.texts("reserved_cidrs", diagnostics).unwrap_or_default(), diagnostics),
        tiers: Some(tiers),
        registry,
        grants_required: fields.boolean(GRANTS_REQUIRED, diagnostics).unwrap_or(false),
        state,
        modules,
        rules: rules::with_own(&platform_rules, &own_rules),
        customer_grants,
        module_inputs: fields.get(MODULE_INPUTS).map(|entry| module_inputs(entry, exported, diagnostics)),
        source,
    }
}

fn customers(texts: &[Spanned<SmolStr>], diagnostics: &mut Diagnostics) -> Vec<CustomerPattern> {
    let mut customers = Vec::new();
    for text in texts {
        match levels(&text.value) {
            Ok(levels) => customers.push(CustomerPattern { text: Some(text.clone()), levels }),
            Err(reason) => diagnostics.push(no_pattern(text, &reason)),
        }
    }
    customers
}

fn tag_value(name: &Spanned<SmolStr>, diagnostics: &mut Diagnostics) -> bool {
    crate::schema::read_text(default_cloud(), Type::TagValue, "platform", &name.value, name.span)
        .map_err(|diagnostic| diagnostics.push(diagnostic))
        .is_ok()
}

fn environments(entry: Option<&Entry>, diagnostics: &mut Diagnostics) -> Vec<EnvironmentPolicy> {
    let Some(entry) = entry else {
        let policy = |name: &'static str| EnvironmentPolicy {
            name: Spanned::new(SmolStr::new_static(name), Span::new(SourceMap::PLATFORM, 0, 0)),
            protected: name == "production",
            unprotected_databases: false,
            require: Vec::new(),
        };
        return DEFAULT_ENVIRONMENTS.into_iter().map(policy).collect();
    };
    let mut policies = Vec::new();
    let mapping = entries(Some(entry), diagnostics);
    for entry in mapping {
        if let Err(reason) = identifier(IdentifierKind::Environment, &entry.key.value) {
            let message = format!("`{}` cannot be an environment name", entry.key.value);
            diagnostics.push(
                Diagnostic::new(&codes::INVALID_IDENTIFIER, message)
                    .at(entry.key.span, reason)
                    .help("a name has 2 to 32 lower-case letters, digits and `-`"),
            );
        }
        let fields = Fields::of(&entry.value, "an environment", &["protected", "require", "unprotected_databases"], diagnostics);
        near_a_stage(&entry.key, mapping, diagnostics);
        policies.push(EnvironmentPolicy {
            name: entry.key.clone(),
            protected: fields.boolean("protected", diagnostics).unwrap_or(entry.key.value == "production"),
            unprotected_databases: fields.boolean("unprotected_databases", diagnostics).unwrap_or(false),
            require: conditions::read(entries(fields.get("require"), diagnostics), false, diagnostics),
        });
    }
    policies
}

/// `misleading-name` for an environment that is one slip away from a usual name: documents with the usual name would be refused, and `production`
/// alone is protected alone.
fn near_a_stage(name: &Spanned<SmolStr>, all: &[Entry], diagnostics: &mut Diagnostics) {
    let Some(usual) = near_stage(&name.value).filter(|usual| !all.iter().any(|entry| entry.key.value == *usual)) else { return };
    let message = format!("the environment `{}` is one slip away from `{usual}`", name.value);
    diagnostics.push(
        Diagnostic::new(&codes::MISLEADING_NAME, message)
            .at(name.span, format!("did you mean `{usual}`?"))
            .help(format!("write `{usual}`; where the name is meant, choose one that others cannot misread"))
            .suggest(name.span, usual),
    );
}

fn reserved(texts: Vec<Spanned<SmolStr>>, diagnostics: &mut Diagnostics) -> Vec<Spanned<ipnet::Ipv4Net>> {
    let mut networks = Vec::new();
    for text in texts {
        match crate::schema::read_text(default_cloud(), Type::Cidr, "reserved_cidrs", &text.value, text.span) {
            Ok(Typed::Network(network)) => networks.push(Spanned::new(network, text.span)),
            Ok(_) => {}
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    networks
}

/// Refuses a key that only an exported file has; true where it may stand.
fn of_export(entry: &Entry, exported: bool, help: &'static str, diagnostics: &mut Diagnostics) -> bool {
    if !exported {
        let message = format!("`{}` is written by `terralet platform export` alone", entry.key.value);
        diagnostics.push(super::fields::invalid(entry.key.span, message, help));
    }
    exported
}

/// What the shared modules take: written by `platform export`, and no key of a platform file that a person writes.
fn module_inputs(entry: &Entry, exported: bool, diagnostics: &mut Diagnostics) -> ModuleInputs {
    of_export(entry, exported, "remove it: what the modules take is read from the modules themselves", diagnostics);
    let mut modules = ModuleInputs::new();
    for module in entries(Some(entry), diagnostics) {
        let mut inputs = BTreeMap::new();
        for input in entries(Some(module), diagnostics) {
            let text = input.value.as_scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
            let variable = match text {
                "required" => Some(Variable::of_any(true)),
                "optional" => Some(Variable::of_any(false)),
                declaration => Variable::declared(&input.key.value, declaration),
            };
            match variable {
                Some(variable) => drop(inputs.insert(input.key.value.clone(), variable)),
                None => {
                    let message = format!("the input `{}` is not `required`, `optional` or a `variable` block", input.key.value);
                    diagnostics.push(super::fields::invalid(input.value.span, message, "export the platform again"));
                }
            }
        }
        modules.insert(module.key.value.clone(), inputs);
    }
    modules
}
