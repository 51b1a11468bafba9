//! What a customer writes stays text: every string comes back from the emitted HCL as the literal that it was.

use crate::common::hcl_reader::literals;
use crate::common::hostile::hostile;
use crate::common::places::places_fit;
use crate::common::random::Random;
use crate::common::reads_back::{file, only, reads_back};
use crate::common::repository::Repository;
use crate::common::root_modules;
use crate::common::unseen::{UNSEEN, is_unseen};
use serde_json::json;
use terralet_core::assemble::CompileContext;
use terralet_core::check::Interfaces;
use terralet_core::compile::customer;
use terralet_core::diagnostics::Severity;
use terralet_core::emit::quoted;
use terralet_core::platform::Platform;
use terralet_core::resolve::{Content, DocumentFile, RepositoryFiles};
use unicode_normalization::UnicodeNormalization;

/// A hundred thousand strings, in four parts that run side by side.
#[test]
fn a_hundred_thousand_hostile_strings_come_back() {
    std::thread::scope(|scope| {
        for part in 0..4 {
            scope.spawn(move || hostile_strings_come_back(4 + 100 * part));
        }
    });
}

fn hostile_strings_come_back(seed: u64) {
    let mut random = Random::new(seed);
    for _ in 0..100 {
        let texts: Vec<String> = (0..250).map(|_| hostile(&mut random)).collect();
        let body: String = texts.iter().enumerate().map(|(index, text)| format!("a{index} = {}\n", quoted(text))).collect();
        assert!(!body.chars().any(|letter| letter != '\n' && is_unseen(letter)), "an invisible character in {body:?}");
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
fn every_letter_that_is_not_seen_is_written_as_an_escape_and_no_other() {
    for letter in UNSEEN.iter().flat_map(|range| range.clone()) {
        let text = format!("a{letter}b");
        let literal = quoted(&text);
        assert!(literal.is_ascii() && literal.contains('\\') && !literal.chars().any(is_unseen), "{literal:?}");
        assert_eq!(literals(&format!("a = {literal}\n")).unwrap(), [text]);
    }
    for letter in (0..=u32::from(char::MAX)).filter_map(char::from_u32).filter(|letter| !is_unseen(*letter)) {
        let text = format!("a{letter}b");
        let escaped = if matches!(letter, '"' | '\\') { format!("\"a\\{letter}b\"") } else { format!("\"{text}\"") };
        assert_eq!(quoted(&text), escaped, "U+{:04X} is seen", u32::from(letter));
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
        let surroundings = CompileContext { platform: &platform, interfaces: &interfaces, output_to_workspace: ".." };
        let (compiled, proven) = customer(repository.files(), &surroundings);
        let errors: Vec<&str> =
            compiled.reports.iter().filter(|report| report.severity == Severity::Error).map(|report| &*report.message).collect();
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

/// Where a repository takes text: the name of a file, and its text with `@` for a text in quotes and `#` for one as it is.
const PLACES: &[(&str, &str)] = &[
    ("variables.yml", "project_name: @\n"),
    ("variables.yml", "customer_id: @\n"),
    ("variables.yml", "customer_tier: @\n"),
    ("variables.yml", "cloud_provider: @\n"),
    ("variables.yml", "region: @\n"),
    ("variables.yml", "@: 1\n"),
    ("variables.yml", "environments: {@: {}}\n"),
    ("variables.yml", "environments: {dev: {region: @}}\n"),
    ("variables.yml", "environments: {dev: {instance_type: @}}\n"),
    ("variables.yml", "services: {@: {}}\n"),
    ("variables.yml", "regions: {@: {}}\n"),
    ("variables.yml", "networking: {vpc_cidr: @}\n"),
    ("variables.yml", "compute: {instance_type: @}\n"),
    ("variables.yml", "compute: {instance_type: t3.small, ami_id: @}\n"),
    ("variables.yml", "compute: {instance_type: t3.small, key_name: @}\n"),
    ("variables.yml", "compute: {instance_type: t3.small, user_data_script: @}\n"),
    ("variables.yml", "compute: {instance_type: t3.small, min_instances: @}\n"),
    ("variables.yml", "compute: {instance_type: t3.small, @: 1}\n"),
    ("variables.yml", "database: {engine: @, engine_version: @, instance_class: @}\n"),
    ("variables.yml", "storage: {bucket_name: @, lifecycle_rules: [{name: @, enabled: true, expiration_days: 1}]}\n"),
    ("variables.yml", "monitoring: {enable_cloudwatch: @, alarm_email: @}\n"),
    ("variables.yml", "security: {allowed_cidr_blocks: [@], ssl_certificate_arn: @}\n"),
    ("variables.yml", "backup: {schedule: @}\n"),
    ("variables.yml", "notifications: {slack_webhook: @, email_list: [@]}\n"),
    ("variables.yml", "tags: {@: value}\n"),
    ("variables.yml", "tags: {key: @}\n"),
    ("variables.yml", "tags: {key: '{{ environment }}', other: @}\n"),
    ("variables.yml", "custom: {@: @}\n"),
    ("variables.yml", "custom: @\n"),
    ("variables.yml", "tags: {key: &# value, other: *#}\n"),
    ("variables.yml", "custom: {key: !# value}\n"),
    ("variables.yml", "custom: {key: #}\n"),
    ("variables.yml", "custom:\n  key: |\n    #\n"),
    ("variables.yml", "# #\n"),
    ("variables.yml", "#"),
    ("#-vars.yml", "tags: {a: b}\n"),
    ("#-variables.yml", "tags: {a: b}\n"),
    ("#.yml", ""),
    ("api-vars.yml", "environments: {@: {tags: {@: @}}}\n"),
    ("api-vars.yml", "compute: {instance_type: t3.small, user_data_script: @}\nregions: {@: {}}\n"),
    ("eu-west-2-variables.yml", "services: {@: {}}\n"),
];

/// A whole base document, without the keys that a text writes itself.
fn base_beside(text: &str) -> String {
    let lines = ["project_name: shop", "region: eu-west-1", "environments: {dev: {}}", "networking: {vpc_cidr: 10.20.0.0/16}"];
    let is_free = |line: &&&str| line.split_once(':').is_some_and(|(key, _)| !text.starts_with(&format!("{key}:")));
    lines.iter().filter(is_free).map(|line| format!("{line}\n")).collect()
}

#[test]
fn hostile_text_in_any_place_of_a_repository_is_reported_or_stays_text() {
    let (platform, interfaces) = (Platform::built_in(), Interfaces::built_in());
    let surroundings = CompileContext { platform: &platform, interfaces: &interfaces, output_to_workspace: ".." };
    let mut random = Random::new(9);
    let mut compiled_of = vec![0; PLACES.len()];
    for round in 0..PLACES.len() * 100 {
        let (name, text) = PLACES[round % PLACES.len()];
        let hostile = hostile(&mut random);
        // JSON's strings are YAML's.
        let quoted = serde_json::Value::from(hostile.as_str()).to_string();
        let name = name.replace('#', &hostile);
        // One after the other, so that what is put in is left alone.
        let text: String = text
            .chars()
            .map(|letter| match letter {
                '@' => quoted.clone(),
                '#' => hostile.clone(),
                other => other.to_string(),
            })
            .collect();
        let base = base_beside(&text);
        let mut documents = vec![("variables.yml".to_owned(), base.clone()), (name.clone(), text.clone())];
        if name == "variables.yml" {
            documents = vec![(name, format!("{base}{text}"))];
        }
        documents.sort();
        let files = documents.into_iter().map(|(name, text)| DocumentFile { name, content: Content::Bytes(text.into_bytes()) }).collect();
        let files = RepositoryFiles { files, ..Repository { name: "alder".into(), ..Repository::default() }.files() };
        let (compiled, proven) = customer(files, &surroundings);
        places_fit(&compiled.reports);
        let has_errors = compiled.reports.iter().any(|report| report.severity == Severity::Error);
        assert_eq!(proven.is_none(), has_errors, "{text:?}");
        let Some(proven) = proven else { continue };
        compiled_of[round % PLACES.len()] += 1;
        proven.assemble(&surroundings).iter().for_each(reads_back);
    }
    // A place where nothing is ever taken would show nothing; these take any text, as it is.
    let taken = |text: &str| PLACES.iter().zip(&compiled_of).find(|((_, other), _)| *other == text).map(|(_, count)| *count).unwrap();
    for text in ["compute: {instance_type: t3.small, user_data_script: @}\n", "custom: {@: @}\n"] {
        assert!(taken(text) > 80, "`{text}` was taken {} times", taken(text));
    }
    assert!(taken("compute: {instance_type: t3.small, key_name: @}\n") > 50 && taken("tags: {key: @}\n") > 10, "{compiled_of:?}");
}
