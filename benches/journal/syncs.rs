//! How often a payment makes the disk sync, counted by strace: two commits, and now and then the WAL going back into the
//! file.

use std::env;
use std::fs;
use std::io::Write;
use std::process::Command;

use crate::place::Place;
use crate::server::Server;
use crate::shop::{Problem, Shop, setting};
use crate::team::{Member, Orders, arguments};
use crate::worker::Task;

/// Many times as many as fit between two write-backs of the WAL.
const PAYMENTS: usize = 2_000;

pub(crate) fn measure(out: &mut impl Write, place: &Place, server: &Server) -> Result<(), Problem> {
    if Command::new("strace").arg("-V").output().is_err() {
        writeln!(out, "  There is no strace here: its syncs are not counted.")?;
        return Ok(());
    }
    let journal = setting(&place.fresh_journal("syncs.db"));
    let shop = Shop::new(place, server.base_url.clone(), &server.ca_pem, Some(journal))?;
    // The difference of two runs leaves out what opening and closing take.
    let (few, many) = (count(place, &shop, 1)?, count(place, &shop, 1 + PAYMENTS)?);
    let each = many.saturating_sub(few) as f64 / PAYMENTS as f64;
    writeln!(out, "  syncs for a payment             {each:.3} (strace, {PAYMENTS} payments, write-backs included)")?;
    writeln!(out, "  syncs of opening and closing    {}, one payment and its warm-up included", few)?;
    Ok(())
}

fn count(place: &Place, shop: &Shop, payments: usize) -> Result<usize, Problem> {
    let seen = place.file("strace.txt");
    let orders = Orders { task: Task::Pay, most: payments, milliseconds: 600_000 };
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-e", "trace=fsync,fdatasync,sync_file_range,msync", "-o"]).arg(&seen);
    command.arg(env::current_exe()?).args(arguments(shop, &orders, &format!("SYNC-{payments}")));
    let mut member = Member::start(command)?;
    member.must_be_ready()?;
    member.go()?;
    member.end()?;
    let calls = fs::read_to_string(&seen)?;
    Ok(calls.lines().filter(|line| line.contains("sync(") && !line.contains("resumed")).count())
}
