//! Nothing: this package only turns on features, as its `Cargo.toml` says.
