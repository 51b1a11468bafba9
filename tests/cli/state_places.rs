//! Which arguments of a backend make the place of a state: another value of one of them alone is `state-key-changed`, and another value of
//! any other is written.

use crate::harness::workspace::{Workspace, words};
use std::collections::BTreeSet;
use std::fs;
use terralet_core::platform::BackendKind;

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments: {dev: {}}
";

/// What is known of a backend: its arguments as the platform file has them, each with two values.
struct Backend {
    kind: BackendKind,
    /// Arguments that it does not work without; all of them say where state is.
    required: &'static [Argument],
    /// Those that may be left out and say where state is.
    places: &'static [Argument],
    /// Those that say how it is reached, locked and encrypted.
    others: &'static [Argument],
    /// The one that terralet writes itself.
    key: &'static str,
}

/// A name, with `.` before the name in a mapping, and two values.
type Argument = (&'static str, &'static str, &'static str);

const BACKENDS: [Backend; 6] = [
    Backend { kind: BackendKind::Local, required: &[], places: &[("path", "one", "two")], others: &[], key: "path" },
    Backend {
        kind: BackendKind::S3,
        required: &[("bucket", "one", "two"), ("region", "eu-west-1", "eu-west-2")],
        places: &[
            ("endpoint", "https://one.example.com", "https://two.example.com"),
            ("endpoints.s3", "https://one.example.com", "https://two.example.com"),
        ],
        others: &[
            ("acl", "private", "bucket-owner-full-control"),
            ("allowed_account_ids", "['111111111111']", "['222222222222']"),
            ("assume_role.role_arn", "arn:aws:iam::111111111111:role/one", "arn:aws:iam::111111111111:role/two"),
            ("custom_ca_bundle", "one.pem", "two.pem"),
            ("dynamodb_endpoint", "https://one.example.com", "https://two.example.com"),
            ("dynamodb_table", "one", "two"),
            ("encrypt", "true", "false"),
            ("endpoints.dynamodb", "https://one.example.com", "https://two.example.com"),
            ("endpoints.iam", "https://one.example.com", "https://two.example.com"),
            ("endpoints.sts", "https://one.example.com", "https://two.example.com"),
            ("kms_key_id", "arn:aws:kms:eu-west-1:111111111111:key/one", "arn:aws:kms:eu-west-1:111111111111:key/two"),
            ("max_retries", "3", "5"),
            ("profile", "one", "two"),
            ("retry_mode", "standard", "adaptive"),
            ("shared_config_files", "[one]", "[two]"),
            ("skip_credentials_validation", "true", "false"),
            ("skip_region_validation", "true", "false"),
            ("sts_region", "eu-west-1", "eu-west-2"),
            ("use_fips_endpoint", "true", "false"),
            ("use_lockfile", "true", "false"),
            ("use_path_style", "true", "false"),
        ],
        key: "key",
    },
    Backend {
        kind: BackendKind::Azurerm,
        required: &[("storage_account_name", "one", "two"), ("container_name", "one", "two")],
        places: &[
            ("resource_group_name", "one", "two"),
            ("subscription_id", "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"),
            ("environment", "public", "china"),
        ],
        others: &[
            ("client_certificate_path", "one.pfx", "two.pfx"),
            ("client_id", "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"),
            ("msi_endpoint", "http://one.example.com", "http://two.example.com"),
            ("oidc_request_url", "https://one.example.com", "https://two.example.com"),
            ("snapshot", "true", "false"),
            ("tenant_id", "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"),
            ("use_azuread_auth", "true", "false"),
            ("use_cli", "true", "false"),
            ("use_msi", "true", "false"),
            ("use_oidc", "true", "false"),
        ],
        key: "key",
    },
    Backend {
        kind: BackendKind::Gcs,
        required: &[("bucket", "one", "two")],
        places: &[("storage_custom_endpoint", "https://one.example.com/b", "https://two.example.com/b")],
        others: &[
            ("credentials", "one.json", "two.json"),
            ("impersonate_service_account", "one@example.com", "two@example.com"),
            ("impersonate_service_account_delegates", "[one@example.com]", "[two@example.com]"),
            (
                "kms_encryption_key",
                "projects/one/locations/eu/keyRings/a/cryptoKeys/b",
                "projects/two/locations/eu/keyRings/a/cryptoKeys/b",
            ),
        ],
        key: "prefix",
    },
    Backend {
        kind: BackendKind::Http,
        required: &[("address", "https://one.example.com/states", "https://two.example.com/states")],
        places: &[],
        others: &[
            ("client_ca_certificate_pem", "one", "two"),
            ("client_certificate_pem", "one", "two"),
            ("lock_method", "LOCK", "PUT"),
            ("retry_max", "3", "5"),
            ("retry_wait_max", "3", "5"),
            ("retry_wait_min", "3", "5"),
            ("skip_cert_verification", "true", "false"),
            ("unlock_method", "UNLOCK", "PUT"),
            ("update_method", "PUT", "POST"),
        ],
        key: "address",
    },
    Backend {
        kind: BackendKind::Cloud,
        required: &[("organization", "one", "two")],
        places: &[("hostname", "one.example.com", "two.example.com")],
        others: &[("project", "one", "two")],
        key: "workspaces.name",
    },
];

impl Backend {
    /// The platform file with so many arguments.
    fn platform<'a>(&self, arguments: impl Iterator<Item = (&'a str, &'a str)>) -> String {
        let quoted = |value: &str| {
            let is_plain = value.starts_with('[') || ["true", "false"].contains(&value) || value.parse::<u8>().is_ok();
            if is_plain { value.to_owned() } else { format!("'{value}'") }
        };
        let entry = |(name, value): (&str, &str)| match name.split_once('.') {
            Some((outer, inner)) => format!("{outer}: {{{inner}: {}}}", quoted(value)),
            None => format!("{name}: {}", quoted(value)),
        };
        let entries: Vec<String> = arguments.map(entry).collect();
        format!("state: {{backend: {}, config: {{{}}}}}", self.kind.as_str(), entries.join(", "))
    }

    /// The platform file with what is required, and an argument; nothing where it is left out.
    fn with(&self, name: &str, value: Option<&str>) -> String {
        let required = self.required.iter().filter(|(other, ..)| *other != name).map(|(name, one, _)| (*name, *one));
        self.platform(required.chain(value.map(|value| (name, value))))
    }
}

