//! Clients that outlive those who use them: in one process the same settings are the same client, so that the connection,
//! the token and the parsed key survive a PHP web request, after which everything else is gone.
//!
//! A client is known by a keyed hash of its settings, with a key that is random for each process: nothing of a secret can
//! be guessed from what is kept for comparing. Where a key file was replaced, or the journal's file, a new client takes
//! the old one's place.

use super::Client;
use crate::config::{Config, SETTINGS};
use crate::error::{Error, Result};
use crate::journal::Place;
use once_cell::race::OnceBox;
use ring::digest::SHA256_OUTPUT_LEN;
use ring::hmac;
use ring::rand::SystemRandom;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// More merchants than one process has at a time; the one that was used least recently goes.
const MOST: usize = 32;

/// Settings that name a file which is read when a client is made.
const FILES: [&str; 4] = ["private_key_file", "doku_public_key_file", "doku_public_key_next_file", "ca_file"];

impl Client {
    /// The client with these settings that this process already has, or a new one, which is kept for the next who asks: also
    /// when all who use it are gone. The same are: the same values, and the same key, certificate and journal files, told
    /// by their place on the disk and, of the keys, by the time of their last change. At most 32 are kept; a forked child
    /// has its own.
    pub fn acquire(config: &Config) -> Result<Self> {
        Table::of_this_process(&FIRST)?.acquire(config)
    }

    /// Keeps no client any longer: each lives until the last who uses it is gone, and is then wiped.
    pub fn forget_acquired() {
        if let Ok(table) = Table::of_this_process(&FIRST) {
            // They close their connections after the lock is gone.
            let _forgotten = std::mem::take(&mut *table.kept());
        }
    }
}

static FIRST: OnceBox<Table> = OnceBox::new();

/// The clients of one process. A forked child never touches the lock that it inherited, which a thread may hold that does
/// not exist in it: it makes a table of its own, behind its parent's.
struct Table {
    process: u32,
    key: hmac::Key,
    /// The one that was used last is the last.
    kept: Mutex<Vec<Kept>>,
    child: OnceBox<Table>,
}

struct Kept {
    settings: [u8; SHA256_OUTPUT_LEN],
    files: Vec<Identity>,
    client: Client,
}

impl Table {
    fn new() -> Result<Box<Self>> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        let key = key.map_err(|_| Error::internal("The system gives no random numbers."))?;
        Ok(Box::new(Self { process: std::process::id(), key, kept: Mutex::default(), child: OnceBox::new() }))
    }

    /// Waits for nobody: of two threads that come here first one makes a table in vain.
    fn of_this_process(first: &OnceBox<Self>) -> Result<&Self> {
        let process = std::process::id();
        let mut table = first.get_or_try_init(Self::new)?;
        while table.process != process {
            table = table.child.get_or_try_init(Self::new)?;
        }
        Ok(table)
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        // Nothing in here is ever left half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn acquire(&self, config: &Config) -> Result<Client> {
        let settings = self.fingerprint(config);
        let files = identities(config);
        if let Some(client) = self.find(&settings, &files) {
            return Ok(client);
        }
        // Without the lock, for it reads files and may wait for a journal that others keep busy.
        let made = Client::new(config)?;
        // Only the journal may just have come to be. Of a key that was replaced meanwhile the old one may have been read.
        let files = files.into_iter().zip(identities(config)).map(Identity::or_made_now).collect();
        // Two threads that made one each go on with the same.
        if let Some(client) = self.find(&settings, &files) {
            return Ok(client);
        }
        let _gone = self.keep(Kept { settings, files, client: made.clone_face() });
        Ok(made)
    }

    fn find(&self, settings: &[u8; SHA256_OUTPUT_LEN], files: &Vec<Identity>) -> Option<Client> {
        let mut kept = self.kept();
        let place = kept.iter().position(|one| one.settings == *settings && one.files == *files)?;
        let found = kept.remove(place);
        let client = found.client.clone_face();
        kept.push(found);
        Some(client)
    }

    /// Gives back those that are kept no longer, to be dropped without the lock.
    fn keep(&self, new: Kept) -> Vec<Kept> {
        let mut kept = self.kept();
        let (mut gone, mut rest): (Vec<_>, Vec<_>) = kept.drain(..).partition(|one| one.settings == new.settings);
        if rest.len() >= MOST {
            gone.push(rest.remove(0));
        }
        rest.push(new);
        *kept = rest;
        gone
    }

    /// Of the settings as they take effect. Which file a relative name means depends on the folder of this moment.
    fn fingerprint(&self, config: &Config) -> [u8; SHA256_OUTPUT_LEN] {
        let mut hash = hmac::Context::with_key(&self.key);
        let mut put = |text: &[u8]| {
            hash.update(&text.len().to_le_bytes());
            hash.update(text);
        };
        for setting in SETTINGS {
            if let Some(value) = config.get(setting.name) {
                put(setting.name.as_bytes());
                put(value.as_bytes());
            }
        }
        for path in paths(config) {
            put(path.as_os_str().as_encoded_bytes());
        }
        let mut fingerprint = [0; SHA256_OUTPUT_LEN];
        fingerprint.copy_from_slice(hash.sign().as_ref());
        fingerprint
    }
}

