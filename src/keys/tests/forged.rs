//! Encrypted keys that no program would write: every cost is refused before it is paid, every odd part is survived.

use super::*;
use std::time::{Duration, Instant};

const PBES2: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
const PBKDF2: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
const SCRYPT: &[u8] = b"\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x04\x0b";
const PBE_SHA1_3DES: &[u8] = b"\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03";
const AES_256: &[u8] = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
const DES3: &[u8] = b"\x06\x08\x2a\x86\x48\x86\xf7\x0d\x03\x07";

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    assert!(body.len() < 256);
    let length = if body.len() < 128 { vec![body.len() as u8] } else { vec![0x81, body.len() as u8] };
    [vec![tag], length, body].concat()
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, parts)
}

fn octets(content: &[u8]) -> Vec<u8> {
    tlv(4, &[content])
}

fn number(value: u64) -> Vec<u8> {
    let bytes = [&[0][..], &value.to_be_bytes()].concat();
    let zeros = bytes.windows(2).take_while(|pair| pair[0] == 0 && pair[1] < 128).count();
    tlv(2, &[&bytes[zeros..]])
}

fn outcome(scheme: &[u8], data: &[u8]) -> KeyErrorKind {
    let file = pem("ENCRYPTED PRIVATE KEY", &sequence(&[scheme, &octets(data)]));
    let start = Instant::now();
    let kind = refusal(file, Some(b"passphrase")).kind();
    assert!(start.elapsed() < Duration::from_secs(20));
    kind
}

fn pbes2(derivation: &[u8], cipher: &[u8], vector: &[u8]) -> KeyErrorKind {
    let encryption = sequence(&[cipher, &octets(vector)]);
    outcome(&sequence(&[PBES2, &sequence(&[derivation, &encryption])]), &[0; 32])
}

fn pbkdf2(iterations: &[u8]) -> Vec<u8> {
    sequence(&[PBKDF2, &sequence(&[&octets(b"saltsalt"), iterations])])
}

fn scrypt(cost: u64, block: u64, parallel: u64) -> KeyErrorKind {
    let numbers = [number(cost), number(block), number(parallel)].concat();
    pbes2(&sequence(&[SCRYPT, &sequence(&[&octets(b"saltsalt"), &numbers])]), AES_256, &[0; 16])
}

#[test]
fn what_would_take_too_long_is_refused_at_once() {
    use KeyErrorKind::*;
    assert_eq!(pbes2(&pbkdf2(&number(1)), AES_256, &[0; 16]), PassphraseWrong);
    assert_eq!(pbes2(&pbkdf2(&number(10_000_001)), AES_256, &[0; 16]), Unsupported);
    assert_eq!(pbes2(&pbkdf2(&number(u64::MAX)), AES_256, &[0; 16]), Unsupported);
    assert_eq!(pbes2(&pbkdf2(&number(0)), AES_256, &[0; 16]), Damaged);
    assert_eq!(pbes2(&pbkdf2(&[2, 1, 0xFF]), AES_256, &[0; 16]), Damaged);
    for (iterations, kind) in [(1, PassphraseWrong), (0, Damaged), (10_000_001, Unsupported), (u64::MAX, Unsupported)] {
        let parameters = sequence(&[&octets(b"saltsalt"), &number(iterations)]);
        assert_eq!(outcome(&sequence(&[PBE_SHA1_3DES, &parameters]), &[0; 32]), kind);
    }
    assert_eq!(scrypt(2, 1, 1), PassphraseWrong);
    assert_eq!(scrypt(1 << 18, 8, 1), PassphraseWrong, "just within 256 MiB");
    assert_eq!(scrypt(1 << 19, 8, 1), Unsupported);
    assert_eq!(scrypt(1 << 18, 8, 5), Unsupported);
    assert_eq!(scrypt(2, 1, u32::MAX.into()), Unsupported);
    assert_eq!(scrypt(2, u32::MAX.into(), 1), Unsupported);
    assert_eq!(scrypt(1 << 63, u32::MAX.into(), u32::MAX.into()), Unsupported);
    for (cost, block, parallel) in [(0, 8, 1), (1, 8, 1), (3, 8, 1), (2, 0, 1), (2, 8, 0), (1 << 17, 1, 1)] {
        assert_eq!(scrypt(cost, block, parallel), Damaged, "{cost} {block} {parallel}");
    }
}

#[test]
fn odd_parts_are_survived() {
    use KeyErrorKind::*;
    for length in 0..20 {
        let vector = vec![0; length];
        let aes = if length == 16 { PassphraseWrong } else { Damaged };
        let des = if length == 8 { PassphraseWrong } else { Damaged };
        assert_eq!(pbes2(&pbkdf2(&number(1)), AES_256, &vector), aes);
        assert_eq!(pbes2(&pbkdf2(&number(1)), DES3, &vector), des);
    }
    let scheme = |salt: &[u8]| sequence(&[PBE_SHA1_3DES, &sequence(&[&octets(salt), &number(1)])]);
    for salt in [&b""[..], b"1", &[7; 64], &[7; 65]] {
        assert_eq!(outcome(&scheme(salt), &[0; 32]), PassphraseWrong);
    }
    for length in [0, 1, 7, 9, 31] {
        assert_eq!(outcome(&scheme(b"salt"), &vec![0; length]), Damaged);
    }
    let wrong_length = sequence(&[PBKDF2, &sequence(&[&octets(b"salt"), &number(1), &number(31)])]);
    assert_eq!(pbes2(&wrong_length, AES_256, &[0; 16]), Damaged);
    let unknown_hash = sequence(&[PBKDF2, &sequence(&[&octets(b"salt"), &number(1), &sequence(&[AES_256])])]);
    assert_eq!(pbes2(&unknown_hash, AES_256, &[0; 16]), Unsupported);
    assert_eq!(pbes2(&sequence(&[PBES2]), AES_256, &[0; 16]), Unsupported);
    assert_eq!(outcome(&sequence(&[PBES2]), &[0; 32]), Damaged);
    assert_eq!(outcome(&sequence(&[]), &[0; 32]), Damaged);
}

#[test]
fn damage_behind_a_right_passphrase_is_not_blamed_on_the_passphrase() {
    let bench = Bench::with_key("2048");
    for scheme in ["-v1 PBE-SHA1-3DES", "-v2 aes-256-cbc"] {
        bench.run(&format!(
            "openssl pkcs8 -topk8 {scheme} -passout pass:x -in private.pem -outform DER -out encrypted.der"
        ));
        let whole = bench.read("encrypted.der");
        let mut end = whole.clone();
        *end.last_mut().unwrap() ^= 1;
        let mut middle = whole.clone();
        middle[whole.len() * 5 / 8] ^= 1; // in the second prime
        for damaged in [end, middle] {
            let file = pem("ENCRYPTED PRIVATE KEY", &damaged);
            assert_eq!(refusal(file, Some(b"x")).kind(), KeyErrorKind::Damaged, "{scheme}");
        }
    }
}
