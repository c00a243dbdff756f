//! What a client of the sandbox needs: files for the keys, and the environment that names them.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bayar_sandbox::{Sandbox, TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_DOKU_PUBLIC_KEY_PEM, TEST_PRIVATE_KEY_PEM};
use tempfile::TempDir;

use crate::arguments::Setup;
use crate::notify;

/// A running sandbox and a temporary folder with the files for its clients; both end with it.
pub(crate) struct Desk {
    pub(crate) sandbox: Sandbox,
    pub(crate) environment: Vec<(&'static str, String)>,
    folder: TempDir,
}

impl Desk {
    pub(crate) fn open(mut setup: Setup) -> io::Result<Desk> {
        let notifications = setup.notify.take().map(notify::settings).transpose()?;
        setup.options.notifications.clone_from(&notifications);
        let tls = setup.options.tls;
        let sandbox = Sandbox::start(setup.options)?;
        let folder = tempfile::Builder::new().prefix("bayar-sandbox-").tempdir()?;
        let key_file = folder.path().join("private-key.pem");
        write_private(&key_file, TEST_PRIVATE_KEY_PEM)?;

        let doku_key_file = folder.path().join("doku-public-key.pem");
        fs::write(&doku_key_file, TEST_DOKU_PUBLIC_KEY_PEM)?;

        let mut environment = vec![
            ("BAYAR_ENVIRONMENT", "sandbox".to_owned()),
            ("BAYAR_BASE_URL", sandbox.base_url()),
            ("BAYAR_CLIENT_ID", TEST_CLIENT_ID.to_owned()),
            ("BAYAR_CLIENT_SECRET", TEST_CLIENT_SECRET.to_owned()),
            ("BAYAR_PRIVATE_KEY_FILE", text(&key_file)?),
            ("BAYAR_DOKU_PUBLIC_KEY_FILE", text(&doku_key_file)?),
            ("BAYAR_SANDBOX_URL", sandbox.base_url()),
        ];
        if tls {
            let ca_file = match setup.ca_file {
                Some(file) => std::path::absolute(file)?,
                None => folder.path().join("ca.pem"),
            };
            fs::write(&ca_file, sandbox.ca_pem()).map_err(|error| about(&ca_file, &error))?;
            environment.push(("BAYAR_CA_FILE", text(&ca_file)?));
        }
        if let Some(notifications) = notifications {
            environment.push(("BAYAR_SANDBOX_NOTIFICATION_URL", notifications.notification_url));
            environment.push(("BAYAR_SANDBOX_TOKEN_URL", notifications.token_url));
        }
        Ok(Desk { sandbox, environment, folder })
    }

    /// Removes the folder and says so when that fails, which dropping it would not.
    pub(crate) fn close(self) -> io::Result<()> {
        drop(self.sandbox);
        self.folder.close()
    }
}

/// The key is public, but a client may well refuse a key file that others can read.
fn write_private(file: &PathBuf, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}

fn text(path: &Path) -> io::Result<String> {
    let unfit = || io::Error::other(format!("{} is not UTF-8", path.display()));
    path.to_str().map(str::to_owned).ok_or_else(unfit)
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
