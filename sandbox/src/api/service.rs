//! The four endpoints: their paths (protocol 1) and the service digits of their response codes (protocol 9).

use crate::assumptions::{Assumption, Assumptions};
use crate::misbehaviour::Endpoint;

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

    /// ASPI's digits, or those that DOKU's samples print; clients have to ignore them.
    pub(crate) fn digits(self, assumptions: &Assumptions) -> &'static str {
        let aspi = assumptions.hold(Assumption::AspiServiceCodes);
        match self {
            Service::Token => "73",
            Service::Payment if aspi => "54",
            Service::Payment => "05",
            Service::Refund if aspi => "58",
            Service::Refund => "07",
            Service::Status => "55",
        }
    }

    pub(crate) fn endpoint(self) -> Endpoint {
        match self {
            Service::Token => Endpoint::Token,
            Service::Payment => Endpoint::Payment,
            Service::Refund => Endpoint::Refund,
            Service::Status => Endpoint::Status,
        }
    }

    /// Payment and refund must name the customer's device (protocol 10); the status call has none (protocol 7).
    pub(super) fn needs_device(self) -> bool {
        matches!(self, Service::Payment | Service::Refund)
    }
}
