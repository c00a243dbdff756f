//! A PHP process that does what it is told, by `bindings/php/tests/driver.php`.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::shop::built_library;
use crate::tool::{repository, start};

pub(crate) struct Driver {
    php: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What came of a call.
pub(crate) type Came = Result<Value, Value>;

impl Driver {
    pub(crate) fn start() -> Self {
        let mut php = Command::new("php");
        // Whatever PHP complains of lands among the answers, and fails the test.
        php.args(["-d", "error_reporting=-1", "-d", "display_errors=1", "-d", "html_errors=0"]);
        php.arg(repository("bindings/php/tests/driver.php")).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        php.env("AUTOLOAD", repository("bindings/php/tests/bootstrap.php")).env("BAYAR_LIBRARY", built_library());
        let mut php = start(php.stdin(Stdio::piped()).stdout(Stdio::piped()));
        let (commands, answers) = (php.stdin.take().unwrap(), BufReader::new(php.stdout.take().unwrap()));
        Self { php, commands, answers }
    }

    pub(crate) fn client(&mut self, settings: &[(&str, &str)]) {
        let settings: serde_json::Map<_, _> =
            settings.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        self.ask(&json!({"settings": settings})).unwrap();
    }

    pub(crate) fn call(&mut self, method: &str, with: Value) -> Came {
        self.ask(&json!({"call": method, "with": with}))
    }

    pub(crate) fn sign(&mut self, function: &str, with: Value) -> Came {
        self.ask(&json!({"sign": function, "with": with}))
    }

    pub(crate) fn ask(&mut self, command: &Value) -> Came {
        writeln!(self.commands, "{command}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{command}: {line}"));
        match answer.get("failed") {
            Some(failed) => Err(failed.clone()),
            None => Ok(answer["gave"].clone()),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.php.kill());
        drop(self.php.wait());
    }
}
