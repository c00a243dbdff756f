//! A small disk for a journal, which is full again and again.

use crate::random::Random;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub(crate) struct Disk {
    folder: PathBuf,
}

/// More than an empty journal needs, with its log.
const SIZE: &str = "size=8m,mode=700";

impl Disk {
    /// Mounts one there; `None` where that is not allowed.
    pub(crate) fn mount(folder: &Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", SIZE, "bayar-chaos"]).arg(folder);
        mount.stderr(std::process::Stdio::null());
        let is_mounted = mount.status().is_ok_and(|status| status.success());
        is_mounted.then(|| Self { folder: folder.to_owned() })
    }

    /// Fills it and frees it by turns until it is over. It is left free.
    pub(crate) fn play(&self, random: &mut Random, is_over: &AtomicBool) -> io::Result<()> {
        let mut filler = File::create(self.folder.join("filler"))?;
        let nothing = vec![0; 4096];
        while !is_over.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(50 + random.below(400)));
            while filler.write_all(&nothing).is_ok() {}
            std::thread::sleep(Duration::from_millis(50 + random.below(300)));
            filler = File::create(self.folder.join("filler"))?;
        }
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l"]).arg(&self.folder).status();
    }
}

/// Whether this program runs where its mounts are its own, and go with it.
const INSIDE: &str = "CHAOS_HAS_OWN_MOUNTS";

/// Starts this program anew where it may mount, if there is a way; else goes on as it is.
pub(crate) fn enter_own_mounts() {
    use std::os::unix::process::CommandExt;
    if std::env::var_os(INSIDE).is_some() {
        return;
    }
    for how in ["-m", "-rm"] {
        let works = Command::new("unshare").args([how, "true"]).stderr(std::process::Stdio::null()).status();
        let (true, Ok(program)) = (works.is_ok_and(|status| status.success()), std::env::current_exe()) else {
            continue;
        };
        // Comes back only if it failed.
        let _ = Command::new("unshare").arg(how).arg(program).args(std::env::args_os().skip(1)).env(INSIDE, "1").exec();
    }
}
