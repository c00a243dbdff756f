//! The shared vectors (`tests/vectors/`) through PHP: signatures, requests to the byte, answers and their meaning, bad input.

use bayar_sandbox::{Options, Sandbox, TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PRIVATE_KEY_PEM};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::doku;
use crate::driver::{Came, Driver};
use crate::keys;
use crate::tool::repository;

const DEAD_ADDRESS: &str = "http://127.0.0.1:1";

fn cases(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(repository(format!("tests/vectors/{name}.json"))).unwrap();
    let vectors: Value = serde_json::from_str(&text).unwrap();
    vectors["cases"].as_array().unwrap().clone()
}

/// Walks all cases before failing; each gives what is wrong with it.
fn walk(cases: &[Value], mut judge: impl FnMut(&Value) -> Option<String>) {
    let wrong: Vec<String> =
        cases.iter().filter_map(|case| judge(case).map(|why| format!("{}: {why}", case["name"]))).collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn expect(found: &Came, expected: impl Into<Value>) -> Option<String> {
    let expected = Ok(expected.into());
    (*found != expected).then(|| format!("{found:?} instead of {expected:?}"))
}

#[test]
fn signatures_agree_with_the_shared_vectors() {
    let mut php = Driver::start();
    let mut walked = 0;
    walk(&cases("signature"), |case| {
        let request = || {
            let members = ["method", "path", "token", "body", "timestamp"].map(|name| case[name].clone());
            members.to_vec()
        };
        let with_secret = || [vec![case["client_secret"].clone()], request()].concat();
        let kind = case["kind"].as_str().unwrap();
        walked += 1;
        match kind {
            "symmetric" => expect(&php.sign("signRequest", json!(with_secret())), case["signature"].clone())
                .or(expect(&php.sign("stringToSign", json!(request())), case["string_to_sign"].clone())),
            "symmetric_verify" => {
                let arguments = [with_secret(), vec![case["signature"].clone()]].concat();
                expect(&php.sign("verifyRequest", json!(arguments)), case["valid"].clone())
            }
            "asymmetric" => {
                let arguments = json!([case["private_key_pem"], null, case["client_id"], case["timestamp"]]);
                let public = keys::public_of(case["private_key_pem"].as_str().unwrap());
                let verified = json!([public, case["client_id"], case["timestamp"], case["signature"]]);
                expect(&php.sign("signTokenRequest", arguments), case["signature"].clone())
                    .or(expect(&php.sign("verifyTokenRequest", verified), true))
            }
            "asymmetric_verify" => {
                let arguments =
                    ["public_key_pem", "client_id", "timestamp", "signature"].map(|name| case[name].clone());
                expect(&php.sign("verifyTokenRequest", json!(arguments)), case["valid"].clone())
            }
            // There is no HMAC over a given string in the C library.
            "symmetric_string" => None,
            _ => Some("is of an unknown kind".to_owned()),
        }
    });
    walk(&cases("minify"), |case| expect(&php.sign("minify", json!([case["input"]])), case["minified"].clone()));
    assert!(walked > 20, "{walked}");
}

/// A name of the C library as PHP has it.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap().to_owned();
    words.fold(first, |all, word| all + &word[..1].to_uppercase() + &word[1..])
}

fn option(name: &str) -> String {
    match name {
        "partner_reference_no" => "reference".to_owned(),
        "original_partner_reference_no" => "paymentReference".to_owned(),
        "partner_refund_no" => "refundReference".to_owned(),
        "original_external_id" => "paymentExternalId".to_owned(),
        "extra_json" => "extra".to_owned(),
        other => camel(other),
    }
}

