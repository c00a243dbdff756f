//! P6: what is freed is wiped. A program pays with secrets of its own and frees everything; its memory is then searched
//! from outside for pieces of them, in each form in which they were ever there.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bayar_sandbox::{Endpoint, Misbehaviour, Options, Rule, Sandbox, TEST_CLIENT_ID};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use sha2::digest::generic_array::GenericArray;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use crate::keys;
use crate::memory::{Found, Needles, describe, search};
use crate::tool;
use crate::tunnel::Tunnel;
use crate::workshop::Workshop;

const CLIENT_SECRET: &str = "SK-rahasia-yang-tidak-boleh-tinggal-8362";
const PASSPHRASE: &str = "frasa sandi yang harus lenyap 4711";
const OTHER_PASSPHRASE: &str = "frasa sandi lain yang salah 0815";
const PROXY_USER: &str = "kasir-pintar:sandi-proksi-tersembunyi-99";
const KEPT: &str = "dibocorkan dengan sengaja, disimpan";
const FREED: &str = "dibocorkan dengan sengaja, dibebaskan";

/// How the settings get to the library.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Name,
    File,
    Environment,
}

#[test]
fn nothing_secret_is_left_of_a_client_set_up_by_name_behind_a_proxy() {
    lead_through_a_life(By::Name);
}

#[test]
fn nothing_secret_is_left_of_a_client_set_up_by_a_file() {
    lead_through_a_life(By::File);
}

#[test]
fn nothing_secret_is_left_of_a_client_set_up_by_the_environment() {
    lead_through_a_life(By::Environment);
}

