//! State locks: two applies of one root meet, two of different roots do not.
//!
//! The first apply is stopped in the middle by the store, which makes it wait before its state is written. By then it holds its lock.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::offline::Terraform;
use crate::roots::{OUTPUT, samples};
use crate::statestore::StateStore;
use crate::workspace::{Failure, Module, Outcome, Workspace};
use crate::{Suite, cycle, discovery};

/// Terraform takes its lock within a second; a slow machine may need many.
const LOCK_TAKEN: Duration = Duration::from_secs(60);

pub(crate) fn add(suite: &mut Suite) {
    suite.add("locks::one_root_applied_twice_at_once", one_root_applied_twice_at_once);
    suite.add("locks::two_roots_applied_at_once", two_roots_applied_at_once);
}

fn one_root_applied_twice_at_once(terraform: &Terraform) -> Result<(), Failure> {
    let store = start()?;
    let sources = [(samples(), String::new())];
    let (first, second) =
        (Workspace::copy(terraform, &sources, Arc::clone(&store))?, Workspace::copy(terraform, &sources, Arc::clone(&store))?);
    let root = Path::new(OUTPUT).join("shop/production");
    let outcome = apply_while_held(&store, &first.module(&root), &second.module(&root))?;
    if outcome.status == Some(0) || !outcome.stderr.contains("Error acquiring the state lock") {
        return Err(Failure::new("second apply", format!("it did not meet the lock\n{}{}", outcome.stdout, outcome.stderr)));
    }
    Ok(())
}

fn two_roots_applied_at_once(terraform: &Terraform) -> Result<(), Failure> {
    let store = start()?;
    let workspace = Workspace::copy(terraform, &[(samples(), String::new())], Arc::clone(&store))?;
    let (first, second) = (Path::new(OUTPUT).join("shop/production"), Path::new(OUTPUT).join("shop/development"));
    apply_while_held(&store, &workspace.module(&first), &workspace.module(&second))?.succeeded().map(drop)
}

/// Applies `second` while `first` holds its lock, and then lets `first` end, which must succeed. Gives the outcome of `second`.
fn apply_while_held(store: &StateStore, first: &Module<'_>, second: &Module<'_>) -> Result<Outcome, Failure> {
    first.init()?;
    second.init()?;
    let groups = discovery::discover(first.path(), Path::new("")).map_err(|error| Failure::new("discovery", error))?;
    let held = groups.first().ok_or_else(|| Failure::new("discovery", "the first root was not found"))?;
    let apply = ["apply", "-no-color", "-auto-approve"];
    std::thread::scope(|scope| {
        let hold = store.hold_writes(&held.shared.state);
        let running = scope.spawn(|| first.run(&apply)?.succeeded());
        let is_locked = store.wait_for(&cycle::lock_of(&held.shared), LOCK_TAKEN);
        let outcome = is_locked.then(|| second.run(&apply));
        drop(hold);
        running.join().map_err(|_| Failure::new("first apply", "its thread ended early"))??;
        outcome.unwrap_or_else(|| Err(Failure::new("first apply", "it took no lock")))
    })
}

fn start() -> Result<Arc<StateStore>, Failure> {
    StateStore::start().map(Arc::new).map_err(|error| Failure::new("state store", error))
}
