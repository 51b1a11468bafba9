//! Real Terraform without a network: the stand-in provider, a mirror that `init` installs it from, and an environment in which nothing of the
//! person's own settings is left.
//!
//! `init` takes versions and checksums from the mirror, so version constraints are really solved; it starts nothing, so the files in it need not
//! be executables. OpenTofu looks for the same providers under its own registry's name, so the mirror has both names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use crate::provider::Served;
use crate::skips::Missing;
use crate::statestore::StateStore;

/// Another executable than the `terraform` on PATH.
const TERRAFORM_VARIABLE: &str = "TERRALET_TERRAFORM";

/// The directory of the recorded schemas.
const SCHEMAS_VARIABLE: &str = "TERRALET_PROVIDER_SCHEMAS";

const DEFAULT_SCHEMAS: &str = "../shared/data/provider-schemas";

/// Terraform's commands are short and small: collecting garbage at five times the live heap instead of twice saves a quarter of their processor time.
const GARBAGE_COLLECTION: &str = "400";

const REGISTRIES: &[&str] = &["registry.terraform.io", "registry.opentofu.org"];

/// The versions that the schemas were recorded from, as their README gives them; the recordings themselves do not say.
const RECORDED: &[(&str, &str)] = &[("aws", "6.47.0"), ("azurerm", "4.79.0"), ("google", "6.50.0"), ("random", "3.7.2")];

/// A Terraform that can be run, with everything it needs next to it. The directory goes when this is dropped.
pub(crate) struct Terraform {
    binary: PathBuf,
    version: Version,
    /// By name.
    providers: BTreeMap<&'static str, Served>,
    directory: TempDir,
    pub(crate) tally: Tally,
}

/// What has been run, for the closing line.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) roots: AtomicUsize,
    pub(crate) plans: AtomicUsize,
    pub(crate) compared: AtomicUsize,
    pub(crate) resources: AtomicUsize,
    pub(crate) module_tests: AtomicUsize,
    /// Mistakes that were put in, and those that were noticed.
    pub(crate) mutations: Part,
    /// Faults that were injected, and those that are as recorded.
    pub(crate) faults: Part,
    /// Of these, those of which `terralet trace` names the line; of the others Terraform names no place.
    pub(crate) mapped: AtomicUsize,
    /// Types and values that were compared, and those of which terralet says what Terraform says.
    pub(crate) conversions: Part,
}

/// How many of those that were tried did what they should.
#[derive(Default)]
pub(crate) struct Part {
    pub(crate) right: AtomicUsize,
    pub(crate) tried: AtomicUsize,
}

/// What `terraform version` says, or `tofu version`.
struct Version {
    /// `Terraform` or `OpenTofu`.
    product: String,
    number: String,
    /// Such as `linux_amd64`.
    platform: String,
}

impl Terraform {
    /// Finds Terraform and the recorded schemas, starts the providers and builds the mirror.
    pub(crate) fn offline() -> Result<Self, Missing> {
        let binary = binary();
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let schemas = std::env::var_os(SCHEMAS_VARIABLE).map_or_else(|| package.join(DEFAULT_SCHEMAS), PathBuf::from);
        let version = version(&binary).ok_or_else(|| Missing::Terraform(binary.clone()))?;
        if !schemas.join("aws.json").is_file() {
            return Err(Missing::Schemas(schemas));
        }
        let recorded = RECORDED.iter().map(|(name, _)| *name).filter(|name| schemas.join(format!("{name}.json")).is_file());
        let providers =
            recorded.map(|name| Ok((name, Served::start(&schemas, name)?))).collect::<Result<_, String>>().map_err(Missing::Setting)?;
        let directory = tempfile::Builder::new().prefix("terralet-").tempdir().map_err(|error| Missing::Setting(error.to_string()))?;
        let terraform = Self { binary, version, providers, directory, tally: Tally::default() };
        terraform.build().map_err(|error| Missing::Setting(error.to_string()))?;
        Ok(terraform)
    }

