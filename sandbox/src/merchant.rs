//! The built-in test merchant. Everything here is published on purpose and protects nothing (see `keys/README.md`).

/// Client id of the test merchant, in the shape DOKU gives out.
pub const TEST_CLIENT_ID: &str = "BRN-0000-1600000000000";

/// Client secret of the test merchant: public test material, not a secret.
pub const TEST_CLIENT_SECRET: &str = "SK-bayar-sandbox-test-merchant";

/// Private key of the test merchant (PKCS#8, RSA 2048): public test material, not a secret.
pub const TEST_PRIVATE_KEY_PEM: &str = include_str!("../keys/test-merchant-private.pem");

/// Public key that belongs to [`TEST_PRIVATE_KEY_PEM`].
pub const TEST_PUBLIC_KEY_PEM: &str = include_str!("../keys/test-merchant-public.pem");
