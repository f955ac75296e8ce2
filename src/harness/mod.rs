//! Every contract of a project as a test of its own, named by its id, under `cargo test`, nextest and `cargo insta`.
//!
//! The tests are listed when they are run, so a new contract file needs neither code nor a build. The test file of a project is
//!
//! ```no_run
//! use graph_contracts::harness::{Project, contract_tests};
//!
//! fn main() -> std::process::ExitCode {
//!     contract_tests(&Project::at(env!("CARGO_MANIFEST_DIR")), |name, text| insta::assert_snapshot!(name, text))
//! }
//! ```
//!
//! with `harness = false` in its `[[test]]` section of `Cargo.toml`. With `GRAPH_CONTRACTS_URL`, or [`Project::base_url`], it tests a server of
//! your own instead of the stub.
//!
//! - [`contract_tests`]: the whole of it; [`Project`]: where the contracts and snapshots are (`project.rs`), also if
//!   the program was moved (`moved.rs`)
//! - `test_contract`: a contract and a client to a [`Verdict`], with the assertion of its snapshot (`contract_test.rs`); `test_server`: the
//!   same for a server of one's own, by rule
//! - `arguments.rs`: the arguments of libtest, which test runners pass
//! - `run.rs`: lists and runs the tests with one stub, one client and one runtime; `folder_tests.rs`: the tests of the folders
//! - `report.rs`: one line for each test, and one summary

mod arguments;
mod contract_test;
mod folder_tests;
mod moved;
mod project;
mod report;
mod run;

pub use contract_test::{AssertSnapshot, Snapshots, Verdict};
pub(crate) use contract_test::{test_contract, test_server};
pub use project::Project;
pub use run::{HarnessError, contract_tests, run_tests};
