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
#[path = "common/reads_back.rs"]
mod reads_back;
#[path = "common/repository.rs"]
mod repository;
#[path = "common/root_modules.rs"]
mod root_modules;
#[path = "common/written.rs"]
mod written;

use hcl_reader::literals;
use hostile::hostile;
use random::Random;
use reads_back::{file, only, reads_back};
use repository::Repository;
use serde_json::json;
use terralet::assemble::Surroundings;
use terralet::check::Interfaces;
use terralet::compile::customer;
use terralet::diagnostics::Severity;
use terralet::emit::{is_invisible, quoted};
use terralet::platform::Platform;
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

#[test]
fn hostile_text_stays_text_in_every_place_of_a_root_module() {
    let mut random = Random::new(5);
    for _ in 0..400 {
        let root = root_modules::root_module(&mut random, &mut hostile);
        reads_back(&root);
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
