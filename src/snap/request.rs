//! What is sent: the bodies, serialised once (P1), and the headers of protocol.md sections 4, 5, 7 and 10.

use super::extra::Extra;
use crate::amount::{Amount, CURRENCY};
use crate::error::{Error, Result};
use serde::Serialize;

/// The forms in which DOKU's documents disagree (protocol.md section 12); the defaults are the recommended sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    /// `validUpto`, as the older page spells it, instead of `validUpTo`.
    pub valid_upto_spelling: bool,
    /// `urlParam` as one object, as the page prints it, instead of an array of one.
    pub url_param_object: bool,
    /// `supportDeepLinkCheckoutUrl` as a boolean, as most SDKs send it, instead of a string.
    pub deep_link_boolean: bool,
}

/// The contents of a payment request, in DOKU's words.
pub(crate) struct PaymentBody<'a> {
    pub(crate) partner_reference_no: &'a str,
    pub(crate) valid_up_to: &'a str,
    pub(crate) point_of_initiation: Option<&'a str>,
    pub(crate) return_url: Option<&'a str>,
    pub(crate) is_deep_link: bool,
    pub(crate) amount: Amount,
    pub(crate) channel: &'a str,
    pub(crate) title: Option<&'a str>,
    pub(crate) support_deep_link_checkout_url: Option<bool>,
    pub(crate) extra: Option<&'a Extra>,
}

/// The contents of a refund request.
pub(crate) struct RefundBody<'a> {
    pub(crate) original_partner_reference_no: &'a str,
    pub(crate) original_external_id: Option<&'a str>,
    pub(crate) amount: Amount,
    pub(crate) partner_refund_no: &'a str,
    pub(crate) reason: Option<&'a str>,
    pub(crate) channel: &'a str,
    pub(crate) extra: Option<&'a Extra>,
}

/// What the payment's builder writes itself and extras may therefore not.
pub(crate) const PAYMENT_KEYS: &[&str] =
    &["partnerReferenceNo", "validUpTo", "validUpto", "pointOfInitiation", "urlParam", "amount", "additionalInfo"];
/// The same within `additionalInfo`.
pub(crate) const PAYMENT_INFO_KEYS: &[&str] = &["channel", "orderTitle", "supportDeepLinkCheckoutUrl"];
/// What the refund's builder writes itself.
pub(crate) const REFUND_KEYS: &[&str] = &[
    "originalPartnerReferenceNo",
    "originalExternalId",
    "refundAmount",
    "partnerRefundNo",
    "reason",
    "additionalInfo",
];
/// The same within `additionalInfo`.
pub(crate) const REFUND_INFO_KEYS: &[&str] = &["channel"];

impl PaymentBody<'_> {
    pub(crate) fn write(&self, forms: Forms) -> Result<Vec<u8>> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            partner_reference_no: &'a str,
            #[serde(rename = "validUpTo", skip_serializing_if = "Option::is_none")]
            valid_up_to: Option<&'a str>,
            #[serde(rename = "validUpto", skip_serializing_if = "Option::is_none")]
            valid_upto: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            point_of_initiation: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            url_param: Option<OneOrMany<UrlParam<'a>>>,
            amount: Money,
            additional_info: Info<'a>,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct UrlParam<'a> {
            url: &'a str,
            r#type: &'static str,
            is_deep_link: &'static str,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Info<'a> {
            channel: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            order_title: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            support_deep_link_checkout_url: Option<Flag>,
        }
        let url_param = self.return_url.map(|url| {
            let is_deep_link = if self.is_deep_link { "Y" } else { "N" };
            let param = UrlParam { url, r#type: "PAY_RETURN", is_deep_link };
            if forms.url_param_object { OneOrMany::One(param) } else { OneOrMany::Many([param]) }
        });
        let support_deep_link_checkout_url =
            self.support_deep_link_checkout_url.map(|on| match forms.deep_link_boolean {
                true => Flag::Boolean(on),
                false => Flag::Text(if on { "true" } else { "false" }),
            });
        let wire = Wire {
            partner_reference_no: self.partner_reference_no,
            valid_up_to: (!forms.valid_upto_spelling).then_some(self.valid_up_to),
            valid_upto: forms.valid_upto_spelling.then_some(self.valid_up_to),
            point_of_initiation: self.point_of_initiation,
            url_param,
            amount: Money::from(self.amount),
            additional_info: Info { channel: self.channel, order_title: self.title, support_deep_link_checkout_url },
        };
        finish(&wire, self.extra)
    }
}

