//! Does nothing: only a package with a build script has build dependencies.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
