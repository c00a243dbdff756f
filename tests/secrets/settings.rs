//! Settings, keys and requests that cannot be used because a secret is in a wrong place, or is wrong itself.

use bayar::config::{Kind, SETTINGS};
use bayar::keys::{SigningKey, VerifyingKey};
use bayar::{Amount, Client, Config, PaymentRequest, Reference, RefundRequest};
use bayar_sandbox::{TEST_PRIVATE_KEY_PEM, TEST_PUBLIC_KEY_PEM};

use crate::house::{self, CLIENT_SECRET, OTHER_PASSPHRASE, PASSPHRASE, PROXY_PASSWORD, PROXY_USER};
use crate::witness::Witness;

/// Everything that must not be repeated, as people paste it.
fn secrets() -> Vec<String> {
    let key_line = TEST_PRIVATE_KEY_PEM.lines().nth(3).unwrap();
    let bare_key: String = TEST_PRIVATE_KEY_PEM.lines().filter(|line| !line.starts_with("-----")).collect();
    let proxy = format!("{PROXY_USER}:{PROXY_PASSWORD}");
    let mut secrets = vec![
        CLIENT_SECRET.to_owned(),
        format!("{CLIENT_SECRET} "),
        format!(" {CLIENT_SECRET}\n"),
        format!("{CLIENT_SECRET}\0{CLIENT_SECRET}"),
        format!("é{CLIENT_SECRET}"),
        format!("{{\"secret\":\"{CLIENT_SECRET}\",\"{CLIENT_SECRET}\":1,\"{CLIENT_SECRET}\":2}}"),
        format!("{{\"amount\":\"{CLIENT_SECRET}\"}}"),
        PASSPHRASE.to_owned(),
        key_line.to_owned(),
        bare_key,
        TEST_PRIVATE_KEY_PEM.to_owned(),
        TEST_PRIVATE_KEY_PEM.replace('\n', "\\n"),
        TEST_PRIVATE_KEY_PEM.replace("-----BEGIN", "----BEGIN"),
    ];
    for address in
        ["http://{}@", "http://{}@proxy:port", "gopher://{}@proxy:1", "https://{}@proxy/path", "{}@proxy:3128"]
    {
        secrets.push(address.replace("{}", &proxy));
    }
    secrets
}

#[test]
fn a_secret_in_the_place_of_any_setting_or_of_its_name_is_not_repeated() {
    let mut witness = house::witness();
    let mut refused = 0;
    for secret in secrets() {
        for setting in SETTINGS {
            let place = format!("the setting {}", setting.name);
            let mut config = Config::new();
            match config.set(setting.name, &secret) {
                Ok(()) if setting.secret => witness.hear_debug(&place, &config),
                Ok(()) => {}
                Err(error) => {
                    refused += 1;
                    witness.hear_error(&place, &error);
                }
            }
            // Where it was taken, the client may stumble over it.
            let mut config = house::config("https://localhost:1");
            if setting.name.starts_with("private_key") {
                config = without_key();
            }
            if config.set(setting.name, &secret).is_ok()
                && let Err(error) = Client::new(&config)
            {
                witness.hear_error(&format!("a client with {place}"), &error);
            }
        }
        let error = Config::new().set(&secret, "client_secret").unwrap_err();
        witness.hear_error("the name of a setting", &error);
    }
    let error = Config::new().set("klien_rahasia", CLIENT_SECRET).unwrap_err();
    witness.hear_error("the value of an unknown setting", &error);
    assert!(refused > 100, "{refused}");
    witness.assert_silence();
}

/// A config without its key.
fn without_key() -> Config {
    let mut config = Config::new();
    for (name, value) in [("environment", "sandbox"), ("client_id", "BRN-1"), ("client_secret", CLIENT_SECRET)] {
        config.set(name, value).unwrap();
    }
    config
}

#[test]
fn a_settings_file_is_explained_without_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut witness = house::witness();
    for (index, text) in [
        format!("client_secret = {CLIENT_SECRET}\n"),
        format!("client_secret = \"{CLIENT_SECRET}\n"),
        format!("client_secret = \"{CLIENT_SECRET}\"\nclient_secret = \"{CLIENT_SECRET}\"\n"),
        format!("{CLIENT_SECRET} = \"client_secret\"\n"),
        format!("\"{CLIENT_SECRET}\" = \"client_secret\"\n"),
        format!("[{CLIENT_SECRET}]\nx = 1\n"),
        format!("[client_secret]\n\"{CLIENT_SECRET}\" = 1\n"),
        format!("[[\"{CLIENT_SECRET}\"]]\n"),
        format!("client_secret = [\"{CLIENT_SECRET}\"]\n"),
        format!("log_level = \"{CLIENT_SECRET}\"\n"),
        format!("timeout_ms = \"{CLIENT_SECRET}\"\n"),
        format!("client_secrets = \"{CLIENT_SECRET}\"\n"),
        format!("private_key = '''{TEST_PRIVATE_KEY_PEM}\n"),
        format!("{TEST_PRIVATE_KEY_PEM}\n"),
        format!("proxy = \"http://{PROXY_USER}: {PROXY_PASSWORD}@proxy:1\"\n"),
    ]
    .into_iter()
    .enumerate()
    {
        let file = folder.path().join("bayar.toml");
        std::fs::write(&file, &text).unwrap();
        let error = Config::new().load_file(&file).expect_err(&text);
        witness.hear_error(&format!("file {index}"), &error);
    }
    let error = Config::new().load_file(CLIENT_SECRET).unwrap_err();
    witness.hear_error("a secret as the file's name", &error);
    witness.assert_silence();
}

