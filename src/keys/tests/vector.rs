//! The signature that another payment company publishes with its key: `tests/vectors/published/asymmetric.json`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

#[test]
fn the_published_signature_is_made_and_verified() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/published/asymmetric.json");
    let vector: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let field = |name: &str| vector[name].as_str().unwrap().as_bytes();
    let signature = STANDARD.decode(field("signature_base64")).unwrap();

    let private = SigningKey::from_pem(field("private_key_pem"), None).unwrap();
    assert_eq!(private.sign(field("string_to_sign")).unwrap(), signature);

    let public = VerifyingKey::from_pem(field("public_key_pem")).unwrap();
    assert!(public.verify(field("string_to_sign"), &signature));
    assert!(!public.verify(field("client_id"), &signature));
    for at in 0..signature.len() {
        let mut forged = signature.clone();
        forged[at] ^= 1;
        assert!(!public.verify(field("string_to_sign"), &forged));
    }
    for length in 0..signature.len() {
        assert!(!public.verify(field("string_to_sign"), &signature[..length]));
    }
}
