//! Ranges of monikers: `>=graph-rest-1.0`, `graph-rest-1.0 || graph-rest-beta`. A moniker names a version of a product; a reader chooses one.

use std::cmp::Ordering;

use crate::url::is_version;

/// The versions of products whose readers see a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Monikers {
    /// One of these is enough.
    alternatives: Vec<Span>,
}

/// Versions of one product that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Span {
    product: String,
    /// The first version, and whether it is one of them; `None` if there is no first one.
    first: Option<(Version, bool)>,
    /// The same for the last one.
    last: Option<(Version, bool)>,
}

/// A version of a product, by which it comes before or after another one. Beta has what is in all numbered versions, and more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    /// A moniker without a version is the only one of its product.
    Only,
    Numbered(Vec<u32>),
    Beta,
}

/// So many alternatives count. Pages have one or two; each is compared with each.
const MOST: usize = 16;

impl Monikers {
    /// Reads a range; `None` where it cannot be told which versions are in it.
    pub(super) fn read(range: &str) -> Option<Monikers> {
        let alternatives = range.split("||").flat_map(|alternative| alternative.split(','));
        let alternatives: Vec<Span> = alternatives.map(Span::read).collect::<Option<_>>()?;
        (alternatives.len() <= MOST).then_some(Monikers { alternatives })
    }

    /// Whether some version is in both.
    pub(super) fn meets(&self, other: &Monikers) -> bool {
        self.alternatives.iter().any(|own| other.alternatives.iter().any(|other| own.meets(other)))
    }

    /// Whether all versions of this one are in the other, as far as one of its alternatives shows.
    pub(super) fn is_within(&self, other: &Monikers) -> bool {
        self.alternatives.iter().all(|own| other.alternatives.iter().any(|other| own.is_within(other)))
    }

    /// The version of Microsoft Graph, where it is one alone: `graph-rest-beta` is `beta`.
    pub(super) fn version(&self) -> Option<String> {
        let [only] = self.alternatives.as_slice() else { return None };
        let (Some((first, true)), Some((last, true))) = (&only.first, &only.last) else { return None };
        if first != last || !only.product.starts_with("graph") {
            return None;
        }
        match first {
            Version::Beta => Some("beta".to_owned()),
            Version::Numbered(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
                Some(format!("v{}", numbers.join(".")))
            }
            Version::Only => None,
        }
    }
}

impl Span {
    /// Reads `name`, `=name`, `>=name`, or two limits of one product: `>=name <name`.
    fn read(text: &str) -> Option<Span> {
        let text = text.trim().to_lowercase();
        let mut limits = Vec::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let operator = &rest[..rest.find(|c| !matches!(c, '<' | '>' | '=')).unwrap_or(rest.len())];
            let behind = rest[operator.len()..].trim_start();
            let (name, next) = behind.split_at(behind.find([' ', '\t', '<', '>', '=']).unwrap_or(behind.len()));
            limits.push((operator, name));
            rest = next.trim_start();
        }
        let product = |name: &str| moniker(name).map(|(product, _)| product.to_owned());
        let mut span = Span { product: product(limits.first()?.1)?, first: None, last: None };
        for (operator, name) in &limits {
            let (product, version) = moniker(name)?;
            // Nobody knows what comes before or after a moniker without a version.
            let has_order = version != Version::Only;
            let (first, last) = match *operator {
                "" | "=" | "==" if limits.len() == 1 => (Some(true), Some(true)),
                ">=" if has_order => (Some(true), None),
                ">" if has_order => (Some(false), None),
                "<=" if has_order => (None, Some(true)),
                "<" if has_order => (None, Some(false)),
                _ => return None,
            };
            let is_twice = (first.is_some() && span.first.is_some()) || (last.is_some() && span.last.is_some());
            if product != span.product || is_twice {
                return None;
            }
            span.first = first.map(|is_in| (version.clone(), is_in)).or(span.first);
            span.last = last.map(|is_in| (version, is_in)).or(span.last);
        }
        Some(span)
    }

    fn meets(&self, other: &Span) -> bool {
        let begins = |one: &Span, other: &Span| match (&one.first, &other.last) {
            (Some((first, has_first)), Some((last, has_last))) => match first.cmp(last) {
                Ordering::Less => true,
                Ordering::Equal => *has_first && *has_last,
                Ordering::Greater => false,
            },
            _ => true,
        };
        self.product == other.product && begins(self, other) && begins(other, self)
    }

    fn is_within(&self, other: &Span) -> bool {
        // A limit with its version reaches further than the same one without it.
        let is_inside =
            |own: &Option<(Version, bool)>, other: &Option<(Version, bool)>, outside: Ordering| match (own, other) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some((own, has_own)), Some((other, has_other))) => match own.cmp(other) {
                    Ordering::Equal => *has_other || !*has_own,
                    order => order != outside,
                },
            };
        self.product == other.product
            && is_inside(&self.first, &other.first, Ordering::Less)
            && is_inside(&self.last, &other.last, Ordering::Greater)
    }
}

