//! A payment: what goes in, what comes out (protocol.md section 4).

use crate::amount::Amount;
use crate::checks;
use crate::error::{Error, Result};
use crate::journal::{Answer, Record, Source};
use crate::reference::Reference;
use crate::snap::extra::Extra;
use crate::snap::request::{Forms, PAYMENT_INFO_KEYS, PAYMENT_KEYS, PaymentBody};
use crate::snap::response::Reply;
use crate::snap::timestamp::{self, Form};
use std::borrow::Cow;

/// What the customer is to pay. Every setter checks its value at once and reports the field at fault.
#[derive(Clone)]
pub struct PaymentRequest {
    pub(crate) partner_reference_no: Reference,
    pub(crate) amount: Amount,
    pub(crate) channel: Option<String>,
    pub(crate) device_id: Option<String>,
    pub(crate) ip_address: Option<String>,
    return_url: Option<String>,
    is_deep_link: bool,
    valid_up_to_ms: Option<i64>,
    point_of_initiation: Option<String>,
    title: Option<String>,
    support_deep_link_checkout_url: Option<bool>,
    extra: Option<Extra>,
}

impl PaymentRequest {
    /// A payment of `amount` rupiah (`"10000"` or `"10000.00"`) under your own number `partner_reference_no`, 1 to 64
    /// characters. The number is the payment's identity: it is never paid twice.
    pub fn new(partner_reference_no: &str, amount: &str) -> Result<Self> {
        Ok(Self {
            partner_reference_no: Reference::parse("partner_reference_no", partner_reference_no)?,
            amount: Amount::parse(amount)?,
            channel: None,
            device_id: None,
            ip_address: None,
            return_url: None,
            is_deep_link: false,
            valid_up_to_ms: None,
            point_of_initiation: None,
            title: None,
            support_deep_link_checkout_url: None,
            extra: None,
        })
    }

    /// Where the customer goes after paying (`urlParam.url`): at most 512 characters that are legal in a URL. Without it
    /// that of the settings is sent. DOKU's SDKs make it mandatory.
    pub fn set_return_url(&mut self, url: &str) -> Result<()> {
        self.return_url = Some(checks::return_url("return_url", url)?);
        Ok(())
    }

    /// Whether the return URL opens an app (`urlParam.isDeepLink`); no by default.
    pub fn set_is_deep_link(&mut self, is_deep_link: bool) {
        self.is_deep_link = is_deep_link;
    }

    /// When the link dies (`validUpTo`): a date such as `2024-07-10T11:57:58+07:00`, with its zone and in the future.
    /// Without it the setting `payment_lifetime_s` counts from now.
    pub fn set_valid_up_to(&mut self, valid_up_to: &str) -> Result<()> {
        let field = "valid_up_to";
        match timestamp::parse(valid_up_to) {
            Some(moment) if moment.has_zone => {
                self.valid_up_to_ms = Some(moment.unix_ms);
                Ok(())
            }
            Some(_) => Err(Error::argument(field, "valid_up_to needs its time zone, such as +07:00 for Jakarta.")),
            None => Err(Error::argument(field, "valid_up_to is not a date such as 2024-07-10T11:57:58+07:00.")),
        }
    }

    /// Where the customer is (`pointOfInitiation`): `app`, `pc` or `mweb`.
    pub fn set_point_of_initiation(&mut self, point: &str) -> Result<()> {
        self.point_of_initiation = Some(checks::point_of_initiation("point_of_initiation", point)?);
        Ok(())
    }

    /// What the customer reads in DANA (`additionalInfo.orderTitle`): up to 255 characters of any script.
    pub fn set_title(&mut self, title: &str) -> Result<()> {
        self.title = Some(checks::text("title", title)?);
        Ok(())
    }

    /// Whether the checkout jumps into the DANA app (`additionalInfo.supportDeepLinkCheckoutUrl`) instead of a web view.
    pub fn set_support_deep_link_checkout_url(&mut self, on: bool) {
        self.support_deep_link_checkout_url = Some(on);
    }

    /// Another channel than that of the settings (`additionalInfo.channel`).
    pub fn set_channel(&mut self, channel: &str) -> Result<()> {
        self.channel = Some(checks::channel("channel", channel)?);
        Ok(())
    }

    /// The customer's device (X-DEVICE-ID): 1 to 64 letters and digits. Without it that of the settings is sent.
    pub fn set_device_id(&mut self, device_id: &str) -> Result<()> {
        self.device_id = Some(checks::device_id("device_id", device_id)?);
        Ok(())
    }

    /// The customer's IPv4 address (X-IP-ADDRESS).
    pub fn set_ip_address(&mut self, ip_address: &str) -> Result<()> {
        self.ip_address = Some(checks::ip_address("ip_address", ip_address)?);
        Ok(())
    }

    /// JSON members to add to the body, as one object: `{"additionalInfo":{"origin":{"source":"till"}}}`. They may only
    /// add: a member that has a setter is refused.
    pub fn set_extra_json(&mut self, json: &str) -> Result<()> {
        self.extra = Some(Extra::read(json, PAYMENT_KEYS, PAYMENT_INFO_KEYS)?);
        Ok(())
    }

