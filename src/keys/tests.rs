//! The keys module against the real `openssl` program and against damaged files.
//!
//! Nothing here trusts this module to check itself: keys are made, and signatures verified, by openssl.

mod forged;
mod mangled;
mod real;
mod refused;
mod text;
mod vector;

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{KeyError, KeyErrorKind, SigningKey, VerifyingKey};

/// A directory of its own for openssl's files, gone at the end of the test.
struct Bench(PathBuf);

impl Bench {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("bayar-keys-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir(&directory).unwrap();
        Self(directory)
    }

    /// A bench with a fresh `private.pem`.
    fn with_key(bits: &str) -> Self {
        let bench = Self::new();
        bench.run(&format!("openssl genrsa -out private.pem {bits}"));
        bench
    }

    fn try_run(&self, command: &str) -> Result<(), String> {
        let mut words = command.split(' ');
        let mut process = Command::new(words.next().unwrap());
        let output = process.args(words).current_dir(&self.0).output().map_err(|error| error.to_string())?;
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }

    fn run(&self, command: &str) {
        if let Err(error) = self.try_run(command) {
            panic!("{command}: {error}");
        }
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(name), content).unwrap();
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    fn signing_key(&self, name: &str) -> SigningKey {
        SigningKey::from_pem(&self.read(name), None).unwrap()
    }

    fn verifying_key(&self, name: &str) -> VerifyingKey {
        VerifyingKey::from_pem(&self.read(name)).unwrap()
    }

    /// Signs, and lets openssl judge by `private.pem`.
    fn check_signature(&self, key: &SigningKey) {
        let message = b"MCH-0008-1|2026-11-22T09:31:00+07:00";
        self.write("message", message);
        self.write("signature", key.sign(message).unwrap());
        self.run("openssl dgst -sha256 -prverify private.pem -signature signature message");
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn refusal(pem: impl AsRef<[u8]>, passphrase: Option<&[u8]>) -> KeyError {
    SigningKey::from_pem(pem.as_ref(), passphrase).unwrap_err()
}

fn public_refusal(pem: impl AsRef<[u8]>) -> KeyError {
    VerifyingKey::from_pem(pem.as_ref()).unwrap_err()
}

/// PEM as openssl writes it.
fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
