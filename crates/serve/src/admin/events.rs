//! Requests as they come, as server-sent events (HTML standard, section 9.2).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use http::HeaderMap;
use serde_json::json;
use tokio::sync::watch;

use crate::app::App;
use crate::journal::{Cursor, Recent};

/// So many requests are sent at once.
const MOST_AT_ONCE: usize = 200;

/// What is said after so long without a request, so that nobody takes the connection for dead.
const SILENCE: Duration = Duration::from_secs(15);

/// Each event has the requests since the last one, and the counts: at first all that are remembered, or those since `Last-Event-ID`.
pub(super) async fn events(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let last = headers.get("last-event-id").and_then(|own| own.to_str().ok()).and_then(read).unwrap_or_default();
    let listener = Listener { changes: app.journal.changes(), app, cursor: last, is_new: true };
    Sse::new(stream::unfold(listener, Listener::next)).keep_alive(KeepAlive::new().interval(SILENCE))
}

struct Listener {
    app: Arc<App>,
    changes: watch::Receiver<u64>,
    cursor: Cursor,
    /// Whether nothing was sent yet.
    is_new: bool,
}

impl Listener {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Listener)> {
        if !self.is_new {
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                () = self.app.ending.cancelled() => return None,
            }
        }
        self.is_new = false;
        self.changes.mark_unchanged();
        let recent = self.app.journal.since(self.cursor, MOST_AT_ONCE);
        self.cursor = recent.cursor;
        if recent.has_more {
            self.changes.mark_changed();
        }
        Some((Ok(self.event(&recent)), self))
    }

    fn event(&self, recent: &Recent) -> Event {
        let data = json!({
            "began": recent.cursor.began.to_string(),
            "summary": recent.summary,
            "requests": recent.entries,
        });
        Event::default().id(written(recent.cursor)).data(data.to_string())
    }
}

fn written(cursor: Cursor) -> String {
    format!("{}-{}", cursor.began, cursor.number)
}

fn read(id: &str) -> Option<Cursor> {
    let (began, number) = id.split_once('-')?;
    Some(Cursor { began: began.parse().ok()?, number: number.parse().ok()? })
}
