//! Where the database is, from the setting `journal`: checked when the client is made, so that what is misspelt is told at
//! once, and never with the password in it.
//!
//! What is read here, beside host, port, user, password and database: `sslmode` (`disable`, `prefer`, `require`,
//! `verify-ca`, `verify-full`) and `sslrootcert`, a file of authorities that alone are trusted then. A certificate is
//! always checked, its name too: a database that anybody could stand in for keeps no journal. Without `sslmode` TLS is
//! used to another machine, and not to this one (a socket, `localhost`, a loopback address).

use super::secure::Tls;
use crate::error::{Error, Result};
use crate::journal::journal_setting;
use crate::secret::Secret;
use crate::transport::{Names, Roots};
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// See the module.
pub(super) struct Address {
    /// With the password, and without what only this file understands.
    url: Secret,
    pub(super) targets: Vec<Arc<Target>>,
    pub(super) tls: Option<Tls>,
    mode: SslMode,
    pub(super) connect_limit: Duration,
}

/// One server; where several are named, each is tried in turn.
pub(super) struct Target {
    pub(super) place: Place,
    /// The name in the certificate.
    pub(super) host: String,
    port: u16,
}

pub(super) enum Place {
    /// A name, or an address in its place.
    Net { names: Names, port: u16 },
    /// A socket in the file system.
    #[cfg_attr(not(unix), allow(dead_code))]
    Socket(PathBuf),
}

/// One server has this long to answer, where the address says nothing else.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// A system without probes of its own shall not wait for ever either.
const LONGEST_CONNECT_LIMIT: Duration = Duration::from_secs(60);

impl Address {
    pub(super) fn read(url: &Secret) -> Result<Self> {
        let (plain, options) = take_apart(url.reveal())?;
        let config = parse(&plain)?;
        if config.get_user().is_none_or(str::is_empty) {
            return Err(wrong("it has no user"));
        }
        let targets = targets(&config)?;
        let is_remote = targets.iter().any(|target| !target.is_here());
        let mode = mode(options.mode.as_deref(), is_remote)?;
        let tls = match mode {
            SslMode::Disable => None,
            _ => Some(tls(options.roots.as_deref())?),
        };
        let connect_limit = config.get_connect_timeout().copied().filter(|limit| !limit.is_zero());
        Ok(Self {
            url: Secret::new(plain),
            targets,
            tls,
            mode,
            connect_limit: connect_limit.unwrap_or(CONNECT_LIMIT).min(LONGEST_CONNECT_LIMIT),
        })
    }

    /// What a connection to a server is begun with. It holds the password: made for each, and kept by none.
    pub(super) fn config(&self, target: &Target) -> Result<Config> {
        let mut config = parse(self.url.reveal())?;
        // A socket is on this machine, and PostgreSQL speaks no TLS there.
        config.ssl_mode(match target.place {
            Place::Net { .. } => self.mode,
            Place::Socket(_) => SslMode::Disable,
        });
        if config.get_application_name().is_none() {
            config.application_name("bayar");
        }
        Ok(config)
    }
}

impl Target {
    fn is_here(&self) -> bool {
        match &self.place {
            Place::Socket(_) => true,
            Place::Net { .. } => match self.host.parse::<IpAddr>() {
                Ok(address) => address.is_loopback(),
                Err(_) => self.host.eq_ignore_ascii_case("localhost"),
            },
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Socket(path) => write!(f, "{}", path.display()),
            Place::Net { .. } if self.host.contains(':') => write!(f, "[{}]:{}", self.host, self.port),
            Place::Net { .. } => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// What only this file understands.
#[derive(Default)]
struct Options {
    mode: Option<String>,
    roots: Option<String>,
}

/// The address without our own options, and these.
fn take_apart(url: &str) -> Result<(String, Options)> {
    let Some((scheme, rest)) = url.split_once("://") else { return Err(wrong("it has no postgres:// at its start")) };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    // Part of a password would else pass for a host, and be shown in errors.
    if authority.matches('@').count() > 1 || tail.contains('@') {
        return Err(wrong("a password with @, /, ? or % in it is written with %40, %2F, %3F and %25 in their place"));
    }
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    let mut options = Options::default();
    let mut others = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", value)) => options.mode = Some(value.to_owned()),
            Some(("sslrootcert", value)) => options.roots = Some(decoded(value)?),
            _ => others.push(pair),
        }
    }
    let question = if others.is_empty() { "" } else { "?" };
    Ok((format!("{scheme}://{authority}{path}{question}{}", others.join("&")), options))
}

/// `%2F` is a slash.
fn decoded(text: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let broken = || wrong("its sslrootcert has a % that no two hexadecimal digits follow");
        let (digits, rest) = part.split_at_checked(2).ok_or_else(broken)?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| broken())?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).map_err(|_| wrong("its sslrootcert is not UTF-8"))
}

/// What the parser says is not repeated: it may quote the address.
fn parse(url: &str) -> Result<Config> {
    url.parse::<Config>().map_err(|_| wrong("its port or one of its options cannot be used"))
}

