//! The arguments: cli.md.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use terralet_core::fleet::Shard;
use terralet_core::platform::Date;
use terralet_host::workspace::Call;
use terralet_report::{self as report, Style};

/// The first page of help. clap has no groups of commands; a test holds the lines against the commands' own.
const HELP: &str = "\
{about}

{usage-heading} {usage}

Documents:
  check        Find what is wrong in the customers' documents, and with --fix apply the safe fixes
  compile      Check, then write the root modules
  explain      Explain a diagnostic or a key, or list all diagnostics

Deployments:
  list         List every root module: what is on disk and what should be
  why          Show where the values of a deployment come from
  trace        Show Terraform's diagnostics at the lines that their arguments come from

The generated tree:
  move         Stage roots at another address or backend, and print the steps that carry their states over
  prune        Remove the tombstones of deployments whose infrastructure is destroyed

Setting up:
  platform     Export what the service provider decides
  completions  Print a completion script for a shell
  help         Print this message or the help of the given command

Options:
{options}

Exit status:
  0  nothing is wrong; there may be warnings
  1  a customer's input has errors, or the tree on disk keeps something from being written
  2  the call, the platform file or the file system is at fault
  3  `compile --check` found a difference

Documentation: `terralet explain CODE` for a diagnostic; docs/ in terralet's repository for the rest:
language.md for customers, platform.md for the service provider, cli.md for every command
";

/// Compiles what customers ask for into the Terraform that a service provider runs
#[derive(Debug, Parser)]
#[command(name = "terralet", version, propagate_version = true, max_term_width = 100, help_template = HELP)]
pub struct Arguments {
    /// Start in this directory instead of the current one
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,
    /// Use this platform file (a terralet.yml, or what `terralet platform export` wrote)
    #[arg(long, value_name = "FILE", global = true)]
    pub platform: Option<PathBuf>,
    /// The day by which rules of registry entries with an `until` are judged; default: the host's, in UTC
    #[arg(long, value_name = "YYYY-MM-DD", global = true)]
    pub today: Option<Date>,
    /// How diagnostics are printed
    #[arg(long, value_enum, default_value_t = Format::Human, global = true)]
    pub format: Format,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true)]
    pub color: Color,
    /// Print nothing but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// What the call says of its workspace.
    pub(crate) fn call(&self) -> Call {
        Call { directory: self.directory.clone(), platform: self.platform.clone(), today: self.today }
    }

    /// How results are printed.
    pub(crate) fn style(&self) -> Style {
        let format = match self.format {
            Format::Human => report::Format::Human,
            Format::Json => report::Format::Json,
            Format::Sarif => report::Format::Sarif,
            Format::Github => report::Format::Github,
        };
        let color = match self.color {
            Color::Auto => report::Color::Auto,
            Color::Always => report::Color::Always,
            Color::Never => report::Color::Never,
        };
        Style { format, color, quiet: self.quiet }
    }

    /// Prints for whom a run has to wait.
    pub(crate) fn waits(&self) -> impl FnOnce(&str) {
        let is_quiet = self.quiet;
        move |text| {
            if !is_quiet {
                report::note(text);
            }
        }
    }
}

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, on standard error
    Human,
    /// One JSON document on standard output
    Json,
    /// One SARIF 2.1.0 document on standard output, as GitHub code scanning reads it
    Sarif,
    /// Workflow commands of GitHub Actions on standard output
    Github,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal; never with NO_COLOR or CLICOLOR=0, always with CLICOLOR_FORCE
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find what is wrong in the customers' documents, and with --fix apply the safe fixes
    Check(CheckOptions),
    /// Check, then write the root modules
    Compile(CompileOptions),
    /// List every root module: what is on disk and what should be
    List(ListOptions),
    /// Show where the values of a deployment come from
    Why(WhyOptions),
    /// Show Terraform's diagnostics at the lines that their arguments come from
    Trace(TraceOptions),
    /// Explain a diagnostic or a key, or list all diagnostics
    Explain(ExplainOptions),
    /// Remove the tombstones of deployments whose infrastructure is destroyed
    Prune(PruneOptions),
    /// Stage roots at another address or backend, and print the steps that carry their states over
    Move(MoveOptions),
    /// Export what the service provider decides
    Platform(PlatformOptions),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// Repositories, infra directories or documents; default: the whole workspace, else ./infra
    pub paths: Vec<PathBuf>,
    /// Take warnings for errors
    #[arg(long)]
    pub deny_warnings: bool,
    /// Go on without any customer, with the platform file alone
    #[arg(long)]
    pub allow_missing: bool,
    /// Apply the safe fixes to the documents, then check
    #[arg(long)]
    pub fix: bool,
    /// With --fix: print what would change, and write nothing
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// Spare what an earlier `check --format json` has found, which wrote this file
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Name the rules of shared modules that Terraform alone judges
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// Options of `compile`.
#[derive(Debug, Args)]
pub struct CompileOptions {
    /// Repositories; default: the whole workspace
    pub paths: Vec<PathBuf>,
    /// Write below this directory instead of the platform's
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Write nothing; exit 3 unless the tree is what would be written
    #[arg(long)]
    pub check: bool,
    /// Threads; default: one a core
    #[arg(long, value_name = "N", value_parser = jobs)]
    pub jobs: Option<std::num::NonZeroUsize>,
    /// Only repositories whose names fit, such as acme-*
    #[arg(long, value_name = "PATTERN")]
    pub customer: Option<String>,
    /// Only part I (from 1) of N parts of the fleet, for N machines
    #[arg(long, value_name = "I/N", conflicts_with_all = ["paths", "customer"])]
    pub shard: Option<Shard>,
    /// Warn of repositories that are gone, instead of failing
    #[arg(long)]
    pub allow_missing: bool,
    /// Replace files that were edited by hand
    #[arg(long)]
    pub overwrite: bool,
    /// Take warnings for errors
    #[arg(long)]
    pub deny_warnings: bool,
}

