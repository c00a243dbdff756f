//! A refund: what goes in, what comes out (protocol.md section 5).

use crate::amount::Amount;
use crate::checks;
use crate::error::Result;
use crate::journal::{Answer, Record, Source};
use crate::reference::Reference;
use crate::snap::extra::Extra;
use crate::snap::request::{REFUND_INFO_KEYS, REFUND_KEYS, RefundBody};
use crate::snap::response::Reply;
use crate::status::{FoundRefund, Status};

/// What the customer is to get back. Every setter checks its value at once and reports the field at fault.
#[derive(Clone)]
pub struct RefundRequest {
    pub(crate) original_partner_reference_no: Reference,
    pub(crate) amount: Amount,
    pub(crate) partner_refund_no: Reference,
    pub(crate) channel: Option<String>,
    pub(crate) device_id: Option<String>,
    pub(crate) ip_address: Option<String>,
    original_external_id: Option<String>,
    reason: Option<String>,
    pub(crate) allow_over_refund: bool,
    extra: Option<Extra>,
}

impl RefundRequest {
    /// A refund of `amount` rupiah of the payment `original_partner_reference_no`, under your own number
    /// `partner_refund_no` (1 to 64 characters each). That number is the refund's identity: it is never refunded twice.
    /// Two numbers are two refunds.
    pub fn new(original_partner_reference_no: &str, amount: &str, partner_refund_no: &str) -> Result<Self> {
        Ok(Self {
            original_partner_reference_no: Reference::parse(
                "original_partner_reference_no",
                original_partner_reference_no,
            )?,
            amount: Amount::parse(amount)?,
            partner_refund_no: Reference::parse("partner_refund_no", partner_refund_no)?,
            channel: None,
            device_id: None,
            ip_address: None,
            original_external_id: None,
            reason: None,
            allow_over_refund: false,
            extra: None,
        })
    }

    /// Why (`reason`): up to 255 characters.
    pub fn set_reason(&mut self, reason: &str) -> Result<()> {
        self.reason = Some(checks::text("reason", reason)?);
        Ok(())
    }

    /// The X-EXTERNAL-ID of the payment (`originalExternalId`).
    pub fn set_original_external_id(&mut self, id: &str) -> Result<()> {
        self.original_external_id = Some(checks::external_id("original_external_id", id)?);
        Ok(())
    }

    /// Another channel than that of the settings (`additionalInfo.channel`).
    pub fn set_channel(&mut self, channel: &str) -> Result<()> {
        self.channel = Some(checks::channel("channel", channel)?);
        Ok(())
    }

    /// The device (X-DEVICE-ID): 1 to 64 letters and digits. Without it that of the settings is sent.
    pub fn set_device_id(&mut self, device_id: &str) -> Result<()> {
        self.device_id = Some(checks::device_id("device_id", device_id)?);
        Ok(())
    }

    /// The customer's IPv4 address (X-IP-ADDRESS).
    pub fn set_ip_address(&mut self, ip_address: &str) -> Result<()> {
        self.ip_address = Some(checks::ip_address("ip_address", ip_address)?);
        Ok(())
    }

    /// Lets this refund through although, with the payment's other refunds that are done or may be, it comes to more than
    /// the payment. Without it such a refund is an error and nothing is sent: two numbers are two refunds, and the second
    /// is more often a mistake.
    pub fn set_allow_over_refund(&mut self, allow: bool) {
        self.allow_over_refund = allow;
    }

    /// JSON members to add to the body; see [`crate::PaymentRequest::set_extra_json`].
    pub fn set_extra_json(&mut self, json: &str) -> Result<()> {
        self.extra = Some(Extra::read(json, REFUND_KEYS, REFUND_INFO_KEYS)?);
        Ok(())
    }

    /// The body of the request, for a system that does its own HTTP: hash and send these very bytes (P1). `channel` is
    /// used as it is.
    pub fn body(&self, channel: &str) -> Result<Vec<u8>> {
        RefundBody {
            original_partner_reference_no: self.original_partner_reference_no.as_str(),
            original_external_id: self.original_external_id.as_deref(),
            amount: self.amount,
            partner_refund_no: self.partner_refund_no.as_str(),
            reason: self.reason.as_deref(),
            channel,
            extra: self.extra.as_ref(),
        }
        .write()
    }
}

/// A refund that DOKU has made.
#[derive(Clone, Debug)]
pub struct Refund {
    pub(crate) original_partner_reference_no: String,
    pub(crate) partner_refund_no: String,
    pub(crate) amount: Amount,
    pub(crate) refund_no: Option<String>,
    pub(crate) original_reference_no: Option<String>,
    pub(crate) refund_time: Option<String>,
    pub(crate) external_id: String,
    pub(crate) response_code: String,
    pub(crate) json: String,
    pub(crate) is_recorded: bool,
}

impl Refund {
    /// Reads the answer to the refund itself, or the entry in the payment's refund history that proves it; or says what a
    /// person has recorded.
    pub(crate) fn read(record: Record, answer: &Answer, is_recorded: bool) -> Result<Self> {
        let reply = answer.reply()?;
        let text = |name: &str| reply.as_ref().and_then(|reply| reply.text(name));
        let original = record.intent.original.clone().unwrap_or_default();
        let (refund_no, refund_time) = match (&reply, answer.source) {
            (Some(reply), Source::Status) => {
                match Status::read(&original, reply, false).find_refund(&record.intent.reference, &original) {
                    FoundRefund::Entry(entry) => {
                        (entry.refund_no().map(str::to_owned), entry.refund_date().map(str::to_owned))
                    }
                    _ => (None, None),
                }
            }
            _ => (text("refundNo"), text("refundTime")),
        };
        Ok(Self {
            refund_no,
            refund_time,
            original_reference_no: text("originalReferenceNo"),
            response_code: reply.as_ref().and_then(Reply::code).map(|code| code.to_string()).unwrap_or_default(),
            json: answer.body.clone(),
            original_partner_reference_no: original,
            partner_refund_no: record.intent.reference,
            amount: record.intent.amount,
            external_id: record.attempt.external_id,
            is_recorded,
        })
    }

    /// Your own reference of the payment.
    pub fn original_partner_reference_no(&self) -> &str {
        &self.original_partner_reference_no
    }

    /// Your own number of the refund.
    pub fn partner_refund_no(&self) -> &str {
        &self.partner_refund_no
    }

    /// The amount.
    pub fn amount(&self) -> Amount {
        self.amount
    }

    /// DOKU's number of the refund (`refundNo`), if it gave one.
    pub fn refund_no(&self) -> Option<&str> {
        self.refund_no.as_deref()
    }

    /// DOKU's reference of the payment (`originalReferenceNo`), if it gave one.
    pub fn original_reference_no(&self) -> Option<&str> {
        self.original_reference_no.as_deref()
    }

    /// When, as DOKU wrote it: its documents disagree on the form and on the zone (protocol.md section 12, row 13).
    pub fn refund_time(&self) -> Option<&str> {
        self.refund_time.as_deref()
    }

    /// The X-EXTERNAL-ID that it was sent under.
    pub fn external_id(&self) -> &str {
        &self.external_id
    }

    /// The seven digits that DOKU answered.
    pub fn response_code(&self) -> &str {
        &self.response_code
    }

    /// All that DOKU answered, as JSON; empty where a person recorded the refund by hand.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Whether the journal has this result. False where writing it down failed (a full disk): it is true all the same,
    /// and is found again by asking DOKU.
    pub fn is_recorded(&self) -> bool {
        self.is_recorded
    }
}
