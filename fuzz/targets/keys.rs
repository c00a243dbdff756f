//! Keys: the input is PEM text or, where it begins as DER does, the structure in a PEM file. The numbers of iterations
//! that a file may ask for are smaller here than elsewhere (`src/keys/scheme.rs`), or nothing else would be tried.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bayar::keys::{KeyError, SigningKey, VerifyingKey};
use bayar_fuzz::assert_shown;
use libfuzzer_sys::fuzz_target;

/// That of the seeds. Nothing of it may be in a message.
const PASSPHRASE: &str = "Sandi-Rahasia-2026";

fuzz_target!(|input: &[u8]| {
    if input.first() == Some(&0x30) {
        let base64 = STANDARD.encode(input);
        let pem = |label: &str| format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n").into_bytes();
        private(&pem("PRIVATE KEY"));
        public(&pem("PUBLIC KEY"));
        let _ = signing(input).map(drop).map_err(described);
        let _ = bits_of_public(input);
        return;
    }
    private(input);
    public(input);
    spelled_otherwise(input);
});

fn private(pem: &[u8]) {
    let key = signing(pem);
    if let Ok(key) = &key {
        assert!([2048, 3072, 4096].contains(&key.bits().next_multiple_of(512)), "{key:?}");
        match key.sign(b"message") {
            Ok(signature) => assert_eq!(signature.len(), key.bits().div_ceil(8)),
            Err(error) => drop(described(error)),
        }
    }
    let key = bits(key);
    // Without a passphrase it is the same key, or encrypted; what is wrong before that is told either way.
    let bare = bits(SigningKey::from_pem(pem, None));
    let is_encrypted = bare.as_ref().is_err_and(|message| message.contains("no passphrase was given"));
    assert!(bare == key || is_encrypted, "{bare:?}, with a passphrase {key:?}");
}

fn public(pem: &[u8]) {
    let Ok(key) = VerifyingKey::from_pem(pem) else { return drop(bits_of_public(pem)) };
    assert!((2041..=8192).contains(&key.bits()), "{key:?}");
    assert!(!key.verify(b"message", &vec![7; key.bits().div_ceil(8)]), "a forged signature is taken");
}

/// Windows' line ends, and those spelled out for an environment variable, change nothing.
fn spelled_otherwise(pem: &[u8]) {
    let begins = pem.windows(11).any(|window| window == b"-----BEGIN ");
    if !begins || pem.iter().any(|byte| b"\\\r".contains(byte)) {
        return;
    }
    let (private, public) = (bits(signing(pem)), bits_of_public(pem));
    let lines: Vec<&[u8]> = pem.split(|&byte| byte == b'\n').collect();
    for end in [&b"\r\n"[..], b"\\n", b"\\\\n"] {
        let other = lines.join(end);
        assert_eq!(bits(signing(&other)), private);
        assert_eq!(bits_of_public(&other), public);
    }
}

fn signing(pem: &[u8]) -> Result<SigningKey, KeyError> {
    SigningKey::from_pem(pem, Some(PASSPHRASE.as_bytes()))
}

fn bits(key: Result<SigningKey, KeyError>) -> Result<usize, String> {
    key.map(|key| key.bits()).map_err(described)
}

fn bits_of_public(pem: &[u8]) -> Result<usize, String> {
    VerifyingKey::from_pem(pem).map(|key| key.bits()).map_err(described)
}

/// The message, with which nothing of the key or the passphrase gets out.
fn described(error: KeyError) -> String {
    let message = error.to_string();
    assert_shown(&message);
    assert!(message.is_ascii() && message.len() < 400, "{message}");
    assert!(!message.contains("Rahasia"), "{message}");
    let in_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let longest = message.split(|c| !in_base64(c)).map(str::len).max();
    assert!(longest < Some(20), "this could be a part of a key: {message}");
    message
}
