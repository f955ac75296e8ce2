//! `graph-contracts lint --fix`: corrected pages are written, or shown as a diff.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use graph_contracts::file;
use graph_contracts::lint::{FixedPage, Fixes, Lint};
use graph_contracts::report::{count, safe};
use graph_contracts::unified_diff::unified_diff;

use crate::{output, voice};

/// Writes the pages that have changed, each whole or not at all.
pub(crate) fn write(fixes: &Fixes, lint: &Lint) -> anyhow::Result<()> {
    for FixedPage { page, old, text, .. } in changed(fixes) {
        let path = lint.files.get(page).map_or(Path::new(page), |file| file.as_path());
        let shown = path.display();
        // Somebody may have written it in the meantime.
        if file::read_text(path).ok().as_deref() != Some(old) {
            bail!("{shown}: it has changed while it was read; run the command again");
        }
        let permissions = std::fs::metadata(path).map(|own| own.permissions());
        file::write(path, text).with_context(|| format!("{shown}: cannot be written"))?;
        if let Ok(permissions) = permissions {
            std::fs::set_permissions(path, permissions).with_context(|| format!("{shown}: cannot be written"))?;
        }
    }
    Ok(())
}

/// Prints what would be written as one patch, and says beside it what it corrects. `location` gives the path of a page's file.
pub(crate) fn show(fixes: &Fixes, location: impl Fn(&str) -> Option<String>) -> anyhow::Result<()> {
    let mut out = voice::stream();
    let is_terminal = voice::is_terminal();
    for FixedPage { page, old, text, .. } in changed(fixes) {
        let name = location(page).unwrap_or_else(|| page.clone());
        let diff = unified_diff(&name, Some(old), text);
        if is_terminal {
            diff.lines().try_for_each(|line| writeln!(out, "{}", safe(line)))?;
        } else {
            // A patch has what the page has.
            out.write_all(diff.as_bytes())?;
        }
    }
    out.flush()?;
    for (code, (fixed, left)) in fixes.by_code() {
        let left = if left == 0 { String::new() } else { format!(", and not {left}") };
        output::note(&format!("would fix {}{left}: {code}", count(fixed, "defect", "defects")))?;
    }
    fixes.left().try_for_each(|own| output::note(&format!("would not fix {}: {}", own.diagnostic, own.why)))
}

fn changed(fixes: &Fixes) -> impl Iterator<Item = &FixedPage> {
    fixes.pages.iter().filter(|page| page.old != page.text)
}
