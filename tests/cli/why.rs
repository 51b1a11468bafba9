//! `terralet why`: where each value of a deployment comes from, also of a customer whose documents have errors.

use crate::harness::workspace::{OF_ANY_SECTION as PLATFORM, Workspace};
use crate::harness::{expect, terralet};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const BASE: &str = "\
project_name: shop
region: eu-west-1
environments:
  dev: {}
  staging:
    region: eu-central-1
    database: null
networking:
  vpc_cidr: 10.20.0.0/16
database:
  engine: postgres
  engine_version: \"16.4\"
  instance_class: db.t4g.micro
  allocated_storage: 20
";

/// A value's winner and what it overrode, each as its value, layer and place.
fn history(reported: &Value, key: &str) -> Vec<String> {
    let values = reported["values"].as_array().unwrap();
    let value = values.iter().find(|value| value["key"] == key).unwrap_or_else(|| panic!("no `{key}` in {reported:#}"));
    let place = |place: &Value| {
        let file = place["file"].as_str().unwrap_or("-").rsplit('/').next().unwrap();
        format!("{} | {} | {file}:{}", place["value"].as_str().unwrap(), place["layer"].as_str().unwrap(), place["line"])
    };
    [&value["winner"]].into_iter().chain(value["overrode"].as_array().unwrap()).map(place).collect()
}

#[test]
fn a_region_shows_what_it_overrode() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", BASE)]);
    let why = |address: &str| workspace.run(&["why", address], 0).json;
    assert_eq!(history(&why("shop/dev"), "region"), ["eu-west-1 | base | variables.yml:2"]);
    assert_eq!(
        history(&why("shop/staging"), "region"),
        ["eu-central-1 | base, environment staging | variables.yml:6", "eu-west-1 | base | variables.yml:2"]
    );
    // A region overlay by its name, and by what it says.
    workspace.document("shop/us-east-1-variables.yml", "environments: {dev: {}}\n");
    workspace.document("shop/us-west-variables.yml", "region: us-west-2\nenvironments: {dev: {}}\n");
    assert_eq!(
        history(&why("shop/dev/us-east-1"), "region"),
        ["us-east-1 | name of the region overlay | us-east-1-variables.yml:1", "eu-west-1 | base | variables.yml:2"]
    );
    assert_eq!(
        history(&why("shop/dev/us-west-2"), "region"),
        ["us-west-2 | region overlay us-west | us-west-variables.yml:1", "eu-west-1 | base | variables.yml:2"]
    );
}

#[test]
fn a_section_that_a_null_removed_is_shown_with_what_it_was() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", BASE)]);
    let reported = workspace.run(&["why", "shop/staging", "database"], 0).json;
    let history = history(&reported, "database");
    assert_eq!(history[0], "null | base, environment staging | variables.yml:7");
    assert!(history[1].starts_with("{engine: postgres, engine_version: \"16.4\""), "{history:?}");
    assert_eq!((reported["values"].as_array().unwrap().len(), history.len()), (1, 2));
    let said = expect(&workspace.root, &["why", "shop/staging", "database"], 0);
    assert!(
        said.contains("database = null\n    from customers/shop/infra/variables.yml:7:15 (base, environment staging)\n    over {engine:"),
        "{said}"
    );
    // A section has all its keys.
    let dev = workspace.run(&["why", "shop/dev", "database"], 0).json;
    assert!(dev["values"].as_array().unwrap().iter().all(|value| value["key"].as_str().unwrap().starts_with("database.")));
}

#[test]
fn a_customer_with_errors_gets_its_values_and_its_errors() {
    let text = BASE.replace("allocated_storage: 20", "allocated_storage: plenty\n  multi_azz: true");
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &text), ("cafe/variables.yml", BASE)]);
    let reported = workspace.run(&["why", "shop/dev", "database.allocated_storage"], 1).json;
    assert_eq!(history(&reported, "database.allocated_storage"), ["plenty | base | variables.yml:14"]);
    let codes =
        |reported: &Value| reported["diagnostics"].as_array().unwrap().iter().map(|reported| reported["code"].clone()).collect::<Vec<_>>();
    assert_eq!(codes(&reported), ["wrong-type", "unknown-key"]);
    let output = terralet(&workspace.root, &["why", "shop/dev"]);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(out.contains("networking.vpc_cidr = 10.20.0.0/16") && out.contains("database.allocated_storage = plenty"), "{out}");
    assert!(err.contains("error[unknown-key]") && err.contains("1 customer, 1 with errors"), "{err}");
    // The other customer has none, and gets none.
    assert_eq!(workspace.run(&["why", "cafe/dev"], 0).json["diagnostics"], json!([]));
}