#[test]
fn every_argument_that_makes_the_place_is_walked_through() {
    for backend in &BACKENDS {
        let walked: BTreeSet<&str> = backend.required.iter().chain(backend.places).map(|(name, ..)| *name).chain([backend.key]).collect();
        let known: BTreeSet<&str> = backend.kind.place_arguments().iter().copied().collect();
        assert_eq!(walked, known, "{:?}", backend.kind);
        assert!(backend.others.iter().all(|(name, ..)| !known.contains(name)), "{:?}", backend.kind);
    }
}

#[test]
fn another_value_of_what_makes_the_place_alone_is_a_changed_key() {
    for backend in &BACKENDS {
        for (name, one, two) in backend.required.iter().chain(backend.places) {
            let is_required = backend.required.iter().any(|(required, ..)| required == name);
            let workspace = Workspace::new(&backend.with(name, Some(one)), &[("shop/variables.yml", SHOP)]);
            workspace.compile();
            let before = workspace.tree();
            // It comes, it goes, it becomes another one.
            for value in [Some(*two), None].into_iter().filter(|value| value.is_some() || !is_required) {
                workspace.platform(&backend.with(name, value));
                for call in [&["compile"][..], &["compile", "customers/shop"], &["compile", "--overwrite"]] {
                    let reported = workspace.run(call, 1);
                    assert_eq!(reported.codes(), ["error[state-key-changed]"], "{:?}, {name}: {value:?}", backend.kind);
                    assert!(words(reported.only("state-key-changed")).contains(&format!("`{name} = {one}")), "{name}: {}", reported.text);
                }
                assert_eq!(workspace.tree(), before, "{:?}, {name}: {value:?}", backend.kind);
                workspace.run(&["compile", "--check"], 3);
            }
            if !is_required {
                let _ = fs::remove_dir_all(workspace.output());
                workspace.platform(&backend.with(name, None));
                workspace.compile();
                workspace.platform(&backend.with(name, Some(two)));
                assert_eq!(workspace.run(&["compile"], 1).codes(), ["error[state-key-changed]"], "{:?}, {name}", backend.kind);
            }
        }
    }
}

#[test]
fn another_value_of_anything_else_alone_moves_no_state() {
    for backend in BACKENDS.iter().filter(|backend| !backend.others.is_empty()) {
        let workspace = Workspace::new(&backend.with("", None), &[("shop/variables.yml", SHOP)]);
        workspace.compile();
        let bare = workspace.generated("shop/dev/backend.tf");
        for (name, one, two) in backend.others {
            let mut texts = vec![bare.clone()];
            for value in [Some(*one), Some(*two), None] {
                workspace.platform(&backend.with(name, value));
                let reported = workspace.compile();
                assert!(reported.codes().is_empty(), "{:?}, {name}: {}", backend.kind, reported.text);
                let text = workspace.generated("shop/dev/backend.tf");
                assert_ne!(Some(&text), texts.last(), "{:?}, {name} is written", backend.kind);
                texts.push(text);
            }
            assert_eq!(texts.last(), Some(&bare));
        }
    }
}