fn lead_through_a_life(by: By) {
    let bare = keys::rsa(2048);
    let protected = keys::protected(&bare, PASSPHRASE, &["-v1", "PBE-SHA1-3DES"]);
    let options = Options {
        client_secret: CLIENT_SECRET.to_owned(),
        merchant_public_key_pem: keys::public_of(&bare),
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).unwrap();
    let tunnel = Tunnel::open(PROXY_USER);
    let workshop = Workshop::open();
    let ca_file = workshop.write("ca.pem", sandbox.ca_pem());
    let plain = [
        ("environment", "sandbox"),
        ("base_url", &sandbox.base_url()),
        ("ca_file", ca_file.to_str().unwrap()),
        ("client_id", TEST_CLIENT_ID),
        ("timeout_ms", "120000"),
        ("log_level", "debug"),
    ];
    let proxy = format!("http://{PROXY_USER}@127.0.0.1:{}", tunnel.port());
    // The protected key once as a text and once as a file; the bare one where there is no passphrase to forget.
    let private_key = if by == By::Environment { &bare } else { &protected };
    let key_file = workshop.write("private-key.pem", private_key);
    let secret = match by {
        By::Name => {
            vec![("private_key", private_key.as_str()), ("private_key_passphrase", PASSPHRASE), ("proxy", &proxy)]
        }
        By::File => vec![("private_key_file", key_file.to_str().unwrap()), ("private_key_passphrase", PASSPHRASE)],
        By::Environment => vec![("private_key", private_key.as_str())],
    };
    let settings: Vec<(&str, &str)> =
        plain.into_iter().chain([("client_secret", CLIENT_SECRET)]).chain(secret).collect();

    let mut input = Vec::new();
    let mut give = |name: &str, value: &str| input.extend_from_slice(format!("{name}\0{value}\0").as_bytes());
    give("leak.kept", KEPT);
    give("leak.freed", FREED);
    give("client_secret", CLIENT_SECRET);
    give("private_key", &protected);
    give("passphrase", PASSPHRASE);
    give("other passphrase", OTHER_PASSPHRASE);
    let mut command = Command::new(workshop.test_program("wiped"));
    // Else the linker saves the registers, and what a copy left in them, on the stack whenever it looks a function up.
    command.env_clear().env("LD_BIND_NOW", "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    match by {
        By::Name => {
            settings.iter().for_each(|(name, value)| give(&format!("set.{name}"), value));
            command.arg("set");
        }
        By::File => {
            let lines: Vec<String> = settings.iter().map(|(name, value)| format!("{name} = '{value}'\n")).collect();
            let file = workshop.write("bayar.toml", lines.concat());
            give("file", file.to_str().unwrap());
            command.arg("file");
        }
        By::Environment => {
            let variable = |name: &str| format!("BAYAR_{}", name.to_ascii_uppercase());
            command.envs(settings.iter().map(|(name, value)| (variable(name), *value))).arg("environment");
        }
    }
    input.push(0);

    let mut child = tool::start(&mut command);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&input).unwrap();
    sandbox.misbehave(Rule {
        on: Endpoint::Refund,
        times: 1,
        what: Misbehaviour::Code { http: 403, code: "4035815".to_owned() },
    });
    let mut stops = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        let Some(stop) = line.strip_prefix("stop: ") else { continue };
        let secrets = secrets(&bare, &protected, &sandbox);
        let controls = controls();
        let found = search(child.id(), &controls);
        for control in ["what was kept", "what was freed"] {
            assert!(found.keys().any(|(what, _)| what == control), "{stop}: {control} is not found");
        }
        let found = search(child.id(), &secrets);
        // The stack is never a place to keep one.
        let is_on_stack = |(_, place): &(String, String)| place == "[stack]";
        let left: Found = found
            .iter()
            .filter(|(key, _)| stop == "freed" || is_on_stack(key))
            .map(|(key, at)| (key.clone(), at.clone()))
            .collect();
        assert!(left.is_empty(), "{stop}, there is left:\n{}", describe(&left));
        if stop == "in use" {
            for what in ["the client secret", "a token", "the inner state", "the prime p, low end first"] {
                assert!(found.keys().any(|(found, _)| found == what), "{what} is not found where it must be");
            }
            // The next call needs a new token, and the old one has to go.
            sandbox.forget_tokens();
        }
        stops.push(stop.to_owned());
        stdin.write_all(b"\n").unwrap();
    }
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    let signed = ["a request was signed", "a token request was signed"];
    let lived = ["a client was made", "a payment was made", "in use", "freed"];
    assert_eq!(stops, [if by == By::Name { &signed[..] } else { &[] }, &lived].concat());
    assert_eq!(sandbox.counts().payments_made, 2);
    assert!(sandbox.counts().tokens_issued >= 2);
    assert_eq!(tunnel.tunnels() > 0, by == By::Name);
}

/// What the program leaks on purpose.
fn controls() -> Needles {
    let mut needles = Needles::default();
    needles.add("what was kept", KEPT.as_bytes());
    needles.add("what was freed", FREED.as_bytes());
    needles
}

fn secrets(bare: &str, protected: &str, sandbox: &Sandbox) -> Needles {
    let mut needles = Needles::default();
    needles.add("the client secret", CLIENT_SECRET.as_bytes());
    for (what, passphrase) in [("the passphrase", PASSPHRASE), ("the wrong passphrase", OTHER_PASSPHRASE)] {
        needles.add(what, passphrase.as_bytes());
        let wide: Vec<u8> = passphrase.encode_utf16().flat_map(u16::to_be_bytes).collect();
        needles.add(&format!("{what} in UTF-16"), &wide);
    }
    let (_, password) = PROXY_USER.split_once(':').unwrap();
    needles.add("the proxy's password", password.as_bytes());
    needles.add("the proxy's credentials in base64", STANDARD.encode(PROXY_USER).as_bytes());
    add_hmac_states(&mut needles);
    for (what, pem) in [("the key's text", bare), ("the protected key's text", protected)] {
        let text = base64_of(pem);
        needles.add(what, text.as_bytes());
        for line in pem.lines().filter(|line| !line.starts_with("-----") && line.len() == 64) {
            needles.add(&format!("a line of {what}"), line.as_bytes());
        }
    }
    add_numbers(&mut needles, bare);
    for seen in sandbox.seen() {
        let answer: serde_json::Value = serde_json::from_slice(&seen.answer_body).unwrap_or_default();
        if let Some(token) = answer["accessToken"].as_str() {
            needles.add("a token", token.as_bytes());
        }
        needles.add("a signature", seen.header("X-SIGNATURE").unwrap().as_bytes());
        let bytes = STANDARD.decode(seen.header("X-SIGNATURE").unwrap()).unwrap();
        needles.add("a signature's bytes", &bytes);
    }
    needles
}

