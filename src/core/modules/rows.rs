//! What the rows of shared modules are made of: one row an input, with all that is known of it.
//!
//! The rows themselves are data of each cloud. Calls are made from them, and so are what a provider's own module must take, which
//! keys nobody takes, where an argument comes from, and what a change of it does. Their order is the order in which arguments are written.

use super::ArgumentShape;
use super::outputs::{OutputRow, in_identifiers};
use smol_str::{SmolStr, format_smolstr};

/// A section and a key of the customer's documents; the top level is `""`.
pub type SectionKey = (&'static str, &'static str);

/// Which module it is: the names of its cloud and its own.
pub type ModuleId = (&'static str, &'static str);

/// A shared module: what is passed to it, and what it gives.
#[derive(Debug, PartialEq, Eq)]
pub struct ModuleRow {
    /// The name of its cloud.
    pub cloud: &'static str,
    /// Its name: `customer-vpc`.
    pub name: &'static str,
    /// The label of its call: `customer_vpc`.
    pub block: &'static str,
    /// The section that makes the call.
    pub section: &'static str,
    /// Which of the deployments that have the section call it.
    pub called_by: CalledBy,
    /// True for a module that came after version 0.1: a provider's own modules may lack it.
    pub newer: bool,
    /// The section whose entries make a call each, as `section` does.
    pub entries: Option<&'static str>,
    /// What is passed to it, in the order in which it is written.
    pub inputs: &'static [InputRow],
    /// What a root that calls it gives of it. A module of a provider has to give those that an input of another one is made from.
    pub outputs: &'static [&'static OutputRow],
}

