//! Connections and answers that break: the kind, and whether the request may have been done.

use super::*;

#[test]
fn a_refused_port_is_named() {
    let server = serve(&Wire::Plain, Peer::answer_all);
    for base_url in ["http://127.0.0.1:1", "https://localhost:1", "http://[::1]:1"] {
        let https = Https::new(HttpsOptions { base_url: base_url.to_owned(), ..options(&server) }).unwrap();
        let words = ["no connection to", ":1", "firewall"];
        expect(post(&https), FailureKind::Connect, false, &words);
    }
}

#[test]
fn an_unknown_name_is_named() {
    let server = serve(&Wire::Plain, Peer::answer_all);
    let https =
        Https::new(HttpsOptions { base_url: "https://nonexistent.invalid".to_owned(), ..options(&server) }).unwrap();
    let words = ["nonexistent.invalid", "DNS"];
    expect(post(&https), FailureKind::NameLookup, false, &words);
}

#[test]
fn localhost_is_found_whichever_family_listens() {
    let server = serve(&Wire::tls(), Peer::answer_all);
    let https = Https::new(HttpsOptions { base_url: format!("https://localhost:{}", server.port), ..options(&server) })
        .unwrap();
    assert_eq!(post(&https).unwrap().status, 200);
}

#[test]
fn a_connection_lost_after_sending_is_in_doubt() {
    for wire in wires() {
        for reset in [false, true] {
            let server = serve(&wire, move |peer| {
                peer.request();
                if reset {
                    peer.reset();
                }
            });
            let found = post(&client(&server));
            expect(found, FailureKind::ConnectionLost, true, &["127.0.0.1", "answer"]);
            assert_eq!(server.requests().len(), 1);
        }
    }
}

#[test]
fn a_server_that_hangs_up_in_the_handshake_got_nothing() {
    let server = serve(&Wire::Plain, |peer| {
        peer.read();
    });
    let https = Https::new(HttpsOptions { base_url: format!("https://127.0.0.1:{}", server.port), ..options(&server) })
        .unwrap();
    let words = ["hung up", "TLS handshake"];
    expect(post(&https), FailureKind::ConnectionLost, false, &words);
}

#[test]
fn a_truncated_answer_is_no_answer() {
    for wire in wires() {
        for answer in [
            "HTTP/1.1 200 OK\r\nContent-Le",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\":",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"a",
        ] {
            let server = serve(&wire, move |peer| {
                peer.request();
                peer.write(answer);
            });
            let found = post(&client(&server));
            expect(found, FailureKind::ConnectionLost, true, &["answer of 127.0.0.1"]);
        }
    }
}

#[test]
fn an_answer_without_length_that_ends_in_a_reset_is_no_answer() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            peer.request();
            peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"a\":1}");
            std::thread::sleep(Duration::from_millis(100));
            peer.reset();
        });
        let found = post(&client(&server));
        expect(found, FailureKind::ConnectionLost, true, &["reset", "middle"]);
    }
}

#[test]
fn an_answer_that_is_no_http_is_broken() {
    for answer in [
        "<html>Login</html>\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let server = serve(&Wire::Plain, move |peer| {
            peer.request();
            peer.write(answer);
            peer.hang();
        });
        let found = post(&client(&server));
        expect(found, FailureKind::AnswerBroken, true, &["not valid HTTP"]);
    }
}

#[test]
fn endless_headers_are_broken() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            peer.request();
            peer.write("HTTP/1.1 200 OK\r\nX-A: ");
            while peer.write(&"b".repeat(1000)) {}
        });
        expect(post(&client(&server)), FailureKind::AnswerBroken, true, &[]);
    }
}

#[test]
fn an_answer_longer_than_allowed_is_refused() {
    for wire in wires() {
        for announced in [true, false] {
            let server = serve(&wire, move |peer| {
                peer.request();
                if announced {
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
                } else {
                    peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
                }
                while peer.write(&"x".repeat(1 << 16)) {}
            });
            let found = post(&client(&server));
            expect(found, FailureKind::AnswerTooLarge, true, &["1048576"]);
        }
    }
}