/// The files that a client with these settings reads, and last the journal.
fn paths(config: &Config) -> Vec<PathBuf> {
    let absolute = |path: &str| std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
    let mut paths: Vec<PathBuf> = FILES.iter().filter_map(|name| config.get(name)).map(absolute).collect();
    paths.extend(journal(config));
    paths
}

fn journal(config: &Config) -> Option<PathBuf> {
    match Place::read(config.get("journal")) {
        Place::File(path) => Some(path),
        _ => None,
    }
}

fn identities(config: &Config) -> Vec<Identity> {
    let journal = journal(config);
    paths(config).iter().map(|path| Identity::of(path, journal.as_deref() == Some(path))).collect()
}

/// Which file it is, and of a key in which state. `None` where it cannot be seen.
#[derive(Clone, PartialEq, Eq)]
struct Identity {
    is_journal: bool,
    numbers: Option<[u64; 5]>,
}

impl Identity {
    fn of(path: &Path, is_journal: bool) -> Self {
        let about = std::fs::metadata(path).ok();
        // A journal is written all the time; one that was deleted and made again is another.
        let changes = |about: &Metadata| match is_journal {
            true => [nanoseconds(about.created()), 0],
            false => [nanoseconds(about.modified()), about.len()],
        };
        let numbers = about.map(|about| {
            let [device, file, change] = place(&about, is_journal);
            let [time, size] = changes(&about);
            [device, file, change, time, size]
        });
        Self { is_journal, numbers }
    }

    fn or_made_now((before, after): (Self, Self)) -> Self {
        if before.is_journal && before.numbers.is_none() { after } else { before }
    }
}

fn nanoseconds(time: std::io::Result<SystemTime>) -> u64 {
    let since = time.ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or_default()
}

/// Its disk and number there, and when anything about it last changed, which no program can set back.
#[cfg(unix)]
fn place(about: &Metadata, is_journal: bool) -> [u64; 3] {
    use std::os::unix::fs::MetadataExt;
    let changed = about.ctime().wrapping_mul(1_000_000_000).wrapping_add(about.ctime_nsec());
    [about.dev(), about.ino(), if is_journal { 0 } else { changed.cast_unsigned() }]
}

