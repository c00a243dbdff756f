//! What DOKU's response codes mean, in one table (protocol.md section 9), and what each proves about money when it
//! answers the first transmission of a request (journal.md "Evidence").
//!
//! A code has seven digits: three of the HTTP status, two of the service, two of the case. DOKU's documents, DOKU's
//! samples and ASPI disagree on the service digits, so they are never looked at.

use crate::error::Kind;
use std::fmt;

/// A `responseCode`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResponseCode {
    http: u16,
    service: u8,
    case: u8,
}

impl ResponseCode {
    /// Reads seven digits whose first three are an HTTP status.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 7 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let http = text.get(..3)?.parse().ok()?;
        let code = Self { http, service: text.get(3..5)?.parse().ok()?, case: text.get(5..)?.parse().ok()? };
        (100..600).contains(&http).then_some(code)
    }

    /// The first three digits.
    pub fn http(self) -> u16 {
        self.http
    }

    /// The last two digits.
    pub fn case(self) -> u8 {
        self.case
    }

    /// What the table says of it.
    pub fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.http == self.http && row.case == self.case)
    }

    /// What it proves as the answer to a first transmission; a code that is not in the table goes by its HTTP digits.
    pub fn proves(self) -> Proof {
        match (self.row(), self.http) {
            (Some(row), _) => row.proves,
            (None, 200) => Proof::Done,
            (None, 202) => Proof::InProgress,
            (None, 400 | 401 | 403 | 404 | 405) => Proof::Refused,
            (None, 429) => Proof::RefusedForNow,
            (None, 409) => Proof::AskStatus,
            _ => Proof::Nothing,
        }
    }
}

impl fmt::Display for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}{:02}{:02}", self.http, self.service, self.case)
    }
}

impl fmt::Debug for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResponseCode({self})")
    }
}

/// What an answer to a **first** transmission proves. (After a transmission whose fate is unknown a refusal proves
/// nothing: "not permitted" may mean "already refunded".)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proof {
    /// It was done.
    Done,
    /// It was taken, and is not finished: ask the status, send nothing.
    InProgress,
    /// Nothing happened, and the same request will be refused again.
    Refused,
    /// Nothing happened by this request; but DOKU also answers so when it was done before. The status knows.
    RefusedOrDone,
    /// Nothing happened, and once a person has mended something (a secret, the merchant's configuration) a new attempt
    /// under a new X-EXTERNAL-ID may succeed: the reference is not used up.
    RefusedUntilMended,
    /// Nothing happened, and a new attempt (under a new X-EXTERNAL-ID) may succeed later.
    RefusedForNow,
    /// Nothing happened: the token is not good any more. Renew it, then send again under the same X-EXTERNAL-ID.
    RenewToken,
    /// DOKU has seen this id or this reference before: only the status can tell.
    AskStatus,
    /// Nothing is proven: it may have happened.
    Nothing,
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// The first three digits.
    pub http: u16,
    /// The last two digits.
    pub case: u8,
    /// The standard's name for it.
    pub name: &'static str,
    /// What it proves about a payment or refund that was sent for the first time.
    pub proves: Proof,
    /// What went wrong, as this library's error kind (`None` where nothing did).
    pub kind: Option<Kind>,
    /// What to do, for a person.
    pub advice: &'static str,
}

const fn row(http: u16, case: u8, name: &'static str, proves: Proof, kind: Kind, advice: &'static str) -> Row {
    Row { http, case, name, proves, kind: Some(kind), advice }
}

use Kind::{Conflict, Declined, InProgress, NotFound, ServerError, TryLater, Unauthorized};
use Proof::{AskStatus, Nothing, Refused, RefusedForNow, RefusedOrDone, RefusedUntilMended, RenewToken};

const FIX_FIELD: &str = "Correct the field that DOKU names and send it as a new payment or refund";
const CARD: &str = "This concerns cards or bound accounts, which DANA payments do not use; ask DOKU's support";
const CONFIGURE: &str =
    "Ask DOKU's support to check the merchant's configuration, then call again with the same reference";
const STATUS_FIRST: &str = "Call again with the same reference, or ask the status; never use a new reference";

