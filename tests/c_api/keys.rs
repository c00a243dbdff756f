//! Keys as the real openssl makes them.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::tool;

/// An RSA key as PKCS#8.
pub(crate) fn rsa(bits: u32) -> String {
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")], "")
}

/// A key on the curve P-256 as PKCS#8.
pub(crate) fn elliptic() -> String {
    openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "")
}

pub(crate) fn public_of(private: &str) -> String {
    openssl(&["pkey", "-pubout"], private)
}

/// The same key as PKCS#1.
pub(crate) fn traditional(private: &str) -> String {
    openssl(&["rsa", "-traditional"], private)
}

/// The same key as PKCS#8 under a passphrase.
pub(crate) fn protected(private: &str, passphrase: &str, scheme: &[&str]) -> String {
    let pass = format!("pass:{passphrase}");
    openssl(&[&["pkcs8", "-topk8", "-passout", &pass], scheme].concat(), private)
}

fn openssl(arguments: &[&str], input: &str) -> String {
    let mut command = Command::new("openssl");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = tool::start(&mut command);
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
