//! How often the first suggestion is the right one: for every key of the language and for values out of a list, with the mistakes that
//! people make, made by rule, reported by the real binary. What is itself another valid name is no mistake there, and is counted as left out.
//!
//! `cargo test --test cli suggestions:: -- --nocapture` prints the figures.

use crate::harness::workspace::Workspace;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use terralet_core::clouds::Offer;
use terralet_core::clouds::aws::{instance_type, instance_type_names, rds, regions, zones_offering};
use terralet_core::schema::{KeyPlace, SECTIONS, Shape};

/// No smaller part of the first suggestions is right, of the keys and of each list of values.
const FEWEST_RIGHT: f64 = 0.95;
/// Of the long lists of the catalogue every so many names are tried.
const EVERY: usize = 90;

/// Names from this length on have two slips, too; not those of instance types, where each letter has a meaning of its own.
const LONG: usize = 10;

/// A mistake.
struct Mistake {
    /// What was done to the name.
    kind: &'static str,
    /// What is written.
    wrong: String,
    /// What was meant: for a key in the wrong section, the section that it belongs to.
    right: String,
    /// The document.
    document: String,
}

/// The mistakes of a name, by kind.
fn slips(name: &str) -> Vec<(&'static str, String)> {
    let letters: Vec<char> = name.chars().collect();
    let text = |letters: &[char]| letters.iter().collect::<String>();
    let mut slips = Vec::new();
    for at in 0..letters.len() {
        let mut missing = letters.clone();
        missing.remove(at);
        slips.push(("letter missing", text(&missing)));
        let mut doubled = letters.clone();
        doubled.insert(at, letters[at]);
        slips.push(("letter doubled", text(&doubled)));
        if at > 0 {
            let mut swapped = letters.clone();
            swapped.swap(at - 1, at);
            slips.push(("letters swapped", text(&swapped)));
        }
    }
    for at in (0..letters.len()).step_by(3).filter(|_| letters.len() >= LONG && !name.contains('.')) {
        let mut two = letters.clone();
        let other = (at + letters.len() / 2) % (letters.len() - 1);
        two.swap(other, other + 1);
        two.insert(at, letters[at]);
        slips.push(("two slips", text(&two)));
    }
    let other_number = match (name.strip_suffix("ies"), name.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) if !name.ends_with("ss") => stem.to_owned(),
        _ => format!("{name}s"),
    };
    slips.push(("singular or plural", other_number));
    let mut parts = name.split(['_', '-']);
    let first = parts.next().unwrap_or("").to_owned();
    let camel = parts.fold(first, |camel, part| {
        let mut letters = part.chars();
        camel + &letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    });
    slips.push(("camel case", camel));
    slips.push(("- for _", name.replace('_', "-")));
    slips.push(("_ for -", name.replace('-', "_")));
    slips.push(("upper case", name.to_ascii_uppercase()));
    slips.push(("separators left out", name.replace(['_', '-'], "")));
    let mut seen = BTreeSet::from([name.to_owned(), String::new()]);
    slips.retain(|(_, wrong)| seen.insert(wrong.clone()));
    slips
}

/// A valid document without one of its top-level keys, and with more lines.
fn document(without: &str, more: &str) -> String {
    let lines = [
        ("project_name", "project_name: shop\n"),
        ("environments", "environments: {dev: {region: eu-west-1}}\n"),
        ("networking", "networking: {vpc_cidr: 10.20.0.0/16}\n"),
    ];
    lines.iter().filter(|(key, _)| *key != without).map(|(_, line)| *line).collect::<String>() + more
}

/// Every mistake with a name in a place that takes `known`.
fn misspelt(right: &str, known: &[&str], left_out: &mut Vec<String>, document: impl Fn(&str) -> String) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for (kind, wrong) in slips(right) {
        if known.contains(&wrong.as_str()) {
            left_out.push(format!("{right} as {wrong}"));
        } else {
            mistakes.push(Mistake { kind, document: document(&wrong), right: right.to_owned(), wrong });
        }
    }
    mistakes
}

