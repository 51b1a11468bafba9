//! The clouds: all that is one cloud's stands in its folder, and its name nowhere else in the compiler.
//!
//! A new cloud is a folder that implements [`Cloud`], and a line in [`CLOUDS`]. Facts stand as plain text in `tables/`, one a line, each file
//! with its source and its date in its first lines; they are part of the binary, and are parsed when they are first asked for. Nothing here
//! reads a file, a clock or a network.

pub mod aws;
mod built_in;
mod caches;
mod cloud;
mod engines;
mod facts;
mod provider;
mod storage;
pub(crate) mod table;

pub use built_in::{BuiltInFile, built_in, built_in_files, built_in_interface};
pub use caches::{CacheEngine, CacheVersion, NodeType};
pub use cloud::{Cloud, CloudFacts, OfArn};
pub use engines::{Engine, EngineVersion, SupportStatus, VersionStatus};
pub use facts::{Architecture, InstanceType, IopsRange, Offer, Region, VolumeKind};
pub use provider::{ProviderArgument, ProviderRow, ProviderValue};
pub use storage::StorageFacts;

use crate::modules::ModuleRow;

/// Every cloud that there are modules for.
pub static CLOUDS: [&dyn Cloud; 1] = [&aws::Aws];

/// Clouds that the language knows and that there are no modules for yet, with other names that are written for them, in lower case.
const PLANNED: [(&str, &[&str]); 2] = [("azure", &["azurerm", "microsoft"]), ("gcp", &["google", "google-cloud"])];

/// The names of every cloud that the language knows, those with modules first.
pub const NAMES: [&str; 3] = [aws::NAME, PLANNED[0].0, PLANNED[1].0];

/// A cloud in the words of what is expected.
pub const EXPECTED: &str = "a cloud such as `aws`";

/// The cloud of this name, where it has modules.
pub fn find(name: &str) -> Option<&'static dyn Cloud> {
    CLOUDS.into_iter().find(|cloud| cloud.facts().name == name)
}

/// The cloud of a provider.
pub fn of_provider(row: &ProviderRow) -> Option<&'static dyn Cloud> {
    CLOUDS.into_iter().find(|cloud| cloud.facts().provider == *row)
}

/// The cloud of a repository that does not say one. By it are judged, too, values of a cloud that has no modules yet, and what the platform
/// says for all clouds.
pub fn default_cloud() -> &'static dyn Cloud {
    let [first, ..] = CLOUDS;
    first
}

/// The command that removes an object from the storage in which a backend keeps states, where a cloud has one.
pub fn object_removal(backend: &str) -> Option<&'static str> {
    CLOUDS.iter().map(|cloud| cloud.facts().object_removal).find(|(of, _)| *of == backend).map(|(_, command)| command)
}

/// The shared modules of every cloud.
pub fn modules() -> impl Iterator<Item = &'static ModuleRow> {
    CLOUDS.iter().flat_map(|cloud| cloud.facts().modules)
}

/// The outputs of a module that another one acts on, and that version 0.1 of it did not have.
pub fn newer_outputs(module: &ModuleRow) -> impl Iterator<Item = &'static str> {
    let acted_on = modules().flat_map(ModuleRow::acts_on).map(|(_, own)| own);
    acted_on.filter(|own| own.module == module.name && !module.newer).map(|own| own.name)
}

/// Whether a name is a region's, of whichever cloud.
pub fn is_region(name: &str) -> bool {
    CLOUDS.iter().any(|cloud| cloud.region(name).is_some())
}

/// Whether a name is an instance type's, of whichever cloud.
pub fn is_instance_type(name: &str) -> bool {
    CLOUDS.iter().any(|cloud| cloud.instance_type(name).is_some())
}

/// The name of the cloud that another name stands for.
pub fn of_other_name(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    let with_modules = CLOUDS.into_iter().map(|cloud| (cloud.facts().name, cloud.facts().other_names));
    with_modules.chain(PLANNED).find(|(_, names)| names.contains(&text.as_str())).map(|(name, _)| name)
}
