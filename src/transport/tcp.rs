//! A TCP connection as ureq wants it, obeying the call's deadline instead of ureq's own limits.
//!
//! Keeps **P4** for every read and write, and **P3**: it alone knows whether the system accepted a byte. A connection
//! that failed in the middle is reset, so that the kernel stops delivering what the caller believes given up.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use socket2::SockRef;
use ureq::Error;
use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

use super::call;
use super::failure::{FailureKind, Trouble};

/// Sixteen KiB, not ureq's 128: an idle connection then costs a till a fifth of the memory.
pub(super) const BUFFER: usize = 16 * 1024;

/// The socket's time limit may be this much longer than the call's. A limit that still fits is left as it is, which
/// saves two system calls on a warm connection.
const SLACK: Duration = Duration::from_millis(40);

/// The kernel rounds a long wait up, by up to a tenth of it; so none is longer than this, and the clock decides after it.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

pub(super) struct Tcp {
    stream: TcpStream,
    buffers: LazyBuffers,
    read_limit: Duration,
    write_limit: Duration,
    failed: bool,
}

impl Tcp {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            buffers: LazyBuffers::new(BUFFER, BUFFER),
            read_limit: Duration::ZERO,
            write_limit: Duration::ZERO,
            failed: false,
        }
    }

    fn write(&mut self, amount: usize) -> Result<(), Error> {
        let mut rest = filled(self.buffers.output(), amount)?;
        while !rest.is_empty() {
            let left = call::slice()?.min(LONGEST_WAIT);
            if !fits(self.write_limit, left) {
                self.write_limit = left + SLACK / 2;
                self.stream.set_write_timeout(Some(self.write_limit))?;
            }
            match self.stream.write(rest) {
                Ok(0) => return Err(lost("the connection takes no more data")),
                Ok(taken) => {
                    call::accepted();
                    rest = rest.get(taken..).unwrap_or_default();
                }
                Err(error) if is_worth_another_look(&error) => {}
                Err(error) => return Err(lost_by(&error)),
            }
        }
        Ok(())
    }

    fn read(&mut self) -> Result<usize, Error> {
        let space = self.buffers.input_append_buf();
        if space.is_empty() {
            // A read into no space looks like the end of the connection.
            return Err(Trouble::error(FailureKind::AnswerBroken, "the headers of the answer are too long"));
        }
        loop {
            let left = call::slice()?.min(LONGEST_WAIT);
            if !fits(self.read_limit, left) {
                self.read_limit = left + SLACK / 2;
                self.stream.set_read_timeout(Some(self.read_limit))?;
            }
            match self.stream.read(space) {
                Ok(count) => {
                    self.buffers.input_appended(count);
                    return Ok(count);
                }
                Err(error) if is_worth_another_look(&error) => {}
                Err(error) => return Err(lost_by(&error)),
            }
        }
    }
}

impl Transport for Tcp {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        // rustls would repeat a failed write from its start, into the middle of its own record.
        if self.failed {
            return Err(lost("the connection has failed before"));
        }
        self.write(amount).inspect_err(|_| self.failed = true)
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        if self.failed {
            return Err(lost("the connection has failed before"));
        }
        let count = self.read().inspect_err(|_| self.failed = true)?;
        Ok(count > 0)
    }

    /// Bytes that nobody asked for count as closed: they could be taken for the answer to the next request.
    fn is_open(&mut self) -> bool {
        !self.failed && self.buffers.input().is_empty() && is_silent(&self.stream)
    }
}

impl Drop for Tcp {
    fn drop(&mut self) {
        if self.failed || call::abandoned() {
            let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
        }
    }
}

impl fmt::Debug for Tcp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tcp").field("failed", &self.failed).finish_non_exhaustive()
    }
}

/// The part of an output buffer that ureq has filled.
pub(super) fn filled(output: &[u8], amount: usize) -> Result<&[u8], Error> {
    output.get(..amount).ok_or_else(|| lost("more was to be sent than there is"))
}

