//! Parts of a page that are for some of its readers only: `:::zone pivot="…"` and `:::moniker range="…"`, as Microsoft Learn has them.
//!
//! A reader chooses one pivot and one version, and sees what stands in their zones and what stands outside of all.

use std::sync::{Arc, LazyLock};

use memchr::memmem::Finder;

use super::Element;
use super::moniker::Monikers;

/// Which readers a block is for. Empty: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zone {
    /// The names in the nearest zone around the block, for each thing that a reader chooses by name.
    names: [Option<Arc<[String]>>; 2],
    /// The versions of the nearest zone of monikers.
    monikers: Option<Arc<Monikers>>,
}

/// What a zone is for.
#[derive(Clone, Debug)]
enum Chosen {
    Pivot(Arc<[String]>),
    Target(Arc<[String]>),
    Monikers(Arc<Monikers>),
    /// A range of monikers that cannot be read: its readers are not known.
    Unknown,
}

/// How many zones may be open at a place, how many names one has, and how long its mark is. Pages have one or two of each; without a bound,
/// a hostile page could make each block cost as much as the page.
const DEEPEST: usize = 8;
const MOST_NAMES: usize = 16;
const LONGEST: usize = 400;

impl Zone {
    /// Whether the block is for all readers.
    pub fn is_everywhere(&self) -> bool {
        self.monikers.is_none() && self.names.iter().all(Option::is_none)
    }

    /// The version of Microsoft Graph whose readers alone see the block, if they are told by that.
    pub fn version(&self) -> Option<String> {
        self.monikers.as_ref().and_then(|monikers| monikers.version())
    }

    /// Whether some reader sees both.
    pub(super) fn meets(&self, other: &Zone) -> bool {
        let has_monikers = match (&self.monikers, &other.monikers) {
            (Some(own), Some(other)) => own.meets(other),
            _ => true,
        };
        has_monikers
            && self.names.iter().zip(&other.names).all(|names| match names {
                (Some(own), Some(other)) => own.iter().any(|name| other.contains(name)),
                _ => true,
            })
    }

    /// Whether each reader of this one sees the other.
    pub(super) fn is_within(&self, other: &Zone) -> bool {
        let has_monikers = match (&self.monikers, &other.monikers) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(other)) => own.is_within(other),
        };
        has_monikers
            && self.names.iter().zip(&other.names).all(|names| match names {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(own), Some(other)) => own.iter().all(|name| other.contains(name)),
            })
    }
}

/// The zone of each place, as a page is read from its beginning.
#[derive(Default)]
pub(super) struct Zones {
    current: Zone,
    open: Vec<(usize, Chosen)>,
    /// For each mark that opens a zone: whether one closes it.
    is_closed: Vec<bool>,
    /// How many zones have been opened.
    opened: usize,
    /// How many zones are open that are too deep to count.
    deeper: usize,
}

/// A line that opens or closes a zone.
enum Mark<'m> {
    Open(Kind, Option<Chosen>),
    Close(&'m str),
}

/// What marks name: those of one kind close each other.
type Kind = &'static str;

const ZONE: Kind = "zone";
const MONIKER: Kind = "moniker";

