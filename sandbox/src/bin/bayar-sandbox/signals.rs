//! The signals that ask this program to end, taken as flags so that it can tidy up first.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

pub(crate) struct Signals {
    interrupt: Arc<AtomicBool>,
    terminate: Arc<AtomicBool>,
}

impl Signals {
    pub(crate) fn catch() -> io::Result<Signals> {
        let signals = Signals { interrupt: Arc::default(), terminate: Arc::default() };
        signal_hook::flag::register(SIGINT, Arc::clone(&signals.interrupt))?;
        signal_hook::flag::register(SIGTERM, Arc::clone(&signals.terminate))?;
        #[cfg(unix)]
        signal_hook::flag::register(signal_hook::consts::SIGHUP, Arc::clone(&signals.terminate))?;
        Ok(signals)
    }

    /// Ctrl-C, which a terminal sends to this program and to its command alike.
    pub(crate) fn interrupted(&self) -> bool {
        self.interrupt.load(Ordering::SeqCst)
    }

    /// A request to this program alone.
    pub(crate) fn terminated(&self) -> bool {
        self.terminate.load(Ordering::SeqCst)
    }
}
