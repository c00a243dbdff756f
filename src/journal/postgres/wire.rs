//! A socket that never blocks, and the one place where this store waits: for a socket, within the call's limit, looking
//! at its flag. Connecting is here as well.

use super::address::{Place, Target};
use super::trouble::{Result, Trouble};
use crate::limit::Limit;
use crate::transport::NoAddress;
use socket2::{Domain, SockAddr, SockRef, Socket, TcpKeepalive, Type};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What has to happen on a socket before it is of use again.
#[derive(Default)]
pub(super) struct Wants {
    read: AtomicBool,
    write: AtomicBool,
}

/// The connection's bytes. Where a call would block it says so, and notes for what.
pub(super) struct Wire {
    socket: Arc<Socket>,
    wants: Arc<Wants>,
}

/// The same socket in the hands of whoever waits for it.
pub(super) struct Watch {
    socket: Arc<Socket>,
    wants: Arc<Wants>,
}

/// Where nothing tells a socket's readiness, it is looked at this often.
const LOOK_EVERY: Duration = Duration::from_millis(1);
/// A till's router forgets idle connections; these probes find out before the next payment does.
const PROBE_AFTER: Duration = Duration::from_secs(15);
const PROBE_EVERY: Duration = Duration::from_secs(5);
/// Sent but not acknowledged for so long: the connection is dead.
#[cfg(any(target_os = "linux", target_os = "android"))]
const UNACKNOWLEDGED: Duration = Duration::from_secs(10);

/// Connects to a server, within the limit.
pub(super) fn connect(target: &Target, limit: &Limit) -> Result<(Wire, Watch)> {
    let socket = Arc::new(match &target.place {
        Place::Socket(path) => local(path, target, limit)?,
        Place::Net { names, port } => {
            let addresses = loop {
                match names.addresses(limit.slice()) {
                    Ok(addresses) => break addresses,
                    Err(NoAddress::TimedOut) if limit.left().is_zero() => return Err(Trouble::late(limit)),
                    Err(NoAddress::TimedOut) => {}
                    Err(NoAddress::Failed(why)) => return Err(Trouble::no_name(target, &why)),
                }
            };
            first_that_answers(&addresses, *port, target, limit)?
        }
    });
    let wants = Arc::new(Wants::default());
    Ok((Wire { socket: Arc::clone(&socket), wants: Arc::clone(&wants) }, Watch { socket, wants }))
}

fn first_that_answers(addresses: &[IpAddr], port: u16, target: &Target, limit: &Limit) -> Result<Socket> {
    let mut said = Trouble::no_name(target, "it has no address");
    for (tried, address) in addresses.iter().enumerate() {
        // What is left is divided among those still to be tried.
        let parts = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX).max(1);
        let share = limit.sooner(Instant::now() + limit.left() / parts);
        let address = SocketAddr::new(*address, port);
        match open(Domain::for_address(address), &address.into(), &share) {
            Ok(socket) => {
                // Options make things better, not right: a system that lacks one still pays.
                let _ = socket.set_tcp_nodelay(true);
                watch_over(&socket);
                return Ok(socket);
            }
            Err(_) if limit.left().is_zero() => return Err(Trouble::late(limit)),
            Err(error) => said = Trouble::unreachable(target, &error),
        }
    }
    Err(said)
}

#[cfg(unix)]
fn local(path: &std::path::Path, target: &Target, limit: &Limit) -> Result<Socket> {
    let address = SockAddr::unix(path).map_err(|error| Trouble::unreachable(target, &error))?;
    loop {
        match open(Domain::UNIX, &address, limit) {
            Ok(socket) => return Ok(socket),
            Err(_) if limit.left().is_zero() => return Err(Trouble::late(limit)),
            // Others are waiting to be let in.
            Err(error) if error.kind() == ErrorKind::WouldBlock => limit.sleep(LOOK_EVERY),
            Err(error) => return Err(Trouble::unreachable(target, &error)),
        }
    }
}

