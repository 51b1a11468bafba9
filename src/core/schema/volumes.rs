//! What a volume's type makes of its size and its IOPS, and how many volumes there may be.
//!
//! A list replaces the one of a lower layer as a whole, so that each document says all there is to say of a volume.

use super::Type;
use super::read::{Typed, read};
use crate::clouds::{Cloud, VolumeKind};
use crate::diagnostics::{Diagnostic, codes, or_list};
use crate::source::Span;
use crate::syntax::{Mapping, Node};

/// The section and the key of volumes.
pub(super) const VOLUMES: (&str, &str) = ("compute", "volumes");

/// `out-of-range` for more volumes than an instance takes.
pub(super) fn too_many<'n>(cloud: &dyn Cloud, items: impl Iterator<Item = &'n Node> + Clone) -> Option<Diagnostic> {
    let most = cloud.facts().most_volumes;
    let first = items.clone().nth(most)?;
    let message = format!("`volumes` has {} volumes", items.count());
    let help = format!("join some of them: an instance takes {most} volumes of its own, next to those of its image");
    Some(Diagnostic::new(&codes::OUT_OF_RANGE, message).at(first.span, format!("expected at most {most} volumes")).help(help))
}

/// What is wrong with the numbers of a volume, by its type; `is_misspelt` says whether a key was written under another name.
pub(super) fn volume(cloud: &dyn Cloud, mapping: &Mapping, is_misspelt: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    if is_misspelt("type") {
        return Vec::new();
    }
    let written = mapping.get("type").map(|entry| &entry.value).filter(|node| !node.is_null());
    let name = written.map_or(Some("gp3"), |node| node.as_scalar().map(|scalar| scalar.text.as_str()));
    let Some(kind) = name.and_then(|name| cloud.volume_kind(name)) else { return Vec::new() };
    let (size, iops) = (number(cloud, mapping, "size"), number(cloud, mapping, "iops"));
    let mut diagnostics = Vec::new();
    if let Some((size, span)) = size
        && size < kind.least_size
    {
        let message = format!("a volume of type `{}` cannot have {size} GiB", kind.name);
        diagnostics.push(
            Diagnostic::new(&codes::OUT_OF_RANGE, message)
                .at(span, format!("expected at least {} GiB", kind.least_size))
                .help(format!("write `size: {}` or more, or `type: gp3`", kind.least_size)),
        );
    }
    match (iops, kind.iops) {
        (Some((iops, span)), Some(_)) => diagnostics.extend(iops_in_range(kind, iops, span, size.map(|(size, _)| size))),
        (Some((_, span)), None) => diagnostics.push(
            Diagnostic::new(&codes::OUT_OF_RANGE, format!("a volume of type `{}` takes no `iops`", kind.name))
                .at(span, "expected none")
                .help(format!("remove `iops`, or write {}", or_list(with_iops(cloud).iter().map(String::as_str)))),
        ),
        (None, Some(range)) if kind.needs_iops && !is_written(mapping, "iops") && !is_misspelt("iops") => {
            let span = written.map_or_else(|| mapping.entries.first().map(|first| first.key.span), |node| Some(node.span));
            let Some(span) = span else { return diagnostics };
            diagnostics.push(
                Diagnostic::new(&codes::MISSING_KEY, format!("a volume of type `{}` needs `iops`", kind.name))
                    .at(span, "`iops` is missing next to this")
                    .help(format!("write `iops:` with {} to {}, or `type: gp3`, which has 3000 without it", range.least, range.most))
                    .about("iops"),
            );
        }
        (None, _) => {}
    }
    diagnostics
}

fn iops_in_range(kind: &VolumeKind, iops: i64, span: Span, size: Option<i64>) -> Option<Diagnostic> {
    let range = kind.iops?;
    let name = kind.name;
    let message = format!("a volume of type `{name}` cannot have {iops} IOPS");
    let diagnostic = Diagnostic::new(&codes::OUT_OF_RANGE, message);
    if !(range.least..=range.most).contains(&iops) {
        let (least, most) = (range.least, range.most);
        return Some(diagnostic.at(span, format!("expected {least} to {most}")).help(format!("write a number from {least} to {most}")));
    }
    let size = size.filter(|size| iops > range.least && iops > size.saturating_mul(range.of_each_gib))?;
    let (of_each, needed) = (range.of_each_gib, (iops + range.of_each_gib - 1) / range.of_each_gib);
    let most = size.saturating_mul(of_each).max(range.least);
    let label = format!("with {size} GiB at most {most}: {of_each} for each GiB");
    Some(diagnostic.at(span, label).help(format!("write `size: {needed}` or more, or `iops: {most}` or less")))
}

/// The types that take IOPS, as they are written.
fn with_iops(cloud: &dyn Cloud) -> Vec<String> {
    let names = super::choices::VOLUME_TYPES.words.iter();
    let kinds = names.filter_map(|name| cloud.volume_kind(name)).filter(|kind| kind.iops.is_some());
    kinds.map(|kind| format!("type: {}", kind.name)).collect()
}

fn is_written(mapping: &Mapping, key: &str) -> bool {
    mapping.get(key).is_some_and(|entry| !entry.value.is_null())
}

/// A number that has no error of its own.
fn number(cloud: &dyn Cloud, mapping: &Mapping, key: &str) -> Option<(i64, Span)> {
    let node = &mapping.get(key)?.value;
    let kind = super::section(VOLUMES.0)?.key(VOLUMES.1).and_then(|volumes| match volumes.shape {
        super::Shape::Records(keys) => keys.iter().find(|known| known.name == key),
        _ => None,
    })?;
    let super::Shape::Scalar(kind @ Type::Integer { .. }) = kind.shape else { return None };
    match read(cloud, kind, key, node, None) {
        Ok(Some(Typed::Integer(value))) => Some((value, node.span)),
        _ => None,
    }
}
