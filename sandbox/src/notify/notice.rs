//! One notification on demand: what it says, in which form, and what is wrong with it.

/// What [`crate::Sandbox::deliver`] sends, once. Anything can be said about any reference, in any order: `03` after `00`,
/// `00` twice, `04` before `00`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The merchant's reference; one that the sandbox never saw is sent as well.
    pub partner_reference_no: String,
    /// `latestTransactionStatus`; `None` says how the payment stands.
    pub status: Option<String>,
    /// The amount, such as `10000.00`; `None` says the payment's own.
    pub amount: Option<String>,
    /// How the genuine content is written.
    pub form: Form,
    /// What is wrong with it.
    pub forgery: Option<Forgery>,
}

impl Notice {
    /// The truth about a payment, compact and genuine.
    #[must_use]
    pub fn about(partner_reference_no: &str) -> Notice {
        Notice {
            partner_reference_no: partner_reference_no.to_owned(),
            status: None,
            amount: None,
            form: Form::Compact,
            forgery: None,
        }
    }
}

/// Genuine ways of writing a notification. Each is signed correctly, over the minified body unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Without white space.
    Compact,
    /// With line breaks and spaces.
    Pretty,
    /// With line breaks and spaces, and signed over these very bytes.
    PrettySignedRaw,
    /// The status and the amount's value are JSON numbers.
    Numbers,
    /// Members that no document lists, at the top and within, one of them `null` and one a list.
    UnknownFields,
    /// `channel` in place of `channelId`, as one of DOKU's SDKs has it.
    Channel,
    /// `lineItems` at the top, `origin` within `additionalInfo`.
    LineItems,
    /// Only the two members without which there is no notification.
    Minimal,
    /// Text beyond ASCII, as it is.
    NonAscii,
    /// Text beyond ASCII as `\u` escapes.
    EscapedNonAscii,
    /// Every `/` as `\/`.
    EscapedSlashes,
    /// X-TIMESTAMP in UTC with milliseconds and a `Z`.
    ZuluTimestamp,
    /// Header names in lower case, and the word `bearer` as well.
    LowerCaseHeaders,
    /// Any bytes at all as the body.
    Body(String),
}

/// What is wrong with a notification, or with the request for a token before it. Everything else about it is genuine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forgery {
    /// The token is asked for with another key than DOKU's. Like all that begins with `Token…Request` this ends with
    /// the answer to the token request, whatever it is.
    TokenRequestWrongKey,
    /// The token is asked for in the name of another client, and signed so.
    TokenRequestWrongClient,
    /// The token is asked for with an old timestamp.
    TokenRequestStale {
        /// Seconds before the sandbox's clock; negative lies ahead of it.
        age_s: i64,
    },
    /// The token is asked for without this header.
    TokenRequestMissingHeader {
        /// Such as `X-SIGNATURE`.
        header: String,
    },
    /// The token is asked for with this header twice, both alike.
    TokenRequestDuplicateHeader {
        /// Such as `X-SIGNATURE`.
        header: String,
    },
    /// The token is asked for with another body, such as another `grantType`.
    TokenRequestBody {
        /// The body.
        body: String,
    },

    /// Signed with another secret.
    WrongSecret,
    /// An old timestamp, signed correctly: also what a genuine retry may look like.
    Stale {
        /// Seconds before the sandbox's clock; negative lies ahead of it.
        age_s: i64,
    },
    /// The amount was changed after signing.
    ChangedAmount,
    /// The status was changed after signing.
    ChangedStatus,
    /// A token of the merchant's own that has ended; everything is signed correctly with it.
    ExpiredToken {
        /// How long ago, in seconds by the sandbox's clock.
        ended_s: i64,
    },
    /// A token that nobody issued.
    UnknownToken,
    /// This token, whatever it is; everything is signed correctly with it.
    Token {
        /// The token.
        token: String,
    },
    /// The merchant's token under `alg: none`, without a signature.
    AlgNone,
    /// The merchant's token under `alg: HS256`, its public key taken for the secret.
    Hs256WithPublicKey {
        /// The public key as a forger finds it, in PEM; `None` takes that of the merchant in [`crate::Options`].
        public_key_pem: Option<String>,
    },
    /// The merchant's token, signed with another merchant's key.
    OtherMerchantsToken,
    /// One letter of the token's payload was changed after signing.
    ChangedToken,
    /// The case of one letter of X-SIGNATURE was changed.
    SignatureCase,
    /// X-SIGNATURE in hexadecimal rather than base64.
    SignatureHex,
    /// Signed for another path than the one it is posted to.
    OtherPath {
        /// That path.
        path: String,
    },
    /// This header twice, both alike.
    DuplicateHeader {
        /// Such as `X-SIGNATURE`.
        header: String,
    },
    /// This header is not there.
    MissingHeader {
        /// Such as `X-SIGNATURE`.
        header: String,
    },
    /// `latestTransactionStatus` twice, with two values.
    DuplicateKey,
    /// The amount's `value` twice, with two values.
    DuplicateNestedKey,
    /// `latestTransactionStatus` twice, the second time with an escaped letter in its name.
    DuplicateEscapedKey,
    /// X-PARTNER-ID of another client.
    WrongPartner,
    /// A body of this many bytes, signed correctly.
    HugeBody {
        /// 10 MiB, for example.
        bytes: usize,
    },
}
