//! For P2 to P4: a sandbox with its merchant's settings, and one way to walk through many rows before failing.

use bayar::{Client, Config, Kind, Outcome};
use bayar_sandbox::TEST_PRIVATE_KEY_PEM;
use bayar_sandbox::{Endpoint, Misbehaviour, Options, Rule, Sandbox, TEST_CLIENT_ID, TEST_CLIENT_SECRET};
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A sandbox, and settings that lead to it.
pub(crate) struct House {
    pub(crate) sandbox: Sandbox,
    pub(crate) config: Config,
    _folder: tempfile::TempDir,
}

impl House {
    pub(crate) fn open(options: Options) -> Self {
        let sandbox = Sandbox::start(options).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut config = settings(&sandbox.base_url());
        if !sandbox.ca_pem().is_empty() {
            let ca_file = folder.path().join("ca.pem");
            std::fs::write(&ca_file, sandbox.ca_pem()).unwrap();
            config.set("ca_file", ca_file.to_str().unwrap()).unwrap();
        }
        Self { sandbox, config, _folder: folder }
    }

    /// A new client whose calls have this limit.
    pub(crate) fn client(&self, timeout_ms: u64) -> Client {
        let mut config = self.config.clone();
        config.set("timeout_ms", &timeout_ms.to_string()).unwrap();
        Client::new(&config).unwrap()
    }

    pub(crate) fn misbehave(&self, on: Endpoint, times: u32, what: Misbehaviour) {
        self.sandbox.misbehave(Rule { on, times, what });
    }
}

/// The test merchant's settings for a server at this address, which trust no certificate authority so far.
pub(crate) fn settings(base_url: &str) -> Config {
    let mut config = Config::new();
    for (name, value) in list_of_settings(base_url) {
        config.set(name, value).unwrap();
    }
    config
}

pub(crate) fn list_of_settings(base_url: &str) -> [(&str, &str); 8] {
    [
        ("environment", "sandbox"),
        ("base_url", base_url),
        ("client_id", TEST_CLIENT_ID),
        ("client_secret", TEST_CLIENT_SECRET),
        ("private_key", TEST_PRIVATE_KEY_PEM),
        ("tls_roots", "none"),
        ("status_interval_ms", "50"),
        ("return_url", "https://shop.example/thanks"),
    ]
}

/// What a call told its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Done,
    Failed(Kind, Outcome),
}

impl Said {
    pub(crate) fn of<T>(result: &bayar::Result<T>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(error) => Self::Failed(error.kind(), error.outcome()),
        }
    }

    /// Whether the caller was told that nothing happened.
    pub(crate) fn denies(self) -> bool {
        matches!(self, Self::Failed(_, Outcome::NotSent | Outcome::Refused))
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.pad("done"),
            Self::Failed(kind, outcome) => f.pad(&format!("{kind:?}, {outcome:?}")),
        }
    }
}

/// The line of a row in the printed table, and what is wrong with it.
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) problems: Vec<String>,
}

/// Walks all rows, several at a time for most of their time is waiting, prints them in their order, and only then
/// fails.
pub(crate) fn walk<R: Sync>(title: &str, at_once: usize, rows: &[R], play: impl Fn(&R) -> Line + Sync) {
    let next = AtomicUsize::new(0);
    let lines = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let Some(row) = rows.get(number) else { break };
                    let line = play(row);
                    lines.lock().unwrap().push((number, line));
                }
            });
        }
    });
    let mut lines = lines.into_inner().unwrap();
    lines.sort_by_key(|(number, _)| *number);
    assert_eq!(lines.len(), rows.len(), "{title}: every row was walked");
    let mut page = format!("\n{title}: {} rows\n", rows.len());
    let mut wrong = Vec::new();
    for (_, line) in lines {
        page.push_str(&format!("{}\n", line.text));
        for problem in line.problems {
            page.push_str(&format!("    WRONG: {problem}\n"));
            wrong.push(format!("{}\n    {problem}", line.text));
        }
    }
    println!("{page}");
    assert!(wrong.is_empty(), "{title}: {} wrong\n{}", wrong.len(), wrong.join("\n"));
}
