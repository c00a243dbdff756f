//! The route at which DOKU asks the merchant for a token. The input is a request, see `src/routes.rs`. A token is given only
//! for DOKU's signature over this very client and moment, and the other route then takes it.
#![no_main]

use bayar_fuzz::routes::{CLIENT, Heard, LARGEST_BODY, Shop, check, heard, token_of};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;

const PAID: &[u8] = br#"{"originalPartnerReferenceNo":"INV-0001","latestTransactionStatus":"00"}"#;

fuzz_target!(|input: &[u8]| -> Corpus { if heard(input, ask) { Corpus::Keep } else { Corpus::Reject } });

fn ask(shop: &Shop, request: &Heard<'_>) {
    let answer = shop.client.webhook_token(&request.incoming).expect("an answer");
    let said = check(&answer, "73");
    let token = token_of(&answer);
    assert_eq!(answer.is_accepted(), token.is_some());
    let Some(token) = token else { return };
    let Heard { method, headers, body, .. } = request;
    assert!(*method == "POST" && body.len() <= LARGEST_BODY);
    assert_eq!(headers.only("X-CLIENT-KEY"), CLIENT);
    assert_eq!(headers.only("X-TIMESTAMP"), shop.now, "it was signed for this moment");
    assert_eq!(headers.only("X-SIGNATURE"), shop.rsa);
    let read: Value = serde_json::from_slice(body).expect("JSON");
    assert_eq!(read["grantType"], "client_credentials");
    assert_eq!((said["expiresIn"].as_i64(), said["tokenType"].as_str()), (Some(900), Some("Bearer")));
    let delivery = shop.client.notification(&shop.genuine(&token, PAID)).expect("an answer");
    assert!(delivery.notification().is_some(), "the token is not taken: {}", delivery.answer().reason());
}