#[cfg(not(unix))]
fn place(about: &Metadata, is_journal: bool) -> [u64; 3] {
    [0, 0, if is_journal { 0 } else { nanoseconds(about.created()) }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn config(folder: &Path) -> Config {
        let file = folder.join("key.pem");
        if !file.exists() {
            std::fs::write(&file, bayar_sandbox::TEST_PRIVATE_KEY_PEM).unwrap();
        }
        let mut config = Config::new();
        config.set("environment", "sandbox").unwrap();
        config.set("client_id", "BRN-1").unwrap();
        config.set("client_secret", "SK-1").unwrap();
        config.set("private_key_file", file.to_str().unwrap()).unwrap();
        config
    }

    fn same(one: &Client, other: &Client) -> bool {
        Arc::ptr_eq(&one.shared, &other.shared)
    }

    fn table() -> Box<Table> {
        Table::new().unwrap()
    }

    #[test]
    fn the_same_settings_are_the_same_client_and_others_another() {
        let folder = tempfile::tempdir().unwrap();
        let (table, mut config) = (table(), config(folder.path()));
        let first = table.acquire(&config).unwrap();
        assert!(same(&first, &table.acquire(&config).unwrap()));
        config.set("timeout_ms", "30000").unwrap(); // The default.
        assert!(same(&first, &table.acquire(&config).unwrap()));
        config.set("client_secret", "SK-2").unwrap();
        let second = table.acquire(&config).unwrap();
        assert!(!same(&first, &second));
        config.set("client_secret", "SK-1").unwrap();
        assert!(same(&first, &table.acquire(&config).unwrap()));
        assert_eq!(table.kept().len(), 2);
    }

    #[test]
    fn it_is_kept_when_nobody_uses_it() {
        let folder = tempfile::tempdir().unwrap();
        let (table, config) = (table(), config(folder.path()));
        let kept = Arc::downgrade(&table.acquire(&config).unwrap().shared);
        assert!(kept.upgrade().is_some());
        drop(table);
        assert!(kept.upgrade().is_none());
    }

    #[test]
    fn a_replaced_key_file_is_read_again_and_the_old_client_goes() {
        let folder = tempfile::tempdir().unwrap();
        let (table, config) = (table(), config(folder.path()));
        let file = folder.path().join("key.pem");
        let first = Arc::downgrade(&table.acquire(&config).unwrap().shared);
        let text = std::fs::read(&file).unwrap();
        std::fs::write(folder.path().join("new.pem"), &text).unwrap();
        std::fs::rename(folder.path().join("new.pem"), &file).unwrap();
        let second = table.acquire(&config).unwrap();
        assert!(first.upgrade().is_none());
        assert_eq!(table.kept().len(), 1);
        std::fs::write(&file, "no key").unwrap();
        assert_eq!(table.acquire(&config).unwrap_err().field(), Some("private_key_file"));
        drop(second);
    }

    #[test]
    fn a_journal_that_was_made_by_the_first_and_is_written_by_all_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (table, mut config) = (table(), config(folder.path()));
        let journal = folder.path().join("bayar.db");
        config.set("journal", journal.to_str().unwrap()).unwrap();
        let first = table.acquire(&config).unwrap();
        let longer = std::fs::OpenOptions::new().append(true).open(&journal).unwrap();
        longer.set_len(longer.metadata().unwrap().len() + 4096).unwrap();
        assert!(same(&first, &table.acquire(&config).unwrap()));
        std::fs::rename(&journal, folder.path().join("old.db")).unwrap();
        assert!(!same(&first, &table.acquire(&config).unwrap()));
        assert!(journal.exists());
    }

    #[test]
    fn of_more_than_are_kept_the_one_least_recently_used_goes() {
        let folder = tempfile::tempdir().unwrap();
        let (table, mut config) = (table(), config(folder.path()));
        let first = Arc::downgrade(&table.acquire(&config).unwrap().shared);
        let mut acquire = |number: usize| {
            config.set("client_id", &format!("BRN-{number}")).unwrap();
            Arc::downgrade(&table.acquire(&config).unwrap().shared)
        };
        let second = acquire(2);
        for number in 3..=MOST {
            acquire(number);
        }
        acquire(1);
        acquire(MOST + 1);
        assert_eq!(table.kept().len(), MOST);
        assert!(first.upgrade().is_some(), "it was used again");
        assert!(second.upgrade().is_none());
    }

    #[test]
    fn two_threads_that_come_first_get_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (table, config) = (table(), config(folder.path()));
        let both: Vec<Client> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| table.acquire(&config).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(both.iter().all(|client| same(client, &both[0])));
        assert_eq!(table.kept().len(), 1);
    }
}
