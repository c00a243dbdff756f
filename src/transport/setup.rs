//! Where the requests go: checks the base URL and the proxy before anything is sent.
//!
//! Keeps **P6**: secrets leave over TLS only, plain http is for this machine, and no message repeats a password.

use std::fmt;
use std::net::IpAddr;

use ureq::Proxy;
use ureq::http::Uri;
use ureq::http::uri::Authority;

use super::failure::SetupError;

/// One end of a TCP connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Site {
    pub(super) host: String,
    pub(super) port: u16,
    /// Plain http: the name must lead to this machine.
    pub(super) only_here: bool,
}

impl fmt::Display for Site {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.host, self.port)
    }
}

#[derive(Debug)]
pub(super) struct Base {
    /// Without the slash at the end.
    pub(super) url: String,
    pub(super) site: Site,
    pub(super) tls: bool,
}

pub(super) fn base(url: &str) -> Result<Base, SetupError> {
    let refuse = |why: &str| {
        let sample = "write it like https://api.doku.com";
        Err(SetupError::new("base_url", format!("{why}; {sample}")))
    };
    let url = url.trim();
    let Ok(parsed) = url.parse::<Uri>() else {
        return refuse("it is not a URL");
    };
    let (Some(scheme), Some(authority)) = (parsed.scheme_str(), parsed.authority()) else {
        return refuse("it has no https:// at its start");
    };
    if authority.as_str().contains('@') {
        return refuse("it must not hold a user or a password");
    }
    if parsed.query().is_some() || url.contains(['?', '#']) {
        return refuse("it must end after the host and port, without ? or #");
    }
    if !matches!(parsed.path(), "" | "/") {
        return refuse("it must end after the host and port, without a path");
    }
    let tls = match scheme {
        "https" => true,
        "http" if is_here(authority.host()) => false,
        "http" => {
            return refuse("plain http is allowed to this machine only (localhost, 127.0.0.1, [::1])");
        }
        _ => return refuse("it must begin with https://"),
    };
    let Some(port) = port(authority, tls) else {
        return refuse("its host or port is missing or wrong");
    };
    Ok(Base {
        url: format!("{scheme}://{authority}"),
        site: Site { host: authority.host().to_owned(), port, only_here: !tls },
        tls,
    })
}

pub(super) fn proxy(address: &str, base: &Base) -> Result<(Proxy, Site), SetupError> {
    // Nothing of the address is repeated: it may hold a password, even where it is misspelt.
    let refuse = |why: &str| {
        let sample = "write it like http://user:password@proxy.example:8080";
        Err(SetupError::new("proxy", format!("{why}; {sample}")))
    };
    let address = address.trim();
    let Ok(parsed) = address.parse::<Uri>() else {
        return refuse("it is not a URL (letters like @ or / in a password are written %40, %2F)");
    };
    let tls = match parsed.scheme_str() {
        Some("http") => false,
        Some("https") => true,
        // ureq would panic at the first call: SOCKS is not built in.
        _ => return refuse("it must begin with http:// or https://"),
    };
    if !matches!(parsed.path(), "" | "/") || parsed.query().is_some() {
        return refuse("it must end after the host and port");
    }
    if !base.tls {
        return Err(SetupError::new(
            "proxy",
            "base_url is plain http, which is for this machine only and goes through no proxy; leave proxy empty",
        ));
    }
    let Some(authority) = parsed.authority() else {
        return refuse("it has no host");
    };
    let (Some(port), Ok(proxy)) = (port(authority, tls), Proxy::new(address)) else {
        return refuse("its host, port or password is written wrong");
    };
    let site = Site { host: authority.host().to_owned(), port, only_here: false };
    Ok((proxy, site))
}

/// ureq puts it into a header and panics when it does not fit.
pub(super) fn user_agent(name: &str) -> Result<(), SetupError> {
    if is_header_text(name) {
        return Ok(());
    }
    let why = "it may hold only printable ASCII characters";
    Err(SetupError::new("user_agent", why))
}

/// Printable ASCII: no line end that could begin another header.
pub(super) fn is_header_text(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn is_here(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

fn port(authority: &Authority, tls: bool) -> Option<u16> {
    let usual = if tls { 443 } else { 80 };
    let stated = authority.port();
    // A colon with nothing usable behind it is a mistake, not the usual port.
    let host_and_port = authority.as_str().rsplit('@').next().unwrap_or_default();
    let port = match stated {
        Some(port) => port.as_u16(),
        None if host_and_port == authority.host() => usual,
        None => return None,
    };
    (port != 0 && !authority.host().is_empty()).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_goes_anywhere_and_http_only_here() {
        for (url, host, port, tls) in [
            ("https://api.doku.com", "api.doku.com", 443, true),
            ("https://api.doku.com/", "api.doku.com", 443, true),
            ("https://127.0.0.1:8443", "127.0.0.1", 8443, true),
            ("http://localhost:80", "localhost", 80, false),
            ("http://127.9.9.9:81/", "127.9.9.9", 81, false),
            ("http://[::1]:8080", "[::1]", 8080, false),
        ] {
            let base = base(url).unwrap();
            let seen = (base.site.host.as_str(), base.site.port, base.tls);
            assert_eq!(seen, (host, port, tls), "{url}");
            assert!(!base.url.ends_with('/'), "{url}");
        }
    }

    #[test]
    fn a_wrong_base_url_is_refused_with_its_reason() {
        for (url, why) in [
            ("", "not a URL"),
            ("api.doku.com", "https://"),
            ("http://api.doku.com", "this machine only"),
            ("http://localhost.evil.com", "this machine only"),
            ("http://127.0.0.1.evil.com", "this machine only"),
            ("ftp://api.doku.com", "begin with https"),
            ("https://user:hunter2@api.doku.com", "user or a password"),
            ("https://localhost@api.doku.com", "user or a password"),
            ("https://api.doku.com/snap", "path"),
            ("https://api.doku.com/?a=b", "without ?"),
            ("https://api.doku.com:0", "port"),
            ("https://api.doku.com:99999", ""),
            ("https://api.doku.com:", "port"),
            ("https://", ""),
        ] {
            let error = base(url).unwrap_err();
            assert_eq!(error.setting, "base_url", "{url}");
            assert!(error.message.contains(why), "{url}: {error}");
            assert!(!error.message.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_proxy_is_http_and_its_password_stays_in() {
        let doku = base("https://api.doku.com").unwrap();
        let (_, site) = proxy("http://me:p%40ss@squid.local:3128", &doku).unwrap();
        assert_eq!(site.to_string(), "squid.local:3128");
        assert_eq!(proxy("http://squid.local", &doku).unwrap().1.port, 80);
        for address in [
            "socks5://me:hunter2@squid.local:1080",
            "http://me:hunter2@squid.local:port",
            "http://me:hunter2@squid.local:",
            "http://me:hunter2@/",
            "http://me:hunter2@squid.local/path",
            "http://me:hunter2%FF@squid.local",
            "me:hunter2@squid.local",
        ] {
            let error = proxy(address, &doku).unwrap_err();
            assert_eq!(error.setting, "proxy");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        let here = base("http://localhost:8080").unwrap();
        let error = proxy("http://squid.local", &here).unwrap_err();
        assert!(error.message.contains("no proxy"), "{error}");
    }

    #[test]
    fn a_user_agent_is_plain_text() {
        assert!(user_agent("bayar/1.0").is_ok());
        for name in ["a\r\nX: y", "b\u{e9}", "c\0"] {
            assert_eq!(user_agent(name).unwrap_err().setting, "user_agent");
        }
    }
}
