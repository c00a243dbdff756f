//! Timestamps: the input is read as one, and its first 8 bytes are written as one in every form.
#![no_main]

use bayar::snap::timestamp::{Form, format, parse};
use bayar::{Kind, PaymentRequest};
use bayar_fuzz::assert_refused;
use libfuzzer_sys::fuzz_target;
use std::time::{Duration, UNIX_EPOCH};

/// The years 1 to 9999 in UTC, less what Jakarta's do not share with them.
const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_275_599_999;

fuzz_target!(|input: &[u8]| {
    if let Some(number) = input.first_chunk() {
        // Half of all moments are within the years that can be written.
        let number = i64::from_le_bytes(*number);
        write(number);
        write(number % 253_402_300_800_000);
    }
    if let Ok(text) = std::str::from_utf8(input) {
        read(text);
    }
});

fn write(unix_ms: i64) {
    for (form, length, unit) in
        [(Form::Wib, 25, 1000), (Form::Utc, 20, 1000), (Form::WibMillis, 29, 1), (Form::UtcMillis, 24, 1)]
    {
        let text = format(unix_ms, form);
        assert_eq!(text.len(), length, "{text}");
        let moment = parse(&text).expect("what is written can be read");
        assert!(moment.has_zone);
        if RANGE.contains(&unix_ms) {
            assert_eq!(moment.unix_ms, unix_ms.div_euclid(unit) * unit, "{text}");
        }
    }
    if (0..=*RANGE.end()).contains(&unix_ms) {
        // Somebody else's calendar: "Sun, 06 Nov 1994 08:49:37 GMT".
        let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(unix_ms.unsigned_abs()));
        let words: Vec<&str> = date.split(' ').collect();
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = months.iter().position(|month| *month == words[2]).expect("a month") + 1;
        assert_eq!(format(unix_ms, Form::Utc), format!("{}-{month:02}-{}T{}Z", words[3], words[1], words[4]));
    }
}

fn read(text: &str) {
    let moment = parse(text);
    if let Some(moment) = moment {
        if RANGE.contains(&moment.unix_ms) {
            assert_eq!(
                parse(&format(moment.unix_ms, Form::UtcMillis)).map(|again| again.unix_ms),
                Some(moment.unix_ms)
            );
        }
        // In its own zone a text keeps its date and time of day.
        let own = match text.as_bytes() {
            [.., b'Z' | b'z'] => Some(Form::Utc),
            _ if !moment.has_zone || text.ends_with("+07:00") => Some(Form::Wib),
            _ => None,
        };
        if let Some(form) = own.filter(|_| RANGE.contains(&moment.unix_ms)) {
            assert_eq!(format(moment.unix_ms, form)[..19], text[..19]);
        }
    }
    let mut request = PaymentRequest::new("INV-0001", "10000").expect("a request");
    match request.set_valid_up_to(text) {
        Ok(()) => assert!(moment.is_some_and(|moment| moment.has_zone)),
        Err(error) => {
            assert!(moment.is_none_or(|moment| !moment.has_zone), "{text}: {error}");
            assert_refused(&error, Some("valid_up_to"));
            assert_eq!(error.kind(), Kind::InvalidArgument);
        }
    }
}
