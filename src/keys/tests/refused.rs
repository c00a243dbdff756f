//! Each way to give the wrong thing: its kind, its sentence, and that the command in the sentence mends it.

use super::*;
use KeyErrorKind::*;

/// Runs the command of the sentence, with `more` for what openssl would ask at the keyboard.
fn follow(bench: &Bench, error: &KeyError, more: &str) {
    let sentence = error.to_string();
    let (_, command) = sentence.split_once("with: ").unwrap();
    bench.run(&format!("{}{more}", command.split([',', '(']).next().unwrap().trim()));
}

fn bench_with_all() -> Bench {
    let bench = Bench::with_key("2048");
    bench.run("openssl pkey -in private.pem -pubout -out right-public.pem");
    bench.run("openssl req -x509 -key private.pem -subj /CN=toko -out certificate.pem");
    bench.run("openssl req -new -key private.pem -subj /CN=toko -out request.pem");
    bench
}

#[test]
fn other_things_in_the_place_of_a_private_key() {
    let bench = bench_with_all();
    bench.run("openssl rsa -in private.pem -RSAPublicKey_out -out pkcs1-public.pem");
    bench.run("openssl ecparam -name prime256v1 -genkey -out ec.pem");
    bench.run("openssl pkcs8 -topk8 -nocrypt -in ec.pem -out ec8.pem");
    bench.run("openssl genpkey -algorithm ed25519 -out ed25519.pem");
    bench.run("openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.pem");
    bench.run("openssl genrsa -out short.pem 1024");
    bench.run("openssl genrsa -out odd.pem 2432");
    bench.run("openssl genrsa -out half-step.pem 2560");
    bench.run("openssl genrsa -out long.pem 5120");
    bench.run("openssl genrsa -3 -out exponent.pem 2048");
    bench.run("openssl genrsa -primes 3 -out primes.pem 2048");
    bench.run("openssl ecparam -name prime256v1 -out parameters.pem");
    let rows = [
        ("right-public.pem", PublicInsteadOfPrivate, "this is a public key"),
        ("pkcs1-public.pem", PublicInsteadOfPrivate, "this is a public key"),
        ("certificate.pem", Certificate, "this is a certificate"),
        ("request.pem", Certificate, "certificate request"),
        ("ec.pem", NotRsa, "an EC key"),
        ("ec8.pem", NotRsa, "an EC key"),
        ("ed25519.pem", NotRsa, "an Ed25519 key"),
        ("pss.pem", Unsupported, "PSS"),
        ("short.pem", TooShort, "too short (1024 bits)"),
        ("odd.pem", Unsupported, "2432 bits"),
        ("half-step.pem", Unsupported, "2560 bits"),
        ("long.pem", Unsupported, "5120 bits"),
        ("exponent.pem", Unsupported, "exponent"),
        ("primes.pem", Unsupported, "two primes"),
        ("parameters.pem", NotPem, "holds no key"),
    ];
    for (name, kind, words) in rows {
        let error = refusal(bench.read(name), None);
        assert_eq!(error.kind(), kind, "{name}: {error}");
        assert!(error.to_string().contains(words), "{name}: {error}");
    }
}

#[test]
fn other_things_in_the_place_of_a_public_key() {
    let bench = bench_with_all();
    bench.run("openssl rsa -in private.pem -traditional -out pkcs1.pem");
    bench.run("openssl genrsa -out short.pem 1024");
    bench.run("openssl pkey -in short.pem -pubout -out short-public.pem");
    bench.run("openssl genpkey -algorithm ed25519 -out ed25519.pem");
    bench.run("openssl pkey -in ed25519.pem -pubout -out ed25519-public.pem");
    let rows = [
        ("private.pem", PrivateInsteadOfPublic),
        ("pkcs1.pem", PrivateInsteadOfPublic),
        ("ed25519.pem", PrivateInsteadOfPublic),
        ("request.pem", Certificate),
        ("certificate.pem", Certificate),
        ("short-public.pem", TooShort),
        ("ed25519-public.pem", NotRsa),
    ];
    for (name, kind) in rows {
        assert_eq!(public_refusal(bench.read(name)).kind(), kind, "{name}");
    }
    follow(&bench, &public_refusal(bench.read("private.pem")), "");
    assert_eq!(bench.read("public.pem"), bench.read("right-public.pem"));
    follow(&bench, &public_refusal(bench.read("certificate.pem")), "");
    assert_eq!(bench.read("public.pem"), bench.read("right-public.pem"));
}

