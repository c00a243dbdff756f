//! DOKU's answers. The input's first line is the HTTP status (and, after a space, Retry-After), the rest the body: what
//! the client makes of it is true to the bytes, and what C is lent can be shown.
#![no_main]

use bayar::capi::{payment, refund, status};
use bayar::fuzzing;
use bayar::snap::response::Reply;
use bayar::{Amount, Error, Outcome, Payment, Refund};
use bayar_fuzz::{assert_shown, lent};
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::ffi::c_char;

fuzz_target!(|input: &[u8]| {
    let at = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (head, body) = input.split_at(at);
    let head = String::from_utf8_lossy(head);
    let (http_status, retry_after) = match head.split_once(' ') {
        Some((http_status, retry_after)) => (http_status, Some(retry_after)),
        None => (&*head, None),
    };
    let http_status = http_status.parse().unwrap_or(200);
    if let Some((token, lifetime_s)) = fuzzing::token(body) {
        assert!(!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()) && lifetime_s > 0);
    }
    let read = || Reply::read(http_status, body).map(|reply| reply.with_retry_after(retry_after));
    let Some(reply) = read() else { return };
    head_of(&reply);
    true_to_the_bytes(&reply);
    for first in [true, false] {
        let again = || read().expect("the same again");
        judged(fuzzing::payment(again(), first), first, paid);
        judged(fuzzing::refund(again(), first), first, refunded);
    }
    paid(fuzzing::payment_from_status(&reply).expect("a payment"));
    refunded(fuzzing::refund_from_status(&reply).expect("a refund"));
    asked(&reply);
});

fn head_of(reply: &Reply) {
    let lines = |c: char| matches!(c, '\n' | '\r' | '\t');
    assert!(!reply.json().contains(|c| c < ' ' && !lines(c)), "JSON with raw control characters");
    if let Some(message) = reply.message() {
        assert_shown(&message);
        assert!(message.chars().count() <= 150, "{message}");
        assert!(message.split(' ').all(|word| word.chars().count() <= 40), "{message}");
    }
    if let Some(field) = reply.named_field() {
        assert_shown(field);
        assert!(field.is_ascii() && field.len() <= 64, "{field}");
    }
    if let Some(code) = reply.code() {
        assert_eq!(code.to_string().len(), 7);
    }
    reply.proves();
}

/// Numbers and texts come out with the digits that they came in with.
fn true_to_the_bytes(reply: &Reply) {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(reply.json()).expect("an object");
    for (name, raw) in &members {
        if let Some(amount) = reply.amount(name) {
            let inner = serde_json::from_str::<BTreeMap<String, &RawValue>>(raw.get());
            let value = inner.ok().and_then(|inner| inner.get("value").map(|value| value.get().to_owned()));
            true_amount(amount, value.as_deref().unwrap_or(raw.get()));
        }
        let digits = raw.get().bytes().all(|byte| byte.is_ascii_digit());
        if let Some(text) = reply.text(name)
            && digits
        {
            assert_eq!(text, raw.get(), "{name}");
        }
    }
}

fn true_amount(amount: Amount, raw: &str) {
    let text = serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned());
    // An exponent moves the point; such amounts only must not be refused by a panic.
    if text.contains(['e', 'E']) {
        return;
    }
    let plain = |text: &str| {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        format!("{}.{}", whole.trim_start_matches('0'), decimals.trim_end_matches('0'))
    };
    assert_eq!(plain(&amount.to_string()), plain(&text), "an amount was read as another");
}

/// An answer to a payment or refund: done, or an error that is true about the money.
fn judged<T>(result: Result<T, Error>, first: bool, done: impl FnOnce(T)) {
    match result {
        Ok(result) => done(result),
        Err(error) => {
            assert_shown(error.message());
            assert_ne!(error.outcome(), Outcome::NotSent, "it was sent: {error}");
            assert!(first || error.outcome() == Outcome::Unknown, "a later refusal proves nothing: {error}");
            error.field().inspect(|field| assert_shown(field));
        }
    }
}

/// What C is lent is absent or can be shown.
fn shown(pointer: *const c_char) -> Option<String> {
    // SAFETY: the object that lent it lives until the end of the caller.
    let text = unsafe { lent(pointer) }?;
    assert!(!text.chars().any(char::is_control), "a control character is lent: {text:?}");
    Some(text.to_owned())
}

