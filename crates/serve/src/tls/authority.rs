//! The certificate authority: made when it is first needed, and kept in a folder of the user's.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rcgen::{Issuer, KeyPair};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

use super::certificates::{self, Leaf};
use super::error::TlsError;

/// What the authority's certificate is called, which clients have to trust.
const CERTIFICATE: &str = "ca.pem";
/// What its key is called, which nobody else may read.
const KEY: &str = "ca-key.pem";

/// So many times the folder is read again because another process has just made it.
const MOST_ATTEMPTS: usize = 4;

/// A certificate authority of this machine.
///
/// It is name-constrained to the hosts of Microsoft Graph and of sign-in, and to this machine: whoever gets its key can speak for no other.
pub struct Authority {
    file: PathBuf,
    leaf: Leaf,
    is_new: bool,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Authority {
    /// The authority in that folder. It is made if the folder has no authority, or if clients would not trust that one for all hosts as long as a
    /// certificate is valid, because it ends soon, is damaged, or is of a version with other hosts.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or written.
    pub fn open(folder: &Path) -> Result<Authority, TlsError> {
        let mut is_new = false;
        let mut last = None;
        for _ in 0..MOST_ATTEMPTS {
            match read(folder) {
                Ok(leaf) => return Ok(Authority { file: folder.join(CERTIFICATE), leaf, is_new }),
                Err(Unusable::Absent) => {}
                Err(Unusable::Unreadable(error)) => return Err(error),
                Err(Unusable::Untrusted(error)) => {
                    last = Some(error);
                    put_away(folder)?;
                }
            }
            is_new |= make(folder)?;
        }
        Err(last.unwrap_or_else(|| failed(folder, io::ErrorKind::AlreadyExists.into())))
    }

    /// The file of its certificate.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Whether it has just been made, so that no client trusts it yet.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// A certificate for all hosts.
    pub(super) fn into_parts(self) -> (PathBuf, bool, Leaf) {
        (self.file, self.is_new, self.leaf)
    }
}

/// Why an authority cannot be used.
enum Unusable {
    Absent,
    Unreadable(TlsError),
    Untrusted(TlsError),
}

fn failed(path: &Path, cause: io::Error) -> TlsError {
    TlsError::Folder { path: path.to_owned(), cause }
}

/// A certificate of the authority in a folder, which clients trust.
fn read(folder: &Path) -> Result<Leaf, Unusable> {
    let text = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound if !folder.exists() => Unusable::Absent,
            io::ErrorKind::NotFound | io::ErrorKind::InvalidData => Unusable::Untrusted(failed(&path, cause)),
            _ => Unusable::Unreadable(failed(&path, cause)),
        })
    };
    let (certificate, key) = (text(CERTIFICATE)?, text(KEY)?);
    let damaged = |reason: String| Unusable::Untrusted(TlsError::File { path: folder.join(CERTIFICATE), reason });
    let certificate =
        CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(|error| damaged(error.to_string()))?;
    let key = KeyPair::from_pem(&key).map_err(|error| damaged(error.to_string()))?;
    let leaf = certificates::leaf(&Issuer::new(certificates::authority(), key)).map_err(Unusable::Unreadable)?;
    certificates::check(&certificate, &leaf).map_err(|error| damaged(error.to_string()))?;
    Ok(leaf)
}

/// Makes an authority in a folder that is not there; returns whether it did, and not another process at the same time. The folder comes
/// to be with both files in it.
fn make(folder: &Path) -> Result<bool, TlsError> {
    let parent = folder.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|cause| failed(parent, cause))?;
    let key = KeyPair::generate()?;
    let certificate = certificates::authority().self_signed(&key)?;
    let beside = private_folder(parent).map_err(|cause| failed(parent, cause))?;
    let write = |name: &str, text: &str| {
        let path = beside.path().join(name);
        write_private(&path, text).map_err(|cause| failed(&path, cause))
    };
    write(CERTIFICATE, &certificate.pem())?;
    write(KEY, &key.serialize_pem())?;
    match fs::rename(beside.path(), folder) {
        Ok(()) => Ok(true),
        Err(_) if folder.join(KEY).exists() => Ok(false),
        Err(cause) => Err(failed(folder, cause)),
    }
}

/// Removes an authority that no client would trust.
fn put_away(folder: &Path) -> Result<(), TlsError> {
    for name in [CERTIFICATE, KEY] {
        let path = folder.join(name);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(failed(&path, cause)),
            _ => {}
        }
    }
    // Whatever else is in there is not ours.
    fs::remove_dir(folder).map_err(|cause| failed(folder, cause))
}

/// A new folder that only its owner can enter.
fn private_folder(parent: &Path) -> io::Result<tempfile::TempDir> {
    let mut folder = tempfile::Builder::new();
    folder.prefix(".authority");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        folder.permissions(fs::Permissions::from_mode(0o700));
    }
    folder.tempdir_in(parent)
}

/// Writes a new file that only its owner can read.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)?.write_all(text.as_bytes())
}
