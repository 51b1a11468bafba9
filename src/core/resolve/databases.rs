//! Named databases: each entry of `databases` is merged as `database` is, out of what each layer says of it.

use super::effects::Effects;
use super::emptied::Emptying;
use super::layers::Layer;
use super::merge::{DATABASES, merge_database};
use super::merged::{LayerOrigin, MergedMap};
use crate::diagnostics::Diagnostics;
use crate::schema::{IdentifierKind, identifier};
use crate::syntax::{Entry, Node, Value};
use std::collections::BTreeMap;

/// A named database of a deployment, whether it exists there or not.
#[derive(Debug)]
pub struct NamedDatabase<'t> {
    /// Its name.
    pub name: &'t str,
    /// The section `database`, which its entry stands for, and nothing else.
    pub values: MergedMap<'t>,
    /// What was emptied of it.
    pub(super) emptied: Vec<Emptying<'t>>,
}

/// The named databases of a deployment, by name. `whole` says whether there are any.
pub(super) fn merge<'t>(
    layers: &[Layer<'t>],
    defaults: Option<&'t Node>,
    whole: &MergedMap<'t>,
    effects: &mut Effects<'t>,
    diagnostics: &mut Diagnostics,
) -> Vec<NamedDatabase<'t>> {
    if whole.get(DATABASES).is_none() && whole.removal(DATABASES).is_none() {
        return Vec::new();
    }
    // A document may have as many names as fit into it: what layers say is sorted by name in one go.
    let mut said: BTreeMap<&'t str, Vec<(usize, &'t Node, LayerOrigin)>> = BTreeMap::new();
    let mut nulls = Vec::new();
    for (index, layer) in layers.iter().enumerate().filter(|(_, layer)| !layer.below_service) {
        let Some(databases) = layer.mapping.get(DATABASES) else { continue };
        let origin = |entry: &Entry| LayerOrigin { layer: u8::try_from(index).ok(), key: entry.key.span, value: entry.value.span };
        match &databases.value.value {
            Value::Mapping(mapping) => {
                // A wrong name has been reported, and may be anything: it is not repeated.
                for entry in mapping.entries.iter().filter(|entry| identifier(IdentifierKind::Database, &entry.key.value).is_ok()) {
                    said.entry(entry.key.value.as_str()).or_default().push((index, &entry.value, origin(entry)));
                }
            }
            // It takes each of them away, and what shorthands say of one that a higher layer writes.
            Value::Null => nulls.push((index, &databases.value, origin(databases))),
            Value::Scalar(_) | Value::Sequence(_) => {}
        }
    }
    said.values_mut().for_each(|said| said.extend(&nulls));
    let merged = said.into_iter().map(|(name, said)| {
        let mut emptied = Vec::new();
        let values = merge_database((layers, name), &said, defaults, effects, &mut emptied, diagnostics);
        NamedDatabase { name, values, emptied }
    });
    merged.collect()
}
