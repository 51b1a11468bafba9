//! Mappings from names that the customer chooses to single values.

use super::Type;
use super::databases::parameter_name;
use super::kinds::not_a_mapping;
use super::read::read;
use super::walk::Walk;
use crate::clouds::Cloud;
use crate::diagnostics::{Diagnostic, codes, shown};
use crate::source::Spanned;
use crate::syntax::{Node, Value};
use smol_str::SmolStr;

impl Walk<'_> {
    /// Reports what is wrong with each name and each value.
    pub(super) fn texts(&mut self, name: &str, kind: Type, node: &Node) {
        if let Some((first, value)) = pairs(node) {
            let help = format!("write each name as a key, with its value behind it: `{}: {}`", shown(first), shown(value));
            self.report(not_a_mapping(&format!("`{name}`"), node).help(help));
            return;
        }
        let Some(mapping) = self.mapping(format_args!("`{name}`"), node) else { return };
        for entry in &mapping.entries {
            if matches!(entry.key.value.as_str(), "add" | "remove") && matches!(entry.value.value, Value::Sequence(_) | Value::Mapping(_)) {
                self.report(
                    Diagnostic::new(&codes::WRONG_TYPE, format!("`{name}` is a mapping, and not a list that is changed"))
                        .at(entry.key.span, "not a name")
                        .help("write each name with its value: those of lower layers stay; `null` takes one away"),
                );
                continue;
            }
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

/// The first name and value of a list of mappings that each have a `name` and a `value`.
fn pairs(node: &Node) -> Option<(&str, &str)> {
    let Value::Sequence(items) = &node.value else { return None };
    let text = |item: &'_ Node, key: &str| item.as_mapping().and_then(|pair| pair.get(key)?.value.as_scalar()).is_some();
    let all = !items.is_empty() && items.iter().all(|item| text(item, "name") && text(item, "value"));
    let first = items.first().filter(|_| all)?.as_mapping()?;
    Some((&first.get("name")?.value.as_scalar()?.text, &first.get("value")?.value.as_scalar()?.text))
}

/// What is wrong with a name, by what its value is.
fn judge_name(cloud: &dyn Cloud, kind: Type, name: &Spanned<SmolStr>) -> Result<(), Diagnostic> {
    match kind {
        Type::ParameterValue => parameter_name(cloud, &name.value, name.span),
        _ => Ok(()),
    }
}