impl RefundBody<'_> {
    pub(crate) fn write(&self) -> Result<Vec<u8>> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            original_partner_reference_no: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            original_external_id: Option<&'a str>,
            refund_amount: Money,
            partner_refund_no: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<&'a str>,
            additional_info: Info<'a>,
        }
        #[derive(Serialize)]
        struct Info<'a> {
            channel: &'a str,
        }
        let wire = Wire {
            original_partner_reference_no: self.original_partner_reference_no,
            original_external_id: self.original_external_id,
            refund_amount: Money::from(self.amount),
            partner_refund_no: self.partner_refund_no,
            reason: self.reason,
            additional_info: Info { channel: self.channel },
        };
        finish(&wire, self.extra)
    }
}

/// The body of a status request: the merchant's reference and the service code, of which 55 is what all SDKs of DOKU send and 54
/// what ASPI means (protocol.md section 7).
pub fn status_body(original_partner_reference_no: &str, service_code: &str) -> Result<Vec<u8>> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Wire<'a> {
        original_partner_reference_no: &'a str,
        service_code: &'a str,
    }
    to_bytes(&Wire { original_partner_reference_no, service_code })
}

#[derive(Serialize)]
struct Money {
    value: String,
    currency: &'static str,
}

impl From<Amount> for Money {
    fn from(amount: Amount) -> Self {
        Self { value: amount.to_string(), currency: CURRENCY }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many([T; 1]),
}

#[derive(Serialize)]
#[serde(untagged)]
enum Flag {
    Boolean(bool),
    Text(&'static str),
}

fn finish(wire: &impl Serialize, extra: Option<&Extra>) -> Result<Vec<u8>> {
    let body = to_bytes(wire)?;
    Ok(match extra {
        Some(extra) => extra.append_to(body),
        None => body,
    })
}

fn to_bytes(wire: &impl Serialize) -> Result<Vec<u8>> {
    let mut body = Vec::with_capacity(512);
    match serde_json::to_writer(&mut body, wire) {
        Ok(()) => Ok(body),
        Err(problem) => Err(Error::internal(format!("The request could not be written as JSON: {problem}."))),
    }
}

/// The headers of one request, named exactly as on the wire, in the order in which they are sent.
pub struct Headers<'a> {
    /// X-TIMESTAMP.
    pub timestamp: &'a str,
    /// X-SIGNATURE.
    pub signature: &'a str,
    /// X-PARTNER-ID: the client id.
    pub partner_id: &'a str,
    /// X-EXTERNAL-ID.
    pub external_id: &'a str,
    /// Authorization: `Bearer <token>`.
    pub authorization: &'a str,
    /// X-DEVICE-ID, of payments and refunds.
    pub device_id: Option<&'a str>,
    /// X-IP-ADDRESS.
    pub ip_address: Option<&'a str>,
    /// CHANNEL-ID.
    pub channel_id: Option<&'a str>,
}

impl<'a> Headers<'a> {
    /// Name and value of each header that is sent.
    pub fn list(&self) -> Vec<(&'static str, &'a str)> {
        let mut list = Vec::with_capacity(9);
        list.extend([
            ("Content-Type", "application/json"),
            ("X-TIMESTAMP", self.timestamp),
            ("X-SIGNATURE", self.signature),
            ("X-PARTNER-ID", self.partner_id),
            ("X-EXTERNAL-ID", self.external_id),
            ("Authorization", self.authorization),
        ]);
        let optional =
            [("X-DEVICE-ID", self.device_id), ("X-IP-ADDRESS", self.ip_address), ("CHANNEL-ID", self.channel_id)];
        list.extend(optional.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))));
        list
    }
}

/// The headers of a token request.
pub fn token_headers<'a>(timestamp: &'a str, signature: &'a str, client_id: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("Content-Type", "application/json"),
        ("X-TIMESTAMP", timestamp),
        ("X-SIGNATURE", signature),
        ("X-CLIENT-KEY", client_id),
    ]
}
