//! Servers that repeat what they were sent: the token, the signatures, all headers, whole and in pieces, in every part of
//! an answer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

use crate::house;
use crate::mirror::{self, Answer, Asked, Mirror, TOKEN, http};
use crate::recorder;
use crate::witness::{Witness, percent_encoded};

/// What is made of a request, with a name for the row.
type Named<T> = (&'static str, fn(&Asked) -> T);

/// A refusal in DOKU's form with these words.
fn refused(code: &'static str, words: impl Fn(&Asked) -> String + Send + Sync + 'static) -> Arc<Answer> {
    let status = format!("{} No", &code[..3]);
    Arc::new(move |asked| mirror::json(&status, &json!({"responseCode": code, "responseMessage": words(asked)})))
}

/// A success that fits what was asked, with more in it.
fn success(more: impl Fn(&Asked) -> Value + Send + Sync + 'static) -> Arc<Answer> {
    Arc::new(move |asked| {
        let amount =
            json!({"value": if asked.head.contains("/refund") { "1000.00" } else { "10000.00" }, "currency": "IDR"});
        let mut answer = json!({
            "responseCode": "2005400",
            "responseMessage": "Successful",
            "partnerReferenceNo": "INV-1",
            "originalPartnerReferenceNo": "INV-1",
            "partnerRefundNo": asked.member("partnerRefundNo"),
            "referenceNo": "D-1",
            "webRedirectUrl": "https://doku.example/link/1",
            "refundNo": "DR-1",
            "refundAmount": amount,
            "latestTransactionStatus": "00",
        });
        if let (Value::Object(answer), Value::Object(more)) = (&mut answer, more(asked)) {
            answer.extend(more);
        }
        mirror::json("200 OK", &answer)
    })
}

/// Writes a body's JSON as PHP and Java's Gson do, with more escapes than it needs.
fn escaped(answer: Arc<Answer>) -> Arc<Answer> {
    Arc::new(move |asked| {
        let answer = String::from_utf8(answer(asked)).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let body = body.replace('/', "\\/").replace('=', "\\u003d").replace('+', "\\u002B");
        let kept: Vec<&str> = head.lines().skip(1).filter(|line| line.starts_with("Content-Type")).collect();
        http(&head.lines().next().unwrap()[9..], &format!("{}\r\n", kept.join("")), &body)
    })
}

fn is_for_token(asked: &Asked) -> bool {
    asked.header("Authorization").is_empty()
}

/// What the caller sent in secret: the token, or the signature where there was no token.
fn secret_of(asked: &Asked) -> String {
    if is_for_token(asked) { asked.header("X-SIGNATURE").to_owned() } else { asked.token().to_owned() }
}

/// Answers for every kind of request.
fn answers() -> Vec<(&'static str, Arc<Answer>)> {
    let words: [Named<String>; 13] = [
        ("the headers", |asked| format!("Bad request: {}", asked.headers())),
        ("the headers, nothing else", Asked::headers),
        ("the secret", |asked| format!("Invalid {}", secret_of(asked))),
        ("the secret in brackets", |asked| format!("Invalid [{}], try again", secret_of(asked))),
        ("the secret without a space", |asked| format!("token={}.", secret_of(asked))),
        ("a mandatory field", |asked| format!("Invalid Mandatory Field {}", secret_of(asked))),
        ("a field's format", |asked| format!("Invalid Field Format {{{}}}", &secret_of(asked)[..20])),
        ("a piece from the middle", |asked| format!("Unauthorized. {}...", &secret_of(asked)[7..23])),
        ("a piece of the signature", |asked| format!("Unauthorized. {}...", &asked.header("X-SIGNATURE")[3..27])),
        ("the secret after a long text", |asked| format!("{} {}", "x".repeat(2_000), secret_of(asked))),
        ("the signature percent-encoded", |asked| percent_encoded(asked.header("X-SIGNATURE"))),
        ("the secret in base64", |asked| STANDARD.encode(secret_of(asked))),
        ("the client secret", |asked| format!("{} is not {}", secret_of(asked), house::CLIENT_SECRET)),
    ];
    let codes = ["4005402", "4015400", "4015401", "4035405", "4045401", "4095400", "4295400", "5005400", "2025400"];
    let mut answers: Vec<(&'static str, Arc<Answer>)> = Vec::new();
    for (index, (name, words)) in words.into_iter().enumerate() {
        answers.push((name, refused(codes[index % codes.len()], words)));
        answers.push((name, escaped(refused(codes[(index + 4) % codes.len()], words))));
    }
    let raw: [Named<Vec<u8>>; 13] = [
        ("a web page", |asked| http("502 Bad", "Content-Type: text/html\r\n", &format!("<p>{}</p>", asked.headers()))),
        ("a good web page", |asked| http("200 OK", "Content-Type: text/html\r\n", &secret_of(asked))),
        ("a redirect", |asked| http("302 Found", &format!("Location: /login?t={}\r\n", secret_of(asked)), "")),
        ("a redirect elsewhere", |asked| {
            http("307 Go", &format!("Location: https://{}.example/\r\n", percent_encoded(&secret_of(asked))), "")
        }),
        ("a reason", |asked| http(&format!("400 {}", secret_of(asked)), "", "")),
        ("headers", |asked| {
            let secret = secret_of(asked);
            // Not Date, Server or Content-Type: ureq writes those of the answer into its records of level debug.
            let headers = ["Retry-After", "X-Token", "Set-Cookie", "WWW-Authenticate", "Location"];
            http("429 No", &headers.map(|name| format!("{name}: {secret}\r\n")).concat(), "{}")
        }),
        ("all headers in one", |asked| format!("HTTP/1.1 200 OK\r\nX-Echo: {}\r\n\r\n", asked.headers()).into_bytes()),
        ("a header that is none", |asked| format!("HTTP/1.1 200 OK\r\n{}\r\n\r\n", asked.token()).into_bytes()),
        ("no HTTP", |asked| format!("{}\r\n\r\n", secret_of(asked)).into_bytes()),
        ("half an answer", |asked| {
            format!("HTTP/1.1 400 No\r\nContent-Length: 9999\r\n\r\n{{\"responseMessage\":\"{}", secret_of(asked))
                .into()
        }),
        ("a text", |asked| http("200 OK", "Content-Type: text/plain\r\n", &asked.headers())),
        ("a JSON text", |asked| {
            http("200 OK", "Content-Type: application/json\r\n", &format!("{:?}", secret_of(asked)))
        }),
        ("a code", |asked| {
            mirror::json("400 No", &json!({"responseCode": secret_of(asked), "responseMessage": [secret_of(asked)]}))
        }),
    ];
    answers.extend(raw.map(|(name, answer)| (name, Arc::new(answer) as Arc<Answer>)));
    answers
}

/// Answers to all but token requests.
fn successes() -> Vec<(&'static str, Arc<Answer>)> {
    let more: [Named<Value>; 9] = [
        ("the headers in a member", |asked| json!({"debug": {"headers": [asked.headers()]}})),
        ("the token in DOKU's words", |asked| json!({"responseMessage": format!("Successful {}", asked.token())})),
        (
            "a piece in DOKU's words",
            |asked| json!({"responseMessage": format!("Successful {}…", &asked.token()[..15])}),
        ),
        ("the token as a name", |asked| json!({asked.token(): true})),
        ("the token as a reference", |asked| json!({"referenceNo": asked.token(), "refundNo": asked.token()})),
        (
            "the token as an echo",
            |asked| json!({"partnerReferenceNo": asked.token(), "originalPartnerReferenceNo": asked.token()}),
        ),
        (
            "the token as an amount",
            |asked| json!({"refundAmount": {"value": asked.token(), "currency": asked.token()}, "amount": asked.token()}),
        ),
        (
            "the token in a link that is none",
            |asked| json!({"webRedirectUrl": format!("gopher://x/{}", asked.token())}),
        ),
        ("the token in a status", |asked| {
            json!({
                "transactionStatusDesc": asked.token(),
                "approvalCode": asked.header("X-SIGNATURE"),
                "refundHistory": [{"partnerRefundNo": asked.token(), "reason": asked.headers()}],
            })
        }),
    ];
    more.into_iter().flat_map(|(name, more)| [(name, success(more)), (name, escaped(success(more)))]).collect()
}

/// Answers to token requests that grant none that can be used, or one more than it should.
fn grants() -> Vec<(&'static str, Arc<Answer>)> {
    let bodies: [(&str, Value); 4] = [
        ("a token that is none", json!({"accessToken": format!("{TOKEN} {TOKEN}"), "responseMessage": TOKEN})),
        (
            "a token with a code of its own",
            json!({"accessToken": TOKEN, "responseCode": TOKEN, "responseMessage": TOKEN}),
        ),
        ("a token in a list", json!({"accessToken": [TOKEN], "responseCode": "2007300"})),
        (
            "a token inside a refusal",
            json!({"accessToken": TOKEN, "responseCode": "4017300", "responseMessage": TOKEN}),
        ),
    ];
    let mut grants: Vec<(&'static str, Arc<Answer>)> = Vec::new();
    for (name, body) in bodies {
        for status in ["200 OK", "401 No", "201 Created"] {
            let body = body.clone();
            grants.push((name, Arc::new(move |_: &Asked| mirror::json(status, &body))));
        }
    }
    grants
}

/// One server, one client, every call.
fn meet(name: &str, token: Option<Arc<Answer>>, other: Arc<Answer>) -> (Witness, usize) {
    let mirror = Mirror::start(token, other);
    let mut witness = house::witness();
    let config = house::config(&format!("http://127.0.0.1:{}", mirror.port()));
    let client = house::client(&mut witness, name, &config).unwrap();
    let failed = house::call_everything(&mut witness, name, &client);
    witness.keep("the token", TOKEN);
    for asked in mirror.asked() {
        witness.keep("a signature", asked.header("X-SIGNATURE"));
    }
    (witness, failed)
}

/// Walks all rows, several at a time for most of their time is waiting.
fn walk(rows: Vec<(&'static str, Arc<Answer>)>, meet: impl Fn(&str, Arc<Answer>) -> (Witness, usize) + Sync) -> usize {
    let rows = Mutex::new(rows.into_iter());
    let leaks = Mutex::new(Vec::new());
    let failed = Mutex::new(0);
    let all = Mutex::new(house::witness());
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                loop {
                    let row = rows.lock().unwrap().next();
                    let Some((name, answer)) = row else { return };
                    let (witness, failures) = meet(name, answer);
                    all.lock().unwrap().learn_from(&witness);
                    leaks.lock().unwrap().extend(witness.leaks());
                    *failed.lock().unwrap() += failures;
                }
            });
        }
    });
    let mut all = all.into_inner().unwrap();
    recorder::records().iter().for_each(|record| all.hear("the log crate", record));
    let leaks = [leaks.into_inner().unwrap(), all.leaks()].concat();
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
    assert!(recorder::records().iter().any(|record| record.contains("ureq")), "the recorder is deaf");
    failed.into_inner().unwrap()
}

#[test]
fn what_a_server_repeats_in_a_refusal_is_not_shown() {
    let failed = walk(answers(), |name, answer| meet(name, None, answer));
    assert!(failed >= 6 * answers().len(), "all but the token is refused, but {failed} calls failed");
}

#[test]
fn what_a_server_repeats_in_the_answer_to_a_token_request_is_not_shown() {
    let rows = [answers(), grants()].concat();
    let failed = walk(rows, |name, answer| meet(name, Some(answer), success(|_| json!({}))));
    assert!(failed >= 7 * answers().len(), "without a token nothing goes, but {failed} calls failed");
}

#[test]
fn what_a_server_repeats_in_a_success_is_not_shown() {
    walk(successes(), |name, answer| meet(name, None, answer));
}