#[cfg(not(unix))]
fn local(_path: &std::path::Path, target: &Target, _limit: &Limit) -> Result<Socket> {
    Err(Trouble::unreachable(target, &ErrorKind::Unsupported.into()))
}

fn open(domain: Domain, address: &SockAddr, limit: &Limit) -> io::Result<Socket> {
    let socket = Socket::new(domain, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    match socket.connect(address) {
        Ok(()) => return Ok(socket),
        Err(error) if !is_under_way(&error, domain) => return Err(error),
        Err(_) => {}
    }
    // What became of it is told by the socket.
    loop {
        if let Some(error) = socket.take_error()? {
            return Err(error);
        }
        if socket.peer_addr().is_ok() {
            return Ok(socket);
        }
        let slice = limit.slice();
        if slice.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        ready(&socket, false, true, slice)?;
    }
}

/// A socket in the file system that would block has nothing under way.
fn is_under_way(error: &io::Error, domain: Domain) -> bool {
    let would_block = error.kind() == ErrorKind::WouldBlock && domain != Domain::UNIX;
    #[cfg(unix)]
    let would_block = would_block || error.raw_os_error() == Some(libc::EINPROGRESS);
    would_block
}

fn watch_over(socket: &Socket) {
    let probes = TcpKeepalive::new().with_time(PROBE_AFTER);
    #[cfg(any(unix, windows))]
    let probes = probes.with_interval(PROBE_EVERY);
    let _ = SockRef::from(socket).set_tcp_keepalive(&probes);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
}

impl Watch {
    /// Waits until what the connection last wanted may have happened, or for this long.
    pub(super) fn wait(&self, slice: Duration) -> io::Result<()> {
        let write = self.wants.write.swap(false, Ordering::SeqCst);
        let read = self.wants.read.swap(false, Ordering::SeqCst) || !write;
        ready(&self.socket, read, write, slice)
    }
}

/// Waits for a socket, but not longer than this; it may come back sooner for no reason.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn ready(socket: &Socket, read: bool, write: bool, slice: Duration) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut flags = PollFlags::empty();
    flags.set(PollFlags::IN, read);
    flags.set(PollFlags::OUT, write);
    let slice = Timespec::try_from(slice).map_err(io::Error::other)?;
    match poll(&mut [PollFd::new(socket, flags)], Some(&slice)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Elsewhere a look that takes nothing away waits for bytes to come.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn ready(socket: &Socket, read: bool, write: bool, slice: Duration) -> io::Result<()> {
    if write || !read {
        std::thread::sleep(slice.min(LOOK_EVERY));
        return Ok(());
    }
    socket.set_nonblocking(false)?;
    socket.set_read_timeout(Some(slice.max(LOOK_EVERY)))?;
    let _ = socket.peek(&mut [std::mem::MaybeUninit::uninit()]);
    socket.set_nonblocking(true)
}

impl Read for Wire {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let result = (&*self.socket).read(into);
        note(&result, &self.wants.read);
        result
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = (&*self.socket).write(bytes);
        note(&result, &self.wants.write);
        result
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn note<T>(result: &io::Result<T>, wanted: &AtomicBool) {
    if result.as_ref().is_err_and(|error| error.kind() == ErrorKind::WouldBlock) {
        wanted.store(true, Ordering::SeqCst);
    }
}

/// What would block is to be asked again. Nobody is woken: who drives the connection waits for its socket.
pub(super) fn later<T>(mut step: impl FnMut() -> io::Result<T>) -> Poll<io::Result<T>> {
    loop {
        return match step() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            result => Poll::Ready(result),
        };
    }
}

/// Reads into a buffer of tokio's.
pub(super) fn read_later(from: &mut impl Read, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
    later(|| from.read(into.initialize_unfilled())).map_ok(|count| into.advance(count))
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        read_later(&mut *self, into)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        later(|| self.write(bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let _ = self.socket.shutdown(std::net::Shutdown::Write);
        Poll::Ready(Ok(()))
    }
}
