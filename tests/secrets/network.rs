//! The network and DOKU at their worst: every misbehaviour of the sandbox, certificates, proxies, wrong secrets.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bayar_sandbox::{Certificate, Conflict, Endpoint, Misbehaviour as M, Options, Rule, Sandbox, TEST_PUBLIC_KEY_PEM};
use std::sync::{Arc, Mutex};

use crate::house::{self, CLIENT_SECRET, PROXY_PASSWORD, PROXY_USER};
use crate::mirror::{Asked, Mirror, http};
use crate::recorder;
use crate::witness::Witness;

struct House {
    sandbox: Sandbox,
    config: bayar::Config,
    _folder: tempfile::TempDir,
}

fn open(options: Options) -> House {
    let options = Options { client_secret: CLIENT_SECRET.to_owned(), ..options };
    let sandbox = Sandbox::start(options).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut config = house::config(&sandbox.base_url());
    let ca_file = folder.path().join("ca.pem");
    std::fs::write(&ca_file, sandbox.ca_pem()).unwrap();
    config.set("ca_file", ca_file.to_str().unwrap()).unwrap();
    // Under a passphrase, so that there is one to be told.
    config.set("private_key", &house::protected_key()).unwrap();
    config.set("timeout_ms", "1500").unwrap();
    House { sandbox, config, _folder: folder }
}

/// Keeps what went over the wire in secret, then asks whether any of it was told.
fn judge(witness: &mut Witness, sandbox: &Sandbox) {
    for seen in sandbox.seen() {
        if let Some(signature) = seen.header("X-SIGNATURE") {
            witness.keep("a signature", signature);
        }
        let answer: serde_json::Value = serde_json::from_slice(&seen.answer_body).unwrap_or_default();
        if let Some(token) = answer["accessToken"].as_str() {
            witness.keep("a token", token);
        }
    }
    recorder::records().iter().for_each(|record| witness.hear("the log crate", record));
    witness.assert_silence();
}

fn misbehaviours() -> Vec<M> {
    let field = |name: &str| name.to_owned();
    let mut all = vec![
        M::CloseBeforeWork,
        M::CloseAfterWork,
        M::CloseAfterAnswer,
        M::ResetBeforeWork,
        M::ResetAfterWork,
        M::HalfAnswer,
        M::HalfThenSilence,
        M::NoHandshake,
        M::Rubbish,
        M::Html { status: 200 },
        M::HtmlAfterWork { status: 502 },
        M::InProgress,
        M::TooMany { retry_after_s: None },
        M::OldToken,
        M::UnknownToken,
        M::WrongDate { ahead_s: 7_200 },
        M::NoDate,
        M::Oversized { bytes: 2 << 20 },
        M::DuplicateHeaders,
        M::TwoLengths,
        M::NoContentType,
        M::NoContentLength,
        M::Chunked,
        M::UnknownField,
        M::EmptyBody,
        M::WrongType { field: field("responseCode") },
        M::WrongType { field: field("accessToken") },
        M::NulIn { field: field("accessToken") },
        M::NulIn { field: field("responseMessage") },
        M::Missing { field: field("accessToken") },
        M::Missing { field: field("responseCode") },
        M::WrongEcho { field: field("partnerReferenceNo"), value: field("INV-2") },
        M::Put { field: field("expiresIn"), json: field("{}") },
    ];
    all.extend([Conflict::IdSeen, Conflict::AlreadyDone, Conflict::OtherData, Conflict::Replay].map(M::Conflict));
    all.extend([301, 302, 307, 308].map(|status| M::Redirect { status }));
    for (http, code) in [(400, "4005401"), (401, "4015400"), (403, "4035415"), (404, "4045401"), (500, "5005400")] {
        all.push(M::Code { http, code: code.to_owned() });
        all.push(M::CodeAfterWork { http, code: code.to_owned() });
    }
    all
}

#[test]
fn no_misbehaviour_of_the_other_side_makes_a_secret_come_out() {
    let rules = [Endpoint::Any, Endpoint::Token]
        .into_iter()
        .flat_map(|on| misbehaviours().into_iter().map(move |what| (on, what)));
    let rules = Mutex::new(rules);
    // Most of their time is waiting.
    let failed: usize = std::thread::scope(|scope| {
        let walkers: Vec<_> = (0..6).map(|_| scope.spawn(|| misbehave(&rules))).collect();
        walkers.into_iter().map(|walker| walker.join().unwrap()).sum()
    });
    assert!(failed > misbehaviours().len(), "{failed} calls failed");
}

/// Takes one rule after the other until there are none, with a sandbox of its own; returns how many calls failed.
fn misbehave(rules: &Mutex<impl Iterator<Item = (Endpoint, M)>>) -> usize {
    let house = open(Options::default());
    let mut witness = house::witness();
    let mut failed = 0;
    loop {
        let rule = rules.lock().unwrap().next();
        let Some((on, what)) = rule else { break };
        house.sandbox.behave();
        // Tokens behave in the end, or nothing else would ever be sent.
        house.sandbox.misbehave(Rule { on, times: if on == Endpoint::Token { 1 } else { 2 }, what: what.clone() });
        let mut config = house.config.clone();
        config.set("timeout_ms", "700").unwrap();
        let client = house::client(&mut witness, "the settings", &config).unwrap();
        failed += house::call_everything(&mut witness, &format!("{on:?} {what:?}"), &client);
    }
    judge(&mut witness, &house.sandbox);
    failed
}

