//! A call ends in time, whatever it waits for; one that is given up is cut off.

use std::io::{ErrorKind, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::thread;

use socket2::{Domain, Socket, Type};

use super::*;

const LIMIT: Duration = Duration::from_millis(600);

/// Runs a call that cannot end by itself and checks that it ended in time, but not early.
#[track_caller]
fn in_time(call: impl FnOnce() -> Result<Answer, Failure>, sent: bool, words: &[&str]) {
    let begun = Instant::now();
    let found = call();
    let took = begun.elapsed();
    expect(found, FailureKind::Timeout, sent, words);
    // The promise is 100 ms; machines that run tests are not always so quick.
    assert!(took < LIMIT + SECOND, "{took:?}");
    assert!(took > LIMIT - Duration::from_millis(50), "{took:?}");
}

/// A port on which nobody accepts and whose queue is full: the system drops what asks for it.
fn full_port() -> (u16, Socket, Vec<TcpStream>) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
    socket.bind(&any.into()).unwrap();
    socket.listen(0).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let mut queue = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
        queue.push(stream);
    }
    (address.port(), socket, queue)
}

#[test]
fn connecting_hangs() {
    let (port, _socket, _queue) = full_port();
    let server = serve(&Wire::Plain, Peer::answer_all);
    let mut options = options(&server);
    options.base_url = format!("https://127.0.0.1:{port}");
    let https = Https::new(options.clone()).unwrap();
    let words = ["no connection", &port.to_string(), "0.6 s"];
    in_time(|| post_within(&https, LIMIT), false, &words);

    options.connect_timeout = LIMIT;
    let https = Https::new(options).unwrap();
    in_time(|| post(&https), false, &words);
}

#[test]
fn the_handshake_hangs() {
    let server = serve(&Wire::Plain, |peer| peer.hang());
    let mut options = options(&server);
    options.base_url = format!("https://127.0.0.1:{}", server.port);
    let https = Https::new(options.clone()).unwrap();
    in_time(|| post_within(&https, LIMIT), false, &["TLS handshake"]);

    options.connect_timeout = LIMIT;
    let https = Https::new(options).unwrap();
    in_time(|| post(&https), false, &["TLS handshake", "0.6 s"]);
}

#[test]
fn the_handshake_drips() {
    let server = serve(&Wire::Plain, |peer| {
        peer.read();
        // The head of a TLS record, then its content a byte at a time.
        let head = "\u{16}\u{3}\u{3}\u{10}\u{0}".bytes().collect::<Vec<u8>>();
        peer.write(std::str::from_utf8(&head).unwrap());
        while peer.write("\u{2}") {
            thread::sleep(Duration::from_millis(100));
        }
    });
    let mut options = options(&server);
    options.base_url = format!("https://127.0.0.1:{}", server.port);
    options.connect_timeout = LIMIT;
    let https = Https::new(options).unwrap();
    in_time(|| post(&https), false, &["TLS handshake"]);
}

#[test]
fn no_answer_comes() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            peer.request();
            peer.hang();
        });
        let https = client(&server);
        in_time(|| post_within(&https, LIMIT), true, &["was sent", "0.6 s"]);
    }
}

#[test]
fn the_headers_hang_and_drip() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            peer.request();
            peer.write("HTTP/1.1 200 OK\r\nX-A: ");
            while peer.write("b") {
                thread::sleep(Duration::from_millis(100));
            }
        });
        let https = client(&server);
        in_time(|| post_within(&https, LIMIT), true, &["was sent"]);
    }
}

#[test]
fn the_body_hangs() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            peer.request();
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
            peer.hang();
        });
        let https = client(&server);
        in_time(|| post_within(&https, LIMIT), true, &["did not end"]);
    }
}

#[test]
fn the_body_comes_one_byte_at_a_time() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            peer.request();
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n");
            while peer.write("x") {
                thread::sleep(Duration::from_millis(250));
            }
        });
        let https = client(&server);
        in_time(|| post_within(&https, LIMIT), true, &["did not end"]);
    }
}

#[test]
fn nobody_takes_the_request() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            // TLS needs the first bytes; then the queues run full.
            peer.read();
            peer.hang();
        });
        let https = client(&server);
        let huge = vec![b'x'; 64 << 20];
        let call = || {
            https.post(&Post { path: "/", headers: &[], body: &huge, limit: &Limit::new(Instant::now() + LIMIT, None) })
        };
        in_time(call, true, &["did not take"]);
    }
}

#[test]
fn a_deadline_in_the_past_sends_nothing() {
    let server = serve(&Wire::Plain, Peer::answer_all);
    let https = client(&server);
    post(&https).unwrap();
    let found = post_within(&https, Duration::ZERO);
    expect(found, FailureKind::Timeout, false, &["no time left"]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn deadlines_of_different_calls_do_not_mix_on_one_connection() {
    let server = serve(&Wire::Plain, |peer| {
        while peer.request().is_some() {
            thread::sleep(Duration::from_millis(300));
            peer.answer("{}");
        }
    });
    let https = client(&server);
    for limit in [20 * SECOND, SECOND, 5 * SECOND] {
        post_within(&https, limit).unwrap();
    }
    assert_eq!(server.connections(), 1);
    let begun = Instant::now();
    let found = post_within(&https, Duration::from_millis(100));
    expect(found, FailureKind::Timeout, true, &["0.1 s"]);
    assert!(begun.elapsed() < Duration::from_millis(280), "{:?}", begun.elapsed());
    post(&https).unwrap();
}

#[test]
fn the_connect_limit_does_not_hold_for_the_answer() {
    for wire in wires() {
        let server = serve(&wire, |peer| {
            peer.request();
            thread::sleep(SECOND);
            peer.answer("{}");
        });
        let mut options = options(&server);
        options.connect_timeout = SECOND / 2;
        post(&Https::new(options).unwrap()).unwrap();
    }
}

#[test]
fn a_call_given_up_resets_its_connection() {
    let (tell, told) = std::sync::mpsc::channel();
    let server = serve(&Wire::Plain, move |peer| {
        peer.request();
        tell.send((&peer.tcp).read(&mut [0])).unwrap();
    });
    let found = post_within(&client(&server), Duration::from_millis(200));
    expect(found, FailureKind::Timeout, true, &[]);
    let seen = told.recv_timeout(5 * SECOND).unwrap().unwrap_err();
    assert_eq!(seen.kind(), ErrorKind::ConnectionReset);
}