impl Zones {
    /// Looks at the marks of a page, and reports what cannot be read as it is meant. A zone that is not closed ends where the next one of its kind
    /// begins, as zones of one kind do not nest unless each is closed.
    pub(super) fn of(elements: &[Element<'_>], mut report: impl FnMut(u32, String)) -> Zones {
        let mut is_closed: Vec<bool> = Vec::new();
        // The open ones: which, of what kind, and on which line.
        let mut open: Vec<(usize, Kind, u32)> = Vec::new();
        for element in elements {
            marks(element, |line, mark| match mark {
                Mark::Open(kind, chosen) => {
                    if let Some(Chosen::Unknown) = chosen {
                        report(line, "the range of monikers cannot be read, so its readers are not known".to_owned());
                    }
                    if chosen.is_some() {
                        open.push((is_closed.len(), kind, line));
                        is_closed.push(false);
                    }
                }
                Mark::Close(kind) => match open.iter().rposition(|(_, own, _)| *own == kind) {
                    Some(at) => is_closed[open.remove(at).0] = true,
                    None if kind == ZONE || kind == MONIKER => {
                        report(line, format!("no `:::{kind}` is open that `:::{kind}-end` could close"));
                    }
                    None => {}
                },
            });
        }
        for (_, kind, line) in open {
            report(line, format!("the zone that begins here is not closed: `:::{kind}-end` is missing"));
        }
        Zones { is_closed, ..Zones::default() }
    }

    /// The zone in which the next element stands.
    pub(super) fn current(&self) -> &Zone {
        &self.current
    }

    /// Takes the marks of an element.
    pub(super) fn read(&mut self, element: &Element<'_>) {
        // Most pages have no zones.
        if self.is_closed.is_empty() {
            return;
        }
        marks(element, |_, mark| self.mark(mark));
    }

    fn mark(&mut self, mark: Mark<'_>) {
        match mark {
            Mark::Open(kind, Some(chosen)) => {
                let number = self.opened;
                self.opened += 1;
                self.open.retain(|(own, chosen)| self.is_closed[*own] || chosen.kind() != kind);
                if self.open.len() < DEEPEST {
                    self.open.push((number, chosen));
                } else {
                    self.deeper += 1;
                }
            }
            Mark::Open(_, None) => {}
            Mark::Close(_) if self.deeper > 0 => self.deeper -= 1,
            Mark::Close(kind) => {
                if let Some(at) = self.open.iter().rposition(|(_, chosen)| chosen.kind() == kind) {
                    self.open.remove(at);
                }
            }
        }
        self.current = Zone::default();
        for (_, chosen) in &self.open {
            match chosen {
                Chosen::Pivot(names) => self.current.names[0] = Some(names.clone()),
                Chosen::Target(names) => self.current.names[1] = Some(names.clone()),
                Chosen::Monikers(monikers) => self.current.monikers = Some(monikers.clone()),
                Chosen::Unknown => self.current.monikers = None,
            }
        }
    }
}

impl Chosen {
    fn kind(&self) -> Kind {
        match self {
            Chosen::Pivot(_) | Chosen::Target(_) => ZONE,
            Chosen::Monikers(_) | Chosen::Unknown => MONIKER,
        }
    }
}

/// What a mark begins with. Building the searcher costs more than searching a paragraph.
static COLONS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(":::"));

/// The marks in an element, with their lines.
fn marks<'e>(element: &'e Element<'_>, mut found: impl FnMut(u32, Mark<'e>)) {
    match element {
        Element::Prose(prose) if COLONS.find(prose.text.as_bytes()).is_some() => {
            for (number, line) in prose.text.lines().enumerate() {
                let at = prose.line.saturating_add(u32::try_from(number).unwrap_or(u32::MAX));
                mark(line).into_iter().for_each(|mark| found(at, mark));
            }
        }
        // A table takes a mark right below it as a row.
        Element::Table(table) => {
            for cell in table.rows.iter().filter_map(|row| row.first()) {
                mark(&cell.text).into_iter().for_each(|mark| found(cell.line, mark));
            }
        }
        Element::Prose(_) | Element::Heading(_) | Element::Comment(_) | Element::Fence(_) => {}
    }
}

