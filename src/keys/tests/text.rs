//! What people do to a PEM text before it arrives, and that it still loads.

use super::*;

#[test]
fn a_key_survives_what_editors_and_environments_do_to_it() {
    let bench = Bench::with_key("2048");
    let text = bench.text("private.pem");
    let one_line = text.trim().replace('\n', "\\n");
    let forms = [
        ("Windows line ends", text.replace('\n', "\r\n")),
        ("old Mac line ends", text.replace('\n', "\r")),
        ("no line end at the end", text.trim().to_owned()),
        ("line ends spelled out", one_line.clone()),
        ("spelled out with \\r", text.replace('\n', "\\r\\n")),
        ("spelled out twice", text.replace('\n', "\\\\n")),
        ("double quotes", format!("\"{one_line}\"")),
        ("single quotes", format!("'{text}'")),
        ("escaped quotes", format!("\\\"{one_line}\\\"")),
        ("spaces for line ends", text.replace('\n', " ")),
        ("indented", text.replace('\n', "\n    ")),
        ("space at the ends of lines", text.replace('\n', "  \n")),
        ("byte order mark", format!("\u{FEFF}{text}")),
        ("white space around", format!("\n\n \t{text}\n\n")),
        ("no padding", text.replace('=', "")),
        ("text around", format!("Kunci toko 7\nC:\\new\\keys\n{text}jangan hilang!\n")),
        ("Bag Attributes", format!("Bag Attributes\n    localKeyID: 01 02\nKey Attributes: <No Attributes>\n{text}")),
        ("another label", text.replace("PRIVATE KEY", "RSA PRIVATE KEY")),
    ];
    for (what, form) in forms {
        let key = SigningKey::from_pem(form.as_bytes(), None).unwrap_or_else(|error| panic!("{what}: {error}"));
        bench.check_signature(&key);
    }
}

#[test]
fn a_public_key_survives_it_too() {
    let bench = Bench::with_key("2048");
    bench.run("openssl pkey -in private.pem -pubout -out public.pem");
    let text = bench.text("public.pem");
    for form in [format!("'{}'", text.replace('\n', "\\n")), text.replace('\n', "\r\n"), format!("\u{FEFF}{text}")] {
        VerifyingKey::from_pem(form.as_bytes()).unwrap();
    }
}

#[test]
fn of_several_blocks_the_first_key_of_the_wanted_kind_counts() {
    let bench = Bench::with_key("2048");
    bench.run("openssl genrsa -out second.pem 3072");
    bench.run("openssl pkey -in second.pem -pubout -out public.pem");
    bench.run("openssl req -x509 -key second.pem -subj /CN=toko -out certificate.pem");
    let all = ["certificate.pem", "public.pem", "private.pem", "second.pem"].map(|name| bench.text(name)).concat();
    assert_eq!(SigningKey::from_pem(all.as_bytes(), None).unwrap().bits(), 2048);
    assert_eq!(VerifyingKey::from_pem(all.as_bytes()).unwrap().bits(), 3072);
}

#[test]
fn what_openssl_takes_out_of_a_pkcs12_file_loads_as_it_is() {
    let bench = Bench::with_key("2048");
    bench.run("openssl req -x509 -key private.pem -subj /CN=toko -out certificate.pem");
    bench.run("openssl pkcs12 -export -inkey private.pem -in certificate.pem -name toko -passout pass:x -out file.p12");
    bench.run("openssl pkcs12 -in file.p12 -passin pass:x -passout pass:kunci -out both.pem");
    let both = bench.read("both.pem");
    assert!(bench.text("both.pem").starts_with("Bag Attributes"));
    bench.check_signature(&SigningKey::from_pem(&both, Some(b"kunci")).unwrap());
}
