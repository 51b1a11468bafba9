//! A literal under a key that names a secret, however deep below it, is refused and shown by no command in no format; what only speaks of
//! secrets is taken.

use crate::harness::workspace::{FORMATS, NETWORK_ALONE as BASE, OF_ANY_SECTION as PLATFORM, Workspace};
use crate::harness::{command, read_tree};
use std::io::Write;
use std::process::Stdio;

const SECRET: &str = "correct-horse-battery-staple";

/// Names of secrets. Each is tried with every way to join its words.
const NAMES: [&str; 41] = [
    "password",
    "db password",
    "root passwd",
    "mysql pwd",
    "db pass",
    "smtp pass",
    "ssh passphrase",
    "secret",
    "client secret",
    "webhook secret",
    "app secrets",
    "token",
    "deploy token",
    "access tokens",
    "auth token",
    "api key",
    "billing api key",
    "stripe api keys",
    "aws secret access key",
    "access key",
    "storage account key",
    "private key",
    "tls private key",
    "signing key",
    "encryption key",
    "master key",
    "shared key",
    "session key",
    "hmac key",
    "license key",
    "connection string",
    "credentials",
    "registry credential",
    "password 2",
    "password value",
    "password plaintext",
    "secret base64",
    "token old",
    "token production",
    "passwords",
    "passcode",
];

