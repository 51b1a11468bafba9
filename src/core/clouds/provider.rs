//! A cloud's Terraform provider: what it is called, and which arguments of its block hold what.

/// The provider that a root of a cloud needs.
#[derive(Debug, PartialEq, Eq)]
pub struct ProviderRow {
    /// Its local name, which is the label of its block too.
    pub name: &'static str,
    /// Its address in the registry.
    pub source: &'static str,
    /// The constraint on its version where the platform says none.
    pub version: &'static str,
    /// Its arguments, those outside of blocks first, in the order in which they are written.
    pub arguments: &'static [ProviderArgument],
}

/// An argument of a provider's block.
#[derive(Debug, PartialEq, Eq)]
pub struct ProviderArgument {
    /// The block within the provider's that it stands in.
    pub block: Option<&'static str>,
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub value: ProviderValue,
}

/// What an argument of a provider holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderValue {
    /// The region.
    Region,
    /// A list of the one account that the root may touch, where it is known.
    Accounts,
    /// The role that the root assumes, where the platform has one.
    Role,
    /// The tags of everything.
    Tags,
}

impl ProviderRow {
    /// The name of the argument that holds a root to its account.
    pub fn of_account(&self) -> Option<&'static str> {
        self.arguments.iter().find(|argument| argument.value == ProviderValue::Accounts).map(|argument| argument.name)
    }
}
