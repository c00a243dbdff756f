//! The status of a payment and of its refunds, as DOKU tells it (protocol.md section 7).

use crate::amount::Amount;
use crate::snap::response::{Reply, amount_of, text_of};
use serde_json::Value;

/// `latestTransactionStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[repr(i32)]
pub enum TransactionStatus {
    /// 00: paid.
    Paid = 0,
    /// 01: the customer has not begun.
    Initiated = 1,
    /// 02: the customer is paying.
    Paying = 2,
    /// 03: pending.
    Pending = 3,
    /// 04: refunded.
    Refunded = 4,
    /// 05: cancelled. Not final before the link dies: the customer may try again.
    Cancelled = 5,
    /// 06: failed. Not final before the link dies: the customer may try again.
    Failed = 6,
    /// 07: not found. Proves nothing: perhaps the customer has not opened the link.
    NotFound = 7,
}

impl TransactionStatus {
    pub(crate) fn read(text: &str) -> Option<Self> {
        // 00, or 0 where DOKU wrote a number.
        text.parse()
            .ok()
            .filter(|_| text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(Self::from_code)
    }

    /// The word for people and for exports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Initiated => "initiated",
            Self::Paying => "paying",
            Self::Pending => "pending",
            Self::Refunded => "refunded",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::NotFound => "not found",
        }
    }

    /// By DOKU's number for it.
    pub(crate) fn from_code(code: i64) -> Option<Self> {
        const BY_CODE: [TransactionStatus; 8] = [
            TransactionStatus::Paid,
            TransactionStatus::Initiated,
            TransactionStatus::Paying,
            TransactionStatus::Pending,
            TransactionStatus::Refunded,
            TransactionStatus::Cancelled,
            TransactionStatus::Failed,
            TransactionStatus::NotFound,
        ];
        usize::try_from(code).ok().and_then(|code| BY_CODE.get(code).copied())
    }
}

/// The state of one refund in `refundHistory` (`refundStatus`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[repr(i32)]
pub enum RefundStatus {
    /// 00: refunded.
    Done = 0,
    /// 03: in progress.
    Pending = 3,
    /// 06: refused; nothing was refunded.
    Failed = 6,
}

/// One refund of a payment, as DOKU knows it.
#[derive(Clone, Debug)]
pub struct RefundEntry {
    /// Whether it was called so. Its other name, partnerReferenceNo, is elsewhere that of the payment's reference.
    says_refund: bool,
    partner_refund_no: Option<String>,
    refund_no: Option<String>,
    amount: Option<Amount>,
    status: Option<RefundStatus>,
    refund_date: Option<String>,
    reason: Option<String>,
}

impl RefundEntry {
    fn read(value: &Value) -> Self {
        let text = |name: &str| value.get(name).and_then(text_of);
        Self {
            // ASPI's name, and that of DOKU's SDKs (protocol.md section 12, row 18).
            says_refund: text("partnerRefundNo").is_some(),
            partner_refund_no: text("partnerRefundNo").or_else(|| text("partnerReferenceNo")),
            refund_no: text("refundNo"),
            amount: value.get("refundAmount").and_then(amount_of),
            status: match text("refundStatus").as_deref() {
                Some("00" | "0") => Some(RefundStatus::Done),
                Some("03" | "3") => Some(RefundStatus::Pending),
                Some("06" | "6") => Some(RefundStatus::Failed),
                _ => None,
            },
            refund_date: text("refundDate"),
            reason: text("reason"),
        }
    }

    /// Your own number of the refund.
    pub fn partner_refund_no(&self) -> Option<&str> {
        self.partner_refund_no.as_deref()
    }

    /// DOKU's number of the refund.
    pub fn refund_no(&self) -> Option<&str> {
        self.refund_no.as_deref()
    }

    /// The amount.
    pub fn amount(&self) -> Option<Amount> {
        self.amount
    }

    /// Its state; `None` when DOKU did not say, or said something unknown.
    pub fn status(&self) -> Option<RefundStatus> {
        self.status
    }

    /// When, as DOKU wrote it.
    pub fn refund_date(&self) -> Option<&str> {
        self.refund_date.as_deref()
    }

    /// Why.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// What a status says of one refund.
pub(crate) enum FoundRefund<'a> {
    /// It lists no refunds at all, which proves nothing.
    NoHistory,
    /// It lists refunds, and this one is not among them.
    Absent,
    /// It lists a refund that may or may not be this one.
    Unclear,
    /// It lists it.
    Entry(&'a RefundEntry),
}

/// What DOKU says of a payment.
#[derive(Clone, Debug)]
pub struct Status {
    original_partner_reference_no: String,
    original_reference_no: Option<String>,
    transaction_status: Option<TransactionStatus>,
    transaction_status_desc: Option<String>,
    amount: Option<Amount>,
    fee: Option<Amount>,
    paid_time: Option<String>,
    approval_code: Option<String>,
    original_external_id: Option<String>,
    refunds: Option<Vec<RefundEntry>>,
    response_code: String,
    json: String,
    is_final: bool,
}

impl Status {
    /// The members that are read as text.
    pub(crate) const MEMBERS: &[&str] = &[
        "originalPartnerReferenceNo",
        "originalReferenceNo",
        "latestTransactionStatus",
        "transactionStatusDesc",
        "paidTime",
        "approvalCode",
        "originalExternalId",
    ];

