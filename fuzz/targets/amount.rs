//! Amounts, references and response codes: what is taken prints and reads back the same, by an arithmetic of its own.
#![no_main]

use bayar::fuzzing::amount_in_answer;
use bayar::snap::codes::ResponseCode;
use bayar::{Amount, Kind, Reference};
use bayar_fuzz::assert_refused;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(input) else { return Corpus::Reject };
    amount(text);
    reference(text);
    if let Some(code) = ResponseCode::parse(text) {
        assert_eq!(code.to_string(), text);
        assert_eq!(code.http().to_string(), text[..3]);
        code.proves();
    }
    Corpus::Keep
});

fn amount(text: &str) {
    let expected = hundredths(text).filter(|&sen| sen >= 100);
    match Amount::parse(text) {
        Ok(amount) => {
            assert_eq!(Some(amount), Amount::parse(&amount.to_string()).ok(), "{text}");
            assert_eq!(Some(amount), amount_in_answer(text), "the strict form is a lenient one too: {text}");
            assert_eq!(Some(printed(amount)), expected, "{text}");
        }
        Err(error) => {
            assert_refused(&error, Some("amount"));
            assert_eq!(error.kind(), Kind::InvalidArgument);
            assert_eq!(expected, None, "{text}: {error}");
        }
    }
    if let Some(amount) = amount_in_answer(text) {
        assert_eq!(amount_in_answer(&amount.to_string()), Some(amount), "{text}");
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let decimals = decimals.trim_end_matches('0');
        assert_eq!(hundredths(&format!("{whole}.{decimals:0<2}")), Some(printed(amount)), "{text}");
    }
    if let Ok(rupiah) = text.parse::<i64>() {
        let amount = Amount::from_rupiah(rupiah);
        assert_eq!(amount.map(printed), (1..10_i64.pow(16)).contains(&rupiah).then(|| i128::from(rupiah) * 100));
    }
}

/// `digits` or `digits.dd` with up to 16 digits before the point, in hundredths.
fn hundredths(text: &str) -> Option<i128> {
    let digits = match text.len().checked_sub(3).and_then(|at| text.split_at_checked(at)) {
        Some((whole, decimals)) if decimals.starts_with('.') => format!("{whole}{}", &decimals[1..]),
        _ => format!("{text}00"),
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain && (3..=18).contains(&digits.len()) { digits.parse().ok() } else { None }
}

fn printed(amount: Amount) -> i128 {
    let text = amount.to_string();
    assert_eq!(text.as_bytes()[text.len() - 3], b'.', "{text}");
    text.replace('.', "").parse().expect("digits")
}

fn reference(text: &str) {
    let fits = (1..=64).contains(&text.len());
    let expected = fits && text.bytes().all(|byte| (b'!'..=b'~').contains(&byte) && !b"\"\\".contains(&byte));
    match Reference::parse("partner_reference_no", text) {
        Ok(reference) => assert_eq!((reference.as_str(), true), (text, expected)),
        Err(error) => {
            assert!(!expected, "{text}: {error}");
            assert_refused(&error, Some("partner_reference_no"));
        }
    }
}