/// The whole answer in JSON, which may have line ends.
fn whole(pointer: *const c_char) {
    // SAFETY: as in `shown`.
    let json = unsafe { lent(pointer) }.expect("the answer itself is always lent");
    serde_json::from_str::<&RawValue>(json).expect("JSON");
}

fn paid(result: Payment) {
    let handle = fuzzing::payment_handle(result);
    // SAFETY: the handle lives until it is freed at the end.
    unsafe {
        assert_eq!(shown(payment::bayar_payment_partner_reference_no(handle)).as_deref(), Some("INV-0001"));
        assert_eq!(shown(payment::bayar_payment_amount(handle)).as_deref(), Some("10000.00"));
        shown(payment::bayar_payment_external_id(handle)).expect("an id");
        shown(payment::bayar_payment_response_code(handle)).expect("a code");
        shown(payment::bayar_payment_reference_no(handle));
        shown(payment::bayar_payment_valid_up_to(handle));
        if let Some(url) = shown(payment::bayar_payment_redirect_url(handle)) {
            assert!(url.starts_with("http://") || url.starts_with("https://"), "{url}");
        }
        whole(payment::bayar_payment_json(handle));
        payment::bayar_payment_free(handle);
    }
}

fn refunded(result: Refund) {
    let handle = fuzzing::refund_handle(result);
    // SAFETY: the handle lives until it is freed at the end.
    unsafe {
        assert_eq!(shown(refund::bayar_refund_partner_refund_no(handle)).as_deref(), Some("REQ-0001"));
        assert_eq!(shown(refund::bayar_refund_original_partner_reference_no(handle)).as_deref(), Some("INV-0001"));
        assert_eq!(shown(refund::bayar_refund_amount(handle)).as_deref(), Some("10000.00"));
        shown(refund::bayar_refund_external_id(handle)).expect("an id");
        shown(refund::bayar_refund_response_code(handle)).expect("a code");
        shown(refund::bayar_refund_refund_no(handle));
        shown(refund::bayar_refund_original_reference_no(handle));
        shown(refund::bayar_refund_refund_time(handle));
        whole(refund::bayar_refund_json(handle));
        refund::bayar_refund_free(handle);
    }
}

fn asked(reply: &Reply) {
    let [living, dead] = [false, true].map(|dead| fuzzing::status(reply, dead));
    assert!(dead.is_final() || !living.is_final(), "what is final stays final");
    assert!(!living.is_paid() || living.is_final(), "what is paid is final");
    let handle = fuzzing::status_handle(dead);
    // SAFETY: the handle lives until it is freed at the end.
    unsafe {
        let state = status::bayar_status_transaction_status(handle);
        assert!((-1..=7).contains(&state), "{state}");
        assert_eq!(status::bayar_status_is_paid(handle), i32::from(state == 0));
        status::bayar_status_is_final(handle);
        shown(status::bayar_status_response_code(handle)).expect("a code");
        for read in [
            status::bayar_status_original_partner_reference_no,
            status::bayar_status_original_reference_no,
            status::bayar_status_transaction_status_desc,
            status::bayar_status_paid_time,
            status::bayar_status_approval_code,
            status::bayar_status_original_external_id,
        ] {
            shown(read(handle));
        }
        for read in [status::bayar_status_amount, status::bayar_status_fee] {
            amount(read(handle));
        }
        whole(status::bayar_status_json(handle));
        let count = status::bayar_status_refund_count(handle);
        assert!(count == 0 || status::bayar_status_has_refund_history(handle) == 1);
        for index in [0, 1, count.saturating_sub(1), count, usize::MAX] {
            let state = status::bayar_status_refund_status(handle, index);
            assert!([-1, 0, 3, 6].contains(&state) && (index < count || state == -1), "{state}");
            for read in [
                status::bayar_status_refund_partner_refund_no,
                status::bayar_status_refund_refund_no,
                status::bayar_status_refund_date,
                status::bayar_status_refund_reason,
            ] {
                assert!(shown(read(handle, index)).is_none() || index < count);
            }
            amount(status::bayar_status_refund_amount(handle, index));
        }
        status::bayar_status_free(handle);
    }
}

/// An amount that C is lent can be given back to the library.
fn amount(pointer: *const c_char) {
    if let Some(text) = shown(pointer) {
        assert_eq!(fuzzing::amount_in_answer(&text).map(|amount| amount.to_string()), Some(text));
    }
}
