//! A shop: an empty project into which Composer installs the package from a path, offline; a settings file and a journal of
//! its own; and a sandbox that is its DOKU.

use bayar_sandbox::{Options, Sandbox, TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_PRIVATE_KEY_PEM};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

use crate::tool::{repository, succeed};

/// Debian's unprivileged user of web servers.
pub(crate) const WEB_USER: &str = "www-data";

pub(crate) struct Shop {
    folder: TempDir,
    /// The journal's folder where it is in memory.
    memory: Option<TempDir>,
    pub(crate) sandbox: Sandbox,
}

impl Shop {
    pub(crate) fn open(options: Options) -> Shop {
        Self::with_settings(options, &[])
    }

    /// With the journal on a disk that is memory, where what is measured is not to be this machine's disk. (Without any
    /// journal that they share the workers would take each other's tokens away.)
    pub(crate) fn with_quick_journal(options: Options) -> Shop {
        let folder = tempfile::Builder::new().prefix("bayar-php-").tempdir_in("/dev/shm").unwrap();
        if is_root() {
            succeed(Command::new("chown").arg(format!("{WEB_USER}:")).arg(folder.path()));
        }
        let journal = folder.path().join("bayar.db");
        let mut shop = Self::with_settings(options, &[("journal", journal.to_str().unwrap())]);
        shop.memory = Some(folder);
        shop
    }

