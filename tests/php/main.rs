//! The PHP package as shops run it: installed by Composer, under PHP-FPM behind nginx with the very lines of its README, on the
//! command line and on the built-in server.
//!
//! Needs Debian's php-cli, php-fpm, php-curl, nginx-light, composer, phpunit and the packages of PSR-3, PSR-7 and PSR-17; a test fails
//! with the package's name where one is missing. `BAYAR_PHP_FULL=1` runs what is measured at its full length (and prints
//! it, with `--nocapture`); `BAYAR_LIBRARY_DIR` names the folder of another build of the library, such as a release's.
#![cfg(all(feature = "capi", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // A test may.
#![allow(clippy::print_stdout)] // The figures are there to be read.

#[path = "../failures/answers.rs"]
mod answers;
mod caller;
#[path = "../failures/codes.rs"]
mod codes;
#[path = "../c_api/doku.rs"]
#[allow(dead_code)] // Other tests use more of it.
mod doku;
mod driver;
mod examples;
mod fpm;
#[path = "../failures/house.rs"]
#[allow(dead_code)]
mod house;
mod http;
#[path = "../c_api/keys.rs"]
#[allow(dead_code)]
mod keys;
mod killed;
mod library;
mod load;
mod modes;
#[path = "../failures/play.rs"]
mod play;
mod readme;
mod routes;
mod shop;
mod syntax;
#[path = "../failures/table.rs"]
mod table;
mod tool;
mod units;
mod vectors;
