//! Where what stands in a root comes from: the customer's line, or the platform's.
//!
//! A path is what the emitter says it printed: the block's words, then the argument, then an entry of it. Of an argument of a module, its
//! row says what it is made from.

use crate::clouds::ProviderValue;
use crate::ir;
use crate::modules::{InputSource, ModuleRow, SectionKey};
use crate::platform::{BackendKind, Platform, Registration};
use crate::schema::{EXISTING_NETWORK, Typed};
use crate::source::Span;
use crate::terraform::{Expression, RootModule};

/// What a root was made from.
pub struct Origins<'o> {
    /// The customer.
    pub customer: &'o ir::Customer,
    /// The deployment.
    pub deployment: &'o ir::Deployment,
    /// The platform.
    pub platform: &'o Platform,
    /// What the registry knows of the repository.
    pub registration: Option<&'o Registration>,
    /// What came of it.
    pub root: &'o RootModule,
}

impl Origins<'_> {
    /// The place that something printed comes from; nothing for what is terralet's own, and for what takes it from what is around it.
    pub fn of(&self, path: &[&str]) -> Option<Span> {
        match path {
            ["module", block] => self.section(block),
            ["module", block, "moved", ..] => self.called(block)?.1.database.as_ref()?.formerly.as_ref().map(|formerly| formerly.span),
            ["module", block, "source"] => self.platform.modules.span.or_else(|| self.section(block)),
            ["module", block, "version"] => self.modules_version().or_else(|| self.section(block)),
            ["module", _, "tags", key] => self.tag(key),
            ["module", block, argument, part, ..] => {
                self.item(block, argument, part).or_else(|| self.entry(block, argument, part)).or_else(|| self.argument(block, argument))
            }
            ["module", block, argument] => self.argument(block, argument),
            ["provider", _] => Some(self.deployment.place),
            ["provider", _, rest @ ..] => self.provider(rest),
            ["terraform", "required_providers", _, ..] => Some(self.platform.cloud(self.customer.cloud).provider_version.as_ref()?.span),
            ["terraform", "backend", _] | ["terraform", "cloud"] | ["data", "terraform_remote_state", "shared", "backend" | "config"] => {
                self.state()
            }
            ["terraform", "backend", _, argument, rest @ ..]
            | ["terraform", "cloud", argument, rest @ ..]
            | ["data", "terraform_remote_state", "shared", "config", argument, rest @ ..] => self.backend_argument(argument, rest),
            ["data", "terraform_remote_state", "shared"] => Some(self.deployment.service.as_ref()?.span),
            ["output", name, ..] => self.output(name),
            _ => None,
        }
    }

    /// What a call is of: the module, and the deployment or the named database of it that makes the call.
    fn called(&self, label: &str) -> Option<(&'static ModuleRow, &ir::Deployment)> {
        let of = |module: &'static ModuleRow| match module.entry_of(label)? {
            None => Some((module, self.deployment)),
            Some(entry) => {
                let is_it = |database: &&ir::Deployment| database.entry.as_ref().is_some_and(|it| it.value == entry);
                Some((module, self.deployment.databases.iter().find(is_it)?))
            }
        };
        self.customer.cloud.facts().modules.iter().find_map(of)
    }

    /// The key of the section, or of the named database, that makes a module call.
    fn section(&self, label: &str) -> Option<Span> {
        let (module, of) = self.called(label)?;
        of.settings.section(module.section)
    }

    fn argument(&self, block: &str, argument: &str) -> Option<Span> {
        let (module, of) = self.called(block)?;
        let Some(row) = module.input(argument) else { return self.constant(module, argument) };
        let source = row.source;
        match source {
            InputSource::Name => self.project_name(),
            InputSource::DatabaseName((section, key)) => {
                let own = of.settings.get(section, key).map(|setting| setting.span).or(of.entry.as_ref().map(|entry| entry.span));
                own.or_else(|| self.project_name())
            }
            InputSource::Environment => Some(self.deployment.environment.span),
            InputSource::Protected => {
                let policy = self.platform.environment(&self.deployment.environment.value);
                Some(policy.map_or(self.deployment.environment.span, |policy| policy.name.span))
            }
            InputSource::Tags => self.tags(),
            InputSource::Image { key, instance_type } => setting(of, key).or_else(|| self.default_image(instance_type)),
            InputSource::Key(key)
            | InputSource::Granted { key, .. }
            | InputSource::OptionalKey(key)
            | InputSource::Architecture(key)
            | InputSource::CopyRegion(key)
            | InputSource::NetworkAddresses(key)
            | InputSource::Subnets { addresses: key, .. } => setting(of, key),
            // Whether there is such a module is the customer's choice; what it gives is the module's.
            InputSource::OutputOrNull(output) | InputSource::Outputs(output) => self.section(output.block),
            InputSource::EntryOutputs(_) => self.deployment.settings.section("databases"),
            InputSource::OwnOutputs(_) => of.settings.section(module.section),
            InputSource::Output(_) => None,
        }
    }

    /// What the service provider passes beyond the inputs of the language.
    fn constant(&self, module: &ModuleRow, input: &str) -> Option<Span> {
        let tier = self.customer.identity.tier.as_ref().and_then(|tier| self.platform.tier(&tier.value));
        let constants = self.platform.constants_of(module.name, tier, self.registration);
        constants.into_iter().find(|constant| constant.name.value == input).map(|constant| constant.name.span)
    }

    fn project_name(&self) -> Option<Span> {
        self.customer.identity.project_name.as_ref().map(|name| name.span)
    }

    /// An item of a list, as the printer names it: `[0]`.
    fn item(&self, block: &str, argument: &str, index: &str) -> Option<Span> {
        let index: usize = index.strip_prefix('[')?.strip_suffix(']')?.parse().ok()?;
        let (module, of) = self.called(block)?;
        of.items.get(&module.input(argument)?.source.optional_key()?)?.get(index).copied()
    }

    /// The place of one value of a mapping.
    fn entry(&self, block: &str, argument: &str, entry: &str) -> Option<Span> {
        let (module, of) = self.called(block)?;
        let (section, key) = module.input(argument)?.source.optional_key()?;
        let Typed::Object(entries) = &of.settings.get(section, key)?.value else { return None };
        let at = entries.iter().position(|(name, _)| name == entry)?;
        let (_, places) = of.items.iter().find(|((of, name), _)| *of == section && *name == key)?;
        places.get(at).copied()
    }

    /// What an argument of the provider, or one of its blocks, is made from.
    fn provider(&self, path: &[&str]) -> Option<Span> {
        let row = self.root.provider.row;
        let argument = row.arguments.iter().find(|argument| path.first() == Some(&argument.block.unwrap_or(argument.name)))?;
        match (argument.value, path) {
            (ProviderValue::Region, _) => Some(self.deployment.region.span),
            (ProviderValue::Accounts, _) => Some(self.registration?.account_of(&self.deployment.environment.value)?.span),
            (ProviderValue::Role, _) => Some(self.platform.cloud(self.customer.cloud).role.as_ref()?.span),
            (ProviderValue::Tags, [_, _, key]) => self.tag(key),
            (ProviderValue::Tags, _) => self.tags(),
        }
    }

    fn default_image(&self, (section, key): SectionKey) -> Option<Span> {
        let setting = self.deployment.settings.get(section, key)?;
        let Typed::Text(instance_type) = &setting.value else { return None };
        let image = (self.deployment.region.value.clone(), self.customer.cloud.architecture(instance_type).as_str());
        self.platform.cloud(self.customer.cloud).images.get(&image).map(|image| image.span)
    }

    /// The first of the customer's tags; without any, what the platform's own are made from.
    fn tags(&self) -> Option<Span> {
        self.deployment.tags.first().map(|(key, _)| key.span).or(Some(self.customer.identity.customer_id.span))
    }

    fn tag(&self, key: &str) -> Option<Span> {
        let identity = &self.customer.identity;
        match (key, &self.platform.name) {
            ("customer_id", _) => Some(identity.customer_id.span),
            ("environment", _) => Some(self.deployment.environment.span),
            ("source_repository", _) => Some(self.registration.map_or(identity.place, |entry| entry.name.span)),
            ("platform", Some(name)) => Some(name.span),
            _ => self.deployment.tags.iter().find(|(name, _)| name.value == key).map(|(_, setting)| setting.span),
        }
    }

    fn modules_version(&self) -> Option<Span> {
        let tier = self.customer.identity.tier.as_ref().and_then(|tier| self.platform.tier(&tier.value));
        let own = self.registration.and_then(|entry| entry.modules_version_of(&self.deployment.environment.value));
        let version = own.or(tier.and_then(|tier| tier.modules_version.as_ref())).or(self.platform.modules.version.as_ref());
        version.map(|version| version.span)
    }

    fn state(&self) -> Option<Span> {
        self.platform.state.span
    }

    /// The repository's own arguments go before the platform's; the key is made from what the deployment is.
    fn backend_argument(&self, argument: &str, rest: &[&str]) -> Option<Span> {
        let name = match (self.platform.state.backend, argument, rest) {
            (BackendKind::S3 | BackendKind::Azurerm, "key", _)
            | (BackendKind::Gcs, "prefix", _)
            | (BackendKind::Local, "path", _)
            | (BackendKind::Cloud, "workspaces", [] | ["name"]) => return Some(self.deployment.place),
            (BackendKind::Cloud, "workspaces", [name, ..]) => name,
            (BackendKind::Http, "lock_address" | "unlock_address", _) => "address",
            _ => argument,
        };
        let own = self.registration.map(|entry| entry.state_of(&self.deployment.environment.value)).unwrap_or_default();
        let entry = own.into_iter().chain(&self.platform.state.config).find(|entry| entry.name.value == name);
        // What is not written has a default, which comes with the backend.
        entry.map(|entry| entry.name.span).or_else(|| self.state())
    }

    fn output(&self, name: &str) -> Option<Span> {
        match &self.root.outputs.iter().find(|output| output.name == name)?.value {
            Expression::Reference(["module", block, ..]) => self.section(block),
            Expression::NamedReference(parts) => self.section(parts.get(1)?),
            _ => setting(self.deployment, ("networking", name)).or_else(|| setting(self.deployment, EXISTING_NETWORK)),
        }
    }
}

fn setting(of: &ir::Deployment, (section, key): (&str, &str)) -> Option<Span> {
    of.settings.get(section, key).map(|setting| setting.span)
}
