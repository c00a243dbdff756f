//! Through a proxy: the way there, its password, and what it says when it will not.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;

use super::*;

const ASKED: &str = "CONNECT 127.0.0.1:";
/// `me:hunter2`, as HTTP writes it.
const CREDENTIALS: &str = "Proxy-Authorization: Basic bWU6aHVudGVyMg==";

fn through(proxy: &Server, server: &Server) -> Https {
    Https::new(HttpsOptions { proxy: Some(format!("http://me:hunter2@127.0.0.1:{}", proxy.port)), ..options(server) })
        .unwrap()
}

/// A proxy that answers this to everybody.
fn grumpy(answer: &'static str) -> Server {
    serve(&Wire::Plain, move |peer| {
        peer.request();
        peer.write(answer);
    })
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    let mut piece = [0; 4096];
    while let Ok(count) = from.read(&mut piece) {
        if count == 0 || to.write_all(&piece[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
}

/// A proxy that does its work.
fn honest() -> Server {
    serve(&Wire::Plain, |peer| {
        let request = peer.request().unwrap();
        assert!(request.contains(CREDENTIALS), "{request}");
        let target = request.split(' ').nth(1).unwrap();
        let target = TcpStream::connect(target).unwrap();
        peer.write("HTTP/1.1 200 Connection established\r\n\r\n");
        let back = (target.try_clone().unwrap(), peer.tcp.try_clone().unwrap());
        thread::spawn(move || pump(back.0, back.1));
        pump(peer.tcp.try_clone().unwrap(), target);
    })
}

#[test]
fn a_proxy_is_used_with_its_password_and_the_connection_kept() {
    let (proxy, server) = (honest(), serve(&Wire::tls(), Peer::answer_all));
    let https = through(&proxy, &server);
    for _ in 0..5 {
        assert_eq!(post(&https).unwrap().status, 200);
    }
    assert_eq!((proxy.connections(), server.connections()), (1, 1));
    assert!(proxy.requests()[0].starts_with(ASKED));
    assert!(!format!("{https:?}").contains("hunter2"));
}

#[test]
fn through_a_proxy_a_lost_answer_is_in_doubt_and_a_wrong_certificate_is_not() {
    let (proxy, server) = (honest(), serve(&Wire::tls(), |peer| drop(peer.request())));
    let found = post(&through(&proxy, &server));
    expect(found, FailureKind::ConnectionLost, true, &["answer"]);
    let server = serve(&Wire::tls_with(&["other.test"], |_| ()), Peer::answer_all);
    let found = post(&through(&proxy, &server));
    expect(found, FailureKind::Tls, false, &["other.test"]);
}

#[test]
fn what_a_refusing_proxy_says_is_told() {
    let server = serve(&Wire::tls(), Peer::answer_all);
    for (answer, words) in [
        ("HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", ["password", "407"]),
        ("HTTP/1.1 403 No\r\n\r\n<html>no</html>", ["operator", "403"]),
        ("<html><body>Welcome</body></html>\r\n\r\n", ["like a proxy", "127.0.0.1"]),
        ("", ["without an answer", "127.0.0.1"]),
        ("HTTP/1.1 407", ["without an answer", "127.0.0.1"]),
    ] {
        let proxy = grumpy(answer);
        let found = post(&through(&proxy, &server));
        expect(found, FailureKind::Proxy, false, &words);
    }
    // It says yes, but then shows a page of its own.
    let proxy = grumpy("HTTP/1.1 200 OK\r\n\r\n<html><body>Please pay for the hotel's network</body></html>");
    let found = post(&through(&proxy, &server));
    expect(found, FailureKind::Tls, false, &["not TLS", "login page"]);
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_silent_or_missing_proxy_ends_in_time() {
    let server = serve(&Wire::tls(), Peer::answer_all);
    let proxy = serve(&Wire::Plain, |peer| peer.hang());
    let begun = Instant::now();
    let found = post_within(&through(&proxy, &server), Duration::from_millis(500));
    let words = ["the proxy 127.0.0.1", "0.5 s"];
    expect(found, FailureKind::Timeout, false, &words);
    assert!(begun.elapsed() < Duration::from_millis(1500));

    let https =
        Https::new(HttpsOptions { proxy: Some("http://me:hunter2@127.0.0.1:1".to_owned()), ..options(&server) })
            .unwrap();
    expect(post(&https), FailureKind::Connect, false, &["127.0.0.1:1", "refused"]);
}

/// The variables are set for a process of their own: this one's are shared by all tests.
#[test]
fn the_environments_proxy_is_not_used() {
    let here = std::env::current_exe().unwrap();
    let mut test = std::process::Command::new(here);
    test.args(["--exact", "transport::tests::reuse::twenty_posts_need_one_connection"]);
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "http_proxy"] {
        test.env(name, "http://127.0.0.1:1");
    }
    let found = test.output().unwrap();
    let said = String::from_utf8_lossy(&found.stdout);
    assert!(found.status.success() && said.contains("1 passed"), "{said}");
}
