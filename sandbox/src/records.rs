//! What the sandbox tells about itself: totals, payments and refunds as really made, requests as received.

/// Totals since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Requests to the token endpoint, whatever the answer.
    pub token_requests: u64,
    /// Access tokens given out.
    pub tokens_issued: u64,
    /// Requests to the payment endpoint, whatever the answer.
    pub payment_requests: u64,
    /// Requests to the refund endpoint, whatever the answer.
    pub refund_requests: u64,
    /// Requests to the status endpoint, whatever the answer.
    pub status_requests: u64,
    /// Payments that came into being.
    pub payments_made: u64,
    /// Refunds that came into being.
    pub refunds_made: u64,
    /// TCP connections accepted.
    pub connections: u64,
}

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentState {
    /// It was asked for, and every time refused: there is no payment.
    NotMade,
    /// Made; nobody has opened its page yet (status 01).
    Initiated,
    /// Its page has been opened, nothing decided (status 03).
    Pending,
    /// Paid (status 00), perhaps refunded in part.
    Paid,
    /// Paid and refunded in full (status 04).
    Refunded,
    /// Refused by the customer (status 05).
    Declined,
    /// Not paid before its `validUpTo` (status 06).
    Expired,
}

impl PaymentState {
    /// One lower-case word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            PaymentState::NotMade => "not made",
            PaymentState::Initiated => "initiated",
            PaymentState::Pending => "pending",
            PaymentState::Paid => "paid",
            PaymentState::Refunded => "refunded",
            PaymentState::Declined => "declined",
            PaymentState::Expired => "expired",
        }
    }
}

/// One payment, by the merchant's reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRecord {
    /// The merchant's reference.
    pub partner_reference_no: String,
    /// The sandbox's own reference; empty when the payment was not made.
    pub reference_no: String,
    /// The amount in rupiah with two decimals; empty when the payment was not made.
    pub amount: String,
    /// Where it stands.
    pub state: PaymentState,
    /// Authenticated payment requests that named this reference, repetitions and refused ones included.
    pub requests: u64,
    /// How often the payment was really made: once, unless [`crate::Assumption::ReferencesAreUnique`] is off.
    pub times_made: u64,
    /// Where the customer is sent; empty when the payment was not made.
    pub checkout_url: String,
    /// Its refunds, oldest first.
    pub refunds: Vec<RefundRecord>,
}

/// One refund that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRecord {
    /// The merchant's refund number.
    pub partner_refund_no: String,
    /// The sandbox's own refund number.
    pub refund_no: String,
    /// The amount in rupiah with two decimals.
    pub amount: String,
    /// The merchant's reason, if it gave one.
    pub reason: Option<String>,
    /// Authenticated refund requests that named this number, repetitions and refused ones included.
    pub requests: u64,
    /// How often the refund was really made: once, unless [`crate::Assumption::ReferencesAreUnique`] is off.
    pub times_made: u64,
}

/// One API request as it arrived, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRequest {
    /// The method.
    pub method: String,
    /// The request target: the path with its query, if there was one.
    pub path: String,
    /// Names in the letter case of the wire, values, in their order.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
    /// The HTTP status of the answer that was really sent; 0 when there was none, or none in HTTP.
    pub answer_status: u16,
    /// The bytes of the answer's body, as far as they were really sent.
    pub answer_body: Vec<u8>,
}

impl SeenRequest {
    /// The value of a header, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
