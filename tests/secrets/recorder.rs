//! What the library and the crates below it write with the `log` crate, at every level.

use log::{LevelFilter, Log, Metadata, Record};
use std::sync::{Mutex, Once};

struct Recorder(Mutex<Vec<String>>);

static RECORDER: Recorder = Recorder(Mutex::new(Vec::new()));
static INSTALLED: Once = Once::new();

impl Log for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let text = format!("{} {} {}", record.level(), record.target(), record.args());
        self.0.lock().unwrap().push(text);
    }

    fn flush(&self) {}
}

/// Records from now on, for all tests of this program.
pub(crate) fn install() {
    INSTALLED.call_once(|| {
        log::set_logger(&RECORDER).unwrap();
        log::set_max_level(LevelFilter::Trace);
    });
}

pub(crate) fn records() -> Vec<String> {
    RECORDER.0.lock().unwrap().clone()
}