fn keys(left_out: &mut Vec<String>) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let base = KeyPlace::Base.keys();
    for key in &base {
        mistakes.extend(misspelt(key, &base, left_out, |wrong| document(key, &format!("'{wrong}': x\n"))));
    }
    // Sections are the same in every place; an environment takes shorthands and a region next to them.
    let environment = KeyPlace::Environment.keys();
    for key in environment.iter().filter(|key| !SECTIONS.iter().any(|section| section.name == **key)) {
        let region = if *key == "region" { "" } else { "region: eu-west-1, " };
        let written = |wrong: &str| document("environments", &format!("environments: {{dev: {{{region}'{wrong}': x}}}}\n"));
        mistakes.extend(misspelt(key, &environment, left_out, written));
    }
    for section in SECTIONS {
        let names: Vec<&str> = section.keys.iter().map(|key| key.name).collect();
        for key in section.keys {
            let of_section = |wrong: &str| document(section.name, &format!("{}: {{'{wrong}': x}}\n", section.name));
            mistakes.extend(misspelt(key.name, &names, left_out, of_section));
            if let Shape::Records(keys) = key.shape {
                let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
                for inner in keys {
                    let of_record = |wrong: &str| document("", &format!("{}: {{{}: [{{'{wrong}': x}}]}}\n", section.name, key.name));
                    mistakes.extend(misspelt(inner.name, &names, left_out, of_record));
                }
            }
            for other in SECTIONS.iter().filter(|other| !other.keys.is_empty() && other.name != section.name) {
                if other.key(key.name).is_some() {
                    left_out.push(format!("{}.{} in {}", section.name, key.name, other.name));
                    continue;
                }
                let document = document(other.name, &format!("{}: {{{}: x}}\n", other.name, key.name));
                mistakes.push(Mistake { kind: "other section", wrong: key.name.into(), right: section.name.into(), document });
            }
            let document = document("", &format!("{}: x\n", key.name));
            mistakes.push(Mistake { kind: "other section", wrong: key.name.into(), right: section.name.into(), document });
        }
    }
    mistakes
}

/// Values out of a list, each wrong one written by `document`.
fn values<'n>(
    names: &[&'n str],
    sample: impl Iterator<Item = &'n str>,
    left_out: &mut Vec<String>,
    document: impl Fn(&str) -> String,
) -> Vec<Mistake> {
    sample.flat_map(|right| misspelt(right, names, left_out, &document)).collect()
}

/// What is reported first of a mistake: the edit, else the first name that a label or a help asks about or sends to.
fn first_suggestion(diagnostic: &Value) -> String {
    if let Some(edit) = diagnostic["edits"].as_array().and_then(|edits| edits.first()) {
        // What belongs below another key is written with it.
        let text = edit["text"].as_str().unwrap();
        return text.split(": {").next().unwrap().trim_matches(['"', '\'']).to_owned();
    }
    let label = diagnostic["labels"][0]["text"].as_str().unwrap_or("");
    let help = diagnostic["help"].as_str().unwrap_or("");
    let named = [(label, "did you mean `"), (help, "is a key of `"), (help, "did you mean `"), (help, "write `"), (help, "write one of `")];
    let found = named.iter().find_map(|(text, words)| text.split_once(words)).and_then(|(_, rest)| rest.split_once('`'));
    found.map_or_else(String::new, |(name, _)| name.to_owned())
}

/// Reports every mistake, each in a repository of its own, and counts by kind which first suggestions are right.
fn measure(what: &str, code: &str, mistakes: &[Mistake], left_out: &[String]) {
    let documents: Vec<(String, &str)> =
        mistakes.iter().enumerate().map(|(at, mistake)| (format!("shop-{at}/variables.yml"), mistake.document.as_str())).collect();
    let documents: Vec<(&str, &str)> = documents.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let platform = "environments: {dev: {}, staging: {}, production: {}}\n";
    let reported = Workspace::new(platform, &documents).run(&["check", "--deny-warnings"], 1);
    let mut suggested: BTreeMap<usize, String> = BTreeMap::new();
    for diagnostic in reported.json["diagnostics"].as_array().unwrap().iter().filter(|diagnostic| diagnostic["code"] == code) {
        let at: usize = diagnostic["customer"].as_str().unwrap().trim_start_matches("shop-").parse().unwrap();
        if diagnostic["message"].as_str().unwrap().contains(&format!("`{}`", mistakes[at].wrong)) {
            suggested.entry(at).or_insert_with(|| first_suggestion(diagnostic));
        }
    }
    let mut by_kind: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (at, mistake) in mistakes.iter().enumerate() {
        let suggested = suggested.get(&at).map_or("(no such diagnostic)", String::as_str);
        let (right, all) = by_kind.entry(mistake.kind).or_default();
        *all += 1;
        if suggested == mistake.right {
            *right += 1;
        } else {
            wrong.push(format!("{} -> {suggested}, meant {}", mistake.wrong, mistake.right));
        }
    }
    let part = |right: usize, all: usize| right as f64 / all.max(1) as f64;
    let (right, all) = (mistakes.len() - wrong.len(), mistakes.len());
    println!("{what}: {right} of {all} first suggestions right, {:.1}%; {} left out", 100.0 * part(right, all), left_out.len());
    for (kind, (right, all)) in by_kind {
        println!("  {kind}: {right} of {all}, {:.1}%", 100.0 * part(right, all));
    }
    println!("  left out: {}", left_out.join(", "));
    println!("  wrong: {}", wrong.join("; "));
    assert!(part(right, all) >= FEWEST_RIGHT, "{what}: {right} of {all}");
}