/// Never shorter than what is left: on Windows a socket whose limit has passed is not to be used again.
fn fits(limit: Duration, left: Duration) -> bool {
    left <= limit && limit <= left + SLACK
}

/// The limit has passed or a signal came in: the clock decides. (On Unix `TimedOut` is no limit of ours, but a peer
/// that acknowledges nothing any more.)
fn is_worth_another_look(error: &io::Error) -> bool {
    let kind = error.kind();
    matches!(kind, ErrorKind::Interrupted | ErrorKind::WouldBlock) || (cfg!(windows) && kind == ErrorKind::TimedOut)
}

/// Not as `Error::Io`: ureq takes a reset for the regular end of an answer that states no length.
fn lost_by(error: &io::Error) -> Error {
    lost(match error.kind() {
        ErrorKind::ConnectionReset => "the other side reset the connection",
        ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => "the connection was broken off",
        ErrorKind::TimedOut => "the other side no longer acknowledges anything",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => "the network went away",
        _ => "the connection failed",
    })
}

fn lost(what: &str) -> Error {
    Trouble::error(FailureKind::ConnectionLost, what)
}

/// Nothing has come in, not even the end: asked without waiting and without taking anything.
#[cfg(unix)]
fn is_silent(stream: &TcpStream) -> bool {
    let mut byte = [std::mem::MaybeUninit::uninit()];
    // One system call; switching the socket to non-blocking and back would be three.
    let seen = SockRef::from(stream).recv_with_flags(&mut byte, libc::MSG_PEEK | libc::MSG_DONTWAIT);
    matches!(seen, Err(error) if error.kind() == ErrorKind::WouldBlock)
}

#[cfg(not(unix))]
fn is_silent(stream: &TcpStream) -> bool {
    if stream.set_nonblocking(true).is_err() {
        return false;
    }
    let seen = stream.peek(&mut [0]);
    let back = stream.set_nonblocking(false);
    back.is_ok() && matches!(seen, Err(error) if error.kind() == ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;
    use std::time::Instant;

    use super::*;
    use crate::limit::Limit;

    fn pair() -> (Tcp, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ours = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (Tcp::new(ours), listener.accept().unwrap().0)
    }

    fn give(tcp: &mut Tcp) -> Result<(), Error> {
        tcp.buffers().output()[..3].copy_from_slice(b"abc");
        tcp.transmit_output(3, NextTimeout::default())
    }

    #[test]
    fn sent_means_that_the_system_took_a_byte_of_the_request() {
        let (mut tcp, _theirs) = pair();
        let _call = call::begin(&Limit::new(Instant::now() + Duration::from_secs(5), None));
        give(&mut tcp).unwrap();
        assert!(!call::sent(), "a handshake is no request");
        call::requesting().unwrap();
        assert!(!call::sent());
        give(&mut tcp).unwrap();
        assert!(call::sent());
    }

    #[test]
    fn a_request_that_meets_a_dead_connection_was_not_sent() {
        let (mut tcp, theirs) = pair();
        let _call = call::begin(&Limit::new(Instant::now() + Duration::from_secs(5), None));
        call::requesting().unwrap();
        SockRef::from(&theirs).set_linger(Some(Duration::ZERO)).unwrap();
        drop(theirs);
        thread::sleep(Duration::from_millis(100));
        assert!(!tcp.is_open());
        give(&mut tcp).unwrap_err();
        assert!(!call::sent());
        // And nothing more goes out on it.
        give(&mut tcp).unwrap_err();
    }

    #[test]
    fn an_open_connection_is_one_where_nothing_waits() {
        let (mut tcp, mut theirs) = pair();
        assert!(tcp.is_open());
        theirs.write_all(b"x").unwrap();
        thread::sleep(Duration::from_millis(100));
        assert!(!tcp.is_open());
        assert!(!tcp.is_open(), "asking takes nothing away");
    }

    #[test]
    fn without_a_call_nothing_is_sent() {
        let (mut tcp, _theirs) = pair();
        give(&mut tcp).unwrap_err();
    }
}
