//! Signals that end a command: they are passed on, and the command ends as it likes.

use std::io;

use tokio::process::Child;

/// A signal that was received.
#[derive(Clone, Copy, Debug)]
pub(super) struct Received {
    #[cfg(unix)]
    signal: rustix::process::Signal,
}

/// Ctrl-C and SIGTERM. Both are listened to from the moment that this is made.
pub(super) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn listen() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) -> Received {
        use rustix::process::Signal;
        tokio::select! {
            _ = self.interrupt.recv() => Received { signal: Signal::INT },
            _ = self.terminate.recv() => Received { signal: Signal::TERM },
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "it may fail on Unix")]
    pub(super) fn listen() -> io::Result<Signals> {
        Ok(Signals {})
    }

    /// Waits for the next one, which the command has received, too.
    pub(super) async fn next(&mut self) -> Received {
        // Where it cannot be listened to, there is none.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Received {}
    }
}

impl Received {
    /// Has the command receive it, too. A terminal sends Ctrl-C to everything in its foreground: whoever received it twice might take it for haste.
    pub(super) fn pass_on(self, child: &Child) {
        #[cfg(unix)]
        {
            let is_typed = self.signal == rustix::process::Signal::INT && is_in_foreground();
            let id = child.id().and_then(|id| rustix::process::Pid::from_raw(id.try_into().ok()?));
            if let Some(id) = id.filter(|_| !is_typed) {
                // It may have ended meanwhile.
                let _ = rustix::process::kill_process(id, self.signal);
            }
        }
        #[cfg(not(unix))]
        let _ = child;
    }
}

/// Whether this process is in the foreground of its terminal, if it has one.
#[cfg(unix)]
fn is_in_foreground() -> bool {
    let terminal = std::fs::File::open("/dev/tty");
    let group = terminal.ok().and_then(|terminal| rustix::termios::tcgetpgrp(terminal).ok());
    group == Some(rustix::process::getpgrp())
}