#[test]
fn of_keys() {
    let mut left_out = Vec::new();
    measure("keys", "unknown-key", &keys(&mut left_out), &left_out);
}

#[test]
fn of_regions() {
    let mut left_out = Vec::new();
    let names: Vec<&str> = regions().map(|region| region.name).collect();
    let mistakes = values(&names, names.iter().copied(), &mut left_out, |wrong| {
        document("environments", &format!("environments: {{dev: {{region: '{wrong}'}}}}\n"))
    });
    measure("regions", "unknown-region", &mistakes, &left_out);
}

#[test]
fn of_environments() {
    let mut left_out = Vec::new();
    let names = ["dev", "staging", "production"];
    let mut mistakes = values(&names, names.iter().copied(), &mut left_out, |wrong| {
        document("environments", &format!("environments: {{'{wrong}': {{region: eu-west-1}}}}\n"))
    });
    // A name that is no legal one is reported as such, with the legal one nearest to it.
    let is_legal =
        |mistake: &Mistake| mistake.wrong.len() > 1 && mistake.wrong.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
    mistakes.retain(is_legal);
    let words = [
        ("prod", "production"),
        ("prd", "production"),
        ("live", "production"),
        ("stage", "staging"),
        ("stg", "staging"),
        ("uat", "staging"),
        ("preprod", "staging"),
        ("development", "dev"),
        ("develop", "dev"),
        ("test", "staging"),
        ("testing", "staging"),
        ("qa", "staging"),
    ];
    mistakes.extend(words.map(|(wrong, right)| Mistake {
        kind: "another word",
        wrong: wrong.into(),
        right: right.into(),
        document: document("environments", &format!("environments: {{{wrong}: {{region: eu-west-1}}}}\n")),
    }));
    measure("environments", "unknown-environment", &mistakes, &left_out);
}

#[test]
fn of_enumerated_values() {
    let of = |what: &str, code: &str, names: &[&str], written: &dyn Fn(&str) -> String| {
        let mut left_out = Vec::new();
        let mut mistakes = values(names, names.iter().copied(), &mut left_out, |wrong| document("", &written(wrong)));
        // Reported as `invalid-identifier`, since no name may be written so.
        mistakes.retain(|mistake| code != "unknown-tier" || mistake.kind != "upper case");
        measure(what, code, &mistakes, &left_out);
    };
    of("clouds", "unknown-cloud", &["aws", "azure", "gcp"], &|wrong| format!("cloud_provider: '{wrong}'\n"));
    of("engines", "unknown-engine", &["postgres", "mysql", "mariadb"], &|wrong| format!("database: {{engine: '{wrong}'}}\n"));
    of("tiers", "unknown-tier", &["standard", "business", "enterprise"], &|wrong| format!("customer_tier: '{wrong}'\n"));
}

#[test]
fn of_instance_types() {
    let mut left_out = Vec::new();
    let names: Vec<&str> = instance_type_names().collect();
    // Types that the region does not offer are not suggested in it.
    let offers = |name: &str, region: &str| matches!(zones_offering(&instance_type(name).unwrap(), region), Offer::Zones(_));
    // Nor are those that it does not offer in the zones in use, the first two.
    let in_use = |name: &str, region: &str| match zones_offering(&instance_type(name).unwrap(), region) {
        Offer::Zones(letters) => {
            let zones = terralet_core::clouds::aws::region(region).and_then(|region| region.usable_zones()).unwrap_or("ab");
            zones.chars().take(2).all(|letter| letters.contains(letter))
        }
        _ => false,
    };
    let home = |name: &str| {
        let all = || regions().map(|region| region.name);
        all().find(|region| in_use(name, region)).or_else(|| all().find(|region| offers(name, region))).unwrap()
    };
    let mut mistakes = Vec::new();
    for name in names.iter().copied().step_by(EVERY) {
        let environments = format!("environments: {{dev: {{region: {}}}}}\n", home(name));
        let written = |wrong: &str| document("environments", &format!("{environments}compute: {{instance_type: '{wrong}'}}\n"));
        mistakes.extend(misspelt(name, &names, &mut left_out, written));
    }
    measure("instance types", "unknown-instance-type", &mistakes, &left_out);
}