    /// Product and version.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.version.product, self.version.number)
    }

    /// Whether what Terraform itself was recorded to say can be expected of it, word for word.
    pub(crate) fn has_terraforms_words(&self) -> bool {
        self.version.product == "Terraform"
    }

    /// The configuration of the command line that every command has.
    pub(crate) fn configuration(&self) -> std::io::Result<String> {
        std::fs::read_to_string(self.directory.path().join("terraform.rc"))
    }

    /// A new directory for one test.
    pub(crate) fn new_directory(&self) -> std::io::Result<TempDir> {
        TempDir::new_in(self.directory.path())
    }

    /// A command that runs in `directory` with nothing inherited but PATH. The store's settings lead Terraform's own AWS code, that of the S3
    /// backend and of `terraform_remote_state`, to it, so that what was emitted is run as it is, with no argument added.
    pub(crate) fn command(&self, directory: &Path, store: &StateStore) -> Command {
        let own = self.directory.path();
        let mut command = Command::new(&self.binary);
        command
            .current_dir(directory)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("HOME", own.join("home"))
            .env("TMPDIR", own.join("tmp"))
            .env("TF_CLI_CONFIG_FILE", own.join("terraform.rc"))
            .envs([("CHECKPOINT_DISABLE", "1"), ("TF_IN_AUTOMATION", "1"), ("TF_INPUT", "0")])
            .env("GOGC", GARBAGE_COLLECTION)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(store.environment())
            .stdin(Stdio::null());
        command
    }

    /// The variable by which Terraform finds the providers. `init` must not have it, since it installs nothing that is running already.
    pub(crate) fn reattach(&self) -> (&'static str, String) {
        let providers = self.providers.iter().flat_map(|(name, served)| {
            REGISTRIES.iter().map(move |registry| (format!("{registry}/hashicorp/{name}"), served.reattachment()))
        });
        ("TF_REATTACH_PROVIDERS", serde_json::Value::Object(providers.collect()).to_string())
    }

    /// `<mirror>/<registry>/hashicorp/<name>/<version>/<platform>/terraform-provider-<name>_v<version>`.
    fn build(&self) -> std::io::Result<()> {
        let own = self.directory.path();
        let mirror = own.join("mirror");
        for (name, version) in RECORDED.iter().filter(|(name, _)| self.providers.contains_key(name)) {
            for registry in REGISTRIES {
                let package = mirror.join(registry).join("hashicorp").join(name).join(version).join(&self.version.platform);
                std::fs::create_dir_all(&package)?;
                let file_name = format!("terraform-provider-{name}_v{version}{}", std::env::consts::EXE_SUFFIX);
                std::fs::write(package.join(file_name), "The provider is served by the tests.\n")?;
            }
        }
        let configuration =
            format!("provider_installation {{\n  filesystem_mirror {{\n    path = {:?}\n  }}\n}}\n", mirror.display().to_string());
        std::fs::write(own.join("terraform.rc"), configuration)?;
        std::fs::create_dir(own.join("home"))?;
        std::fs::create_dir(own.join("tmp"))
    }
}

impl Tally {
    pub(crate) fn add(counter: &AtomicUsize, count: usize) {
        counter.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn line(&self, name: &str) -> String {
        let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        let part = |part: &Part| format!("{} of {}", count(&part.right), count(&part.tried));
        format!(
            "{name}: {} roots through the full cycle, {} plans, {} of them as asked for, {} resources created and destroyed, {} module tests, {} mutations noticed, {} faults as recorded and {} of them mapped to their line, {} types and values judged alike",
            count(&self.roots),
            count(&self.plans),
            count(&self.compared),
            count(&self.resources),
            count(&self.module_tests),
            part(&self.mutations),
            part(&self.faults),
            count(&self.mapped),
            part(&self.conversions)
        )
    }
}

impl Part {
    /// Counts what was tried, and of it what did as it should.
    pub(crate) fn add(&self, right: usize, tried: usize) {
        Tally::add(&self.right, right);
        Tally::add(&self.tried, tried);
    }
}

/// A path is made absolute, since commands run in other directories; a bare name is looked for on PATH.
fn binary() -> PathBuf {
    let Some(named) = std::env::var_os(TERRAFORM_VARIABLE).map(PathBuf::from) else { return PathBuf::from("terraform") };
    if named.components().count() > 1 { std::path::absolute(&named).unwrap_or(named) } else { named }
}

/// None where the executable is not there or is neither Terraform nor OpenTofu: they print `Terraform v1.11.4` and `on linux_amd64`.
fn version(binary: &Path) -> Option<Version> {
    let output = Command::new(binary).arg("version").env("CHECKPOINT_DISABLE", "1").stdin(Stdio::null()).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let (product, number) = said.lines().next()?.split_once(" v")?;
    let platform = said.lines().find_map(|line| line.strip_prefix("on "))?;
    let is_known = matches!(product, "Terraform" | "OpenTofu");
    is_known.then(|| Version { product: product.to_owned(), number: number.to_owned(), platform: platform.to_owned() })
}
