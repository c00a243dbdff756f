//! The program's arguments.

use std::ffi::OsString;
use std::path::PathBuf;

use bayar_sandbox::{Customer, Options};
use lexopt::prelude::{Long, Short, Value, ValueExt};
use lexopt::{Error, Parser};

pub(crate) const HELP: &str = "\
A local stand-in for DOKU (DANA payments over SNAP). No money moves here.

  bayar-sandbox serve [OPTIONS]                   serve until Ctrl-C
  bayar-sandbox run [OPTIONS] -- COMMAND [ARG]…   serve while COMMAND runs, then tell what was done

  --port N          listen on this port of localhost (default: a free one)
  --http            plain HTTP in place of HTTPS
  --ca FILE         write the certificate authority to FILE, and leave it there
  --customer WHO    approves, declines or manual: who opens each payment's link
                    (default: manual for serve, approves for run)
  --after-ms N      how long that customer thinks (default: 300)

  --notify URL      post notifications there, as DOKU does; port 0 takes a free one
  --token-url URL   ask for a token there first; a path alone is at the same server
                    (default: /authorization/v1/access-token/b2b)
  --notify-ca FILE  the certificate authority of those, for https
  --notify-speed N  let DOKU's schedule of retries pass N times faster (default: 1)
  --notify-same     retry with the old timestamp, token and signature
";

const THINKS_MS: u64 = 300;

pub(crate) enum Arguments {
    Help,
    Serve(Setup),
    Run(Setup, Vec<OsString>),
}

/// How the sandbox is to be started, and where its certificate authority goes.
pub(crate) struct Setup {
    pub(crate) options: Options,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) notify: Option<Notify>,
}

/// Where notifications go, as it was given.
#[derive(Default)]
pub(crate) struct Notify {
    pub(crate) url: Option<String>,
    pub(crate) token_url: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) speed: Option<u32>,
    pub(crate) same: bool,
}

/// The stand-in customer, before it is known how long it thinks.
#[derive(Clone, Copy)]
enum Who {
    Manual,
    Approves,
    Declines,
}

pub(crate) fn parse() -> Result<Arguments, Error> {
    parse_from(Parser::from_env())
}

fn parse_from(mut parser: Parser) -> Result<Arguments, Error> {
    let runs = match parser.next()? {
        Some(Value(word)) if word == "serve" => false,
        Some(Value(word)) if word == "run" => true,
        Some(Short('h') | Long("help")) | None => return Ok(Arguments::Help),
        Some(other) => return Err(other.unexpected()),
    };
    let mut setup = Setup { options: Options::default(), ca_file: None, notify: None };
    let mut notify = Notify::default();
    let mut who = if runs { Who::Approves } else { Who::Manual };
    let mut after_ms = THINKS_MS;
    let mut command = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Arguments::Help),
            Long("port") => setup.options.port = parser.value()?.parse()?,
            Long("http") => setup.options.tls = false,
            Long("ca") => setup.ca_file = Some(parser.value()?.into()),
            Long("customer") => who = parser.value()?.parse_with(customer)?,
            Long("after-ms") => after_ms = parser.value()?.parse()?,
            Long("notify") => notify.url = Some(parser.value()?.string()?),
            Long("token-url") => notify.token_url = Some(parser.value()?.string()?),
            Long("notify-ca") => notify.ca_file = Some(parser.value()?.into()),
            Long("notify-speed") => notify.speed = Some(parser.value()?.parse()?),
            Long("notify-same") => notify.same = true,
            Value(program) if runs => {
                command.push(program);
                command.extend(parser.raw_args()?);
            }
            other => return Err(other.unexpected()),
        }
    }
    if !setup.options.tls && setup.ca_file.is_some() {
        return Err("--http has no certificate authority to write to --ca".into());
    }
    if notify.url.is_some() {
        setup.notify = Some(notify);
    } else if notify.token_url.is_some() || notify.ca_file.is_some() || notify.speed.is_some() || notify.same {
        return Err("there is nothing to notify without --notify URL".into());
    }
    setup.options.customer = match who {
        Who::Manual => Customer::Manual,
        Who::Approves => Customer::Approves { after_ms },
        Who::Declines => Customer::Declines { after_ms },
    };
    match (runs, command.is_empty()) {
        (false, _) => Ok(Arguments::Serve(setup)),
        (true, false) => Ok(Arguments::Run(setup, command)),
        (true, true) => Err("run needs a command: bayar-sandbox run -- COMMAND".into()),
    }
}

fn customer(word: &str) -> Result<Who, &'static str> {
    match word {
        "manual" => Ok(Who::Manual),
        "approves" => Ok(Who::Approves),
        "declines" => Ok(Who::Declines),
        _ => Err("the customer approves, declines or is manual"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Arguments, Error> {
        let words = line.split_whitespace().map(str::to_owned);
        parse_from(Parser::from_args(words))
    }

    #[test]
    fn a_command_keeps_its_own_options() {
        let line = "run --port 8443 --customer declines --after-ms 5 -- sh -c x --port 1 -- --http";
        let Ok(Arguments::Run(setup, command)) = parsed(line) else {
            panic!("not understood");
        };
        assert_eq!(setup.options.port, 8443);
        assert_eq!(setup.options.customer, Customer::Declines { after_ms: 5 });
        assert!(setup.options.tls);
        assert_eq!(command, ["sh", "-c", "x", "--port", "1", "--", "--http"]);
    }

    #[test]
    fn the_customer_of_serve_is_a_person_and_that_of_run_is_not() {
        let Ok(Arguments::Serve(setup)) = parsed("serve --http") else {
            panic!("not understood");
        };
        assert_eq!(setup.options.customer, Customer::Manual);
        assert!(!setup.options.tls);
        let Ok(Arguments::Run(setup, _)) = parsed("run true") else {
            panic!("not understood");
        };
        assert_eq!(setup.options.customer, Customer::Approves { after_ms: 300 });
    }

    #[test]
    fn where_notifications_go_is_kept_as_it_was_given() {
        let line = "run --notify http://a:1/n --token-url http://a:1/t --notify-speed 60 --notify-same true";
        let Ok(Arguments::Run(setup, _)) = parsed(line) else {
            panic!("not understood");
        };
        let notify = setup.notify.unwrap();
        assert_eq!((notify.url.as_deref(), notify.token_url.as_deref()), (Some("http://a:1/n"), Some("http://a:1/t")));
        assert_eq!((notify.speed, notify.same), (Some(60), true));
    }

    #[test]
    fn wrong_calls_are_refused() {
        for line in [
            "stop",
            "serve extra",
            "serve --port 70000",
            "serve --customer nobody",
            "serve --http --ca x",
            "serve --notify-speed 5",
            "serve --token-url http://a/",
            "run",
            "run --",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
