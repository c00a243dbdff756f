//! Names to addresses: remembered for a minute, and looked up without ever blocking longer than the call may.
//!
//! Keeps **P4**: the system's look-up knows no time limit, so it runs in a helper thread, one at most for each host; all
//! calls of this process that need it wait for the same one, whichever client makes them. When it fails or dawdles, an old answer is better than none: a till must not stop
//! because its router's DNS does.

use std::collections::BTreeMap;
use std::net::{IpAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// The addresses of one host: the service's, or the proxy's.
#[derive(Debug)]
pub(crate) struct Names {
    shared: Arc<Shared>,
}

/// Why there is no address.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoAddress {
    /// The system's own words.
    Failed(String),
    /// The call's time was over first.
    TimedOut,
}

/// An answer younger than this is used without asking again.
const FRESH: Duration = Duration::from_secs(60);
/// With an old answer at hand, a new one is waited for no longer than this.
const PATIENCE: Duration = Duration::from_secs(1);

/// The hosts that this process looks up.
static ALL: Mutex<All> = Mutex::new(All { process: 0, hosts: BTreeMap::new() });

struct All {
    process: u32,
    hosts: BTreeMap<String, Weak<Shared>>,
}

type LookUp = fn(&str) -> Result<Vec<IpAddr>, String>;

#[derive(Debug)]
struct Shared {
    host: String,
    look_up: LookUp,
    fresh: Duration,
    state: Mutex<State>,
    done: Condvar,
}

#[derive(Debug, Default)]
struct State {
    known: Vec<IpAddr>,
    known_since: Option<Instant>,
    running: bool,
    /// Counts finished look-ups, so that each waiting call knows its own from an earlier one.
    finished: u32,
    error: Option<String>,
}

impl Names {
    /// All clients of this process that want the same host share one look-up.
    pub(crate) fn new(host: &str) -> Self {
        let Ok(mut all) = ALL.try_lock() else {
            // Somebody is just here, or was in the parent when this process was forked: then it stays locked for ever.
            return Self::with(host, ask_system, FRESH);
        };
        if all.process != std::process::id() {
            // What was inherited waits for threads that are not here.
            std::mem::forget(std::mem::take(&mut all.hosts));
            all.process = std::process::id();
        }
        if let Some(shared) = all.hosts.get(host).and_then(Weak::upgrade) {
            return Self { shared };
        }
        let names = Self::with(host, ask_system, FRESH);
        all.hosts.retain(|_, shared| shared.strong_count() > 0);
        all.hosts.insert(host.to_owned(), Arc::downgrade(&names.shared));
        names
    }

    fn with(host: &str, look_up: LookUp, fresh: Duration) -> Self {
        Self {
            shared: Arc::new(Shared {
                host: host.to_owned(),
                look_up,
                fresh,
                state: Mutex::default(),
                done: Condvar::new(),
            }),
        }
    }

    /// Never empty when `Ok`.
    pub(crate) fn addresses(&self, left: Duration) -> Result<Vec<IpAddr>, NoAddress> {
        if let Some(address) = literal(&self.shared.host) {
            return Ok(vec![address]);
        }
        let mut state = self.shared.lock();
        if state.is_fresh(self.shared.fresh) {
            return Ok(state.known.clone());
        }
        if !state.running {
            state.running = true;
            if let Err(error) = self.start() {
                state.finish(Err(error));
                return state.outcome();
            }
        }
        let patience = if state.known.is_empty() { left } else { PATIENCE.min(left / 2) };
        let before = state.finished;
        let (state, wait) = self
            .shared
            .done
            .wait_timeout_while(state, patience, |state| state.finished == before)
            .unwrap_or_else(PoisonError::into_inner);
        if wait.timed_out() && state.known.is_empty() {
            return Err(NoAddress::TimedOut);
        }
        state.outcome()
    }