#[test]
fn an_error_between_customers_leaves_their_values_to_ask_for() {
    let platform = "customers: [customers/*]\nrules: {section-without-module: off}\nregistry:\n  shop: {account_id: \"111111111111\"}\n  cafe: {account_id: \"111111111111\"}\n";
    let workspace = Workspace::new(platform, &[("shop/variables.yml", BASE), ("cafe/variables.yml", BASE)]);
    // An address is answered from its own repository; what crosses customers is for `check`.
    let reported = workspace.run(&["why", "shop/dev", "networking.vpc_cidr"], 0).json;
    assert_eq!(history(&reported, "networking.vpc_cidr"), ["10.20.0.0/16 | base | variables.yml:9"]);
    // The end of an address is looked for in all of them.
    workspace.document("cafe/variables.yml", &BASE.replace("dev", "production"));
    let reported = workspace.run(&["why", "production", "networking.vpc_cidr"], 1).json;
    assert_eq!(reported["address"], "cafe/production");
    assert!(reported["diagnostics"].to_string().contains("cidr-overlap"), "{reported:#}");
}

#[test]
fn a_customer_whose_documents_do_not_parse_gets_its_errors() {
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", "environments: [\n"), ("cafe/variables.yml", BASE)]);
    let output = terralet(&workspace.root, &["why", "shop/dev"]);
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(err.contains("unknown deployment `shop/dev`") && err.contains("error[yaml-syntax]"), "{err}");
    let reported = workspace.run(&["why", "shop/dev"], 1).json;
    assert_eq!(reported["diagnostics"][0]["code"], "yaml-syntax");
    workspace.run(&["why", "nobody/dev"], 2);
}

const IN_S3: &str = "{backend: s3, config: {bucket: \"states-{{ account_id }}\", region: us-east-1}}";
const IN_GITLAB: &str = "{backend: http, config: {address: 'https://states.test/{{ account_id }}'}}";
const IN_HCP_TERRAFORM: &str = "{backend: cloud, config: {organization: acme, project: '{{ customer_id }}'}}";

const EVERYTHING: &str = "\
platform: acme
state: STATE
clouds: {aws: {assume_role_arn: \"arn:aws:iam::{{ account_id }}:role/run\", default_ami: {eu-west-1: {x86_64: ami-0123456789abcdef0}}}}
registry: {shop: {account_id: '111111111111'}}
rules: {section-without-module: off}
";

fn everything(state: &str) -> Workspace {
    let base = format!("{BASE}tags: {{team: sales}}\n");
    let api = "compute: {instance_type: t3.small, min_instances: 2, max_instances: 4}\nsecurity: {allowed_cidr_blocks: [10.0.0.0/8]}\n";
    let workspace = Workspace::new(&EVERYTHING.replace("STATE", state), &[("shop/variables.yml", &base), ("shop/api-vars.yml", api)]);
    workspace.compile();
    workspace
}

/// Each argument that stands in a generated file is in the answer, with its line, and with the line that it comes from unless it is
/// terralet's own.
#[test]
fn everything_that_is_emitted_has_an_answer() {
    let (mut lines, mut own) = (0, BTreeSet::new());
    let roots = [IN_S3, IN_GITLAB, IN_HCP_TERRAFORM].map(everything);
    let directories = ["shop/dev", "shop/dev/api-service", "shop/staging"];
    for (workspace, root) in roots.iter().flat_map(|workspace| directories.map(|root| (workspace, root))) {
        let reported = workspace.run(&["why", root], 0).json;
        let emitted = reported["emitted"].as_array().unwrap();
        for name in workspace.files(root) {
            let file = format!("generated/{root}/{name}");
            for (index, line) in workspace.generated(&format!("{root}/{name}")).lines().enumerate() {
                let Some((argument, value)) = line.split_once(" = ").filter(|(_, value)| !value.ends_with(['{', '['])) else { continue };
                lines += 1;
                let found = emitted.iter().find(|found| found["file"] == *file && found["line"] == index + 1);
                let found = found.unwrap_or_else(|| panic!("{file}:{}: nobody says where `{line}` comes from", index + 1));
                assert_eq!(found["value"].as_str().unwrap(), value, "{file}:{}", index + 1);
                let key = found["key"].as_str().unwrap();
                assert!(key.ends_with(argument.trim().trim_matches('"')), "{key}: {line}");
                // What is wired to other modules is terralet's own.
                if found["from"].is_null() && !value.contains("module.") && !value.contains("data.terraform_remote_state.") {
                    own.insert(key.to_owned());
                }
            }
        }
    }
    assert!(lines > 240, "only {lines} lines");
    let is_own = |key: &String| {
        ["terraform.required", "data.terraform_remote_state.shared.backend", "output."].iter().any(|own| key.starts_with(own))
            || key.ends_with(".source")
    };
    let unknown: Vec<&String> = own.iter().filter(|key| !is_own(key)).collect();
    assert!(unknown.is_empty(), "no line is named for {unknown:?}");
}

#[test]
fn a_key_may_be_what_is_emitted() {
    let workspace = everything(IN_S3);
    let answer = |key: &str| {
        let reported = workspace.run(&["why", "shop/dev/api-service", key], 0).json;
        let emitted = reported["emitted"].as_array().unwrap();
        let line = |found: &Value| {
            format!(
                "{} from {}:{}",
                found["key"].as_str().unwrap(),
                found["from"]["file"].as_str().unwrap_or("-").rsplit('/').next().unwrap(),
                found["from"]["line"]
            )
        };
        emitted.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(answer("image"), ["module.customer_compute.ami_id from terralet.yml:3"]);
    assert_eq!(answer("name"), ["module.customer_compute.name from variables.yml:1"]);
    assert_eq!(
        answer("account"),
        ["provider.aws.allowed_account_ids from terralet.yml:4", "provider.aws.assume_role.role_arn from terralet.yml:3"]
    );
    assert!(answer("tags").contains(&"provider.aws.default_tags.tags.platform from terralet.yml:1".to_owned()));
    assert!(answer("bucket").contains(&"terraform.backend.s3.bucket from terralet.yml:2".to_owned()));
    // A value of a document is shown with its layers, and where it stands in the root.
    assert_eq!(answer("compute.max_instances"), ["module.customer_compute.max_instances from api-vars.yml:1"]);
    let reported = workspace.run(&["why", "shop/dev", "subnets"], 0).json;
    assert!(reported["emitted"].as_array().unwrap().len() >= 6, "{reported:#}");
    assert!(workspace.run(&["why", "shop/dev", "nmae"], 1).text.contains("did you mean `name`?"));
}

/// Where a backend takes no key, what is made with the name of a state comes from both lines.
#[test]
fn the_place_of_a_state_is_from_the_platform_and_its_name_from_the_deployment() {
    let origins = |state: &str, word: &str| {
        let reported = everything(state).run(&["why", "shop/dev/api-service", word], 0).json;
        let line = |found: &Value| {
            let file = found["from"]["file"].as_str().unwrap_or("-").rsplit('/').next().unwrap();
            format!("{} {file}:{}", found["key"].as_str().unwrap(), found["from"]["line"])
        };
        reported["emitted"].as_array().unwrap().iter().map(line).collect::<BTreeSet<String>>()
    };
    let gitlab = origins(IN_GITLAB, "state");
    for argument in ["address", "lock_address", "lock_method", "unlock_address", "unlock_method"] {
        assert!(gitlab.contains(&format!("terraform.backend.http.{argument} terralet.yml:2")), "{gitlab:#?}");
    }
    let cloud = origins(IN_HCP_TERRAFORM, "state");
    for argument in ["hostname", "organization", "workspaces.project"] {
        assert!(cloud.contains(&format!("terraform.cloud.{argument} terralet.yml:2")), "{cloud:#?}");
    }
    assert!(cloud.iter().any(|line| line.starts_with("terraform.cloud.workspaces.name variables.yml:")), "{cloud:#?}");
    let shared = origins(IN_HCP_TERRAFORM, "workspaces");
    assert!(
        shared.iter().any(|line| line.starts_with("data.terraform_remote_state.shared.config.workspaces.name variables.yml:")),
        "{shared:#?}"
    );
}

#[test]
fn a_line_of_a_generated_file_has_an_answer() {
    let workspace = everything(IN_S3);
    let text = workspace.generated("shop/dev/api-service/main.tf");
    let number = |part: &str| text.lines().position(|line| line.contains(part)).unwrap() + 1;
    let line = number("max_instances");
    let paths = [
        format!("generated/shop/dev/api-service/main.tf:{line}"),
        format!("generated/shop/dev/api-service/main.tf:{line}:5"),
        format!("shop/dev/api-service/main.tf:{line}"),
        format!("{}:{line}", workspace.output().join("shop/dev/api-service/main.tf").display()),
    ];
    for path in &paths {
        let reported = workspace.run(&["why", path], 0).json;
        assert_eq!(reported["emitted"].as_array().unwrap().len(), 1, "{path}");
        assert_eq!(reported["emitted"][0]["key"], "module.customer_compute.max_instances");
        assert_eq!(history(&reported, "compute.max_instances"), ["4 | service overlay api | api-vars.yml:1"], "{path}");
    }
    // What was added by hand moves the lines.
    let edited = text.replacen("\n\n", "\n# by hand\n\n", 1);
    workspace.write("generated/shop/dev/api-service/main.tf", &edited);
    let reported = workspace.run(&["why", &format!("generated/shop/dev/api-service/main.tf:{}", line + 1)], 0).json;
    assert_eq!(reported["emitted"][0]["key"], "module.customer_compute.max_instances");
    for nothing in ["main.tf:1", "main.tf:9999", "main.tf:0", "none.tf:3"] {
        let reported = workspace.run(&["why", &format!("generated/shop/dev/api-service/{nothing}")], 1);
        assert!(reported.text.contains("holds no value of the deployment"), "{nothing}: {}", reported.text);
    }
    workspace.run(&["why", "generated/shop/nowhere/main.tf:3"], 2);
}

#[test]
fn each_parameter_of_a_database_has_its_own_history() {
    let base = BASE.replace("    database: null\n", "    database: {parameters: {log_statement: all, work_mem: null}}\n")
        + "  parameters: {log_statement: ddl, work_mem: 4096}\n";
    let platform =
        format!("{PLATFORM}tiers: {{standard: {{defaults: {{database: {{parameters: {{work_mem: 1024, log_connections: 1}}}}}}}}}}\n");
    let workspace = Workspace::new(&platform, &[("shop/variables.yml", &base)]);
    let reported = workspace.run(&["why", "shop/staging"], 0).json;
    assert_eq!(
        history(&reported, "database.parameters.log_statement"),
        ["all | base, environment staging | variables.yml:7", "ddl | base | variables.yml:15"]
    );
    assert_eq!(history(&reported, "database.parameters.work_mem")[0], "null | base, environment staging | variables.yml:7");
    assert!(history(&reported, "database.parameters.log_connections")[0].starts_with("1 | defaults of tier standard"));
    let one = workspace.run(&["why", "shop/staging", "database.parameters.log_statement"], 0).json;
    assert_eq!(one["values"].as_array().unwrap().len(), 1);
    let all = workspace.run(&["why", "shop/staging", "database.parameters"], 0).json;
    assert_eq!(all["values"].as_array().unwrap().len(), 3);
}

/// Each item of a list of mappings has a place of its own, in the root and in the document.
#[test]
fn defaults_of_a_database_are_those_of_its_engine() {
    let keys = |database: &str| {
        let document =
            BASE.replace("  engine: postgres", database).replace("  allocated_storage: 20\n", "").replace("t4g.micro", "t4g.medium");
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &document)]);
        let json = workspace.run(&["why", "shop/dev", "database"], 0).json;
        let values = json["values"].as_array().unwrap().iter();
        let defaults = values.filter(|value| value["winner"]["layer"] == "default of the language");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        defaults.map(|value| (text(&value["key"]), text(&value["winner"]["value"]))).collect::<Vec<_>>()
    };
    let named = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(key, value)| (format!("database.{key}"), (*value).to_owned())).collect::<Vec<(String, String)>>()
    };
    let retention = ("backup_retention_period", "7");
    let of_rds = [("allocated_storage", "20"), retention, ("multi_az", "false"), ("storage_type", "gp3"), ("replicas", "0")];
    assert_eq!(keys("  engine: postgres"), named(&of_rds));
    let aurora = "  engine: aurora-postgresql";
    assert_eq!(keys(aurora), named(&[retention, ("instances", "1")]));
    assert_eq!(keys(&format!("{aurora}\n  instances: 3")), named(&[retention, ("multi_az", "true from 2 instances on")]));
    let by_standby = ("instances", "2 where multi_az is true, 1 elsewhere");
    assert_eq!(keys(&format!("{aurora}\n  multi_az: true")), named(&[retention, by_standby]));
}

