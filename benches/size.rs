//! How large the library is that users get, and which dependency takes how much of it.
//!
//! The library is built a second time with its symbols, and each is counted for the crate that its name begins with.
//! A generic function of the standard library counts for the first other crate in its name, as it is there for that one.
//! What carries no crate's name is C and assembly, and that is ring's.
//! What has no symbol (constants without a name, tables for unwinding and for loading) is shown by its section.

#[path = "support/programs.rs"]
mod programs;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::io::{Write, stdout};
use std::path::Path;
use std::process::Command;

use programs::{BAYAR, Problem, build_library, printed};
use rounds::wanted;

/// Smaller ones are added up.
const SHOWN: u64 = 8 * 1024;
const STANDARD: &str = "Rust's standard library";
/// What the standard library prints a panic's backtrace with. It comes prebuilt and cannot be left out.
const BACKTRACE: &str = "the same, for backtraces";
const FOR_BACKTRACES: [&str; 6] = ["gimli", "addr2line", "miniz_oxide", "object", "rustc_demangle", "backtrace_rs"];

fn main() -> Result<(), Problem> {
    if !wanted() {
        return Ok(());
    }
    let library = build_library(&[], "library")?.join(BAYAR);
    let with_symbols = build_library(&["--config", "profile.release.strip=false"], "library-symbols")?.join(BAYAR);
    let out = &mut stdout().lock();
    writeln!(out, "libbayar.so as users get it: {} KiB", kib(fs::metadata(&library)?.len()))?;
    show(out, "section", sections(&library)?)?;
    show(out, "crate (code and named data)", crates(&with_symbols)?)?;
    Ok(())
}

fn show(out: &mut impl Write, title: &str, sizes: BTreeMap<String, u64>) -> Result<(), Problem> {
    let all: u64 = sizes.values().sum();
    let mut sizes: Vec<(String, u64)> = sizes.into_iter().collect();
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let rest: u64 = sizes.iter().filter(|(_, size)| *size < SHOWN).map(|(_, size)| size).sum();
    sizes.retain(|(_, size)| *size >= SHOWN);
    sizes.push(("smaller ones".to_owned(), rest));
    sizes.push(("together".to_owned(), all));
    writeln!(out, "\n{title:<30} {:>8} {:>6}", "KiB", "%")?;
    for (name, size) in sizes {
        writeln!(out, "{name:<30} {:>8} {:>6.1}", kib(size), size as f64 * 100.0 / all.max(1) as f64)?;
    }
    Ok(())
}

fn kib(bytes: u64) -> u64 {
    (bytes + 512) / 1024
}

/// Those that are in the file and are loaded.
fn sections(library: &Path) -> Result<BTreeMap<String, u64>, Problem> {
    let lines = printed(Command::new("readelf").arg("-SW").arg(library))?;
    let mut sizes = BTreeMap::new();
    for line in lines.lines() {
        // After the number in brackets: name, type, address, offset, size, entry size, flags.
        let Some((_, columns)) = line.split_once("] ") else { continue };
        if let [name, kind, _, _, size, _, flags, ..] = columns.split_whitespace().collect::<Vec<_>>().as_slice()
            && flags.contains('A')
            && *kind != "NOBITS"
        {
            sizes.insert((*name).to_owned(), u64::from_str_radix(size, 16)?);
        }
    }
    Ok(sizes)
}

fn crates(library: &Path) -> Result<BTreeMap<String, u64>, Problem> {
    let known = known()?;
    // Position and size first, then the name in words.
    let lines = printed(Command::new("nm").args(["-S", "-C", "--defined-only", "-t", "d"]).arg(library))?;
    let mut seen = BTreeSet::new();
    let mut sizes = BTreeMap::new();
    for line in lines.lines() {
        let mut columns = line.splitn(4, ' ');
        if let (Some(place), Some(size), Some(kind), Some(name)) =
            (columns.next(), columns.next(), columns.next(), columns.next())
            // One place may have several names, and what starts as zeros is not in the file.
            && !kind.eq_ignore_ascii_case("b")
            && seen.insert(place.to_owned())
        {
            let size: u64 = size.parse().unwrap_or(0);
            *sizes.entry(owner(name, &known)).or_insert(0) += size;
        }
    }
    Ok(sizes)
}

/// The crates that the library is made of.
fn known() -> Result<BTreeSet<String>, Problem> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["tree", "-e", "normal", "--prefix", "none", "--format", "{p}", "--features", "capi"]);
    let lines = printed(cargo.current_dir(env!("CARGO_MANIFEST_DIR")))?;
    let names = lines.lines().filter_map(|line| line.split(' ').next());
    Ok(names.map(|name| name.replace('-', "_")).collect())
}

fn owner(name: &str, known: &BTreeSet<String>) -> String {
    if name.starts_with("bayar_") {
        return "bayar".to_owned();
    }
    if !name.contains("::") {
        return "ring".to_owned();
    }
    let mut words = name.split(|c: char| !c.is_alphanumeric() && c != '_');
    let paths = name.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | ':'));
    let mut crates = paths.filter_map(|path| path.split_once("::").map(|(first, _)| first));
    match crates.find(|first| known.contains(*first)) {
        Some(name) => name.to_owned(),
        None if words.any(|word| FOR_BACKTRACES.contains(&word)) => BACKTRACE.to_owned(),
        None => STANDARD.to_owned(),
    }
}
