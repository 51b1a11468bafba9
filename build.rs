//! Links the release binary small: functions that came out alike are kept once, and the tables that a panic would unwind the stack by are
//! left out, since it aborts. A binary that is not stripped keeps them: profilers read the stack by them.

#![allow(clippy::print_stdout, reason = "the language of build scripts")]

use std::env::var;

/// The linker that Rust brings for this target knows both; which one others have is not known.
const TARGET: &str = "x86_64-unknown-linux-gnu";
/// Leaves the tables out.
const SCRIPT: &str = "src/without-unwinding.ld";
/// How a binary is asked for that is not stripped.
const STRIP: &str = "CARGO_PROFILE_RELEASE_STRIP";

fn main() {
    println!("cargo::rerun-if-changed={SCRIPT}");
    println!("cargo::rerun-if-env-changed={STRIP}");
    let is_stripped = var(STRIP).is_err();
    if var("TARGET").is_ok_and(|target| target == TARGET) && var("PROFILE").is_ok_and(|profile| profile == "release") && is_stripped {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
        if let Ok(root) = var("CARGO_MANIFEST_DIR") {
            println!("cargo::rustc-link-arg-bins=-Wl,-T,{root}/{SCRIPT}");
        }
    }
}
