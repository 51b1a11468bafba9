//! The proof that a customer may be assembled. It is made last, when everything has been judged, and nobody outside of this file can make it.

use super::CheckedCustomer;
use crate::diagnostics::{Diagnostics, Rules};

/// A customer without errors. `assemble` takes nothing else.
///
/// Who has a proof may look at what was proved:
///
/// ```
/// use terralet_core::check::{CheckedCustomer, Proof};
///
/// fn look(proof: &Proof) -> &CheckedCustomer {
///     proof.customer()
/// }
/// ```
///
/// From values alone nobody makes one:
///
/// ```compile_fail,E0451
/// use terralet_core::check::{CheckedCustomer, Proof};
///
/// fn forge(customer: CheckedCustomer) -> Proof {
///     Proof { customer }
/// }
/// ```
///
/// ```compile_fail,E0624
/// use terralet_core::check::{CheckedCustomer, Proof};
/// use terralet_core::diagnostics::{Diagnostics, Rules};
///
/// fn forge(customer: CheckedCustomer) -> Option<Proof> {
///     Proof::of(customer, &Diagnostics::new(), &Rules::default())
/// }
/// ```
///
/// And roots are made from nothing else:
///
/// ```compile_fail,E0308
/// use terralet_core::assemble::{CompileContext, assemble};
/// use terralet_core::check::CheckedCustomer;
/// use terralet_core::terraform::RootModule;
///
/// fn forge(customer: &CheckedCustomer, surroundings: &CompileContext<'_>) -> Vec<RootModule> {
///     assemble(customer, surroundings)
/// }
/// ```
#[derive(Debug)]
pub struct Proof {
    customer: CheckedCustomer,
}

impl Proof {
    /// Proves a customer; nothing where there is an error by now.
    pub(crate) fn of(customer: CheckedCustomer, diagnostics: &Diagnostics, rules: &Rules) -> Option<Proof> {
        (!diagnostics.has_errors(rules)).then_some(Proof { customer })
    }

    /// What was proved.
    pub fn customer(&self) -> &CheckedCustomer {
        &self.customer
    }
}
