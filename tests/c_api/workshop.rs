//! A folder of one test, gone with it: the library under its soname, and the programs that are compiled against it.
//! `BAYAR_LIBRARY_DIR` names the folder of another build of the library, such as a release's.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

use crate::sanitized;
use crate::tool::{repository, succeed};

pub(crate) const C_FLAGS: [&str; 5] = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// The files beside a test program that it may use.
const SUPPORT: [&str; 4] = ["check.c", "shop.c", "cases.c", "fixtures.c"];

pub(crate) struct Workshop {
    folder: TempDir,
    sanitized: bool,
}

impl Workshop {
    pub(crate) fn open() -> Workshop {
        let folder = tempfile::Builder::new().prefix("c_api-").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        // Cargo leaves the library that it made for this very test beside it. It is copied, for another build may
        // replace it at any moment; the one a level up is only replaced by `cargo build`.
        let built = match std::env::var_os("BAYAR_LIBRARY_DIR") {
            Some(other) => Path::new(&other).join("libbayar.so"),
            None => std::env::current_exe().unwrap().with_file_name("libbayar.so"),
        };
        std::fs::copy(&built, folder.path().join("libbayar.so.0"))
            .unwrap_or_else(|error| panic!("{} cannot be copied: {error}", built.display()));
        std::os::unix::fs::symlink("libbayar.so.0", folder.path().join("libbayar.so")).unwrap();
        Workshop { folder, sanitized: false }
    }

    /// From now on the library is the one with sanitizers, and so is what is compiled.
    pub(crate) fn sanitize(&mut self) {
        if !self.sanitized {
            sanitized::copy_library(&self.library());
            self.sanitized = true;
        }
    }

    pub(crate) fn is_sanitized(&self) -> bool {
        self.sanitized
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn library(&self) -> PathBuf {
        self.path("libbayar.so.0")
    }

    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, contents).unwrap();
        path
    }

    /// Compiles a program of `tests/c/`, with the checks that they share.
    pub(crate) fn test_program(&self, name: &str) -> PathBuf {
        self.test_program_at(&repository(format!("tests/c/{name}.c")))
    }

    /// The same for a program that a test wrote.
    pub(crate) fn test_program_at(&self, source: &Path) -> PathBuf {
        let support = SUPPORT.iter().map(|file| repository(format!("tests/c/{file}")));
        let sources: Vec<PathBuf> = std::iter::once(source.to_owned()).chain(support).collect();
        self.program(&sources)
    }

    /// Compiles a program as strictly as can be, to be found under its first source's name.
    pub(crate) fn program(&self, sources: &[PathBuf]) -> PathBuf {
        let program = self.path(sources[0].file_stem().unwrap());
        let mut gcc = Command::new("gcc");
        gcc.args(C_FLAGS).args(["-g", "-pthread", "-I"]).arg(repository("include"));
        if self.sanitized {
            gcc.args(sanitized::C_FLAGS);
        }
        gcc.arg("-I").arg(repository("tests/c")).args(sources).arg("-o").arg(&program);
        gcc.arg("-L")
            .arg(self.folder.path())
            .arg("-lbayar")
            .arg(format!("-Wl,-rpath,{}", self.folder.path().display()));
        succeed(&mut gcc);
        program
    }
}
