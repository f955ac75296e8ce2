//! The file of a ledger, which one run has at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::LedgerError;

/// The file at a path, created if it is missing, and locked. Links are not followed.
pub(super) fn locked(path: &Path) -> Result<File, LedgerError> {
    let io = |what| move |cause| LedgerError::Io { path: path.to_owned(), what, cause };
    loop {
        if std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(LedgerError::NotAFile { path: path.to_owned() });
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            // Even if it has become a link meanwhile. It names objects and people: it is for the user alone.
            options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed()).mode(0o600);
        }
        let file = options.open(path).map_err(io("open it"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(cause)) => return Err(io("lock it")(cause)),
        }
        // Its run may have removed it before this one had its lock.
        if is_at(&file, path) {
            return Ok(file);
        }
    }
}

/// Whether a file is the one at a path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(own), Ok(there)) = (file.metadata(), std::fs::symlink_metadata(path)) else { return false };
    (own.dev(), own.ino()) == (there.dev(), there.ino())
}

/// Whether a file is the one at a path: elsewhere than on Unix, a file that is open cannot be replaced.
#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}
