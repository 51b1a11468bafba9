//! What is emitted of a root module, parsed by hcl-rs: every value is the one that was given, and there is nothing else.

use super::hcl_reader::literals;
use smol_str::SmolStr;
use terralet_core::emit;
use terralet_core::terraform::{Expression, RootModule};

/// Panics where a root module does not come back as what it is.
pub(crate) fn reads_back(root: &RootModule) {
    for (name, text) in &emit::root(root) {
        literals(text).unwrap_or_else(|problem| panic!("{problem} in {name}:\n{text}"));
    }
    let text = |text: &str| Expression::text(text);
    let main = file(root, "main.tf");
    let moved = root.calls.iter().flat_map(|call| call.formerly.iter().zip(call.formerly.iter().skip(1).chain([&call.label])));
    let (calls, moves): (Vec<_>, Vec<_>) = main.blocks().partition(|block| block.identifier.as_str() != "moved");
    assert_eq!((calls.len(), moves.len(), main.attributes().count()), (root.calls.len(), moved.clone().count(), 0));
    for (block, (from, to)) in moves.iter().zip(moved) {
        let address = |label: &SmolStr| Expression::NamedReference(vec!["module".into(), label.clone()]);
        has(&block.body, &[("from", address(from)), ("to", address(to))]);
    }
    for (block, call) in calls.into_iter().zip(&root.calls) {
        assert_eq!((block.identifier.as_str(), block.labels()[0].as_str()), ("module", call.label.as_str()));
        let mut given = vec![("source", text(&call.source))];
        given.extend(call.version.as_ref().map(|version| ("version", text(version))));
        given.extend(call.arguments.iter().cloned());
        given.extend(call.constants.iter().map(|(name, value)| (name.as_str(), value.clone())));
        has(&block.body, &given);
    }
    let outputs = file(root, "outputs.tf");
    assert_eq!((outputs.blocks().count(), outputs.attributes().count()), (root.outputs.len(), 0));
    for (block, output) in outputs.blocks().zip(&root.outputs) {
        let sensitive = output.sensitive.then_some(("sensitive", Expression::Boolean(true)));
        has(&block.body, &[("value", output.value.clone())].into_iter().chain(sensitive).collect::<Vec<_>>());
    }
    let backend: Vec<(&str, Expression)> = root.backend.arguments.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let written = file(root, "backend.tf");
    let terraform = only(&written, "terraform");
    if root.backend.is_cloud() {
        let (blocks, attributes): (Vec<_>, Vec<_>) = backend.into_iter().partition(|(name, _)| *name == "workspaces");
        has(only(terraform, "cloud"), &attributes);
        for (name, block) in blocks {
            let Expression::Record(entries) = block else { panic!("`{name}` is no block") };
            has(
                only(only(terraform, "cloud"), name),
                &entries.iter().map(|(name, value)| (name.as_str(), value.clone())).collect::<Vec<_>>(),
            );
        }
    } else {
        has(only(terraform, "backend"), &backend);
    }
    let providers = file(root, "providers.tf");
    let provider = only(&providers, "provider");
    let account = root.provider.account_id.iter().map(|account| ("allowed_account_ids", Expression::List(vec![text(account)])));
    has(provider, &[("region", text(&root.provider.region))].into_iter().chain(account).collect::<Vec<_>>());
    let tags = root.provider.default_tags.iter().map(|(key, value)| (key.clone(), text(value))).collect();
    has(only(provider, "default_tags"), &[("tags", Expression::Object(tags))]);
    if let Some(role) = &root.provider.role_arn {
        has(only(provider, "assume_role"), &[("role_arn", text(role))]);
    }
    if let Some(shared) = &root.shared {
        let config = Expression::Record(shared.backend.arguments.clone());
        has(only(&file(root, "data.tf"), "data"), &[("backend", Expression::text(shared.backend.kind)), ("config", config)]);
    }
}

/// True when a parsed value is what was given: text only ever literal, nothing evaluated that is not a reference of our own.
fn is(parsed: &hcl::Expression, given: &Expression) -> bool {
    match (parsed, given) {
        (hcl::Expression::Null, Expression::Null) => true,
        (hcl::Expression::Bool(parsed), Expression::Boolean(given)) => parsed == given,
        (hcl::Expression::Number(parsed), Expression::Number(given)) => parsed.as_i64() == Some(*given),
        // A minus is an operator of HCL.
        (hcl::Expression::Operation(_), Expression::Number(given)) => *given < 0 && parsed.to_string() == given.to_string(),
        (hcl::Expression::String(parsed), Expression::Text(given)) => parsed == given,
        (hcl::Expression::Traversal(_), Expression::Reference(given)) => parsed.to_string() == given.join("."),
        (hcl::Expression::Traversal(_), Expression::NamedReference(given)) => parsed.to_string() == given.join("."),
        (hcl::Expression::Array(parsed), Expression::List(given)) => {
            parsed.len() == given.len() && parsed.iter().zip(given).all(|(parsed, given)| is(parsed, given))
        }
        (hcl::Expression::Object(parsed), Expression::Object(given)) => {
            let text_key = |(key, given): &(SmolStr, Expression)| {
                parsed.get(&hcl::ObjectKey::Expression(hcl::Expression::String(key.to_string()))).is_some_and(|parsed| is(parsed, given))
            };
            parsed.len() == given.len() && given.iter().all(text_key)
        }
        (hcl::Expression::Object(parsed), Expression::Record(given)) => {
            let own_key = |(key, given): &(SmolStr, Expression)| {
                parsed.get(&hcl::ObjectKey::Identifier(hcl::Identifier::unchecked(key.as_str()))).is_some_and(|parsed| is(parsed, given))
            };
            parsed.len() == given.len() && given.iter().all(own_key)
        }
        _ => false,
    }
}

/// A block with the attributes that it has to have, and no more.
fn has(block: &hcl::Body, given: &[(&str, Expression)]) {
    let attributes: Vec<&hcl::Attribute> = block.attributes().collect();
    assert_eq!(
        attributes.iter().map(|attribute| attribute.key.as_str()).collect::<Vec<_>>(),
        given.iter().map(|(name, _)| *name).collect::<Vec<_>>()
    );
    for (attribute, (name, given)) in attributes.iter().zip(given) {
        assert!(is(&attribute.expr, given), "{name} = {:?} is not {given:?}", attribute.expr);
    }
}

pub(crate) fn file(root: &RootModule, name: &str) -> hcl::Body {
    let files = emit::root(root);
    let (_, text) = files.iter().find(|(other, _)| *other == name).unwrap();
    hcl::parse(text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

pub(crate) fn only<'b>(body: &'b hcl::Body, kind: &str) -> &'b hcl::Body {
    let blocks: Vec<&hcl::Block> = body.blocks().filter(|block| block.identifier.as_str() == kind).collect();
    assert_eq!(blocks.len(), 1, "{kind} in {body:?}");
    &blocks[0].body
}