    /// The request with the return URL of the settings where it has none of its own.
    pub(crate) fn or_return_url(&self, default: Option<&str>) -> Cow<'_, Self> {
        match (&self.return_url, default) {
            (None, Some(url)) => Cow::Owned(Self { return_url: Some(url.to_owned()), ..self.clone() }),
            _ => Cow::Borrowed(self),
        }
    }

    /// When the link dies, given the present and the default lifetime; refused when it is past.
    pub(crate) fn valid_up_to_ms(&self, now_ms: i64, lifetime_s: u64) -> Result<i64> {
        match self.valid_up_to_ms {
            None => Ok(now_ms.saturating_add(i64::try_from(lifetime_s).unwrap_or(i64::MAX).saturating_mul(1000))),
            Some(end) if end > now_ms => Ok(end),
            Some(end) => Err(Error::argument(
                "valid_up_to",
                format!(
                    "valid_up_to {} is past (this machine's clock says {}).",
                    timestamp::format(end, Form::Wib),
                    timestamp::format(now_ms, Form::Wib)
                ),
            )),
        }
    }

    /// The body of the request, for a system that does its own HTTP: hash and send these very bytes (P1). `channel` is
    /// used as it is; `valid_up_to_ms` is in milliseconds since 1970 UTC.
    pub fn body(&self, channel: &str, valid_up_to_ms: i64, forms: Forms) -> Result<Vec<u8>> {
        PaymentBody {
            partner_reference_no: self.partner_reference_no.as_str(),
            valid_up_to: &timestamp::format(valid_up_to_ms, Form::Wib),
            point_of_initiation: self.point_of_initiation.as_deref(),
            return_url: self.return_url.as_deref(),
            is_deep_link: self.is_deep_link,
            amount: self.amount,
            channel,
            title: self.title.as_deref(),
            support_deep_link_checkout_url: self.support_deep_link_checkout_url,
            extra: self.extra.as_ref(),
        }
        .write(forms)
    }
}

/// A payment that DOKU has taken: there is a link for the customer. It is not thereby paid; ask the status, or wait.
#[derive(Clone, Debug)]
pub struct Payment {
    pub(crate) partner_reference_no: String,
    pub(crate) amount: Amount,
    pub(crate) redirect_url: Option<String>,
    pub(crate) reference_no: Option<String>,
    pub(crate) external_id: String,
    pub(crate) valid_up_to: Option<String>,
    pub(crate) response_code: String,
    pub(crate) json: String,
    pub(crate) is_recorded: bool,
}

impl Payment {
    /// Reads the answer to the payment itself, or the status that proves it, which has no link; or says what a person
    /// has recorded.
    pub(crate) fn read(record: Record, answer: &Answer, is_recorded: bool) -> Result<Self> {
        let reply = answer.reply()?;
        let text = |name: &str| reply.as_ref().and_then(|reply| reply.text(name));
        let reference_no = if answer.is_about_status() { "originalReferenceNo" } else { "referenceNo" };
        Ok(Self {
            redirect_url: reply.as_ref().and_then(redirect_url),
            reference_no: text(reference_no),
            valid_up_to: (answer.source == Source::Request)
                .then(|| timestamp::format(record.attempt.valid_up_to_ms, Form::Wib)),
            response_code: reply.as_ref().and_then(Reply::code).map(|code| code.to_string()).unwrap_or_default(),
            json: answer.body.clone(),
            partner_reference_no: record.intent.reference,
            amount: record.intent.amount,
            external_id: record.attempt.external_id,
            is_recorded,
        })
    }

    /// Your own reference.
    pub fn partner_reference_no(&self) -> &str {
        &self.partner_reference_no
    }

    /// The amount.
    pub fn amount(&self) -> Amount {
        self.amount
    }

    /// The page to send the customer to (`webRedirectUrl`). `None` where the payment exists all the same: it is paid
    /// already, and was found by its status after its first answer was lost; or DOKU's answer had no link.
    pub fn redirect_url(&self) -> Option<&str> {
        self.redirect_url.as_deref()
    }

    /// DOKU's reference (`referenceNo`), if it gave one.
    pub fn reference_no(&self) -> Option<&str> {
        self.reference_no.as_deref()
    }

    /// The X-EXTERNAL-ID that it was sent under.
    pub fn external_id(&self) -> &str {
        &self.external_id
    }

    /// When the link dies, in Jakarta time; `None` where there is none because the payment was found by its status.
    pub fn valid_up_to(&self) -> Option<&str> {
        self.valid_up_to.as_deref()
    }

    /// The seven digits that DOKU answered.
    pub fn response_code(&self) -> &str {
        &self.response_code
    }

    /// All that DOKU answered, as JSON; empty where a person recorded the payment by hand.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Whether the journal has this result. False where writing it down failed (a full disk): it is true all the same,
    /// and is found again by asking DOKU.
    pub fn is_recorded(&self) -> bool {
        self.is_recorded
    }
}

/// The link in an answer: at the top or, in the SDKs' types, in `additionalInfo`.
pub(crate) fn redirect_url(reply: &Reply) -> Option<String> {
    reply
        .text("webRedirectUrl")
        .or_else(|| reply.text_in("additionalInfo", "webRedirectUrl"))
        .filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}
