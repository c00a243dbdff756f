//! Makes the C headers from `src/capi/` (feature `capi`) and names the shared library.
//!
//! The headers go to OUT_DIR; those in `include/` are checked in, and a test compares the two. `make headers` copies them.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "capi")]
    {
        headers::make();
        link_arguments();
    }
}

/// The soname by which programs find the library, and `nodelete`: PHP unloads a library after each web request, which
/// would lose the connection and the token, and would pull the code from under a look-up that is still running.
#[cfg(feature = "capi")]
fn link_arguments() {
    let unix_with_soname = ["linux", "android", "freebsd", "netbsd", "openbsd", "dragonfly"];
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if unix_with_soname.contains(&system.as_str()) {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-soname,libbayar.so.0");
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    }
}

#[cfg(feature = "capi")]
mod headers {
    use std::path::{Path, PathBuf};

    /// In the order in which a reader of the header meets them.
    const SOURCES: [&str; 21] = [
        "version",
        "constants",
        "journal_constants",
        "webhook_constants",
        "error",
        "config",
        "client",
        "cancel",
        "payment",
        "refund",
        "status",
        "journal",
        "records",
        "record",
        "webhook",
        "incoming",
        "answer",
        "delivery",
        "inbox",
        "log",
        "signing",
    ];
    /// Objects that the others use, last.
    const LAST: &str = "text";

    const MACROS: &str = "\
/* The calling convention. Old Windows programs may be compiled with another default. */
#if defined(_WIN32)
#define BAYAR_CALL __cdecl
#else
#define BAYAR_CALL
#endif

/* Where the functions are. Define BAYAR_STATIC on Windows when linking the static library. */
#if defined(_WIN32) && !defined(BAYAR_STATIC)
#define BAYAR_API __declspec(dllimport)
#else
#define BAYAR_API
#endif
";

    pub(crate) fn make() {
        let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
        let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
        println!("cargo::rerun-if-changed=src/capi");
        println!("cargo::rerun-if-changed=cbindgen.toml");
        let contract = std::fs::read_to_string(root.join("src/capi/contract.txt")).unwrap_or_default();
        write(&out.join("bayar.h"), &for_c(&generate(&root, false), &contract));
        write(&out.join("bayar.ffi.h"), &for_ffi(&generate(&root, true)));
    }

    fn generate(root: &Path, plain: bool) -> String {
        let mut config = match cbindgen::Config::from_file(root.join("cbindgen.toml")) {
            Ok(config) => config,
            Err(problem) => fail(&format!("cbindgen.toml: {problem}")),
        };
        if plain {
            config.cpp_compat = false;
            config.documentation = false;
            config.include_guard = None;
            config.sys_includes.clear();
        }
        let mut builder = cbindgen::Builder::new().with_config(config);
        for source in SOURCES.iter().chain([&LAST]) {
            builder = builder.with_src(root.join(format!("src/capi/{source}.rs")));
        }
        let mut header = Vec::new();
        match builder.generate() {
            Ok(bindings) => bindings.write(&mut header),
            Err(problem) => fail(&format!("src/capi: {problem}")),
        }
        String::from_utf8(header).unwrap_or_default()
    }

    /// The contract at the top, and the macros on every prototype.
    fn for_c(generated: &str, contract: &str) -> String {
        let comment: String = contract.lines().map(|line| format!(" * {line}").trim_end().to_owned() + "\n").collect();
        let mut header = format!("/*\n{comment} */\n\n/* Made by build.rs from src/capi/; do not edit. */\n\n");
        let mut lines = generated.lines();
        while let Some(line) = lines.next() {
            if is_prototype(line) {
                let mut prototype = line.to_owned();
                while !prototype.ends_with(';') {
                    prototype.push(' ');
                    prototype.push_str(lines.next().unwrap_or(";").trim());
                }
                header.push_str(&exported(&prototype));
            } else {
                header.push_str(line);
            }
            header.push('\n');
            if line.starts_with("#include <stdint.h>") {
                header.push('\n');
                header.push_str(MACROS);
            }
        }
        header
    }

    fn is_prototype(line: &str) -> bool {
        line.starts_with(|c: char| c.is_ascii_lowercase())
            && line.contains(" *bayar_") | line.contains(" bayar_")
            && line.contains('(')
            && !line.starts_with("typedef")
    }

    /// `int32_t bayar_x(int32_t a, int32_t b);` with the macros, one parameter a line if it is long.
    fn exported(prototype: &str) -> String {
        let (head, parameters) = prototype.split_once('(').unwrap_or((prototype, ");"));
        let name_at = head.find("bayar_").unwrap_or_default();
        let (result, name) = head.split_at(name_at);
        let line = format!("BAYAR_API {result}BAYAR_CALL {name}({parameters}");
        if line.len() <= 120 {
            return line;
        }
        format!("BAYAR_API {result}BAYAR_CALL {name}(\n    {}", parameters.replace(", ", ",\n    "))
    }

    /// For parsers without a preprocessor, such as PHP's FFI: no macro, no comment, no `extern "C"`.
    fn for_ffi(generated: &str) -> String {
        let lines = generated.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let note =
            "/* bayar.h for parsers without a preprocessor, such as PHP's FFI. Made by build.rs; do not edit. */\n";
        lines.fold(note.to_owned(), |header, line| header + line + "\n")
    }

    fn write(path: &Path, text: &str) {
        if let Err(problem) = std::fs::write(path, text) {
            fail(&format!("{}: {problem}", path.display()));
        }
    }

    fn fail(why: &str) -> ! {
        println!("cargo::error=The headers cannot be made: {why}");
        std::process::exit(1)
    }
}
