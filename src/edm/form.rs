//! The forms of JSON strings that stand for other values: GUIDs, dates, times, durations and bytes (OData ABNF Construction Rules 4.01,
//! section 7, "Literal Data Values").
//!
//! No library reads exactly these forms: those for ISO 8601 know years, months and weeks in durations, fewer digits, and a range of
//! years.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Whether a text is a GUID (`guidValue`).
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

/// Whether a text is a date with time and offset (`dateTimeOffsetValue`). The offset is below 24:00; seconds may be left out.
pub(crate) fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return false };
    let Some(offset_at) = time.find(['Z', '+', '-']) else { return false };
    let (clock, offset) = time.split_at(offset_at);
    let is_offset = offset == "Z" || is_hours_and_minutes(&offset[1..]);
    is_offset && is_date(date) && is_time_of_day(clock)
}

/// Whether a text is a time of day (`timeOfDayValue`): without an offset, with seconds or not, and of these 12 digits behind the point at
/// most.
pub(crate) fn is_time_of_day(text: &str) -> bool {
    let Some((clock, rest)) = text.split_at_checked(5) else { return false };
    let Some(rest) = rest.strip_prefix(':') else { return rest.is_empty() && is_hours_and_minutes(clock) };
    let (second, fraction) = rest.split_once('.').map_or((rest, None), |(second, fraction)| (second, Some(fraction)));
    let is_fraction = |text: &str| (1..=12).contains(&text.len()) && is_digits(text);
    is_hours_and_minutes(clock) && is_number_to(second, 59) && fraction.is_none_or(is_fraction)
}

/// Whether a text is a date of the calendar (`dateValue`). A year has a sign if it is before the year 0, and more than four digits if it
/// is behind 9999.
pub(crate) fn is_date(text: &str) -> bool {
    let Some((year, month_and_day)) = text.len().checked_sub(6).and_then(|at| text.split_at_checked(at)) else {
        return false;
    };
    let year = year.strip_prefix('-').unwrap_or(year);
    let is_year = is_digits(year) && (year.len() == 4 || (year.len() > 4 && !year.starts_with('0')));
    let Some((month, day)) = month_and_day.strip_prefix('-').and_then(|rest| rest.split_once('-')) else {
        return false;
    };
    if !(is_year && is_number_to(month, 12) && is_number_to(day, 31)) {
        return false;
    }
    // The calendar repeats after 400 years, of which 10,000 is a multiple: the last four digits decide.
    let same_year = year[year.len() - 4..].parse::<i16>().map(|year| 2000 + year % 400);
    same_year.is_ok_and(|year| match (month.parse(), day.parse()) {
        (Ok(month), Ok(day)) => jiff::civil::Date::new(year, month, day).is_ok(),
        _ => false,
    })
}

/// Whether a text is a duration (`durationValue`, XML Schema `dayTimeDuration`): days, hours, minutes and seconds of any size, at least
/// one of them. ISO 8601 also has years, months and weeks, and fractions of each.
pub(crate) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['+', '-']).unwrap_or(text).strip_prefix('P') else { return false };
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    let is_time = time.is_none_or(|time| !time.is_empty() && has_units(time, &['H', 'M', 'S']));
    !rest.is_empty() && is_time && has_units(days, &['D'])
}

/// Whether a text is numbers with units in that order, each at most once. Seconds may have a fraction.
fn has_units(text: &str, units: &[char]) -> bool {
    let mut units = units.iter();
    text.split_inclusive(|c: char| c.is_ascii_alphabetic()).all(|part| {
        let Some(unit) = part.chars().next_back().filter(|own| units.any(|unit| unit == own)) else { return false };
        let number = &part[..part.len() - unit.len_utf8()];
        match number.split_once('.') {
            Some((whole, fraction)) => unit == 'S' && is_digits(whole) && is_digits(fraction),
            None => is_digits(number),
        }
    })
}

