//! Our few fixed date forms against a date library: every day of four centuries, and a sample of the years 1 to 9999.
#![allow(clippy::unwrap_used)] // A test may.

use bayar::snap::timestamp::{Form, format, parse};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

fn seconds_of(text: &str) -> i64 {
    OffsetDateTime::parse(text, &Rfc3339).unwrap().unix_timestamp()
}

/// Compares one moment every `step` seconds.
fn compare(from: &str, to: &str, step: usize) {
    let wib = UtcOffset::from_hms(7, 0, 0).unwrap();
    for seconds in (seconds_of(from)..seconds_of(to)).step_by(step) {
        let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let ours = format(seconds * 1000 + 7, Form::Wib);
        assert_eq!(ours, moment.to_offset(wib).format(&Rfc3339).unwrap());
        assert_eq!(format(seconds * 1000, Form::Utc), moment.format(&Rfc3339).unwrap());
        assert_eq!(parse(&ours).unwrap().unix_ms, seconds * 1000);
        let millis = format(seconds * 1000 + 7, Form::WibMillis);
        assert_eq!(parse(&millis).unwrap().unix_ms, seconds * 1000 + 7);
    }
}

#[test]
fn moments_are_written_and_read_as_the_library_does() {
    // The seconds beyond whole days come past every hour, minute and second as well.
    compare("1900-01-01T00:00:00Z", "2300-01-01T00:00:00Z", 86_400 + 61);
    compare("0001-01-02T00:00:00Z", "9999-12-30T00:00:00Z", 50 * 86_400 + 3_661);
}
