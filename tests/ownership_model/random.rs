//! Random steps: few names, chosen to collide, and edits that often lead back to where things were.

use super::deployments::{Deployment, deployments};
use super::fleet::{Fleet, REGIONS, name_of};
use super::steps::Step;
use super::tree::{Note, Tree, place};

/// Names of repositories: those that are taken most are ids of others too.
const NAMES: [&str; 10] = ["avic", "avic", "bevil", "bevil", "cador", "cador", "dunic", "a-corp", "bevil", "avic"];
/// Names that differ in case or by a slip from those.
const SLIPS: [&str; 4] = ["Avic", "avicc", "be-vil", "cadro"];
const IDS: [&str; 5] = ["avic", "bevil", "a-corp", "dunic", "cador"];
const NETWORKS: [&str; 5] = ["10.0.0.0/16", "10.0.16.0/20", "10.1.0.0/16", "10.1.32.0/20", "10.2.0.0/16"];
const ACCOUNTS: [&str; 2] = ["111111111111", "222222222222"];
const BACKENDS: [&str; 3] = ["s3", "http", "cloud"];
const ENVIRONMENTS: [&str; 3] = ["dev", "production", "dev,production"];

/// A generator of numbers: splitmix64, by Steele, Lea and Flood.
pub(crate) struct Random {
    state: u64,
    mood: Mood,
}