fn client(php: &mut Driver, base_url: &str, case: &Value, others: &[(&str, &str)]) {
    let given = |name: &str, test: &str| case[name].as_str().unwrap_or(test).to_owned();
    let (environment, id) = (given("environment", "sandbox"), given("client_id", TEST_CLIENT_ID));
    let secret = given("client_secret", TEST_CLIENT_SECRET);
    let mut settings = vec![
        ("environment", environment.as_str()),
        ("client_id", &id),
        ("client_secret", &secret),
        ("private_key", TEST_PRIVATE_KEY_PEM),
        ("base_url", base_url),
    ];
    settings.extend_from_slice(others);
    let of_case: Vec<(String, String)> = case["settings"].as_object().map_or(vec![], |settings| {
        let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
        settings.iter().map(|(name, value)| (name.clone(), text(value))).collect()
    });
    settings.extend(of_case.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    php.client(&settings);
}

fn request(php: &mut Driver, case: &Value) -> Came {
    let request = case["request"].as_object().unwrap();
    let operation = case["operation"].as_str().unwrap();
    if operation == "status" {
        return php.call("status", json!([request["original_partner_reference_no"]]));
    }
    let options: serde_json::Map<String, Value> =
        request.iter().map(|(name, value)| (option(name), value.clone())).collect();
    php.call(if operation == "payment" { "pay" } else { "refund" }, json!([options]))
}

/// The end of a link that lies behind the real clock is refused, rightly.
fn is_past(case: &Value) -> bool {
    case["request"]["valid_up_to"].as_str().is_some_and(|end| end < "2090")
}

#[test]
fn bad_input_of_the_shared_vectors_is_refused_with_its_field() {
    let mut php = Driver::start();
    let bad: Vec<Value> = cases("bad_input").into_iter().filter(|case| case["needs_clock"] != true).collect();
    assert!(bad.iter().any(|case| case["has_nul"] == true), "PHP is tried with NULs too");
    walk(&bad, |case| {
        client(&mut php, DEAD_ADDRESS, case, &[]);
        let came = request(&mut php, case);
        let Err(failed) = &came else { return Some(format!("{came:?}")) };
        let field = option(case["field"].as_str().unwrap());
        let fits = failed["class"] == "InvalidArgumentException" && failed["outcome"] == 1 && failed["field"] == field;
        (!fits).then(|| format!("{failed}, not {field}"))
    });
}

#[test]
fn good_input_of_the_shared_vectors_is_accepted() {
    let mut php = Driver::start();
    let good: Vec<Value> =
        cases("good_input").into_iter().filter(|case| case["needs_clock"] != true && !is_past(case)).collect();
    assert!(good.len() > 40, "{}", good.len());
    walk(&good, |case| {
        client(&mut php, DEAD_ADDRESS, case, &[]);
        let came = request(&mut php, case);
        // It was about to be sent, and nobody listens there.
        (came.as_ref().err().is_none_or(|failed| failed["code"] != 302)).then(|| format!("{came:?}"))
    });
}

/// With the year of the link's end put off, for the library's clock is the real one.
fn put_off(text: &str) -> String {
    let mut put_off = text.to_owned();
    for name in ["\"validUpTo\":\"", "\"validUpto\":\""] {
        if let Some(at) = put_off.find(name) {
            put_off.replace_range(at + name.len()..at + name.len() + 4, "2098");
        }
    }
    put_off
}

/// Without the link's end, where it was not given and so is reckoned from now.
fn without_end(body: &str) -> String {
    let mut body: String = body.to_owned();
    for name in ["\"validUpTo\":\"", "\"validUpto\":\""] {
        if let Some(at) = body.find(name) {
            body.replace_range(at + name.len()..at + name.len() + 25, "");
        }
    }
    body
}

#[test]
fn requests_arrive_as_the_shared_vectors_say_byte_for_byte() {
    let mut php = Driver::start();
    let mut walked = 0;
    for operation in ["payment", "refund", "status"] {
        walk(&cases(operation), |case| {
            let mut case = case.clone();
            case["operation"] = operation.into();
            if let Some(end) = case["request"].get_mut("valid_up_to") {
                *end = format!("2098{}", &end.as_str().unwrap()[4..]).into();
            }
            let text = |name: &str| case[name].as_str().unwrap().to_owned();
            let sandbox = Sandbox::start(Options {
                client_id: text("client_id"),
                client_secret: text("client_secret"),
                tls: false,
                ..Options::default()
            })
            .unwrap();
            client(&mut php, &sandbox.base_url(), &case, &[]);
            drop(request(&mut php, &case));
            let seen = sandbox.seen();
            let arrived = seen.iter().find(|request| request.path == text("path"));
            let Some(arrived) = arrived else { return Some("did not arrive".to_owned()) };
            let body = String::from_utf8(arrived.body.clone()).unwrap();
            let (found, expected) = match case["request"].get("valid_up_to") {
                Some(_) => (body.clone(), put_off(&text("body"))),
                None => (without_end(&body), without_end(&text("body"))),
            };
            if found != expected {
                return Some(format!("{found}\ninstead of\n{expected}"));
            }
            for header in case["headers"].as_array().unwrap() {
                let (name, value) = (header[0].as_str().unwrap(), header[1].as_str());
                let is_ours = matches!(name, "X-TIMESTAMP" | "X-SIGNATURE" | "Authorization")
                    || name == "X-EXTERNAL-ID" && case["external_id_is"] != "derived";
                if !is_ours && arrived.header(name) != value || arrived.header(name).is_none() {
                    return Some(format!("{name}: {:?} instead of {value:?}", arrived.header(name)));
                }
            }
            let token = arrived.header("Authorization").unwrap().trim_start_matches("Bearer ");
            let timestamp = arrived.header("X-TIMESTAMP").unwrap();
            let signature = doku::signature(&text("client_secret"), &text("path"), token, body.as_bytes(), timestamp);
            walked += 1;
            (arrived.header("X-SIGNATURE") != Some(signature.as_str())).then(|| "another signature".to_owned())
        });
    }
    assert_eq!(walked, cases("payment").len() + cases("refund").len() + cases("status").len());
}

/// Gives tokens, and to everything else the one answer that it is told to give; to a status inquiry about something else that it
/// does not know.
struct Parrot {
    address: String,
    says: Arc<Mutex<(String, u16, String)>>,
}

impl Parrot {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let says = Arc::new(Mutex::new((String::new(), 0, String::new())));
        let shared = Arc::clone(&says);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, says) = (stream.unwrap(), Arc::clone(&shared));
                std::thread::spawn(move || while Self::answer(&stream, &says).is_some() {});
            }
        });
        Self { address, says }
    }

    fn answer(stream: &TcpStream, says: &Mutex<(String, u16, String)>) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let (mut first, mut length) = (String::new(), 0);
        reader.read_line(&mut first).ok().filter(|count| *count > 0)?;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let (path, status, body) = says.lock().ok()?.clone();
        let (status, body) = if first.contains("access-token") {
            let token = r#"{"responseCode":"2007300","responseMessage":"Successful","accessToken":"t","tokenType":"Bearer","expiresIn":900}"#;
            (200, token.to_owned())
        } else if first.contains(&path) {
            (status, body)
        } else {
            (500, r#"{"responseCode":"5005500","responseMessage":"General Error"}"#.to_owned())
        };
        let head =
            format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        (&mut &*stream).write_all((head + &body).as_bytes()).ok()
    }
}

