//! Makes TCP connections: looks the name up, tries its addresses in turn, sets the socket's options.
//!
//! Keeps **P4**: every address gets a fair share of the connect limit, so that a dead IPv6 route leaves time for IPv4.
//! The look-up is here and not in ureq's resolver because ureq resolves at each call, also when a connection waits.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use socket2::{Domain, SockRef, Socket, TcpKeepalive, Type};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, Either, NextTimeout, Transport};
use ureq::{Error, Timeout};

use super::call::{self, Stage};
use super::failure::{FailureKind, Trouble};
use super::names::{Names, NoAddress};
use super::setup::Site;
use super::tcp::Tcp;

/// The first in the chain of connectors that makes a connection of its own.
#[derive(Debug)]
pub(super) struct Dial {
    /// Where connections go: the host, or the proxy.
    site: Site,
    names: Names,
    limit: Duration,
    /// The address that answered last is tried first: a dead one costs its share of the time only once.
    last_good: Mutex<Option<IpAddr>>,
}

/// A till's router forgets idle connections; these probes find out before the next payment does.
const PROBE_AFTER: Duration = Duration::from_secs(15);
const PROBE_EVERY: Duration = Duration::from_secs(5);
/// Sent but not acknowledged for so long: the connection is dead.
#[cfg(any(target_os = "linux", target_os = "android"))]
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

impl Dial {
    pub(super) fn new(site: Site, limit: Duration) -> Self {
        Self { names: Names::new(&site.host), site, limit, last_good: Mutex::new(None) }
    }

    fn open(&self) -> Result<Tcp, Error> {
        let addresses = self.addresses()?;
        call::enter(Stage::Connect);
        call::connecting(self.limit);
        let stream = self.first_that_answers(&addresses)?;
        // Options make things better, not right: a system that lacks one still pays.
        let _ = stream.set_nodelay(true);
        set_watch(&stream);
        Ok(Tcp::new(stream))
    }

    fn addresses(&self) -> Result<Vec<IpAddr>, Error> {
        let Site { host, .. } = &self.site;
        call::enter(Stage::LookUp);
        let mut addresses = loop {
            match self.names.addresses(call::slice()?) {
                Ok(addresses) => break addresses,
                // Only a slice of the time is over, if any is left.
                Err(NoAddress::TimedOut) => call::left().map_err(|_| Error::Timeout(Timeout::Resolve))?,
                Err(NoAddress::Failed(why)) => {
                    return Err(Trouble::error(
                        FailureKind::NameLookup,
                        format!("the name {host} could not be looked up ({why}); check the network and its DNS server"),
                    ));
                }
            };
        };
        if self.site.only_here {
            addresses.retain(IpAddr::is_loopback);
        }
        if addresses.is_empty() {
            return Err(Trouble::error(
                FailureKind::NameLookup,
                format!("plain http is for this machine only, but {host} is another one"),
            ));
        }
        let last_good = *self.last_good();
        addresses.sort_by_key(|address| Some(*address) != last_good);
        Ok(addresses)
    }

    fn first_that_answers(&self, addresses: &[IpAddr]) -> Result<TcpStream, Error> {
        let mut tried = Vec::new();
        for (index, ip) in addresses.iter().enumerate() {
            let address = SocketAddr::new(*ip, self.site.port);
            let share = share(call::left()?, addresses.len() - index);
            let begun = Instant::now();
            match connect(&address, share) {
                Ok(stream) => {
                    *self.last_good() = Some(*ip);
                    return Ok(stream);
                }
                Err(error) => tried.push(complaint(address, &error, begun.elapsed())),
            }
        }
        // Out of time says more than what the addresses said one by one.
        call::left()?;
        Err(Trouble::error(
            FailureKind::Connect,
            format!(
                "no connection to {} ({}); check the network, a firewall, and the address",
                self.site,
                tried.join("; ")
            ),
        ))
    }