fn targets(config: &Config) -> Result<Vec<Arc<Target>>> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let port_at = |at: usize| ports.get(at).or(ports.first()).copied().unwrap_or(5432);
    let count = hosts.len().max(addresses.len());
    if count == 0 || (!hosts.is_empty() && !addresses.is_empty() && hosts.len() != addresses.len()) {
        return Err(wrong("it has no host"));
    }
    (0..count)
        .map(|at| {
            let port = port_at(at);
            let address = addresses.get(at).map(IpAddr::to_string);
            match (hosts.get(at), address) {
                #[cfg(unix)]
                (Some(Host::Unix(folder)), _) => {
                    let path = folder.join(format!(".s.PGSQL.{port}"));
                    Ok(Arc::new(Target { host: path.display().to_string(), place: Place::Socket(path), port }))
                }
                (Some(Host::Tcp(host)), address) => {
                    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
                    if host.is_empty() || !host.chars().all(is_name) {
                        return Err(wrong("its host is not a name or an address"));
                    }
                    Ok(net(host, address.as_deref().unwrap_or(host), port))
                }
                (None, Some(address)) => Ok(net(&address, &address, port)),
                _ => Err(wrong("it has no host")),
            }
        })
        .collect()
}

fn net(host: &str, address: &str, port: u16) -> Arc<Target> {
    Arc::new(Target { place: Place::Net { names: Names::new(address), port }, host: host.to_owned(), port })
}

fn mode(named: Option<&str>, is_remote: bool) -> Result<SslMode> {
    match named {
        Some("disable") => Ok(SslMode::Disable),
        Some("prefer") => Ok(SslMode::Prefer),
        Some("require" | "verify-ca" | "verify-full") => Ok(SslMode::Require),
        None if is_remote => Ok(SslMode::Require),
        None => Ok(SslMode::Disable),
        Some(_) => Err(wrong("its sslmode is not disable, prefer, require, verify-ca or verify-full")),
    }
}

fn tls(roots: Option<&str>) -> Result<Tls> {
    let path = match roots {
        None | Some("system") => return Ok(Tls::new(Roots::Auto, Vec::new())),
        Some(path) => path,
    };
    let pem =
        std::fs::read(path).map_err(|error| wrong(&format!("its sslrootcert '{path}' cannot be read: {error}")))?;
    let trusted = crate::transport::certificates(&pem)
        .map_err(|problem| wrong(&format!("its sslrootcert '{path}' cannot be used: {problem}")))?;
    Ok(Tls::new(Roots::None, trusted))
}

fn wrong(why: &str) -> Error {
    let message = format!(
        "The address of the journal's database cannot be used: {why}. Write it like \
         postgres://user:password@host:5432/database."
    );
    journal_setting(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn read(url: &str) -> Result<Address> {
        Address::read(&Secret::new(url))
    }

    #[test]
    fn hosts_sockets_and_ports_are_found() {
        for (url, shown) in [
            ("postgres://till@db.example/bayar?sslmode=require", "db.example:5432"),
            ("postgresql://till:p%40ss@127.0.0.1:6543/bayar", "127.0.0.1:6543"),
            ("postgres://till@[::1]:6543/bayar", "[::1]:6543"),
            ("postgres://till@one:1,two:2/bayar", "one:1 two:2"),
            #[cfg(unix)]
            ("postgres://till@%2Frun%2Fpostgresql/bayar", "/run/postgresql/.s.PGSQL.5432"),
            #[cfg(unix)]
            ("postgres://till@/bayar?host=/run/pg&port=6543", "/run/pg/.s.PGSQL.6543"),
        ] {
            let address = read(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            let all: Vec<_> = address.targets.iter().map(ToString::to_string).collect();
            assert_eq!(all.join(" "), shown, "{url}");
        }
    }

    #[test]
    fn tls_is_used_to_another_machine_unless_it_is_turned_off() {
        for (rest, mode) in [
            ("db.example/bayar", SslMode::Require),
            ("localhost,db.example/bayar", SslMode::Require),
            ("localhost/bayar", SslMode::Disable),
            ("127.0.0.1/bayar", SslMode::Disable),
            ("db.example/bayar?sslmode=disable", SslMode::Disable),
            ("db.example/bayar?sslmode=prefer", SslMode::Prefer),
            ("localhost/bayar?sslmode=require", SslMode::Require),
            ("localhost/bayar?sslmode=verify-full&application_name=till", SslMode::Require),
        ] {
            let address = read(&format!("postgres://till@{rest}")).unwrap();
            assert_eq!((address.mode, address.tls.is_some()), (mode, mode != SslMode::Disable), "{rest}");
        }
    }

    #[test]
    fn what_is_misspelt_is_told_without_the_password() {
        for (url, why) in [
            ("postgres://till:hunter2@/bayar", "host"),
            ("postgres://localhost/bayar", "user"),
            ("postgres://till:hunter2@ho st/bayar", "host"),
            ("postgres://till:hunt@hunter2@host/bayar", "%40"),
            ("postgres://till:hunt/hunter2@host/bayar", "%2F"),
            ("postgres://till:hunt?hunter2@host/bayar", "%3F"),
            ("postgres://till:hunter2@host:hunter2/bayar", "port"),
            ("postgres://till:hunter2@host/bayar?hunter2=1", "option"),
            ("postgres://till:hunter2@host/bayar?sslmode=hunter2", "sslmode"),
            ("postgres://till:hunter2@host/bayar?sslmode=require&sslrootcert=/no/such/file", "/no/such/file"),
            ("postgres://till:hunter2@host/bayar?sslrootcert=%zz", "sslrootcert"),
        ] {
            let Err(error) = read(url) else { panic!("{url} was taken") };
            assert_eq!((error.kind(), error.field()), (Kind::InvalidSetting, Some("journal")), "{url}");
            assert!(error.message().contains(why), "{url}: {error}");
            assert!(!format!("{error:?}").contains("hunt"), "{error:?}");
        }
    }
}
