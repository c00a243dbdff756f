//! Where notifications go: from the program's options to the sandbox's.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

use bayar_sandbox::{Notifications, Retry};

use crate::arguments::Notify;

/// The path of DOKU's own token call; what merchants choose for theirs is not documented.
const TOKEN_PATH: &str = "/authorization/v1/access-token/b2b";

pub(crate) fn settings(notify: Notify) -> io::Result<Notifications> {
    let url = with_port(notify.url.as_deref().unwrap_or_default())?;
    let token_url = match notify.token_url {
        Some(path) if path.starts_with('/') => format!("{}{path}", server(&url)),
        Some(token_url) => token_url,
        None => format!("{}{TOKEN_PATH}", server(&url)),
    };
    let ca_pem = match notify.ca_file {
        Some(file) => {
            let about = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", file.display()));
            Some(std::fs::read_to_string(&file).map_err(about)?)
        }
        None => None,
    };
    let mut settings = Notifications::to(&url, &token_url);
    settings.ca_pem = ca_pem;
    settings.speed = notify.speed.unwrap_or(1);
    if notify.same {
        settings.retry = Retry::Same;
    }
    Ok(settings)
}

/// Scheme and authority.
fn server(url: &str) -> &str {
    let start = url.find("://").map_or(0, |index| index + 3);
    let length = url.get(start..).and_then(|rest| rest.find('/'));
    length.and_then(|length| url.get(..start + length)).unwrap_or(url)
}

/// In place of port 0 one that is free now, for a command that learns it from its environment.
fn with_port(url: &str) -> io::Result<String> {
    let server = server(url);
    match server.strip_suffix(":0") {
        None => Ok(url.to_owned()),
        Some(host) => {
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
            Ok(format!("{host}:{port}{}", url.get(server.len()..).unwrap_or_default()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> Notifications {
        settings(Notify { url: Some(url.to_owned()), ..Notify::default() }).unwrap()
    }

    #[test]
    fn the_token_is_asked_for_at_the_same_server_unless_told_otherwise() {
        let usual = of("http://127.0.0.1:8089/notify");
        assert_eq!(usual.notification_url, "http://127.0.0.1:8089/notify");
        assert_eq!(usual.token_url, "http://127.0.0.1:8089/authorization/v1/access-token/b2b");
        let told = |token_url: &str| {
            let (url, token_url) = ("http://127.0.0.1:8089/notify".to_owned(), Some(token_url.to_owned()));
            settings(Notify { url: Some(url), token_url, ..Notify::default() }).unwrap().token_url
        };
        assert_eq!(told("/token?a=1"), "http://127.0.0.1:8089/token?a=1");
        assert_eq!(told("http://localhost:1/token"), "http://localhost:1/token");
    }

    #[test]
    fn the_schedule_is_dokus_unless_told_otherwise() {
        let url = Some("http://a/n".to_owned());
        let told = settings(Notify { url, speed: Some(60), same: true, ..Notify::default() }).unwrap();
        assert_eq!((told.speed, told.retry), (60, Retry::Same));
        assert_eq!((of("http://a/n").speed, of("http://a/n").retry), (1, Retry::Fresh));
        let ca_file = Some("/nowhere/ca.pem".into());
        let error = settings(Notify { ca_file, url: Some("https://a/n".to_owned()), ..Notify::default() });
        assert!(error.unwrap_err().to_string().contains("/nowhere/ca.pem"));
    }

    #[test]
    fn port_0_becomes_a_free_one() {
        let settings = of("http://localhost:0/a:0/b");
        let rest = settings.notification_url.strip_prefix("http://localhost:").unwrap();
        let (port, path) = rest.split_once('/').unwrap();
        assert_ne!(port, "0");
        assert_eq!(path, "a:0/b");
        assert!(settings.token_url.starts_with(&format!("http://localhost:{port}/authorization/")));
    }
}
