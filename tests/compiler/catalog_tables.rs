//! The tables in `src/core/clouds/aws/tables/`: that they are what the source data says, and that they are what the code
//! relies on. `UPDATE_GOLDEN=1 cargo test --test compiler catalog_tables::` writes them again from `../shared/data`, or from the
//! directory in `TERRALET_CATALOG_DATA`; the binary embeds the new tables with the next build, so run the tests once more.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use terralet_core::clouds::aws::{self as catalog, rds};
use terralet_core::clouds::{Engine, VersionStatus};

/// What the sources were on the day of the tables; the data says the same in its own `source`.
const EC2_SOURCE: &str = "resource data of PyPI moto 5.2.5 and botocore 1.44.5 (both Apache-2.0), read on 2026-11-22";
const RDS_SOURCE: &str = "github:terraform-linters/tflint-ruleset-aws, August 2026";
const ANEW: &str = "To make it anew: UPDATE_GOLDEN=1 cargo test --test compiler catalog_tables:: (reads TERRALET_CATALOG_DATA).";

#[test]
fn the_tables_are_what_the_data_says() {
    let Some(data) = data_directory() else { return };
    let ec2 = read_json(&data.join("aws-ec2.json"));
    let rds = read_json(&data.join("aws-rds.json"));
    assert!(
        ec2["source"].as_str().unwrap().contains("moto 5.2.5") && ec2["source"].as_str().unwrap().contains("2026-11-22"),
        "the source has changed: change EC2_SOURCE, and catalog::AS_OF"
    );
    assert!(rds["source"].as_str().unwrap().contains("August 2026"), "the source has changed: change RDS_SOURCE");
    let (types, offers) = instance_types(&ec2);
    compare_or_write("regions.txt", &regions(&ec2));
    compare_or_write("instance-types.txt", &types);
    compare_or_write("zone-offers.txt", &offers);
    compare_or_write("rds-classes.txt", &classes(&rds));
    compare_previous_generations(&ec2, &rds);
}

fn compare_previous_generations(ec2: &Value, rds_data: &Value) {
    let previous_classes = strings(&rds_data["previous_generation"]);
    let mut wanted: BTreeSet<String> = strings(&ec2["previous_generation_families"]).into_iter().collect();
    wanted.extend(previous_classes.iter().map(|class| class.rsplit_once('.').unwrap().0.to_owned()));
    let found: BTreeSet<String> = rows("previous-generation.txt").iter().map(|row| row.split('\t').next().unwrap().to_owned()).collect();
    assert_eq!(found, wanted, "previous-generation.txt is kept by hand: add or remove the families");
    // The table holds families: every class of such a family has to be in the source's list.
    let found: Vec<_> = rds::classes().filter(|class| rds::is_previous_generation_class(class)).collect();
    assert_eq!(found, previous_classes);
}

#[test]
fn every_table_has_its_source_and_is_ascii_and_sorted() {
    for entry in std::fs::read_dir(tables()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.is_ascii(), "{name}");
        assert!(text.ends_with('\n') && !text.contains("\n\n") && !text.contains('\r'), "{name}");
        let header: String = text.lines().take_while(|line| line.starts_with('#')).collect();
        for word in ["Fields:", "Source", "2026"] {
            assert!(header.contains(word), "{name}: its first lines have no `{word}`");
        }
        // Engine versions are parsed whole; the others are searched by their first field.
        if name != "rds-engine-versions.txt" {
            let rows = rows(&name);
            let keys: Vec<_> = rows.iter().map(|row| row.split('\t').next().unwrap()).collect();
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{name} is not sorted");
        }
    }
}

#[test]
fn the_instance_type_tables_stay_small() {
    let size: u64 = ["instance-types.txt", "zone-offers.txt"].map(|name| tables().join(name).metadata().unwrap().len()).iter().sum();
    println!("the EC2 tables take {size} bytes");
    assert!(size < 120_000, "{size} bytes: every binary carries them");
}

#[test]
fn every_row_is_read() {
    assert_eq!(rows("regions.txt").len(), catalog::regions().count());
    assert_eq!(rows("instance-types.txt").len(), catalog::instance_types().count());
    assert_eq!(rows("rds-classes.txt").len(), rds::classes().count());
    for name in catalog::instance_type_names() {
        assert_eq!(catalog::instance_type(name).expect(name).name, name);
    }
    for class in rds::classes() {
        assert!(rds::is_known_class(class) && rds::class_is_well_formed(class), "{class}");
    }
    let read: usize = Engine::all()
        .into_iter()
        .map(|engine| {
            let majors = rows("rds-engine-versions.txt");
            let majors = majors.iter().filter(|row| row.split('\t').next() == Some(engine.as_str()));
            majors
                .filter(|row| {
                    let version = row.split('\t').nth(1).unwrap();
                    !matches!(rds::engine_version(engine, version), VersionStatus::Unknown { .. })
                })
                .count()
        })
        .sum();
    assert_eq!(read, rows("rds-engine-versions.txt").len());
}

