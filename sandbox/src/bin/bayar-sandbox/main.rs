//! The program `bayar-sandbox`: a sandbox to work against, or one around a single command.

mod arguments;
mod desk;
mod notify;
mod report;
mod run;
mod serve;
mod signals;

use std::io::{self, Write};
use std::process::ExitCode;

use arguments::{Arguments, HELP};

/// The exit status of a program that was called wrongly, as by convention.
const WRONG_CALL: u8 = 2;

fn main() -> ExitCode {
    let result = match arguments::parse() {
        Ok(Arguments::Help) => io::stdout().write_all(HELP.as_bytes()).map(|()| 0),
        Ok(Arguments::Serve(setup)) => serve::serve(setup).map(|()| 0),
        Ok(Arguments::Run(setup, command)) => run::run(setup, &command),
        Err(error) => {
            complain(&format!("{error}\nTry bayar-sandbox --help"));
            return ExitCode::from(WRONG_CALL);
        }
    };
    match result {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "bayar-sandbox: {text}");
}