/// The product and the version in a moniker: `graph-rest-1.0`.
fn moniker(name: &str) -> Option<(&str, Version)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '*');
    if name.is_empty() || !name.chars().all(is_word) || name.contains('*') {
        return None;
    }
    let (product, version) = name.rsplit_once('-').unwrap_or((name, ""));
    if version == "beta" {
        return Some((product, Version::Beta));
    }
    let number = version.strip_prefix('v').unwrap_or(version);
    if !is_version(&format!("v{number}")) {
        return Some((name, Version::Only));
    }
    let numbers: Option<Vec<u32>> = number.split('.').map(|part| part.parse().ok()).collect();
    numbers.map(|numbers| (product, Version::Numbered(numbers)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: &str, other: &str, meets: bool, is_within: bool) {
        let (Some(one), Some(other)) = (Monikers::read(one), Monikers::read(other)) else {
            panic!("{one} and {other} are ranges");
        };
        assert_eq!((one.meets(&other), other.meets(&one)), (meets, meets), "{one:?} and {other:?}");
        assert_eq!(one.is_within(&other), is_within, "{one:?} in {other:?}");
    }

    #[test]
    fn ranges_are_compared_by_their_versions() {
        check("graph-rest-1.0", ">=graph-rest-1.0", true, true);
        check(">=graph-rest-1.0", "graph-rest-1.0", true, false);
        check("graph-rest-beta", ">=graph-rest-1.0", true, true);
        check("graph-rest-beta", "<=graph-rest-1.0", false, false);
        check("graph-rest-beta", "> graph-rest-1.0", true, true);
        check("graph-rest-1.0", ">graph-rest-1.0", false, false);
        check("graph-rest-1.0 || graph-rest-beta", "graph-rest-beta", true, false);
        check("graph-rest-1.0", "graph-rest-1.0 || graph-rest-beta", true, true);
        check("lamps-2.10", ">=lamps-2.9", true, true);
        check(">=lamps-1.0 <lamps-2.0", "lamps-2.0", false, false);
        check(">=lamps-1.0 <lamps-2.0", "<lamps-2.0", true, true);
        check(">=lamps-1.0", ">=houses-1.0", false, false);
        check("lamps-online", "lamps-2019", false, false);
        check("Lamps-Online", "lamps-online", true, true);
    }

    #[test]
    fn what_cannot_be_told_is_not_read() {
        for range in
            [">=lamps-online", "", "||", ">=", "lamps-*", ">=a-1.0 <b-2.0", ">=a-1.0 >=a-2.0", "a-1.0 a-2.0", "=>a-1.0"]
        {
            assert_eq!(Monikers::read(range), None, "{range}");
        }
        assert_eq!(Monikers::read(&"a-1.0 || ".repeat(MOST + 1)), None);
    }

    #[test]
    fn one_moniker_is_a_version() {
        let check = |range: &str, expected: Option<&str>| {
            assert_eq!(Monikers::read(range).and_then(|own| own.version()).as_deref(), expected, "{range}");
        };
        check("graph-rest-1.0", Some("v1.0"));
        check("graph-rest-beta", Some("beta"));
        check(">=graph-rest-1.0", None);
        check("graph-rest-1.0 || graph-rest-beta", None);
        check("lamps-1.0", None);
        check("graph-online", None);
    }
}
