//! What goes over the wire, to the byte, by the shared vectors.

use super::*;

fn compare(case: &Value, sent: &Sent) -> std::result::Result<(), String> {
    let expect = |what: &str, ours: &str, theirs: &str| match ours == theirs {
        true => Ok(()),
        false => Err(format!("{what} is\n  {ours}\nand should be\n  {theirs}")),
    };
    expect("the path", &sent.path, case["path"].as_str().unwrap())?;
    expect("the body", &sent.body, case["body"].as_str().unwrap())?;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let headers: Vec<(String, String)> =
        case["headers"].as_array().unwrap().iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect();
    let names = |list: &[(String, String)]| list.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(", ");
    expect("the list of headers", &names(&sent.headers), &names(&headers))?;
    for ((name, ours), (_, theirs)) in sent.headers.iter().zip(&headers) {
        if name == "X-EXTERNAL-ID" && case["external_id_is"] == "given" {
            // The signature does not cover the id, so all the rest can be compared; ours is 32 digits.
            assert!(ours.len() == 32 && ours.bytes().all(|byte| byte.is_ascii_digit()), "{ours}");
        } else {
            expect(name, ours, theirs)?;
        }
    }
    Ok(())
}

fn stage(case: &Value) -> Stage {
    let stage = Stage::hurried(&settings_of(case), clock_of(case), case["token"].as_str().unwrap_or("t"));
    stage.script.next(500, "{}");
    stage
}

#[test]
fn payments_are_sent_to_the_byte_as_the_vectors_say() {
    walk(&cases("payment.json"), |case| {
        let stage = stage(case);
        let request = payment_request(case["request"].as_object().unwrap()).map_err(|error| error.to_string())?;
        let answer = stage.client.pay(&request);
        let sent = stage.script.asked();
        compare(case, sent.first().ok_or_else(|| format!("nothing was sent: {answer:?}"))?)
    });
}

#[test]
fn refunds_are_sent_to_the_byte_as_the_vectors_say() {
    walk(&cases("refund.json"), |case| {
        let stage = stage(case);
        let request = refund_request(case["request"].as_object().unwrap()).map_err(|error| error.to_string())?;
        let answer = stage.client.refund(&request);
        let sent = stage.script.asked();
        compare(case, sent.first().ok_or_else(|| format!("nothing was sent: {answer:?}"))?)
    });
}

#[test]
fn status_inquiries_are_sent_to_the_byte_as_the_vectors_say() {
    walk(&cases("status.json"), |case| {
        let stage = stage(case);
        let _ = stage.client.status(case["request"]["original_partner_reference_no"].as_str().unwrap());
        compare(case, stage.script.asked().first().unwrap())
    });
}

#[test]
fn token_requests_are_sent_to_the_byte_as_the_vectors_say() {
    walk(&cases("token.json"), |case| {
        let stage = stage(case);
        stage.client.warm_up().unwrap();
        compare(case, stage.script.sent().first().unwrap())
    });
}

#[test]
fn first_external_ids_are_derived_as_the_vectors_say() {
    use crate::snap::external_id::{Derivation, Operation};
    walk(&cases("external_id.json"), |case| {
        let text = |name: &str| case[name].as_str().unwrap();
        let derivation = Derivation::new(text("client_secret").as_bytes(), text("environment"), text("client_id"));
        let operation = if text("kind") == "payment" { Operation::Payment } else { Operation::Refund };
        let reference = crate::Reference::parse("reference", text("reference")).map_err(|error| error.to_string())?;
        let amount = crate::Amount::parse(text("amount")).map_err(|error| error.to_string())?;
        let id = derivation.first(operation, &reference, amount);
        if id.as_str() == text("external_id") { Ok(()) } else { Err(format!("the id is {id}")) }
    });
}