#[test]
fn a_cache_has_the_defaults_of_its_engine_and_its_environment() {
    let keys = |cache: &str, key: &str| {
        let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &format!("{BASE}cache: {{{cache}}}\n"))]);
        let reported = workspace.run(&["why", "shop/dev", key], 0).json;
        history(&reported, key)[0].split(" | ").next().unwrap().to_owned()
    };
    assert_eq!(keys("", "cache.engine_version"), "8.2");
    assert_eq!(keys("engine: redis", "cache.engine_version"), "7.1");
    assert_eq!(keys("engine: redis, engine_version: 7.0", "cache.engine_version"), "7.0");
    assert_eq!(keys("nodes: 3", "cache.nodes"), "3");
    let both = "\
project_name: shop
region: eu-west-1
environments: {dev: {}, production: {}}
networking: {vpc_cidr: 10.0.0.0/16}
database: {engine: aurora-mysql, engine_version: '8.0', instance_class: db.t4g.medium}
cache: {node_type: cache.t4g.small}
";
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", both)]);
    for (environment, held) in [("dev", ["1", "0", "1"]), ("production", ["2", "7", "2"])] {
        let keys = ["cache.nodes", "cache.snapshot_retention_days", "database.instances"];
        let reported = keys.map(|key| {
            let reported = workspace.run(&["why", &format!("shop/{environment}"), key], 0).json;
            history(&reported, key)[0].split(" | ").next().unwrap().to_owned()
        });
        assert_eq!(reported, held, "{environment}");
    }
}