    /// With further settings, or other ones; one that is empty is left out.
    pub(crate) fn with_settings(options: Options, settings: &[(&str, &str)]) -> Shop {
        // Not below target/, which the web server's user may not be able to reach.
        let folder = tempfile::Builder::new().prefix("bayar-php-").tempdir().unwrap();
        open_to_all(folder.path());
        let sandbox = Sandbox::start(options).unwrap();
        let shop = Shop { folder, memory: None, sandbox };
        for name in ["srv/shop/public", "etc/bayar", "etc/conf.d", "var", "log", "lib"] {
            std::fs::create_dir_all(shop.path(name)).unwrap();
        }
        shop.install_package();
        shop.write_settings(settings);
        shop
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, contents).unwrap();
        path
    }

    /// A page of the web server; it finds the package.
    pub(crate) fn page(&self, name: &str, code: &str) {
        let autoload = self.autoload();
        let page = format!("<?php\nrequire '{}';\n{code}", autoload.display());
        self.write(&format!("srv/shop/public/{name}.php"), page);
    }

    /// A line of the README with this shop's places in it.
    pub(crate) fn placed(&self, text: &str) -> String {
        let here = |name: &str| self.path(name).to_str().unwrap().to_owned();
        text.replace("/srv/shop", &here("srv/shop"))
            .replace("/etc/bayar.conf", &here("etc/bayar.conf"))
            .replace("/run/php/php8.2-fpm.sock", &here("fpm.sock"))
    }

    pub(crate) fn autoload(&self) -> PathBuf {
        self.path("srv/shop/vendor/autoload.php")
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.path("etc/bayar.conf")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path("var/bayar.db")
    }

    pub(crate) fn package(&self) -> PathBuf {
        self.path("srv/shop/vendor/bayar/bayar")
    }

    /// PHP's command line, which tells of everything that is wrong or deprecated.
    pub(crate) fn php(&self) -> Command {
        let mut php = Command::new("php");
        php.args(["-d", "error_reporting=-1", "-d", "display_errors=stderr", "-d", "zend.assertions=1"]);
        php.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        php.env("AUTOLOAD", self.autoload()).env("BAYAR_CONFIG", self.settings());
        php
    }

    /// Runs one of the examples to success, and returns what it printed.
    pub(crate) fn example(&self, name: &str, arguments: &[&str]) -> String {
        succeed(self.php().arg(repository(format!("examples/php/{name}.php"))).args(arguments))
    }

    fn install_package(&self) {
        let options = r#"{"type": "path", "url": "PACKAGE", "options": {"symlink": false}}"#;
        let package = self.path("package");
        copy(&repository("bindings/php"), &package);
        let repository = options.replace("PACKAGE", package.to_str().unwrap());
        let project = self.path("srv/shop");
        self.write("srv/shop/composer.json", "{}");
        for arguments in [
            &["config", "repositories.bayar", &repository][..],
            &["config", "repositories.packagist.org", "false"],
            &["require", "bayar/bayar"],
        ] {
            let mut composer = Command::new("composer");
            composer.args(["--no-interaction", "--no-plugins"]).args(arguments).current_dir(&project).env_clear();
            composer.env("PATH", std::env::var_os("PATH").unwrap()).env("COMPOSER_HOME", self.path("composer"));
            composer.env("COMPOSER_DISABLE_NETWORK", "1").env("COMPOSER_ALLOW_SUPERUSER", "1");
            succeed(&mut composer);
        }
        let library = self.package().join("lib/libbayar.so.0");
        std::fs::copy(built_library(), &library).unwrap();
        // For those who install it for the system.
        std::fs::copy(&library, self.path("lib/libbayar.so.0")).unwrap();
    }

    fn write_settings(&self, others: &[(&str, &str)]) {
        let key = self.write("etc/bayar/private.key", TEST_PRIVATE_KEY_PEM);
        let ca = self.write("etc/bayar/ca.pem", self.sandbox.ca_pem());
        let (journal, base_url) = (self.journal(), self.sandbox.base_url());
        let settings = [
            ("environment", "sandbox"),
            ("client_id", TEST_CLIENT_ID),
            ("client_secret", TEST_CLIENT_SECRET),
            ("private_key_file", key.to_str().unwrap()),
            ("journal", journal.to_str().unwrap()),
            ("base_url", &base_url),
            ("ca_file", ca.to_str().unwrap()),
            ("tls_roots", "none"),
            ("status_interval_ms", "50"),
        ];
        let is_other = |name: &str| others.iter().any(|(other, _)| *other == name);
        let kept =
            settings.iter().filter(|(name, _)| !is_other(name)).chain(others).filter(|(_, value)| !value.is_empty());
        let lines: String = kept.clone().map(|(name, value)| format!("{name} = \"{value}\"\n")).collect();
        self.write("etc/bayar.conf", lines);
        // The same for a page that does without the package.
        let lines: String = kept.map(|(name, value)| format!("    '{name}' => '{value}',\n")).collect();
        let code = std::fs::read_to_string(repository("tests/php/pages/curl.php")).unwrap();
        self.write("srv/shop/curl.php", format!("<?php\nconst SETTINGS = [\n{lines}];\n{code}"));
        // The user of the web server reads the settings and owns the journal's folder.
        if is_root() {
            succeed(
                Command::new("chown").args(["-R", &format!("{WEB_USER}:")]).arg(self.path("var")).arg(self.path("log")),
            );
            succeed(Command::new("chgrp").args(["-R", WEB_USER]).arg(self.path("etc")));
        }
        for (path, mode) in [("var", 0o700), ("etc/bayar.conf", 0o640), ("etc/bayar/private.key", 0o640)] {
            std::fs::set_permissions(self.path(path), PermissionsExt::from_mode(mode)).unwrap();
        }
    }
}

/// Cargo leaves the library that it made for this very test beside it.
pub(crate) fn built_library() -> PathBuf {
    match std::env::var_os("BAYAR_LIBRARY_DIR") {
        Some(other) => Path::new(&other).join("libbayar.so"),
        None => std::env::current_exe().unwrap().with_file_name("libbayar.so"),
    }
}

pub(crate) fn is_root() -> bool {
    succeed(Command::new("id").arg("-u")).trim() == "0"
}

fn open_to_all(folder: &Path) {
    std::fs::set_permissions(folder, PermissionsExt::from_mode(0o755)).unwrap();
}

fn copy(from: &Path, to: &Path) {
    succeed(Command::new("cp").arg("-r").arg(from).arg(to));
}
