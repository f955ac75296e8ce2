//! Contracts that are read again when their files change.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use graph_contracts::store::{Store, StoreError};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::selection::RulesArgument;

/// Files are read again when none has changed for so long: an import writes many.
const QUIET: Duration = Duration::from_millis(200);

/// If they change all the time, they are read again after so many changes.
const MOST_CHANGES: usize = 10_000;

/// The contracts of a folder each time that something below it, or the file with the rules, has changed, or why they cannot be read.
pub(super) fn watch(folder: &Path, rules: &RulesArgument) -> anyhow::Result<mpsc::Receiver<Result<Store, StoreError>>> {
    let (changed, mut changes) = mpsc::channel(1);
    let mut watch = Watch::start(folder, rules.file(), changed)?;
    let (sender, sets) = mpsc::channel(1);
    let (folder, rules) = (folder.to_owned(), rules.clone());
    tokio::spawn(async move {
        while changes.recv().await.is_some() {
            for _ in 0..MOST_CHANGES {
                if timeout(QUIET, changes.recv()).await.is_err() {
                    break;
                }
            }
            // Whoever makes the folder anew makes another folder, which is not watched yet.
            watch.renew();
            let (own, rules) = (folder.clone(), rules.clone());
            let Ok(set) = tokio::task::spawn_blocking(move || rules.store(&own)).await else { return };
            if sender.send(set).await.is_err() {
                return;
            }
        }
    });
    Ok(sets)
}

/// Watches a folder, and a file that need not be in it.
struct Watch {
    watcher: RecommendedWatcher,
    folder: PathBuf,
}

impl Watch {
    fn start(folder: &Path, file: Option<&Path>, changed: mpsc::Sender<()>) -> anyhow::Result<Watch> {
        let cannot = |path: &Path| format!("cannot watch {}", path.display());
        let folder = folder.canonicalize().with_context(|| cannot(folder))?;
        let file = file.map(|file| canonical_place(file).with_context(|| cannot(file))).transpose()?;
        let own = [Some(folder.clone()), file.clone()];
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.map_or(true, |event| own.iter().flatten().any(|own| concerns(&event, own))) {
                // One is enough for all that wait.
                let _ = changed.try_send(());
            }
        })?;
        watcher.watch(&folder, RecursiveMode::Recursive).with_context(|| cannot(&folder))?;
        if let Some(parent) = folder.parent() {
            // Where that is not allowed, only a folder that is made anew is not noticed.
            let _ = watcher.watch(parent, RecursiveMode::NonRecursive);
        }
        // Editors write another file and rename it, which only its folder notices.
        if let Some(parent) = file.as_deref().and_then(Path::parent).filter(|parent| !parent.starts_with(&folder)) {
            watcher.watch(parent, RecursiveMode::NonRecursive).with_context(|| cannot(parent))?;
        }
        Ok(Watch { watcher, folder })
    }

    /// Watches what is at the path of the folder now.
    fn renew(&mut self) {
        let _ = self.watcher.unwatch(&self.folder);
        // Without a folder there is nothing to watch; its parent says when there is one again.
        let _ = self.watcher.watch(&self.folder, RecursiveMode::Recursive);
    }
}

/// The path of a file without links in that of its folder: the file may be replaced by another.
fn canonical_place(file: &Path) -> std::io::Result<PathBuf> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = file.file_name().ok_or(std::io::ErrorKind::InvalidFilename)?;
    Ok(folder.canonicalize()?.join(name))
}

/// Whether a file, or something below a folder, has changed. To read a file is an event as well.
fn concerns(event: &Event, place: &Path) -> bool {
    !matches!(event.kind, EventKind::Access(_))
        && (event.paths.is_empty() || event.paths.iter().any(|path| path.starts_with(place)))
}
