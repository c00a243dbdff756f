//! The journal's file before SQLite sees it: made for its owner alone, refused where others may read it (it holds DOKU's
//! token and what customers bought), and refused on a network, where locks cannot be relied on.
//!
//! A file that is there is looked at and never opened: closing any descriptor of a file takes away all locks that this
//! process has on it, also those of another client's SQLite (sqlite.org, "How To Corrupt", 2.2). The next program to close
//! the journal would then think itself the last one, and remove the WAL that the client is still writing to.

use crate::config::shown;
use crate::error::{Error, Result, Retry};
use crate::journal::journal_error;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Checks the file, or the folder in which it is to be.
pub(super) fn check(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(unusable(path, &format!("its folder '{}' does not exist", shown(folder))));
    }
    match std::fs::metadata(path) {
        Ok(facts) if facts.is_dir() => Err(unusable(path, "it is a folder")),
        Ok(facts) if !facts.is_file() => Err(unusable(path, "it is not a file")),
        Ok(facts) => {
            must_be_private(path, &facts)?;
            must_be_local(path)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unusable(path, &reason(&error))),
    }
}

/// Makes the file where there is none, and checks it. Called with the gate taken: whoever has the file open came before, and
/// then there is one.
pub(super) fn make(path: &Path) -> Result<()> {
    match open(OpenOptions::new().create_new(true), path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(unusable(path, &reason(&error))),
        _ => check(path),
    }
}

/// Opens a file that is not SQLite's, made for its owner alone where there is none.
pub(super) fn create(path: &Path) -> io::Result<File> {
    open(OpenOptions::new().create(true).truncate(false), path)
}

fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn must_be_private(path: &Path, facts: &std::fs::Metadata) -> Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&facts.permissions()) & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let why = format!("others than its owner may use it (its mode is {mode:03o}); make it 600 (chmod 600)");
    Err(unusable(path, &why))
}

#[cfg(not(unix))]
fn must_be_private(_path: &Path, _facts: &std::fs::Metadata) -> Result<()> {
    Ok(())
}

/// File systems on which a lock or a shared memory of one machine means nothing to another: number and name.
#[cfg(any(target_os = "linux", target_os = "android"))]
const REMOTE: &[(u64, &str)] = &[
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x0102_1997, "9p"),
    (0x6a65_6a63, "virtiofs"),
    (0x786f_4256, "VirtualBox shared folder"),
    (0x00c3_6400, "Ceph"),
    (0x5346_414f, "AFS"),
    (0x0bd0_0bd0, "Lustre"),
    (0x7461_636f, "OCFS2"),
    (0x0116_1970, "GFS2"),
    (0x6573_5546, "FUSE"),
    (0x7375_7245, "Coda"),
];

#[cfg(any(target_os = "linux", target_os = "android"))]
fn must_be_local(path: &Path) -> Result<()> {
    let Ok(facts) = rustix::fs::statfs(path) else { return Ok(()) };
    // The type's sign and width differ between architectures; its lower 32 bits do not.
    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation, clippy::unnecessary_cast)]
    let kind = facts.f_type as u64 & 0xffff_ffff;
    match REMOTE.iter().find(|(number, _)| *number == kind) {
        None => Ok(()),
        Some((_, name)) => Err(unusable(
            path,
            &format!(
                "it is on a file system of the kind {name}, where locks cannot be relied on; put it on a disk of this \
                 machine, or use PostgreSQL for several machines"
            ),
        )),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn must_be_local(_path: &Path) -> Result<()> {
    Ok(())
}

pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "this user may not read and write it".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "its disk is read-only".to_owned(),
        io::ErrorKind::StorageFull => "its disk is full".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

pub(super) fn unusable(path: &Path, why: &str) -> Error {
    journal_error(format!("The journal '{}' cannot be used: {why}. Nothing is sent without it.", shown(path)))
        .with_retry(Retry::No)
        .with_field("journal")
}
