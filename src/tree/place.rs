//! The place of a root's state, read from its `backend.tf`.

use crate::platform::BackendKind;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Body, Structure};

/// Where a `backend.tf` keeps its state, as sorted `name = value` lines of what makes the place; nothing when the text cannot be read.
/// Locking, encryption and credentials are no place: they may change without anything moving.
pub fn state_place(backend_tf: &str) -> Option<Vec<String>> {
    let body: Body = backend_tf.parse().ok()?;
    let terraform = blocks(&body, "terraform").next()?;
    let backend = blocks(&terraform.body, "backend").next()?;
    let kind = backend.labels.first()?.as_str();
    let known =
        [BackendKind::Local, BackendKind::S3, BackendKind::Azurerm, BackendKind::Gcs].into_iter().find(|known| known.as_str() == kind)?;
    let mut place = vec![format!("backend = {kind}")];
    for attribute in backend.body.attributes() {
        let name = attribute.key.as_str();
        if !known.place_arguments().contains(&name) {
            continue;
        }
        match &attribute.value {
            Expression::String(value) => place.push(format!("{name} = {}", value.as_str())),
            // Of `endpoints`, where S3 is: the others serve locks and credentials.
            Expression::Object(entries) => {
                for (key, entry) in entries {
                    let key = match key {
                        ObjectKey::Ident(key) => key.as_str(),
                        ObjectKey::Expression(Expression::String(key)) => key.as_str(),
                        ObjectKey::Expression(_) => continue,
                    };
                    if let (true, Expression::String(value)) = (key == kind, entry.expr()) {
                        place.push(format!("{name}.{key} = {}", value.as_str()));
                    }
                }
            }
            _ => {}
        }
    }
    place.sort();
    Some(place)
}

fn blocks<'b>(body: &'b Body, kind: &'static str) -> impl Iterator<Item = &'b hcl_edit::structure::Block> {
    body.iter().filter_map(move |structure| match structure {
        Structure::Block(block) if block.ident.as_str() == kind => Some(block),
        Structure::Block(_) | Structure::Attribute(_) => None,
    })
}
