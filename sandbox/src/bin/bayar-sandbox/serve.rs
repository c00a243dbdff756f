//! `bayar-sandbox serve`: serves until it is told to end, and shows how to reach it.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use crate::arguments::Setup;
use crate::desk::Desk;
use crate::report::report;
use crate::signals::Signals;

const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Ends on Ctrl-C or SIGTERM, not with its input: a service or a background job has none.
pub(crate) fn serve(setup: Setup) -> io::Result<()> {
    let signals = Signals::catch()?;
    let desk = Desk::open(setup)?;
    say(&welcome(&desk));
    while !signals.interrupted() && !signals.terminated() {
        std::thread::sleep(LOOK_EVERY);
    }
    say(&format!("\n{}", report(&desk.sandbox)));
    desk.close()
}

fn welcome(desk: &Desk) -> String {
    let mut text = format!(
        "Bayar sandbox, not DOKU: {}\nEnd it with Ctrl-C. For a client in another shell:\n\n",
        desk.sandbox.base_url()
    );
    for (name, value) in &desk.environment {
        let _ = writeln!(text, "export {name}='{}'", value.replace('\'', r"'\''"));
    }
    text
}

/// Whoever reads this may have left; that is no reason to stop serving.
fn say(text: &str) {
    let mut out = io::stdout();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}