#[test]
fn support_statuses_follow_from_the_dates() {
    for row in rows("rds-engine-versions.txt") {
        let fields: Vec<_> = row.split('\t').collect();
        let after = |date: &str| date != "-" && catalog::AS_OF > date;
        let wanted = match (after(fields[3]), fields[4]) {
            (false, _) => "standard",
            (true, "-") => "ended",
            (true, extended) if after(extended) => "ended",
            (true, _) => "extended",
        };
        assert_eq!(fields[2], wanted, "{row}");
    }
}

#[test]
fn the_architecture_of_a_class_is_that_of_the_instance_family() {
    let mut compared = 0;
    for class in rds::classes() {
        let family = class.split('.').nth(1).unwrap();
        if let Some(same) = catalog::instance_types().find(|other| other.family() == family) {
            assert_eq!(rds::class_architecture(class), Some(same.architecture()), "{class}");
            compared += 1;
        }
    }
    assert!(compared > 350, "{compared} classes compared");
    // The letter gives it for every EC2 family but the first Graviton one.
    for instance_type in catalog::instance_types().filter(|found| found.family() != "a1" && !found.is_mac()) {
        let class = format!("db.{}.large", instance_type.family());
        assert_eq!(rds::class_architecture(&class), Some(instance_type.architecture()), "{}", instance_type.name);
    }
}

fn regions(ec2: &Value) -> String {
    let mut text = format!(
        "# AWS regions of every partition.\n\
         # Fields: name; partition; zone letters; the zone letters that the compiler uses (all but us-east-1e, where hardly any\n\
         # type is offered); description. - where the zones are not known.\n\
         # Source: {EC2_SOURCE}.\n# {ANEW}\n"
    );
    for (name, region) in ec2["regions"].as_object().unwrap().iter().collect::<BTreeMap<_, _>>() {
        let zones = match &region["zones"] {
            Value::Null => "-".to_owned(),
            zones => strings(zones).concat(),
        };
        let usable = if name == "us-east-1" { zones.replace('e', "") } else { zones.clone() };
        let field = |key: &str| region[key].as_str().unwrap().to_owned();
        writeln!(text, "{name}\t{}\t{zones}\t{usable}\t{}", field("partition"), field("description")).unwrap();
    }
    text
}

fn instance_types(ec2: &Value) -> (String, String) {
    let mut types = format!(
        "# EC2 instance types.\n\
         # Fields: name; vCPUs; memory in MiB; architectures; the row of zone-offers.txt that says where it is offered.\n\
         # Source: {EC2_SOURCE}.\n# {ANEW}\n"
    );
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for (name, instance_type) in ec2["instance_types"].as_object().unwrap().iter().collect::<BTreeMap<_, _>>() {
        let zones = instance_type["zones"].as_object().unwrap().iter().collect::<BTreeMap<_, _>>();
        let cells: Vec<_> = zones.iter().map(|(region, zones)| format!("{region}:{}", zones.as_str().unwrap())).collect();
        let offers = cells.join(" ");
        let key = key_of(&offers);
        let known = rows.entry(key.clone()).or_insert_with(|| offers.clone());
        assert_eq!(*known, offers, "two rows of offers have the key {key}: make it longer");
        let architectures = strings(&instance_type["arch"]);
        assert_ne!(architectures, ["i386"], "{name} takes i386 images alone; see InstanceType::architecture");
        let (vcpu, memory) = (&instance_type["vcpu"], &instance_type["memory_mib"]);
        writeln!(types, "{name}\t{vcpu}\t{memory}\t{}\t{key}", architectures.join(",")).unwrap();
    }
    let mut offers = format!(
        "# Where EC2 instance types are offered. Many types share a row.\n\
         # Fields: key, made from the offers so that a change elsewhere does not change it; the zone letters by region, for\n\
         # every region with known zones that offers the type.\n\
         # Source: {EC2_SOURCE}.\n# {ANEW}\n"
    );
    for (key, row) in rows {
        writeln!(offers, "{key}\t{row}").unwrap();
    }
    (types, offers)
}

fn classes(rds: &Value) -> String {
    let mut text = format!(
        "# RDS instance classes. Which engine takes which class the source does not say.\n\
         # Fields: name.\n\
         # Source: {RDS_SOURCE}.\n# {ANEW}\n"
    );
    for class in strings(&rds["classes"]).into_iter().collect::<BTreeSet<_>>() {
        writeln!(text, "{class}").unwrap();
    }
    text
}

/// Six hexadecimal digits of the FNV-1a digest of the text.
fn key_of(text: &str) -> String {
    let digest = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{:06x}", digest >> 40)
}

fn compare_or_write(name: &str, wanted: &str) {
    let path = tables().join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap();
    let first_difference = found.lines().zip(wanted.lines()).find(|(found, wanted)| found != wanted);
    assert!(found == wanted, "{name} is not what the data says, first at {first_difference:?}");
}

fn tables() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/core/clouds/aws/tables")
}

fn rows(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(tables().join(name)).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

fn data_directory() -> Option<PathBuf> {
    let directory = std::env::var_os("TERRALET_CATALOG_DATA").unwrap_or_else(|| "../shared/data".into());
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    if directory.join("aws-ec2.json").exists() && directory.join("aws-rds.json").exists() {
        return Some(directory);
    }
    // Written past the test harness, which keeps what passing tests print to itself.
    writeln!(std::io::stderr(), "skipped: 1 check (no catalogue data at {})", directory.display()).unwrap();
    None
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}