#[test]
fn each_item_of_a_list_has_its_own_place() {
    let volumes = "\
compute:
  instance_type: t3.small
  volumes:
    - {name: data, size: 100, mount: /data}
    - name: logs
      size: 500
      type: st1
";
    let workspace = Workspace::new(PLATFORM, &[("shop/variables.yml", &format!("{BASE}{volumes}"))]);
    workspace.compile();
    let reported = workspace.run(&["why", "shop/dev", "compute.volumes"], 0).json;
    assert_eq!(
        history(&reported, "compute.volumes"),
        ["[{name: data, size: 100, mount: /data}, {name: logs, size: 500, type: st1}] | base | variables.yml:18"]
    );
    let emitted = reported["emitted"].as_array().unwrap_or_else(|| panic!("{reported:#}")).iter();
    let emitted: Vec<String> = emitted
        .map(|one| format!("{} = {} from {}", one["key"].as_str().unwrap(), one["value"].as_str().unwrap(), one["from"]["line"]))
        .collect();
    assert_eq!(
        emitted,
        [
            "module.customer_compute.volumes[0].name = \"data\" from 18",
            "module.customer_compute.volumes[0].size = 100 from 18",
            "module.customer_compute.volumes[0].mount = \"/data\" from 18",
            "module.customer_compute.volumes[1].name = \"logs\" from 19",
            "module.customer_compute.volumes[1].size = 500 from 19",
            "module.customer_compute.volumes[1].type = \"st1\" from 19",
        ]
    );
}
