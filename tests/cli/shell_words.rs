//! Commands that are printed for a shell: each character that a shell knows is quoted separately. moves.rs has a shell read whole commands.

use crate::harness::workspace::{Workspace, words};

const SHOP: &str = "\
project_name: shop
region: eu-west-1
networking: {vpc_cidr: 10.0.0.0/16}
environments: {dev: {}}
";

/// One at a time, since one that is quoted takes the others along.
#[test]
fn each_character_that_a_shell_knows_is_quoted_by_itself() {
    for letter in " $`\"'\\;&|<>()*?[]#~!{}^".chars() {
        let workspace = Workspace::new("", &[("shop/variables.yml", SHOP)]);
        let output = format!("a{letter}b");
        workspace.run(&["compile", "--output", &output], 0);
        workspace.platform("state: {layout: region}");
        let reported = workspace.run(&["compile", "--output", &output], 1);
        let quoted = if letter == '\'' { r"'a'\''b'".to_owned() } else { format!("'{output}'") };
        let help = words(reported.only("state-key-changed"));
        assert!(help.contains(&format!("terralet move --output {quoted} shop/dev shop/eu-west-1/dev")), "{letter}: {help}");
    }
}