#[test]
fn of_database_classes() {
    let mut left_out = Vec::new();
    let names: Vec<&str> = rds::classes().collect();
    // A class that cannot be encrypted is reported as such, whatever else is wrong with it.
    let sample = names.iter().copied().step_by(EVERY / 5).filter(|name| rds::class_supports_encryption(name));
    let mut mistakes = values(&names, sample, &mut left_out, |wrong| {
        document("", &format!("database: {{engine: postgres, engine_version: '15', instance_class: '{wrong}'}}\n"))
    });
    let (shaped, unshaped): (Vec<Mistake>, Vec<Mistake>) =
        mistakes.drain(..).partition(|mistake| rds::class_is_well_formed(&mistake.wrong));
    measure("RDS classes of the right form", "unknown-instance-class", &shaped, &left_out);
    measure("RDS classes of another form", "invalid-instance-class", &unshaped, &left_out);
}

/// What stands around a row's lines.
const AROUND: &str = "project_name: shop\nnetworking: {vpc_cidr: 10.20.0.0/16}\n";

/// Lines of a document, and what a help has to say of them.
const WAYS_OUT: [(&str, &str); 39] = [
    ("region: eu-west-1, us-east-1\nenvironments: {dev: {}}", "for each further one write an overlay"),
    ("region: [eu-west-1, us-east-1]\nenvironments: {dev: {}}", "for each further one write an overlay"),
    ("region: [eu-west-1]\nenvironments: {dev: {}}", "without the list: `region: eu-west-1`"),
    ("environments: {dev: {regions: [eu-west-1, us-east-1]}}", "for each further one write an overlay"),
    ("environments: {dev: {regions: eu-west-1}}", "write `region: eu-west-1`"),
    ("region: eu-west-1\nenvironments: {dev: {}}\nregions: [eu-west-1, us-east-1]", "each further region as a key"),
    ("region: eu-west-1\nenvironments: {dev: {enabled: false}}", "by removing its entry"),
    ("region: eu-west-1\nenvironments: {dev: {}, staging: false}", "remove the entry"),
    ("region: eu-west-1\nenvironments: {dev: true}", "write `{}`"),
    ("region: eu-west-1\nenvironments: {dev: {database: false}}", "write `database: null`"),
    ("region: eu-west-1\nenvironments: {dev: {compute: \"\"}}", "write `compute: null`"),
    ("region: eu-west-1\nenvironments: {dev: {}}\ndatabase: no", "remove it"),
    ("region: eu-west-1\nenvironments: {dev: {}}\ncompute: {instance_type: t3.small, enabled: false}", "`compute: null`"),
    (
        "region: eu-west-1\nenvironments: {dev: {compute: {instance_type: t3.small}, autoscaling: {minReplicas: 2}}}",
        "move its keys below `compute:`",
    ),
    ("region: eu-west-1\nenvironments: {dev: {database.multi_az: true}}", "write `database:`, and `multi_az: true` below it"),
    ("region: eu-west-1\nenvironments: {dev: {database: {}, database.multi_az: true}}", "below the `database:` of this place"),
    ("region: eu-west-1\nenvironments: {dev: {}}\nmonitoring: {enable_monitoring: true}", "write `enable_cloudwatch`"),
    ("region: eu-west-1\nenvironments: {dev: {database: {backup_retention_days: 9}}}", "write `backup_retention_period`"),
    ("region: eu-west-1\nenvironments: {dev: {}}\nscaling: {cpu_threshold:70}", "write `cpu_threshold: 70`"),
    ("region: >\n  eu-west-1\nenvironments: {dev: {}}", "on one line behind the colon: `region: eu-west-1`"),
    ("region: eu-west-1\nenvironments: {dev: {}}\nscaling:\n  cpu_threshold: |-\n    70\n", "`cpu_threshold: 70`"),
    ("region: eu-west-1\nenvironments: {dev: {}}\ntags:\n  owner: |\n    me\n", "`owner: me`"),
    ("region: eu-west-1\nenvironments: {dev: {}}\nproduction: {min_instances: 2}", "write it below `environments:`"),
    ("region: eu-west-1\nenvironments:\ndev:\nstaging:", "write it below `environments:`"),
    ("region: eu-west-1\nenvironments: {dev: {}}\napi: {compute: {min_instances: 2}}", "for a service write it below `services:`"),
    ("region: eu-west-1\nenvironments: {dev: {settings: {min_instances: 2}}}", "take the line `settings:` out"),
    ("region: eu-west-1\nenvironments: {dev: {}}\ncompute: {compute: {instance_type: t3.small}}", "take the line `compute:` out"),
    ("region: eu-west-1\nenvironments: {dev: {protected: true}}", "the service provider decides this"),
    ("region: eu-west-1\nenvironments: {dev: {}}\nrules: {single-zone: off}", "the service provider decides this"),
    ("region: eu-west-1\nenvironments:\n  dev:\n  min_instances: 2", "indent `min_instances` further than `dev`"),
    ("environments:\n  dev:\n  region: eu-west-1", "indent `region` further than `dev`"),
    (
        "region: eu-west-1\nenvironments: {dev: {}}\nservices:\n  web:\n  compute:\n    instance_type: t3.small",
        "indent `compute` further than `web`",
    ),
    ("region: eu-west-1\nenvironments: {dev: {}}\nservices: {web: false}", "remove the entry"),
    (
        "region: eu-west-1\nenvironments: {dev: {}}\ndatabase: {engine: mysql, engine_version: 8.4, instance_class: db.t4g.micro, allocated_storage: 20480MB}",
        "write `allocated_storage: 20`",
    ),
    (
        "region: eu-west-1\nenvironments: {dev: {}}\ndatabase: {engine: mysql, engine_version: 8.4, instance_class: db.t4g.micro, allocated_storage: 20500MB}",
        "write how many GiB it is",
    ),
    ("region: eu-west-1\nenvironments: {dev: {}}\nscaling: {scale_up_cooldown: 5x}", "write how many seconds it is"),
    ("region:\u{a0}eu-west-1\nenvironments: {dev: {}}", "write a plain space behind the colon"),
    ("region: eu-west-1\nenvironments: {dev: {instance_type:\u{a0}t3.small}}", "write `instance_type: t3.small`"),
    (
        "region: eu-west-1\nenvironments: {dev: {}}\nstorage: {bucket_name: shop-files, lifecycle_rules: [{id: a, name: b}]}",
        "the keys of an item of `lifecycle_rules` are",
    ),
];

