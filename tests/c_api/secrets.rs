//! P6: what a program prints, the messages of all its errors among it, holds no secret. Every run of every test program
//! goes through this.

use bayar_sandbox::Sandbox;

use crate::finished::Finished;

/// Texts that must not be seen.
#[derive(Default)]
pub(crate) struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    pub(crate) fn add(&mut self, what: &'static str, text: &str) {
        assert!(text.len() >= 8, "{what} is too short to be told from chance");
        self.0.push((what, text.to_owned()));
    }

    /// Every full line of a key's base64: one of them alone is too much.
    pub(crate) fn add_key(&mut self, what: &'static str, pem: &str) {
        let lines = pem.lines().filter(|line| !line.starts_with("-----") && line.len() >= 32);
        lines.for_each(|line| self.add(what, line));
    }

    /// The tokens and signatures of everything that went to and fro.
    pub(crate) fn add_traffic(&mut self, sandbox: &Sandbox) {
        for seen in sandbox.seen() {
            for header in ["X-SIGNATURE", "Authorization"] {
                if let Some(value) = seen.header(header) {
                    self.add("what a header carried", value.trim_start_matches("Bearer "));
                }
            }
            let answer: serde_json::Value = serde_json::from_slice(&seen.answer_body).unwrap_or_default();
            if let Some(token) = answer["accessToken"].as_str() {
                self.add("a token", token);
            }
        }
    }

    pub(crate) fn seen_in(&self, text: &str) -> Option<&'static str> {
        self.0.iter().find(|(_, secret)| text.contains(secret)).map(|(what, _)| *what)
    }

    pub(crate) fn assert_unseen(&self, finished: &Finished) {
        for (place, text) in [("stdout", &finished.stdout), ("stderr", &finished.stderr)] {
            if let Some(what) = self.seen_in(text) {
                panic!("{what} was printed to {place}:\n{text}");
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

#[test]
fn a_secret_in_a_text_is_found() {
    let mut secrets = Secrets::default();
    secrets.add("a secret", "SK-geheim-0001");
    secrets.add_key("a key", bayar_sandbox::TEST_PRIVATE_KEY_PEM);
    let line = bayar_sandbox::TEST_PRIVATE_KEY_PEM.lines().nth(7).unwrap();
    assert_eq!(secrets.seen_in("no such thing"), None);
    assert_eq!(secrets.seen_in("wrong: SK-geheim-0001."), Some("a secret"));
    assert_eq!(secrets.seen_in(&format!("line 8: {line}")), Some("a key"));
}
