//! What each piece of evidence proves about money: the table of journal.md, as the code goes by it. `docs/journal.md`
//! is printed from here, and the tests walk it row by row.

use crate::snap::external_id::Operation;

/// Something that was learned about an operation; [`TABLE`] says what each is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs)] // The table says it, once.
pub enum Evidence {
    NothingSent,
    NoAnswer,
    ServerError,
    ReplayedServerError,
    Success,
    OtherSuccess,
    InProgress,
    TokenRefused,
    Refused,
    RefusedOrDone,
    RefusedUntilMended,
    RefusedForNow,
    RefusedLater,
    ReplayedRefusal,
    SeenBefore,
    StatusPaid,
    StatusUnpaid,
    StatusOtherAmount,
    StatusNotFound,
    StatusSilent,
    StatusFailed,
    EntryDone,
    EntryPending,
    EntryFailed,
    EntryOtherAmount,
    EntryAbsent,
    EntryUnclear,
    NoHistory,
}

/// What follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// It cannot come up.
    None,
    /// Nothing happened by this call; what was open stays open.
    NotSent,
    /// It is done.
    Done,
    /// It is refused for good.
    Refused,
    /// It is refused, unless the status knows it as done.
    RefusedUnlessDone,
    /// It is refused; the next call makes a new attempt.
    RefusedForNow,
    /// The token is renewed, and the same sent again.
    RenewToken,
    /// It may have happened, and is sent once more within the call where the day is safe.
    OpenSendAgain,
    /// It may have happened.
    Open,
    /// It may have happened, and only the status may settle it.
    OpenAskOnly,
    /// The same, and the status is asked at once.
    OpenAskNow,
    /// It may have happened, and a person has to look.
    Alarm,
    /// DOKU has something else than was ordered: a person has to look.
    Conflict,
    /// Nothing is learned.
    Nothing,
    /// Nothing at first; several times after the end of the link: expired.
    ExpiredInTheEnd,
    /// The caller's repeated call may send the same again where the day is safe and a minute has gone by.
    MaySendAgain,
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// The evidence.
    pub evidence: Evidence,
    /// What was seen, for people.
    pub says: &'static str,
    /// What follows for a payment.
    pub payment: Effect,
    /// What follows for a refund.
    pub refund: Effect,
}

const fn row(evidence: Evidence, says: &'static str, payment: Effect, refund: Effect) -> Row {
    Row { evidence, says, payment, refund }
}

use Effect as F;
use Evidence as E;

/// Every piece of evidence. "First" means that no byte of the operation was ever sent before.
pub static TABLE: &[Row] = &[
    row(E::NothingSent, "no byte of the request was written, or the journal could not be", F::NotSent, F::NotSent),
    row(
        E::NoAnswer,
        "bytes were written, and no complete JSON answer with a seven-digit code came",
        F::OpenSendAgain,
        F::Open,
    ),
    row(E::ServerError, "a 5xx code, or one that nobody has documented", F::OpenSendAgain, F::Open),
    row(E::ReplayedServerError, "HTTP 409 around a 5xx code", F::OpenAskNow, F::OpenAskNow),
    row(E::Success, "200xxxx in HTTP 2xx or 409, and the echoed fields are ours", F::Done, F::Done),
    row(E::OtherSuccess, "200xxxx, and an echoed field is not ours or cannot be used", F::Alarm, F::Alarm),
    row(E::InProgress, "202xxxx", F::OpenAskOnly, F::OpenAskOnly),
    row(E::TokenRefused, "401xx01 or 401xx03, first", F::RenewToken, F::RenewToken),
    row(E::Refused, "another 400, 401, 403, 404 or 405, first", F::Refused, F::Refused),
    row(
        E::RefusedOrDone,
        "404xx00 or 404xx14, first (DOKU says so also of what was done before)",
        F::RefusedUnlessDone,
        F::RefusedUnlessDone,
    ),
    row(
        E::RefusedUntilMended,
        "401xx00 or a code about the merchant's configuration, first",
        F::RefusedForNow,
        F::RefusedForNow,
    ),
    row(E::RefusedForNow, "429, or 403 with case 04, 06 or 14, first", F::RefusedForNow, F::RefusedForNow),
    row(E::RefusedLater, "any refusal that is not first", F::Open, F::Open),
    row(E::ReplayedRefusal, "HTTP 409 around a refusal", F::OpenAskNow, F::OpenAskNow),
    row(E::SeenBefore, "409xx00, 409xx01, 404xx18 or 400xx03", F::OpenAskNow, F::OpenAskNow),
    row(E::StatusPaid, "the status is 00 or 04", F::Done, F::None),
    row(
        E::StatusUnpaid,
        "the status is 01, 02 or 03: it exists, and only the first answer had its link",
        F::Alarm,
        F::None,
    ),
    row(E::StatusFailed, "the status is 05 or 06: not final while the link lives", F::Alarm, F::None),
    row(E::StatusOtherAmount, "the status has another amount", F::Conflict, F::Conflict),
    row(E::StatusNotFound, "the status is 07, or 404xx01", F::ExpiredInTheEnd, F::Nothing),
    row(E::StatusSilent, "the status could not be had, or does not tell", F::Nothing, F::Nothing),
    row(E::EntryDone, "refundHistory has it with status 00", F::None, F::Done),
    row(E::EntryPending, "refundHistory has it with status 03, or none", F::None, F::Nothing),
    row(E::EntryFailed, "refundHistory has it with status 06", F::None, F::Refused),
    row(E::EntryOtherAmount, "refundHistory has it with another amount", F::None, F::Conflict),
    row(E::EntryAbsent, "refundHistory is there, and it is not in it", F::None, F::MaySendAgain),
    row(E::EntryUnclear, "refundHistory has an entry that does not say whose it is", F::None, F::Nothing),
    row(E::NoHistory, "the answer has no refundHistory", F::None, F::Nothing),
];

impl Evidence {
    /// What follows from it for such an operation.
    pub fn effect(self, operation: Operation) -> Effect {
        let row = TABLE.iter().find(|row| row.evidence == self);
        row.map_or(Effect::Nothing, |row| match operation {
            Operation::Payment => row.payment,
            Operation::Refund => row.refund,
        })
    }
}

impl Effect {
    /// For people.
    pub fn says(self) -> &'static str {
        match self {
            Self::None => "–",
            Self::NotSent => "*not sent*, unless an earlier transmission is open",
            Self::Done => "*done*",
            Self::Refused => "*refused*",
            Self::RefusedUnlessDone => "*refused*, unless its status says that it is done",
            Self::RefusedForNow => "*refused*; the next call makes a new attempt under a new id",
            Self::RenewToken => "the token is renewed and the same sent again, at most three times",
            Self::OpenSendAgain => "*unknown*; sent once more within the call if the day is safe",
            Self::Open => "*unknown*",
            Self::OpenAskOnly => "*unknown*; never sent again, only asked about",
            Self::OpenAskNow => "*unknown*; the status is asked at once, and it is never sent again",
            Self::Alarm => "*unknown*, and a person has to look",
            Self::Conflict => "*conflict*: a person has to look",
            Self::Nothing => "proves nothing",
            Self::ExpiredInTheEnd => "proves nothing; three times after the link's end and 10 minutes: *expired*",
            Self::MaySendAgain => "after 60 s the caller's repeated call may send the same again if the day is safe",
        }
    }
}
