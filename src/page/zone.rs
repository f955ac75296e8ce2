//! Parts of a page that are for some of its readers only: `:::zone pivot="…"` and `:::moniker range="…"`, as Microsoft Learn has them.
//!
//! A reader chooses one pivot and one version, and sees what stands in their zones and what stands outside of all.

use std::sync::Arc;

use super::Element;

/// Which readers a block is for. Empty: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zone {
    /// The names in the nearest zone around the block, for each thing that a reader chooses.
    names: [Option<Arc<[String]>>; 3],
}

/// What a reader chooses, as an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Pivot,
    Target,
    Moniker,
}

/// How many zones may be open at a place, how many names one has, and how long its mark is. Pages have one or two of each; without a bound,
/// a hostile page could make each block cost as much as the page.
const DEEPEST: usize = 8;
const MOST_NAMES: usize = 16;
const LONGEST: usize = 400;

impl Zone {
    /// Whether the block is for all readers.
    pub fn is_everywhere(&self) -> bool {
        self.names.iter().all(Option::is_none)
    }

    /// Whether some reader sees both.
    pub(super) fn meets(&self, other: &Zone) -> bool {
        self.names.iter().zip(&other.names).all(|names| match names {
            (Some(own), Some(other)) => own.iter().any(|name| other.contains(name)),
            _ => true,
        })
    }

    /// Whether each reader of this one sees the other.
    pub(super) fn is_within(&self, other: &Zone) -> bool {
        self.names.iter().zip(&other.names).all(|names| match names {
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
    open: Vec<(Choice, Arc<[String]>)>,
    /// How many zones are open that are too deep to count.
    deeper: usize,
}

impl Zones {
    /// The zone in which the next element stands.
    pub(super) fn current(&self) -> &Zone {
        &self.current
    }

    /// Takes the marks of an element.
    pub(super) fn read(&mut self, element: &Element<'_>) {
        match element {
            Element::Prose(prose) if prose.text.contains(":::") => prose.text.lines().for_each(|line| self.mark(line)),
            // A table takes a mark right below it as a row.
            Element::Table(table) => {
                table.rows.iter().filter_map(|row| row.first()).for_each(|cell| self.mark(&cell.text));
            }
            Element::Prose(_) | Element::Heading(_) | Element::Comment(_) | Element::Fence(_) => {}
        }
    }

    fn mark(&mut self, line: &str) {
        let Some(mark) = line.trim_start_matches(['>', ' ', '\t']).strip_prefix(":::") else { return };
        if mark.len() > LONGEST {
            return;
        }
        let mark = mark.trim_start();
        let (word, rest) = mark.split_at(mark.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(mark.len()));
        if let Some(kind) = word.strip_suffix("-end") {
            self.close(kind);
        } else if let Some((choice, names)) = opened(word, rest) {
            let names = names.split([',', '|']).map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty());
            if self.open.len() < DEEPEST {
                self.open.push((choice, names.take(MOST_NAMES).collect()));
            } else {
                self.deeper += 1;
            }
        }
        self.current = Zone::default();
        for (choice, names) in &self.open {
            self.current.names[*choice as usize] = Some(names.clone());
        }
    }

    fn close(&mut self, kind: &str) {
        let is_of_kind = |choice: Choice| match choice {
            Choice::Moniker => kind == "moniker",
            Choice::Pivot | Choice::Target => kind == "zone",
        };
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if let Some(at) = self.open.iter().rposition(|(choice, _)| is_of_kind(*choice)) {
            self.open.remove(at);
        }
    }
}

/// What a mark opens, and the names in it.
fn opened<'m>(word: &str, rest: &'m str) -> Option<(Choice, &'m str)> {
    let value = |name: &str| {
        let (_, value) = rest.split_once(name)?;
        let value = value.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value[1..].split(quote).next()
    };
    match word {
        "zone" => {
            value("pivot").map(|names| (Choice::Pivot, names)).or(value("target").map(|name| (Choice::Target, name)))
        }
        "moniker" => value("range").map(|names| (Choice::Moniker, names)),
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
    fn the_nearest_zone_counts_where_one_is_not_closed() {
        check(":::zone pivot=\"a\"\n:::zone pivot=\"b\"", ":::zone pivot=\"b\"", true, true);
        check(":::zone pivot=\"a\"\n:::zone pivot=\"b\"\n:::zone-end", ":::zone pivot=\"a\"", true, true);
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
