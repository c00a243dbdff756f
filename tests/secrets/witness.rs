//! Who hears everything that is said, and knows every secret in every form.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use bayar::Error;
use std::collections::HashMap;
use std::fmt::Debug;

/// So many characters of a secret are too many.
pub(crate) const PIECE: usize = 12;

#[derive(Default)]
pub(crate) struct Witness {
    /// Every piece of every form of a secret, and what it is of.
    pieces: HashMap<[u8; PIECE], String>,
    /// Where it was said, and what.
    heard: Vec<(String, String)>,
}

impl Witness {
    /// Takes note of a secret: as it is, in base64, in hex and percent-encoded.
    pub(crate) fn keep(&mut self, what: &str, secret: &str) {
        let bytes = secret.as_bytes();
        assert!(bytes.len() >= PIECE, "{what} is too short to be told from chance");
        let mut forms = vec![("itself", secret.to_owned())];
        // What stands before a text shifts its base64 by one of three.
        for skipped in 0..3 {
            forms.push(("in base64", STANDARD.encode(&bytes[skipped..])));
            forms.push(("in base64 for URLs", URL_SAFE.encode(&bytes[skipped..])));
        }
        forms.push(("in hex", bytes.iter().map(|byte| format!("{byte:02x}")).collect()));
        forms.push(("in capital hex", bytes.iter().map(|byte| format!("{byte:02X}")).collect()));
        forms.push(("percent-encoded", percent_encoded(secret)));
        for (form, text) in forms {
            for piece in text.as_bytes().windows(PIECE) {
                self.pieces.entry(piece.try_into().unwrap()).or_insert_with(|| format!("{what} ({form})"));
            }
        }
    }

    /// Every line of a key's base64 is a secret.
    pub(crate) fn keep_key(&mut self, what: &str, pem: &str) {
        let lines = pem.lines().filter(|line| !line.starts_with("-----") && line.len() >= PIECE);
        lines.for_each(|line| self.keep(what, line));
    }

    /// Knows from now on what the other knows.
    pub(crate) fn learn_from(&mut self, other: &Witness) {
        self.pieces.extend(other.pieces.iter().map(|(piece, what)| (*piece, what.clone())));
    }

    pub(crate) fn hear(&mut self, place: &str, text: impl Into<String>) {
        self.heard.push((place.to_owned(), text.into()));
    }

    pub(crate) fn hear_debug(&mut self, place: &str, value: &dyn Debug) {
        self.hear(place, format!("{value:?}"));
        self.hear(place, format!("{value:#?}"));
    }

    pub(crate) fn hear_error(&mut self, place: &str, error: &Error) {
        self.hear_debug(&format!("{place}: the error's Debug"), error);
        self.hear(&format!("{place}: the error"), error.to_string());
        for (name, text) in [
            ("message", Some(error.message())),
            ("field", error.field()),
            ("code", error.response_code()),
            ("id", error.external_id()),
        ] {
            self.hear(&format!("{place}: the error's {name}"), text.unwrap_or_default());
        }
        let mut cause = std::error::Error::source(error);
        while let Some(problem) = cause {
            self.hear(&format!("{place}: what caused the error"), format!("{problem} {problem:?}"));
            cause = problem.source();
        }
    }

    pub(crate) fn heard(&self) -> &[(String, String)] {
        &self.heard
    }

    /// What was said that must not have been.
    pub(crate) fn leaks(&self) -> Vec<String> {
        let leak = |(place, text): &(String, String)| {
            let what = text.as_bytes().windows(PIECE).find_map(|piece| self.pieces.get(piece))?;
            Some(format!("{what} in {place}: {text:?}"))
        };
        self.heard.iter().filter_map(leak).collect()
    }

    #[track_caller]
    pub(crate) fn assert_silence(&self) {
        let leaks = self.leaks();
        assert!(leaks.is_empty(), "{} of {} texts leak:\n{}", leaks.len(), self.heard.len(), leaks.join("\n"));
    }
}

pub(crate) fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[test]
fn a_piece_of_a_secret_is_found_in_every_form() {
    let secret = "Sk+7/Rahasia-Negara";
    for said in [
        "before Sk+7/Rahasia-Negara after".to_owned(),
        "ahasia-Negar".to_owned(),
        STANDARD.encode(format!("user:{secret}")),
        STANDARD.encode(format!("u:{secret}")),
        URL_SAFE.encode(format!(" {secret}")),
        "536b2b372f52616861736961".to_owned(),
        "X=Sk%2B7%2FRahasia%2DNegara".to_owned(),
    ] {
        let mut witness = Witness::default();
        witness.keep("a secret", secret);
        witness.hear("here", said.clone());
        assert_eq!(witness.leaks().len(), 1, "{said}");
    }
    let mut witness = Witness::default();
    witness.keep("a secret", secret);
    witness.hear("here", "ahasia-Nega and Sk+7/Rahasi, which are too short");
    witness.assert_silence();
}
