//! The signals that end a command.

use std::io;

/// A signal that was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM.
    #[cfg(unix)]
    Terminate,
}

/// Ctrl-C, and SIGTERM where there is such a thing. Both are listened to from the moment that this is made: what comes before ends the process as
/// if nobody listened.
pub(crate) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(crate) fn listen() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the next one.
    ///
    /// # Errors
    ///
    /// Where signals cannot be listened to, which on Unix is known when this is made.
    pub(crate) async fn next(&mut self) -> io::Result<Received> {
        Ok(tokio::select! {
            _ = self.interrupt.recv() => Received::Interrupt,
            _ = self.terminate.recv() => Received::Terminate,
        })
    }
}

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "it may fail on Unix")]
    pub(crate) fn listen() -> io::Result<Signals> {
        Ok(Signals {})
    }

    /// Waits for the next one.
    ///
    /// # Errors
    ///
    /// Where signals cannot be listened to.
    pub(crate) async fn next(&mut self) -> io::Result<Received> {
        tokio::signal::ctrl_c().await?;
        Ok(Received::Interrupt)
    }
}
