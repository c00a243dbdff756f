//! A worker process in the driver's hands: started, given jobs, listened to, killed, stopped and woken.

use crate::job::{Answer, Job};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How a worker is started.
#[derive(Clone, Debug, Default)]
pub(crate) struct Start {
    /// Where it kills itself: `point:n`.
    pub(crate) crash_at: Option<String>,
    /// Where it stops itself.
    pub(crate) stop_at: Option<String>,
    /// The largest file that it can write, in blocks of 512 bytes.
    pub(crate) file_limit: Option<u64>,
}

pub(crate) struct Child {
    process: std::process::Child,
    jobs: Option<ChildStdin>,
    answers: Receiver<Answer>,
}

/// What came of waiting for an answer.
#[derive(Debug)]
pub(crate) enum Came {
    Answer(Answer),
    /// The process is gone.
    Ended,
    /// The process stands still.
    Stopped,
    /// The time was over first.
    Late,
}

/// How often it is looked whether a process stands still.
const LOOK_EVERY: Duration = Duration::from_millis(15);

impl Child {
    pub(crate) fn start(settings: &[(String, String)], start: &Start) -> io::Result<Self> {
        let program = std::env::current_exe()?;
        let mut command = match start.file_limit {
            None => Command::new(program),
            Some(blocks) => {
                let mut shell = Command::new("sh");
                shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]).arg(program);
                shell
            }
        };
        command.arg("work").envs(settings.iter().cloned()).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.env_remove("BAYAR_CRASH_POINT").env_remove("BAYAR_STOP_POINT");
        if let Some(point) = &start.crash_at {
            command.env("BAYAR_CRASH_POINT", point);
        }
        if let Some(point) = &start.stop_at {
            command.env("BAYAR_STOP_POINT", point);
        }
        let mut process = command.spawn()?;
        let jobs = process.stdin.take();
        let out = process.stdout.take().ok_or_else(|| io::Error::other("a worker has no output"))?;
        let (tell, answers) = channel();
        // Ends with the process: what it wrote before it was killed is in the pipe, and not lost.
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let Ok(answer) = serde_json::from_str(&line) else { break };
                if tell.send(answer).is_err() {
                    break;
                }
            }
        });
        Ok(Self { process, jobs, answers })
    }

    /// That it has died meanwhile is seen when its answer is waited for.
    pub(crate) fn give(&mut self, job: &Job) {
        if let (Some(jobs), Ok(mut line)) = (&mut self.jobs, serde_json::to_string(job)) {
            line.push('\n');
            let _ = jobs.write_all(line.as_bytes()).and_then(|()| jobs.flush());
        }
    }

    pub(crate) fn answer(&self, within: Duration) -> Came {
        let end = Instant::now() + within;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.answers.recv_timeout(left.min(LOOK_EVERY)) {
                Ok(answer) => return Came::Answer(answer),
                Err(RecvTimeoutError::Disconnected) => return Came::Ended,
                Err(RecvTimeoutError::Timeout) if self.is_stopped() => return Came::Stopped,
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Came::Late,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// The state is the letter behind the name in brackets.
    fn is_stopped(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap_or_default();
        stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with('T'))
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.process.kill();
    }

    pub(crate) fn stop(&self) {
        self.signal(Signal::STOP);
    }

    pub(crate) fn wake(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let _ = kill_process(Pid::from_child(&self.process), signal);
    }

    /// Lets it end by itself, or takes notice that it did; whether it was killed.
    pub(crate) fn end(mut self) -> bool {
        drop(self.jobs.take());
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            match self.process.try_wait() {
                Ok(Some(status)) => return status.signal() == Some(9),
                Ok(None) if Instant::now() < patience => std::thread::sleep(Duration::from_millis(2)),
                _ => {
                    let _ = self.process.kill();
                    let _ = self.process.wait();
                    return false;
                }
            }
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
