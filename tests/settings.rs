//! Settings from every source, and what is said about bad ones: the name, the nearest name, what to do, never a secret.
#![allow(clippy::unwrap_used, clippy::panic)] // A test may.

use bayar::config::SETTINGS;
use bayar::{Client, Config, Error, Kind};
use bayar_sandbox::{TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PRIVATE_KEY_PEM, TEST_PUBLIC_KEY_PEM};
use std::process::Command;

fn complete() -> Config {
    let mut config = Config::new();
    for (name, value) in [
        ("environment", "sandbox"),
        ("client_id", TEST_CLIENT_ID),
        ("client_secret", TEST_CLIENT_SECRET),
        ("private_key", TEST_PRIVATE_KEY_PEM),
    ] {
        config.set(name, value).unwrap();
    }
    config
}

fn set(name: &str, value: &str) -> Error {
    Config::new().set(name, value).unwrap_err()
}

fn client_with(settings: &[(&str, &str)]) -> bayar::Result<Client> {
    let mut config = complete();
    for (name, value) in settings {
        config.set(name, value)?;
    }
    Client::new(&config)
}

fn expect(error: &Error, kind: Kind, field: &str, says: &str) {
    assert_eq!((error.kind(), error.field()), (kind, Some(field)), "{error:?}");
    assert!(error.message().contains(says), "'{says}' is not in: {error}");
    assert_eq!(error.outcome(), bayar::Outcome::NotSent);
}

#[test]
fn an_unknown_setting_is_told_with_the_nearest_name() {
    for (wrong, nearest) in [
        ("timeout", "timeout_ms"),
        ("timout_ms", "timeout_ms"),
        ("clientid", "client_id"),
        ("CLIENT_SECRET", "client_secret"),
        ("privat_key_file", "private_key_file"),
        ("enviroment", "environment"),
    ] {
        let error = set(wrong, "x");
        expect(&error, Kind::UnknownSetting, wrong, &format!("Did you mean '{nearest}'?"));
    }
    assert!(!set("colour_of_the_till", "x").message().contains("Did you mean"));
}

#[test]
fn every_required_setting_that_is_missing_is_named() {
    for missing in SETTINGS.iter().filter(|setting| setting.required) {
        let mut config = Config::new();
        for name in ["environment", "client_id", "client_secret"].into_iter().filter(|name| *name != missing.name) {
            config.set(name, "sandbox").unwrap();
        }
        config.set("private_key", TEST_PRIVATE_KEY_PEM).unwrap();
        let error = Client::new(&config).unwrap_err();
        expect(&error, Kind::MissingSetting, missing.name, &format!("missing: {}.", missing.name));
    }
    let mut config = Config::new();
    for name in ["environment", "client_id", "client_secret"] {
        config.set(name, "sandbox").unwrap();
    }
    expect(&Client::new(&config).unwrap_err(), Kind::MissingSetting, "private_key", "private_key_file");
}

#[test]
fn values_are_checked_when_they_are_set() {
    for (name, value, says) in [
        ("environment", "live", "sandbox, production"),
        ("timeout_ms", "0", "from 100 to 600000"),
        ("timeout_ms", "1e4", "whole number"),
        ("timeout_ms", "+500", "whole number"),
        ("timeout_ms", " 500", "whole number"),
        ("timeout_ms", "99999999999999999999999", "whole number"),
        ("client_id", "BRN 0211", "space"),
        ("client_id", "", "is empty"),
        ("client_id", "a\nb", "line break"),
        ("url_param_form", "list", "array, object"),
        ("client_secret", "a\0b", "NUL"),
        ("client_secret", "SK-rahasia-marker\n", "line break"),
        ("client_secret", " SK-rahasia-marker", "space"),
        ("private_key_file", TEST_PRIVATE_KEY_PEM, "holds a key or certificate itself"),
        ("ca_file", "a\nb", "not the name of a file"),
    ] {
        let error = set(name, value);
        expect(&error, Kind::InvalidSetting, name, says);
        assert!(!error.message().contains("rahasia-marker") && error.message().len() < 200, "{error}");
    }
}

#[test]
fn what_a_client_cannot_work_with_is_told_when_it_is_made() {
    for (settings, field, says) in [
        (&[("base_url", "http://api.doku.com")][..], "base_url", "https"),
        (&[("base_url", "ftp://localhost")], "base_url", "The setting base_url cannot be used"),
        (&[("base_url", "https://api.doku.com")], "base_url", "other environment"),
        (
            &[("base_url", "https://API-sandbox.doku.com/"), ("environment", "production")],
            "base_url",
            "other environment",
        ),
        (&[("ca_file", "/dev/zero")], "ca_file", "larger than 1 MiB"),
        (&[("base_url", "https://user:pw@api.doku.com")], "base_url", ""),
        (&[("ca_file", "/nowhere/ca.pem")], "ca_file", "/nowhere/ca.pem"),
        (&[("tls_roots", "none")], "tls_roots", "ca_file"),
        (&[("device_id", "TILL-7")], "device_id", "letters and digits"),
        (&[("return_url", "https://")], "return_url", "names no host"),
        (&[("channel", "dana")], "channel", "EMONEY_DANA_SNAP"),
        (&[("private_key_file", "/nowhere/key.pem")], "private_key", "Both"),
    ] {
        expect(&client_with(settings).unwrap_err(), Kind::InvalidSetting, field, says);
    }
    for loopback in ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1", "http://127.3.2.1:1/"] {
        client_with(&[("base_url", loopback)]).unwrap();
    }
}

