//! The merchant's two routes (protocol.md section 6): the token that DOKU asks for, and the notification that it then
//! sends. A notification counts only if the token is one of ours and lives, the signature fits these very bytes, and it is
//! fresh (P5); what is DOKU's own but old is asked about instead.

use super::worker::Worker;
use crate::amount::Amount;
use crate::error::Result;
use crate::events::Level;
use crate::journal::{self, Note, NoteState, Observation, Source};
use crate::limit::{Cancel, Limit};
use crate::notification::{Notification, Unreadable};
use crate::snap::external_id::Operation;
use crate::snap::jwt::{self, Claims, Refused};
use crate::snap::response::Reply;
use crate::snap::signature::token_string_to_sign;
use crate::snap::timestamp;
use crate::snap::unique::has_unique_members;
use crate::status::{Status, TransactionStatus};
use crate::webhook::{Delivery, DeliveryOrder, InboxEntry, Incoming, WebhookAnswer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What DOKU is told a token is good for, in seconds (protocol.md section 6.1).
const TOKEN_LIFE_S: i64 = 900;
const LARGEST_BODY: usize = 64 * 1024;
/// Longer is no header of DOKU's, and need not be hashed.
const LONGEST_HEADER: usize = 4_096;
/// DOKU waits for an answer; asking about a stale notification may not take longer.
const ASK_ABOUT_STALE: Duration = Duration::from_secs(5);

const MOST_LISTED: usize = 1_000;

/// A refusal: HTTP status, response code, DOKU's words for it, and the reason for the merchant's own log.
struct No(u16, &'static str, String, String);

impl No {
    fn new(status: u16, code: &'static str, message: &str, reason: impl Into<String>) -> Self {
        Self(status, code, message.to_owned(), reason.into())
    }
}

impl Worker {
    /// Answers DOKU's request for a token.
    pub(super) fn webhook_token(&self, incoming: &Incoming) -> Result<WebhookAnswer> {
        let answer = match self.check_token_request(incoming) {
            Err(No(status, code, message, reason)) => {
                self.answer(status, &json!({"responseCode": code, "responseMessage": message}), reason)
            }
            Ok(()) => {
                let now_s = self.doku_now_ms() / 1000;
                let claims = Claims {
                    iss: self.issuer(),
                    aud: self.merchant.settings.client_id.clone(),
                    client_id: self.merchant.settings.client_id.clone(),
                    iat: now_s,
                    exp: now_s + TOKEN_LIFE_S,
                };
                let token = jwt::issue(&claims, &self.merchant.settings.signing_key)?;
                let body = json!({
                    "responseCode": "2007300",
                    "responseMessage": "Successful",
                    "accessToken": token.reveal(),
                    "tokenType": "Bearer",
                    "expiresIn": TOKEN_LIFE_S,
                    "additionalInfo": "",
                });
                self.answer(200, &body, String::new())
            }
        };
        self.log_answer("token request", &answer);
        Ok(answer)
    }

    fn check_token_request(&self, incoming: &Incoming) -> std::result::Result<(), No> {
        const USED: [&str; 3] = ["X-CLIENT-KEY", "X-TIMESTAMP", "X-SIGNATURE"];
        let gate = &self.merchant.gatekeeper;
        let unauthorized = |reason: &str| No::new(401, "4017300", "Unauthorized. Invalid Signature", reason);
        if gate.doku_keys.is_empty() {
            return Err(unauthorized(
                "The setting doku_public_key (or doku_public_key_file) is missing, so that DOKU's signature cannot be checked.",
            ));
        }
        if incoming.method != "POST" || incoming.body.len() > LARGEST_BODY {
            return Err(No::new(400, "4007300", "Bad Request", "It is no POST, or its body is too large."));
        }
        let [client_id, timestamp, signature] = headers(incoming, USED, ["4007301", "4007302"])?;
        if client_id != self.merchant.settings.client_id {
            return Err(unauthorized("X-CLIENT-KEY is not the client_id of the settings."));
        }
        let signed_at = timestamp::parse(timestamp).filter(|moment| moment.has_zone).ok_or_else(|| {
            No::new(400, "4007301", "Invalid Field Format X-TIMESTAMP", "X-TIMESTAMP is no date with a zone.")
        })?;
        let signature = STANDARD.decode(signature).map_err(|_| unauthorized("X-SIGNATURE is not base64."))?;
        let signed = token_string_to_sign(client_id, timestamp);
        if !gate.doku_keys.iter().any(|key| key.verify(signed.as_bytes(), &signature)) {
            return Err(unauthorized("X-SIGNATURE was not made with the private key that belongs to doku_public_key."));
        }
        if !self.is_fresh(signed_at.unix_ms) {
            return Err(unauthorized(&self.not_fresh(signed_at.unix_ms)));
        }
        let body: Value = serde_json::from_slice(&incoming.body)
            .map_err(|_| No::new(400, "4007300", "Bad Request", "The body is not JSON."))?;
        match body.get("grantType").and_then(Value::as_str) {
            Some("client_credentials") => Ok(()),
            Some(_) => {
                Err(No::new(400, "4007301", "Invalid Field Format grantType", "grantType is not client_credentials."))
            }
            None => Err(No::new(400, "4007302", "Invalid Mandatory Field grantType", "grantType is missing.")),
        }
    }

    /// Checks a notification and says what it is; what is answered the caller decides. What goes wrong here is no failure of
    /// the caller's: DOKU is told to send it again.
    pub(super) fn notification(&self, incoming: &Incoming, cancel: Option<&Cancel>) -> Delivery {
        let delivery = self.judge_notification(incoming, &self.limit(cancel)).unwrap_or_else(|error| {
            self.log(Level::Error, || format!("A notification could not be looked at: {}", error.message()));
            undecided(self.send_again(error.message()))
        });
        if delivery.notification.is_none() {
            self.log_answer("notification", &delivery.answer);
        }
        delivery
    }

    fn judge_notification(&self, incoming: &Incoming, limit: &Limit) -> Result<Delivery> {
        let mut checked = self.check_notification(incoming);
        let mut instead = (None, None);
        if let Err((_, Some(stale))) = &checked {
            instead = self.ask_instead(stale, limit)?;
            // DOKU's answer was dated: it may be this machine's clock that was wrong, and the notification is good.
            checked = self.check_notification(incoming);
        }
        match checked {
            Ok(notification) => self.receive(notification, limit),
            Err((No(status, code, message, reason), _)) => {
                let body = json!({"responseCode": code, "responseMessage": message});
                let (stale, mismatch) = instead;
                Ok(Delivery { stale, mismatch, ..undecided(self.answer(status, &body, reason)) })
            }
        }
    }

    /// A genuine notification; else why it is refused, and the notification where it is DOKU's own but too old.
    fn check_notification(
        &self,
        incoming: &Incoming,
    ) -> std::result::Result<Notification, (No, Option<Box<Notification>>)> {
        const USED: [&str; 3] = ["X-TIMESTAMP", "X-SIGNATURE", "Authorization"];
        let no = |status, code, message: &str, reason: &str| (No::new(status, code, message, reason), None);
        let gate = &self.merchant.gatekeeper;
        if incoming.method != "POST" || incoming.body.len() > LARGEST_BODY {
            return Err(no(400, "4005600", "Bad Request", "It is no POST, or its body is larger than 64 KiB."));
        }
        if let Some(name) = incoming.repeated(&["X-PARTNER-ID"]) {
            return Err(no(400, "4005601", &format!("Invalid Field Format {name}"), "A header came twice."));
        }
        let [timestamp, signature, authorization] =
            headers(incoming, USED, ["4005601", "4005602"]).map_err(|no| (no, None))?;
        let bad_token = |reason: &str| no(401, "4015601", "Invalid Token (B2B)", reason);
        let bad_signature = |reason: &str| no(401, "4015600", "Unauthorized. Invalid Signature", reason);
        let token = authorization
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| bad_token("Authorization has no Bearer token."))?;
        let now_s = self.doku_now_ms() / 1000;
        // A token of another process may be as far ahead of this one's clock as DOKU's timestamp may be.
        let skew_s = self.window_ms() / 1000;
        let lives = match gate.check_token(token, &self.issuer(), &self.merchant.settings.client_id, now_s, skew_s) {
            Ok(()) => true,
            Err(Refused::Untimely) => false,
            Err(Refused::Forged) => {
                return Err(bad_token("The token is not one that was issued with this private key."));
            }
        };
        if incoming.header("X-PARTNER-ID").is_some_and(|partner| partner != self.merchant.settings.client_id) {
            return Err(bad_signature("X-PARTNER-ID is not the client_id of the settings."));
        }
        if !gate.is_signed(incoming, &self.merchant.settings.notification_path, token, timestamp, signature) {
            return Err(bad_signature(
                "X-SIGNATURE does not fit the body: it was changed on the way, or client_secret or notification_path is \
                 not what DOKU has.",
            ));
        }
        // From here on it is DOKU's own.
        let format = |name: &str, reason: &str| no(400, "4005601", &format!("Invalid Field Format {name}"), reason);
        let signed_at = timestamp::parse(timestamp)
            .filter(|moment| moment.has_zone)
            .ok_or_else(|| format("X-TIMESTAMP", "X-TIMESTAMP is no date with a zone."))?;
        if !has_unique_members(&incoming.body) {
            return Err(format("body", "The body is not JSON, or has a member twice."));
        }
        let body = Reply::read(200, &incoming.body).ok_or_else(|| format("body", "The body is no JSON object."))?;
        let notification = Notification::read(&body).map_err(|problem| match problem {
            Unreadable::Missing(name) => {
                no(400, "4005602", &format!("Invalid Mandatory Field {name}"), &format!("{name} is missing."))
            }
            Unreadable::Unusable(name) => format(name, &format!("{name} cannot be used.")),
        })?;
        if !lives {
            let reason = "It is DOKU's own, but by this machine's clock its token has expired, or is yet to come; the status \
                          is asked instead.";
            return Err((No::new(401, "4015601", "Invalid Token (B2B)", reason), Some(Box::new(notification))));
        }
        if !self.is_fresh(signed_at.unix_ms) {
            let reason =
                format!("{} It is DOKU's own; the status is asked instead.", self.not_fresh(signed_at.unix_ms));
            return Err((
                No::new(401, "4015600", "Unauthorized. Invalid Signature", reason),
                Some(Box::new(notification)),
            ));
        }
        Ok(notification)
    }

    /// Holds a genuine notification against the journal, and writes it into its inbox.
    fn receive(&self, notification: Notification, limit: &Limit) -> Result<Delivery> {
        let reference = notification.original_partner_reference_no().to_owned();
        let known = self.journal.find(Operation::Payment, &reference, limit)?;
        let before = self.note(&notification, NoteState::Received, known.is_some(), limit)?;
        let mut delivery = undecided(self.send_again("The merchant has not decided about it."));
        delivery.is_known = known.is_some();
        let said = notification.transaction_status();
        if let Some(record) = &known {
            let is_late = said.is_some() && journal::merge(record.transaction_status, said) != said;
            delivery.order = if is_late { DeliveryOrder::Late } else { DeliveryOrder::New };
            delivery.mismatch = mismatch(record, notification.amount());
            if delivery.mismatch.is_none() && !is_late {
                self.learn_from(record, &notification, limit)?;
                self.learn_again(&notification, limit)?;
            }
        }
        if before == Some(NoteState::Acknowledged) {
            delivery.order = DeliveryOrder::Repeat;
        }
        if let Some(difference) = &delivery.mismatch {
            self.log(Level::Error, || format!("A notification of the payment {reference}: {difference}"));
        }
        delivery.notification = Some(notification);
        Ok(delivery)
    }

    /// Somebody else may have changed the record just then, and what the notification says was not written over that.
    fn learn_again(&self, notification: &Notification, limit: &Limit) -> Result<()> {
        let said = notification.transaction_status();
        for _ in 0..3 {
            let reference = notification.original_partner_reference_no();
            let Some(record) = self.journal.find(Operation::Payment, reference, limit)? else { break };
            if journal::merge(record.transaction_status, said) == record.transaction_status {
                break;
            }
            limit.sleep(Duration::from_millis(20));
            self.learn_from(&record, notification, limit)?;
        }
        Ok(())
    }

    /// What a genuine notification proves about an open payment, and about the money of any.
    fn learn_from(&self, record: &journal::Record, notification: &Notification, limit: &Limit) -> Result<()> {
        let said = notification.transaction_status();
        let is_paid = matches!(said, Some(TransactionStatus::Paid | TransactionStatus::Refunded));
        let is_news = journal::merge(record.transaction_status, said) != record.transaction_status;
        let settles = is_paid && record.state.is_open();
        if !is_news && !settles {
            return Ok(());
        }
        let observation = || match is_paid {
            true => Observation::Done(journal::Answer {
                http_status: 200,
                body: notification.json().to_owned(),
                source: Source::Notification,
            }),
            false => Observation::StillOpen,
        };
        self.journal.observe(record, observation, said, self.doku_tick(), limit).map(drop)
    }

    /// A notification that is DOKU's own but old is not believed and not lost: it is written down, and DOKU is asked. Of
    /// one that the merchant has taken already there is nothing to ask, however often somebody sends a copy of it.
    /// Returns what DOKU says, and what of that is otherwise than was ordered.
    fn ask_instead(&self, stale: &Notification, limit: &Limit) -> Result<(Option<Status>, Option<String>)> {
        let reference = stale.original_partner_reference_no();
        let known = self.journal.find(Operation::Payment, reference, limit)?;
        if self.note(stale, NoteState::Stale, known.is_some(), limit)? == Some(NoteState::Acknowledged) {
            return Ok((None, None));
        }
        let limit = limit.sooner(Instant::now() + ASK_ABOUT_STALE);
        let Ok(status) = self.inquire(reference, known.as_ref(), &limit) else { return Ok((None, None)) };
        let mismatch = known.as_ref().and_then(|record| mismatch(record, status.amount()));
        if let Some(record) = known.as_ref().filter(|_| mismatch.is_none()) {
            self.learn(record, &status, &limit);
        }
        Ok((Some(status), mismatch))
    }

    fn note(
        &self,
        notification: &Notification,
        state: NoteState,
        is_known: bool,
        limit: &Limit,
    ) -> Result<Option<NoteState>> {
        let now_ms = self.doku_now_ms();
        let note = Note {
            key: notification.key(),
            reference: notification.original_partner_reference_no().to_owned(),
            state,
            is_known,
            body: notification.json().to_owned(),
            first_ms: now_ms,
            last_ms: now_ms,
            count: 1,
        };
        self.journal.store().note(&note, limit)
    }

    /// The merchant has taken it. Only once that is written down is DOKU told so.
    pub(super) fn acknowledge(&self, delivery: &mut Delivery, cancel: Option<&Cancel>) -> Result<()> {
        let Some(notification) = &delivery.notification else {
            let message = "The notification is not genuine: there is nothing to acknowledge.";
            return Err(crate::Error::argument("delivery", message));
        };
        self.note(notification, NoteState::Acknowledged, delivery.is_known, &self.limit(cancel))?;
        let body = json!({"responseCode": "2005600", "responseMessage": "Request has been processed successfully"});
        delivery.answer = self.answer(200, &body, String::new());
        Ok(())
    }

    /// The merchant has no such order, and never will.
    pub(super) fn reject_unknown(&self, delivery: &mut Delivery) -> Result<()> {
        if delivery.notification.is_none() {
            let message = "The notification is not genuine: there is nothing to decide.";
            return Err(crate::Error::argument("delivery", message));
        }
        let body = json!({"responseCode": "4045601", "responseMessage": "Transaction Not Found"});
        delivery.answer = self.answer(404, &body, "The merchant does not know the order.".to_owned());
        Ok(())
    }

    pub(super) fn inbox(&self, cancel: Option<&Cancel>) -> Result<Vec<InboxEntry>> {
        let notes = self.journal.store().notes(None, MOST_LISTED, &self.limit(cancel))?;
        Ok(notes.into_iter().map(|note| InboxEntry { note }).collect())
    }

    fn send_again(&self, reason: &str) -> WebhookAnswer {
        let body = json!({"responseCode": "5005601", "responseMessage": "Internal Server Error"});
        self.answer(500, &body, reason.to_owned())
    }

    fn answer(&self, status: u16, body: &Value, reason: String) -> WebhookAnswer {
        let now = timestamp::format(self.doku_now_ms(), self.merchant.settings.timestamp_form);
        let headers = vec![
            ("Content-Type", "application/json".to_owned()),
            ("X-TIMESTAMP", now),
            ("X-CLIENT-KEY", self.merchant.settings.client_id.clone()),
        ];
        WebhookAnswer { status, headers, body: body.to_string(), reason }
    }

    fn log_answer(&self, what: &str, answer: &WebhookAnswer) {
        let level = if answer.is_accepted() { Level::Info } else { Level::Warn };
        self.log(level, || format!("A {what} was answered with HTTP {}. {}", answer.status, answer.reason));
    }

    /// Tokens of one environment are none of the other.
    fn issuer(&self) -> String {
        format!("bayar/{}", self.merchant.settings.environment)
    }

    fn is_fresh(&self, signed_ms: i64) -> bool {
        self.doku_now_ms().saturating_sub(signed_ms).saturating_abs() <= self.window_ms()
    }

    fn window_ms(&self) -> i64 {
        i64::try_from(self.merchant.settings.notification_window.as_millis()).unwrap_or(i64::MAX)
    }

    fn not_fresh(&self, signed_ms: i64) -> String {
        let away_s = self.doku_now_ms().saturating_sub(signed_ms) / 1000;
        let side = if away_s < 0 { "ahead of" } else { "behind" };
        format!(
            "X-TIMESTAMP is {} s {side} this machine's clock, more than notification_window_s allows.",
            away_s.abs()
        )
    }
}

/// The values of headers that must be there once; the codes are those for a header that came twice, and for none.
fn headers<'a>(
    incoming: &'a Incoming,
    names: [&'static str; 3],
    [twice, none]: [&'static str; 2],
) -> std::result::Result<[&'a str; 3], No> {
    if let Some(name) = incoming.repeated(&names) {
        return Err(No::new(
            400,
            twice,
            &format!("Invalid Field Format {name}"),
            format!("{name} came more than once."),
        ));
    }
    let mut values = [""; 3];
    for (value, name) in values.iter_mut().zip(names) {
        *value = incoming.header(name).filter(|value| !value.is_empty()).ok_or_else(|| {
            No::new(400, none, &format!("Invalid Mandatory Field {name}"), format!("{name} is missing."))
        })?;
        if value.len() > LONGEST_HEADER {
            return Err(No::new(400, twice, &format!("Invalid Field Format {name}"), format!("{name} is too long.")));
        }
    }
    Ok(values)
}

fn undecided(answer: WebhookAnswer) -> Delivery {
    Delivery { notification: None, order: DeliveryOrder::New, is_known: false, mismatch: None, stale: None, answer }
}

/// What DOKU says otherwise than was ordered.
fn mismatch(record: &journal::Record, said: Option<Amount>) -> Option<String> {
    let ordered = record.intent.amount;
    said.filter(|amount| *amount != ordered).map(|amount| {
        format!(
            "DOKU says {amount}, and {ordered} was ordered. Let a person look at it before anything is handed over."
        )
    })
}
