//! The cases in which a call can end, each with its HTTP status, case digits and message: the one table of protocol 9.

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Case {
    Successful,
    /// The body is no JSON object.
    BadRequest,
    /// A field or header has the wrong shape.
    Format(String),
    /// A mandatory field or header is missing.
    Missing(String),
    /// Wrong signature, unknown client, or a clock that is off.
    Unauthorized(&'static str),
    /// The token was good once.
    InvalidToken,
    /// The token was never given out here.
    TokenNotFound,
    NotPermitted,
    /// The payment is in no state for this.
    InvalidStatus,
    NotFound,
    InvalidAmount,
    /// The same reference with other data.
    Inconsistent,
    /// The X-EXTERNAL-ID was used today for something else.
    Conflict,
    /// The reference, named here, was used before with the same data.
    Duplicate(&'static str),
    /// The sandbox's own fault.
    Internal,
}

impl Case {
    pub(super) fn http(&self) -> u16 {
        self.row().0
    }

    /// Three digits of HTTP status, two of the service, two of the case.
    pub(super) fn code(&self, service_digits: &str) -> String {
        let (http, case, _) = self.row();
        format!("{http}{service_digits}{case}")
    }

    pub(super) fn message(&self) -> String {
        let text = self.row().2;
        match self {
            Case::Format(detail) | Case::Missing(detail) => format!("{text} {detail}"),
            Case::Unauthorized(detail) | Case::Duplicate(detail) => format!("{text} {detail}"),
            _ => text.to_owned(),
        }
    }

    fn row(&self) -> (u16, &'static str, &'static str) {
        match self {
            Case::Successful => (200, "00", "Successful"),
            Case::BadRequest => (400, "00", "Bad Request"),
            Case::Format(_) => (400, "01", "Invalid Field Format"),
            Case::Missing(_) => (400, "02", "Invalid Mandatory Field"),
            Case::Unauthorized(_) => (401, "00", "Unauthorized."),
            Case::InvalidToken => (401, "01", "Invalid Token (B2B)"),
            Case::TokenNotFound => (401, "03", "Token Not Found (B2B)"),
            Case::NotPermitted => (403, "15", "Transaction Not Permitted"),
            Case::InvalidStatus => (404, "00", "Invalid Transaction Status"),
            Case::NotFound => (404, "01", "Transaction Not Found"),
            Case::InvalidAmount => (404, "13", "Invalid Amount"),
            Case::Inconsistent => (404, "18", "Inconsistent Request"),
            Case::Conflict => (409, "00", "Conflict"),
            Case::Duplicate(_) => (409, "01", "Duplicate"),
            Case::Internal => (500, "00", "General Error"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_composed_of_status_service_and_case() {
        let case = Case::Missing("amount.value".to_owned());
        assert_eq!(case.code("54"), "4005402");
        assert_eq!(case.message(), "Invalid Mandatory Field amount.value");
        let case = Case::Unauthorized("Invalid Signature");
        assert_eq!(case.code("73"), "4017300");
        assert_eq!(case.message(), "Unauthorized. Invalid Signature");
        assert_eq!(Case::InvalidAmount.code("58"), "4045813");
        assert_eq!(Case::NotFound.code("55"), "4045501");
    }
}
