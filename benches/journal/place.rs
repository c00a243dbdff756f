//! Where the journals lie: a folder on a real disk. On a file system in memory a sync costs nothing, and every figure here
//! would be a lie.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::shop::Problem;

pub(crate) struct Place {
    folder: PathBuf,
    kind: String,
}

impl Place {
    /// Below the build's own folder, or where `BAYAR_BENCH_DIR` says.
    pub(crate) fn new() -> Result<Self, Problem> {
        let above = env::var_os("BAYAR_BENCH_DIR").map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from);
        let folder = above.join("bench-journal");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let kind = kind_of(&fs::canonicalize(&folder)?).unwrap_or_else(|| "of an unknown kind".to_owned());
        if ["tmpfs", "ramfs"].contains(&kind.as_str()) {
            let why = format!("{} is on {kind}, which is memory. BAYAR_BENCH_DIR names a folder.", folder.display());
            return Err(why.into());
        }
        Ok(Self { folder, kind })
    }

    pub(crate) fn describe(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "The journals lie on a file system of the kind {}.", self.kind)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A journal that is not there yet.
    pub(crate) fn fresh_journal(&self, name: &str) -> PathBuf {
        self.remove(name);
        self.file(name)
    }

    /// Removes a journal with what lies beside it.
    pub(crate) fn remove(&self, name: &str) {
        for suffix in ["", "-wal", "-shm", "-gate", "-next"] {
            let _ = fs::remove_file(self.file(&format!("{name}{suffix}")));
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The kind of the file system that is mounted closest above the folder, as Linux lists it.
fn kind_of(folder: &Path) -> Option<String> {
    let mounts = fs::read_to_string("/proc/self/mounts").ok()?;
    let fields = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    });
    // Of two on the same folder the last one counts.
    let above = fields.filter(|(mounted, _)| folder.starts_with(mounted));
    above.max_by_key(|(mounted, _)| mounted.len()).map(|(_, kind)| kind.to_owned())
}
