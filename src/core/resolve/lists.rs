//! Lists that layers change: the list of the lowest layer that writes one, and what each layer above removes and adds.

use super::effects::{Effects, Override};
use super::merged::{LayerOrigin, Merged, MergedMap, MergedValue, Overridden};
use crate::schema::{ListChange, Shape, list_item_name, section};
use crate::syntax::{Node, Value};
use std::collections::{HashMap, HashSet};

/// A list that at least one layer changes.
#[derive(Debug)]
pub struct MergedList<'t> {
    /// What the changes start from.
    base: ListBase<'t>,
    /// The changes, lowest layer first.
    pub changes: Vec<(&'t Node, LayerOrigin)>,
    /// The items that it has in the end, in order.
    pub items: Vec<ListItem<'t>>,
}

/// An item of a list.
#[derive(Debug, Clone, Copy)]
pub struct ListItem<'t> {
    /// The item.
    pub node: &'t Node,
    /// Where it was written: the layer, the list's key, and the item itself.
    pub origin: LayerOrigin,
}

/// What the changes of a list start from.
#[derive(Debug, Clone, Copy)]
enum ListBase<'t> {
    /// The tier's default, or nothing.
    Default(Option<(&'t Node, LayerOrigin)>),
    /// Nothing: a null removed what was there, the tier's default too.
    Removed,
    /// A layer's own list.
    Written(&'t Node, LayerOrigin),
}

impl<'t> ListBase<'t> {
    /// What was written.
    fn written(self) -> Option<(&'t Node, LayerOrigin)> {
        match self {
            ListBase::Written(node, origin) => Some((node, origin)),
            ListBase::Default(default) => default,
            ListBase::Removed => None,
        }
    }
}

/// True where a layer's value changes the list of the layers below it.
pub(super) fn is_change(section_name: &str, key: &str, node: &Node) -> bool {
    let key = || section(section_name).and_then(|section| section.key(key));
    matches!(node.value, Value::Mapping(_))
        && key().is_some_and(|key| matches!(key.shape, Shape::List(_) | Shape::Records(_)))
        && ListChange::of(node).is_some()
}

/// Puts a change over what the layers so far say of a key.
pub(super) fn change<'t>(map: &mut MergedMap<'t>, key: &'t str, node: &'t Node, origin: LayerOrigin) {
    let was_removed = map.removal(key).is_some();
    let base = if was_removed { ListBase::Removed } else { ListBase::Default(None) };
    let Some(position) = map.position(key) else {
        let list = MergedList { base, changes: vec![(node, origin)], items: Vec::new() };
        map.insert(key, Merged { value: MergedValue::List(Box::new(list)), origin, overridden: Vec::new() });
        return;
    };
    let Some(old) = map.at(position) else { return };
    let below = old.origin;
    old.origin = origin;
    match &mut old.value {
        MergedValue::List(list) => {
            old.overridden.extend(list.changes.last().map(|(node, origin)| Overridden { node, origin: *origin }));
            list.changes.push((node, origin));
        }
        MergedValue::Leaf(leaf) => {
            old.overridden.push(Overridden { node: leaf, origin: below });
            let list = MergedList { base: ListBase::Written(leaf, below), changes: vec![(node, origin)], items: Vec::new() };
            old.value = MergedValue::List(Box::new(list));
        }
        // A mapping where a list belongs, which has been reported.
        MergedValue::Map(_) => {
            let list = MergedList { base, changes: vec![(node, origin)], items: Vec::new() };
            old.value = MergedValue::List(Box::new(list));
        }
    }
}

impl<'t> MergedList<'t> {
    /// The last change, which is what the key's place is.
    pub(super) fn last(&self) -> Option<Overridden<'t>> {
        self.changes.last().map(|(node, origin)| Overridden { node, origin: *origin })
    }

    /// Starts from the tier's default, unless a layer's own list or a null is in between.
    pub(super) fn start_from(&mut self, node: &'t Node, origin: LayerOrigin) {
        if let ListBase::Default(default) = &mut self.base {
            *default = Some((node, origin));
        }
    }

    /// True where the changes start from something other than a list, or one of them has an error, both of which have been reported: which
    /// items are meant is not known then.
    pub fn has_error(&self) -> bool {
        let is_list = |(node, _): (&Node, LayerOrigin)| matches!(node.value, Value::Sequence(_));
        let is_wrong = |node| ListChange::of(node).is_none_or(|change| change.is_wrong);
        !self.base.written().is_none_or(is_list) || self.changes.iter().any(|(change, _)| is_wrong(change))
    }

    /// Makes the items, and notes which parts of the changes had an effect.
    pub(super) fn make(&mut self, effects: &mut Effects<'t>) {
        let item = |node: &'t Node, list: LayerOrigin| ListItem { node, origin: LayerOrigin { value: node.span, ..list } };
        if let Some((Node { value: Value::Sequence(items), .. }, list)) = self.base.written() {
            self.items = items.iter().map(|node| item(node, list)).collect();
        }
        for (change, list) in &self.changes {
            let Some(ListChange { add, remove, is_wrong }) = ListChange::of(change) else { continue };
            let there: HashSet<&str> = self.items.iter().filter_map(|item| list_item_name(item.node)).collect();
            for removed in remove {
                effects.note(removed.span, list_item_name(removed).is_some_and(|name| there.contains(name)), Override::Removed);
            }
            let gone: HashSet<&str> = remove.iter().filter_map(list_item_name).collect();
            self.items.retain(|item| list_item_name(item.node).is_none_or(|name| !gone.contains(name)));
            let mut places: HashMap<&str, usize> =
                self.items.iter().enumerate().filter_map(|(at, item)| Some((list_item_name(item.node)?, at))).collect();
            for added in add {
                let place = list_item_name(added).and_then(|name| places.get(name).copied());
                match place.and_then(|at| self.items.get_mut(at)) {
                    // A mapping goes in the place of the one of its name.
                    Some(there) if added.as_mapping().is_some() => {
                        effects.note(added.span, !there.node.same_value(added), Override::Added);
                        *there = item(added, *list);
                    }
                    Some(_) => effects.note(added.span, false, Override::Added),
                    None => {
                        effects.note(added.span, true, Override::Added);
                        places.extend(list_item_name(added).map(|name| (name, self.items.len())));
                        self.items.push(item(added, *list));
                    }
                }
            }
            if add.is_empty() && remove.is_empty() && !is_wrong {
                effects.note(change.span, false, Override::Nothing);
            }
        }
    }
}
