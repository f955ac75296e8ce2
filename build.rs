//! Rebuilds the tests when a contract is added or removed: `tests/contracts.rs` makes one test per file in `contracts/`
//! while it is compiled, and cargo does not watch that folder by itself.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=contracts");
}
