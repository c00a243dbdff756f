//! Settings in C: what is wrong is named, with the nearest name, the file or the line, and never with a secret (P6).

use bayar_sandbox::{Options, TEST_CLIENT_ID};

use crate::desk::{Desk, text};
use crate::finished::{Finished, How};
use crate::keys;

const MARKED: &str = "rahasia-tertanda-0815";
const PASSPHRASE: &str = "frasa-sandi-rahasia-42";
const OTHER_PASSPHRASE: &str = "frasa-yang-lain-77";

#[test]
fn wrong_settings_keys_and_files_are_named_without_a_secret() {
    settings(How::Plain, &[]);
}

#[test]
fn wrong_settings_keys_and_files_are_named_without_a_secret_under_valgrind() {
    settings(How::UnderValgrind, &[]);
}

#[test]
fn a_secret_in_the_place_of_a_name_is_not_repeated() {
    settings(How::Plain, &[("SWAPPED", "1")]);
}

#[test]
fn every_message_about_a_setting_names_it() {
    let said = settings(How::Plain, &[]);
    for line in said.stdout.lines().filter_map(|line| line.strip_prefix("error 2")) {
        let mut words = line.splitn(3, ' ').skip(1);
        let (field, message) = (words.next().unwrap(), words.next().unwrap());
        // An error of a whole file names the file instead, which the program checks.
        assert!(field == "path" || message.contains(field), "no {field} in: {message}");
    }
}

#[test]
fn a_variable_that_cannot_be_used_is_named() {
    let mut desk = Desk::open(Options::default());
    desk.set("BAYAR_TIMEOUT_MS", "soon");
    desk.run_test_program(How::Plain, "environment", &["BAYAR_TIMEOUT_MS", "timeout_ms"]);
    desk.set("BAYAR_TIMEOUT_MS", "");
    desk.set("BAYAR_CLIENT_ID", &format!("{MARKED} {MARKED}"));
    desk.run_test_program(How::Plain, "environment", &["BAYAR_CLIENT_ID", "client_id"]);
}

pub(crate) fn settings(how: How, more: &[(&str, &str)]) -> Finished {
    let mut desk = Desk::with_a_key_of_its_own(Options::default());
    desk.hide("a marked value", MARKED);
    desk.hide("another passphrase", OTHER_PASSPHRASE);
    write_keys(&mut desk);
    write_files(&desk);
    desk.set("MARKED", MARKED);
    desk.set("MARKED_PROXY", &format!("http://kasir: {MARKED}@proxy:3128"));
    desk.set("PROXY_OF_NO_KIND", &format!("gopher://kasir:{MARKED}@proxy:3128"));
    desk.set("PROXY_OF_NO_PORT", &format!("http://kasir:{MARKED}@proxy:port"));
    desk.set("PROXY_OF_NOBODY", &format!("http://kasir:{MARKED}@127.0.0.1:1"));
    more.iter().for_each(|(name, value)| desk.set(name, value));
    let folder = text(&desk.workshop.path(""));
    let finished = desk.run_test_program(how, "config", &[folder.trim_end_matches('/')]);
    let counts = desk.sandbox.counts();
    assert_eq!((counts.tokens_issued, counts.token_requests), (2, 2), "from the environment and from the good file");
    finished
}

fn write_keys(desk: &mut Desk) {
    let rsa = keys::rsa(2048);
    let pbes1 = ["-v1", "PBE-SHA1-3DES"];
    let pbes2 = ["-v2", "aes-256-cbc"];
    let traditional = keys::traditional(&rsa);
    assert!(traditional.contains("BEGIN RSA PRIVATE KEY"));
    let files = [
        ("rsa.pem", rsa.clone()),
        ("traditional.pem", traditional),
        ("pbes1.pem", keys::protected(&rsa, PASSPHRASE, &pbes1)),
        ("pbes2.pem", keys::protected(&rsa, PASSPHRASE, &pbes2)),
        ("otherpass1.pem", keys::protected(&rsa, OTHER_PASSPHRASE, &pbes1)),
        ("otherpass2.pem", keys::protected(&rsa, OTHER_PASSPHRASE, &pbes2)),
        ("public.pem", keys::public_of(&rsa)),
        ("elliptic.pem", keys::elliptic()),
        ("short.pem", keys::rsa(1024)),
        ("cut.pem", rsa[..rsa.len() / 2].to_owned()),
        ("words.txt", format!("{MARKED} is no key, and no setting either\n")),
    ];
    for (name, contents) in &files {
        desk.workshop.write(name, contents);
        for line in contents.lines().filter(|line| line.len() >= 32 && !line.starts_with("-----")) {
            desk.hide("a line of a key", line);
        }
    }
}

fn write_files(desk: &Desk) {
    let value = |name: &str| desk.environment.iter().find(|(other, _)| other == name).unwrap().1.as_str();
    let good = format!(
        "# Kasir 7\nenvironment = \"sandbox\"\nclient_id = \"{TEST_CLIENT_ID}\"\nclient_secret = \"{}\"\n\
         private_key_file = \"{}\"\nprivate_key_passphrase = \"{}\"\nca_file = \"{}\"\nbase_url = \"{}\"\n\
         timeout_ms = 120000\n",
        value("BAYAR_CLIENT_SECRET"),
        value("BAYAR_PRIVATE_KEY_FILE"),
        value("BAYAR_PRIVATE_KEY_PASSPHRASE"),
        value("BAYAR_CA_FILE"),
        value("BAYAR_BASE_URL"),
    );
    let files = [
        ("good.toml", good.into_bytes()),
        ("syntax.toml", format!("environment = \"sandbox\"\n\nclient_secret = {MARKED}\n").into_bytes()),
        ("twice.toml", format!("client_secret = \"{MARKED}\"\nclient_secret = \"{MARKED}\"\n").into_bytes()),
        ("unknown.toml", format!("client_secrets = \"{MARKED}\"\n").into_bytes()),
        ("value.toml", format!("client_secret = \"{MARKED}\"\ntimeout_ms = 1\n").into_bytes()),
        ("type.toml", format!("client_secret = [\"{MARKED}\"]\n").into_bytes()),
        ("not-utf8.toml", [b"client_secret = \"\xFF", MARKED.as_bytes(), b"\"\n"].concat()),
    ];
    for (name, contents) in files {
        desk.workshop.write(name, contents);
    }
}
