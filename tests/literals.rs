//! What a customer writes stays text: every string comes back from the emitted HCL as the literal that it was.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "common/hcl_reader.rs"]
mod hcl_reader;
#[path = "common/hostile.rs"]
mod hostile;
#[path = "common/in_memory.rs"]
mod in_memory;
#[path = "common/random.rs"]
mod random;
#[path = "common/repository.rs"]
mod repository;
#[path = "common/root_modules.rs"]
mod root_modules;
#[path = "common/written.rs"]
mod written;

use hcl_reader::literals;
use hostile::hostile;
use random::Random;
use repository::Repository;
use serde_json::json;
use terralet::assemble::Surroundings;
use terralet::check::Interfaces;
use terralet::compile::customer;
use terralet::diagnostics::Severity;
use terralet::emit::{self, is_invisible, quoted};
use terralet::platform::Platform;
use terralet::terraform::{Expression, RootModule};
use unicode_normalization::UnicodeNormalization;

#[test]
fn twenty_thousand_hostile_strings_come_back() {
    let mut random = Random::new(4);
    for _ in 0..100 {
        let texts: Vec<String> = (0..250).map(|_| hostile(&mut random)).collect();
        let body: String = texts.iter().enumerate().map(|(index, text)| format!("a{index} = {}\n", quoted(text))).collect();
        assert!(!body.chars().any(|letter| letter != '\n' && is_invisible(letter)), "an invisible character in {body:?}");
        assert_eq!(body.lines().count(), texts.len());
        assert_eq!(literals(&body).unwrap(), texts);
        let parsed = hcl::parse(&body).unwrap();
        for (attribute, text) in parsed.attributes().zip(&texts) {
            assert_eq!(attribute.expr, hcl::Expression::String(text.clone()), "from {:?}", quoted(text));
        }
        assert_eq!(parsed.attributes().count(), texts.len());
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
        (hcl::Expression::Array(parsed), Expression::List(given)) => {
            parsed.len() == given.len() && parsed.iter().zip(given).all(|(parsed, given)| is(parsed, given))
        }
        (hcl::Expression::Object(parsed), Expression::Object(given)) => {
            let text_key = |(key, given): &(String, Expression)| {
                parsed.get(&hcl::ObjectKey::Expression(hcl::Expression::String(key.clone()))).is_some_and(|parsed| is(parsed, given))
            };
            parsed.len() == given.len() && given.iter().all(text_key)
        }
        (hcl::Expression::Object(parsed), Expression::Record(given)) => {
            let own_key = |(key, given): &(String, Expression)| {
                parsed.get(&hcl::ObjectKey::Identifier(hcl::Identifier::unchecked(key))).is_some_and(|parsed| is(parsed, given))
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

fn file(root: &RootModule, name: &str) -> hcl::Body {
    let files = emit::root(root);
    let (_, text) = files.iter().find(|(other, _)| *other == name).unwrap();
    hcl::parse(text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

fn only<'b>(body: &'b hcl::Body, kind: &str) -> &'b hcl::Body {
    let blocks: Vec<&hcl::Block> = body.blocks().filter(|block| block.identifier.as_str() == kind).collect();
    assert_eq!(blocks.len(), 1, "{kind} in {body:?}");
    &blocks[0].body
}

#[test]
fn hostile_text_stays_text_in_every_place_of_a_root_module() {
    let mut random = Random::new(5);
    for _ in 0..400 {
        let root = root_modules::root_module(&mut random, &mut hostile);
        for (name, text) in emit::root(&root).iter().chain(&emit::tombstone(&root)) {
            literals(text).unwrap_or_else(|problem| panic!("{problem} in {name}:\n{text}"));
        }
        let text = |text: &String| Expression::text(text.as_str());
        let main = file(&root, "main.tf");
        assert_eq!((main.blocks().count(), main.attributes().count()), (root.calls.len(), 0));
        for (block, call) in main.blocks().zip(&root.calls) {
            let mut given = vec![("source", text(&call.source))];
            given.extend(call.version.as_ref().map(|version| ("version", text(version))));
            given.extend(call.arguments.iter().cloned());
            has(&block.body, &given);
        }
        let outputs = file(&root, "outputs.tf");
        assert_eq!((outputs.blocks().count(), outputs.attributes().count()), (root.outputs.len(), 0));
        for (block, output) in outputs.blocks().zip(&root.outputs) {
            let sensitive = output.sensitive.then_some(("sensitive", Expression::Boolean(true)));
            has(&block.body, &[("value", output.value.clone())].into_iter().chain(sensitive).collect::<Vec<_>>());
        }
        let backend: Vec<(&str, Expression)> = root.backend.arguments.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        has(only(only(&file(&root, "backend.tf"), "terraform"), "backend"), &backend);
        let providers = file(&root, "providers.tf");
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
            has(only(&file(&root, "data.tf"), "data"), &[("backend", Expression::text(shared.backend.kind)), ("config", config)]);
        }
    }
}

/// Text for a key that takes templates: two braces stand for one pair (language.md section 5).
fn without_templates(text: &str) -> String {
    text.replace("{{", "{{{{").replace("}}", "}}}}")
}

fn cut(text: &str, characters: usize) -> String {
    text.nfc().take(characters).nfc().collect()
}

#[test]
fn what_customers_write_reaches_terraform_as_it_was_written() {
    let (platform, interfaces) = (Platform::built_in(), Interfaces::built_in());
    let mut random = Random::new(6);
    // Letters of every script, and the few marks that tags take.
    let tag = |random: &mut Random| -> String {
        let letters =
            hostile(random).nfc().filter(|letter| letter.is_alphanumeric() || " _.:/=+-@".contains(*letter)).take(60).collect::<String>();
        letters.nfc().collect()
    };
    for _ in 0..300 {
        let script = cut(&hostile(&mut random), 3000);
        let key_name = format!("k{}", cut(&hostile(&mut random), 250));
        let (tag_key, tag_value) = (format!("t{}.end", tag(&mut random)), tag(&mut random));
        let document = json!({
            "project_name": "shop", "region": "eu-west-1", "environments": {"dev": {}}, "networking": {"vpc_cidr": "10.20.0.0/16"},
            "compute": {"instance_type": "t3.small", "user_data_script": script, "key_name": without_templates(&key_name)},
            "tags": {tag_key.as_str(): tag_value.as_str(), "of": "{{ environment }} in {{region}}"},
            "custom": {"anything": hostile(&mut random)},
        });
        let repository =
            Repository { name: "alder".into(), documents: [("variables.yml".to_owned(), document.as_object().cloned().unwrap())].into() };
        let surroundings = Surroundings { platform: &platform, interfaces: &interfaces, output_to_workspace: ".." };
        let (compiled, proven) = customer(repository.files(), &surroundings);
        let errors: Vec<&String> =
            compiled.reports.iter().filter(|report| report.severity == Severity::Error).map(|report| &report.message).collect();
        assert!(errors.is_empty(), "{errors:?} in {document}");
        let root = proven.unwrap().assemble(&surroundings).remove(0);
        let main = file(&root, "main.tf");
        let compute = main.blocks().find(|block| block.labels[0].as_str() == "customer_compute").unwrap();
        let argument =
            |name: &str| compute.body.attributes().find(|attribute| attribute.key.as_str() == name).map(|attribute| attribute.expr.clone());
        let text = |text: &str| hcl::Expression::String(text.nfc().collect());
        assert_eq!(argument("user_data_script"), Some(text(&script)));
        assert_eq!(argument("key_name"), Some(text(&key_name)));
        let providers = file(&root, "providers.tf");
        let default_tags = only(only(&providers, "provider"), "default_tags").attributes().next().unwrap().expr.clone();
        for tags in [argument("tags").unwrap(), default_tags] {
            let hcl::Expression::Object(tags) = tags else { panic!("{tags:?} is no object") };
            assert_eq!(tags.get(&hcl::ObjectKey::Expression(text(&tag_key))), Some(&text(&tag_value)));
            assert_eq!(tags.get(&hcl::ObjectKey::Expression(text("of"))), Some(&text("dev in eu-west-1")));
        }
    }
}
