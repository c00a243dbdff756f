//! Bad input is refused with the field named and nothing sent; good input is not.

use super::*;

/// What becomes of a case's request, and how many requests were sent.
fn attempt(case: &Value) -> (Result<()>, usize) {
    let stage = Stage::hurried(&settings_of(case), clock_of(case), "t");
    stage.script.next(500, "{}");
    let request = case["request"].as_object().unwrap();
    let sent = |result| (result, stage.script.sent().len());
    match case["operation"].as_str().unwrap() {
        "payment" => match payment_request(request) {
            Err(error) => sent(Err(error)),
            Ok(request) => sent(stage.client.pay(&request).map(|_| ())),
        },
        "refund" => match refund_request(request) {
            Err(error) => sent(Err(error)),
            Ok(request) => sent(stage.client.refund(&request).map(|_| ())),
        },
        "status" => {
            let reference = request["original_partner_reference_no"].as_str().unwrap();
            sent(stage.client.status(reference).map(|_| ()))
        }
        other => panic!("unknown operation {other}"),
    }
}

#[test]
fn bad_input_is_refused_with_its_field_and_nothing_is_sent() {
    walk(&cases("bad_input.json"), |case| {
        let (result, sent) = attempt(case);
        let error = result.err().ok_or("it was accepted")?;
        if sent != 0 {
            return Err(format!("{sent} requests were sent; {error:?}"));
        }
        assert_eq!(error.kind(), crate::Kind::InvalidArgument, "{error:?}");
        assert_eq!(error.outcome(), crate::Outcome::NotSent, "{error:?}");
        assert!(error.message().ends_with('.') && error.message().len() > 20, "{error:?}");
        assert!(!error.message().chars().any(char::is_control), "{error:?}");
        let field = case["field"].as_str().unwrap();
        if error.field() == Some(field) { Ok(()) } else { Err(format!("the field is {:?}", error.field())) }
    });
}

#[test]
fn good_input_is_sent() {
    walk(&cases("good_input.json"), |case| match attempt(case) {
        (_, 2..) => Ok(()),
        (result, _) => Err(format!("it was refused: {result:?}")),
    });
}
