//! Blanks what an answer repeats of our own secrets (P6): a gateway that quotes the request's headers must not get the
//! token or a signature into an error message, a log or the journal.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// So much of a secret is too much.
const PIECE: usize = 12;

/// A secret shorter than this cannot be told from chance.
const SHORTEST: usize = 6;

const BLANK: &str = "…";

/// Blanks every member that holds one of the secrets whole. Says whether there was any.
pub(super) fn blank_members(value: &mut Value, secrets: &[&str]) -> bool {
    match value {
        Value::String(text) => match secrets.iter().any(|secret| secret.len() >= PIECE && text.contains(secret)) {
            true => {
                *text = BLANK.to_owned();
                true
            }
            false => false,
        },
        Value::Array(list) => list.iter_mut().fold(false, |any, value| blank_members(value, secrets) | any),
        Value::Object(members) => {
            let named = |name: &String| secrets.iter().any(|secret| secret.len() >= PIECE && name.contains(secret));
            let before = members.len();
            members.retain(|name, _| !named(name));
            let any = members.len() < before;
            members.values_mut().fold(any, |any, value| blank_members(value, secrets) | any)
        }
        _ => false,
    }
}

/// The text without the words that hold a piece of a secret, also in base64 or hex; `None` when there are none.
pub(super) fn blank_words(text: &str, secrets: &[&str]) -> Option<String> {
    let secrets: Vec<&str> = secrets.iter().copied().filter(|secret| secret.len() >= SHORTEST).collect();
    let least = secrets.iter().map(|secret| secret.len()).min().unwrap_or(PIECE).min(PIECE);
    let is_long = |word: &str| word.len() >= least;
    // Nearly always all words are too short to be looked at.
    if !text.split_whitespace().any(is_long) {
        return None;
    }
    let forms: Vec<String> = secrets.into_iter().flat_map(forms).collect();
    let repeats = |word: &str| is_long(word) && forms.iter().any(|form| share_a_piece(word, form));
    if !text.split_whitespace().any(repeats) {
        return None;
    }
    let shown: Vec<&str> = text.split_whitespace().map(|word| if repeats(word) { BLANK } else { word }).collect();
    Some(shown.join(" "))
}

/// A secret as it is, in hex, and in base64 behind any number of other bytes.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned(), hex::encode(secret)];
    forms.extend((0..3).filter_map(|skipped| secret.as_bytes().get(skipped..)).map(|rest| STANDARD.encode(rest)));
    forms
}

fn share_a_piece(word: &str, secret: &str) -> bool {
    let length = PIECE.min(secret.len()).max(SHORTEST);
    let mut pieces = word.as_bytes().windows(length);
    pieces.any(|piece| secret.as_bytes().windows(length).any(|part| part == piece))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.c2VjcmV0/+==";

    #[test]
    fn a_piece_of_a_secret_is_blanked_wherever_it_stands() {
        for (text, shown) in [
            ("Invalid Token eyJhbGciOiJIUzI1NiJ9.c2VjcmV0/+==", "Invalid Token …"),
            ("Invalid Token (JhbGciOiJIUz...)", "Invalid Token …"),
            ("é SK-1234567, \n hbGciOiJIUzI1 ü", "é … … ü"),
            ("a=%2F;t=hbGciOiJIUzI1%2F", "…"),
            ("Basic dTpleUpoYkdjaU9pSklVekkxTmlKOS5jMlZqY21WMC8rPT0=", "Basic …"),
            ("hex 65794a6862476369", "hex …"),
        ] {
            assert_eq!(blank_words(text, &[TOKEN, "SK-1234567"]).as_deref(), Some(shown));
        }
    }

    #[test]
    fn what_only_resembles_one_stays() {
        for text in ["", "Unauthorized. Invalid Token", "eyJhbGciOiJ", "é", "SK-123456", "short", "ab"] {
            assert_eq!(blank_words(text, &[TOKEN, "SK-1234567", "short", ""]), None, "{text}");
        }
    }

    #[test]
    fn a_member_with_a_whole_secret_is_blanked_at_every_depth() {
        let secrets = [TOKEN, "short"];
        let mut value = json!({"a": [{"b": format!("Bearer {TOKEN}")}], "short": "short", "n": 1, TOKEN: 2});
        assert!(blank_members(&mut value, &secrets));
        assert_eq!(value, json!({"a": [{"b": "…"}], "short": "short", "n": 1}));
        assert!(!blank_members(&mut value, &secrets));
    }
}
