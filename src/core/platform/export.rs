//! The part of the platform that customers may see: lists, limits, rules and module interfaces; no registry, no state, no account.

use super::clouds::COPY_REGION;
use super::modules::MODULES_WITHOUT;
use super::read::{CUSTOMER_GRANTS, CUSTOMER_RULES, EXPORTED, MODULE_INPUTS, OTHER_INFRA};
use super::{Bound, Condition, Grants, ModuleInputs, NetworkGrant, OwnRule, Platform, Registration};
use crate::clouds::{CLOUDS, Cloud};
use crate::diagnostics::Severity;
use crate::modules::Variable;
use crate::schema::{Existing, Typed};
use crate::syntax::{Node, Value};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Writes the lists of the platform as a platform file that is marked as exported.
///
/// For one customer its own rules are written too, as far as they have not ended.
pub fn export(platform: &Platform, inputs: &ModuleInputs, customer: Option<&Registration>) -> String {
    let mut out = Yaml::default();
    out.line(0, "# The part of the service provider's platform that its customers may see, by `terralet platform export`.");
    out.line(0, "# Use it with: terralet --platform <this file> check");
    out.line(0, &format!("{EXPORTED}: true"));
    if let Some(version) = &platform.terralet_version {
        out.line(0, &format!("{}: {}", super::version::KEY, quoted(&version.value)));
    }
    if let Some(name) = &platform.name {
        out.line(0, &format!("platform: {}", quoted(&name.value)));
    }
    out.line(0, &format!("infra: {}", quoted(&platform.infra)));
    // Not which repository has them where: that is the registry's.
    let mut others: BTreeSet<String> = BTreeSet::new();
    others.extend(platform.registry.entries.values().filter_map(|entry| entry.infra.as_deref()).map(quoted));
    if !others.is_empty() {
        out.line(0, &format!("{OTHER_INFRA}: [{}]", others.into_iter().collect::<Vec<_>>().join(", ")));
    }
    out.line(0, "environments:");
    for policy in platform.environments.iter().flatten() {
        out.line(1, &format!("{}:", policy.name.value));
        out.line(2, &format!("protected: {}", policy.protected));
        if policy.unprotected_databases {
            out.line(2, "unprotected_databases: true");
        }
        out.conditions(2, "require", &policy.require);
    }
    out.line(0, "clouds:");
    CLOUDS.iter().for_each(|cloud| of_cloud(*cloud, platform, &mut out));
    if !platform.reserved.is_empty() {
        let networks: Vec<String> = platform.reserved.iter().map(|network| quoted(&network.value.to_string())).collect();
        out.line(0, &format!("reserved_cidrs: [{}]", networks.join(", ")));
    }
    out.line(0, "tiers:");
    for tier in platform.tiers.iter().flatten() {
        out.line(1, &format!("{}:", tier.name.value));
        if let Some(defaults) = &tier.defaults {
            out.line(2, &format!("defaults: {}", flow(defaults)));
        }
        out.conditions(2, "limits", &tier.limits);
        if let Some(patterns) = &tier.instance_types {
            let patterns: Vec<String> = patterns.iter().map(|pattern| quoted(&pattern.text.value)).collect();
            out.line(2, &format!("instance_types: [{}]", patterns.join(", ")));
        }
        out.grants(2, &tier.grants);
        if !tier.modules_without.is_empty() {
            out.line(2, &format!("{MODULES_WITHOUT}: [{}]", tier.modules_without.join(", ")));
        }
        if tier.modules_without.is_empty()
            && tier.defaults.is_none()
            && tier.limits.is_empty()
            && tier.instance_types.is_none()
            && tier.grants.lists().next().is_none()
        {
            out.text.truncate(out.text.len() - 1);
            out.text.push_str(" {}\n");
        }
    }
    if !platform.rules.0.is_empty() {
        out.line(0, "rules:");
        for (code, severity) in &platform.rules.0 {
            out.line(1, &format!("{code}: {}", severity_word(*severity)));
        }
    }
    out.own_rules(customer.map_or(&[], |entry| &entry.own_rules));
    if let Some(customer) = customer {
        out.line(0, &format!("{CUSTOMER_GRANTS}:"));
        for policy in platform.environments.iter().flatten() {
            out.customer_grants(&policy.name.value, customer, platform);
        }
    }
    // In an export for all, tiers say themselves what is held back from theirs.
    let tier = customer.and_then(|customer| platform.tier(&platform.tier_of(Some(customer))?.value));
    let mut inputs = inputs.iter().filter(|(module, _)| platform.offers(module, tier, customer)).peekable();
    if inputs.peek().is_some() {
        out.line(0, &format!("{MODULE_INPUTS}:"));
        for (module, inputs) in inputs {
            out.line(1, &format!("{module}:"));
            inputs.iter().for_each(|(input, variable)| out.input(input, variable));
        }
    }
    out.text
}