#[test]
fn a_key_that_cannot_be_read_is_explained_without_what_is_in_it() {
    let protected = house::protected_key();
    let mut witness = house::witness();
    witness.keep_key("the protected key", &protected);
    let half = |pem: &str| pem[..pem.len() / 2].to_owned();
    let odd = |pem: &str| pem.replacen("\nM", "\n?M", 1);
    let mut failed = 0;
    for pem in [TEST_PRIVATE_KEY_PEM, &protected] {
        let without_line: String =
            pem.lines().enumerate().filter(|(at, _)| *at != 5).map(|(_, line)| format!("{line}\n")).collect();
        let turned = pem.replacen('A', "B", 3);
        for text in [
            half(pem),
            odd(pem),
            without_line,
            turned,
            pem.replace("PRIVATE", "PUBLIC"),
            pem.replace("-----END", ""),
            pem.to_owned(),
        ] {
            for passphrase in [None, Some(OTHER_PASSPHRASE), Some(CLIENT_SECRET), Some(PASSPHRASE)] {
                if let Err(error) = SigningKey::from_pem(text.as_bytes(), passphrase.map(str::as_bytes)) {
                    failed += 1;
                    witness.hear_debug("a private key", &error);
                    witness.hear("a private key", error.to_string());
                }
                let mut config = without_key();
                config.set("private_key", &text).unwrap();
                if let Some(passphrase) = passphrase {
                    config.set("private_key_passphrase", passphrase).unwrap();
                }
                house::client(&mut witness, "a private key in the settings", &config);
            }
            if let Err(error) = VerifyingKey::from_pem(text.as_bytes()) {
                failed += 1;
                witness.hear_debug("a public key", &error);
                witness.hear("a public key", error.to_string());
            }
        }
    }
    // A key is no passphrase, and the other half of it is no key.
    for (pem, passphrase) in [(&*protected, TEST_PRIVATE_KEY_PEM), (TEST_PUBLIC_KEY_PEM, PASSPHRASE)] {
        let error = SigningKey::from_pem(pem.as_bytes(), Some(passphrase.as_bytes())).unwrap_err();
        witness.hear("a key and a passphrase", format!("{error} {error:?}"));
    }
    assert!(failed > 40, "{failed}");
    witness.assert_silence();
}

#[test]
fn a_secret_in_the_place_of_any_field_of_a_request_is_not_repeated() {
    let mut witness = house::witness();
    let mut refused = 0;
    for secret in secrets() {
        let payment = || PaymentRequest::new("INV-1", "10000").unwrap();
        let refund = || RefundRequest::new("INV-1", "10000", "R-1").unwrap();
        let results = [
            ("amount", Amount::parse(&secret).map(drop)),
            ("reference", Reference::parse("reference", &secret).map(drop)),
            ("partner_reference_no", PaymentRequest::new(&secret, "1").map(drop)),
            ("partner_refund_no", RefundRequest::new("INV-1", "1", &secret).map(drop)),
            ("return_url", payment().set_return_url(&secret)),
            ("valid_up_to", payment().set_valid_up_to(&secret)),
            ("point_of_initiation", payment().set_point_of_initiation(&secret)),
            ("title", payment().set_title(&secret)),
            ("channel", payment().set_channel(&secret)),
            ("device_id", payment().set_device_id(&secret)),
            ("ip_address", payment().set_ip_address(&secret)),
            ("extra_json", payment().set_extra_json(&secret)),
            ("reason", refund().set_reason(&secret)),
            ("original_external_id", refund().set_original_external_id(&secret)),
            ("extra_json of a refund", refund().set_extra_json(&secret)),
        ];
        for (field, result) in results {
            if let Err(error) = result {
                refused += 1;
                witness.hear_error(field, &error);
            }
        }
    }
    assert!(refused > 100, "{refused}");
    witness.assert_silence();
}

#[test]
fn every_setting_that_is_one_is_marked_as_a_secret() {
    let secret: Vec<&str> = SETTINGS.iter().filter(|setting| setting.secret).map(|setting| setting.name).collect();
    assert_eq!(
        secret,
        [
            "client_secret",
            "private_key",
            "private_key_passphrase",
            "client_secret_next",
            "doku_public_key",
            "doku_public_key_next",
            "proxy",
            "journal"
        ]
    );
    // What looks like one by its name must say why it is none.
    let suspicious = |name: &str| ["secret", "key", "pass", "token", "proxy"].iter().any(|word| name.contains(word));
    let open: Vec<&str> = SETTINGS
        .iter()
        .filter(|setting| !setting.secret && suspicious(setting.name))
        .map(|setting| setting.name)
        .collect();
    let files = ["private_key_file", "doku_public_key_file", "doku_public_key_next_file"];
    assert_eq!(open, [&files[..], &["token_renew_ahead_s"]].concat(), "names of files, and a time");
    for file in files {
        assert_eq!(SETTINGS.iter().find(|setting| setting.name == file).unwrap().kind, Kind::Path);
    }
}

/// What a witness would say if nothing at all was heard.
#[test]
fn something_is_heard() {
    let mut witness: Witness = house::witness();
    let error = Config::new().set("log_level", "loud").unwrap_err();
    witness.hear_error("a setting", &error);
    assert!(witness.heard().iter().any(|(_, text)| text.contains("loud")), "a short value is still repeated");
}
