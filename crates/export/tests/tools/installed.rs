//! The tools, installed once for each state of their lock files.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::sync::Mutex;

use graph_contracts::contract::short_digest;
use graph_contracts_testing::copy_folder;

/// The version of Hurl.
const HURL: &str = "8.0.1";

/// One test installs, and the others wait.
static INSTALLING: Mutex<()> = Mutex::new(());

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools")
}

/// A folder below Cargo's build folder, in which `install` has run for these bytes.
fn installed(name: &str, pins: &[u8], install: impl FnOnce(&Path)) -> PathBuf {
    let _one = INSTALLING.lock().expect("nobody stopped");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("export-tools").join(name);
    let (stamp, digest) = (folder.join(".installed"), short_digest(pins));
    if std::fs::read_to_string(&stamp).is_ok_and(|own| own == digest) {
        return folder;
    }
    std::fs::create_dir_all(&folder).expect("a folder");
    install(&folder);
    std::fs::write(stamp, digest).expect("written");
    folder
}

/// Runs a program to its end, which has to be a good one.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Output {
    let output = command.output().expect("the program is installed");
    let text = |bytes: &[u8]| {
        // Hurl names each file that is well.
        let lines: Vec<String> = String::from_utf8_lossy(bytes)
            .lines()
            .filter(|line| !line.contains("Success"))
            .map(str::to_owned)
            .collect();
        let text = lines.join("\n");
        let cut = text.char_indices().rev().nth(6000).map_or(0, |(at, _)| at);
        text[cut..].to_owned()
    };
    assert!(output.status.success(), "{command:?}\n{}\n{}", text(&output.stdout), text(&output.stderr));
    output
}

/// The folder of a program's packages for Node.js.
pub(crate) fn packages() -> PathBuf {
    let lock = std::fs::read(here().join("javascript/package-lock.json")).expect("a lock file");
    let folder = installed("javascript", &lock, |folder| {
        copy_folder(&here().join("javascript"), folder);
        run(Command::new("npm").current_dir(folder).args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]));
    });
    folder.join("node_modules")
}

/// A program of a package for Node.js. It says nothing to its makers.
pub(crate) fn node(program: &str) -> Command {
    let mut command = Command::new(packages().join(".bin").join(program));
    command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true").env("NO_COLOR", "1");
    command
}

/// WireMock with the mappings of a folder.
pub(crate) fn wiremock(folder: &Path, port: u16) -> Command {
    let jar = std::fs::read_dir(packages().join("wiremock/build")).expect("a folder").flatten();
    let jar = jar.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|own| own == "jar"));
    let mut java = Command::new("java");
    java.arg("-jar").arg(jar.expect("WireMock's jar")).arg("--port").arg(port.to_string());
    java.args(["--disable-banner", "--no-request-journal", "--root-dir"]).arg(folder);
    java
}

/// Prism with a document of OpenAPI.
pub(crate) fn prism(document: &Path, port: u16) -> Command {
    let mut prism = node("prism");
    prism.args(["mock", "--port", &port.to_string()]).arg(document);
    prism
}

/// Python with the packages that the pact script needs.
pub(crate) fn python() -> Command {
    let pins = here().join("python/requirements.txt");
    let folder = installed("python", &std::fs::read(&pins).expect("pins"), |folder| {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder));
        run(Command::new(folder.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "-r"])
            .arg(&pins));
    });
    let mut command = Command::new(folder.join("bin/python"));
    command.arg(here().join("python/verify.py")).env("PACT_DO_NOT_TRACK", "true");
    command
}

/// Hurl, built from its crate, as its programs are nowhere else to be had as a package. `HURL` names one that is there.
pub(crate) fn hurl() -> Command {
    if let Some(own) = std::env::var_os("HURL") {
        return Command::new(own);
    }
    let folder = installed("hurl", HURL.as_bytes(), |folder| {
        let mut cargo = Command::new(env!("CARGO"));
        // A target folder of its own: no profile or feature of the project is meant for it.
        run(cargo
            .args(["install", "hurl", "--version", HURL, "--locked", "--debug", "--root"])
            .arg(folder)
            .env_remove("CARGO_TARGET_DIR"));
    });
    Command::new(folder.join("bin/hurl"))
}

/// A server that ends with the test.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Running {
        command
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        Running(command.spawn().expect("the program is installed"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}
