//! How an answer is to be delivered, and the writer that does it. By then the work is done; only the wire is left.

use std::any::Any;
use std::io::{self, Write};
use std::time::Duration;

use time::OffsetDateTime;

use super::answer::Answer;
use super::stop::Stop;

/// What is asked of the writer; the default is a good answer at once.
#[derive(Default)]
pub(crate) struct Delivery {
    /// Think time before the first byte.
    pub(crate) delay: Duration,
    /// Whether the connection ends after this answer, as the answer's head says.
    pub(crate) close: bool,
    pub(crate) manner: Manner,
    pub(crate) date: DateHeader,
    pub(crate) framing: Framing,
    /// Whether every header is said twice.
    pub(crate) doubled: bool,
    /// Let go just before the first byte is sent: until then the request is under way.
    pub(crate) hold: Option<Box<dyn Any + Send>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Manner {
    #[default]
    Whole,
    /// Whole, then a close that the head did not speak of.
    ThenClose,
    /// The head and half the body, then a close.
    Half,
    /// The head and half the body, then nothing more until the sandbox ends.
    HalfThenSilence,
    Trickle {
        bytes_per_s: u32,
    },
    /// These bytes in place of the answer, then a close.
    Raw(&'static [u8]),
    /// A close.
    Nothing,
    /// A reset.
    Reset,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum DateHeader {
    #[default]
    Right,
    /// So many seconds ahead.
    Ahead(i64),
    Absent,
}

/// How the client learns where the body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Framing {
    #[default]
    Length,
    /// Two lengths that contradict each other.
    TwoLengths,
    Chunked,
    /// By the end of the connection.
    Close,
}

/// What becomes of the connection.
pub(super) enum After {
    Next,
    Close,
    Reset,
}

/// Sends an answer as its delivery asks. When the sandbox is stopping, nothing (more) is sent.
pub(super) fn deliver(
    answer: &mut Answer,
    now: impl Fn() -> OffsetDateTime,
    wire: &mut dyn Write,
    stop: &Stop,
) -> io::Result<After> {
    if !answer.delivery.delay.is_zero() && stop.sleep(answer.delivery.delay) {
        return Ok(After::Close);
    }
    answer.delivery.hold = None;
    let delivery = &answer.delivery;
    let mut stays = !delivery.close;
    match delivery.manner {
        Manner::Nothing => return Ok(After::Close),
        Manner::Reset => return Ok(After::Reset),
        Manner::Whole => wire.write_all(&answer.encode(now()))?,
        Manner::ThenClose | Manner::Half => {
            wire.write_all(&answer.encode(now()))?;
            stays = false;
        }
        Manner::HalfThenSilence => {
            wire.write_all(&answer.encode(now()))?;
            wire.flush()?;
            stop.sleep(Duration::MAX);
            return Ok(After::Close);
        }
        Manner::Raw(bytes) => {
            wire.write_all(bytes)?;
            stays = false;
        }
        Manner::Trickle { bytes_per_s } => {
            let pause = Duration::from_secs(1) / bytes_per_s.max(1);
            for byte in answer.encode(now()) {
                wire.write_all(&[byte])?;
                wire.flush()?;
                if stop.sleep(pause) {
                    return Ok(After::Close);
                }
            }
        }
    }
    wire.flush()?;
    Ok(if stays { After::Next } else { After::Close })
}
