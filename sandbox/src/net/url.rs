//! The addresses that the sandbox calls itself: `http://host:port/path`, as much of a URL as a merchant registers.

/// One address in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    pub(crate) https: bool,
    /// Without the brackets of an IPv6 address.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Host and port as they were written, for the `Host` header.
    pub(crate) authority: String,
    /// Path and query: what is requested, and what is signed.
    pub(crate) target: String,
}

impl Url {
    pub(crate) fn parse(text: &str) -> Result<Url, String> {
        let unfit = || format!("{text} is no address like http://host:port/path");
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        let (scheme, rest) = text.split_once("://").filter(|_| printable).ok_or_else(unfit)?;
        let https = match scheme {
            "http" => false,
            "https" => true,
            _ => return Err(unfit()),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at_checked(end).ok_or_else(unfit)?;
        let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, port)) => (host, port.strip_prefix(':')),
            None => match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        let port = match port {
            Some(port) => port.parse().map_err(|_| unfit())?,
            None if https => 443,
            None => 80,
        };
        if host.is_empty() || authority.contains('@') {
            return Err(unfit());
        }
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        Ok(Url { https, host: host.to_owned(), port, authority: authority.to_owned(), target })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_apart_into_what_is_called_and_what_is_signed() {
        for (text, https, host, port, target) in [
            ("http://127.0.0.1:8080/v1.0/debit/notify", false, "127.0.0.1", 8080, "/v1.0/debit/notify"),
            ("https://shop.example/n?shop=1#top", true, "shop.example", 443, "/n?shop=1"),
            ("http://[::1]:81/a/", false, "::1", 81, "/a/"),
            ("http://localhost", false, "localhost", 80, "/"),
            ("http://localhost?a", false, "localhost", 80, "/?a"),
        ] {
            let url = Url::parse(text).unwrap();
            assert_eq!((url.https, url.host.as_str(), url.port, url.target.as_str()), (https, host, port, target));
        }
        assert_eq!(Url::parse("http://[::1]:81/a/").unwrap().authority, "[::1]:81");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "/n", "ftp://a/n", "http://", "http://:80/", "http://a:b/", "http://a@b/", "http://a/ b"] {
            assert!(Url::parse(text).is_err(), "{text}");
        }
    }
}
