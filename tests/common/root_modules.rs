//! Generated root modules: everything that can be text is given by the caller, and values nest in every way.

use super::random::Random;
use smol_str::SmolStr;
use terralet_core::platform::Layout;
use terralet_core::terraform::{Backend, Expression, ModuleCall, Output, Provider, RemoteState, RootIdentity, RootModule, StateKey};

const NAMES: [&str; 8] = ["name", "vpc_cidr", "protected", "a", "user_data_script", "master_user_secret_arn", "tags", "private_subnet_ids"];
const REFERENCES: [&[&str]; 2] =
    [&["module", "customer_vpc", "vpc_id"], &["data", "terraform_remote_state", "shared", "outputs", "public_subnet_ids"]];

/// A root module; `text` makes every text in it.
pub(crate) fn root_module(random: &mut Random, text: &mut dyn FnMut(&mut Random) -> String) -> RootModule {
    let identity = RootIdentity {
        repository: "alder".into(),
        environment: "dev".into(),
        region: "eu-west-1".into(),
        service: (random.below(2) == 1).then(|| "api".into()),
    };
    let key = StateKey::new(Layout::Repository, &identity, "alder", random.below(2) == 1);
    let mut backend = |random: &mut Random| {
        let names: Vec<&str> = NAMES.into_iter().filter(|_| random.below(2) == 1).collect();
        let arguments = names.into_iter().map(|name| (name.into(), value(random, text, 0))).collect();
        let mut backend = Backend { kind: ["s3", "local", "gcs", "azurerm", "http", "cloud"][random.below(6)], arguments };
        if backend.is_cloud() {
            let names: Vec<&str> = ["name", "project"].into_iter().filter(|_| random.below(2) == 1).collect();
            let workspace = names.into_iter().map(|name| (name.into(), value(random, text, 0))).collect();
            backend.arguments.push(("workspaces".into(), Expression::Record(workspace)));
        }
        backend
    };
    let (own, remote) = (backend(random), backend(random));
    let shared = (random.below(2) == 1).then(|| RemoteState { key: key.clone(), backend: remote.as_read() });
    let mut tags: Vec<(SmolStr, SmolStr)> = (0..random.below(7)).map(|_| (text(random).into(), text(random).into())).collect();
    tags.sort();
    tags.dedup_by(|a, b| a.0 == b.0);
    let provider = Provider {
        row: &terralet_core::clouds::default_cloud().facts().provider,
        region: text(random).into(),
        version: text(random),
        role_arn: (random.below(2) == 1).then(|| text(random)),
        account_id: (random.below(2) == 1).then(|| text(random)),
        default_tags: tags,
    };
    let calls = (0..random.below(4)).map(|_| call(random, text)).collect();
    let outputs = (0..random.below(5))
        .map(|_| Output { name: NAMES[random.below(8)].into(), value: value(random, text, 0), sensitive: random.below(2) == 1 })
        .collect();
    RootModule { identity, key, backend: own, provider, calls, outputs, shared }
}

fn call(random: &mut Random, text: &mut dyn FnMut(&mut Random) -> String) -> ModuleCall {
    let names: Vec<&'static str> = NAMES.into_iter().filter(|_| random.below(3) > 0).collect();
    let arguments = names.into_iter().map(|name| (name, value(random, text, 0))).collect();
    let constants: Vec<&str> = ["cost_code", "team"].into_iter().filter(|_| random.below(4) == 0).collect();
    let constants = constants.into_iter().map(|name| (name.into(), value(random, text, 0))).collect();
    let module = &terralet_core::clouds::default_cloud().facts().modules[random.below(3)];
    let label = module.label(if random.below(3) == 0 { Some("orders-eu") } else { None });
    let formerly = ["old-shop", "shop"].into_iter().filter(|_| random.below(4) == 0).map(|old| module.label(Some(old))).collect();
    ModuleCall {
        module,
        label,
        formerly,
        source: text(random),
        version: (random.below(2) == 1).then(|| text(random)),
        arguments,
        constants,
    }
}

fn value(random: &mut Random, text: &mut dyn FnMut(&mut Random) -> String, depth: usize) -> Expression {
    match random.below(if depth > 2 { 6 } else { 10 }) {
        0 => Expression::Null,
        1 => Expression::Boolean(random.below(2) == 1),
        2 => Expression::Number([0, 1, -7, i64::MAX, i64::MIN, 65_536][random.below(6)]),
        3 if random.below(3) == 0 => {
            Expression::NamedReference(vec!["module".into(), "customer_database_orders_eu".into(), NAMES[random.below(8)].into()])
        }
        3 => Expression::Reference(REFERENCES[random.below(2)]),
        4 | 5 => Expression::text(text(random)),
        6 | 7 => Expression::List((0..random.below(4)).map(|_| value(random, text, depth + 1)).collect()),
        8 => Expression::Record(
            NAMES
                .into_iter()
                .filter(|_| random.below(3) == 1)
                .map(SmolStr::new_static)
                .collect::<Vec<_>>()
                .into_iter()
                .map(|name| (name, value(random, text, depth + 1)))
                .collect(),
        ),
        _ => {
            let mut entries: Vec<(SmolStr, Expression)> = Vec::new();
            for _ in 0..random.below(5) {
                let key = SmolStr::new(text(random));
                if entries.iter().all(|(other, _)| *other != key) {
                    entries.push((key, value(random, text, depth + 1)));
                }
            }
            Expression::Object(entries)
        }
    }
}
