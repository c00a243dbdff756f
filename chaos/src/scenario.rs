//! What goes wrong in which part of a round, besides the kills.

use bayar_sandbox::{Assumption, Conflict, Misbehaviour as M};

/// What happens to the workers and to what they stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Killed, and nothing else.
    None,
    /// DOKU misbehaves at random.
    Misbehaving,
    /// DOKU loses answers and refuses at random, often both of the same request.
    Refusing,
    /// All workers call the same references.
    Shared,
    /// Stopped past their lease, and woken while another has taken over.
    Stopped,
    /// The journal's disk is full again and again.
    DiskFull,
    /// The journal is thrown away again and again, and DOKU would do everything twice if it could.
    JournalLost,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) trouble: Trouble,
    pub(crate) off: Option<Assumption>,
    /// Only with a journal in a file.
    pub(crate) needs_file: bool,
}

const fn with(name: &'static str, trouble: Trouble) -> Scenario {
    Scenario { name, trouble, off: None, needs_file: false }
}

const fn off(name: &'static str, assumption: Assumption) -> Scenario {
    Scenario { name, trouble: Trouble::None, off: Some(assumption), needs_file: false }
}

/// By how much the status lags where it does.
const LAG_S: u64 = 300;

pub(crate) static ALL: &[Scenario] = &[
    with("kills alone", Trouble::None),
    with("DOKU misbehaves", Trouble::Misbehaving),
    with("refused after a loss", Trouble::Refusing),
    with("same references", Trouble::Shared),
    with("stopped and woken", Trouble::Stopped),
    Scenario { needs_file: true, ..with("disk full", Trouble::DiskFull) },
    Scenario {
        name: "journal lost",
        trouble: Trouble::JournalLost,
        off: Some(Assumption::ReferencesAreUnique),
        needs_file: true,
    },
    off("ids are forgotten", Assumption::IdsAreRemembered),
    off("409-00 while in flight", Assumption::RepeatsWaitForTheFirst),
    off("references not unique", Assumption::ReferencesAreUnique),
    off("errors not replayed", Assumption::ErrorsAreReplayed),
    off("status lags", Assumption::StatusIsCurrent { lag_s: LAG_S }),
    off("unopened link unknown", Assumption::UnopenedLinkIsFound),
    off("no refund history", Assumption::RefundHistoryIsGiven),
    off("success is hidden", Assumption::SuccessIsNotHidden),
    off("other service codes", Assumption::AspiServiceCodes),
];

impl Scenario {
    pub(crate) fn workers(&self) -> usize {
        // The journal is thrown away when nobody else has it open.
        if self.trouble == Trouble::JournalLost { 1 } else { 4 }
    }

    /// Whether something may stay open although everything was asked again, a minute went by and all payments were paid
    /// (journal.md "Evidence"); and why.
    pub(crate) fn may_stay_open(&self) -> Option<&'static str> {
        match (self.trouble, self.off) {
            (Trouble::Misbehaving, _) => {
                Some("DOKU said that it had it, or something else: only asked about, never sent again")
            }
            (Trouble::Refusing, _) => Some("a refusal after a loss proves nothing"),
            (Trouble::JournalLost, _) => Some("what was sent under a lost journal is only asked about"),
            (_, Some(Assumption::RefundHistoryIsGiven)) => Some("no refundHistory proves nothing"),
            (_, Some(Assumption::StatusIsCurrent { .. })) => Some("the status does not know it yet"),
            _ => None,
        }
    }

    /// Whether DOKU may refuse what it does later.
    pub(crate) fn may_refuse(&self) -> bool {
        matches!(self.trouble, Trouble::Misbehaving | Trouble::Refusing)
    }

    /// What DOKU does wrong, and in how many of a thousand requests.
    pub(crate) fn misbehaviours(&self) -> Option<(u32, Vec<M>)> {
        match self.trouble {
            Trouble::Misbehaving => Some((300, everything())),
            Trouble::Refusing => Some((500, losses_and_refusals())),
            _ => None,
        }
    }
}

fn code(http: u16, case: u8) -> M {
    M::Code { http, code: format!("{http}54{case:02}") }
}

fn losses_and_refusals() -> Vec<M> {
    vec![
        M::CloseAfterWork,
        M::ResetAfterWork,
        M::HtmlAfterWork { status: 502 },
        M::HalfAnswer,
        code(400, 1),
        code(401, 0),
        code(403, 15),
        code(404, 0),
        code(404, 1),
        M::TooMany { retry_after_s: None },
        M::OldToken,
    ]
}

/// Everything that loses an answer, says too little, or says no.
fn everything() -> Vec<M> {
    vec![
        M::CloseBeforeWork,
        M::CloseAfterWork,
        M::ResetBeforeWork,
        M::ResetAfterWork,
        M::HalfAnswer,
        M::HalfThenSilence,
        M::Rubbish,
        M::Html { status: 502 },
        M::HtmlAfterWork { status: 404 },
        M::InProgress,
        M::OldToken,
        M::UnknownToken,
        M::TooMany { retry_after_s: Some(0) },
        M::TooMany { retry_after_s: None },
        M::Conflict(Conflict::IdSeen),
        M::Conflict(Conflict::AlreadyDone),
        M::Conflict(Conflict::Replay),
        code(401, 0),
        code(403, 15),
        code(404, 1),
        code(500, 0),
        M::CodeAfterWork { http: 500, code: "5005400".to_owned() },
        M::CodeAfterWork { http: 409, code: "4095401".to_owned() },
        M::WrongDate { ahead_s: 3600 },
        M::EmptyBody,
        M::Delay { ms: 700 },
        M::DelayBeforeWork { ms: 300 },
        M::DelayBeforeWork { ms: 1_500 },
    ]
}

/// Where a worker can be killed or stopped within the library: see its `src/crash.rs`.
pub(crate) static POINTS: &[&str] = &[
    "call.before_begin",
    "call.after_begin",
    "call.before_finish",
    "call.after_finish",
    "journal.locked",
    "journal.before_commit",
    "journal.after_commit",
    "network.before_write",
    "network.after_write",
    "network.after_read",
    "token.before_fetch",
    "token.after_fetch",
    "asking.before_observe",
];
