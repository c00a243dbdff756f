//! What is done to an answer that is otherwise good: to its head, its body, or the way in which it is sent.

use std::time::Duration;

use super::edit::{edit, grow};
use super::instead::html;
use super::{Conflict, Misbehaviour};
use crate::net::{Answer, DateHeader, Framing, Manner};

const RUBBISH: &[u8] = b"\x00\xff\x15\x03 this is no HTTP \x80\r\n\r\n";

/// Spoils an answer. Those misbehaviours that work elsewhere leave it alone.
pub(crate) fn apply(what: &Misbehaviour, answer: &mut Answer) {
    let delivery = &mut answer.delivery;
    match what {
        Misbehaviour::Delay { ms } => delivery.delay = Duration::from_millis(*ms),
        Misbehaviour::CloseAfterWork => delivery.manner = Manner::Nothing,
        Misbehaviour::CloseAfterAnswer => delivery.manner = Manner::ThenClose,
        Misbehaviour::ResetAfterWork => delivery.manner = Manner::Reset,
        Misbehaviour::HalfAnswer => delivery.manner = Manner::Half,
        Misbehaviour::HalfThenSilence => delivery.manner = Manner::HalfThenSilence,
        Misbehaviour::Trickle { bytes_per_s } => delivery.manner = Manner::Trickle { bytes_per_s: *bytes_per_s },
        Misbehaviour::Rubbish => delivery.manner = Manner::Raw(RUBBISH),
        Misbehaviour::WrongDate { ahead_s } => delivery.date = DateHeader::Ahead(*ahead_s),
        Misbehaviour::NoDate => delivery.date = DateHeader::Absent,
        Misbehaviour::DuplicateHeaders => delivery.doubled = true,
        Misbehaviour::TwoLengths => delivery.framing = Framing::TwoLengths,
        Misbehaviour::Chunked => delivery.framing = Framing::Chunked,
        Misbehaviour::NoContentLength => {
            delivery.framing = Framing::Close;
            delivery.close = true;
        }
        Misbehaviour::NoContentType => answer.headers.retain(|(name, _)| *name != "Content-Type"),
        Misbehaviour::HtmlAfterWork { status } => *answer = html(*status),
        Misbehaviour::Conflict(Conflict::Replay) => answer.status = 409,
        Misbehaviour::EmptyBody => answer.body.clear(),
        Misbehaviour::Oversized { bytes } => grow(&mut answer.body, *bytes),
        Misbehaviour::WrongType { .. }
        | Misbehaviour::NulIn { .. }
        | Misbehaviour::UnknownField
        | Misbehaviour::Missing { .. }
        | Misbehaviour::WrongEcho { .. }
        | Misbehaviour::Put { .. } => edit(what, &mut answer.body),
        Misbehaviour::DelayBeforeWork { .. }
        | Misbehaviour::CloseBeforeWork
        | Misbehaviour::ResetBeforeWork
        | Misbehaviour::NoHandshake
        | Misbehaviour::Html { .. }
        | Misbehaviour::Code { .. }
        | Misbehaviour::CodeAfterWork { .. }
        | Misbehaviour::InProgress
        | Misbehaviour::TooMany { .. }
        | Misbehaviour::Conflict(_)
        | Misbehaviour::OldToken
        | Misbehaviour::UnknownToken
        | Misbehaviour::Redirect { .. } => {}
    }
}
