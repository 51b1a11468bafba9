//! The rules over what a customer asked for: everything that takes more than one value, the catalogue, the platform or the fleet to judge.
//!
//! What is wrong with a value alone has been reported before, and the value is absent here. Each code has a file of its own in `rules`,
//! named after it; the table there is the order in which they run. Knows nothing of Terraform.

mod acting;
mod checked;
mod constants;
mod context;
mod fleet;
mod interfaces;
mod naming;
mod proof;
mod rules;
mod zones;

pub use checked::{CheckedCall, CheckedCustomer, CheckedDeployment, CheckedNetwork, complete, deployment_name};
pub use constants::{ConstantProblem, constant_problems};
pub use fleet::{FleetFacts, FleetNetwork, GlobalName, facts};
pub use interfaces::{Interfaces, KeyTaker, Mismatches};
pub use naming::{NamedThing, Right};
pub use proof::Proof;
pub use zones::{Zones, private_zones, zones};

use crate::diagnostics::{Diagnostics, Rules};
use crate::ir;
use crate::modules::ModuleRow;
use crate::platform::{Platform, Registration};
use crate::schema::Poisoned;
use context::RuleContext;

/// What the rules of one customer look at.
pub struct CheckInput<'c> {
    /// The customer.
    pub customer: &'c ir::Customer,
    /// What the service provider decides.
    pub platform: &'c Platform,
    /// The severities that hold for the customer.
    pub rules: &'c Rules,
    /// What the registry knows of the repository.
    pub registration: Option<&'c Registration>,
    /// What the walk over the documents learned.
    pub poisoned: &'c Poisoned,
    /// What the shared modules take.
    pub interfaces: &'c Interfaces,
}

impl CheckInput<'_> {
    /// True where the platform has a module for the customer: its source does, and nothing holds it back.
    pub(crate) fn offers(&self, module: &ModuleRow) -> bool {
        let tier = self.customer.identity.tier.as_ref().and_then(|tier| self.platform.tier(&tier.value));
        self.interfaces.of(module).is_some() && self.platform.offers(module.name, tier, self.registration)
    }
}

/// Runs every rule over one customer.
pub fn check(input: &CheckInput<'_>, diagnostics: &mut Diagnostics) {
    let has_modules = rules::has_modules(input.customer);
    let mut context = RuleContext::new(input, diagnostics);
    for rule in rules::RULES.iter().filter(|rule| has_modules || !rule.of_cloud) {
        (rule.run)(&mut context);
    }
}
