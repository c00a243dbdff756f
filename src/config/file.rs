//! The config file: TOML, flat, the same names as everywhere.

use super::{Config, table};
use crate::error::{Error, Kind, Result};
use std::io::Read;
use std::path::Path;
use toml::Value;
use zeroize::Zeroizing;

/// No config, key or certificate file is this large; a wrong path to a log or a disk must not fill the memory.
const LARGEST: u64 = 1 << 20;

pub(super) fn load(config: &mut Config, path: &Path) -> Result<()> {
    // The name of a file may have line ends in it, a message may not.
    let shown = path.display().to_string().replace(char::is_control, "\u{fffd}");
    let refused = |why: String| Error::setting(Kind::InvalidSetting, "path", format!("{shown}: {why}"));
    let text = read(path).map_err(|why| refused(format!("cannot be read ({why}).")))?;
    // The parser's message shows the line at fault, which may hold a secret: only its place is told.
    let values: toml::Table = toml::from_str(&text).map_err(|problem| {
        let line = problem.span().map(|span| text.bytes().take(span.start).filter(|&byte| byte == b'\n').count() + 1);
        let place = line.map(|line| format!("line {line} ")).unwrap_or_default();
        refused(format!("{place}cannot be read: settings are written as name = \"value\" (TOML), each once."))
    })?;
    for (name, value) in &values {
        if value.is_table() {
            let shown = if table::is_like_a_name(name) { format!(" [{name}]") } else { String::new() };
            return Err(refused(format!("has a section{shown}; settings stand by themselves, without sections.")));
        }
        let setting = table::find(name).map_err(|error| error.context(&format!("{shown}: ")))?;
        let value = match value {
            Value::String(text) => Zeroizing::new(text.clone()),
            Value::Integer(number) => Zeroizing::new(number.to_string()),
            _ => {
                let why = format!("the setting {name} must be a text in quotes or a whole number.");
                return Err(refused(why).with_field(setting.name));
            }
        };
        config.set(name, &value).map_err(|error| error.context(&format!("{shown}: ")))?;
    }
    Ok(())
}

fn read(path: &Path) -> std::result::Result<Zeroizing<String>, String> {
    let bytes = Zeroizing::new(read_limited(path)?);
    let text = std::str::from_utf8(&bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    Ok(Zeroizing::new(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()))
}

/// The contents of a file of at most 1 MiB.
pub(super) fn read_limited(path: &Path) -> std::result::Result<Vec<u8>, String> {
    let mut contents = Vec::new();
    let mut file = std::fs::File::open(path).map_err(|why| why.to_string())?.take(LARGEST + 1);
    file.read_to_end(&mut contents).map_err(|why| why.to_string())?;
    match u64::try_from(contents.len()) {
        Ok(length) if length <= LARGEST => Ok(contents),
        _ => Err("it is larger than 1 MiB".to_owned()),
    }
}
