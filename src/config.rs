//! The settings: every one in one table, which the C API, the environment, the config file and the documentation use.
//!
//! [`Config`] holds values by name, each checked when it is set; a client is made from it. Secrets are wiped with it
//! and never printed (P6).

mod file;
pub(crate) mod settings;
mod table;

pub(crate) use file::shown;
#[cfg(feature = "capi")]
pub(crate) use table::is_like_a_name;
pub use table::{Kind, SETTINGS, Setting};

use crate::error::{self, Error, Result};
use crate::secret::Secret;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use zeroize::Zeroizing;

/// Settings by name. Values are checked when they are set; whether all that is needed is there, and whether the keys
/// can be read, is checked when a client is made.
#[derive(Clone, Default)]
pub struct Config {
    values: BTreeMap<&'static str, Secret>,
}

impl Config {
    /// No setting given: all defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets one setting, by the name and in the form of [`SETTINGS`] (`docs/settings.md`). A later value replaces an
    /// earlier one.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let setting = table::find(name)?;
        setting.check(value)?;
        self.values.insert(setting.name, Secret::new(value));
        Ok(())
    }

    /// Reads `BAYAR_<NAME>` from the environment for every setting, such as `BAYAR_TIMEOUT_MS`. An empty variable counts
    /// as not set. A variable that begins with `BAYAR_` and names no setting is left alone.
    pub fn load_environment(&mut self) -> Result<()> {
        for setting in SETTINGS {
            let name = setting.environment_name();
            let Some(value) = std::env::var_os(&name).filter(|value| !value.is_empty()) else { continue };
            let Ok(value) = value.into_string().map(Zeroizing::new) else {
                return Err(Error::setting(
                    error::Kind::InvalidSetting,
                    setting.name,
                    format!("The environment variable {name} is not UTF-8."),
                ));
            };
            self.set(setting.name, &value).map_err(|error| error.context(&format!("Environment variable {name}: ")))?;
        }
        Ok(())
    }

    /// Reads settings from a TOML file: `name = "value"`, one a line; numbers may stand without quotes.
    pub fn load_file(&mut self, path: impl AsRef<Path>) -> Result<()> {
        file::load(self, path.as_ref())
    }

    /// The value given, or the default.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let given = self.values.get(name).map(Secret::reveal);
        given.or_else(|| SETTINGS.iter().find(|setting| setting.name == name)?.default)
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for setting in SETTINGS {
            if let Some(value) = self.values.get(setting.name) {
                // An address with a password in it is refused, but not before a client is made.
                let hidden = setting.secret || value.reveal().contains('@');
                let shown = if hidden { "…" } else { value.reveal() };
                map.entry(&setting.name, &shown);
            }
        }
        map.finish()
    }
}