#[test]
fn the_help_says_the_way_out_of_what_stands_in_the_wrong_place_or_form() {
    for (lines, way_out) in WAYS_OUT {
        let workspace = Workspace::new("", &[("shop/variables.yml", &format!("{AROUND}{lines}\n"))]);
        let reported = workspace.run(&["check"], 1);
        let helps: Vec<&str> =
            reported.json["diagnostics"].as_array().unwrap().iter().filter_map(|reported| reported["help"].as_str()).collect();
        assert!(helps.iter().any(|help| help.contains(way_out)), "{lines}\n{helps:?}");
        assert!(!reported.text.contains("override-without-effect") || !lines.contains(":70"), "{}", reported.text);
    }
}

#[test]
fn no_file_is_to_get_a_name_that_there_is_or_that_makes_a_service_of_an_environment() {
    let document = format!("{AROUND}region: eu-west-1\nenvironments: {{dev: {{}}, production: {{}}}}\n");
    for (file, way_out) in [
        ("values-production.yaml", "under `environments.production`"),
        ("settings.prod.yml", "under `environments.production`"),
        ("api_staging.yml", "under `environments.staging`"),
        ("variables.override.yml", "`variables.yml` is there already"),
        ("api_vars.yml", "`api-vars.yml` is there already"),
        ("api.yml", "`api-vars.yml` is there already"),
        ("web.yml", "rename it to `web-vars.yml`"),
    ] {
        let (path, platform) = (format!("shop/{file}"), "environments: {dev: {}, production: {}}");
        let documents = [("shop/variables.yml", document.as_str()), ("shop/api-vars.yml", "tags: {a: b}\n"), (&path, "{}\n")];
        let reported = Workspace::new(platform, &documents).run(&["check"], 0);
        let help = reported.only("unrecognised-file")["help"].as_str().unwrap().to_owned();
        assert!(help.contains(way_out), "{file}: {help}");
    }
}
