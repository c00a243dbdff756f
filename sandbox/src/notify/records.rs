//! What was really sent to the merchant, and what it answered.

/// One notification with every attempt to deliver it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationRecord {
    /// Its number here, from 1 on.
    pub id: u64,
    /// The merchant's reference.
    pub partner_reference_no: String,
    /// `latestTransactionStatus` as it was to be told.
    pub status: String,
    /// What becomes of it.
    pub state: NotificationState,
    /// Oldest first.
    pub attempts: Vec<Attempt>,
}

/// What becomes of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationState {
    /// It is under way, or waits for its next attempt.
    Waiting,
    /// The merchant answered with HTTP 2xx: DOKU is content with that (protocol 6.5).
    Accepted,
    /// Every attempt of the schedule was in vain.
    GivenUp,
    /// It was sent on demand, and is not repeated by itself.
    OnDemand,
}

impl NotificationState {
    /// One or two lower-case words for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            NotificationState::Waiting => "waiting",
            NotificationState::Accepted => "accepted",
            NotificationState::GivenUp => "given up",
            NotificationState::OnDemand => "on demand",
        }
    }
}

/// One attempt: the token request, if one was needed, and the notification, if there was a token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempt {
    /// The number of the notification that it belongs to.
    pub id: u64,
    /// When it began, by the sandbox's clock, in Jakarta time.
    pub at: String,
    /// The request for a token; `None` when a token that still lives was at hand.
    pub token: Option<Exchange>,
    /// The notification itself; `None` when no token was given.
    pub notification: Option<Exchange>,
    /// Whether the notification was answered with HTTP 2xx, which ends the schedule.
    pub accepted: bool,
    /// Whether it was answered with HTTP 2xx and 2005600 as well.
    pub acknowledged: bool,
}

/// One request to the merchant with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exchange {
    /// Where it went.
    pub url: String,
    /// The request's headers in their order, without Host, Content-Length and Connection.
    pub headers: Vec<(String, String)>,
    /// The request's body, its first 64 KiB.
    pub body: Vec<u8>,
    /// The length of the whole body.
    pub body_length: usize,
    /// The HTTP status; 0 when there was no answer.
    pub answer_status: u16,
    /// The answer's headers.
    pub answer_headers: Vec<(String, String)>,
    /// The answer's body.
    pub answer_body: Vec<u8>,
    /// Why there was no answer, in words.
    pub error: Option<String>,
}

impl Exchange {
    /// A header of the request, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        named(&self.headers, name)
    }

    /// A header of the answer, whatever the case of its name.
    #[must_use]
    pub fn answer_header(&self, name: &str) -> Option<&str> {
        named(&self.answer_headers, name)
    }

    /// The answer's `responseCode`; empty when it has none.
    #[must_use]
    pub fn answer_code(&self) -> String {
        let json: Option<serde_json::Value> = serde_json::from_slice(&self.answer_body).ok();
        let code = json.as_ref().and_then(|json| json.get("responseCode")?.as_str());
        code.unwrap_or_default().to_owned()
    }
}

fn named<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}
