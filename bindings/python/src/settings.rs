//! Settings by name, from keywords, the environment and a file: all of them the core's.

use crate::arguments::text;
use crate::errors::raised;
use crate::glue::result;
use bayar::Config;
use bayar::config::{Kind, SETTINGS};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyList, PyString};
use std::path::{Path, PathBuf};

/// No setting given. All of the log is kept, for it goes to Python's logger, whose level decides.
pub(crate) fn begin(py: Python<'_>) -> PyResult<Config> {
    let mut config = Config::new();
    config.set("log_level", "debug").map_err(|error| raised(py, &error))?;
    Ok(config)
}

/// A value is `str`, `int` for a number, or a path; None is not given.
pub(crate) fn set_all(config: &mut Config, settings: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
    let Some(settings) = settings else { return Ok(()) };
    for (name, value) in settings {
        let py = name.py();
        let name = text("the name of a setting", &name)?;
        let value = if value.is_none() {
            continue;
        } else if value.is_instance_of::<PyString>() {
            text(&name, &value)?
        } else if value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>() {
            value.str()?.extract()?
        } else if let Ok(path) = value.extract::<PathBuf>() {
            text(&name, path.as_os_str().into_pyobject(py)?.as_any())?
        } else {
            let kind = value.get_type().name()?;
            return Err(PyTypeError::new_err(format!("the setting {name} must be str, int or a path, not {kind}")));
        };
        config.set(&name, &value).map_err(|error| raised(py, &error))?;
    }
    Ok(())
}

/// Reads `BAYAR_<NAME>` for every setting, after the file that BAYAR_CONFIG names, if it does. With the GIL held, for
/// Python changes the environment under it.
pub(crate) fn load_environment(py: Python<'_>, config: &mut Config) -> PyResult<()> {
    if let Some(path) = std::env::var_os("BAYAR_CONFIG").filter(|path| !path.is_empty()) {
        load_file(py, config, Path::new(&path))?;
    }
    config.load_environment().map_err(|error| raised(py, &error))
}

pub(crate) fn load_file(py: Python<'_>, config: &mut Config, path: &Path) -> PyResult<()> {
    config.load_file(path).map_err(|error| raised(py, &error))
}

/// Every setting that there is: its name, the kind of its value, its default, and what it does.
#[pyfunction]
pub(crate) fn list_settings(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let all: Vec<_> = SETTINGS
        .iter()
        .map(|setting| {
            let kind = match setting.kind {
                Kind::Path => "path".to_owned(),
                Kind::Integer { least, most } => format!("{least} to {most}"),
                Kind::Choice(choices) => choices.join(" | "),
                _ => "text".to_owned(),
            };
            let members = vec![
                setting.name.into_pyobject(py)?.into_any(),
                kind.into_pyobject(py)?.into_any(),
                setting.default.into_pyobject(py)?.into_any(),
                PyBool::new(py, setting.required).to_owned().into_any(),
                PyBool::new(py, setting.secret).to_owned().into_any(),
                setting.help.into_pyobject(py)?.into_any(),
            ];
            result(py, "Setting", members)
        })
        .collect::<PyResult<_>>()?;
    PyList::new(py, all)
}
