//! The header compiles alone, twice and in two files of one program, as every C and C++ in use, with every warning on.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tool::{repository, succeed};
use crate::workshop::Workshop;

const C: [&str; 3] = ["-std=c99", "-std=c11", "-std=c17"];
const CPP: [&str; 2] = ["-std=c++11", "-std=c++17"];
const WARNINGS: [&str; 8] =
    ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wundef", "-Wshadow", "-Wconversion", "-Wredundant-decls"];
const C_WARNINGS: [&str; 2] = ["-Wstrict-prototypes", "-Wc++-compat"];
const CPP_WARNINGS: [&str; 2] = ["-Wold-style-cast", "-Wzero-as-null-pointer-constant"];

#[test]
fn the_header_compiles_alone_as_every_c_and_cpp() {
    let workshop = Workshop::open();
    each_compiler(|compiler| drop(compile(&workshop, compiler, "alone", "#include <bayar.h>\n")));
}

#[test]
fn the_header_may_be_included_twice() {
    let workshop = Workshop::open();
    let source = "#include <bayar.h>\n#include <bayar.h>\nint main(void) { return bayar_abi_version(); }\n";
    each_compiler(|compiler| drop(compile(&workshop, compiler, "twice", source)));
}

#[test]
fn two_files_of_one_program_may_include_the_header() {
    let workshop = Workshop::open();
    each_compiler(|compiler| {
        let other = "#include <bayar.h>\nint32_t other(void);\nint32_t other(void) { return bayar_abi_version(); }\n";
        let main = "#include <bayar.h>\nint32_t other(void);\n\
                    int main(void) { return other() == BAYAR_ABI_VERSION && bayar_abi_version() == other() ? 0 : 1; }\n";
        let objects = [compile(&workshop, compiler, "one", main), compile(&workshop, compiler, "two", other)];
        let program = workshop.path("linked");
        let folder = workshop.path("");
        let mut link = Command::new(compiler.0);
        link.args(&objects).arg("-o").arg(&program).arg("-L").arg(&folder).arg("-lbayar");
        succeed(link.arg(format!("-Wl,-rpath,{}", folder.display())));
        succeed(&mut Command::new(program));
    });
}

/// A program that was made for another version can tell.
#[test]
fn the_header_and_the_library_agree_on_the_version() {
    let workshop = Workshop::open();
    let source = "#include <bayar.h>\n#include <stdio.h>\nint main(void)\n{\n    puts(bayar_version());\n    \
                  return bayar_abi_version() == BAYAR_ABI_VERSION ? 0 : 1;\n}\n";
    let program = workshop.program(&[workshop.write("version.c", source)]);
    assert_eq!(succeed(&mut Command::new(program)), concat!(env!("CARGO_PKG_VERSION"), "\n"));
}

/// The compiler, its standard, the suffix of its files and the warnings of its language.
type Compiler = (&'static str, &'static str, &'static str, [&'static str; 2]);

fn each_compiler(check: impl Fn(&Compiler)) {
    C.iter().for_each(|standard| check(&("gcc", standard, "c", C_WARNINGS)));
    CPP.iter().for_each(|standard| check(&("g++", standard, "cpp", CPP_WARNINGS)));
}

fn compile(
    workshop: &Workshop,
    (compiler, standard, suffix, warnings): &Compiler,
    name: &str,
    source: &str,
) -> PathBuf {
    let file = workshop.write(&format!("{name}.{suffix}"), source);
    let object = file.with_extension("o");
    let mut command = Command::new(compiler);
    command.arg(standard).args(WARNINGS).args(warnings).arg("-I").arg(include()).arg("-c").arg(&file);
    succeed(command.arg("-o").arg(&object));
    object
}

fn include() -> impl AsRef<Path> + AsRef<std::ffi::OsStr> {
    repository("include")
}