    fn start(&self) -> Result<(), String> {
        let shared = Arc::clone(&self.shared);
        thread::Builder::new()
            .name("bayar-names".to_owned())
            .spawn(move || {
                let found = (shared.look_up)(&shared.host);
                shared.lock().finish(found);
                shared.done.notify_all();
            })
            .map(drop)
            .map_err(|error| format!("no thread could be started for it: {error}"))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics with the lock held, and the state is whole after each statement.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_fresh(&self, limit: Duration) -> bool {
        self.known_since.is_some_and(|since| since.elapsed() < limit)
    }

    fn finish(&mut self, found: Result<Vec<IpAddr>, String>) {
        self.running = false;
        self.finished = self.finished.wrapping_add(1);
        match found {
            Ok(known) if !known.is_empty() => {
                self.known = known;
                self.known_since = Some(Instant::now());
            }
            Ok(_) => self.error = Some("it has no address".to_owned()),
            Err(error) => self.error = Some(error),
        }
    }

    /// What is known, however old.
    fn outcome(&self) -> Result<Vec<IpAddr>, NoAddress> {
        if self.known.is_empty() {
            let error = self.error.clone().unwrap_or_default();
            return Err(NoAddress::Failed(error));
        }
        Ok(self.known.clone())
    }
}

/// An address in a name's place needs no look-up.
fn literal(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(host).parse().ok()
}

fn ask_system(host: &str) -> Result<Vec<IpAddr>, String> {
    let found = (host, 0).to_socket_addrs();
    let mut known: Vec<IpAddr> = Vec::new();
    for address in found.map_err(|error| error.to_string())? {
        // Some systems name each address once for each kind of socket.
        if !known.contains(&address.ip()) {
            known.push(address.ip());
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn an_address_needs_no_look_up() {
        let forbidden: LookUp = |_| panic!("looked up");
        for host in ["127.0.0.1", "[::1]", "192.0.2.7"] {
            let found = Names::with(host, forbidden, FRESH).addresses(SECOND);
            assert_eq!(found.unwrap().len(), 1, "{host}");
        }
    }

    #[test]
    fn clients_of_one_host_share_a_look_up_and_leave_nothing_behind() {
        // Another test may be in the way for a moment.
        let same = |host: &str| {
            (0..1000).any(|_| {
                thread::sleep(Duration::from_millis(1));
                Arc::ptr_eq(&Names::new(host).shared, &Names::new(host).shared) || {
                    let (one, two) = (Names::new(host), Names::new(host));
                    Arc::ptr_eq(&one.shared, &two.shared)
                }
            })
        };
        assert!(same("one.example"));
        let (one, other) = (Names::new("one.example"), Names::new("other.example"));
        assert!(!Arc::ptr_eq(&one.shared, &other.shared));
        drop((one, other));
        let _third = Names::new("third.example");
        let all = ALL.lock().unwrap();
        assert!(all.hosts.values().filter(|shared| shared.strong_count() == 0).count() <= 2, "{:?}", all.hosts.keys());
    }

    #[test]
    fn an_answer_is_kept() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let names = Names::with(
            "host",
            |_| {
                ASKED.fetch_add(1, Ordering::SeqCst);
                Ok(vec![ADDRESS])
            },
            FRESH,
        );
        for _ in 0..5 {
            assert_eq!(names.addresses(SECOND), Ok(vec![ADDRESS]));
        }
        assert_eq!(ASKED.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn an_old_answer_is_used_when_the_next_look_up_fails_or_hangs() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let names = Names::with(
            "host",
            |_| match ASKED.fetch_add(1, Ordering::SeqCst) {
                0 => Ok(vec![ADDRESS]),
                1 => Err("down".to_owned()),
                _ => {
                    thread::sleep(Duration::from_secs(10));
                    Err("late".to_owned())
                }
            },
            Duration::ZERO,
        );
        let begun = Instant::now();
        for _ in 0..3 {
            assert_eq!(names.addresses(20 * SECOND), Ok(vec![ADDRESS]));
        }
        assert_eq!(ASKED.load(Ordering::SeqCst), 3);
        assert!(begun.elapsed() < 2 * PATIENCE);
    }

    #[test]
    fn a_failure_is_told_and_asked_again() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let names = Names::with(
            "host",
            |_| match ASKED.fetch_add(1, Ordering::SeqCst) {
                0 => Err("down".to_owned()),
                1 => Ok(Vec::new()),
                _ => Ok(vec![ADDRESS]),
            },
            FRESH,
        );
        let failed = |words: &str| Err(NoAddress::Failed(words.to_owned()));
        assert_eq!(names.addresses(SECOND), failed("down"));
        assert_eq!(names.addresses(SECOND), failed("it has no address"));
        assert_eq!(names.addresses(SECOND), Ok(vec![ADDRESS]));
    }

    #[test]
    fn a_hanging_look_up_holds_nobody_beyond_his_time_and_is_one_for_all() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let names = Names::with(
            "host",
            |_| {
                ASKED.fetch_add(1, Ordering::SeqCst);
                thread::sleep(Duration::from_secs(10));
                Err("late".to_owned())
            },
            FRESH,
        );
        let begun = Instant::now();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let found = names.addresses(Duration::from_millis(200));
                    assert_eq!(found, Err(NoAddress::TimedOut));
                });
            }
        });
        assert!(begun.elapsed() < Duration::from_millis(1200));
        assert_eq!(ASKED.load(Ordering::SeqCst), 1);
    }
}