/// The key is terralet's own. In a backend that was edited by hand it may be another one.
#[test]
fn an_edited_key_is_another_place() {
    for backend in &BACKENDS {
        let workspace = Workspace::new(&backend.with("", None), &[("shop/variables.yml", SHOP)]);
        workspace.compile();
        let text = workspace.generated("shop/dev/backend.tf");
        let name = backend.key.rsplit('.').next();
        let is_key = |line: &&str| line.trim_start().split([' ', '=']).next() == name;
        let line = text.lines().find(is_key).unwrap_or_else(|| panic!("no `{}` in {text}", backend.key));
        workspace.write(
            "generated/shop/dev/backend.tf",
            &text.replace(line, &line.replace("shop/dev", "cafe/dev").replace("shop-dev", "cafe-dev")),
        );
        let before = workspace.tree();
        let reported = workspace.run(&["compile", "--overwrite"], 1);
        assert_eq!(reported.codes(), ["error[state-key-changed]"], "{:?}: {}", backend.kind, reported.text);
        assert!(words(reported.only("state-key-changed")).contains(&format!("`{} = ", backend.key)), "{}", reported.text);
        assert_eq!(workspace.tree(), before);
    }
}

/// A bucket for each account, environment or region is another place for each; the key follows in full whatever the template says, so that
/// no two deployments have one place and key.
#[test]
fn templates_make_the_place_and_never_the_key() {
    let api = "compute: {instance_type: t3.small}\n";
    let west = "networking: {vpc_cidr: 10.9.0.0/16}\nenvironments: {dev: {}}\n";
    let cafe = SHOP.replace("10.0.", "10.1.").replace("shop", "cafe");
    let registry = "registry: {shop: {account_id: '111111111111'}, cafe: {account_id: '111111111111'}}";
    let documents = [
        ("shop/variables.yml", SHOP.replace("dev: {}", "dev: {}, test: {}")),
        ("shop/api-vars.yml", api.to_owned()),
        ("shop/us-west-2-variables.yml", west.to_owned()),
        ("cafe/variables.yml", cafe.replace("dev: {}", "dev: {}, test: {}")),
    ];
    let documents: Vec<(&str, &str)> = documents.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let variables = ["account_id", "customer_id", "repository", "environment", "region"];
    for backend in &BACKENDS {
        let plain = backend.with("", None);
        let name = backend.required.iter().chain(backend.places).next().unwrap().0;
        let mut keys_of_plain = BTreeSet::new();
        for variable in std::iter::once(None).chain(variables.map(Some)) {
            // A repository's name may have letters that an organization's has not.
            let variable = variable.filter(|variable| backend.kind != BackendKind::Cloud || *variable != "repository");
            let before = if backend.kind == BackendKind::Http { "https://one.example.com/" } else { "one-" };
            let value = variable.map(|variable| format!("{before}{{{{ {variable} }}}}"));
            let platform = value.as_ref().map_or_else(|| plain.clone(), |value| backend.with(name, Some(value)));
            for layout in ["repository", "service", "region"] {
                let platform = platform.replace("state: {", &format!("state: {{layout: {layout}, "));
                let workspace = Workspace::new(&format!("{platform}\nenvironments: {{dev: {{}}, test: {{}}}}\n{registry}"), &documents);
                workspace.compile();
                let tree = workspace.tree();
                let mut places = BTreeSet::new();
                for (file, text) in tree.iter().filter(|(file, _)| file.ends_with("/backend.tf")) {
                    let place = terralet_core::tree::state_place(text).unwrap();
                    let directory = file.strip_suffix("/backend.tf").unwrap();
                    let key = place.iter().find_map(|line| line.strip_prefix(&format!("{} = ", backend.key))).unwrap();
                    let key = if let BackendKind::Http = backend.kind { key.rsplit('/').next().unwrap() } else { key };
                    let is_right = match backend.kind {
                        // 16 characters of a hash, behind what can be read of the key.
                        BackendKind::Http | BackendKind::Cloud => key[..key.len() - 17] == directory.replace('/', "-"),
                        _ => key.trim_end_matches("/terraform.tfstate").ends_with(directory),
                    };
                    assert!(is_right, "{platform}: {key} at {directory}");
                    assert!(!text.contains("{{"), "{text}");
                    assert!(places.insert(place.clone()), "{platform}: two deployments at {place:?}");
                    if variable.is_none() && backend.key != "path" {
                        keys_of_plain.insert((layout, key.to_owned()));
                    } else if backend.key != "path" {
                        assert!(keys_of_plain.contains(&(layout, key.to_owned())), "{platform}: another key {key}");
                    }
                }
                assert_eq!(places.len(), 8, "{platform}");
                // Where the template is written or taken out, every state would move.
                if layout == "repository" && variable.is_some() {
                    workspace.platform(&format!("{plain}\nenvironments: {{dev: {{}}, test: {{}}}}\n{registry}"));
                    let reported = workspace.run(&["compile"], 1);
                    assert_eq!(reported.codes(), vec!["error[state-key-changed]"; 8], "{platform}");
                    assert_eq!(workspace.tree(), tree);
                }
            }
        }
    }
}
