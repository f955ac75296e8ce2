//! `--partition`: a part of what a command works with, so that several machines share it.

use std::str::FromStr;

use graph_contracts::contract::short_digest;

/// One part of several, as nextest has them (its documentation, "Partitioning test runs in CI").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    by: By,
    /// Which part, from 0.
    own: usize,
    /// How many there are.
    all: usize,
}

/// What decides to which part something belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Its position: parts of equal size.
    Count,
    /// Its name: it stays in its part whatever else there is.
    Hash,
}

impl Partition {
    /// Which part it is, from 1, and how many there are.
    pub(crate) fn part(self) -> (usize, usize) {
        (self.own + 1, self.all)
    }

    /// Whether what stands at this position, and is called so, belongs to the part.
    pub(crate) fn has(self, position: usize, name: &str) -> bool {
        let number = match self.by {
            By::Count => position % self.all,
            By::Hash => {
                let digest = u64::from_str_radix(&short_digest(name.as_bytes()), 16).unwrap_or_default();
                usize::try_from(digest % self.all as u64).unwrap_or_default()
            }
        };
        number == self.own
    }
}

impl FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Partition, String> {
        let (by, numbers) = match text.split_once(':') {
            None => (By::Count, text),
            Some(("count", numbers)) => (By::Count, numbers),
            Some(("hash", numbers)) => (By::Hash, numbers),
            Some((other, _)) => return Err(format!("`{other}` is neither `count` nor `hash`")),
        };
        let parsed = numbers.split_once('/').and_then(|(own, all)| Some((own.parse().ok()?, all.parse().ok()?)));
        match parsed {
            Some((own @ 1.., all)) if own <= all => Ok(Partition { by, own: own - 1, all }),
            _ => Err("write which part of how many, such as 1/3".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_in_one_part() {
        let names = ["v1.0/a", "v1.0/b", "v1.0/c", "v1.0/d", "v1.0/e"];
        for kind in ["", "count:", "hash:"] {
            let parts: Vec<Partition> =
                (1..=3).map(|own| format!("{kind}{own}/3").parse().expect("a partition")).collect();
            for (position, name) in names.into_iter().enumerate() {
                let owners = parts.iter().filter(|part| part.has(position, name)).count();
                assert_eq!(owners, 1, "{kind} {name}");
            }
        }
        let hash: Partition = "hash:1/2".parse().expect("a partition");
        assert_eq!(hash.has(0, "v1.0/a"), hash.has(7, "v1.0/a"), "its position makes no difference");
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["", "1", "0/2", "3/2", "1/0", "a/b", "-1/2", "slice:1/2", "1/2/3"] {
            assert!(text.parse::<Partition>().is_err(), "{text}");
        }
    }
}
