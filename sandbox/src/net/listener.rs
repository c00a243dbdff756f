//! Listening on this machine's loopback addresses, one thread for each address and each connection.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use rustls::ServerConfig;

use super::Handler;
use super::connection::{Setting, serve};
use super::connections::Connections;
use super::stop::Stop;

/// How often a port that is free for IPv4 but not for IPv6 is given back for another one.
const ATTEMPTS: usize = 16;
/// How many callers may wait to be accepted.
#[cfg(unix)]
const BACKLOG: i32 = 1024;
/// How long the end waits for connections to notice it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bound sockets on which nothing is accepted yet: the port is known before the first request can come.
pub(crate) struct Listener {
    port: u16,
    sockets: Vec<TcpListener>,
}

/// A running listener. Dropping it ends everything that it started.
pub(crate) struct Listening {
    addresses: Vec<SocketAddr>,
    accepting: Vec<JoinHandle<()>>,
    connections: Arc<Connections>,
    stop: Arc<Stop>,
}

impl Listener {
    /// Binds 127.0.0.1 and, where there is IPv6, the same port of ::1: `localhost` may mean either.
    pub(crate) fn bind(port: u16) -> io::Result<Listener> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match bind_both(port) {
                Err(error) if port == 0 && attempt < ATTEMPTS => {
                    if error.kind() != io::ErrorKind::AddrInUse {
                        return Err(error);
                    }
                }
                result => return result,
            }
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn start<H: Handler>(
        self,
        handler: &Arc<H>,
        tls: Option<Arc<ServerConfig>>,
        idle: Duration,
    ) -> io::Result<Listening> {
        let setting = Arc::new(Setting { handler: Arc::clone(handler), tls, idle, stop: Arc::default() });
        let mut listening = Listening {
            addresses: Vec::new(),
            accepting: Vec::new(),
            connections: Arc::default(),
            stop: Arc::clone(&setting.stop),
        };
        for socket in self.sockets {
            listening.addresses.push(socket.local_addr()?);
            let setting = Arc::clone(&setting);
            let connections = Arc::clone(&listening.connections);
            let thread = std::thread::Builder::new()
                .name("sandbox-accept".to_owned())
                .spawn(move || accept(&socket, &setting, &connections))?;
            listening.accepting.push(thread);
        }
        Ok(listening)
    }
}

fn bind_both(port: u16) -> io::Result<Listener> {
    let first = TcpListener::bind((IpAddr::V4(Ipv4Addr::LOCALHOST), port))?;
    let port = first.local_addr()?.port();
    let mut sockets = vec![first];
    match TcpListener::bind((IpAddr::V6(Ipv6Addr::LOCALHOST), port)) {
        Ok(second) => sockets.push(second),
        // Somebody else's server must not answer for `localhost`.
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
        Err(_) => {} // no IPv6 here
    }
    sockets.iter().try_for_each(widen)?;
    Ok(Listener { port, sockets })
}

/// The standard library lets 128 callers wait; one more of a burst would be turned away for a second by its own kernel.
#[cfg(unix)]
fn widen(socket: &TcpListener) -> io::Result<()> {
    rustix::net::listen(socket, BACKLOG).map_err(io::Error::from)
}

#[cfg(not(unix))]
fn widen(_: &TcpListener) -> io::Result<()> {
    Ok(())
}

fn accept<H: Handler>(socket: &TcpListener, setting: &Arc<Setting<H>>, connections: &Arc<Connections>) {
    loop {
        let accepted = socket.accept();
        if setting.stop.is_set() {
            return;
        }
        let Ok((client, _)) = accepted else {
            // Out of descriptors, most likely: give the others time to end.
            setting.stop.sleep(Duration::from_millis(10));
            continue;
        };
        setting.handler.connected();
        let Ok(place) = connections.enter(&client) else {
            continue;
        };
        let setting = Arc::clone(setting);
        let _ = std::thread::Builder::new().name("sandbox-connection".to_owned()).spawn(move || {
            let _ = serve(&setting, client);
            drop(place);
        });
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.set();
        for address in &self.addresses {
            // A thread that waits in accept() wakes only for a caller.
            let _ = TcpStream::connect_timeout(address, PATIENCE);
        }
        for thread in self.accepting.drain(..) {
            let _ = thread.join();
        }
        self.connections.close_all(PATIENCE);
    }
}
