//! Whom we talk to: a wrong certificate is refused, before a byte of the request leaves, and the message says why.

use rcgen::date_time_ymd;

use super::*;

fn refuse(wire: &Wire, change: impl FnOnce(&mut HttpsOptions), words: &[&str]) {
    let server = serve(wire, Peer::answer_all);
    let mut options = options(&server);
    change(&mut options);
    let https = Https::new(options).unwrap();
    expect(post(&https), FailureKind::Tls, false, words);
    assert!(server.requests().is_empty());
}

#[test]
fn an_unknown_authority_is_not_trusted() {
    for roots in [Roots::Auto, Roots::Bundled] {
        let change = |options: &mut HttpsOptions| {
            options.ca_pem = None;
            options.roots = roots;
        };
        refuse(&Wire::tls(), change, &["untrusted", "127.0.0.1", "ca_file"]);
    }
}

#[test]
fn the_callers_authority_counts_besides_the_others() {
    for roots in [Roots::Auto, Roots::System, Roots::Bundled, Roots::None] {
        let server = serve(&Wire::tls(), Peer::answer_all);
        let https = Https::new(HttpsOptions { roots, ..options(&server) }).unwrap();
        assert_eq!(post(&https).unwrap().status, 200, "{roots:?}");
    }
}

#[test]
fn an_expired_certificate_and_one_of_the_future_are_refused() {
    let expired = Wire::tls_with(&["127.0.0.1"], |params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    });
    refuse(&expired, |_| (), &["expired", "days ago", "clock"]);
    let early = Wire::tls_with(&["127.0.0.1"], |params| {
        params.not_before = date_time_ymd(2090, 1, 1);
        params.not_after = date_time_ymd(2095, 1, 1);
    });
    refuse(&early, |_| (), &["begins in", "days", "clock"]);
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let other = Wire::tls_with(&["other.test"], |_| ());
    refuse(&other, |_| (), &["not for 127.0.0.1", "other.test"]);
}

#[test]
fn a_server_without_tls_is_told() {
    let server = serve(&Wire::Plain, |peer| {
        peer.read();
        peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.hang();
    });
    let https = Https::new(HttpsOptions { base_url: format!("https://127.0.0.1:{}", server.port), ..options(&server) })
        .unwrap();
    expect(post(&https), FailureKind::Tls, false, &["not TLS", "login page"]);
}

#[test]
fn wrong_settings_are_refused_when_the_client_is_made() {
    let server = serve(&Wire::tls(), Peer::answer_all);
    let refused = |change: fn(&mut HttpsOptions)| {
        let mut options = options(&server);
        change(&mut options);
        Https::new(options).unwrap_err().setting
    };
    let plain = |options: &mut HttpsOptions| options.base_url = "http://api.doku.com".to_owned();
    assert_eq!(refused(plain), "base_url");
    assert_eq!(refused(|options| options.ca_pem = Some(b"junk".to_vec())), "ca_file");
    assert_eq!(refused(|options| options.ca_pem = Some(Vec::new())), "ca_file");
    assert_eq!(refused(|options| options.ca_pem = None), "tls_roots");
    let socks = |options: &mut HttpsOptions| options.proxy = Some("socks5://p:1".to_owned());
    assert_eq!(refused(socks), "proxy");
    assert_eq!(refused(|options| options.user_agent = "a\nb".to_owned()), "user_agent");
}
