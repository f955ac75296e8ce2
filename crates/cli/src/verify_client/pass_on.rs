//! Signals are passed on to a command, which ends as it likes.

use tokio::process::Child;

use crate::signals::Received;

/// Has a command receive a signal, too. A terminal sends Ctrl-C to everything in its foreground: whoever received it twice might take it for haste.
/// Elsewhere than on Unix, the command has received it.
pub(super) fn pass_on(received: Received, child: &Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process};
        let signal = match received {
            Received::Interrupt if is_in_foreground() => return,
            Received::Interrupt => Signal::INT,
            Received::Terminate => Signal::TERM,
        };
        if let Some(id) = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?)) {
            // It may have ended meanwhile.
            let _ = kill_process(id, signal);
        }
    }
    #[cfg(not(unix))]
    let _ = (received, child);
}

/// Whether this process is in the foreground of its terminal, if it has one.
#[cfg(unix)]
fn is_in_foreground() -> bool {
    let terminal = std::fs::File::open("/dev/tty");
    let group = terminal.ok().and_then(|terminal| rustix::termios::tcgetpgrp(terminal).ok());
    group == Some(rustix::process::getpgrp())
}
