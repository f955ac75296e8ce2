//! What all commands have in common on a terminal: colors, and completions of a shell

use crate::support::Workspace;

#[test]
fn colors_are_for_terminals_unless_somebody_says_otherwise() {
    let workspace = Workspace::with_contracts();
    let check = |arguments: &str, variable: &str, expected: bool| {
        let output = workspace.command(arguments).env(variable, "1").output().expect("the command runs");
        let out = String::from_utf8_lossy(&output.stdout);
        assert_eq!(out.contains('\u{1b}'), expected, "{arguments} {variable}: {out}");
    };
    check("replay", "UNUSED", false);
    check("replay --color always", "UNUSED", true);
    check("replay --color always", "NO_COLOR", true);
    check("--color never replay", "CLICOLOR_FORCE", false);
    check("replay", "CLICOLOR_FORCE", true);
    workspace.check_refused("replay --color sometimes", &["auto, always, never"]);
}

#[test]
fn shells_complete_commands_and_flags() {
    let workspace = Workspace::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = workspace.run(&format!("completions {shell}"));
        assert_eq!(ran.code, 0, "{ran:?}");
        for piece in ["graph-contracts", "verify-live", "partition"] {
            assert!(ran.out.contains(piece), "{shell}: {piece}");
        }
    }
}