#[test]
fn answers_mean_what_the_shared_vectors_say() {
    let (mut php, parrot) = (Driver::start(), Parrot::start());
    let mut number = 0;
    // PHP does not see a token.
    let all: Vec<Value> = cases("answers").into_iter().filter(|case| case["operation"] != "token").collect();
    assert!(all.len() > 300, "{}", all.len());
    walk(&all, |case| {
        let text = |name: &str| case[name].as_str().unwrap();
        let sent = |name: &str| case["sent"][name].clone();
        let path = match text("operation") {
            "payment" => "payment-host-to-host",
            "refund" => "/refund",
            _ => "/status",
        };
        let status = u16::try_from(case["http_status"].as_u64().unwrap()).unwrap();
        *parrot.says.lock().unwrap() = (path.to_owned(), status, text("body").to_owned());
        // A client of its own for each, that remembers nothing.
        number += 1;
        let timeout = (10_000 + number).to_string();
        client(&mut php, &parrot.address, case, &[("timeout_ms", &timeout), ("return_url", "https://shop.example/")]);
        let came = match text("operation") {
            "payment" => {
                php.call("pay", json!([{"reference": sent("partner_reference_no"), "amount": sent("amount")}]))
            }
            "refund" => php.call(
                "refund",
                json!([{"paymentReference": sent("original_partner_reference_no"),
                "amount": sent("amount"), "refundReference": sent("partner_refund_no")}]),
            ),
            _ => php.call("status", json!([sent("original_partner_reference_no")])),
        };
        judge_answer(case, &came)
    });
}

fn judge_answer(case: &Value, came: &Came) -> Option<String> {
    let meaning = case["meaning"].as_str().unwrap();
    let outcome = |expected: i64| match came {
        Err(failed) if failed["outcome"] == expected => None,
        _ => Some(format!("{meaning}, and PHP told {came:?}")),
    };
    match (case["operation"].as_str().unwrap(), meaning) {
        (operation, "done") => match came {
            Ok(gave) => differing(operation, gave, case["fields"].as_object().unwrap()),
            Err(failed) => Some(format!("done, and PHP told {failed}")),
        },
        // A failed question proves nothing.
        ("status", _) => outcome(3),
        (_, "refused") => outcome(2),
        (_, "retry_later") => outcome(2)
            .or_else(|| (came.as_ref().unwrap_err()["class"] != "TryLaterException").then(|| format!("{came:?}"))),
        // It is always this answer, so that no new token helps.
        (_, "renew_token") => outcome(2),
        (_, "unknown" | "ask_status" | "in_progress") => outcome(3),
        _ => Some(format!("has the unknown meaning {meaning}")),
    }
}

/// The members that PHP shows under a name of its own; null is one that DOKU did not give.
fn differing(operation: &str, gave: &Value, fields: &serde_json::Map<String, Value>) -> Option<String> {
    fields.iter().find_map(|(name, expected)| {
        let here = match (operation, name.as_str()) {
            ("payment", "partner_reference_no") => "reference",
            ("status", "original_partner_reference_no") => "reference",
            ("refund", "original_partner_reference_no") => "paymentReference",
            ("refund", "partner_refund_no") => "refundReference",
            ("refund" | "status", "original_reference_no") => "referenceNo",
            ("status", "transaction_status_desc") => "description",
            ("status", "original_external_id") => "externalId",
            ("status", "transaction_status") => {
                let found = gave["transactionStatus"].as_i64().unwrap();
                let expected =
                    expected.as_str().and_then(|digits| digits.parse().ok()).filter(|code| *code <= 7).unwrap_or(-1);
                return (found != expected).then(|| format!("transactionStatus {found} instead of {expected}"));
            }
            (
                _,
                "redirect_url" | "reference_no" | "response_code" | "refund_no" | "refund_time" | "paid_time"
                | "amount",
            ) => &camel(name),
            // The core's own reading of what PHP does not show by itself.
            _ => return None,
        };
        let echo = matches!(here, "reference" | "paymentReference" | "refundReference") && expected.is_null();
        (!echo && gave[here] != *expected).then(|| format!("{here} is {} instead of {expected}", gave[here]))
    })
}
