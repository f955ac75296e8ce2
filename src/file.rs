//! Files that are read and written: only regular ones are read, and none is written through a link.
//!
//! A project that was cloned may have a link where a command writes, or a device, a pipe or a file of `/proc` where it reads. Every
//! file that a command takes from a project, or leaves there, goes through these functions.

use std::fs::{File, FileType, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

/// How the names of temporary files begin.
pub const TEMPORARY: &str = ".import-";

/// Where a system keeps files whose content it makes when they are read.
#[cfg(unix)]
const MADE_BY_SYSTEM: [&str; 2] = ["/proc", "/sys"];

/// The root of the repository around a folder: the nearest one above it, or itself, that is one.
/// `None` outside of repositories. The folder's path has no links.
pub fn repository_around(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|above| is_repository(above)).map(Path::to_owned)
}

/// Whether a folder is the root of a repository: it has a `.git` (a folder, or a file in a worktree).
pub fn is_repository(folder: &Path) -> bool {
    folder.join(".git").exists()
}

/// The bytes of a regular file; a link to one is followed.
///
/// # Errors
///
/// When the file cannot be read, or is not a regular one. Nothing is waited for.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Opening a pipe waits for its writer: it is looked at before.
    let is_said_empty = check_regular(&std::fs::metadata(path)?)?;
    let mut file = File::open(path)?;
    check_regular(&file.metadata()?)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    if is_said_empty && !bytes.is_empty() {
        return Err(not_regular("a file that the system makes when it is read"));
    }
    Ok(bytes)
}

/// The text of a regular file; see [`read`].
///
/// # Errors
///
/// When the file cannot be read, is not a regular one, or is not UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    // As `std::fs::read_to_string` says it.
    String::from_utf8(read(path)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8"))
}

/// The bytes of a text without a byte order mark, which editors of some systems put before it. Readers may pass it over (RFC 8259 section
/// 8.1).
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}

/// The line, counted from 1, of the first conflict marker that Git has left in a file: seven `<` at the beginning of a line
/// (gitattributes, `conflict-marker-size`). Neither contracts nor snapshots have such lines otherwise.
pub fn conflict_line(bytes: &[u8]) -> Option<u32> {
    if !bytes.windows(CONFLICT.len()).any(|window| window == CONFLICT) {
        return None;
    }
    let at = bytes.split(|byte| *byte == b'\n').position(|line| line.starts_with(CONFLICT))?;
    u32::try_from(at + 1).ok()
}

const CONFLICT: &[u8] = b"<<<<<<< ";

/// Whether something is a regular file; says whether it claims to be empty, as files of `/proc` do.
fn check_regular(metadata: &Metadata) -> io::Result<bool> {
    let kind = metadata.file_type();
    if !kind.is_file() {
        return Err(match kind.is_dir() {
            true => io::Error::new(io::ErrorKind::IsADirectory, "it is a folder; name a file in it"),
            false => not_regular(kind_of(kind)),
        });
    }
    if is_made_by_system(metadata) {
        return Err(not_regular("a file that the system makes when it is read"));
    }
    Ok(metadata.len() == 0)
}

fn not_regular(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("it is {what}, and only regular files are read; copy it to one"),
    )
}

#[cfg(unix)]
fn kind_of(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    match kind {
        _ if kind.is_fifo() => "a pipe",
        _ if kind.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn kind_of(_: FileType) -> &'static str {
    "no regular file"
}

#[cfg(unix)]
fn is_made_by_system(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let is_of = |folder: &&str| {
        // Where nothing is mounted there, the folder belongs to the system's own disk.
        let devices = [folder, "/"].map(|path| std::fs::metadata(path).map(|own| own.dev()).ok());
        devices[0].is_some() && devices[0] != devices[1] && devices[0] == Some(metadata.dev())
    };
    MADE_BY_SYSTEM.iter().any(is_of)
}

#[cfg(not(unix))]
fn is_made_by_system(_: &Metadata) -> bool {
    false
}

/// Writes a file whole or not at all, with the folder that it is in: into a temporary file beside it, which then takes its place.
/// What is written to a device that was named, such as `/dev/stdout`, goes there as it is.
///
/// # Errors
///
/// When the file cannot be written, or [`check_writable`] refuses it.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    if is_device(path) {
        return std::fs::write(path, text);
    }
    check_writable(path)?;
    write_checked(path, text)
}

/// The same for a file in a folder that was named: no folder between the two may be a link either.
///
/// # Errors
///
/// As [`write`].
pub fn write_below(folder: &Path, path: &Path, text: &str) -> io::Result<()> {
    check_writable_below(folder, path)?;
    write_checked(path, text)
}

/// Adds to the end of a file that the system names, such as the summary of a job.
///
/// # Errors
///
/// As [`write`].
pub fn append(path: &Path, text: &str) -> io::Result<()> {
    check_writable(path)?;
    std::fs::OpenOptions::new().append(true).create(true).open(path)?.write_all(text.as_bytes())
}

/// Whether a file may be written: there is none yet, or it is a regular one, and no link is on the way to it. Of a path from the root of
/// the file system, the way begins at the current folder, or else at the file itself: how that folder was reached is the user's choice.
///
/// # Errors
///
/// When there is a link or something else than a file, and which.
pub fn check_writable(path: &Path) -> io::Result<()> {
    let own = match (path.is_absolute(), std::env::current_dir()) {
        (true, Ok(here)) => path.strip_prefix(&here).ok().map(|below| (here, below)),
        (true, Err(_)) => None,
        (false, _) => Some((PathBuf::new(), path)),
    };
    match own {
        Some((start, below)) => check_steps(start, below)?,
        None => refuse_link(path)?,
    }
    check_kind(path)
}