    fn last_good(&self) -> impl std::ops::DerefMut<Target = Option<IpAddr>> + '_ {
        self.last_good.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<In: Transport> Connector<In> for Dial {
    type Out = Either<In, Tcp>;

    fn connect(&self, _: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        match chained {
            // A tunnel through the proxy is there already.
            Some(tunnel) => Ok(Some(Either::A(tunnel))),
            None => self.open().map(|tcp| Some(Either::B(tcp))),
        }
    }
}

/// Tells ureq nothing: [`Dial`] looks up what it needs, when it needs it.
#[derive(Debug)]
pub(super) struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// Connects within a time limit. A system call that waits cannot be cancelled, so where there is a flag to look at, the
/// connection is asked for without waiting and looked after.
fn connect(address: &SocketAddr, limit: Duration) -> io::Result<TcpStream> {
    if !call::has_flag() {
        return TcpStream::connect_timeout(address, limit);
    }
    let socket = Socket::new(Domain::for_address(*address), Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    let end = Instant::now() + limit;
    // It is under way, whatever this says; what became of it is told by the socket.
    let begun = socket.connect(&(*address).into());
    let mut pause = Duration::from_micros(50);
    while begun.is_err() && socket.peer_addr().is_err() {
        if let Some(error) = socket.take_error()? {
            return Err(error);
        }
        if Instant::now() >= end || call::cancelled() {
            return Err(ErrorKind::TimedOut.into());
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
    socket.set_nonblocking(false)?;
    Ok(socket.into())
}

/// What is left is divided among those still to be tried; one that fails at once leaves its share to the others.
fn share(left: Duration, addresses: usize) -> Duration {
    let parts = u32::try_from(addresses).unwrap_or(u32::MAX).max(1);
    // A limit of zero would be an error.
    (left / parts).max(Duration::from_millis(1))
}

fn complaint(address: SocketAddr, error: &io::Error, waited: Duration) -> String {
    let what = match error.kind() {
        ErrorKind::ConnectionRefused => "refused".to_owned(),
        ErrorKind::TimedOut => format!("no answer for {:.1} s", waited.as_secs_f64()),
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => "no network to it".to_owned(),
        ErrorKind::HostUnreachable => "unreachable".to_owned(),
        _ => error.to_string(),
    };
    format!("{address}: {what}")
}

fn set_watch(stream: &TcpStream) {
    let socket = SockRef::from(stream);
    let probes = TcpKeepalive::new().with_time(PROBE_AFTER);
    #[cfg(any(unix, windows))]
    let probes = probes.with_interval(PROBE_EVERY);
    let _ = socket.set_tcp_keepalive(&probes);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::limit::Limit;

    #[test]
    fn shares_are_fair_and_never_nothing() {
        let second = Duration::from_secs(1);
        assert_eq!(share(second, 1), second);
        assert_eq!(share(second, 2), second / 2);
        assert!(share(Duration::ZERO, 3) > Duration::ZERO);
    }

    #[test]
    fn an_address_that_refuses_makes_room_for_the_next_and_is_tried_last_then() {
        let here = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = Site { host: "localhost".to_owned(), port: here.local_addr().unwrap().port(), only_here: true };
        let dial = Dial::new(site, Duration::from_secs(5));
        let good: IpAddr = "127.0.0.1".parse().unwrap();
        let _call = call::begin(&Limit::new(Instant::now() + Duration::from_secs(5), None));
        // Nobody listens on 127.0.0.2.
        let addresses = ["127.0.0.2".parse().unwrap(), good];
        assert!(dial.first_that_answers(&addresses).is_ok());
        assert_eq!(*dial.last_good(), Some(good));
        assert_eq!(dial.addresses().unwrap().first(), Some(&good));
    }

    #[test]
    fn plain_http_goes_nowhere_else_whatever_the_name_leads_to() {
        let site = Site { host: "192.0.2.1".to_owned(), port: 80, only_here: true };
        let _call = call::begin(&Limit::new(Instant::now() + Duration::from_secs(5), None));
        let dial = Dial::new(site, Duration::from_secs(5));
        assert!(dial.addresses().is_err());
    }
}
