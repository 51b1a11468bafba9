//! The catalogue through its public functions: what they answer, and how good the suggestions are.
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use terralet_core::clouds::aws::rds;
use terralet_core::clouds::aws::{
    current_equivalent, instance_type, instance_type_names, instance_types, is_previous_generation, is_region_label, is_special,
    nearest_instance_types, nearest_offered, region, regions, regions_of_label, regions_of_place, successors_of_retired, zones_offering,
};
use terralet_core::clouds::{Architecture, Engine, Offer, VersionStatus};

#[test]
fn regions_are_found_by_name_and_by_label() {
    let ireland = region("eu-west-1").unwrap();
    assert_eq!((ireland.label(), ireland.zones, ireland.is_commercial()), ("eu-west", Some("abc"), true));
    assert_eq!(ireland.description, "Europe (Ireland)");
    assert_eq!(region("EU-WEST-1"), None);
    assert_eq!(region("eu-west"), None);
    assert_eq!(region(""), None);
    assert!(!region("us-gov-west-1").unwrap().is_commercial());
    assert_eq!(region("us-gov-west-1").unwrap().label(), "us-gov-west");
    assert!(is_region_label("eu-west") && is_region_label("us-gov-west"));
    assert!(!is_region_label("eu-west-1") && !is_region_label("eu") && !is_region_label(""));
    let names: Vec<_> = regions_of_label("ap-south").map(|region| region.name).collect();
    assert_eq!(names, ["ap-south-1", "ap-south-2"]);
    assert!(regions().map(|region| region.name).is_sorted());
    for region in regions() {
        assert_eq!(terralet_core::clouds::aws::region(region.name), Some(region));
    }
}

#[test]
fn zone_e_of_us_east_1_is_known_and_not_used() {
    let virginia = region("us-east-1").unwrap();
    assert_eq!((virginia.zones, virginia.usable_zones()), (Some("abcdef"), Some("abcdf")));
    for region in regions().filter(|region| region.name != "us-east-1") {
        assert_eq!(region.usable_zones(), region.zones, "{}", region.name);
    }
    assert_eq!(region("mx-central-1").unwrap().usable_zones(), None);
}

