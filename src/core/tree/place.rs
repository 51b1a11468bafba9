//! The place of a root's state, read from its `backend.tf`.

use crate::emit::{Header, quoted, with_header};
use crate::platform::BackendKind;
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Body, Structure};
use std::ops::Range;

/// A backend as a `backend.tf` has it.
#[derive(Debug, Clone)]
pub struct WrittenBackend {
    /// Its kind.
    pub kind: BackendKind,
    /// Its arguments that are text, with the place of each value in bytes; those in an object or a block as `endpoints.s3`.
    texts: Vec<(String, String, Range<usize>)>,
}

impl WrittenBackend {
    /// Reads the backend of a `backend.tf`; nothing when the text cannot be read.
    pub fn read(backend_tf: &str) -> Option<WrittenBackend> {
        let body: Body = backend_tf.parse().ok()?;
        let terraform = blocks(&body, "terraform").next()?;
        let (block, kind) = match blocks(&terraform.body, "backend").next() {
            Some(block) => (block, block.labels.first()?.as_str()),
            None => (blocks(&terraform.body, BackendKind::Cloud.as_str()).next()?, BackendKind::Cloud.as_str()),
        };
        let kind = BackendKind::ALL.into_iter().find(|known| known.as_str() == kind)?;
        let mut texts = Vec::new();
        let mut text = |name: String, value: &Expression| {
            if let Expression::String(text) = value {
                texts.push((name, text.as_str().to_owned(), value.span().unwrap_or(0..0)));
            }
        };
        for attribute in block.body.attributes() {
            let name = attribute.key.as_str();
            text(name.to_owned(), &attribute.value);
            for (key, value) in attribute.value.as_object().into_iter().flatten() {
                match key {
                    ObjectKey::Ident(key) => text(format!("{name}.{}", key.as_str()), value.expr()),
                    ObjectKey::Expression(Expression::String(key)) => text(format!("{name}.{}", key.as_str()), value.expr()),
                    ObjectKey::Expression(_) => {}
                }
            }
        }
        for inner in block.body.blocks() {
            let name = inner.ident.as_str();
            inner.body.attributes().for_each(|attribute| text(format!("{name}.{}", attribute.key.as_str()), &attribute.value));
        }
        Some(WrittenBackend { kind, texts })
    }

    /// The text of an argument.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(known, ..)| known == name).map(|(_, value, _)| value.as_str())
    }

    /// Where it keeps state, as sorted `name = value` lines of what makes the place. Locking, encryption and credentials are not part of it:
    /// they may change without anything moving.
    pub fn place(&self) -> Vec<String> {
        let makes_place = |name: &str| self.kind.place_arguments().contains(&name);
        let lines = self.texts.iter().filter(|(name, ..)| makes_place(name)).map(|(name, value, _)| format!("{name} = {value}"));
        let mut place: Vec<String> = std::iter::once(format!("backend = {}", self.kind.as_str())).chain(lines).collect();
        place.sort_unstable();
        place
    }
}

/// Where a `backend.tf` keeps its state; nothing when the text cannot be read.
pub fn state_place(backend_tf: &str) -> Option<Vec<String>> {
    WrittenBackend::read(backend_tf).map(|backend| backend.place())
}

/// A `backend.tf` of terralet's as another directory sees it, from which `way` leads to the one that it was made for: a local path is
/// relative to the root's directory. Nothing when the text cannot be read.
pub fn backend_elsewhere(backend_tf: &str, way: &str) -> Option<String> {
    let header = Header::parse(backend_tf)?;
    let mut text = backend_tf.to_owned();
    let backend = WrittenBackend::read(backend_tf)?;
    let path = backend.texts.iter().find(|(name, ..)| backend.kind == BackendKind::Local && name == "path");
    if let Some((_, path, span)) = path.filter(|(_, path, _)| !path.starts_with('/')) {
        text.replace_range(span.clone(), &quoted(&format!("{way}/{path}")));
    }
    let (_, body) = text.split_once('\n')?;
    Some(with_header(&header.identity, body))
}

fn blocks<'b>(body: &'b Body, kind: &'static str) -> impl Iterator<Item = &'b hcl_edit::structure::Block> {
    body.iter().filter_map(move |structure| match structure {
        Structure::Block(block) if block.ident.as_str() == kind => Some(block),
        Structure::Block(_) | Structure::Attribute(_) => None,
    })
}