#[test]
fn a_der_file_is_named_and_the_command_converts_it() {
    let bench = bench_with_all();
    let both = " -passin pass:x -passout pass:x";
    let rows = [
        ("openssl pkcs8 -topk8 -nocrypt -in private.pem -outform DER -out key.der", "key.der", ""),
        ("openssl rsa -in private.pem -traditional -outform DER -out key.der", "key.der", ""),
        ("openssl pkcs8 -topk8 -passout pass:x -in private.pem -outform DER -out key.der", "key.der", both),
        (
            "openssl pkcs12 -export -inkey private.pem -in certificate.pem -passout pass:x -out file.p12",
            "file.p12",
            both,
        ),
    ];
    let original = bench.read("private.pem");
    for (make, name, more) in rows {
        bench.write("private.pem", &original);
        bench.run(make);
        let error = refusal(bench.read(name), Some(b"x"));
        assert_eq!(error.kind(), NotPem, "{make}: {error}");
        follow(&bench, &error, more);
        let key = SigningKey::from_pem(&bench.read("private.pem"), Some(b"x")).unwrap();
        bench.write("private.pem", &original);
        bench.check_signature(&key);
    }
    let rows = [
        ("openssl pkey -in private.pem -pubout -outform DER -out key.der", "key.der", NotPem),
        ("openssl rsa -in private.pem -RSAPublicKey_out -outform DER -out key.der", "key.der", NotPem),
        ("openssl x509 -in certificate.pem -outform DER -out certificate.der", "certificate.der", Certificate),
    ];
    for (make, name, kind) in rows {
        bench.run(make);
        let error = public_refusal(bench.read(name));
        assert_eq!(error.kind(), kind, "{make}: {error}");
        follow(&bench, &error, "");
        assert_eq!(bench.read("public.pem"), bench.read("right-public.pem"), "{make}");
    }
    assert_eq!(refusal(bench.read("key.der"), None).kind(), PublicInsteadOfPrivate);
    assert_eq!(refusal(bench.read("certificate.der"), None).kind(), Certificate);
    bench.run("openssl rsa -in private.pem -outform DER -out key.der");
    assert_eq!(public_refusal(bench.read("key.der")).kind(), PrivateInsteadOfPublic);
}

#[test]
fn encryptions_that_are_not_supported_are_named_and_the_command_converts_them() {
    let bench = Bench::with_key("2048");
    let original = bench.read("private.pem");
    bench.run("openssl rsa -in private.pem -traditional -aes128 -passout pass:x -out old.pem");
    let error = refusal(bench.read("old.pem"), Some(b"x"));
    assert_eq!((error.kind(), error.to_string().contains("Proc-Type")), (Unsupported, true));
    follow(&bench, &error, " -passin pass:x -passout pass:x");
    assert!(SigningKey::from_pem(&bench.read("private.pem"), Some(b"x")).is_ok());

    bench.write("bare.pem", &original);
    bench.run("openssl pkcs8 -topk8 -v1 PBE-SHA1-2DES -passout pass:x -in bare.pem -out private.pem");
    let error = refusal(bench.read("private.pem"), Some(b"x"));
    assert_eq!((error.kind(), error.to_string().contains("1.2.840.113549.1.12.1.4")), (Unsupported, true));
    follow(&bench, &error, " -passin pass:x -passout pass:x");
    assert!(SigningKey::from_pem(&bench.read("new.pem"), Some(b"x")).is_ok());

    bench.run("openssl pkcs8 -topk8 -v2 camellia-256-cbc -passout pass:x -in bare.pem -out camellia.pem");
    assert_eq!(refusal(bench.read("camellia.pem"), Some(b"x")).kind(), Unsupported);
    follow(&bench, &refusal(bench.read("new.pem"), None), " -passin pass:x");
}

#[test]
fn an_openssh_key_is_named() {
    let error = refusal(pem("OPENSSH PRIVATE KEY", b"openssh-key-v1\0"), None);
    assert_eq!((error.kind(), error.to_string().contains("ssh-keygen -p -m PKCS8")), (Unsupported, true));
}

#[test]
fn things_that_are_no_key_at_all() {
    let bench = Bench::with_key("2048");
    let text = bench.text("private.pem");
    let body: String = text.lines().filter(|line| !line.contains("-----")).collect();
    let wide = |text: &str| [vec![0xFF, 0xFE], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    let rows: [(Vec<u8>, KeyErrorKind, &str); 13] = [
        (b"".to_vec(), NotPem, "empty"),
        (b" \r\n".to_vec(), NotPem, "empty"),
        (wide(&text), NotPem, "UTF-16"),
        (b"/etc/toko/private.pem".to_vec(), NotPem, "name of a file"),
        (b"C:\\toko\\private.pem".to_vec(), NotPem, "name of a file"),
        (body.into_bytes(), NotPem, "put -----BEGIN PRIVATE KEY-----"),
        (b"SK-hunter2".to_vec(), NotPem, "not a PEM key"),
        (vec![b'x'; 2 << 20], NotPem, "1 MiB"),
        (text.replace("-----BEGIN", "----BEGIN").into(), Damaged, "five dashes"),
        (text.replacen("KEY-----", "KEY", 1).into(), Damaged, "five dashes"),
        (text.replace("END PRIVATE", "END PUBLIC").into(), Damaged, "do not belong together"),
        (text.replace("-----END PRIVATE KEY-----", "").into(), Truncated, "END line"),
        (text.replacen('\n', "\n*", 3).into(), Damaged, "line 2 "),
    ];
    for (input, kind, words) in rows {
        let error = refusal(&input, None);
        assert_eq!(error.kind(), kind, "{words}: {error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    let lines: Vec<&str> = text.lines().collect();
    let headless = [&lines[..1], &lines[2..]].concat().join("\n");
    assert!(matches!(refusal(headless, None).kind(), Damaged | Truncated));
    let gap = [&lines[..20], &lines[23..]].concat().join("\n");
    assert_eq!(refusal(gap, None).kind(), Truncated);
    let twice = [&lines[..20], &lines[19..]].concat().join("\n");
    assert_eq!(refusal(twice, None).kind(), Damaged);
    // Within a prime. The private exponent before it may be anything: ring computes with the primes alone.
    let swapped = [&lines[..15], &[lines[16], lines[15]], &lines[17..]].concat().join("\n");
    assert_eq!(refusal(swapped, None).kind(), Damaged);
}