/// Which of the deployments that have a module's section call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalledBy {
    /// All.
    Always,
    /// Those that have this key of the section.
    With(&'static str),
    /// Those that do not have this key of the section.
    Without(&'static str),
    /// Those that call what it acts on, of which an input has [`InputSource::OwnOutputs`]; none where this key of the section is `false`.
    ToActOn(&'static str),
}

/// An input of a shared module.
#[derive(Debug, PartialEq, Eq)]
pub struct InputRow {
    /// The variable's name.
    pub name: &'static str,
    /// What is passed, as far as it is the same for every deployment.
    pub shape: ArgumentShape,
    /// Where the value comes from.
    pub source: InputSource,
    /// True where a provider's own module may lack it: what a customer sets of it is then `section-without-module`.
    pub may_be_missing: bool,
    /// True for an input that modules of version 0.1 do not have. It is passed where its value is not the language's default, so that roots
    /// that stand stay unchanged, and a module that is not read is taken to lack it.
    pub newer: bool,
    /// True for a name that only one thing in all accounts of the cloud can have.
    pub is_global: bool,
    /// The value that an argument which is not passed stands for, where a change from it or to it may do harm: the language's default.
    pub absent: Option<&'static str>,
    /// The key that says that there is nothing to pass: where it has a value, the module decides.
    pub without: Option<SectionKey>,
    /// For an input that a provider's own module may lack, and that nothing is made without where it has a value: how the customer gets by
    /// without the value.
    pub needed: Option<&'static str>,
    /// What a change in a root that stands already does, where it does harm.
    pub on_change: Option<OnChange>,
}

/// Where the value of an input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputSource {
    /// A key that has a value wherever the module is called; a deployment without it is incomplete.
    Key(SectionKey),
    /// A key that may have none: the module decides then.
    OptionalKey(SectionKey),
    /// A key that may have none: it is then the platform's image for the region and the architecture of an instance type, and without
    /// one the module decides.
    Image {
        /// The key.
        key: SectionKey,
        /// The key with the instance type.
        instance_type: SectionKey,
    },
    /// The architecture of the instance type of this key.
    Architecture(SectionKey),
    /// What names in the cloud start with.
    Name,
    /// The same of a database: with a name of its own in it, or the one that it had by this key.
    DatabaseName(SectionKey),
    /// The environment.
    Environment,
    /// Whether the environment is protected.
    Protected,
    /// The deployment's tags.
    Tags,
    /// The addresses of the network that the root is in: its own, or its shared root's.
    NetworkAddresses(SectionKey),
    /// The subnets of a band of the root's own network.
    Subnets {
        /// The band.
        band: Band,
        /// The key with the network's addresses.
        addresses: SectionKey,
        /// The key with the number of zones.
        zones: SectionKey,
        /// The key with the letters of the zones, which the number follows.
        named: SectionKey,
    },
    /// A part of the network that exists already and that the registry grants under the name in this key.
    Granted {
        /// The key.
        key: SectionKey,
        /// The part.
        part: NetworkPart,
    },
    /// An output of another module, of this root or through the shared root's remote state.
    Output(&'static OutputRow),
    /// The same, of a module that neither root may have; null then.
    OutputOrNull(&'static OutputRow),
    /// The outputs of the calls that entries make of another module, in both roots; not passed where there is none.
    EntryOutputs(&'static OutputRow),
    /// An output of another module, of this root and of the shared root, as a list; not passed where neither calls it.
    Outputs(&'static OutputRow),
    /// An output of another module's calls in this root, those of entries too, as a list; not passed where there is none.
    OwnOutputs(&'static OwnOutput),
    /// The region that the platform copies backups to, where this key is `true`.
    CopyRegion(SectionKey),
}

/// An output that a module acts on within one root. The root does not give it, and a provider's own module may lack it.
#[derive(Debug, PartialEq, Eq)]
pub struct OwnOutput {
    /// The name of its module.
    pub module: &'static str,
    /// Its name.
    pub name: &'static str,
    /// A key of the module's section: where it is `false`, there is nothing to act on.
    pub unless_false: Option<SectionKey>,
}

/// A band of the subnet plan: where its slots start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// Public subnets.
    Public = 0,
    /// Private subnets.
    Private = 8,
    /// Database subnets.
    Database = 16,
}

/// A part of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkPart {
    /// The id of the network.
    Id,
    /// The ids of the subnets of a band.
    SubnetIds(Band),
}

/// What a change of an input does to what stands already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnChange {
    /// Which changes.
    pub when: When,
    /// What happens then, as the end of a sentence.
    pub effect: &'static str,
    /// How the customer gets what is wanted all the same.
    pub help: &'static str,
    /// Another input and its value: where that is the value before or after, there is nothing to harm.
    pub unless: Option<(&'static str, &'static str)>,
}

/// Which changes of an input do harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Any: the thing is replaced.
    Changed,
    /// Any but one from this value, which stands for there being no such thing.
    ChangedUnless(&'static str),
    /// Any, and one from no value at all: the thing is replaced.
    Given,
    /// Only to a smaller number.
    Smaller,
    /// Only to a word that stands before the old one in this list.
    Lower(&'static [&'static str]),
    /// Only to an older version, which the cloud refuses; where another input changes too, versions are not compared.
    Older {
        /// The other input.
        of_same: &'static str,
    },
    /// Entries go, and the things that they stand for are destroyed.
    EntriesDestroyed,
    /// Entries go, and only lose a right.
    EntriesRemoved,
}

impl When {
    /// True where entries of the input are compared, and not its value.
    pub fn is_of_entries(self) -> bool {
        matches!(self, When::EntriesDestroyed | When::EntriesRemoved)
    }
}

/// What all names are made of first.
const PROJECT_NAME: SectionKey = ("", "project_name");

/// A row without anything special.
pub(crate) const fn input(name: &'static str, shape: ArgumentShape, source: InputSource) -> InputRow {
    InputRow {
        name,
        shape,
        source,
        may_be_missing: false,
        newer: false,
        is_global: false,
        absent: None,
        without: None,
        needed: None,
        on_change: None,
    }
}

impl InputRow {
    /// The same of an input that a provider's own module may lack.
    pub(crate) const fn may_be_missing(self) -> InputRow {
        InputRow { may_be_missing: true, ..self }
    }

    /// The same of an input that modules of version 0.1 do not have; any provider's own module may lack it.
    pub(crate) const fn newer(self) -> InputRow {
        InputRow { may_be_missing: true, newer: true, ..self }
    }

    /// The same of a name that only one thing in all accounts of the cloud can have.
    pub(crate) const fn global(self) -> InputRow {
        InputRow { is_global: true, ..self }
    }

    /// The same of a newer input that stands for this value where it is not passed.
    pub(crate) const fn absent(self, value: &'static str) -> InputRow {
        InputRow { absent: Some(value), ..self }
    }

    /// The same of an input that is not passed where a key has a value.
    pub(crate) const fn without(self, key: SectionKey) -> InputRow {
        InputRow { without: Some(key), ..self }
    }

    /// The same of an input without which nothing is made of its value; the words say what to write instead.
    pub(crate) const fn needed(self, way_out: &'static str) -> InputRow {
        InputRow { needed: Some(way_out), ..self }
    }

    /// The same of an input whose change does harm.
    pub(crate) const fn harms(self, when: When, effect: &'static str, help: &'static str) -> InputRow {
        InputRow { on_change: Some(OnChange { when, effect, help, unless: None }), ..self }
    }

    /// The same of a change that does no harm where another input has a value before or after.
    pub(crate) const fn unless(self, other: &'static str, value: &'static str) -> InputRow {
        let on_change = match self.on_change {
            Some(on_change) => Some(OnChange { unless: Some((other, value)), ..on_change }),
            None => None,
        };
        InputRow { on_change, ..self }
    }

    /// The key that a harmful change is written at.
    pub fn changed_at(&self) -> Option<SectionKey> {
        match (self.source, self.on_change?.when.is_of_entries()) {
            (InputSource::Subnets { zones, .. }, true) => Some(zones),
            (source, _) => source.keys()[0],
        }
    }
}

impl InputSource {
    /// The keys that the value is made from, the first of which it is pointed at by.
    pub fn keys(self) -> [Option<SectionKey>; 3] {
        match self {
            InputSource::Key(key) | InputSource::OptionalKey(key) | InputSource::Architecture(key) | InputSource::NetworkAddresses(key) => {
                [Some(key), None, None]
            }
            InputSource::Image { key, .. } | InputSource::Granted { key, .. } | InputSource::CopyRegion(key) => [Some(key), None, None],
            InputSource::Subnets { addresses, zones, named, .. } => [Some(addresses), Some(zones), Some(named)],
            InputSource::Name => [Some(PROJECT_NAME), None, None],
            InputSource::DatabaseName(formerly) => [Some(PROJECT_NAME), Some(formerly), None],
            InputSource::Environment
            | InputSource::Protected
            | InputSource::Tags
            | InputSource::Output(_)
            | InputSource::OutputOrNull(_)
            | InputSource::EntryOutputs(_)
            | InputSource::Outputs(_)
            | InputSource::OwnOutputs(_) => [None, None, None],
        }
    }

    /// The key that a customer may leave out, so that the module decides.
    pub fn optional_key(self) -> Option<SectionKey> {
        match self {
            InputSource::OptionalKey(key) | InputSource::Image { key, .. } | InputSource::CopyRegion(key) => Some(key),
            _ => None,
        }
    }

    /// The output of another module that the value is made from.
    pub fn output(self) -> Option<&'static OutputRow> {
        match self {
            InputSource::Output(output)
            | InputSource::OutputOrNull(output)
            | InputSource::EntryOutputs(output)
            | InputSource::Outputs(output) => Some(output),
            _ => None,
        }
    }
}

impl ModuleRow {
    /// Which module it is.
    pub fn id(&self) -> ModuleId {
        (self.cloud, self.name)
    }

    /// True when a deployment that has the section calls it, or could; `has` says which keys of the section the deployment has.
    pub fn is_called(&self, has: impl FnOnce(&'static str) -> bool) -> bool {
        match self.called_by {
            CalledBy::Always | CalledBy::ToActOn(_) => true,
            CalledBy::With(key) => has(key),
            CalledBy::Without(key) => !has(key),
        }
    }

    /// True for a module that the service provider can hold back: it came after version 0.1, and everything else can be written without it.
    pub fn can_be_held_back(&self) -> bool {
        self.newer && matches!(self.called_by, CalledBy::Always | CalledBy::ToActOn(_))
    }

    /// The label of the call that an entry makes, or the section itself. Names of entries have no `_`, so that no two come to one label.
    pub fn label(&self, entry: Option<&str>) -> SmolStr {
        match entry {
            Some(entry) => format_smolstr!("{}_{}", self.block, in_identifiers(entry)),
            None => SmolStr::new_static(self.block),
        }
    }

    /// The entry whose call has this label: nothing in it for the section's own. Nothing for a call of another module.
    pub fn entry_of(&self, label: &str) -> Option<Option<String>> {
        match label.strip_prefix(self.block)? {
            "" => Some(None),
            rest => rest.strip_prefix('_').filter(|_| self.entries.is_some()).map(|entry| Some(entry.replace('_', "-"))),
        }
    }

    /// What it acts on.
    pub fn acts_on(&self) -> impl Iterator<Item = (&'static InputRow, &'static OwnOutput)> {
        self.inputs.iter().filter_map(|row| if let InputSource::OwnOutputs(own) = row.source { Some((row, own)) } else { None })
    }

    /// The row of an input.
    pub fn input(&self, name: &str) -> Option<&'static InputRow> {
        self.inputs.iter().find(|row| row.name == name)
    }

    /// The rows of inputs whose change does harm.
    pub fn harmful(&self) -> impl Iterator<Item = (&'static InputRow, OnChange)> {
        self.inputs.iter().filter_map(|row| Some((row, row.on_change?)))
    }
}
