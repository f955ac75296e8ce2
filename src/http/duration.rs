//! Durations as messages show them.

use std::time::Duration;

use jiff::fmt::friendly::SpanPrinter;

/// A duration in units: `200ms`, `1m 30s`.
pub fn in_units(duration: Duration) -> String {
    SpanPrinter::new().unsigned_duration_to_string(&duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_the_units_that_it_needs() {
        for (millis, expected) in
            [(0, "0s"), (200, "200ms"), (1_000, "1s"), (1_500, "1s 500ms"), (90_000, "1m 30s"), (7_200_000, "2h")]
        {
            assert_eq!(in_units(Duration::from_millis(millis)), expected);
        }
    }
}
