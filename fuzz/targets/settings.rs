//! The settings file: it is loaded or refused with its line or setting named, and no secret of it is ever shown.
#![no_main]

use bayar::config::SETTINGS;
use bayar::fuzzing::setting;
use bayar::{Client, Config, Error, Kind};
use bayar_fuzz::{assert_refused, assert_shown};
use libfuzzer_sys::fuzz_target;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

const KEY: &str = include_str!("../../sandbox/keys/test-merchant-private.pem");

/// In memory where there is such a place.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let directory = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    directory.join(format!("bayar-fuzz-settings-{}.toml", std::process::id()))
});

fuzz_target!(|file: &[u8]| {
    std::fs::write(&*FILE, file).expect("a file is written");
    let mut config = Config::new();
    let loaded = config.load_file(&*FILE);
    std::fs::remove_file(&*FILE).expect("a file is removed");
    let table = table(file);
    let secrets = secrets(file, table.as_ref());
    let shown = format!("{config:?}");
    assert!(!secrets.iter().any(|secret| shown.contains(secret)), "a secret is shown: {shown}");
    match loaded {
        Err(error) => refused(&error, file, &secrets),
        Ok(()) => {
            for (name, value) in table.expect("a file that was loaded is TOML") {
                let number = value.as_integer().map(|number| number.to_string());
                let value = value.as_str().map(str::to_owned).or(number).expect("a text or a number");
                assert_eq!(setting(&config, &name), Some(value.as_str()), "{name}");
            }
            client(config, &secrets);
        }
    }
});

fn table(file: &[u8]) -> Option<toml::Table> {
    let text = std::str::from_utf8(file).ok()?;
    text.strip_prefix('\u{feff}').unwrap_or(text).parse().ok()
}

/// The values of secret settings that cannot be a part of a message by chance: they have a digit and a sign and stand
/// nowhere else in the file.
fn secrets(file: &[u8], table: Option<&toml::Table>) -> Vec<String> {
    let secret = SETTINGS.iter().filter(|setting| setting.secret);
    let values = secret.filter_map(|setting| table?.get(setting.name)?.as_str().map(str::to_owned));
    let text = String::from_utf8_lossy(file);
    values
        .filter(|value| value.len() >= 8 && value.contains(|c: char| c.is_ascii_digit()) && value.contains('-'))
        .filter(|value| !value.contains(' ') && text.matches(value.as_str()).count() == 1)
        .collect()
}

fn refused(error: &Error, file: &[u8], secrets: &[String]) {
    assert_refused(error, None);
    let message = error.message();
    assert!(!secrets.iter().any(|secret| message.contains(secret)), "a secret is shown: {message}");
    let field = error.field().expect("the error names what is at fault");
    if field != "path" {
        let known = SETTINGS.iter().any(|setting| setting.name == field);
        let like_a_name = field.len() <= 40 && field.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        assert!(known || error.kind() == Kind::UnknownSetting && like_a_name, "{field}: {message}");
        return;
    }
    // Of what is no flat TOML only the place is told, or a section that has the name of one.
    let path = FILE.display().to_string();
    let said = message.strip_prefix(&format!("{path}: ")).expect("the file is named");
    if let Some((_, rest)) = said.split_once("cannot be read: settings are written as") {
        let line = said.strip_prefix("line ").and_then(|said| said.split(' ').next()?.parse::<usize>().ok());
        let lines = file.iter().filter(|byte| **byte == b'\n').count() + 1;
        assert!(line.is_some_and(|line| (1..=lines).contains(&line)), "of {lines} lines: {said}");
        assert_eq!(rest, " name = \"value\" (TOML), each once.");
    } else if let Some((_, rest)) = said.split_once('[') {
        let name = rest.split(']').next().unwrap_or_default();
        let like_a_name = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        assert!(like_a_name, "what is no name is repeated: {said}");
    } else {
        let others = ["cannot be read (it is not UTF-8).", "cannot be read (it is larger than 1 MiB)."];
        assert!(others.contains(&said) || said.starts_with("has a section;"), "{said}");
    }
}

/// Makes a client, which reads the rest: addresses, the proxy, the key.
fn client(mut config: Config, secrets: &[String]) {
    // No file of this machine is opened because the input names one.
    if ["private_key_file", "ca_file"].iter().any(|name| setting(&config, name).is_some()) {
        return;
    }
    let needed =
        [("environment", "sandbox"), ("client_id", "BRN-0211"), ("client_secret", "SK-0001"), ("private_key", KEY)];
    for (name, value) in needed {
        if setting(&config, name).is_none() {
            config.set(name, value).expect("a good setting");
        }
    }
    config.set("tls_roots", "bundled").expect("a good setting");
    let shown = match Client::new(&config) {
        Ok(client) => format!("{client:?}"),
        Err(error) => {
            assert_refused(&error, None);
            assert!(SETTINGS.iter().any(|setting| Some(setting.name) == error.field()), "{error:?}");
            error.message().to_owned()
        }
    };
    assert_shown(&shown);
    assert!(!secrets.iter().any(|secret| shown.contains(secret)), "a secret is shown: {shown}");
}