/// The same for a file in a folder that was named.
///
/// # Errors
///
/// As [`check_writable`].
pub fn check_writable_below(folder: &Path, path: &Path) -> io::Result<()> {
    if let Ok(below) = path.strip_prefix(folder) {
        check_steps(folder.to_owned(), below)?;
    }
    check_writable(path)
}

/// Whether no step of a way is a link. Nothing is beyond a step that is not there.
fn check_steps(mut at: PathBuf, below: &Path) -> io::Result<()> {
    for component in below.components() {
        at.push(component);
        if matches!(component, Component::Normal(_)) {
            refuse_link(&at)?;
        }
    }
    Ok(())
}

fn refuse_link(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_symlink() => {
            let to = std::fs::read_link(path).map(|to| format!(" to {}", to.display())).unwrap_or_default();
            let why = format!(
                "{} is a link{to}, and nothing is written through links; remove it, or name another place",
                path.display()
            );
            Err(io::Error::new(io::ErrorKind::InvalidInput, why))
        }
        Ok(_) => Ok(()),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
        Err(error) => Err(error),
    }
}

fn check_kind(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => {
            Err(io::Error::new(io::ErrorKind::IsADirectory, "a folder is there; name a file in it, or remove it"))
        }
        Ok(found) if !found.is_file() => {
            let why =
                format!("{} is there, and only regular files are replaced; remove it", kind_of(found.file_type()));
            Err(io::Error::new(io::ErrorKind::InvalidInput, why))
        }
        // Whatever else is wrong, writing says it.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Whether a path names something in the system's own folder of devices, where no project can put a link.
fn is_device(path: &Path) -> bool {
    cfg!(unix) && path.parent().is_some_and(|folder| folder == Path::new("/dev") || folder == Path::new("/dev/fd"))
}

fn write_checked(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    set_usual_permissions(file.path())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Temporary files are private; what commands leave is as readable as any file of the project.
#[cfg(unix)]
fn set_usual_permissions(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_usual_permissions(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[track_caller]
    fn check_unreadable(path: &Path, what: &str) {
        let error = read(path).expect_err(what).to_string();
        assert!(error.contains(what), "{}: {error}", path.display());
        assert!(read_text(path).is_err(), "{}", path.display());
    }

    #[test]
    fn only_regular_files_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link, socket) = (folder.path().join("a"), folder.path().join("b"), folder.path().join("c"));
        std::fs::write(&file, "text").expect("written");
        symlink(&file, &link).expect("linked");
        let _socket = UnixListener::bind(&socket).expect("a socket");
        for path in [&file, &link] {
            assert_eq!(read_text(path).expect("readable"), "text");
        }
        check_unreadable(&socket, "a socket");
        check_unreadable(folder.path(), "a folder");
        check_unreadable(Path::new("/dev/zero"), "a device");
        for path in ["/proc/self/environ", "/proc/self/status"].map(Path::new).into_iter().filter(|path| path.exists())
        {
            check_unreadable(path, "the system makes");
        }
    }

    /// Neither function writes there, and the file that is linked to stays as it is.
    #[track_caller]
    fn check_refused(folder: &Path, below: &str, victim: &Path, what: &str) {
        let path = folder.join(below);
        for result in [write_below(folder, &path, "new"), check_writable_below(folder, &path)] {
            let error = result.expect_err(below).to_string();
            assert!(error.contains(what), "{below}: {error}");
        }
        assert_eq!(std::fs::read_to_string(victim).expect("readable"), "precious");
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let (folder, elsewhere) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let (folder, victim) = (folder.path(), elsewhere.path().join("a.json"));
        std::fs::write(&victim, "precious").expect("written");
        symlink(&victim, folder.join("file.json")).expect("linked");
        symlink(elsewhere.path().join("none"), folder.join("dangling.json")).expect("linked");
        symlink(elsewhere.path(), folder.join("folder")).expect("linked");
        std::fs::create_dir(folder.join("real")).expect("made");
        symlink("../folder", folder.join("real/again")).expect("linked");
        check_refused(folder, "file.json", &victim, "is a link to");
        check_refused(folder, "dangling.json", &victim, "is a link to");
        check_refused(folder, "folder/a.json", &victim, "is a link to");
        check_refused(folder, "real/again/a.json", &victim, "again is a link to ../folder");
        check_refused(folder, "real", &victim, "a folder is there");
        let _socket = UnixListener::bind(folder.join("socket")).expect("a socket");
        check_refused(folder, "socket", &victim, "a socket is there");
        assert!(write(&folder.join("file.json"), "new").is_err() && append(&folder.join("file.json"), "new").is_err());
        assert_eq!(std::fs::read_to_string(&victim).expect("readable"), "precious");
        assert!(!elsewhere.path().join("none").exists());
    }

    #[test]
    fn a_file_is_written_whole_with_its_folder_wherever_the_user_put_that() {
        let (folder, elsewhere) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let own = elsewhere.path().join("own");
        symlink(folder.path(), &own).expect("linked");
        for text in ["one", "two"] {
            let file = own.join("new/a.json");
            write_below(&own, &file, text).expect("written");
            assert_eq!(read_text(&file).expect("readable"), text);
        }
        append(&own.join("new/a.json"), "three").expect("written");
        assert_eq!(read_text(&folder.path().join("new/a.json")).expect("readable"), "twothree");
        assert_eq!(std::fs::read_dir(own.join("new")).expect("a folder").count(), 1, "no temporary file is left");
        write(Path::new("/dev/null"), "text").expect("a device that was named");
    }
}
