//! One connection from its first byte to its last: read a request, have it handled, deliver the answer.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::Handler;
use super::delivery::{After, deliver};
use super::reader::{Incoming, Reader};
use super::stop::Stop;

/// How long, and how many bytes, a refused client may still talk before the socket is closed under it.
const LINGER: Duration = Duration::from_millis(500);
const LINGER_BYTES: usize = 4 * 1024 * 1024;

/// What every connection of a listener shares.
pub(super) struct Setting<H> {
    pub(super) handler: Arc<H>,
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) idle: Duration,
    pub(super) stop: Arc<Stop>,
}

/// Serves one connection. Errors end it and need no mention: clients come and go.
pub(super) fn serve<H: Handler>(setting: &Setting<H>, socket: TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let idle = (!setting.idle.is_zero()).then_some(setting.idle);
    socket.set_read_timeout(idle)?;
    if setting.handler.stalls_connection() {
        return stall(&socket);
    }
    let end = match &setting.tls {
        None => {
            let mut wire = &socket;
            talk(setting, &mut wire)?
        }
        Some(config) => {
            let session = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
            let mut wire = StreamOwned::new(session, &socket);
            let talked = talk(setting, &mut wire);
            if !matches!(talked, Ok(End::Reset)) {
                wire.conn.send_close_notify();
                let _ = wire.flush();
            }
            talked?
        }
    };
    match end {
        End::Part => part(&socket),
        End::Reset => reset_on_close(&socket),
    }
}

/// How a connection is to end.
enum End {
    Part,
    Reset,
}

fn talk<H: Handler>(setting: &Setting<H>, wire: &mut (impl Read + Write)) -> io::Result<End> {
    let mut reader = Reader::default();
    loop {
        let (mut answer, keep_alive) = match reader.next(wire)? {
            Incoming::Gone => return Ok(End::Part),
            Incoming::Refused(answer) => (answer, false),
            Incoming::Request(request) => {
                let keep_alive = request.keep_alive;
                (setting.handler.handle(request, &setting.stop), keep_alive)
            }
        };
        answer.delivery.close |= !keep_alive;
        match deliver(&mut answer, || setting.handler.date(), wire, &setting.stop)? {
            After::Next => {}
            After::Close => return Ok(End::Part),
            After::Reset => return Ok(End::Reset),
        }
    }
}

/// Takes what the client says, answers nothing, and waits for it to lose patience (or for the sandbox to end).
fn stall(mut socket: &TcpStream) -> io::Result<()> {
    socket.set_read_timeout(None)?;
    let mut chunk = [0; 8 * 1024];
    while socket.read(&mut chunk)? > 0 {}
    Ok(())
}

/// Closing is then a reset: with no time to linger the kernel throws away what is unsent and says so.
#[cfg(unix)]
fn reset_on_close(socket: &TcpStream) -> io::Result<()> {
    rustix::net::sockopt::set_socket_linger(socket, Some(Duration::ZERO)).map_err(io::Error::from)
}

/// No way to ask for a reset here: a close without a word has to do.
#[cfg(not(unix))]
fn reset_on_close(socket: &TcpStream) -> io::Result<()> {
    socket.shutdown(Shutdown::Both)
}

/// Closing a socket while unread bytes wait in it resets the connection, and the client may lose the answer: so say
/// first that nothing more comes, then read what the client still sends.
fn part(mut socket: &TcpStream) -> io::Result<()> {
    socket.shutdown(Shutdown::Write)?;
    socket.set_read_timeout(Some(LINGER))?;
    let end = Instant::now() + LINGER;
    let mut chunk = [0; 8 * 1024];
    let mut total = 0;
    while total < LINGER_BYTES && Instant::now() < end {
        match socket.read(&mut chunk)? {
            0 => break,
            count => total += count,
        }
    }
    Ok(())
}
