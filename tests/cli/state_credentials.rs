//! Credentials of backends: none is written into a root, and none is shown.

use crate::harness::terralet;
use crate::harness::workspace::{FORMATS, Workspace};

const TABLE: &str = include_str!("../../src/core/platform/tables/backend-arguments.txt");

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments: {dev: {}}
";

const VALUE: &str = "canary-of-the-provider";

/// What each backend does not work without.
const REQUIRED: [(&str, &str); 5] = [
    ("s3", "bucket: states, region: us-east-1, "),
    ("azurerm", "storage_account_name: states, container_name: states, "),
    ("gcs", "bucket: states, "),
    ("http", "address: 'https://states.example.com', "),
    ("cloud", "organization: acme, "),
];

/// The arguments of a backend that are credentials, each with its environment variable.
fn credentials(backend: &str) -> Vec<(&'static str, &'static str)> {
    let row = |row: &'static str| {
        let (name, rest) = row.split_once('\t')?;
        Some((name.strip_prefix(backend)?.strip_prefix('.')?, rest.strip_prefix("credential\t")?))
    };
    TABLE.lines().filter_map(row).collect()
}

#[test]
fn every_credential_of_every_backend_is_refused_and_hidden() {
    let mut seen = 0;
    for (backend, required) in REQUIRED {
        for (name, variable) in credentials(backend) {
            let written = match name.split_once('.') {
                Some((outer, inner)) => format!("{outer}: {{role_arn: 'arn:aws:iam::111111111111:role/one', {inner}: {VALUE}}}"),
                None => format!("{name}: {VALUE}"),
            };
            let state = |more: &str| format!("state: {{backend: {backend}, config: {{{required}{more}}}}}\n");
            let entry = format!("state: {{config: {{{written}}}}}");
            let platforms = [
                state(&written),
                format!("{}registry: {{shop: {{{entry}}}}}\n", state("")),
                format!("{}registry: {{shop: {{environments: {{dev: {{{entry}}}}}}}}}\n", state("")),
            ];
            for platform in platforms {
                let workspace = Workspace::new(&platform, &[("shop/variables.yml", SHOP)]);
                for format in FORMATS {
                    let output = terralet(&workspace.root, &["compile", "--format", format]);
                    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
                    assert_eq!(output.status.code(), Some(2), "{platform}{said}");
                    assert!(said.contains("secret-in-source") && !said.contains(VALUE), "{platform}{said}");
                    assert!(said.contains(variable) || format != "human", "{platform}{said}");
                }
                assert!(workspace.tree().is_empty(), "{platform}");
                seen += 1;
            }
        }
    }
    assert!(seen > 40, "{seen} were tried");
}
