//! P8: the library exports what the header declares, all of it and nothing else, under the soname programs look for.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Command;

use crate::declarations::functions;
use crate::tool::succeed;
use crate::workshop::Workshop;

#[test]
fn the_library_exports_the_functions_of_the_header_and_nothing_else() {
    let workshop = Workshop::open();
    let listing = succeed(Command::new("nm").args(["-D", "--defined-only"]).arg(workshop.library()));
    let exported: BTreeSet<String> = listing.lines().map(|line| line.rsplit(' ').next().unwrap().to_owned()).collect();
    let declared: BTreeSet<String> = functions().into_iter().map(|function| function.name).collect();
    let missing: Vec<_> = declared.difference(&exported).collect();
    let extra: Vec<_> = exported.difference(&declared).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing: {missing:?}\nnot in the header: {extra:?}");
}

#[test]
fn the_library_has_its_soname_and_is_never_unloaded() {
    let workshop = Workshop::open();
    let dynamic = succeed(Command::new("readelf").args(["-d", "--wide"]).arg(workshop.library()));
    let has = |entry: &str, value: &str| dynamic.lines().any(|line| line.contains(entry) && line.contains(value));
    assert!(has("(SONAME)", "[libbayar.so.0]"), "{dynamic}");
    assert!(has("(FLAGS_1)", "NODELETE"), "{dynamic}");
}

/// The linker is asked, not a list: an export that is missing fails it.
#[test]
fn a_program_that_uses_every_function_links() {
    let workshop = Workshop::open();
    let mut source = String::from("#include <bayar.h>\n\ntypedef void (*function)(void);\n\n");
    source.push_str("static const function all[] = {\n");
    let functions = functions();
    for function in &functions {
        writeln!(source, "    (function){},", function.name).unwrap();
    }
    source.push_str("};\n\nint main(void)\n{\n    size_t index, found = 0;\n\n");
    source.push_str("    for (index = 0; index < sizeof all / sizeof all[0]; index++)\n");
    source.push_str("        found += all[index] != 0;\n");
    writeln!(source, "    return found == {} ? 0 : 1;\n}}", functions.len()).unwrap();
    let program = workshop.program(&[workshop.write("all.c", source)]);
    succeed(&mut Command::new(program));
}
