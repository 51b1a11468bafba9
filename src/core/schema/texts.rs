//! Mappings from names that the customer chooses to single values.

use super::Type;
use super::databases::parameter_name;
use super::read::read;
use super::walk::Walk;
use crate::clouds::Cloud;
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;
use crate::syntax::Node;
use smol_str::SmolStr;

impl Walk<'_> {
    /// Reports what is wrong with each name and each value.
    pub(super) fn texts(&mut self, name: &str, kind: Type, node: &Node) {
        let Some(mapping) = self.mapping(format_args!("`{name}`"), node) else { return };
        for entry in &mapping.entries {
            if let Err(diagnostic) = judge_name(self.cloud, kind, &entry.key) {
                self.report(diagnostic);
            }
            if entry.value.as_scalar().is_some() {
                self.key = Some(entry.key.span);
                self.scalar(kind, &entry.key.value, &entry.value);
                self.key = None;
            } else if !entry.value.is_null()
                && let Err(diagnostic) = read(self.cloud, kind, &entry.key.value, &entry.value, None)
            {
                self.report(diagnostic);
            }
        }
    }
}

/// What is wrong with a name, by what its value is.
fn judge_name(cloud: &dyn Cloud, kind: Type, name: &Spanned<SmolStr>) -> Result<(), Diagnostic> {
    match kind {
        Type::ParameterValue => parameter_name(cloud, &name.value, name.span),
        _ => Ok(()),
    }
}
