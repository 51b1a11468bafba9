//! What stands in a root's directory, as far as rules across customers ask for it.
//!
//! It is read from terralet's own text, line by line: what a customer wrote is a literal within a line and starts none.

use super::fate::current_identity;
use crate::clouds::{CLOUDS, modules};
use crate::emit::{Header, quoted};
use crate::modules::{InputSource, ModuleRow};
use crate::platform::Platform;
use crate::terraform::RootIdentity;
use ipnet::Ipv4Net;
use smol_str::SmolStr;
use std::sync::Arc;

/// A root on disk.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Whose it is, under the name that its repository has now.
    pub identity: RootIdentity,
    /// What its names in the cloud are made from; nothing of a tombstone, nor of a root of named databases alone, which have names of their own.
    pub name: Option<SmolStr>,
    /// Its network's addresses, where it has the network; nothing of a tombstone.
    pub network: Option<Ipv4Net>,
    /// The customer's id, as the tags have it.
    pub customer_id: Option<SmolStr>,
    /// The account that it is held to.
    pub account: Option<SmolStr>,
    /// Its `main.tf`; nothing of a tombstone.
    main_tf: Option<Arc<str>>,
}

impl Standing {
    /// Reads a root from its `main.tf` and `providers.tf`, one of which a tombstone lacks; nothing where neither is terralet's.
    pub fn read(main_tf: Option<&str>, providers_tf: Option<&str>, platform: &Platform) -> Option<Standing> {
        let header = main_tf.and_then(Header::parse).or_else(|| providers_tf.and_then(Header::parse))?;
        Some(Standing {
            identity: current_identity(&header.identity, platform),
            name: main_tf.and_then(own_name).map(SmolStr::new),
            network: main_tf.filter(|text| makes_network(text)).and_then(|text| first_value(text, "vpc_cidr")?.parse().ok()),
            customer_id: providers_tf.and_then(|text| first_value(text, "\"customer_id\"")).map(SmolStr::new),
            account: providers_tf.and_then(account).map(SmolStr::new),
            main_tf: main_tf.map(Arc::from),
        })
    }

    /// True for the root of a deployment, whosever it is.
    pub fn is_of(&self, environment: &str, region: &str, service: Option<&SmolStr>) -> bool {
        let own = &self.identity;
        own.environment == environment && own.region == region && own.service.as_ref() == service
    }

    /// True for a root in which named databases alone are called, so that the deployment's own name is nowhere in it.
    pub fn has_entries_alone(&self) -> bool {
        self.name.is_none() && self.main_tf.iter().flat_map(|text| text.lines()).any(|line| label(line).is_some())
    }

    /// True when it passes a text to a shared module.
    pub fn passes(&self, argument: &str, value: &str) -> bool {
        let value = quoted(value);
        self.main_tf.iter().flat_map(|text| text.lines()).any(|line| value_of(line, argument) == Some(&value))
    }
}

/// The label of the call that starts at a line.
fn label(line: &str) -> Option<&str> {
    line.strip_prefix("module \"")?.strip_suffix("\" {")
}

/// The name that a root passes to a module whose call no named database makes.
fn own_name(main_tf: &str) -> Option<&str> {
    let is_own = |label: &str| modules().any(|module| module.entry_of(label) == Some(None));
    let mut within_own = false;
    main_tf.lines().find_map(|line| {
        within_own = label(line).map_or(within_own, is_own);
        first_value(line, "name").filter(|_| within_own)
    })
}

/// True for a root that calls a module which makes a network: another one only says which addresses it is in.
fn makes_network(main_tf: &str) -> bool {
    let makes = |module: &&ModuleRow| module.inputs.iter().any(|row| matches!(row.source, InputSource::Subnets { .. }));
    let called: Vec<String> = modules().filter(makes).map(|module| format!("module \"{}\" {{", module.block)).collect();
    main_tf.lines().any(|line| called.iter().any(|call| call == line))
}

/// The account that a provider's block holds the root to.
fn account(providers_tf: &str) -> Option<&str> {
    CLOUDS.iter().find_map(|cloud| first_value(providers_tf, cloud.facts().provider.of_account()?))
}

/// The text, or the only one of a list, that the first line of an argument gives it.
fn first_value<'t>(text: &'t str, argument: &str) -> Option<&'t str> {
    text.lines().find_map(|line| {
        let value = value_of(line, argument)?;
        let value = value.strip_prefix('[').and_then(|value| value.strip_suffix(']')).unwrap_or(value);
        value.strip_prefix('"')?.strip_suffix('"')
    })
}

/// What a line gives an argument, where it is that argument's.
fn value_of<'t>(line: &'t str, argument: &str) -> Option<&'t str> {
    Some(line.trim_start().strip_prefix(argument)?.trim_start().strip_prefix('=')?.trim())
}
