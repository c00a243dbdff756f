//! Connections are kept, and one that has died is noticed before the request is written.

use std::thread;

use super::*;

#[test]
fn twenty_posts_need_one_connection() {
    for wire in wires() {
        let server = serve(&wire, Peer::answer_all);
        let https = client(&server);
        for _ in 0..20 {
            assert_eq!(post(&https).unwrap().body, b"{}");
        }
        assert_eq!(server.connections(), 1);
        assert_eq!(server.requests().len(), 20);
    }
}

#[test]
fn a_connection_closed_while_idle_is_noticed_and_nothing_is_sent_twice() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            peer.request();
            peer.write(
                "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=60\r\nContent-Length: 2\r\n\r\n{}",
            );
            if peer.index % 2 == 0 {
                peer.reset();
            }
        });
        let https = client(&server);
        for _ in 0..50 {
            assert_eq!(post(&https).unwrap().status, 200);
            // The end of a connection takes its moment to arrive, on the loopback too.
            thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(server.requests().len(), 50);
        assert_eq!(server.connections(), 50);
    }
}

#[test]
fn an_answer_nobody_asked_for_is_not_taken_for_the_next() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            while peer.request().is_some() {
                peer.answer("right");
                peer.answer("wrong");
            }
        });
        let https = client(&server);
        for _ in 0..10 {
            assert_eq!(post(&https).unwrap().body, b"right");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The first answer fills ureq's buffer and its own TLS record to the last byte; the second then waits where only we
/// can see it: short, it is decrypted already; long, it is not even complete.
#[test]
fn an_answer_nobody_asked_for_is_found_in_every_buffer() {
    for wire in wires() {
        for more in [100, 12_000] {
            let server = serve(&wire, move |peer| {
                while peer.request().is_some() {
                    let head = server::ok("").len() + 4;
                    let mut both = server::ok(&"r".repeat(crate::transport::tcp::BUFFER - head));
                    assert_eq!(both.len(), crate::transport::tcp::BUFFER);
                    both += &server::ok(&"w".repeat(more));
                    peer.write(&both);
                }
            });
            let https = client(&server);
            for _ in 0..10 {
                let body = post(&https).unwrap().body;
                assert!(body.starts_with(b"r"), "{more}");
            }
        }
    }
}

#[test]
fn an_idle_connection_is_used_no_longer_than_keep_alive() {
    let server = serve(&Wire::Plain, Peer::answer_all);
    let https = Https::new(HttpsOptions { keep_alive: Duration::from_millis(50), ..options(&server) }).unwrap();
    post(&https).unwrap();
    thread::sleep(Duration::from_millis(150));
    post(&https).unwrap();
    assert_eq!(server.connections(), 2);
}

#[test]
fn the_server_may_end_the_connection_with_its_answer() {
    let server = serve(&Wire::Plain, |peer| {
        peer.request();
        peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
        // Our side closes in order, too: no reset after a good answer.
        assert_eq!(std::io::Read::read(&mut &peer.tcp, &mut [0]).unwrap(), 0);
        peer.requests_note("closed in order");
    });
    let https = client(&server);
    for _ in 0..3 {
        assert_eq!(post(&https).unwrap().status, 200);
    }
    thread::sleep(Duration::from_millis(100));
    let notes = server.requests();
    assert_eq!(notes.iter().filter(|note| *note == "closed in order").count(), 3);
}

#[test]
fn eight_threads_share_the_client_and_no_flag_strays() {
    let server = serve(&Wire::tls(), |peer| {
        while let Some(request) = peer.request() {
            // One path hangs up without an answer, the others go on.
            if request.starts_with("POST /hang-up") || !peer.answer("{}") {
                return;
            }
        }
    });
    let https = client(&server);
    let nowhere = Https::new(HttpsOptions { base_url: "https://127.0.0.1:1".to_owned(), ..options(&server) }).unwrap();
    thread::scope(|scope| {
        for number in 0..8 {
            let (https, nowhere) = (&https, &nowhere);
            scope.spawn(move || {
                for _ in 0..25 {
                    assert_eq!(post(https).unwrap().status, 200);
                    if number % 2 == 0 {
                        expect(post(nowhere), FailureKind::Connect, false, &["refused"]);
                    } else {
                        let found = https.post(&Post {
                            path: "/hang-up",
                            headers: &[],
                            body: b"{}",
                            limit: &Limit::new(Instant::now() + 10 * SECOND, None),
                        });
                        expect(found, FailureKind::ConnectionLost, true, &["answer"]);
                    }
                }
            });
        }
    });
    assert_eq!(server.requests().len(), 8 * 25 + 4 * 25);
    // Those of the four threads that lose none, and one for each that is lost.
    assert!(server.connections() <= 8 + 4 * 25, "{}", server.connections());
}
