//! Processes that work at the same time: started, made ready, let go at once, and asked what they did.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::shop::{Problem, Shop};
use crate::worker::Task;

/// What each of them is told.
pub(crate) struct Orders {
    pub(crate) task: Task,
    pub(crate) most: usize,
    pub(crate) milliseconds: u64,
}

/// What one process did.
#[derive(Clone, Copy)]
pub(crate) struct Done {
    pub(crate) count: usize,
    pub(crate) worst_ms: f64,
    pub(crate) seconds: f64,
}

/// What all did together.
pub(crate) struct Together {
    pub(crate) a_second: f64,
    /// The worst wait of any for one of its calls.
    pub(crate) worst_ms: f64,
    /// The least and the most that one did, where 1 is an equal share.
    pub(crate) least_share: f64,
    pub(crate) most_share: f64,
    pub(crate) count: usize,
}

/// A process for each shop; `run` tells runs apart, so that no reference comes twice.
pub(crate) fn work(shops: &[Shop], orders: &Orders, run: &str) -> Result<Together, Problem> {
    let program = env::current_exe()?;
    let mut members = Vec::new();
    for (at, shop) in shops.iter().enumerate() {
        let mut command = Command::new(&program);
        command.args(arguments(shop, orders, &prefix(run, at)));
        members.push(Member::start(command)?);
    }
    members.iter_mut().try_for_each(Member::must_be_ready)?;
    members.iter_mut().try_for_each(Member::go)?;
    let done: Result<Vec<Done>, Problem> = members.into_iter().map(Member::end).collect();
    Ok(together(&done?))
}

/// What the references of one process of a run begin with.
pub(crate) fn prefix(run: &str, at: usize) -> String {
    format!("{run}-{at}")
}

/// A worker's command line.
pub(crate) fn arguments(shop: &Shop, orders: &Orders, prefix: &str) -> Vec<String> {
    let path = |path: &std::path::Path| path.to_string_lossy().into_owned();
    vec![
        "worker".to_owned(),
        orders.task.name().to_owned(),
        shop.base_url.clone(),
        path(&shop.ca),
        path(&shop.key),
        shop.journal.clone().unwrap_or_default(),
        prefix.to_owned(),
        orders.most.to_string(),
        orders.milliseconds.to_string(),
    ]
}

fn together(done: &[Done]) -> Together {
    let count: usize = done.iter().map(|done| done.count).sum();
    let equal = count as f64 / done.len().max(1) as f64;
    let shares = || done.iter().map(|done| done.count as f64 / equal);
    Together {
        a_second: done.iter().map(|done| done.count as f64 / done.seconds).sum(),
        worst_ms: done.iter().map(|done| done.worst_ms).fold(0.0, f64::max),
        least_share: shares().fold(f64::INFINITY, f64::min),
        most_share: shares().fold(0.0, f64::max),
        count,
    }
}

/// One process; it is ended with its parent's interest in it.
pub(crate) struct Member {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Member {
    pub(crate) fn start(mut command: Command) -> Result<Self, Problem> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().ok_or("A process has no output.")?);
        Ok(Self { child, input, output })
    }

    fn line(&mut self) -> Result<String, Problem> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    pub(crate) fn must_be_ready(&mut self) -> Result<(), Problem> {
        match self.line()?.as_str() {
            "ready" => Ok(()),
            _ => Err("A process was not ready.".into()),
        }
    }

    pub(crate) fn go(&mut self) -> Result<(), Problem> {
        let input = self.input.as_mut().ok_or("A process has no input.")?;
        writeln!(input, "go")?;
        Ok(input.flush()?)
    }

    pub(crate) fn end(mut self) -> Result<Done, Problem> {
        let line = self.line()?;
        let figures: Result<Vec<f64>, _> = line.split(' ').map(str::parse).collect();
        let [_, worst_us, us] =
            figures.ok().and_then(|figures| <[f64; 3]>::try_from(figures).ok()).ok_or("A process failed.")?;
        let count = line.split(' ').next().unwrap_or_default().parse()?;
        match self.child.wait()?.success() {
            true => Ok(Done { count, worst_ms: worst_us / 1e3, seconds: us / 1e6 }),
            false => Err("A process failed.".into()),
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