fn of_cloud(cloud: &dyn Cloud, platform: &Platform, out: &mut Yaml) {
    let policy = platform.cloud(cloud);
    out.line(1, &format!("{}:", cloud.facts().name));
    let version = policy.provider_version.as_ref().map_or(cloud.facts().provider.version, |version| &version.value);
    out.line(2, &format!("provider_version: {}", quoted(version)));
    if let Some(regions) = &policy.regions {
        let regions: Vec<&str> = regions.iter().map(|region| region.value.as_str()).collect();
        out.line(2, &format!("regions: [{}]", regions.join(", ")));
    }
    if !policy.zones.is_empty() {
        out.line(2, "zones:");
        for (region, letters) in &policy.zones {
            let letters: Vec<String> = letters.value.chars().map(String::from).collect();
            out.line(3, &format!("{region}: [{}]", letters.join(", ")));
        }
    }
    if !policy.copy_regions.is_empty() {
        out.line(2, &format!("{COPY_REGION}:"));
        for (from, to) in &policy.copy_regions {
            out.line(3, &format!("{from}: {}", to.value));
        }
    }
    if !policy.instance_types.is_empty() {
        let patterns: Vec<String> = policy.instance_types.iter().map(|pattern| quoted(&pattern.text.value)).collect();
        out.line(2, &format!("instance_types: [{}]", patterns.join(", ")));
    }
    out.grants(2, &policy.grants);
    if !policy.images.is_empty() {
        out.line(2, &format!("{}:", cloud.facts().images_key));
        let mut region = "";
        for ((name, architecture), image) in &policy.images {
            if name != region {
                out.line(3, &format!("{name}:"));
                region = name;
            }
            out.line(4, &format!("{architecture}: {}", image.value));
        }
    }
}

#[derive(Default)]
struct Yaml {
    text: String,
}

impl Yaml {
    fn line(&mut self, level: usize, text: &str) {
        let width = level * 2;
        // Writing to a string cannot fail.
        let written = writeln!(self.text, "{:width$}{text}", "");
        debug_assert!(written.is_ok());
    }

    /// An input that takes anything by whether it is required; another one by its declaration, without the value of its default.
    fn input(&mut self, name: &str, variable: &Variable) {
        if *variable == Variable::of_any(variable.required) {
            self.line(2, &format!("{name}: {}", if variable.required { "required" } else { "optional" }));
            return;
        }
        let declaration = variable.declaration(name);
        if declaration.contains(|letter: char| needs_escape(letter) && letter != '\n') {
            self.line(2, &format!("{name}: {}", quoted(&declaration)));
            return;
        }
        self.line(2, &format!("{name}: |"));
        declaration.lines().for_each(|line| self.line(3, line));
    }

    fn own_rules(&mut self, rules: &[OwnRule]) {
        let mut rules = rules.iter().filter(|rule| !rule.has_ended).peekable();
        if rules.peek().is_some() {
            self.line(0, &format!("{CUSTOMER_RULES}:"));
        }
        for OwnRule { code, severity, reason, until, .. } in rules {
            let severity = Some(format!("severity: {}", severity_word(*severity)));
            let reason = reason.as_ref().map(|reason| format!("reason: {}", quoted(reason)));
            let until = until.as_ref().map(|until| format!("until: {}", quoted(&until.value.to_string())));
            let parts: Vec<String> = [severity, reason, until].into_iter().flatten().collect();
            self.line(1, &format!("{}: {{{}}}", code.name, parts.join(", ")));
        }
    }

