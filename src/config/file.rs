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
    let shown = if is_like_a_path(path) { path.display().to_string() } else { "The settings file".to_owned() };
    let refused = |why: String| Error::setting(Kind::InvalidSetting, "path", format!("{shown}: {why}"));
    let text = read(path).map_err(|why| refused(format!("cannot be read ({why}).")))?;
    // The parser's message shows the line at fault, which may hold a secret: only its place is told.
    let values: toml::Table = toml::from_str(&text).map_err(|problem| {
        let line = problem.span().map(|span| text.bytes().take(span.start).filter(|&byte| byte == b'\n').count() + 1);
        let place = line.map(|line| format!("line {line} ")).unwrap_or_default();
        refused(format!("{place}cannot be read: settings are written as name = \"value\" (TOML), each once."))
    })?;
    for (name, value) in values {
        if value.is_table() {
            let shown = if table::is_like_a_name(&name) { format!(" [{name}]") } else { String::new() };
            return Err(refused(format!("has a section{shown}; settings stand by themselves, without sections.")));
        }
        let setting = table::find(&name).map_err(|error| error.context(&format!("{shown}: ")))?;
        let value = match value {
            Value::String(text) => Zeroizing::new(text),
            Value::Integer(number) => Zeroizing::new(number.to_string()),
            _ => {
                let why = format!("the setting {name} must be a text in quotes or a whole number.");
                return Err(refused(why).with_field(setting.name));
            }
        };
        config.set(setting.name, &value).map_err(|error| error.context(&format!("{shown}: ")))?;
    }
    Ok(())
}

fn read(path: &Path) -> std::result::Result<Zeroizing<String>, String> {
    let bytes = read_limited(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    Ok(Zeroizing::new(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()))
}

/// A path as a message may show it.
pub(crate) fn shown(path: &Path) -> String {
    if is_like_a_path(path) { path.display().to_string() } else { "…".to_owned() }
}

/// Whether it can be told in a message. What was given for a path may be a secret in the wrong place (P6).
pub(super) fn is_like_a_path(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let begins = path.has_root() || text.starts_with('~');
    text.len() <= 255 && !text.contains('@') && !text.contains(char::is_control) && (begins || text.contains('.'))
}

/// The contents of a file of at most 1 MiB, wiped when dropped. They may be a key, so there is room for all of it from
/// the beginning: a text that outgrows its place is copied, and leaves what was read so far behind, unwiped.
pub(super) fn read_limited(path: &Path) -> std::result::Result<Zeroizing<Vec<u8>>, String> {
    let file = std::fs::File::open(path).map_err(|why| why.to_string())?;
    let length = file.metadata().map_or(0, |about| about.len()).min(LARGEST);
    // More than the file needs by what the standard library wants free to look for its end without making room.
    let room = usize::try_from(length).unwrap_or_default().saturating_add(64);
    let mut contents = Zeroizing::new(Vec::with_capacity(room));
    file.take(LARGEST + 1).read_to_end(&mut contents).map_err(|why| why.to_string())?;
    match u64::try_from(contents.len()) {
        Ok(length) if length <= LARGEST => Ok(contents),
        _ => Err("it is larger than 1 MiB".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_without_being_copied_on_the_way() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for length in [0, 31, 32, 33, 1704, 4096, 100_000, 1 << 20] {
            std::fs::write(file.path(), "k".repeat(length)).unwrap();
            let contents = read_limited(file.path()).unwrap();
            assert_eq!(contents.len(), length);
            // A vector that had to make room would have at least doubled it.
            assert!(contents.capacity() <= length + 64, "{length}: {}", contents.capacity());
        }
        std::fs::write(file.path(), "k".repeat((1 << 20) + 1)).unwrap();
        assert!(read_limited(file.path()).is_err());
    }
}
