//! Times as text: X-TIMESTAMP and the like in (protocol 2), Jakarta times and the HTTP date out.

use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, UtcOffset};

/// West Indonesian time, in which DOKU prints its times and in which "the same day" is counted (protocol 8).
const JAKARTA: UtcOffset = time::macros::offset!(+7);

/// Reads `YYYY-MM-DDTHH:mm:ss`, an optional fraction, then `Z` or `±hh:mm`: every form that protocol 2 lists.
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    let bytes = text.as_bytes();
    let plain = bytes.iter().all(|byte| byte.is_ascii_digit() || b"-:.+TZ".contains(byte));
    if !plain || bytes.get(10) != Some(&b'T') {
        return None;
    }
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

/// `2024-07-10T11:57:58+07:00`
pub(crate) fn jakarta(at: OffsetDateTime) -> String {
    format!("{}+07:00", local_seconds(at))
}

/// `2024-01-01T09:09:00.123`: the form of DOKU's refundTime, which has no zone (protocol 5).
pub(crate) fn jakarta_without_zone(at: OffsetDateTime) -> String {
    format!("{}.{:03}", local_seconds(at), at.millisecond())
}

/// `2024-07-10T04:57:58.123Z`, the other form of X-TIMESTAMP (protocol 2).
pub(crate) fn zulu(at: OffsetDateTime) -> String {
    let utc = at.checked_to_offset(UtcOffset::UTC).unwrap_or(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        utc.year(),
        u8::from(utc.month()),
        utc.day(),
        utc.hour(),
        utc.minute(),
        utc.second(),
        utc.millisecond()
    )
}

/// The day in Jakarta, the span over which an X-EXTERNAL-ID must be unique.
pub(crate) fn jakarta_day(at: OffsetDateTime) -> Date {
    in_jakarta(at).date()
}

/// `20240710115758`, the beginning of the reference numbers that are made here.
pub(crate) fn digits(at: OffsetDateTime) -> String {
    local_seconds(at).chars().filter(char::is_ascii_digit).collect()
}

/// The value of an HTTP `Date` header (RFC 9110, IMF-fixdate).
pub(crate) fn http_date(at: OffsetDateTime) -> String {
    let weekday = at.weekday().to_string();
    let month = at.month().to_string();
    format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        weekday.get(..3).unwrap_or_default(),
        at.day(),
        month.get(..3).unwrap_or_default(),
        at.year(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

fn local_seconds(at: OffsetDateTime) -> String {
    let local = in_jakarta(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        local.year(),
        u8::from(local.month()),
        local.day(),
        local.hour(),
        local.minute(),
        local.second()
    )
}

fn in_jakarta(at: OffsetDateTime) -> OffsetDateTime {
    at.checked_to_offset(JAKARTA).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_timestamp_form_of_the_sources_is_read_as_the_same_moment() {
        let expected = parse("2020-12-21T07:56:11Z").unwrap();
        for text in [
            "2020-12-21T07:56:11.000Z",
            "2020-12-21T14:56:11+07:00",
            "2020-12-21T07:56:11-00:00",
            "2020-12-21T13:26:11+05:30",
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_shapes_are_no_timestamps() {
        for text in [
            "",
            "2020-12-21 07:56:11Z",
            "2020-12-21t07:56:11z",
            "2020-12-21T07:56:11",
            "20201221T075611Z",
            "2020-13-21T07:56:11Z",
            "2020-12-21T07:56:11+0700",
            "2020-12-21T07:56Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_printed_for_jakarta_and_for_http() {
        let at = parse("2024-01-01T18:09:00.123Z").unwrap();
        assert_eq!(jakarta(at), "2024-01-02T01:09:00+07:00");
        assert_eq!(zulu(at), "2024-01-01T18:09:00.123Z");
        assert_eq!(jakarta_without_zone(at), "2024-01-02T01:09:00.123");
        assert_eq!(jakarta_day(at), time::macros::date!(2024 - 01 - 02));
        assert_eq!(digits(at), "20240102010900");
        assert_eq!(http_date(at), "Mon, 01 Jan 2024 18:09:00 GMT");
    }
}
