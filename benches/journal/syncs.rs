//! How often a payment makes the disk sync, and how much it writes, counted by strace: two commits, and now and then the WAL
//! going back into the file.

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
    let (few, many) = (Calls::of(place, &shop, 1)?, Calls::of(place, &shop, 1 + PAYMENTS)?);
    let each = |few: usize, many: usize| many.saturating_sub(few) as f64 / PAYMENTS as f64;
    let (syncs, pages) = (each(few.syncs, many.syncs), each(few.pages, many.pages));
    writeln!(out, "  by strace, of {PAYMENTS} payments, those of writing the WAL back into the file included:")?;
    writeln!(out, "    syncs for a payment           {syncs:.3}")?;
    writeln!(out, "    pages of 4 KiB                {pages:.1}")?;
    writeln!(out, "    syncs of opening and closing  {}, with two payments", few.syncs)?;
    Ok(())
}

/// What a process asked of the system.
struct Calls {
    syncs: usize,
    pages: usize,
}

impl Calls {
    fn of(place: &Place, shop: &Shop, payments: usize) -> Result<Self, Problem> {
        let seen = place.file("strace.txt");
        let orders = Orders { task: Task::Pay, most: payments, milliseconds: 600_000 };
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-s", "8", "-e", "trace=fsync,fdatasync,pwrite64", "-o"]).arg(&seen);
        command.arg(env::current_exe()?).args(arguments(shop, &orders, &format!("SYNC-{payments}")));
        let mut member = Member::start(command)?;
        member.must_be_ready()?;
        member.go()?;
        member.end()?;
        let calls = fs::read_to_string(&seen)?;
        let count = |is_it: fn(&&str) -> bool| calls.lines().filter(is_it).count();
        Ok(Self {
            syncs: count(|line| line.contains("sync(")),
            pages: count(|line| line.contains("pwrite64(") && line.contains(", 4096, ")),
        })
    }
}