/// The mark that a line is.
fn mark(line: &str) -> Option<Mark<'_>> {
    let mark = line.trim_start_matches(['>', ' ', '\t']).strip_prefix(":::").filter(|mark| mark.len() <= LONGEST)?;
    let mark = mark.trim_start();
    let (word, rest) = mark.split_at(mark.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(mark.len()));
    if let Some(kind) = word.strip_suffix("-end") {
        return Some(Mark::Close(kind));
    }
    let value = |name: &str| {
        let (_, value) = rest.split_once(name)?;
        let value = value.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value[1..].split(quote).next()
    };
    let names = |names: &str| -> Arc<[String]> {
        let names = names.split([',', '|']).map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty());
        names.take(MOST_NAMES).collect()
    };
    match word {
        ZONE => {
            let pivot = value("pivot").map(|own| Chosen::Pivot(names(own)));
            Some(Mark::Open(ZONE, pivot.or_else(|| value("target").map(|own| Chosen::Target(names(own))))))
        }
        MONIKER => {
            let read = |range| Monikers::read(range).map_or(Chosen::Unknown, |own| Chosen::Monikers(Arc::new(own)));
            Some(Mark::Open(MONIKER, value("range").map(read)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    fn zone(marks: &str) -> Zone {
        let page = format!("{marks}\n\n```\nGET /a\n```\n");
        Page::parse("p.md", &page).blocks.remove(0).zone
    }

    #[track_caller]
    fn check(one: &str, other: &str, meets: bool, is_within: bool) {
        let (one, other) = (zone(one), zone(other));
        assert_eq!((one.meets(&other), one.is_within(&other)), (meets, is_within), "{one:?} and {other:?}");
    }

    #[test]
    fn readers_of_one_pivot_see_its_zones_and_what_is_outside() {
        check(":::zone pivot=\"a\"", ":::zone pivot=\"a\"", true, true);
        check("::: zone pivot='a, b'", ":::zone pivot=\"b,c\"", true, false);
        check(":::zone pivot=\"a\"", ":::zone pivot=\"b\"", false, false);
        check(":::zone pivot=\"a\"", "text", true, true);
        check("text", ":::zone pivot=\"a\"", true, false);
        check(":::zone pivot=\"a\"\n:::zone-end", ":::zone pivot=\"b\"\n\n::: zone-end :::", true, true);
        check("::: moniker range=\"one || two\"", "::: moniker range=\"two\"", true, false);
        check("::: moniker range=\"one\"\n:::zone pivot=\"a\"", ":::zone pivot=\"a\"", true, true);
        check("::: moniker range=\"one\"\n:::zone pivot=\"a\"\n::: moniker-end", ":::zone pivot=\"b\"", false, false);
    }

    #[test]
    fn a_zone_that_is_not_closed_ends_where_the_next_one_begins() {
        const A: &str = ":::zone pivot=\"a\"";
        const B: &str = ":::zone pivot=\"b\"";
        let zone = |marks: &[&str]| zone(&marks.join("\n\n"));
        assert!(zone(&[A, B]) == zone(&[B]));
        assert!(zone(&[A, B, ":::zone-end"]).is_everywhere());
        assert!(zone(&[A, B, ":::zone-end", B]) == zone(&[B]));
        // Zones of another kind go on.
        assert!(zone(&["::: moniker range=\"a-1.0\"", A]) != zone(&[A]));
        // Both are closed, so one is within the other.
        let text = format!("{A}\n\n{B}\n\n:::zone-end\n\n```\nGET /a\n```\n\n:::zone-end\n");
        assert!(Page::parse("p.md", &text).blocks[0].zone == zone(&[A]));
    }

    #[test]
    fn a_range_of_monikers_is_compared_by_version() {
        let (from, beta) = ("::: moniker range=\">=graph-rest-1.0\"", "::: moniker range=\"graph-rest-beta\"");
        check(from, beta, true, false);
        check(beta, from, true, true);
        check("::: moniker range=\"<graph-rest-beta\"", beta, false, false);
        // What cannot be read is for all readers, as far as anybody knows.
        check("::: moniker range=\">=lamps-online\"", beta, true, false);
        assert_eq!(zone(beta).version().as_deref(), Some("beta"));
        assert_eq!(zone(from).version(), None);
    }

    /// The lines and messages about marks.
    #[track_caller]
    fn check_reports(text: &str, expected: &[(u32, &str)]) {
        let page = Page::parse("p.md", text);
        let found: Vec<(u32, &str)> = page.diagnostics.iter().map(|own| (own.line, own.message.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn marks_that_do_not_fit_are_reported() {
        let unclosed = "the zone that begins here is not closed: `:::zone-end` is missing";
        check_reports(":::zone pivot=\"a\"\n\ntext\n\n:::zone-end\n", &[]);
        check_reports("text\n\n:::zone pivot=\"a\"\n", &[(3, unclosed)]);
        check_reports("a\n\n:::zone-end\n", &[(3, "no `:::zone` is open that `:::zone-end` could close")]);
        check_reports(
            ":::moniker range=\">=lamps-online\"\n\n:::moniker-end\n",
            &[(1, "the range of monikers cannot be read, so its readers are not known")],
        );
        check_reports(":::image source=\"a.png\":::\n\n:::row:::\n\n:::row-end:::\n", &[]);
    }

    #[test]
    fn a_mark_may_stand_right_below_a_table_or_in_a_quote() {
        assert!(!zone("|a|\n|---|\n|b|\n:::zone pivot=\"a\"\n\n").is_everywhere());
        assert!(!zone("> :::zone pivot=\"a\"\n\n").is_everywhere());
        assert!(zone(":::image source=\"a.png\":::\n\n:::zone pivot\n").is_everywhere());
    }

    #[test]
    fn zones_that_are_opened_without_end_are_bounded() {
        let marks = ":::zone pivot=\"a\"\n\n".repeat(1000) + &":::zone-end\n\n".repeat(1000);
        assert!(zone(&marks).is_everywhere());
    }
}
