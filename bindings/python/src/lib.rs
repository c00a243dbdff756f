//! The Python package's native part: pyo3 straight on the Rust core. It converts what comes in and goes out, runs calls
//! without the GIL, and holds no rule of the protocol. What Python is better at (exceptions, results, enums) is written in
//! Python, in `python/bayar/`, and made from here through `glue.rs`.

mod arguments;
mod call;
mod client;
mod delivery;
mod errors;
mod glue;
mod iterate;
mod log;
mod results;
mod settings;
mod signing;
mod words;

use pyo3::prelude::*;

/// Use `bayar`; this is its native part.
#[pymodule(gil_used = false)]
mod _bayar {
    #[pymodule_export]
    use crate::call::Cancel;
    #[pymodule_export]
    use crate::client::Client;
    #[pymodule_export]
    use crate::delivery::Delivery;
    #[pymodule_export]
    use crate::iterate::RecordIterator;
    #[pymodule_export]
    use crate::settings::list_settings;
    #[pymodule_export]
    use crate::signing::{
        format_timestamp, minify, new_external_id, request_string_to_sign, sign_request, sign_token_request,
        verify_request, verify_token_request,
    };
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