/// Options of `list`.
#[derive(Debug, Args)]
pub struct ListOptions {
    /// Repositories; default: the whole workspace
    pub paths: Vec<PathBuf>,
    /// The generated tree, when it is not the platform's
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// Options of `why`.
#[derive(Debug, Args)]
pub struct WhyOptions {
    /// A root's directory below the output, or the end of one; or a line of a generated file, such as generated/acme/dev/main.tf:12
    pub address: String,
    /// One key, such as database.multi_az, or what is emitted: name, image, tags, subnets, account; default: all
    pub key: Option<String>,
}

/// Options of `trace`.
#[derive(Debug, Args)]
#[command(after_help = "Terraform's JSON is read from standard input: `terraform plan -json | terralet trace customer-a/production`")]
pub struct TraceOptions {
    /// The root that Terraform ran in: its directory, below the output or as -chdir takes it, or the end of one; default: where the file names lead
    pub address: Option<String>,
    /// The generated tree, when it is not the platform's
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// A code, or a key with its section, such as database.multi_az; default: the list of codes
    #[arg(value_name = "CODE|KEY")]
    pub name: Option<String>,
}

/// Options of `prune`.
#[derive(Debug, Args)]
pub struct PruneOptions {
    /// Tombstones, as `prune` prints them or below the output, or directories above them; without any, they are listed
    pub directories: Vec<String>,
    /// Remove every tombstone
    #[arg(long, conflicts_with = "directories")]
    pub all: bool,
    /// The generated tree, when it is not the platform's
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Options of `move`.
#[derive(Debug, Args)]
#[command(
    override_usage = "terralet move [OPTIONS] <OLD> <NEW>\n       terralet move [OPTIONS] --all [--customer <PATTERN>]\n       terralet move [OPTIONS] --done <NEW>...\n       terralet move [OPTIONS] --done --all"
)]
pub struct MoveOptions {
    /// The root's directory below the output, and the one that the documents give it now; the same twice when only the backend changes
    #[arg(value_name = "OLD NEW", required_unless_present = "all")]
    pub addresses: Vec<String>,
    /// Every root that has another place now, such as after a change of layout or backend; with --done, every move
    #[arg(long, conflicts_with = "addresses")]
    pub all: bool,
    /// With --all: only repositories whose names fit, such as acme-*
    #[arg(long, value_name = "PATTERN", requires = "all", conflicts_with = "done")]
    pub customer: Option<String>,
    /// The states of these roots are where they belong: remove what is left of their moves
    #[arg(long)]
    pub done: bool,
    /// The generated tree, when it is not the platform's
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Options of `platform`.
#[derive(Debug, Args)]
pub struct PlatformOptions {
    /// What to do
    #[command(subcommand)]
    pub command: PlatformCommand,
}

/// What to do with the platform.
#[derive(Debug, Subcommand)]
pub enum PlatformCommand {
    /// Print the part of the platform file that customers may see
    Export {
        /// With the rules that this repository's registry entry has
        #[arg(long, value_name = "REPOSITORY")]
        customer: Option<String>,
    },
}

/// A number of threads.
fn jobs(text: &str) -> Result<std::num::NonZeroUsize, String> {
    text.parse().map_err(|_| "write how many threads, 1 or more; without `--jobs` there is one a core".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Arguments, HELP};
    use clap::CommandFactory as _;

    #[test]
    fn the_first_page_of_help_names_every_command_as_it_names_itself() {
        let mut command = Arguments::command();
        command.build();
        let mut wanted: Vec<String> = Vec::new();
        for subcommand in command.get_subcommands() {
            let about = subcommand.get_about().map(ToString::to_string).unwrap_or_default();
            wanted.push(format!("  {:11}  {}", subcommand.get_name(), about.replace("subcommand(s)", "command")));
        }
        let groups = HELP.split("Options:").next().unwrap_or_default();
        let mut listed: Vec<String> = groups.lines().filter(|line| line.starts_with("  ")).map(str::to_owned).collect();
        wanted.sort();
        listed.sort();
        assert_eq!(listed, wanted);
    }
}
