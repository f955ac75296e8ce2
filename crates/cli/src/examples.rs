//! Examples of each command, which its help ends with.

use clap::Command;

/// For each command, what somebody wants and the words of the command line that do it.
const EXAMPLES: [(&str, &[(&str, &str)]); 15] = [
    (
        "check-metadata",
        &[
            ("Check all contracts", "--metadata v1.0=v1.0.csdl"),
            ("Check some, and write a report", "get-user --metadata v1.0=v1.0.csdl --report report"),
        ],
    ),
    ("completions", &[("Complete commands in Bash", "bash")]),
    (
        "diff",
        &[
            ("Compare two imports", "old/contracts contracts"),
            ("Fail where a newer version of the service breaks callers", "old.csdl new.csdl --deny breaking"),
        ],
    ),
    (
        "explain",
        &[("Explain a defect that lint reports", "json-not-valid"), ("Show the page about a command", "replay")],
    ),
    (
        "export",
        &[
            ("Describe all contracts for tools that read OpenAPI", "openapi --output openapi.json"),
            ("Test some of them with Hurl", "hurl get-user --output hurl"),
        ],
    ),
    (
        "import",
        &[
            ("Make contracts of the pages that the configuration names", ""),
            ("Make them of other pages", "docs/api"),
            ("Fail if they are out of date, in CI", "--check"),
            ("Delete those that no page documents any longer", "--unreferenced delete"),
        ],
    ),
    ("init", &[("Set up this folder", ""), ("Describe the configuration to an editor", "--schema")]),
    (
        "lint",
        &[
            ("Report the defects of the pages that the configuration names", ""),
            (
                "Take what is there as known, and report only new defects from now on",
                "--baseline lint-baseline.json --update-baseline",
            ),
            ("Report the defects of a pull request", "--changed-since origin/main"),
            ("Show what would be corrected", "--fix --dry-run"),
        ],
    ),
    ("prove", &[("Try the comparison on all contracts", ""), ("Try it on one", "v1.0/get-user")]),
    (
        "replay",
        &[
            ("Replay all contracts", ""),
            ("Replay some, and write a report", "get-user --report report"),
            ("Compare with the pages alone", "--snapshots none"),
        ],
    ),
    ("report", &[("Merge what two machines found", "--merge 1/results.json 2/results.json --report report")]),
    (
        "review",
        &[
            ("Decide on each by a key", ""),
            ("Accept all that is pending", "--accept"),
            ("Write the drift of live runs as a patch of the pages", "--patch --out drift.patch"),
        ],
    ),
    (
        "serve",
        &[
            ("Answer clients at http://127.0.0.1:4010", ""),
            ("Remember what they create, and record them", "--state tenant --har traffic.har"),
        ],
    ),
    (
        "verify-client",
        &[
            ("Judge recorded traffic", "traffic.har"),
            ("Judge it by the service's metadata, too", "traffic.har --metadata v1.0=v1.0.csdl"),
        ],
    ),
    (
        "verify-live",
        &[
            ("Try it on a simulated tenant", "--sandbox --allow-writes"),
            ("See what would be sent to a tenant", "--profile tenant.toml --dry-run"),
        ],
    ),
];

/// The command line, the help of whose commands ends with examples; `name` is what people call it.
pub(crate) fn with_examples(mut command: Command, name: &str) -> Command {
    for (own, examples) in EXAMPLES {
        let lines = examples
            .iter()
            .map(|(what, words)| format!("  {what}:\n    {}", format!("{name} {own} {words}").trim_end()));
        let text = format!("Examples:\n{}", lines.collect::<Vec<_>>().join("\n"));
        command = command.mut_subcommand(own, |own| own.after_help(text));
    }
    command
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn each_command_has_examples_that_it_takes() {
        let command = crate::Arguments::command();
        let commands: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        assert_eq!(EXAMPLES.map(|(name, _)| name).to_vec(), commands);
        for (name, examples) in EXAMPLES {
            assert!(!examples.is_empty(), "{name}");
            for (_, words) in examples {
                let line = ["graph-contracts", name].into_iter().chain(words.split_whitespace());
                // Pages may be named by the configuration.
                let read = crate::Arguments::command().try_get_matches_from(line);
                assert!(read.is_ok(), "{name} {words}: {read:?}");
            }
        }
    }

    #[test]
    fn options_stand_below_what_they_are_about() {
        let mut command = crate::Arguments::command();
        command.build();
        for own in command.get_subcommands().filter(|own| own.get_name() != "help") {
            for argument in own.get_arguments() {
                let heading = argument.get_help_heading();
                let name = argument.get_id().as_str();
                let expected = match name {
                    "config" | "color" | "quiet" | "verbose" | "all" | "help" | "version" => Some("For every command"),
                    "max_body" | "connect_timeout" | "head_timeout" | "idle_timeout" | "timeout" => {
                        Some("Limits of a response")
                    }
                    "report" | "history" | "compare" => Some("Results"),
                    _ if heading == Some("Limits of a response") || heading == Some("For every command") => None,
                    _ => continue,
                };
                assert_eq!(heading, expected, "{} --{name}", own.get_name());
            }
        }
    }
}
