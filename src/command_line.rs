//! What people call the command line, for the next step in messages.

use std::sync::OnceLock;

/// The installed program.
pub const INSTALLED: &str = "graph-contracts";

static NAME: OnceLock<&'static str> = OnceLock::new();

/// What the command line is called by in the messages of this process: `graph-contracts`, unless [`call_command_line`] has said
/// something else.
pub fn command_line() -> &'static str {
    NAME.get().copied().unwrap_or(INSTALLED)
}

/// Says what this process was called by, such as `cargo xtask`; the first call counts.
pub fn call_command_line(name: &'static str) {
    // A second name would be one for the same process.
    NAME.get_or_init(|| name);
}

/// Whether the configuration of this process names the pages.
static HAS_PAGES: OnceLock<()> = OnceLock::new();

/// Says that the configuration names the pages, so that no command has to be given them.
pub fn pages_are_configured() {
    HAS_PAGES.get_or_init(|| ());
}

/// The command that imports the pages, as it can be run: where no configuration names the pages, `PATH` stands for them.
pub fn import_pages() -> String {
    format!("{} import{}", command_line(), if HAS_PAGES.get().is_some() { "" } else { " PATH" })
}

/// The topic of `explain` that has a section for each code.
pub const CODES: &str = "diagnostics";

/// The command that shows the documentation about a topic, for messages: a page of `docs/`, or a code.
pub fn explain(topic: &str) -> String {
    format!("`{} explain {topic}`", command_line())
}
