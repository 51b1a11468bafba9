//! A fleet of customers as a service provider has it, made from a seed and a size: the same bytes every time, on every machine.
//!
//! 60% of the customers have one base with two environments, 10% keep the same in an infra repository of their own, 15% have three
//! services, 15% have three regions, and a third of these have services too. Documents have 40 to 120 lines with comments; some have
//! anchors. Half of the customers ask for something that no shared module takes yet, so that warnings are part of the work.

#![allow(unreachable_pub)]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// What is generated.
#[derive(Debug, Clone, Copy)]
pub struct Workload {
    /// Other seeds give other fleets of the same kind.
    pub seed: u64,
    /// How many customers.
    pub customers: usize,
    /// How many of a hundred customers the registry lists.
    pub registered: u64,
}

/// One file of the workspace.
#[derive(Debug)]
pub struct Document {
    /// Its path below the workspace.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Workload {
    /// Writes the workspace below a directory, which should be empty.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir_all(directory)?;
        fs::write(directory.join("terralet.yml"), self.platform())?;
        for index in 0..self.customers {
            for (at, document) in self.customer(index).iter().enumerate() {
                let path = directory.join(&document.path);
                if let (0, Some(parent)) = (at, path.parent()) {
                    fs::create_dir_all(parent)?;
                }
                fs::write(path, &document.text)?;
            }
        }
        Ok(())
    }

    /// The directory's name of a customer's repository.
    pub fn repository(&self, index: usize) -> String {
        let infix = if Shape::of(&mut self.random(index)) == Shape::InfraRepository { "-infra" } else { "" };
        format!("customer-{index:06}{infix}")
    }

    /// The platform file.
    pub fn platform(&self) -> String {
        let mut text = String::from(PLATFORM);
        for index in (0..self.customers).filter(|index| (*index as u64).wrapping_mul(37) % 100 < self.registered) {
            let tier = ["standard", "business", "enterprise"][index % 3];
            let _ = writeln!(
                text,
                "  {}: {{customer_id: customer-{index:06}, tier: {tier}, account_id: \"{:012}\"}}",
                self.repository(index),
                100_000_000_000 + index as u64
            );
        }
        text
    }

    /// The documents of a customer.
    pub fn customer(&self, index: usize) -> Vec<Document> {
        let random = &mut self.random(index);
        let shape = Shape::of(random);
        let infra = format!("customers/{}/infra", self.repository(index));
        let make = |name: &str, text: String| Document { path: format!("{infra}/{name}"), text };
        let has_services = shape == Shape::Services || shape == Shape::RegionsAndServices;
        let has_regions = shape == Shape::Regions || shape == Shape::RegionsAndServices;
        let mut documents = vec![make("variables.yml", base(index, random, !has_regions))];
        if has_services {
            for service in pick_three(random, &SERVICES) {
                documents.push(make(&format!("{service}-vars.yml"), service_overlay(service, random)));
            }
        }
        if has_regions {
            for (slot, region) in pick_three(random, &REGIONS).into_iter().enumerate() {
                documents.push(make(&format!("{region}-variables.yml"), region_overlay(region, index, slot + 1, random)));
            }
        }
        documents
    }

    fn random(&self, index: usize) -> Random {
        Random(self.seed ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

/// The kinds of customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    OneBase,
    InfraRepository,
    Services,
    Regions,
    RegionsAndServices,
}

impl Shape {
    fn of(random: &mut Random) -> Shape {
        match random.below(100) {
            0..60 => Shape::OneBase,
            60..70 => Shape::InfraRepository,
            70..85 => Shape::Services,
            85..95 => Shape::Regions,
            _ => Shape::RegionsAndServices,
        }
    }
}

/// splitmix64 (Steele, Lea and Flood 2014): small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn pick<'l>(&mut self, list: &[&'l str]) -> &'l str {
        list[self.below(list.len() as u64) as usize]
    }
}

fn pick_three<'l>(random: &mut Random, list: &[&'l str]) -> [&'l str; 3] {
    let start = random.below(list.len() as u64) as usize;
    [0, 1, 2].map(|step| list[(start + step) % list.len()])
}

