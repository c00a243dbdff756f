//! A merchant's own reference for a payment or a refund: checked once, so that it is never too long for the wire.

use crate::error::{Error, Result};
use std::fmt;

/// `partnerReferenceNo`, `originalPartnerReferenceNo` or `partnerRefundNo`: 1 to 64 printable ASCII characters
/// without space, `"` and `\` (protocol.md section 4: at most 64). It is the identity of the payment or refund: the
/// same reference always means the same one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference(String);

const LONGEST: usize = 64;

impl Reference {
    /// Checks a reference; `field` is the name under which an error reports it.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let refused = |why: String| Err(Error::argument(field, format!("{field} cannot be used: {why}.")));
        if text.is_empty() {
            return refused("it is empty; give your own number for it, 1 to 64 characters".to_owned());
        }
        if let Some(odd) = text.chars().find(|&c| !allowed(c)) {
            return refused(format!(
                "it has {}; letters, digits and ASCII signs are allowed, no space, quote or backslash",
                describe(odd)
            ));
        }
        if text.len() > LONGEST {
            return refused(format!("it has {} characters, and 64 is the most that DOKU takes", text.len()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn allowed(c: char) -> bool {
    c.is_ascii_graphic() && c != '"' && c != '\\'
}

/// A character in words that are safe to print anywhere.
pub(crate) fn describe(c: char) -> String {
    if c == ' ' {
        "a space".to_owned()
    } else if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
        format!("a control character (U+{:04X})", u32::from(c))
    } else {
        format!("the character '{c}' (U+{:04X})", u32::from(c))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
