//! The route at which DOKU says what became of a payment. The input is a request, see `src/routes.rs`. What is believed was
//! signed by the target, with a token that lives and for a moment that is near.
#![no_main]

use bayar::{Delivery, Kind};
use bayar_fuzz::routes::{Heard, LARGEST_BODY, Shop, check, heard};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;

fuzz_target!(|input: &[u8]| -> Corpus { if heard(input, tell) { Corpus::Keep } else { Corpus::Reject } });

fn tell(shop: &Shop, request: &Heard<'_>) {
    let Heard { method, headers, body, signatures, incoming } = request;
    let mut delivery = shop.client.notification(incoming).expect("an answer");
    check(delivery.answer(), "56");
    assert!(!delivery.answer().is_accepted(), "nobody has decided");
    let Some(said) = delivery.notification() else {
        refused(shop, &mut delivery);
        return;
    };
    assert!(*method == "POST" && body.len() <= LARGEST_BODY);
    assert!(signatures.contains(&headers.only("X-SIGNATURE")), "it was not signed");
    let bearer = headers.only("Authorization");
    let token = bearer.split_once(' ').map(|(_, token)| token.trim());
    assert_eq!(token, Some(shop.token.as_str()), "another token was taken");
    // Its own meaning is read by the parser of timestamps, which has a target of its own.
    assert_ne!(headers.only("X-TIMESTAMP"), shop.then, "it is an hour old");
    let read: Value = serde_json::from_slice(body).expect("JSON");
    let reference = said.original_partner_reference_no();
    // Of a number only that it is one: an exponent is written out.
    let number = |value: &Value| value.is_number() && reference.parse::<f64>().is_ok();
    let same = |value: &Value| value.as_str() == Some(reference) || number(value);
    assert!(same(&read["originalPartnerReferenceNo"]), "{reference}");
    assert!(!reference.is_empty() && !reference.contains(char::is_control));
    assert!(said.key().starts_with(reference) && !said.key().contains(char::is_control), "{:?}", said.key());
    // White space around it is none of it.
    assert_eq!(said.json().as_bytes(), body.trim_ascii());
    let words = [said.original_reference_no(), said.original_external_id(), said.transaction_status_desc()];
    for text in words.into_iter().chain([said.channel(), said.created_time(), said.finished_time()]).flatten() {
        assert!(!text.contains(char::is_control), "{text:?}");
    }
    if said.is_paid() {
        assert!(["00", "0"].iter().any(|paid| read["latestTransactionStatus"].to_string().contains(paid)));
    }
    shop.client.acknowledge(&mut delivery).expect("a journal in memory");
    assert_eq!(check(delivery.answer(), "56")["responseCode"], "2005600");
    let again = shop.client.notification(incoming).expect("an answer");
    assert_eq!(again.order(), bayar::DeliveryOrder::Repeat);
}

fn refused(shop: &Shop, delivery: &mut Delivery) {
    let before = delivery.answer().body().to_owned();
    // The journal is in memory: nothing of the library's own can have gone wrong.
    assert!((400..500).contains(&delivery.answer().status()), "{}", delivery.answer().reason());
    for decided in [shop.client.acknowledge(delivery), shop.client.reject_unknown(delivery)] {
        assert_eq!(decided.expect_err("nothing to decide").kind(), Kind::InvalidArgument);
    }
    assert_eq!(delivery.answer().body(), before);
    assert!(delivery.status_instead().is_none() && delivery.mismatch().is_none() && !delivery.is_known());
}
