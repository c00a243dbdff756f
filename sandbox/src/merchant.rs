//! The built-in test merchant, and the keys of the DOKU that is played for it. Everything here is published on purpose and
//! protects nothing (see `keys/README.md`).

/// Client id of the test merchant, in the shape DOKU gives out.
pub const TEST_CLIENT_ID: &str = "BRN-0000-1600000000000";

/// Client secret of the test merchant: public test material, not a secret.
pub const TEST_CLIENT_SECRET: &str = "SK-bayar-sandbox-test-merchant";

/// Private key of the test merchant (PKCS#8, RSA 2048): public test material, not a secret.
pub const TEST_PRIVATE_KEY_PEM: &str = include_str!("../keys/test-merchant-private.pem");

/// Public key that belongs to [`TEST_PRIVATE_KEY_PEM`].
pub const TEST_PUBLIC_KEY_PEM: &str = include_str!("../keys/test-merchant-public.pem");

/// Private key with which the sandbox, as DOKU, asks the merchant for a token: public test material, not a secret.
pub const TEST_DOKU_PRIVATE_KEY_PEM: &str = include_str!("../keys/test-doku-private.pem");

/// Public key that belongs to [`TEST_DOKU_PRIVATE_KEY_PEM`]: what a merchant would copy from DOKU's dashboard.
pub const TEST_DOKU_PUBLIC_KEY_PEM: &str = include_str!("../keys/test-doku-public.pem");

/// The private key that this DOKU changes to in a test of a rotation; see [`crate::Notifications::doku_private_key_pem`].
pub const TEST_DOKU_NEXT_PRIVATE_KEY_PEM: &str = include_str!("../keys/test-doku-next-private.pem");

/// Public key that belongs to [`TEST_DOKU_NEXT_PRIVATE_KEY_PEM`].
pub const TEST_DOKU_NEXT_PUBLIC_KEY_PEM: &str = include_str!("../keys/test-doku-next-public.pem");

/// Private key of somebody who is neither the merchant nor DOKU, for forgeries.
pub(crate) const STRANGER_PRIVATE_KEY_PEM: &str = include_str!("../keys/test-stranger-private.pem");
