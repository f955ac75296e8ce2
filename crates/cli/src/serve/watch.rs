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

/// The contracts of a folder each time that something below it has changed, or why they cannot be read.
pub(super) fn watch(folder: &Path, rules: &RulesArgument) -> anyhow::Result<mpsc::Receiver<Result<Store, StoreError>>> {
    let (changed, mut changes) = mpsc::channel(1);
    let mut watch = Watch::start(folder, changed).with_context(|| format!("cannot watch {}", folder.display()))?;
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

/// Watches a folder.
struct Watch {
    watcher: RecommendedWatcher,
    folder: PathBuf,
}

impl Watch {
    fn start(folder: &Path, changed: mpsc::Sender<()>) -> anyhow::Result<Watch> {
        let folder = folder.canonicalize()?;
        let own = folder.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.map_or(true, |event| concerns(&event, &own)) {
                // One is enough for all that wait.
                let _ = changed.try_send(());
            }
        })?;
        watcher.watch(&folder, RecursiveMode::Recursive)?;
        if let Some(parent) = folder.parent() {
            // Where that is not allowed, only a folder that is made anew is not noticed.
            let _ = watcher.watch(parent, RecursiveMode::NonRecursive);
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

/// Whether something below the folder has changed. To read a file is an event as well.
fn concerns(event: &Event, folder: &Path) -> bool {
    !matches!(event.kind, EventKind::Access(_))
        && (event.paths.is_empty() || event.paths.iter().any(|path| path.starts_with(folder)))
}
