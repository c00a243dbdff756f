//! Files cut off at every byte, and changed at every byte: an error or a key comes out, never a panic.

use super::*;

/// A key that loads although it was changed must sign or say that it cannot.
fn try_both(text: &[u8]) -> bool {
    let public = VerifyingKey::from_pem(text).map(|key| key.verify(b"message", &[7; 256]));
    assert_ne!(public, Ok(true));
    match SigningKey::from_pem(text, Some(b"x")) {
        Ok(key) => key.sign(b"message").is_ok(),
        Err(error) => {
            assert!(error.to_string().len() > 20);
            false
        }
    }
}

/// The files, cheap enough to be opened some thousands of times.
fn files(bench: &Bench) -> Vec<(&'static str, Vec<u8>)> {
    let rows = [
        ("PRIVATE KEY", "openssl pkcs8 -topk8 -nocrypt -in private.pem"),
        ("RSA PRIVATE KEY", "openssl rsa -in private.pem -traditional"),
        ("ENCRYPTED PRIVATE KEY", "openssl pkcs8 -topk8 -in private.pem -passout pass:x -iter 1 -v1 PBE-SHA1-3DES"),
        ("ENCRYPTED PRIVATE KEY", "openssl pkcs8 -topk8 -in private.pem -passout pass:x -iter 1 -v2 aes-256-cbc"),
        (
            "ENCRYPTED PRIVATE KEY",
            "openssl pkcs8 -topk8 -in private.pem -passout pass:x -scrypt -scrypt_N 4 -scrypt_r 1 -scrypt_p 1",
        ),
        ("PUBLIC KEY", "openssl pkey -in private.pem -pubout"),
        ("RSA PUBLIC KEY", "openssl rsa -in private.pem -RSAPublicKey_out"),
    ];
    rows.iter()
        .map(|(label, make)| {
            bench.run(&format!("{make} -outform DER -out key.der"));
            (*label, bench.read("key.der"))
        })
        .collect()
}

#[test]
fn a_text_cut_off_anywhere_or_changed_anywhere() {
    let bench = Bench::with_key("2048");
    for (label, der) in files(&bench) {
        let text = pem(label, &der).into_bytes();
        assert_eq!(try_both(&text), label.contains("PRIVATE"));
        for at in 0..text.len() {
            try_both(&text[..at]);
            try_both(&text[at..]);
            let mut changed = text.clone();
            changed[at] ^= 1;
            try_both(&changed);
        }
    }
}

#[test]
fn a_structure_cut_off_anywhere_or_changed_anywhere() {
    let bench = Bench::with_key("2048");
    for (label, der) in files(&bench) {
        for at in 0..der.len() {
            assert!(!try_both(pem(label, &der[..at]).as_bytes()));
            assert!(!try_both(&der[..at]));
            for flip in [0x01, 0x80, 0xFF] {
                let mut changed = der.clone();
                changed[at] ^= flip;
                try_both(pem(label, &changed).as_bytes());
                assert!(!try_both(&changed));
            }
        }
    }
}