#[test]
fn places_name_their_regions() {
    let of = |text: &str| regions_of_place(text).iter().map(|region| region.name).collect::<Vec<_>>();
    // Every commercial region, by the name that AWS gives it and by its place.
    for region in regions().filter(|region| region.is_commercial()) {
        assert!(of(region.description).contains(&region.name), "{}", region.description);
        let place = region.description.split_once('(').unwrap().1.trim_end_matches(')');
        assert!(place == "Central" || of(&place.to_uppercase()).contains(&region.name), "{place}");
    }
    let rows = include_str!("../../src/core/clouds/aws/tables/places.txt").lines().filter(|row| !row.starts_with('#'));
    let mut count = 0;
    for row in rows {
        let (name, names) = row.split_once('\t').unwrap();
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{row}");
        assert!(region(name).is_none() && names.split(' ').all(|name| region(name).is_some_and(|region| region.is_commercial())), "{row}");
        assert_eq!(of(name).first().copied(), names.split(' ').next(), "{row}");
        count += 1;
    }
    println!("{count} other names of places");
    for (text, meant) in [
        ("frankfurt", "eu-central-1"),
        ("EU (Frankfurt)", "eu-central-1"),
        ("aws-frankfurt", "eu-central-1"),
        ("Sao Paulo", "sa-east-1"),
        ("São Paulo", "sa-east-1"),
        ("United Kingdom", "eu-west-2"),
        ("Zürich", "eu-central-2"),
        ("UAE", "me-central-1"),
        ("West US", "us-west-1"),
        ("us-east4", "us-east-1"),
        ("europe-west3", "eu-central-1"),
    ] {
        assert_eq!(of(text).first(), Some(&meant), "{text}");
    }
    for text in ["", "central", "us-east-4", "europe-west-3", "région-ö", "atlantis", "eu"] {
        assert_eq!(of(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn what_aws_retired_has_a_successor_of_its_kind() {
    let rows = include_str!("../../src/core/clouds/aws/tables/retired.txt").lines().filter(|row| !row.starts_with('#'));
    for row in rows {
        let (name, successors) = row.split_once('\t').unwrap();
        assert!(instance_type(name).is_none(), "{name} is in the table of types");
        for successor in successors.split(' ') {
            let found = instance_type(successor).unwrap_or_else(|| panic!("{successor}, for {name}"));
            assert!(!is_previous_generation(successor), "{row}");
            assert!(!successor.starts_with('t'), "{row}: burstable");
            assert!(!is_special(name) || is_special(found.name), "{row}");
        }
        assert_eq!(successors_of_retired(name, "us-east-1").first().copied(), successors.split(' ').next(), "{row}");
    }
}

#[test]
fn instance_types_have_their_figures() {
    let found = instance_type("m7g.large").unwrap();
    assert_eq!((found.vcpu, found.memory_mib, found.architecture()), (2, 8192, Architecture::Arm64));
    assert_eq!((found.family(), found.size()), ("m7g", "large"));
    assert_eq!(instance_type("t3.medium").unwrap().architecture().to_string(), "x86_64");
    // Takes i386 images too.
    assert_eq!(instance_type("t2.micro").unwrap().architecture(), Architecture::X86_64);
    assert!(instance_type("mac2.metal").unwrap().is_mac() && !found.is_mac());
    assert_eq!(instance_type("mac2.metal").unwrap().architecture(), Architecture::Arm64);
    for wrong in ["", "t3", "t3.medium ", "T3.medium", "t3.mediun", "#", "a", "zzzz"] {
        assert_eq!(instance_type(wrong), None, "{wrong}");
    }
    // The first and the last row.
    assert!(instance_type("a1.2xlarge").is_some() && instance_type("z1d.xlarge").is_some());
    assert_eq!(instance_type_names().count(), 1395);
}

#[test]
fn offers_distinguish_known_from_unknown() {
    let medium = instance_type("t3.medium").unwrap();
    assert_eq!(zones_offering(&medium, "us-east-1"), Offer::Zones("abcdf"));
    assert_eq!(zones_offering(&medium, "mx-central-1"), Offer::Unknown);
    assert_eq!(zones_offering(&medium, "atlantis-1"), Offer::Unknown);
    let graviton = instance_type("a1.large").unwrap();
    assert_eq!(zones_offering(&graviton, "eu-west-3"), Offer::NotOffered);
    assert_eq!(zones_offering(&graviton, "eu-west-1"), Offer::Zones("bc"));
}

#[test]
fn every_figure_is_that_of_the_data() {
    let directory = std::env::var_os("TERRALET_CATALOG_DATA").unwrap_or_else(|| "../shared/data".into());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory).join("aws-ec2.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        writeln!(std::io::stderr(), "skipped: 1 check (no catalogue data at {})", path.display()).unwrap();
        return;
    };
    let data: serde_json::Value = serde_json::from_str(&text).unwrap();
    let types = data["instance_types"].as_object().unwrap();
    assert_eq!(types.len(), instance_type_names().count());
    for (name, wanted) in types {
        let found = instance_type(name).unwrap();
        assert_eq!(u64::from(found.vcpu), wanted["vcpu"].as_u64().unwrap(), "{name}");
        assert_eq!(u64::from(found.memory_mib), wanted["memory_mib"].as_u64().unwrap(), "{name}");
        let arm = wanted["arch"].as_array().unwrap().iter().any(|arch| arch.as_str().unwrap().starts_with("arm64"));
        assert_eq!(found.architecture() == Architecture::Arm64, arm, "{name}");
        for region in regions() {
            let offer = match (region.zones, wanted["zones"].get(region.name)) {
                (None, _) => Offer::Unknown,
                (Some(_), None) => Offer::NotOffered,
                (Some(_), Some(_)) => match zones_offering(&found, region.name) {
                    Offer::Zones(zones) if wanted["zones"][region.name] == zones => Offer::Zones(zones),
                    other => panic!("{name} in {}: {other:?}", region.name),
                },
            };
            assert_eq!(zones_offering(&found, region.name), offer, "{name} in {}", region.name);
        }
    }
}

#[test]
fn previous_generations_have_a_present_day_equivalent() {
    assert!(is_previous_generation("m3.large") && is_previous_generation("cc2.8xlarge"));
    assert!(!is_previous_generation("m5.large") && !is_previous_generation("m4.large"));
    assert!(!is_previous_generation("db.m3.large") && !is_previous_generation("nonsense"));
    assert_eq!(current_equivalent("m3.large"), Some("m7i.large"));
    assert_eq!(current_equivalent("m1.small"), Some("t3.small"));
    assert_eq!(current_equivalent("t1.micro"), Some("t3.micro"));
    assert_eq!(current_equivalent("m5.large"), None);
    for previous in instance_types().filter(|found| is_previous_generation(found.name)) {
        let current = current_equivalent(previous.name).unwrap_or_else(|| panic!("{} has none", previous.name));
        let found = instance_type(current).unwrap();
        assert!(!is_previous_generation(current), "{current}");
        assert_eq!((found.size(), found.architecture()), (previous.size(), previous.architecture()), "{current}");
    }
}

#[test]
fn wrong_instance_types_get_the_one_that_was_meant() {
    for (wrong, meant) in [
        ("t3.meduim", "t3.medium"),
        ("T3.medium", "t3.medium"),
        ("t3medium", "t3.medium"),
        ("t3-medium", "t3.medium"),
        ("t3 medium", "t3.medium"),
        ("t.3medium", "t3.medium"),
        ("t3..medium", "t3.medium"),
        ("t3-meduim", "t3.medium"),
        ("m5.xlarg", "m5.xlarge"),
        ("m52xlarge", "m5.2xlarge"),
        ("db.t3.medium", "t3.medium"),
        ("c7i.flex.large", "c7i-flex.large"),
        ("M7I-Flex.Large", "m7i-flex.large"),
        // The family has no such size: its nearest one.
        ("t3.8xlarge", "t3.2xlarge"),
        ("t3.4xlarge", "t3.2xlarge"),
        ("m7i.metal", "m7i.metal-24xl"),
        ("t3", "t3.small"),
        // The family does not exist: the same size of the nearest one.
        ("m10i.large", "m8i.large"),
        ("t5.large", "t3.large"),
        ("x9z.large", "x8i.large"),
        ("standard.large", "t3.large"),
    ] {
        let found = nearest_instance_types(wrong, None, 3);
        println!("{wrong}: {found:?}");
        assert_eq!(found.len(), 3, "{wrong}");
        if wrong == "standard.large" || wrong == "t3" {
            let part = if wrong == "t3" { "t3." } else { ".large" };
            assert!(found.iter().all(|name| name.contains(part)), "{wrong}: {found:?}");
        } else {
            assert_eq!(found[0], meant, "{wrong}");
        }
    }
    for hostile in ["", ".", "-", "\u{1f980}.large", "t3.m\u{e9}dium", "....", "-.-"] {
        assert_eq!(nearest_instance_types(hostile, None, 2).len(), 2);
    }
    // Far longer than any name: none was meant, and to compare it would cost.
    assert!(nearest_instance_types(&"x".repeat(3000), None, 2).is_empty());
    assert!(nearest_instance_types("t3.meduim", None, 0).is_empty());
}

#[test]
fn suggestions_are_offered_in_the_region() {
    for region in regions().filter(|region| region.zones.is_some()) {
        for wrong in ["m7i.lrage", "a1.lareg", "u7in-24tb.224xlareg", "m9x.large"] {
            for name in nearest_instance_types(wrong, Some(region.name), 4) {
                let offer = zones_offering(&instance_type(name).unwrap(), region.name);
                assert!(matches!(offer, Offer::Zones(_)), "{name} in {}", region.name);
            }
        }
    }
    // Where nothing is known, nothing is filtered.
    assert_eq!(nearest_instance_types("t3.meduim", Some("mx-central-1"), 1), ["t3.medium"]);
}

#[test]
fn substitutes_are_offered_and_alike() {
    let mut asked = 0;
    let mut without = BTreeSet::new();
    for region in regions().filter(|region| region.zones.is_some()) {
        // Some types: each pair takes a walk over the whole table.
        for wanted in instance_types().step_by(29) {
            if zones_offering(&wanted, region.name) != Offer::NotOffered {
                continue;
            }
            asked += 1;
            let found = nearest_offered(wanted.name, region.name);
            if found.is_empty() {
                without.insert(wanted.family());
            }
            for name in found {
                let found = instance_type(name).unwrap();
                assert!(matches!(zones_offering(&found, region.name), Offer::Zones(_)), "{name} in {}", region.name);
                assert_eq!(found.architecture(), wanted.architecture(), "{name} for {}", wanted.name);
            }
        }
    }
    println!("{asked} pairs of a type and a region without it; no substitute for some of {without:?}");
    assert!(asked > 500);
    // Machines with hardware of their own, where the region has none of the kind.
    for family in without {
        let line = family.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap();
        assert!(["mac", "u", "hpc", "p", "g", "gr", "inf", "trn", "dl", "vt", "f"].contains(&line), "{family}");
    }
    assert_eq!(nearest_offered("m8a.large", "eu-west-3").first(), Some(&"m6a.large"));
    assert_eq!(nearest_offered("m3.large", "eu-west-3").first(), Some(&"m5.large"));
    assert!(nearest_offered("nonsense", "eu-west-3").is_empty());
    assert!(nearest_offered("m3.large", "mx-central-1").is_empty());
}

/// One way in which fingers slip.
type Slip = fn(&str, usize) -> Option<String>;

const SLIPS: [(&str, Slip); 5] = [
    ("two letters change places", |name, at| {
        let mut bytes = name.as_bytes().to_vec();
        let next = (at + 1 < bytes.len()).then_some(at + 1)?;
        bytes.swap(at, next);
        String::from_utf8(bytes).ok()
    }),
    ("a letter is left out", |name, at| {
        let mut text = name.to_owned();
        text.remove(at);
        Some(text)
    }),
    ("a letter is doubled", |name, at| {
        let mut text = name.to_owned();
        text.insert(at, char::from(name.as_bytes()[at]));
        Some(text)
    }),
    ("upper case", |name, at| (at == 0).then(|| name.to_ascii_uppercase())),
    ("another separator", |name, at| (at == 0).then(|| name.replace('.', "-"))),
];

#[test]
fn slips_get_the_right_first_suggestion() {
    let names: Vec<_> = instance_type_names().collect();
    let sample: Vec<_> = names.iter().copied().step_by(names.len() / 200).take(200).collect();
    measure("instance types", &names, &sample, |wrong| nearest_instance_types(wrong, None, 1)[0].to_owned());
}

#[test]
fn slips_in_classes_get_the_right_first_suggestion() {
    let names: Vec<_> = rds::classes().filter(|class| !class.contains("tpc")).collect();
    let sample: Vec<_> = names.iter().copied().step_by(3).collect();
    measure("classes", &names, &sample, |wrong| rds::nearest_classes(wrong, 1)[0].to_owned());
}

/// Makes every slip at every third place of every name of the sample, another third for each next name. A slip that makes another name is no mistake that
/// anybody could see; one that two names have in common has no single right answer, and is right when it gets either.
fn measure(what: &str, names: &[&str], sample: &[&str], suggest: impl Fn(&str) -> String) {
    let exists: BTreeSet<_> = names.iter().copied().collect();
    let (mut all, mut right) = (0_u32, 0_u32);
    for (slip_name, slip) in SLIPS {
        let mut causes: std::collections::BTreeMap<String, BTreeSet<&str>> = std::collections::BTreeMap::new();
        for name in names {
            for wrong in (0..name.len()).filter_map(|at| slip(name, at)) {
                causes.entry(wrong).or_default().insert(name);
            }
        }
        let (mut tried, mut found, mut shared, mut missed) = (0_u32, 0_u32, 0_u32, Vec::new());
        for (index, name) in sample.iter().enumerate() {
            let places = (0..name.len()).filter(|at| *at == 0 || at % 3 == index % 3);
            let wrongs: BTreeSet<_> = places.filter_map(|at| slip(name, at)).collect();
            for wrong in wrongs.iter().filter(|wrong| !exists.contains(wrong.as_str())) {
                tried += 1;
                let meant = &causes[wrong];
                shared += u32::from(meant.len() > 1);
                let suggestion = suggest(wrong);
                if meant.contains(suggestion.as_str()) {
                    found += 1;
                } else if missed.len() < 5 {
                    missed.push(format!("{wrong} ({name}) got {suggestion}"));
                }
            }
        }
        println!("{what}, {slip_name}: {found} of {tried} right, {shared} with several right answers; {missed:?}");
        (all, right) = (all + tried, right + found);
    }
    println!("{what}: {right} of {all} first suggestions right, {:.1}%", f64::from(right) * 100.0 / f64::from(all));
    assert!(f64::from(right) >= 0.95 * f64::from(all), "{right} of {all}");
}

#[test]
fn classes_are_judged_by_shape_and_by_table() {
    assert!(rds::is_known_class("db.t3.medium") && !rds::is_known_class("t3.medium"));
    for class in ["db.t3.medium", "db.z9.mega", "db.r5.2xlarge.tpc1.mem2x", "db.m7i.metal-24xl"] {
        assert!(rds::class_is_well_formed(class), "{class}");
    }
    for class in ["", "db", "db.", "db.t3", "db.t3.", "t3.medium", "DB.t3.medium", "db.3t.large", "db.t3.medium.x", "db..large"] {
        assert!(!rds::class_is_well_formed(class), "{class}");
    }
    assert_eq!(rds::class_architecture("db.m7g.large"), Some(Architecture::Arm64));
    assert_eq!(rds::class_architecture("db.m7i.large"), Some(Architecture::X86_64));
    assert_eq!(rds::class_architecture("large"), None);
    assert!(rds::is_previous_generation_class("db.m4.large") && !rds::is_previous_generation_class("db.m5.large"));
    assert_eq!(rds::current_class_equivalent("db.t2.micro"), Some("db.t3.micro"));
    assert_eq!(rds::current_class_equivalent("db.m5.large"), None);
    for class in ["db.t2.micro", "db.m1.small", "db.m2.4xlarge", "db.t1.micro"] {
        assert!(!rds::class_supports_encryption(class), "{class}");
    }
    for class in ["db.t2.small", "db.m3.medium", "db.t3.micro", "db.m10i.large"] {
        assert!(rds::class_supports_encryption(class), "{class}");
    }
    for previous in rds::classes().filter(|class| rds::is_previous_generation_class(class)) {
        if let Some(current) = rds::current_class_equivalent(previous) {
            assert!(rds::is_known_class(current) && !rds::is_previous_generation_class(current), "{current}");
            assert!(rds::class_supports_encryption(current), "{current}");
        }
    }
}

#[test]
fn wrong_classes_get_the_one_that_was_meant() {
    for (wrong, meant) in [
        ("t3.medium", "db.t3.medium"),
        ("db.t3.meduim", "db.t3.medium"),
        ("DB.T3.Medium", "db.t3.medium"),
        ("db-t3-medium", "db.t3.medium"),
        ("dbt3.medium", "db.t3.medium"),
        ("db.t3.nano", "db.t3.micro"),
        ("db.m10g.large", "db.m9g.large"),
        ("db.r5.2xlarge.tpc1.mem3x", "db.r5.2xlarge.tpc1.mem2x"),
    ] {
        assert_eq!(rds::nearest_classes(wrong, 3)[0], meant, "{wrong}");
    }
    assert!(rds::nearest_classes("db.r5.3xlarge", 9).iter().all(|class| !class.contains("tpc")));
}

#[test]
fn aurora_takes_classes_with_much_memory() {
    for class in ["db.t4g.medium", "db.t3.large", "db.r7g.large", "db.r8g.2xlarge", "db.r6id.xlarge", "db.x2g.large"] {
        assert!(rds::is_known_class(class) && rds::takes_class(Engine::AuroraMySql, class), "{class}");
    }
    for (class, near) in [
        ("db.t3.micro", "db.t3.medium"),
        ("db.t4g.xlarge", "db.t4g.medium"),
        ("db.t2.small", "db.t4g.medium"),
        ("db.m7g.xlarge", "db.r7g.xlarge"),
        ("db.r5b.large", "db.r7g.large"),
    ] {
        assert!(!rds::takes_class(Engine::AuroraPostgres, class) && rds::takes_class(Engine::Postgres, class), "{class}");
        assert_eq!(rds::class_of_aurora(class), Some(near), "{class}");
    }
    for class in rds::classes() {
        let near = rds::class_of_aurora(class);
        assert!(near.is_none_or(|near| rds::takes_class(Engine::AuroraMySql, near)), "{class}: {near:?}");
        // More memory is of Oracle, on families that Aurora has otherwise.
        assert!(!class.contains(".tpc") || !rds::takes_class(Engine::AuroraMySql, class), "{class}");
    }
}

#[test]
fn engines_and_their_versions() {
    for engine in Engine::all() {
        assert_eq!(Engine::parse(engine.as_str()), Some(engine));
        assert_eq!(Engine::nearest(&engine.to_string()), engine);
        assert!(!rds::newest_majors(engine).is_empty());
    }
    assert_eq!((Engine::Postgres.default_port(), Engine::MariaDb.default_port()), (5432, 3306));
    assert_eq!(Engine::parse("postgresql"), None);
    for (wrong, meant) in [
        ("postgresql", "postgres"),
        ("psotgres", "postgres"),
        ("PG", "postgres"),
        ("aurora_mysql", "aurora-mysql"),
        ("aurora-postgres", "aurora-postgresql"),
        ("myslq", "mysql"),
        ("maria-db", "mariadb"),
        ("", "mysql"),
    ] {
        let found = Engine::nearest(wrong).as_str();
        assert!(found == meant || wrong.is_empty(), "{wrong}: {found}");
    }
    for (engine, version, major) in [
        (Engine::Postgres, "15", Some("15")),
        (Engine::Postgres, "15.3", Some("15")),
        (Engine::Postgres, "15.10", Some("15")),
        (Engine::Postgres, "9.6.24", Some("9.6")),
        (Engine::Postgres, "11.22-RDS.20241121", Some("11")),
        (Engine::Postgres, "15x", None),
        (Engine::Postgres, "", None),
        (Engine::AuroraPostgres, "16.4", Some("16")),
        (Engine::AuroraMySql, "8.0", Some("8.0")),
        (Engine::AuroraMySql, "8.0.mysql_aurora.3.08.0", Some("8.0")),
        (Engine::MySql, "8.0.36", Some("8.0")),
        (Engine::MySql, "8.0", Some("8.0")),
        (Engine::MySql, "8", None),
        (Engine::MySql, "8.", None),
        (Engine::MariaDb, "10.11.6", Some("10.11")),
        (Engine::MariaDb, "10.11.5.R2.20231201", Some("10.11")),
        (Engine::MariaDb, "v10.11", None),
        (Engine::MariaDb, "\u{e9}", None),
    ] {
        assert_eq!(engine.major_of(version), major, "{engine} {version}");
    }
}

#[test]
fn versions_are_judged_on_the_day_of_the_tables() {
    let VersionStatus::Supported(row) = rds::engine_version(Engine::Postgres, "15.10") else { panic!("15") };
    assert_eq!((row.major, row.standard_support_ends), ("15", Some("2028-02-29")));
    let VersionStatus::Extended(row) = rds::engine_version(Engine::MySql, "5.7.44") else { panic!("5.7") };
    assert_eq!(row.extended_support_ends, Some("2027-02-28"));
    assert!(matches!(rds::engine_version(Engine::MariaDb, "10.4"), VersionStatus::Ended(_)));
    let majors = |engine| rds::newest_majors(engine).iter().map(|row| row.major).collect::<Vec<_>>();
    assert_eq!(majors(Engine::Postgres), ["18", "17", "16", "15", "14"]);
    assert_eq!(majors(Engine::MariaDb), ["11.8", "11.4", "10.11"]);
    assert_eq!(majors(Engine::AuroraMySql), ["8.4", "8.0"]);
    assert_eq!(majors(Engine::AuroraPostgres), ["17", "16", "15", "14"]);
    for (engine, version, suggested) in [
        (Engine::MySql, "8", "8.4"),
        (Engine::MySql, "9.1", "8.4"),
        (Engine::MariaDb, "10", "10.11"),
        (Engine::MariaDb, "11", "11.8"),
        (Engine::Postgres, "150", "18"),
        (Engine::Postgres, "latest", "18"),
    ] {
        let VersionStatus::Unknown { suggestion } = rds::engine_version(engine, version) else { panic!("{version}") };
        assert_eq!(suggestion.unwrap().major, suggested, "{engine} {version}");
    }
}
