//! The forms of JSON strings that stand for other values: GUIDs, dates, times, durations (OData ABNF construction rules).

use jiff::fmt::temporal::Pieces;

/// Whether a text is a GUID, as OData writes it.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

/// Whether a text is a date with time and offset, as OData writes it.
pub(crate) fn is_date_time(text: &str) -> bool {
    // jiff also reads forms that OData does not have: without separators, a comma, an offset without colon, a time zone's name.
    let Some((date, time)) = text.split_at_checked(10) else { return false };
    let Some(time) = time.strip_prefix('T') else { return false };
    let Some(offset_at) = time.find(['Z', '+', '-']) else { return false };
    let (clock, offset) = time.split_at(offset_at);
    let Some(whole) = whole_seconds(clock) else { return false };
    let is_offset = offset == "Z" || has_form(&offset[1..], "00:00");
    // Read as pieces, not as a timestamp: `9999-12-31T23:59:59Z`, for "never", is beyond the range of those.
    let is_real = |text: &str| Pieces::parse(text).is_ok_and(|own| own.time().is_some() && own.offset().is_some());
    has_form(date, "0000-00-00") && is_offset && is_real(&format!("{date}T{whole}{offset}"))
}

/// Whether a text is a time of day, as OData writes it (OData ABNF `timeOfDayValue`).
pub fn is_time_of_day(text: &str) -> bool {
    whole_seconds(text).is_some_and(|whole| whole.parse::<jiff::civil::Time>().is_ok())
}

/// Whether a text is a date.
pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// Whether a text is a duration: those of OData have days, hours, minutes and seconds, of any size (OData ABNF `durationValue`). ISO 8601
/// has years, months and weeks, too.
pub(crate) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['+', '-']).unwrap_or(text).strip_prefix('P') else { return false };
    let (date, time) = rest.split_once('T').map_or((rest, None), |(date, time)| (date, Some(time)));
    let is_time = time.is_none_or(|time| !time.is_empty() && has_units(time, &['H', 'M', 'S']));
    !rest.is_empty() && is_time && has_units(date, &['Y', 'M', 'W', 'D'])
}

/// Whether a text is numbers with units in that order, each at most once. Seconds may have a fraction.
fn has_units(text: &str, units: &[char]) -> bool {
    let (mut rest, mut units) = (text, units.iter());
    while !rest.is_empty() {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if digits.len() == rest.len() {
            return false;
        }
        let fraction = digits.strip_prefix('.').map(|fraction| {
            let behind = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            (behind, behind.len() < fraction.len() && behind.starts_with('S'))
        });
        let unit = match fraction {
            Some((_, false)) => return false,
            Some((behind, true)) => behind,
            None => digits,
        };
        let Some(own) = unit.chars().next().filter(|own| units.any(|unit| unit == own)) else { return false };
        rest = &unit[own.len_utf8()..];
    }
    true
}

/// A time without the fraction of its seconds, of which OData has 12 digits at most; `None` if it has not the form of one.
fn whole_seconds(clock: &str) -> Option<&str> {
    let (whole, fraction) = clock.split_once('.').map_or((clock, None), |(whole, fraction)| (whole, Some(fraction)));
    let is_fraction = fraction.is_none_or(|fraction| {
        (1..=12).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit())
    });
    let is_clock = has_form(whole, "00:00:00") || (has_form(whole, "00:00") && fraction.is_none());
    (is_clock && is_fraction && !whole.ends_with(":60")).then_some(whole)
}

/// Whether a text has digits where a form has zeros, and else the same characters.
fn has_form(text: &str, form: &str) -> bool {
    let is_same = |(own, form): (u8, u8)| if form == b'0' { own.is_ascii_digit() } else { own == form };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(is_same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(is_form: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        good.iter().for_each(|text| assert!(is_form(text), "{text}"));
        bad.iter().for_each(|text| assert!(!is_form(text), "{text}"));
    }

    #[test]
    fn durations_have_no_bound() {
        let good =
            ["PT5M", "+PT5M", "-P1D", "P10675199DT2H48M5.4775807S", "PT0.123456789012S", "P1Y2M", "P2W", "P1DT1H"];
        check(
            is_duration,
            &good,
            &["", "P", "PT", "P1", "P1DT", "PT1", "PT1D", "PT.5S", "PT1.5H", "P1D1D", "PT5m", "5M", "Paris"],
        );
    }

    #[test]
    fn seconds_have_twelve_digits_behind_the_point_at_most() {
        check(
            is_time_of_day,
            &["08:00", "08:00:00", "08:00:00.123456789012"],
            &["8:00", "25:00", "08:00:00.", "08:00:00.1234567890123", "08:00.5", "08:00:00Z"],
        );
        let good = ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.123456789012Z", "9999-12-31T23:59:59.9999999+01:00"];
        check(
            is_date_time,
            &good,
            &["2024-13-01T00:00:00Z", "2024-01-01T00:00:00.1234567890123Z", "2024-01-01T00:00:00", "2024-01-01"],
        );
    }
}
