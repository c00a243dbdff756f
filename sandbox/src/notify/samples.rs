//! One of each forgery and each form, and several of those that can be filled in, so that whoever tries them all forgets none:
//! a new one that is not in this table does not compile.

use super::notice::{Forgery, Form};

/// A list of all, from a table whose patterns have to cover the type.
macro_rules! one_of_each {
    ($kind:ty, $($pattern:pat => [$($sample:expr),+ $(,)?]),+ $(,)?) => {{
        // Never called: it compiles only if nothing was forgotten.
        let _covers = |one: &$kind| match one {
            $($pattern => (),)+
        };
        vec![$($($sample),+),+]
    }};
}

const SECURITY_HEADERS: [&str; 3] = ["X-TIMESTAMP", "X-SIGNATURE", "Authorization"];

impl Forgery {
    /// At least one of each, with different things filled in where it matters.
    #[must_use]
    pub fn samples() -> Vec<Forgery> {
        let text = str::to_owned;
        let mut samples = one_of_each!(Forgery,
            Forgery::TokenRequestWrongKey => [Forgery::TokenRequestWrongKey],
            Forgery::TokenRequestWrongClient => [Forgery::TokenRequestWrongClient],
            Forgery::TokenRequestStale { .. } => [
                Forgery::TokenRequestStale { age_s: 6 * 3600 },
                Forgery::TokenRequestStale { age_s: -6 * 3600 },
            ],
            Forgery::TokenRequestMissingHeader { .. } => [
                Forgery::TokenRequestMissingHeader { header: text("X-CLIENT-KEY") },
                Forgery::TokenRequestMissingHeader { header: text("X-TIMESTAMP") },
                Forgery::TokenRequestMissingHeader { header: text("X-SIGNATURE") },
            ],
            Forgery::TokenRequestDuplicateHeader { .. } => [
                Forgery::TokenRequestDuplicateHeader { header: text("X-CLIENT-KEY") },
                Forgery::TokenRequestDuplicateHeader { header: text("X-TIMESTAMP") },
                Forgery::TokenRequestDuplicateHeader { header: text("X-SIGNATURE") },
            ],
            Forgery::TokenRequestBody { .. } => [Forgery::TokenRequestBody { body: text(r#"{"grantType":"password"}"#) }],
            Forgery::WrongSecret => [Forgery::WrongSecret],
            Forgery::Stale { .. } => [Forgery::Stale { age_s: 6 * 3600 }, Forgery::Stale { age_s: -6 * 3600 }],
            Forgery::ChangedAmount => [Forgery::ChangedAmount],
            Forgery::ChangedStatus => [Forgery::ChangedStatus],
            Forgery::ExpiredToken { .. } => [
                Forgery::ExpiredToken { ended_s: 1 },
                Forgery::ExpiredToken { ended_s: 6 * 3600 },
            ],
            Forgery::UnknownToken => [Forgery::UnknownToken],
            Forgery::Token { .. } => [Forgery::Token { token: text("a.b") }, Forgery::Token { token: text("..") }],
            Forgery::AlgNone => [Forgery::AlgNone],
            Forgery::Hs256WithPublicKey { .. } => [Forgery::Hs256WithPublicKey { public_key_pem: None }],
            Forgery::OtherMerchantsToken => [Forgery::OtherMerchantsToken],
            Forgery::ChangedToken => [Forgery::ChangedToken],
            Forgery::SignatureCase => [Forgery::SignatureCase],
            Forgery::SignatureHex => [Forgery::SignatureHex],
            Forgery::OtherPath { .. } => [Forgery::OtherPath { path: text("/another/path") }],
            Forgery::DuplicateHeader { .. } => [Forgery::DuplicateHeader { header: text("X-PARTNER-ID") }],
            Forgery::MissingHeader { .. } => [Forgery::MissingHeader { header: text("X-SIGNATURE") }],
            Forgery::DuplicateKey => [Forgery::DuplicateKey],
            Forgery::DuplicateNestedKey => [Forgery::DuplicateNestedKey],
            Forgery::DuplicateEscapedKey => [Forgery::DuplicateEscapedKey],
            Forgery::WrongPartner => [Forgery::WrongPartner],
            Forgery::HugeBody { .. } => [
                Forgery::HugeBody { bytes: 64 * 1024 + 1 },
                Forgery::HugeBody { bytes: 10 * 1024 * 1024 },
            ],
        );
        samples.extend(SECURITY_HEADERS.map(|header| Forgery::DuplicateHeader { header: text(header) }));
        samples.extend(["X-TIMESTAMP", "Authorization"].map(|header| Forgery::MissingHeader { header: text(header) }));
        samples
    }
}

impl Form {
    /// One of each. `reference` is for the one whose body is given.
    #[must_use]
    pub fn samples(reference: &str) -> Vec<Form> {
        let body = format!(
            "{{ \"latestTransactionStatus\" : \"00\",\t\"originalPartnerReferenceNo\" : {} }}",
            serde_json::Value::from(reference)
        );
        one_of_each!(Form,
            Form::Compact => [Form::Compact],
            Form::Pretty => [Form::Pretty],
            Form::PrettySignedRaw => [Form::PrettySignedRaw],
            Form::Numbers => [Form::Numbers],
            Form::UnknownFields => [Form::UnknownFields],
            Form::Channel => [Form::Channel],
            Form::LineItems => [Form::LineItems],
            Form::Minimal => [Form::Minimal],
            Form::NonAscii => [Form::NonAscii],
            Form::EscapedNonAscii => [Form::EscapedNonAscii],
            Form::EscapedSlashes => [Form::EscapedSlashes],
            Form::ZuluTimestamp => [Form::ZuluTimestamp],
            Form::LowerCaseHeaders => [Form::LowerCaseHeaders],
            Form::Body(_) => [Form::Body(body)],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::mem::discriminant;

    /// A pattern beside another one's sample would leave a hole.
    #[test]
    fn each_is_there_in_its_own_name() {
        let forgeries = Forgery::samples();
        let kinds: HashSet<_> = forgeries.iter().map(discriminant).collect();
        assert_eq!(kinds.len(), 27);
        for (index, one) in forgeries.iter().enumerate() {
            assert!(!forgeries[index + 1..].contains(one), "{one:?} is there twice");
        }
        let forms = Form::samples("A \"1\"");
        let kinds: HashSet<_> = forms.iter().map(discriminant).collect();
        assert_eq!((kinds.len(), forms.len()), (14, 14));
    }
}
