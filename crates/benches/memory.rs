//! How much memory the process takes.

/// The resident memory now and at its highest so far, in bytes; `None` where the system does not say it in
/// `/proc/self/status`.
pub fn resident() -> Option<Resident> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let field = |name: &str| {
        let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let kilobytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes * 1024)
    };
    Some(Resident { now: field("VmRSS")?, highest: field("VmHWM")? })
}

/// Resident memory in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Resident {
    /// Now.
    pub now: u64,
    /// At its highest so far.
    pub highest: u64,
}