    /// What a customer may name in an environment: anything in an account of its own.
    fn customer_grants(&mut self, environment: &str, customer: &Registration, platform: &Platform) {
        let account = customer.account_of(environment);
        let is_own = account.is_some_and(|account| platform.registry.is_alone_in(&account.value, customer));
        self.line(1, &format!("{environment}:"));
        for existing in Existing::ALL.into_iter().filter(|existing| *existing != Existing::Network) {
            let granted = customer.grants_of(environment).flat_map(|grants| grants.patterns_of(existing));
            let patterns: Vec<String> = match existing {
                // Where its reference is an ARN, a secret may be in any account.
                Existing::Secret => is_own.then_some("ssm:*").into_iter().chain(granted).map(quoted).collect(),
                _ if is_own => vec![quoted("*")],
                _ => granted.map(quoted).collect(),
            };
            self.line(2, &format!("{}: [{}]", existing.grant(), patterns.join(", ")));
        }
        let mut networks: BTreeMap<&str, &NetworkGrant> = BTreeMap::new();
        for (name, network) in customer.grants_of(environment).flat_map(Grants::networks) {
            networks.entry(name).or_insert(network);
        }
        if !networks.is_empty() {
            self.line(2, &format!("{}:", Existing::Network.grant()));
        }
        for (name, network) in networks {
            let list = |ids: &[SmolStr]| format!("[{}]", ids.join(", "));
            let region = network.region.as_ref().map(|region| format!("region: {}, ", region.value)).unwrap_or_default();
            let NetworkGrant { vpc_id, vpc_cidr, public_subnet_ids: public, private_subnet_ids: private, .. } = network;
            let (public, private, database) = (list(public), list(private), list(&network.database_subnet_ids));
            self.line(
                3,
                &format!(
                    "{name}: {{{region}vpc_id: {vpc_id}, vpc_cidr: {vpc_cidr}, public_subnet_ids: {public}, private_subnet_ids: {private}, database_subnet_ids: {database}}}"
                ),
            );
        }
    }

    fn grants(&mut self, level: usize, grants: &Grants) {
        let mut lists = grants.lists().peekable();
        if lists.peek().is_some() {
            self.line(level, &format!("{}:", super::grants::KEY));
        }
        for (key, patterns) in lists {
            let patterns: Vec<String> = patterns.into_iter().map(quoted).collect();
            self.line(level + 1, &format!("{key}: [{}]", patterns.join(", ")));
        }
    }

    fn conditions(&mut self, level: usize, key: &str, conditions: &[Condition]) {
        if conditions.is_empty() {
            return;
        }
        self.line(level, &format!("{key}:"));
        for condition in conditions {
            let bounds: Vec<String> = condition.bounds.iter().map(bound).collect();
            self.line(level + 1, &format!("{}: {{{}}}", condition.subject, bounds.join(", ")));
        }
    }
}

fn severity_word(severity: Option<Severity>) -> String {
    quoted(severity.map_or("off", Severity::as_str))
}

fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Equals(value) => format!("equals: {}", typed(value)),
        Bound::Min(least) => format!("min: {least}"),
        Bound::Max(most) => format!("max: {most}"),
        Bound::OneOf(values) => format!("one_of: [{}]", values.iter().map(typed).collect::<Vec<_>>().join(", ")),
    }
}

fn typed(value: &Typed) -> String {
    match value {
        Typed::Boolean(value) => value.to_string(),
        Typed::Integer(value) => value.to_string(),
        Typed::Text(text) => quoted(text),
        Typed::Network(network) => quoted(&network.to_string()),
        Typed::List(items) => format!("[{}]", items.iter().map(typed).collect::<Vec<_>>().join(", ")),
        Typed::Object(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{}: {}", quoted(key), typed(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A value on one line.
fn flow(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Scalar(scalar) if scalar.plain && crate::syntax::plain(&scalar.text) != crate::syntax::Plain::Text => {
            scalar.text.to_string()
        }
        Value::Scalar(scalar) => quoted(&scalar.text),
        Value::Sequence(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Mapping(mapping) => {
            let entries: Vec<String> =
                mapping.entries.iter().map(|entry| format!("{}: {}", quoted(&entry.key.value), flow(&entry.value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// Text in double quotes. JSON's escapes are YAML's too, which takes some more characters by their escapes alone.
fn quoted(text: &str) -> String {
    let text = serde_json::to_string(text).unwrap_or_default();
    if !text.chars().any(needs_escape) {
        return text;
    }
    let escaped = |letter: char| if needs_escape(letter) { format!("\\u{:04x}", u32::from(letter)) } else { letter.to_string() };
    text.chars().map(escaped).collect()
}

/// True for what YAML does not take as it is: control characters and noncharacters ("Character Set" of YAML 1.2.2).
fn needs_escape(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}')
}
