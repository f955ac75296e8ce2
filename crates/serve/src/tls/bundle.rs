//! One file of certificates for clients whose settings name all the authorities that they trust.

use std::io::{self, Write as _};
use std::path::Path;

use pem::Pem;
use tempfile::NamedTempFile;

/// A file with the certificates of the system, of the authority, and of these other files, in PEM form: who trusts it trusts this server and whoever was
/// trusted before. It is removed when it is dropped. Other files that cannot be read are left out, as clients leave them out.
///
/// # Errors
///
/// When the authority's certificate cannot be read, or the file cannot be written.
pub fn trusted_bundle<'p>(authority: &Path, others: impl IntoIterator<Item = &'p Path>) -> io::Result<NamedTempFile> {
    let mut text = std::fs::read_to_string(authority)?;
    for other in others.into_iter().filter_map(|path| std::fs::read_to_string(path).ok()) {
        text.push('\n');
        text.push_str(&other);
    }
    text.push('\n');
    // Certificates of the system that cannot be read are trusted by nobody.
    let of_system = rustls_native_certs::load_native_certs().certs;
    let of_system: Vec<Pem> = of_system.iter().map(|own| Pem::new("CERTIFICATE", own.as_ref())).collect();
    text.push_str(&pem::encode_many(&of_system));
    let mut file = tempfile::Builder::new().prefix("graph-contracts-trust-").suffix(".pem").tempfile()?;
    file.write_all(text.as_bytes())?;
    Ok(file)
}
