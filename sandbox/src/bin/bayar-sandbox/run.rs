//! `bayar-sandbox run`: a sandbox around one command, gone when the command is.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use crate::arguments::Setup;
use crate::desk::Desk;
use crate::report::report;
use crate::signals::Signals;

/// What shells answer when there is no such command, and when it cannot be run.
const NOT_FOUND: u8 = 127;
const NOT_RUNNABLE: u8 = 126;
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long a command may take to end after it was asked to.
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs the command, and returns the status to exit with: its own.
pub(crate) fn run(setup: Setup, command: &[OsString]) -> io::Result<u8> {
    let (program, arguments) = command.split_first().ok_or_else(|| io::Error::other("there is no command to run"))?;
    let signals = Signals::catch()?;
    let desk = Desk::open(setup)?;
    let started = Command::new(program)
        .args(arguments)
        // Left over from another shell, and wrong under --http or without --notify.
        .env_remove("BAYAR_CA_FILE")
        .env_remove("BAYAR_SANDBOX_NOTIFICATION_URL")
        .env_remove("BAYAR_SANDBOX_TOKEN_URL")
        .envs(desk.environment.iter().map(|(name, value)| (name, value)))
        .spawn();
    let status = match started {
        Ok(child) => exit_status(wait(child, &signals)?),
        Err(error) => {
            crate::complain(&format!("{}: {error}", program.display()));
            match error.kind() {
                io::ErrorKind::NotFound => NOT_FOUND,
                _ => NOT_RUNNABLE,
            }
        }
    };
    // The command's own status matters more than a reader who has left.
    let mut out = io::stdout();
    let _ = out.write_all(report(&desk.sandbox).as_bytes());
    let _ = out.flush();
    desk.close()?;
    Ok(status)
}

/// Waits for the command. Ctrl-C reaches it without help, and it may mean to go on; a request to end is passed on.
fn wait(mut child: Child, signals: &Signals) -> io::Result<ExitStatus> {
    let mut asked: Option<Instant> = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        match asked {
            None if signals.terminated() => {
                ask_to_end(&mut child);
                asked = Some(Instant::now());
            }
            Some(since) if since.elapsed() > PATIENCE => child.kill()?,
            _ => {}
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

#[cfg(unix)]
fn ask_to_end(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process};
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(id) = id {
        // Fails only when the command has ended by itself.
        let _ = kill_process(id, Signal::TERM);
    }
}

#[cfg(not(unix))]
fn ask_to_end(child: &mut Child) {
    let _ = child.kill();
}

/// The command's status; for one that a signal ended 128 and the signal's number, as shells have it.
fn exit_status(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(signal).map_or(u8::MAX, |signal| signal.saturating_add(128));
    }
    status.code().map_or(u8::MAX, |code| u8::try_from(code).unwrap_or(u8::MAX))
}