/// Who has one of these signs as well as who has the secret (RFC 2104 section 4).
fn add_hmac_states(needles: &mut Needles) {
    let padded = |pad: u8, length: usize| -> Vec<u8> {
        let mut block: Vec<u8> = CLIENT_SECRET.bytes().chain(std::iter::repeat(0)).take(length).collect();
        block.iter_mut().for_each(|byte| *byte ^= pad);
        block
    };
    // SHA-2 begins with the roots of the first primes (FIPS 180-4 section 5.3).
    let begin_512: [u64; 8] = [
        0x6a09e667f3bcc908,
        0xbb67ae8584caa73b,
        0x3c6ef372fe94f82b,
        0xa54ff53a5f1d36f1,
        0x510e527fade682d1,
        0x9b05688c2b3e6c1f,
        0x1f83d9abfb41bd6b,
        0x5be0cd19137e2179,
    ];
    for (what, pad) in [("inner", 0x36), ("outer", 0x5c)] {
        let (block_512, block_256) = (padded(pad, 128), padded(pad, 64));
        needles.add(&format!("the {what} key block"), &block_512[..CLIENT_SECRET.len()]);
        let mut state_512 = begin_512;
        sha2::compress512(&mut state_512, &[*GenericArray::from_slice(&block_512)]);
        let mut state_256 = begin_512.map(|word| u32::try_from(word >> 32).unwrap());
        sha2::compress256(&mut state_256, &[*GenericArray::from_slice(&block_256)]);
        needles.add(&format!("the {what} state"), &state_512.map(u64::to_ne_bytes).concat());
        needles.add(&format!("the {what} state for ids"), &state_256.map(u32::to_ne_bytes).concat());
    }
    let mut ids = Hmac::<Sha256>::new_from_slice(CLIENT_SECRET.as_bytes()).unwrap();
    ids.update(b"bayar external id v1");
    needles.add("the key for ids", &ids.finalize().into_bytes());
}

fn base64_of(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

/// The private exponent, the primes and what is kept of them, as they are written and as machines keep them.
fn add_numbers(needles: &mut Needles, bare: &str) {
    let der = STANDARD.decode(base64_of(&keys::traditional(bare))).unwrap();
    let mut rest = content(&mut &der[..]);
    let numbers: Vec<&[u8]> = std::iter::from_fn(|| (!rest.is_empty()).then(|| content(&mut rest))).collect();
    let names = ["the private exponent", "the prime p", "the prime q", "d mod p-1", "d mod q-1", "the inverse of q"];
    // Before them come the version, the modulus and the public exponent (RFC 8017 A.1.2).
    assert_eq!(numbers.len(), 3 + names.len());
    for (name, number) in names.iter().zip(&numbers[3..]) {
        let number: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
        needles.add(name, &number);
        let turned: Vec<u8> = number.iter().rev().copied().collect();
        needles.add(&format!("{name}, low end first"), &turned);
    }
}

/// The content of the DER element that comes first, which is taken off.
fn content<'a>(der: &mut &'a [u8]) -> &'a [u8] {
    let (length, head) = match der[1] {
        short @ 0..=0x7f => (usize::from(short), 2),
        0x81 => (usize::from(der[2]), 3),
        _ => (usize::from(u16::from_be_bytes([der[2], der[3]])), 4),
    };
    let (element, rest) = der.split_at(head + length);
    *der = rest;
    &element[head..]
}
