//! The four endpoints: their paths (protocol 1) and the service digits of their response codes (protocol 9).

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Token,
    Payment,
    Refund,
    Status,
}

impl Service {
    pub(crate) fn at(path: &str) -> Option<Service> {
        match path {
            "/authorization/v1/access-token/b2b" => Some(Service::Token),
            "/direct-debit/core/v1/debit/payment-host-to-host" => Some(Service::Payment),
            "/direct-debit/core/v1/debit/refund" => Some(Service::Refund),
            "/orders/v1.0/debit/status" => Some(Service::Status),
            _ => None,
        }
    }

    /// ASPI's digits; DOKU's samples print 05 and 07 for payment and refund, and clients have to ignore them.
    pub(super) fn digits(self) -> &'static str {
        match self {
            Service::Token => "73",
            Service::Payment => "54",
            Service::Refund => "58",
            Service::Status => "55",
        }
    }

    /// Payment and refund must name the customer's device (protocol 10); the status call has none (protocol 7).
    pub(super) fn needs_device(self) -> bool {
        matches!(self, Service::Payment | Service::Refund)
    }
}
