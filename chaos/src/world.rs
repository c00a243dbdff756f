//! One scenario at work: a sandbox, a journal, the workers' settings, and the book of what was asked and answered.

use crate::book::{Book, Entry, Found, Recorded};
use crate::disk::Disk;
use crate::job::{Answer, Job};
use crate::random::Random;
use crate::scenario::{Scenario, Trouble};
use crate::tally::Tally;
use crate::worker::NO_CLIENT;
use bayar::{Client, Config, Operation, RecordState};
use bayar_sandbox::{Options, Sandbox, TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PRIVATE_KEY_PEM};
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) struct World {
    pub(crate) scenario: &'static Scenario,
    pub(crate) sandbox: Sandbox,
    /// `BAYAR_*` of a worker.
    pub(crate) settings: Vec<(String, String)>,
    pub(crate) is_file: bool,
    /// In Jakarta.
    pub(crate) day: String,
    pub(crate) disk: Option<Disk>,
    journal: String,
    prefix: String,
    book: Mutex<Book>,
    tally: Mutex<Tally>,
    eye: Mutex<Option<Client>>,
    // Dropped last, after the disk that is mounted on it.
    _folder: tempfile::TempDir,
}

/// A worker's limit for a call, so short that a takeover takes no minute: it waits for twice that and a second.
const TIMEOUT_MS: u64 = 500;

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    /// `journal` is a database's address, or `None` for a file of this world's own. No two worlds share a `prefix`.
    pub(crate) fn open(
        scenario: &'static Scenario,
        seed: u64,
        journal: Option<&str>,
        day: &str,
        prefix: &str,
    ) -> io::Result<Self> {
        let options = Options { tls: false, switched_off: scenario.off.into_iter().collect(), ..Options::default() };
        let sandbox = Sandbox::start(options)?;
        if let Some((per_mille, what)) = scenario.misbehaviours() {
            sandbox.misbehave_at_random(seed, per_mille, what);
        }
        let folder = tempfile::tempdir()?;
        let disk = (scenario.trouble == Trouble::DiskFull).then(|| Disk::mount(folder.path())).flatten();
        let place = match journal {
            Some(url) => url.to_owned(),
            None => folder.path().join("journal.db").to_string_lossy().into_owned(),
        };
        let settings = [
            ("ENVIRONMENT", "sandbox"),
            ("BASE_URL", &sandbox.base_url()),
            ("CLIENT_ID", TEST_CLIENT_ID),
            ("CLIENT_SECRET", TEST_CLIENT_SECRET),
            ("PRIVATE_KEY", TEST_PRIVATE_KEY_PEM),
            ("TLS_ROOTS", "none"),
            ("RETURN_URL", "https://shop.example/thanks"),
            ("TIMEOUT_MS", &TIMEOUT_MS.to_string()),
            ("JOURNAL", &place),
        ];
        let settings = settings.map(|(name, value)| (format!("BAYAR_{name}"), value.to_owned())).to_vec();
        let world = Self {
            scenario,
            sandbox,
            settings,
            is_file: journal.is_none(),
            day: day.to_owned(),
            disk,
            journal: place,
            prefix: prefix.to_owned(),
            book: Mutex::default(),
            tally: Mutex::default(),
            eye: Mutex::default(),
            _folder: folder,
        };
        if !world.is_file {
            world.create_journal()?;
        }
        Ok(world)
    }

    /// Another scenario may have killed the database just now.
    fn create_journal(&self) -> io::Result<()> {
        let client = self.client(5_000).map_err(io::Error::other)?;
        let mut made = client.create_journal();
        for _ in 0..60 {
            if made.is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(500));
            made = client.create_journal();
        }
        made.map_err(io::Error::other)
    }

    /// The workers' settings with another limit.
    pub(crate) fn patient(&self, timeout_ms: u64) -> Vec<(String, String)> {
        let mut settings = self.settings.clone();
        settings.push(("BAYAR_TIMEOUT_MS".to_owned(), timeout_ms.to_string()));
        settings
    }

    fn client(&self, timeout_ms: u64) -> bayar::Result<Client> {
        let mut config = Config::new();
        for (name, value) in self.patient(timeout_ms) {
            let name = name.trim_start_matches("BAYAR_").to_ascii_lowercase();
            config.set(&name, &value)?;
        }
        Client::new(&config)
    }

    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        lock(&self.book)
    }

    pub(crate) fn tally(&self) -> MutexGuard<'_, Tally> {
        lock(&self.tally)
    }

    /// How often the sandbox has really made it.
    pub(crate) fn made(&self, job: &Job) -> u64 {
        let payment = |reference: &str| self.sandbox.payment(reference);
        match job {
            Job::Pay { reference, .. } => payment(reference).map_or(0, |payment| payment.times_made),
            Job::Refund { reference, original, .. } => {
                let refunds = payment(original).map(|payment| payment.refunds).unwrap_or_default();
                refunds.iter().filter(|refund| refund.partner_refund_no == *reference).map(|it| it.times_made).sum()
            }
            Job::Settle | Job::Reconcile { .. } => 0,
        }
    }

    /// How often the sandbox was asked to make it.
    pub(crate) fn requests(&self, job: &Job) -> u64 {
        match job {
            Job::Pay { reference, .. } => self.sandbox.payment(reference).map_or(0, |payment| payment.requests),
            Job::Refund { reference, .. } => self.sandbox.refund_requests(reference),
            Job::Settle | Job::Reconcile { .. } => 0,
        }
    }

    /// What the journal says of it, in this process; `None` where that cannot be read now.
    pub(crate) fn recorded(&self, job: &Job) -> Option<Recorded> {
        let (operation, reference) = match job {
            Job::Pay { reference, .. } => (Operation::Payment, reference),
            Job::Refund { reference, .. } => (Operation::Refund, reference),
            Job::Settle | Job::Reconcile { .. } => return None,
        };
        let mut eye = lock(&self.eye);
        if eye.is_none() {
            *eye = self.client(5_000).ok();
        }
        let record = eye.as_ref()?.record(operation, reference).ok()?;
        Some(match record.map(|record| record.state()) {
            None => Recorded::Nothing,
            Some(RecordState::Done) => Recorded::Done,
            Some(RecordState::Sending | RecordState::Unknown | RecordState::Conflict) => Recorded::Open,
            Some(_) => Recorded::Denied,
        })
    }

    /// The customer pays.
    pub(crate) fn approve(&self, reference: &str) {
        let _ = self.sandbox.approve(reference);
        if let Some(entry) = self.book().entries.get_mut(reference) {
            entry.is_paid = true;
        }
    }

    /// Throws the journal away. Nobody may have it open.
    pub(crate) fn lose_journal(&self) {
        *lock(&self.eye) = None;
        for end in ["", "-wal", "-shm", "-gate"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.journal));
        }
        for entry in self.book().entries.values_mut() {
            entry.is_forgotten = true;
            entry.is_ambiguous = true;
            entry.done = None;
        }
    }

    pub(crate) fn journal(&self) -> &str {
        &self.journal
    }

    /// A payment that nobody has made so far.
    pub(crate) fn new_payment(&self, lane: usize) -> Job {
        let mut book = self.book();
        let job = Job::Pay { reference: self.name("P", &book), amount: "10000.00".to_owned() };
        book.entries.insert(name_of(&job).to_owned(), Entry::new(job.clone(), lane));
        job
    }

    /// A refund of a part of a payment that was paid; at most three of each.
    pub(crate) fn new_refund(&self, lane: usize, random: &mut Random) -> Option<Job> {
        let mut book = self.book();
        let refunds_of = |payment: &str| {
            let is_of = |job: &Job| matches!(job, Job::Refund { original, .. } if original == payment);
            book.entries.values().filter(|entry| is_of(&entry.job)).count()
        };
        let paid: Vec<String> = book
            .entries
            .iter()
            .filter(|(name, entry)| entry.is_paid && self.is_of(entry, lane) && refunds_of(name) < 3)
            .map(|(name, _)| name.clone())
            .collect();
        let original = random.pick(&paid)?.clone();
        let job = Job::Refund { reference: self.name("R", &book), amount: "2500.00".to_owned(), original };
        book.entries.insert(name_of(&job).to_owned(), Entry::new(job.clone(), lane));
        Some(job)
    }

    fn name(&self, kind: &str, book: &Book) -> String {
        format!("{}-{kind}{}", self.prefix, book.entries.len())
    }

    /// One that was called before, settled or not.
    pub(crate) fn known(&self, lane: usize, is_settled: bool, random: &mut Random) -> Option<Job> {
        let book = self.book();
        let fits = |entry: &&Entry| self.is_of(entry, lane) && entry.is_settled() == is_settled && entry.in_flight == 0;
        let fits: Vec<&Job> = book.entries.values().filter(fits).map(|entry| &entry.job).collect();
        random.pick(&fits).map(|job| (*job).clone())
    }

    /// One that another worker is at just now.
    pub(crate) fn busy(&self, random: &mut Random) -> Option<Job> {
        let book = self.book();
        let busy: Vec<&Job> = book.entries.values().filter(|it| it.in_flight > 0).map(|entry| &entry.job).collect();
        random.pick(&busy).map(|job| (*job).clone())
    }

    fn is_of(&self, entry: &Entry, lane: usize) -> bool {
        self.scenario.trouble == Trouble::Shared || entry.lane == lane
    }

    pub(crate) fn begin(&self, job: &Job) {
        self.tally().calls += 1;
        if let Some(entry) = self.book().entries.get_mut(name_of(job)) {
            entry.begin();
        }
    }

    pub(crate) fn hear(&self, job: &Job, answer: &Answer) {
        let found = {
            // The sandbox is looked at under the book's lock: what it made for a later call must not count here.
            let mut book = self.book();
            let (made, is_shared) = (self.made(job), self.scenario.trouble == Trouble::Shared);
            book.entries.get_mut(name_of(job)).map(|entry| entry.hear(answer, made, is_shared)).unwrap_or_default()
        };
        {
            let mut tally = self.tally();
            tally.longest_ms = tally.longest_ms.max(answer.took_ms);
            tally.without_journal += u64::from(answer.kind == "Journal" || answer.kind == NO_CLIENT);
            tally.not_recorded += u64::from(answer.outcome.is_some() && !answer.is_recorded);
        }
        self.report(name_of(job), found);
    }

    /// A call was killed. DOKU must not have been asked for anything that the journal does not know.
    pub(crate) fn died(&self, job: &Job) {
        let forgotten = {
            let mut book = self.book();
            let entry = book.entries.get_mut(name_of(job));
            entry.is_some_and(|entry| {
                entry.died();
                entry.is_forgotten
            })
        };
        // What the kernel still delivers arrives first.
        std::thread::sleep(std::time::Duration::from_millis(10));
        if !forgotten && self.requests(job) > 0 && self.recorded(job) == Some(Recorded::Nothing) {
            let why = "DOKU was asked for it, and the journal does not know it".to_owned();
            self.report(name_of(job), vec![(crate::book::Wrong::Lost, why)]);
        }
    }

    pub(crate) fn report(&self, name: &str, found: Found) {
        for (wrong, why) in found {
            self.tally().count(wrong);
            say(&format!("WRONG, {}: {wrong:?}, {name}: {why}", self.scenario.name));
        }
    }

    pub(crate) fn report_other(&self, why: &str) {
        self.tally().other += 1;
        say(&format!("WRONG, {}: {why}", self.scenario.name));
    }
}

/// The reference, or nothing.
pub(crate) fn name_of(job: &Job) -> &str {
    match job {
        Job::Pay { reference, .. } | Job::Refund { reference, .. } => reference,
        Job::Settle | Job::Reconcile { .. } => "",
    }
}

/// A line for whoever watches.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}