const REGIONS: [&str; 5] = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1"];
const SERVICES: [&str; 7] = ["api", "worker", "web", "search", "mailer", "ingest", "reports"];
const PROJECTS: [&str; 8] = ["shop", "booking", "tracker", "clinic", "press", "fleet", "ledger", "school"];
const TYPES: [&str; 5] = ["t3.small", "t3.medium", "m6i.large", "c6i.large", "t3.large"];
const CLASSES: [&str; 3] = ["db.t3.medium", "db.m6g.large", "db.t4g.medium"];
const REMARKS: [&str; 6] = [
    "# Agreed with finance in spring; ask before raising it.",
    "# The load test of last autumn showed that this is enough.",
    "# Keep in step with the runbook, section 4.",
    "# Büro Köln only; the others come in over the VPN.",
    "# TODO: look again after the season.",
    "# Measured, not guessed: see the dashboard of the team.",
];

const PLATFORM: &str = r#"# What we decide for every customer we run.
platform: acme
customers: [customers/*]
output: generated
environments:
  dev: {}
  staging: {}
  production:
    protected: true
    require: {database.backup_retention_period: {min: 7}}
clouds:
  aws:
    regions: [us-east-1, us-west-2, eu-west-1, eu-central-1, ap-south-1]
    provider_version: "~> 6.0"
    grants: {key_pairs: [operations]}
reserved_cidrs: [10.255.0.0/16]
tiers:
  standard:
    defaults: {database: {backup_retention_period: 7}, tags: {support: best-effort}}
    limits: {compute.max_instances: 20, networking.availability_zones: 3}
  business: {defaults: {tags: {support: business-hours}}}
  enterprise: {}
state:
  backend: s3
  config: {bucket: acme-terraform-state, region: us-east-1, encrypt: true, use_lockfile: true}
registry:
  default: {tier: standard, onboarding: self-service}
"#;

fn base(index: usize, random: &mut Random, with_region: bool) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    let project = random.pick(&PROJECTS);
    line(&format!("# Infrastructure of {project}."));
    line("# Questions: the platform channel, or the support portal.");
    line("");
    line(&format!("project_name: {project}"));
    line(&format!("customer_id: customer-{index:06}"));
    if with_region {
        line(&format!("region: {}", random.pick(&REGIONS)));
    }
    line("");
    line("networking:");
    line(&format!("  vpc_cidr: 10.{}.0.0/16", random.below(200)));
    line(&format!("  availability_zones: {}", 2 + random.below(2)));
    if random.one_in(3) {
        line("  enable_nat_gateway: true");
        line(&format!("  enable_vpn: {}", random.one_in(2)));
    }
    line("");
    line("compute:");
    line(&format!("  instance_type: {}", random.pick(&TYPES)));
    line(&format!("  min_instances: {}", 1 + random.below(2)));
    line(&format!("  max_instances: {}       {}", 3 + random.below(5), random.pick(&REMARKS)));
    if random.one_in(4) {
        line("  key_name: operations");
        line("  user_data_script: |");
        line("    #!/bin/bash");
        line("    set -euo pipefail");
        line("    # ${IMAGE_TAG} comes from the parameter store.");
        line("    IMAGE_TAG=\"$(aws ssm get-parameter --name /image-tag --query Parameter.Value --output text)\"");
        line("    docker run --detach --publish 80:8080 \"registry.example/app:${IMAGE_TAG}\"");
    }
    line("");
    line("database:");
    line("  engine: postgres");
    line("  engine_version: \"16\"");
    line(&format!("  instance_class: {}", random.pick(&CLASSES)));
    line(&format!("  allocated_storage: {}", 20 + 10 * random.below(10)));
    line(&format!("  backup_retention_period: {}", 7 + random.below(14)));
    line("");
    line("scaling:");
    line(&format!("  cpu_threshold: {}", 50 + random.below(40)));
    line("  scale_up_cooldown: 120");
    line("  scale_down_cooldown: 600");
    line("");
    if random.one_in(2) {
        for wish in WISHES {
            line(wish);
        }
    }
    line("tags:");
    line(&format!("  owner: team-{}", random.below(40)));
    line(&format!("  cost_center: \"{:04}\"", random.below(10_000)));
    line("  data_class: internal");
    for extra in 0..random.below(12) {
        line(&format!("  label_{extra}: value {}", random.below(1000)));
    }
    line("");
    line("environments:");
    environments(&mut line, random);
    text
}

/// Sections that no shared module takes yet, each of which is a warning.
const WISHES: [&str; 12] = [
    "custom:",
    "  contacts:",
    "    - operations@example.com",
    "    - billing@example.com",
    "    - support@example.com",
    "  pager: true",
    "",
    "backup:",
    "  enabled: true",
    "  schedule: \"cron(30 2 * * ? *)\"",
    "  retention_days: 35",
    "",
];

fn environments(line: &mut impl FnMut(&str), random: &mut Random) {
    let anchored = random.one_in(5);
    line("  staging:");
    line("    # Cheap: nobody is on call for it.");
    line("    instance_type: t3.small");
    line("    max_instances: 2");
    line(if anchored { "    security: &office" } else { "    security:" });
    line("      # The office and the VPN.");
    line("      allowed_cidr_blocks:");
    line("        - 198.51.100.24/32");
    line("        - 203.0.113.0/27");
    line("    tags:");
    line("      temporary: \"no\"");
    line("");
    line("  production:");
    line(&format!("    {}", random.pick(&REMARKS)));
    line("    min_instances: 2");
    line(&format!("    max_instances: {}", 4 + random.below(6)));
    line("    enable_monitoring: true");
    line("    backup_retention_days: 21");
    line("    database:");
    line("      multi_az: true");
    line(&format!("      allocated_storage: {}", 100 + 20 * random.below(10)));
    if anchored {
        line("    security: *office");
    }
}

fn service_overlay(service: &str, random: &mut Random) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    line(&format!("# What {service} needs beyond the base."));
    for remark in &REMARKS[..3] {
        line(remark);
    }
    line("");
    line("compute:");
    line(&format!("  instance_type: {}", random.pick(&TYPES)));
    line("  min_instances: 1");
    line(&format!("  max_instances: {}", 2 + random.below(4)));
    line("  user_data_script: |");
    line("    #!/bin/bash");
    line("    set -euo pipefail");
    for step in 0..10 + random.below(10) {
        line(&format!("    systemctl enable {service}-{step}.service"));
    }
    line("");
    line("scaling:");
    line(&format!("  cpu_threshold: {}", 40 + random.below(40)));
    line("");
    line("tags:");
    line(&format!("  component: {service}"));
    line(&format!("  owner: team-{}", random.below(40)));
    line("");
    line("environments:");
    line("  staging:");
    line("    instance_type: t3.small");
    line("    max_instances: 1");
    line("  production:");
    line("    # Two at least, so that one may go.");
    line("    min_instances: 2");
    line(&format!("    max_instances: {}", 3 + random.below(5)));
    line("    tags:");
    line("      on_call: \"yes\"");
    if random.one_in(4) {
        line("");
        line("database:");
        line("  engine: mysql");
        line("  engine_version: \"8.0\"");
        line(&format!("  instance_class: {}", random.pick(&CLASSES)));
        line("  backup_retention_period: 14");
    }
    text
}

fn region_overlay(region: &str, index: usize, slot: usize, random: &mut Random) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    line(&format!("# What is different in {region}."));
    for remark in REMARKS {
        line(remark);
    }
    line("");
    line("networking:");
    line(&format!("  vpc_cidr: 10.{}.0.0/16", 200 + (index + slot) % 50));
    line("  availability_zones: 2");
    line("");
    line("compute:");
    line(&format!("  instance_type: {}", random.pick(&TYPES)));
    line("  min_instances: 1");
    line(&format!("  max_instances: {}", 3 + random.below(4)));
    line("");
    line("database:");
    line(&format!("  instance_class: {}", random.pick(&CLASSES)));
    line("");
    line("tags:");
    line(&format!("  residence: {region}"));
    for extra in 0..8 + random.below(8) {
        line(&format!("  local_{extra}: value {}", random.below(1000)));
    }
    line("");
    line("environments:");
    if slot == 1 {
        line("  staging:");
        line("    max_instances: 1");
    }
    line("  production:");
    line("    # Staging stays in one region.");
    line("    min_instances: 2");
    line(&format!("    max_instances: {}", 4 + random.below(4)));
    line("    database:");
    line("      allocated_storage: 200");
    line("    security:");
    line("      allowed_cidr_blocks:");
    line("        - 198.51.100.24/32");
    text
}