#[test]
fn a_key_of_the_wrong_kind_is_told_what_it_is() {
    for (pem, says) in [(TEST_PUBLIC_KEY_PEM, "public"), ("hello", "PEM"), ("-----BEGIN PRIVATE KEY-----\n", "")] {
        expect(&client_with(&[("private_key", pem)]).unwrap_err(), Kind::InvalidKey, "private_key", says);
    }
}

/// Exactly the command of DOKU's own instructions, and its modern form.
#[test]
fn a_key_made_by_dokus_instructions_opens_with_its_passphrase_and_only_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("plain.pem");
    std::fs::write(&plain, TEST_PRIVATE_KEY_PEM).unwrap();
    for scheme in [&["-v1", "PBE-SHA1-3DES"][..], &["-v2", "aes-256-cbc"]] {
        let key = folder.path().join("key.pem");
        let made = Command::new("openssl")
            .args(["pkcs8", "-topk8", "-passout", "pass:kata sandi"])
            .args(scheme)
            .arg("-in")
            .arg(&plain)
            .arg("-out")
            .arg(&key)
            .status();
        assert!(made.unwrap_or_else(|why| panic!("openssl is needed for this test: {why}")).success());
        let with = |passphrase: Option<&str>| {
            let mut config = Config::new();
            for (name, value) in [("environment", "sandbox"), ("client_id", "c"), ("client_secret", "s")] {
                config.set(name, value).unwrap();
            }
            config.set("private_key_file", key.to_str().unwrap()).unwrap();
            passphrase.inspect(|phrase| config.set("private_key_passphrase", phrase).unwrap());
            Client::new(&config)
        };
        with(Some("kata sandi")).unwrap();
        let wrong = with(Some("salah-marker")).unwrap_err();
        expect(&wrong, Kind::InvalidKey, "private_key_file", "passphrase");
        assert!(!wrong.message().contains("salah-marker"));
        expect(&with(None).unwrap_err(), Kind::InvalidKey, "private_key_file", "passphrase");
    }
}

#[test]
fn a_file_sets_what_it_says_and_its_mistakes_are_told_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let load = |text: &str| {
        let path = folder.path().join("bayar.toml");
        std::fs::write(&path, text).unwrap();
        let mut config = Config::new();
        config.load_file(&path).map(|()| config)
    };
    let good = format!(
        "\u{feff}# The shop\r\nenvironment = \"sandbox\"\r\nclient_id = \"BRN-1\"\nclient_secret = \"s\"\n\
         timeout_ms = 5000\nprivate_key = \"\"\"\n{TEST_PRIVATE_KEY_PEM}\"\"\"\n"
    );
    Client::new(&load(&good).unwrap()).unwrap();

    for (text, says) in [
        ("client_id = \"x\"\nclient_secret = \"rahasia-marker\nx = 1", "line 2"),
        ("client_secret = rahasia-marker", "line 1"),
        ("timout_ms = 5", "Did you mean 'timeout_ms'?"),
        ("timeout_ms = 5.5", "whole number"),
        ("timeout_ms = 5", "from 100"),
        ("client_secret = [\"rahasia-marker\"]", "client_secret"),
        ("[sandbox]\nclient_id = \"x\"", "section [sandbox]"),
        ("client_id = \"x\"\n[rahasia-marker]\na = 1", "has a section;"),
        ("rahasia-marker.a = 1", "has a section;"),
        ("\"odd\\nname\" = {}", "has a section;"),
    ] {
        let error = load(text).unwrap_err();
        assert!(error.message().contains(says), "'{says}' is not in: {error}");
        assert!(error.message().contains("bayar.toml"), "{error}");
        assert!(!format!("{error} {error:?}").contains("rahasia-marker"), "{error:?}");
    }
    let missing = Config::new().load_file(folder.path().join("none.toml")).unwrap_err();
    assert!(missing.message().contains("none.toml") && missing.message().contains("cannot be read"), "{missing}");
    let odd = Config::new().load_file(folder.path().join("two\nlines.toml")).unwrap_err();
    // A name that is like none may be anything, and is not repeated.
    let one_line = !odd.message().contains(char::is_control);
    assert!(one_line && odd.message().contains("cannot be read"), "a message is one line: {odd}");
}

#[test]
fn debug_shows_no_secret() {
    let mut config = complete();
    config.set("proxy", "http://user:proxy-marker@127.0.0.1:3128").unwrap();
    config.set("private_key_passphrase", "phrase-marker").unwrap();
    let client = Client::new(&config).unwrap();
    let shown = format!("{config:?} {client:?}");
    assert!(shown.contains(TEST_CLIENT_ID));
    for secret in [TEST_CLIENT_SECRET, "proxy-marker", "phrase-marker", "BEGIN PRIVATE KEY"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
