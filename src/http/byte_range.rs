//! The part of some bytes that a request asks for.

use std::ops::Range;

/// What a `Range` field asks for of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByteRange {
    /// All of them: no field came, or none that counts.
    Whole,
    /// These.
    Part(Range<usize>),
    /// None that are there.
    Unsatisfiable,
}

impl ByteRange {
    /// What a field asks for of so many bytes: a single range. Any other field is ignored, as a server may, and one that is not valid as it has to
    /// be (RFC 9110 sections 14.1 and 14.2).
    pub fn of(field: Option<&str>, length: usize) -> ByteRange {
        let range = field.and_then(|field| field.trim().strip_prefix("bytes="));
        let Some((first, last)) = range.and_then(|range| range.trim().split_once('-')) else { return ByteRange::Whole };
        let range = match (first.trim().parse::<usize>(), last.trim().parse::<usize>()) {
            (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
            (Ok(first), Err(_)) if last.is_empty() => first..length,
            (Err(_), Ok(count)) if first.is_empty() => length.saturating_sub(count)..length,
            _ => return ByteRange::Whole,
        };
        if range.start < range.end { ByteRange::Part(range) } else { ByteRange::Unsatisfiable }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: &str, expected: ByteRange) {
        assert_eq!(ByteRange::of(Some(field), 10), expected, "{field}");
    }

    #[test]
    fn a_single_range_is_a_part() {
        check("bytes=0-3", ByteRange::Part(0..4));
        check("bytes=8-99", ByteRange::Part(8..10));
        check("bytes=4-", ByteRange::Part(4..10));
        check("bytes=-3", ByteRange::Part(7..10));
        check("bytes=-99", ByteRange::Part(0..10));
        check("bytes=0-18446744073709551615", ByteRange::Part(0..10));
    }

    #[test]
    fn what_is_not_there_cannot_be_had() {
        for field in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            check(field, ByteRange::Unsatisfiable);
        }
    }

    #[test]
    fn any_other_field_is_ignored() {
        assert_eq!(ByteRange::of(None, 10), ByteRange::Whole);
        for field in ["", "bytes=", "bytes=3-1", "bytes=0-1,3-4", "lines=0-1", "bytes=a-", "bytes=-", "bytes=1"] {
            check(field, ByteRange::Whole);
        }
    }
}