/// What a sequence has more of than others: all at once, customers stop each other so much that little is ever written.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    /// Some of everything.
    Mixed,
    /// One account, and few networks.
    Networks,
    /// Repositories of one registered customer.
    OneCustomer,
    /// Customers that leave each other alone: layouts, regions and moves.
    Apart,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random { state: seed, mood: Mood::Mixed };
        random.mood = [Mood::Mixed, Mood::Networks, Mood::OneCustomer, Mood::Apart][random.below(4)];
        random
    }

    fn is(&self, mood: Mood) -> bool {
        self.mood == mood
    }

    fn network(&mut self) -> &'static str {
        let few = if self.is(Mood::Networks) { 3 } else { NETWORKS.len() };
        self.one(&NETWORKS[..few])
    }

    /// An id to claim or to register.
    fn id(&mut self) -> &'static str {
        if self.is(Mood::OneCustomer) { "dunic" } else { self.one(&IDS) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    /// One of some; none of none.
    fn of<'a, T: ?Sized>(&mut self, some: &[&'a T]) -> Option<&'a T> {
        let at = self.below(some.len());
        some.get(at).copied()
    }

    /// A repository's name.
    fn name(&mut self) -> &'static str {
        if self.once_in(7) && self.is(Mood::Mixed) { self.one(&SLIPS) } else { self.one(&NAMES) }
    }

    fn one(&mut self, some: &[&'static str]) -> &'static str {
        some[self.below(some.len())]
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// The first steps of a sequence: a few repositories, and what the platform says.
pub(crate) fn beginning(random: &mut Random) -> Vec<Step> {
    if random.is(Mood::OneCustomer) && random.once_in(6) {
        return parted(random);
    }
    let mut steps =
        vec![format!("layout {}", random.one(&["repository", "service", "region"])), format!("backend {}", random.one(&BACKENDS))];
    for _ in 0..2 + random.below(3) {
        steps.push(creation(random));
    }
    let few = if random.is(Mood::Mixed) || random.is(Mood::Apart) { 0 } else { 3 };
    for _ in 0..few + random.below(3) {
        let name = random.name();
        steps.push(registration(random, name));
    }
    steps.push("compile".into());
    steps.iter().map(|step| Step::new(step)).collect()
}

/// Two repositories of one customer that stand, and that the registry then takes for two, or puts into one account.
fn parted(random: &mut Random) -> Vec<Step> {
    let mut steps = vec!["layout repository".to_owned()];
    for (name, network, account) in [("avic", NETWORKS[0], ACCOUNTS[0]), ("bevil", NETWORKS[1], ACCOUNTS[1])] {
        steps.push(format!("create customers/{name} project=zebru claim=dunic network={network} base=eu-west-1 environments=dev"));
        steps.push(format!("register {name} id=dunic account={account}"));
    }
    steps.push("compile".into());
    if random.once_in(2) {
        steps.extend(["unregister avic".into(), "unregister bevil".into()]);
    } else {
        steps.push(format!("account bevil {}", ACCOUNTS[0]));
    }
    steps.push("compile".into());
    steps.iter().map(|step| Step::new(step)).collect()
}

fn creation(random: &mut Random) -> String {
    let mut step = format!("create {}", path(random));
    let network = random.network();
    step += &format!(" network={network} base={} environments={}", random.one(&REGIONS), random.one(&ENVIRONMENTS));
    if random.is(Mood::OneCustomer) || random.once_in(4) {
        step += " project=zebru";
    }
    if random.is(Mood::Mixed) && random.once_in(3) {
        step += &format!(" claim={}", random.id());
    }
    if random.once_in(4) {
        step += &format!(" overlay={}", random.one(&REGIONS));
    }
    if random.once_in(6) {
        step += " service=api";
    }
    step
}

/// A directory: nearly always below the first of both places, so that two of one name are rare.
fn path(random: &mut Random) -> String {
    let place = if random.once_in(12) { "more" } else { "customers" };
    format!("{place}/{}", random.name())
}

fn registration(random: &mut Random, name: &str) -> String {
    let has_id = random.is(Mood::OneCustomer) || random.is(Mood::Mixed) && random.once_in(2);
    let id = if has_id { format!(" id={}", random.id()) } else { String::new() };
    let has_account = random.is(Mood::Networks) || !random.once_in(3);
    let account = if has_account { format!(" account={}", ACCOUNTS[random.below(4) / 3]) } else { String::new() };
    format!("register {name}{id}{account}")
}

/// A next step. It may have nothing to act on; then it does nothing.
pub(crate) fn step(random: &mut Random, fleet: &Fleet, tree: &Tree, is_edited: bool) -> Step {
    let text = match random.below(100) {
        // Only a run that has something to write can be killed.
        0..=5 if is_edited => {
            let steps = if random.once_in(2) { 12 } else { 50 };
            format!("killed {} compile", 1 + random.below(steps))
        }
        0..=46 => run(random, fleet, tree),
        47..=49 => creation(random),
        50..=84 => edit(random, fleet),
        _ => provider(random, fleet, tree),
    };
    Step::new(&text)
}

fn edit(random: &mut Random, fleet: &Fleet) -> String {
    let there: Vec<&str> = fleet.repositories.keys().map(String::as_str).collect();
    let away: Vec<&str> = fleet.away.keys().map(String::as_str).collect();
    let broken: Vec<&str> = there.iter().copied().filter(|path| fleet.content(path).is_some_and(|content| content.broken)).collect();
    // What is away or broken does not stay so for long.
    if random.once_in(4) && !away.is_empty() {
        return format!("back {}", random.of(&away).unwrap_or_default());
    }
    if random.once_in(3) && !broken.is_empty() {
        return format!("mend {}", random.of(&broken).unwrap_or_default());
    }
    let Some(path) = random.of(&there) else { return creation(random) };
    match random.below(19) {
        0 => format!("project {path} {}", random.one(&["zebru", "zimto"])),
        1..=3 if !random.is(Mood::Apart) || random.once_in(4) => {
            format!("claim {path} {}", random.one(&["avic", "bevil", "a-corp", "dunic", "-"]))
        }
        1..=5 => format!("environments {path} {}", random.one(&ENVIRONMENTS)),
        6 => format!("base {path} {}", random.one(&["eu-west-1", "us-east-1", "-"])),
        7..=8 => format!("network {path} {}", random.network()),
        9..=10 => {
            let only = if random.once_in(3) { format!(" only={}", random.one(&["dev", "production"])) } else { String::new() };
            let network = if random.once_in(2) { format!(" network={}", random.network()) } else { String::new() };
            format!("overlay {path} {}{only}{network}", random.one(&REGIONS))
        }
        11 => {
            let has =
                |path: &&&str| fleet.content(path).is_some_and(|content| content.overlays.len() + usize::from(content.base.is_some()) > 1);
            let path = random.of(&there.iter().filter(has).copied().collect::<Vec<_>>()).unwrap_or(path);
            let region = fleet.content(path).and_then(|content| content.overlays.keys().next().cloned());
            format!("unoverlay {path} {}", region.unwrap_or_default())
        }
        12 => format!("service {path} api"),
        13 => {
            let has = |path: &&&str| fleet.content(path).is_some_and(|content| !content.services.is_empty());
            let path = random.of(&there.iter().filter(has).copied().collect::<Vec<_>>()).unwrap_or(path);
            format!("unservice {path} api")
        }
        14 => format!("break {path}"),
        15 => format!("rename {path} {}", self::path(random)),
        16 => format!("link {path}"),
        17 if random.once_in(2) => format!("twin {path} {}", self::path(random)),
        _ => format!("remove {path}"),
    }
}

fn provider(random: &mut Random, fleet: &Fleet, tree: &Tree) -> String {
    let listed: Vec<&str> = fleet.registry.keys().map(String::as_str).collect();
    let there: Vec<&str> = fleet.repositories.keys().map(|path| name_of(path)).collect();
    let name = if random.once_in(4) { None } else { random.of(&there) };
    let name = name.unwrap_or_else(|| random.name());
    let Some(entry) = random.of(&listed) else { return registration(random, name) };
    match random.below(24) {
        0..=4 => registration(random, name),
        5..=6 => format!("unregister {entry}"),
        7 => format!("id {entry} {}", random.one(&["avic", "bevil", "a-corp", "dunic", "-"])),
        8..=9 => format!("account {entry} {}{}", random.one(&["111111111111", "222222222222", "-"]), in_one(random)),
        21 => format!("account {entry} {}{}", random.one(&ACCOUNTS), in_one(random)),
        22..=23 => format!("state {entry} {}{}", random.one(&["states", "others", "own", "-"]), in_one(random)),
        10..=12 => {
            let other = random.of(&there).unwrap_or("avic");
            format!("share {name} {other} {}", random.id())
        }
        13..=14 => {
            let is_free = |old: &&str| !listed.iter().any(|name| name.eq_ignore_ascii_case(old));
            let old: Vec<&str> = tree.values().map(|root| root.owner.repository.as_str()).filter(is_free).collect();
            let heir: Vec<&str> = fleet.repositories.keys().map(|path| name_of(path)).filter(|name| !old.contains(name)).collect();
            let old = if random.once_in(6) { "-" } else { random.of(&old).unwrap_or("avic") };
            format!("formerly {} {old}", random.of(&heir).unwrap_or(name))
        }
        15..=16 if !listed.iter().any(|name| fleet.entry(name).offboarded) => format!("offboard {entry}"),
        15..=17 => {
            let gone: Vec<&str> = listed.iter().copied().filter(|name| fleet.entry(name).offboarded).collect();
            format!("onboard {}", random.of(&gone).unwrap_or(entry))
        }
        18 => format!("layout {}", random.one(&["repository", "service", "region"])),
        19 => format!("backend {}", random.one(&BACKENDS)),
        _ if random.once_in(2) => {
            let roots: Vec<&str> = tree.iter().filter(|(_, root)| !root.is_left()).map(|(path, _)| path.as_str()).collect();
            format!("lose {}", random.of(&roots).unwrap_or("-"))
        }
        _ => format!("bucket {}", random.one(&["states", "others"])),
    }
}

/// An environment to add, or all of them.
fn in_one(random: &mut Random) -> &'static str {
    random.one(&["", " dev", " production"])
}

fn run(random: &mut Random, fleet: &Fleet, tree: &Tree) -> String {
    let there: Vec<&str> = fleet.repositories.keys().map(String::as_str).collect();
    let path = random.of(&there).unwrap_or("customers/avic");
    let shards = 2 + random.below(3);
    match random.below(40) {
        0..=11 => "compile".into(),
        12 => "compile --overwrite".into(),
        13..=14 => "compile --allow-missing".into(),
        15..=16 => "compile --check".into(),
        17..=19 => "check".into(),
        20 => format!("shards {shards}"),
        21..=23 => format!("compile --shard {}/{shards}", 1 + random.below(shards)),
        24..=25 => format!("compile --customer {}", name_of(path)),
        26..=28 => format!("compile {path}"),
        29 => format!("compile --check {path}"),
        30 => format!("compile {path} {}", random.of(&there).unwrap_or(path)),
        31 => "compile --check --shard 1/2".into(),
        32..=36 => moving(random, fleet, tree),
        37..=38 => finishing(random, tree),
        _ => "prune".into(),
    }
}

fn finishing(random: &mut Random, tree: &Tree) -> String {
    let staged = tree.iter().filter(|(_, root)| matches!(root.note, Some(Note::From(_)))).map(|(path, _)| path.as_str());
    let staged: Vec<&str> = staged.collect();
    match random.of(&staged) {
        Some(directory) => format!("done {directory}"),
        None => match random.of(&tree.keys().map(String::as_str).collect::<Vec<_>>()) {
            Some(directory) if random.once_in(4) => format!("done {directory}"),
            _ => "prune".into(),
        },
    }
}

/// Mostly the move that a compile would ask for.
fn moving(random: &mut Random, fleet: &Fleet, tree: &Tree) -> String {
    let wanted: Vec<Deployment> = fleet.repositories.keys().flat_map(|path| deployments(fleet, path)).collect();
    let mut likely: Vec<(&str, &str)> = Vec::new();
    for (directory, root) in tree.iter().filter(|(_, root)| !root.is_left()) {
        let own = wanted.iter().filter(|own| own.identity == root.current(fleet));
        let moved = own.filter(|own| own.directory != *directory || root.place.as_ref() != Some(&place(fleet, own)));
        likely.extend(moved.map(|own| (directory.as_str(), own.directory.as_str())));
    }
    if let (false, false) = (random.once_in(5), likely.is_empty()) {
        let (old, new) = likely[random.below(likely.len())];
        return format!("move {old} {new}");
    }
    let old: Vec<&str> = tree.keys().map(String::as_str).collect();
    let new: Vec<&str> = wanted.iter().map(|own| own.directory.as_str()).collect();
    match (random.of(&old), random.of(&new)) {
        (Some(old), Some(new)) => format!("move {old} {new}"),
        _ => "compile".into(),
    }
}
