//! What goes over the wire and what is made of the answer.

use std::sync::Mutex;

use super::*;

#[test]
fn headers_keep_their_letters_and_the_body_its_bytes() {
    for wire in wires() {
        let server = serve(&wire, Peer::answer_all);
        post(&client(&server)).unwrap();
        let request = &server.requests()[0];
        assert!(request.starts_with("POST /pay?a=b HTTP/1.1\r\n"), "{request}");
        assert!(request.contains("\r\nX-SIGNATURE: geheim\r\n"), "{request}");
        assert!(request.contains("\r\nuser-agent: bayar-test/1\r\n"), "{request}");
        assert!(request.ends_with("\r\n\r\n{\"amount\":\"10000.00\"}"), "{request}");
        assert_eq!(request.to_lowercase().matches("content-type:").count(), 1);
        assert!(!request.contains("gzip"), "{request}");
    }
}

#[test]
fn headers_and_body_arrive_in_one_piece() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            let first = peer.read().unwrap();
            let whole = String::from_utf8(first).unwrap().ends_with('}');
            peer.answer(if whole { "whole" } else { "half" });
        });
        assert_eq!(post(&client(&server)).unwrap().body, b"whole");
    }
}

#[test]
fn an_answer_is_given_as_it_is_whatever_its_status() {
    let server = serve(&Wire::Plain, |peer| {
        peer.request();
        peer.write("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nlater");
        peer.request();
        peer.write("HTTP/1.1 302 Found\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n");
        peer.request();
        peer.write("HTTP/1.1 307 Go\r\nLocation: /else\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        peer.request();
        peer.write("HTTP/1.1 204 Nothing\r\n\r\n");
        peer.request();
    });
    let https = client(&server);
    let busy = post(&https).unwrap();
    assert_eq!((busy.status, busy.body.as_slice()), (503, b"later".as_slice()));
    assert_eq!(busy.retry_after.as_deref(), Some("7"));
    assert_eq!(busy.content_type.as_deref(), Some("text/html"));
    assert_eq!(busy.date, None);
    assert_eq!(post(&https).unwrap().status, 302);
    let moved = post(&https).unwrap();
    assert_eq!((moved.status, moved.body.as_slice()), (307, b"abc".as_slice()));
    assert_eq!(post(&https).unwrap().status, 204);
    assert_eq!(server.requests().len(), 4);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_long_body_and_a_long_answer_pass() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            let length = peer.request().unwrap().len();
            assert!(length > 100_000);
            peer.answer(&"x".repeat(MAX_ANSWER));
        });
        let long = "y".repeat(100_000);
        let found = client(&server).post(&Post {
            path: "/",
            headers: &[],
            body: long.as_bytes(),
            limit: &Limit::new(Instant::now() + 10 * SECOND, None),
        });
        assert_eq!(found.unwrap().body.len(), MAX_ANSWER);
        assert!(server.requests()[0].ends_with(&long));
    }
}

#[test]
fn what_http_forbids_is_not_sent() {
    let server = serve(&Wire::Plain, Peer::answer_all);
    let https = client(&server);
    let try_out = |path, header: (&'static str, &str)| {
        https.post(&Post { path, headers: &[header], body: b"{}", limit: &Limit::new(Instant::now() + SECOND, None) })
    };
    for value in ["geheim\r\nX-EVIL: 1", "geheim\u{e9}", "geheim\0"] {
        let found = try_out("/", ("X-SIGNATURE", value));
        expect(found, FailureKind::Request, false, &["X-SIGNATURE"]);
    }
    for path in ["", "@evil.test/", ".evil.test/", "/a b", "/\r\nX: y"] {
        let found = try_out(path, ("X-A", "b"));
        expect(found, FailureKind::Request, false, &["path"]);
    }
    assert_eq!(server.connections(), 0);
}

/// Whoever turns on every log of the process still sees no secret of ours.
#[test]
fn nothing_secret_is_logged_at_any_level() {
    struct Keep;
    static SEEN: Mutex<String> = Mutex::new(String::new());
    impl log::Log for Keep {
        fn enabled(&self, _: &log::Metadata<'_>) -> bool {
            true
        }
        fn log(&self, record: &log::Record<'_>) {
            *SEEN.lock().unwrap() += &format!("{}\n", record.args());
        }
        fn flush(&self) {}
    }
    log::set_logger(&Keep).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let server = serve(&Wire::Plain, |peer| {
        peer.request();
        peer.answer("{\"accessToken\":\"answer-secret\"}");
    });
    let https = client(&server);
    let found = https.post(&Post {
        path: "/token",
        headers: &[("X-SIGNATURE", "header-secret"), ("Authorization", "Bearer bearer-secret")],
        body: b"body-secret",
        limit: &Limit::new(Instant::now() + SECOND, None),
    });
    assert_eq!(found.unwrap().status, 200);
    let options = HttpsOptions {
        proxy: Some(format!("http://me:proxy-secret@127.0.0.1:{}", server.port)),
        base_url: "https://api.doku.com".to_owned(),
        ..options(&server)
    };
    let _ = post(&Https::new(options).unwrap());
    let seen = SEEN.lock().unwrap();
    assert!(!seen.is_empty(), "the logger was not reached");
    assert!(!seen.contains("-secret"), "{seen}");
}