/// Keys that speak of secrets, with values that are none.
const LEGAL: [(&str, &str); 40] = [
    ("secret_name", "shop/database"),
    ("secret_arn", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop"),
    ("secret", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop"),
    ("password", "ssm:/shop/dev/password"),
    ("db_password", "\"{{ password_of_dev }}\""),
    ("db_password", "${DB_PASSWORD}"),
    ("token", "vault:kv/shop#token"),
    ("client_secret", "op://shop/client/secret"),
    ("password", "secretsmanager:shop/dev:password"),
    ("password", "true"),
    ("secret", "false"),
    ("token", "null"),
    ("password", "\"\""),
    ("max_tokens", "4096"),
    ("tokens", "4096"),
    ("token", "0.5"),
    ("password_policy", "strict"),
    ("password_length", "12"),
    ("password_rotation_days", "90 days"),
    ("require_password", "always"),
    ("enable_token", "yes"),
    ("token_ttl", "15m"),
    ("tokenizer", "words"),
    ("secretary", "Ada"),
    ("passwordless", "always"),
    ("api_key_id", "shop-1"),
    ("api_key_header", "X-Api-Key"),
    ("public_key", "shop-deploy"),
    ("public_api_key", "shop-web"),
    ("key_name", "shop-admin"),
    ("ssh_key", "shop-admin"),
    ("key", "value"),
    ("primary_key", "id"),
    ("monkey", "yes"),
    ("compass", "north"),
    ("bypass", "cache"),
    ("access_key_id", "shop"),
    ("private_key_path", "/run/keys/shop"),
    ("credentials", "{file: shop.json, profile: shop}"),
    ("client_secret", "{name: shop/client, key: secret, version: latest}"),
];

/// A name with its words joined in each way.
fn spellings(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    let pascal: String = words.iter().map(|word| capital(word)).collect();
    let camel = pascal[..1].to_lowercase() + &pascal[1..];
    let mut all = vec![words.join("_"), words.join("-"), words.join("."), words.join(" "), words.join("_").to_uppercase(), words.concat()];
    if words.last().is_some_and(|word| ["value", "plaintext", "base64", "old", "production"].contains(word)) {
        // Which one it is, written as one word with the name, is a name of its own.
        all.pop();
    }
    all.extend([camel, pascal, format!("shop_{}", words.join("_")), format!("SHOP_{}", words.join("_").to_uppercase())]);
    all.dedup();
    all
}

/// The ways in which a literal stands under a key. Each has it once.
fn shapes(key: &str) -> Vec<String> {
    let key = serde_json::to_string(key).unwrap();
    let literals = [
        SECRET.to_owned(),
        format!("\"{SECRET}\""),
        format!("'{SECRET}'"),
        format!("[{SECRET}]"),
        format!("{{value: {SECRET}}}"),
        format!("{{dev: {{value: \"{SECRET}\"}}}}"),
        format!("[[{SECRET}, ~], true]"),
        format!("{{list: [{{plain: {SECRET}}}]}}"),
        format!("&anchored {SECRET}"),
        format!("|\n      {SECRET}\n"),
    ];
    literals.map(|literal| format!("{key}: {literal}")).to_vec()
}

/// A document that has an entry in `custom`.
fn with(entry: &str) -> String {
    format!("{BASE}custom:\n  note: before\n  {entry}\n  after: note\n")
}

fn said(workspace: &Workspace, arguments: &[&str], format: &str) -> String {
    let mut command = command(&workspace.root, &[arguments, &["--color", "never", "--format", format]].concat());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // `trace` reads it, and the others go without.
    let _closed = writeln!(
        child.stdin.take().unwrap(),
        "{{\"diagnostics\": [{{\"severity\": \"error\", \"summary\": \"s\", \"detail\": \"\", \"range\": {{\"filename\": \"main.tf\", \"start\": {{\"line\": 3, \"column\": 1, \"byte\": 9}}, \"end\": {{\"line\": 3, \"column\": 2, \"byte\": 10}}}}}}]}}"
    );
    let output = child.wait_with_output().unwrap();
    format!("{}{}", String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// No command shows the secret in any format, and `check` reports it as often as there are places.
fn hides(workspace: &Workspace, what: &str, addresses: &[String], places: Option<usize>) {
    let commands = [vec!["check"], vec!["compile"], vec!["compile", "--check"], vec!["check", "--fix", "--dry-run"], vec!["list"]];
    let mut commands: Vec<Vec<&str>> = commands.into_iter().collect();
    for address in addresses {
        commands.extend([vec!["why", address], vec!["trace", address]]);
    }
    for arguments in &commands {
        for format in FORMATS {
            let said = said(workspace, arguments, format);
            let shown = said.find(SECRET).map(|at| &said[at.saturating_sub(200)..at]);
            assert_eq!(shown, None, "{what}: {arguments:?} as {format}");
        }
    }
    assert!(read_tree(&workspace.output()).values().all(|text| !text.contains(SECRET)), "{what}");
    if let Some(places) = places {
        let reported: serde_json::Value = serde_json::from_str(&said(workspace, &["check"], "json")).unwrap();
        let codes = reported["diagnostics"].as_array().unwrap().iter().filter(|reported| reported["code"] == "secret-in-source");
        let found: Vec<&str> = codes.map(|reported| reported["customer"].as_str().unwrap()).collect();
        assert_eq!(found.len(), places, "{what}: {found:?}");
    }
}

#[test]
fn every_name_of_a_secret_in_every_spelling_is_refused_and_hidden() {
    let workspace = Workspace::new(PLATFORM, &[]);
    // Which of several it is may be said twice, where the words are apart.
    let numbered = ["password_old_2", "token-2-old", "api_key_old_2"].map(str::to_owned);
    let keys: Vec<String> = NAMES.iter().flat_map(|name| spellings(name)).chain(numbered).collect();
    for (number, key) in keys.iter().enumerate() {
        workspace.document(&format!("c{number}/variables.yml"), &with(&format!("{}: {SECRET}", serde_json::to_string(key).unwrap())));
    }
    let reported: serde_json::Value = serde_json::from_str(&said(&workspace, &["check"], "json")).unwrap();
    let reported: Vec<&str> =
        reported["diagnostics"].as_array().unwrap().iter().map(|reported| reported["customer"].as_str().unwrap_or("")).collect();
    let missed: Vec<&String> =
        keys.iter().enumerate().filter(|(number, _)| !reported.contains(&format!("c{number}").as_str())).map(|(_, key)| key).collect();
    assert!(missed.is_empty(), "{missed:?}");
    hides(&workspace, "spellings", &["c0/dev".to_owned()], Some(keys.len()));
}

#[test]
fn every_shape_of_a_literal_below_the_name_of_a_secret_is_refused_and_hidden() {
    let names = ["client_secret", "dbPassword", "AWS_SECRET_ACCESS_KEY"];
    let workspace = Workspace::new(PLATFORM, &[]);
    let mut documents: Vec<String> = names.iter().flat_map(|name| shapes(name)).map(|entry| with(&entry)).collect();
    let places = documents.len();
    for name in names {
        documents.extend([
            format!("{BASE}tags: {{{name}: {SECRET}}}\n"),
            format!("{BASE}database: {{{name}: {{value: {SECRET}}}}}\n"),
            format!("{BASE}compute: {{instance_type: t3.small, {name}: {SECRET}}}\n"),
            format!("{BASE}{name}: {SECRET}\n"),
            BASE.replace("{dev: {}}", &format!("{{dev: {{custom: {{{name}: [{SECRET}]}}}}}}")),
        ]);
    }
    let places = places + 5 * names.len();
    for (number, document) in documents.iter().enumerate() {
        workspace.document(&format!("c{number}/variables.yml"), document);
    }
    let addresses: Vec<String> = (0..documents.len()).step_by(4).map(|number| format!("c{number}/dev")).collect();
    hides(&workspace, "shapes", &addresses, Some(places));
    // Overrides, and what they went over.
    let base = with(&format!("client_secret: {SECRET}"));
    let overlay = format!("environments: {{dev: {{custom: {{client_secret: \"{SECRET}\"}}}}}}\nnetworking: {{vpc_cidr: 10.21.0.0/16}}\n");
    let removed = "environments: {dev: {custom: null}}\nnetworking: {vpc_cidr: 10.22.0.0/16}\n";
    let documents =
        [("shop/variables.yml", &*base), ("shop/us-east-1-variables.yml", &*overlay), ("shop/eu-central-1-variables.yml", removed)];
    let workspace = Workspace::new(PLATFORM, &documents);
    let addresses = ["shop/dev", "shop/dev/us-east-1", "shop/dev/eu-central-1"].map(str::to_owned);
    hides(&workspace, "layers", &addresses, Some(2));
}

#[test]
fn what_is_no_reference_and_no_count_is_a_secret() {
    let refused = [
        // A number is a password, and in quotes it is any other secret too.
        "db_password: 20240117",
        "passcode: 0042",
        "root_pwd: 1.5",
        "token: \"20240117\"",
        "api_key: '4096'",
        // Two templates make a text, and a scheme alone no place.
        "password: \"{{ one }}-{{ two }}\"",
        "password: \"${ONE}${TWO}\"",
        "password: \"{{ one }}x\"",
        "password: secret:hunter",
        "password: \"vault:\"",
        "password: \"op: correct horse/battery\"",
        "password: ssm",
        // Capitals start a word behind others.
        "DBPASSWORDValue: hunter",
        "APIKeyOld: hunter",
        // What is a customer's own has no names that the language asks for.
        "services: {token: {plain: hunter}}",
        "environments: {db-secret: [hunter]}",
        "client_secret: {kind: basic, deeper: {value: hunter}}",
    ];
    let taken = [
        "password: ENV:DB_PASSWORD",
        "password: env:DB_PASSWORD",
        "password: VAULT:kv/shop",
        "password: SSM:/shop/dev",
        "password: \"{{ one }}\"",
        "password: ${ONE}",
        "client_secret: {kind: basic, name: shop/client}",
    ];
    let workspace = Workspace::new(PLATFORM, &[]);
    for (number, entry) in refused.iter().chain(&taken).enumerate() {
        workspace.document(&format!("c{number}/variables.yml"), &with(entry));
    }
    let reported: serde_json::Value = serde_json::from_str(&said(&workspace, &["check"], "json")).unwrap();
    let codes = reported["diagnostics"].as_array().unwrap().iter().filter(|reported| reported["code"] == "secret-in-source");
    let found: Vec<usize> = codes.map(|reported| reported["customer"].as_str().unwrap()[1..].parse().unwrap()).collect();
    let at = |number: usize| refused.iter().chain(&taken).nth(number).unwrap();
    let missed: Vec<&&str> = (0..refused.len()).filter(|number| !found.contains(number)).map(at).collect();
    let wrong: Vec<&&str> = found.iter().filter(|number| **number >= refused.len()).map(|number| at(*number)).collect();
    assert!(missed.is_empty() && wrong.is_empty(), "missed {missed:?}, wrong {wrong:?}");
}

#[test]
fn the_line_of_a_secret_is_hidden_in_a_document_that_does_not_parse() {
    let workspace = Workspace::new(PLATFORM, &[]);
    let mut number = 0;
    for shape in shapes("client_secret").into_iter().chain(shapes("dbPassword")) {
        if shape.contains("{dev") || shape.contains("[[") {
            continue;
        }
        // Before the fault and in its line.
        for text in
            [format!("{BASE}custom:\n  {shape}\n  a: [\n"), format!("{BASE}custom: {{a: ]\n  {shape}\n"), format!("{BASE}x: ]\n{shape}\n")]
        {
            workspace.document(&format!("c{number}/variables.yml"), &text);
            number += 1;
        }
    }
    // Braces of a template end no mapping: what is joined to it is hidden too.
    for template in ["${var}", "{{ name }}"] {
        workspace.document(&format!("c{number}/variables.yml"), &format!("{BASE}custom: {{password: {template}{SECRET}, a: ]\n"));
        number += 1;
    }
    hides(&workspace, "broken", &["c0/dev".to_owned()], None);
}

#[test]
fn more_secrets_than_are_reported_are_all_hidden() {
    let lines: String = (0..1500).map(|number| format!("  k{number}_secret: {{value: {SECRET}}}\n")).collect();
    let text = format!("{BASE}custom:\n{lines}zzz: 1\n");
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &text)]);
    hides(&workspace, "many", &["shop/dev".to_owned()], None);
}

#[test]
fn what_only_speaks_of_secrets_is_taken() {
    let workspace = Workspace::new(&format!("{PLATFORM}environments: {{dev: {{}}, token: {{}}, db-secret: {{}}}}\n"), &[]);
    for (number, (key, value)) in LEGAL.iter().enumerate() {
        workspace.document(&format!("c{number}/variables.yml"), &with(&format!("{key}: {value}")));
    }
    // Names that the language asks for are a customer's own.
    workspace.document("names/variables.yml", &BASE.replace("dev: {}", "dev: {}, token: {}, db-secret: {custom: {a: b}}"));
    workspace.document("names/auth-token-vars.yml", "compute: {instance_type: t3.small}\n");
    workspace.document("inline/variables.yml", &format!("{BASE}services: {{auth-token: {{compute: {{instance_type: t3.small}}}}}}\n"));
    let reported = workspace.run(&["check"], 0);
    let wrong: Vec<String> = reported.json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|reported| reported["code"] == "secret-in-source")
        .map(ToString::to_string)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
