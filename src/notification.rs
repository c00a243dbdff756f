//! A notification of DOKU's: what it says about a payment (protocol.md section 6.3). It is read leniently, for DOKU's page
//! on it could not be had in full; only the payment's reference and its status have to be there.

use crate::amount::Amount;
use crate::snap::response::Reply;
use crate::status::TransactionStatus;

/// What DOKU says has become of a payment.
#[derive(Clone, Debug)]
pub struct Notification {
    original_partner_reference_no: String,
    original_reference_no: Option<String>,
    original_external_id: Option<String>,
    status_text: String,
    transaction_status: Option<TransactionStatus>,
    transaction_status_desc: Option<String>,
    amount: Option<Amount>,
    channel: Option<String>,
    created_time: Option<String>,
    finished_time: Option<String>,
    json: String,
}

/// Why a body is no notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// This member is missing.
    Missing(&'static str),
    /// This member cannot be used.
    Unusable(&'static str),
}

const REFERENCE: &str = "originalPartnerReferenceNo";
const STATUS: &str = "latestTransactionStatus";

impl Notification {
    /// Reads a body that is JSON.
    pub(crate) fn read(body: &Reply) -> Result<Self, Unreadable> {
        let used = [REFERENCE, STATUS, "originalReferenceNo", "originalExternalId"];
        let required = |name: &'static str| match (body.text(name), body.value().get(name)) {
            (Some(text), _) => Ok(text),
            (None, None) => Err(Unreadable::Missing(name)),
            (None, Some(value)) if value.is_null() || value == "" => Err(Unreadable::Missing(name)),
            (None, Some(_)) => Err(Unreadable::Unusable(name)),
        };
        let (reference, status_text) = (required(REFERENCE)?, required(STATUS)?);
        if let Some(name) = used.into_iter().find(|name| body.unsound(&[name]).is_some()) {
            return Err(Unreadable::Unusable(name));
        }
        let given = body.value().get("amount").is_some_and(|amount| !amount.is_null());
        let amount = body.amount("amount");
        let other_currency = body.currency("amount").is_some_and(|currency| currency != crate::amount::CURRENCY);
        if given && (amount.is_none() || other_currency) {
            return Err(Unreadable::Unusable("amount"));
        }
        if reference.chars().count() > 64 || status_text.len() > 2 {
            return Err(Unreadable::Unusable(if status_text.len() > 2 { STATUS } else { REFERENCE }));
        }
        let info = |name: &str| body.text_in("additionalInfo", name);
        Ok(Self {
            original_partner_reference_no: reference,
            original_reference_no: body.text("originalReferenceNo"),
            original_external_id: body.text("originalExternalId"),
            transaction_status: TransactionStatus::read(&status_text),
            status_text: format!("{status_text:0>2}"),
            transaction_status_desc: body.text("transactionStatusDesc"),
            amount,
            // Both spellings, at either place (protocol.md section 12, row 14).
            channel: info("channelId").or_else(|| info("channel")).or_else(|| body.text("channelId")),
            created_time: body.text("createdTime"),
            finished_time: body.text("finishedTime"),
            json: body.json().to_owned(),
        })
    }

    /// Your own reference of the payment.
    pub fn original_partner_reference_no(&self) -> &str {
        &self.original_partner_reference_no
    }

    /// DOKU's reference.
    pub fn original_reference_no(&self) -> Option<&str> {
        self.original_reference_no.as_deref()
    }

    /// The X-EXTERNAL-ID of the payment.
    pub fn original_external_id(&self) -> Option<&str> {
        self.original_external_id.as_deref()
    }

    /// The state; `None` where DOKU said something unknown.
    pub fn transaction_status(&self) -> Option<TransactionStatus> {
        self.transaction_status
    }

    /// DOKU's words for the state.
    pub fn transaction_status_desc(&self) -> Option<&str> {
        self.transaction_status_desc.as_deref()
    }

    /// Whether it says that the customer has paid (00).
    pub fn is_paid(&self) -> bool {
        self.transaction_status == Some(TransactionStatus::Paid)
    }

    /// The amount, where DOKU gives it.
    pub fn amount(&self) -> Option<Amount> {
        self.amount
    }

    /// The channel (`channelId` or `channel`).
    pub fn channel(&self) -> Option<&str> {
        self.channel.as_deref()
    }

    /// When the transaction began, as DOKU wrote it.
    pub fn created_time(&self) -> Option<&str> {
        self.created_time.as_deref()
    }

    /// When the transaction ended, as DOKU wrote it.
    pub fn finished_time(&self) -> Option<&str> {
        self.finished_time.as_deref()
    }

    /// All that DOKU sent, as JSON.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// What tells one event from another: the reference, the status, and DOKU's reference. A shop that stores it in the
    /// transaction in which it acts, as a unique key, acts exactly once.
    pub fn key(&self) -> String {
        key(&self.original_partner_reference_no, &self.status_text, self.original_reference_no())
    }
}

/// See [`Notification::key`]; `status` is two digits.
pub(crate) fn key(reference: &str, status: &str, original_reference_no: Option<&str>) -> String {
    format!("{reference}/{status}/{}", original_reference_no.unwrap_or_default())
}
