//! Keys as openssl makes them: each loads, signs, and openssl accepts the signature.

use super::*;

#[test]
fn every_size_signs_in_pkcs8_and_pkcs1() {
    for bits in ["2048", "3072", "4096"] {
        let bench = Bench::with_key(bits);
        bench.run("openssl rsa -in private.pem -traditional -out pkcs1.pem");
        bench.run("openssl pkcs8 -topk8 -nocrypt -in private.pem -out pkcs8.pem");
        assert!(bench.text("pkcs1.pem").contains("BEGIN RSA PRIVATE KEY"));
        for name in ["pkcs1.pem", "pkcs8.pem"] {
            let key = bench.signing_key(name);
            assert_eq!(key.bits().to_string(), bits);
            assert_eq!(format!("{key:?}"), format!("SigningKey(RSA {bits})"));
            bench.check_signature(&key);
        }
    }
}

#[test]
fn both_forms_of_a_public_key_verify_what_openssl_signed() {
    let bench = Bench::with_key("2048");
    bench.run("openssl pkey -in private.pem -pubout -out spki.pem");
    bench.run("openssl rsa -in private.pem -RSAPublicKey_out -out pkcs1.pem");
    bench.write("message", "a token request");
    bench.run("openssl dgst -sha256 -sign private.pem -out signature message");
    for name in ["spki.pem", "pkcs1.pem"] {
        let key = bench.verifying_key(name);
        assert_eq!(format!("{key:?}"), "VerifyingKey(RSA 2048)");
        assert_eq!(key.bits(), 2048);
        assert!(key.verify(b"a token request", &bench.read("signature")));
        assert!(!key.verify(b"another request", &bench.read("signature")));
        assert!(!key.verify(b"a token request", b""));
    }
}

#[test]
fn a_public_key_may_be_larger_and_have_a_small_exponent() {
    let bench = Bench::with_key("-3 2432");
    bench.run("openssl pkey -in private.pem -pubout -out public.pem");
    bench.write("message", "x");
    bench.run("openssl dgst -sha256 -sign private.pem -out signature message");
    assert!(bench.verifying_key("public.pem").verify(b"x", &bench.read("signature")));
}

/// The first row is the command on DOKU's own page (`protocol.md` section 2).
const SCHEMES: [&str; 12] = [
    "-v1 PBE-SHA1-3DES",
    "-v1 PBE-SHA1-3DES -iter 1",
    "-v2 aes-256-cbc",
    "-v2 aes-192-cbc",
    "-v2 aes-128-cbc -iter 10000",
    "-v2 aes-256-cbc -v2prf hmacWithSHA1",
    "-v2 aes-256-cbc -v2prf hmacWithSHA224",
    "-v2 aes-256-cbc -v2prf hmacWithSHA384",
    "-v2 aes-256-cbc -v2prf hmacWithSHA512",
    "-v2 des3",
    "-scrypt",
    "-scrypt -scrypt_N 1024 -scrypt_r 4 -scrypt_p 2",
];

/// ASCII, none, two and three bytes a letter, a letter beyond the BMP, Latin-1 that is not UTF-8, longer than a block.
const PASSPHRASES: [&[u8]; 7] = [
    b"rahasia 123!",
    b"",
    "kunci-Straße-€".as_bytes(),
    "支付密码".as_bytes(),
    "kunci \u{1F511}".as_bytes(),
    b"Stra\xDFe",
    b"seventy letters so that both of the hash's blocks are full and then some more",
];

#[test]
fn every_encryption_opens_with_every_passphrase() {
    let bench = Bench::with_key("2048");
    for scheme in SCHEMES {
        for passphrase in PASSPHRASES {
            bench.write("passphrase", [passphrase, b"\n"].concat());
            bench.run(&format!(
                "openssl pkcs8 -topk8 {scheme} -passout file:passphrase -in private.pem -out encrypted.pem"
            ));
            let file = bench.read("encrypted.pem");
            let key = SigningKey::from_pem(&file, Some(passphrase))
                .unwrap_or_else(|error| panic!("{scheme} {passphrase:?}: {error}"));
            bench.check_signature(&key);
            assert_eq!(refusal(&file, None).kind(), KeyErrorKind::PassphraseMissing);
            assert_eq!(refusal(&file, Some(b"wrong")).kind(), KeyErrorKind::PassphraseWrong);
        }
    }
}

#[test]
fn a_passphrase_that_is_not_needed_is_ignored() {
    let bench = Bench::with_key("2048");
    assert!(SigningKey::from_pem(&bench.read("private.pem"), Some(b"left over")).is_ok());
}

#[test]
fn keys_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<SigningKey>();
    shared::<VerifyingKey>();
    shared::<KeyError>();
}