    /// Reads a successful answer. `link_is_dead` says that the payment's `validUpTo` is known and past.
    pub(crate) fn read(original_partner_reference_no: &str, reply: &Reply, link_is_dead: bool) -> Self {
        let transaction_status = reply.text("latestTransactionStatus").as_deref().and_then(TransactionStatus::read);
        let is_final = match transaction_status {
            Some(TransactionStatus::Paid | TransactionStatus::Refunded) => true,
            Some(TransactionStatus::Cancelled | TransactionStatus::Failed) => link_is_dead,
            _ => false,
        };
        Self {
            original_partner_reference_no: original_partner_reference_no.to_owned(),
            original_reference_no: reply.text("originalReferenceNo"),
            transaction_status,
            transaction_status_desc: reply.text("transactionStatusDesc"),
            amount: reply.amount("transAmount").or_else(|| reply.amount("amount")),
            fee: reply.amount("feeAmount"),
            paid_time: reply.text("paidTime"),
            approval_code: reply.text("approvalCode"),
            original_external_id: reply.text("originalExternalId"),
            refunds: reply.list("refundHistory").map(|list| list.iter().map(RefundEntry::read).collect()),
            response_code: reply.code().map(|code| code.to_string()).unwrap_or_default(),
            json: reply.json().to_owned(),
            is_final,
        }
    }

    /// Looks for a refund by its number. A number may be listed more than once, for an attempt that failed may have been
    /// followed by one that did not: what was done counts before what is open, and that before what failed.
    pub(crate) fn find_refund(&self, partner_refund_no: &str, original_reference: &str) -> FoundRefund<'_> {
        let Some(refunds) = &self.refunds else { return FoundRefund::NoHistory };
        let is_clear = |entry: &&RefundEntry| {
            entry.partner_refund_no.as_deref().is_some_and(|number| entry.says_refund || number != original_reference)
        };
        let ours = refunds.iter().filter(is_clear);
        let ours = ours.filter(|entry| entry.partner_refund_no.as_deref() == Some(partner_refund_no));
        let best = ours.min_by_key(|entry| match entry.status {
            Some(RefundStatus::Done) => 0,
            Some(RefundStatus::Pending) | None => 1,
            Some(RefundStatus::Failed) => 2,
        });
        match best {
            Some(entry) => FoundRefund::Entry(entry),
            None if refunds.iter().all(|entry| is_clear(&entry)) => FoundRefund::Absent,
            None => FoundRefund::Unclear,
        }
    }

    /// Your own reference.
    pub fn original_partner_reference_no(&self) -> &str {
        &self.original_partner_reference_no
    }

    /// DOKU's reference (`originalReferenceNo`).
    pub fn original_reference_no(&self) -> Option<&str> {
        self.original_reference_no.as_deref()
    }

    /// The state; `None` when DOKU said nothing readable about it.
    pub fn transaction_status(&self) -> Option<TransactionStatus> {
        self.transaction_status
    }

    /// DOKU's words for the state.
    pub fn transaction_status_desc(&self) -> Option<&str> {
        self.transaction_status_desc.as_deref()
    }

    /// Whether the customer has paid (00). No longer true when the payment was refunded (04).
    pub fn is_paid(&self) -> bool {
        self.transaction_status == Some(TransactionStatus::Paid)
    }

    /// Whether asking again will not change the answer: paid or refunded, or cancelled or failed after the link died.
    pub fn is_final(&self) -> bool {
        self.is_final
    }

    /// The amount (`transAmount`).
    pub fn amount(&self) -> Option<Amount> {
        self.amount
    }

    /// DOKU's fee (`feeAmount`).
    pub fn fee(&self) -> Option<Amount> {
        self.fee
    }

    /// When it was paid, as DOKU wrote it.
    pub fn paid_time(&self) -> Option<&str> {
        self.paid_time.as_deref()
    }

    /// The approval code.
    pub fn approval_code(&self) -> Option<&str> {
        self.approval_code.as_deref()
    }

    /// The X-EXTERNAL-ID of the payment.
    pub fn original_external_id(&self) -> Option<&str> {
        self.original_external_id.as_deref()
    }

    /// The refunds that DOKU lists; empty also when it lists none, see [`Status::has_refund_history`].
    pub fn refunds(&self) -> &[RefundEntry] {
        self.refunds.as_deref().unwrap_or_default()
    }

    /// Whether the answer had a list of refunds at all: its absence proves nothing about a refund (journal.md).
    pub fn has_refund_history(&self) -> bool {
        self.refunds.is_some()
    }

    /// The seven digits that DOKU answered.
    pub fn response_code(&self) -> &str {
        &self.response_code
    }

    /// All that DOKU answered, as JSON.
    pub fn json(&self) -> &str {
        &self.json
    }
}