#[test]
fn wrong_secrets_are_not_told_when_doku_refuses_them() {
    let house = open(Options::default());
    let mut witness = house::witness();
    let other = "SK-Salah-Sama-Sekali-0815-4711";
    witness.keep("another client secret", other);
    let mut config = house.config.clone();
    config.set("client_secret", other).unwrap();
    let client = house::client(&mut witness, "a wrong client secret", &config).unwrap();
    assert!(house::call_everything(&mut witness, "a wrong client secret", &client) >= 5);

    let strangers = Options { client_id: "BRN-9999".to_owned(), ..Options::default() };
    let stranger = open(strangers);
    let client = house::client(&mut witness, "a wrong client id", &stranger.config).unwrap();
    assert_eq!(house::call_everything(&mut witness, "a wrong client id", &client), 7);
    judge(&mut witness, &stranger.sandbox);
    judge(&mut witness, &house.sandbox);
}

#[test]
fn a_certificate_that_is_not_accepted_is_told_without_a_secret() {
    let mut witness = house::witness();
    for certificate in [Certificate::Expired, Certificate::WrongName, Certificate::SelfSigned] {
        let house = open(Options { certificate, ..Options::default() });
        let client = house::client(&mut witness, "the settings", &house.config).unwrap();
        assert_eq!(house::call_everything(&mut witness, &format!("{certificate:?}"), &client), 7);
        judge(&mut witness, &house.sandbox);
    }
    let house = open(Options::default());
    let mut config = house.config.clone();
    let folder = tempfile::tempdir().unwrap();
    // A key where the authorities' certificates belong.
    for text in [house::protected_key(), bayar_sandbox::TEST_PRIVATE_KEY_PEM.to_owned(), TEST_PUBLIC_KEY_PEM.to_owned()]
    {
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, text).unwrap();
        config.set("ca_file", file.to_str().unwrap()).unwrap();
        assert!(house::client(&mut witness, "a key as ca_file", &config).is_none());
    }
    judge(&mut witness, &house.sandbox);
}

#[test]
fn a_server_without_tls_and_one_that_is_not_there_are_told_without_a_secret() {
    let mirror = Mirror::start(None, Arc::new(|asked: &Asked| asked.head.clone().into_bytes()));
    let mut witness = house::witness();
    for url in [
        format!("https://127.0.0.1:{}", mirror.port()),
        "https://127.0.0.1:1".to_owned(),
        "https://localhost:1".to_owned(),
    ] {
        let mut config = house::config(&url);
        config.set("tls_roots", "bundled").unwrap();
        let client = house::client(&mut witness, &url, &config).unwrap();
        assert_eq!(house::call_everything(&mut witness, &url, &client), 7);
    }
    recorder::records().iter().for_each(|record| witness.hear("the log crate", record));
    witness.assert_silence();
}

#[test]
fn a_proxy_that_repeats_its_password_is_not_quoted() {
    let credentials = STANDARD.encode(format!("{PROXY_USER}:{PROXY_PASSWORD}"));
    type Named = (&'static str, fn(&Asked) -> Vec<u8>);
    let answers: [Named; 7] = [
        ("407", |asked| http("407 Who", "Proxy-Authenticate: Basic\r\n", &asked.head)),
        ("403 with a reason", |asked| http(&format!("403 {}", asked.header("Proxy-Authorization")), "", "")),
        ("a page", |asked| http("200 OK", "Content-Type: text/html\r\n", &asked.headers())),
        ("headers", |asked| http("502 No", &format!("{}\r\n", asked.head.lines().last().unwrap()), &asked.head)),
        ("a redirect", |asked| {
            http("302 Go", &format!("Location: http://{}/\r\n", asked.header("Proxy-Authorization")), "")
        }),
        ("no HTTP", |asked| asked.header("Proxy-Authorization").as_bytes().to_vec()),
        ("nothing", |_| Vec::new()),
    ];
    for (name, answer) in answers {
        let mirror = Mirror::start(None, Arc::new(answer));
        let mut witness = house::witness();
        witness.keep("the proxy's credentials", &credentials);
        let mut config = house::config("https://localhost:1");
        config.set("tls_roots", "bundled").unwrap();
        let proxy = format!("http://{PROXY_USER}:{PROXY_PASSWORD}@127.0.0.1:{}", mirror.port());
        config.set("proxy", &proxy).unwrap();
        let client = house::client(&mut witness, name, &config).unwrap();
        assert_eq!(house::call_everything(&mut witness, name, &client), 7);
        assert!(
            mirror.asked().iter().any(|asked| asked.header("Proxy-Authorization").contains(&credentials)),
            "{name}"
        );
        recorder::records().iter().for_each(|record| witness.hear("the log crate", record));
        witness.assert_silence();
    }
}