/// Whether a text is base64 with or without padding (`binaryValue`). OData asks for the URL-safe alphabet; Microsoft Graph writes the
/// other one (RFC 4648 section 4), as its libraries do by themselves.
pub(super) fn is_base64(text: &str) -> bool {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let is_padded_whole = !text.ends_with('=') || text.len().is_multiple_of(4);
    is_padded_whole
        && [URL_SAFE, STANDARD].iter().any(|alphabet| GeneralPurpose::new(alphabet, config).decode(text).is_ok())
}

/// Whether a text is `hh:mm`.
fn is_hours_and_minutes(text: &str) -> bool {
    text.split_once(':').is_some_and(|(hour, minute)| is_number_to(hour, 23) && is_number_to(minute, 59))
}

/// Whether a text is two digits that are no greater than a bound.
fn is_number_to(text: &str, most: u8) -> bool {
    text.len() == 2 && is_digits(text) && text.parse::<u8>().is_ok_and(|number| number <= most)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
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
    fn durations_are_of_any_size_and_have_no_years_months_and_weeks() {
        let good = ["PT5M", "+PT5M", "-P1D", "P10675199DT2H48M5.4775807S", "PT0.1234567890123S", "P1DT1H", "PT36H"];
        let bad = [
            "", "P", "PT", "P1", "P1DT", "PT1", "PT1D", "PT.5S", "PT1.S", "PT1.5H", "PT1.5M", "P1D1D", "PT5m", "pt5M",
            "5M", "Paris", "P1Y", "P1Y2M", "P2M", "P2W", "PT1M1H", "P-1D", "--P1D", "P1DT1H ", "PT1,5S",
        ];
        check(is_duration, &good, &bad);
    }

    #[test]
    fn times_of_day_have_neither_an_offset_nor_a_leap_second() {
        let good = ["08:00", "00:00:00", "23:59:59", "08:00:00.123456789012"];
        let bad = [
            "",
            "8:00",
            "24:00",
            "25:00",
            "08:60",
            "08:00:60",
            "08:00:",
            "08:00:00.",
            "08:00:00.1234567890123",
            "08:00.5",
            "08:00:00Z",
            "08:00:00+01:00",
            "08:00:00 AM",
            "0800",
            "08:00:0",
            "٠8:00",
        ];
        check(is_time_of_day, &good, &bad);
    }

    #[test]
    fn dates_are_those_of_the_calendar_in_any_year() {
        let good = ["2024-02-29", "2000-02-29", "0000-02-29", "0001-01-01", "9999-12-31", "12000-02-29", "-0004-02-29"];
        let bad = [
            "",
            "2023-02-29",
            "1900-02-29",
            "12100-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "2024-1-1",
            "24-01-01",
            "02024-01-01",
            "+2024-01-01",
            "2024-01-01Z",
            "--024-01-01",
            "2024/01/01",
            "２024-01-01",
        ];
        check(is_date, &good, &bad);
    }

    #[test]
    fn dates_with_times_have_an_offset_below_24_hours() {
        let good = [
            "2024-01-01T00:00:00Z",
            "2024-01-01T00:00Z",
            "2024-01-01T00:00:00.123456789012Z",
            "9999-12-31T23:59:59.9999999+01:00",
            "0001-01-01T00:00:00+14:00",
            "2024-01-01T00:00:00-23:59",
            "-0001-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
        ];
        let bad = [
            "2024-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-01-01T00:00:00.1234567890123Z",
            "2024-01-01T00:00:00+24:00",
            "2024-01-01T00:00:00+01:60",
            "2024-01-01T00:00:00+0100",
            "2024-01-01T00:00:00",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:00:60Z",
            "2024-01-01 00:00:00Z",
            "2024-01-01T00:00:00z",
            "2024-01-01t00:00:00Z",
            "2024-01-01T00:00:00Z[UTC]",
            "2024-01-01T000000Z",
            "2024-01-01",
        ];
        check(is_date_time, &good, &bad);
    }

    #[test]
    fn bytes_are_base64_in_either_alphabet() {
        check(is_base64, &["", "AQID", "_-8=", "_-8", "/+8", "AQ==", "AQ"], &["A", "a b", "_+8=", "AR==", "AQ="]);
    }
}