/// Every documented code, by HTTP digits and case.
pub static TABLE: &[Row] = &[
    Row { http: 200, case: 0, name: "Successful", proves: Proof::Done, kind: None, advice: "Nothing" },
    row(202, 0, "Request In Progress", Proof::InProgress, InProgress, STATUS_FIRST),
    row(400, 0, "Bad Request", Refused, Declined, FIX_FIELD),
    row(400, 1, "Invalid Field Format", Refused, Declined, FIX_FIELD),
    row(400, 2, "Invalid Mandatory Field", Refused, Declined, FIX_FIELD),
    row(400, 3, "Transaction Already Success", AskStatus, Conflict, STATUS_FIRST),
    row(400, 4, "Invalid Parameter", Refused, Declined, FIX_FIELD),
    row(
        401,
        0,
        "Unauthorized",
        RefusedUntilMended,
        Unauthorized,
        "Check client_id, client_secret, the private key that belongs to the public key at DOKU, the environment and \
         this machine's clock; then call again with the same reference",
    ),
    row(
        401,
        1,
        "Invalid Token (B2B)",
        RenewToken,
        Unauthorized,
        "A new token is fetched by itself; if it goes on, \
         see whether another system fetches tokens for the same client id",
    ),
    row(401, 2, "Invalid Customer Token", Refused, Unauthorized, CARD),
    row(
        401,
        3,
        "Token Not Found (B2B)",
        RenewToken,
        Unauthorized,
        "A new token is fetched by itself; if it goes on, \
         see whether another system fetches tokens for the same client id",
    ),
    row(401, 4, "Customer Token Not Found", Refused, Unauthorized, CARD),
    row(403, 0, "Transaction Expired", Refused, Declined, "Make a new payment under a new reference"),
    row(403, 1, "Feature Not Allowed", RefusedUntilMended, Declined, CONFIGURE),
    row(
        403,
        2,
        "Exceeds Transaction Amount Limit",
        Refused,
        Declined,
        "Tell the customer; take a smaller amount or \
         another way of payment",
    ),
    row(403, 3, "Suspected Fraud", Refused, Declined, "Stop, and ask DOKU's support"),
    row(403, 4, "Activity Count Limit Exceeded", RefusedForNow, TryLater, "Call again later with the same reference"),
    row(403, 5, "Do Not Honor", Refused, Declined, "Stop; the customer may use another way of payment"),
    row(
        403,
        6,
        "Feature Not Allowed At This Time",
        RefusedForNow,
        TryLater,
        "Call again later with the same reference",
    ),
    row(403, 7, "Card Blocked", Refused, Declined, CARD),
    row(403, 8, "Card Expired", Refused, Declined, CARD),
    row(403, 9, "Dormant Account", Refused, Declined, CARD),
    row(403, 10, "Need To Set Token Limit", Refused, Declined, CARD),
    row(403, 11, "OTP Blocked", Refused, Declined, CARD),
    row(403, 12, "OTP Lifetime Expired", Refused, Declined, CARD),
    row(403, 13, "OTP Sent To Cardholder", Refused, Declined, CARD),
    row(
        403,
        14,
        "Insufficient Funds",
        RefusedForNow,
        TryLater,
        "For a refund: top up the merchant's balance at DOKU, \
         then call again with the same reference",
    ),
    row(
        403,
        15,
        "Transaction Not Permitted",
        Refused,
        Declined,
        "Outside of DOKU's or DANA's rules (for a refund: \
         too late, or partial refunds not allowed); ask DOKU's support",
    ),
    row(403, 16, "Suspend Transaction", Refused, Declined, "Stop, and ask DOKU's support"),
    row(403, 17, "Token Limit Exceeded", Refused, Declined, "Stop, and ask DOKU's support"),
    row(403, 18, "Inactive Card, Account or Customer", Refused, Declined, "The customer has to use another account"),
    row(403, 19, "Merchant Blacklisted", Refused, Declined, "Ask DOKU's support"),
    row(
        403,
        20,
        "Merchant Limit Exceed",
        RefusedUntilMended,
        Declined,
        "Ask DOKU's support to raise the merchant's limit, then call again with the same reference",
    ),
    row(403, 21, "Set Limit Not Allowed", Refused, Declined, CARD),
    row(403, 22, "Token Limit Invalid", Refused, Declined, CARD),
    row(403, 23, "Account Limit Exceed", Refused, Declined, "The customer's account is at its limit"),
    row(
        404,
        0,
        "Invalid Transaction Status",
        RefusedOrDone,
        Declined,
        "The transaction is in another state than this needs \
         (for a refund: not paid, or refunded already); ask its status",
    ),
    row(
        404,
        1,
        "Transaction Not Found",
        Refused,
        NotFound,
        "Check the reference and the environment (sandbox or \
         production)",
    ),
    row(404, 2, "Invalid Routing", RefusedUntilMended, Declined, CONFIGURE),
    row(404, 3, "Bank Not Supported By Switch", RefusedUntilMended, Declined, CONFIGURE),
    row(404, 4, "Transaction Cancelled", Refused, Declined, "It was cancelled; make a new one under a new reference"),
    row(404, 5, "Merchant Is Not Registered For Card Registration Services", Refused, Declined, CARD),
    row(404, 6, "Need To Request OTP", Refused, Declined, CARD),
    row(404, 7, "Journey Not Found", Refused, NotFound, CARD),
    row(404, 8, "Invalid Merchant", RefusedUntilMended, Declined, CONFIGURE),
    row(404, 9, "No Issuer", RefusedUntilMended, Declined, CONFIGURE),
    row(404, 10, "Invalid API Transition", RefusedUntilMended, Declined, CONFIGURE),
    row(
        404,
        11,
        "Invalid Card, Account, Customer or Virtual Account",
        Refused,
        Declined,
        "The customer has to use \
         another account",
    ),
    row(404, 12, "Invalid Bill", Refused, Declined, FIX_FIELD),
    row(404, 13, "Invalid Amount", Refused, Declined, "Check the amount; a refund may not exceed what was paid"),
    row(404, 14, "Paid Bill", RefusedOrDone, Declined, "It is paid already; ask its status"),
    row(404, 15, "Invalid OTP", Refused, Declined, CARD),
    row(404, 16, "Partner Not Found", RefusedUntilMended, Declined, CONFIGURE),
    row(404, 17, "Invalid Terminal", RefusedUntilMended, Declined, CONFIGURE),
    row(
        404,
        18,
        "Inconsistent Request",
        AskStatus,
        Conflict,
        "DOKU knows this reference with other contents; ask the status and let a person compare",
    ),
    row(404, 19, "Invalid Bill Or Bill Expired", Refused, Declined, "Make a new payment under a new reference"),
    row(405, 0, "Requested Function Is Not Supported", RefusedUntilMended, Declined, CONFIGURE),
    row(
        405,
        1,
        "Requested Operation Is Not Allowed",
        Refused,
        Declined,
        "This cannot be refunded or cancelled now; \
         ask DOKU's support",
    ),
    row(409, 0, "Conflict", AskStatus, Conflict, "DOKU has seen this X-EXTERNAL-ID today; ask the status"),
    row(
        409,
        1,
        "Duplicate partnerReferenceNo",
        AskStatus,
        Conflict,
        "DOKU has a transaction under this reference; ask \
         the status",
    ),
    row(429, 0, "Too Many Requests", RefusedForNow, TryLater, "Wait a little, then call again with the same reference"),
    row(500, 0, "General Error", Nothing, ServerError, STATUS_FIRST),
    row(500, 1, "Internal Server Error", Nothing, ServerError, STATUS_FIRST),
    row(500, 2, "External Server Error", Nothing, ServerError, STATUS_FIRST),
    row(504, 0, "Timeout", Nothing, ServerError, STATUS_FIRST),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_stands_twice_and_all_are_in_order() {
        let keys: Vec<_> = TABLE.iter().map(|row| (row.http, row.case)).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn the_service_digits_never_matter() {
        for service in ["05", "54", "07", "58", "55", "73", "99"] {
            let proof =
                |http: &str, case: &str| ResponseCode::parse(&format!("{http}{service}{case}")).unwrap().proves();
            assert_eq!(proof("200", "00"), Proof::Done);
            assert_eq!(proof("404", "18"), Proof::AskStatus);
            assert_eq!(proof("504", "00"), Proof::Nothing);
        }
    }

    #[test]
    fn a_code_has_seven_ascii_digits() {
        for text in ["", "200540", "20054000", "2OO5400", "٢005400", "0005400", "9995400", " 2005400"] {
            assert_eq!(ResponseCode::parse(text), None, "{text}");
        }
        assert_eq!(ResponseCode::parse("2005400").map(|code| code.to_string()).as_deref(), Some("2005400"));
    }

    #[test]
    fn an_unknown_refusal_is_a_refusal_and_an_unknown_failure_proves_nothing() {
        let proof = |text| ResponseCode::parse(text).unwrap().proves();
        assert_eq!(proof("4035499"), Proof::Refused);
        assert_eq!(proof("4095477"), Proof::AskStatus);
        assert_eq!(proof("5035400"), Proof::Nothing);
        assert_eq!(proof("3025400"), Proof::Nothing);
        assert_eq!(proof("2015400"), Proof::Nothing);
    }
}
