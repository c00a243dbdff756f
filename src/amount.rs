//! An amount of rupiah that is never a float and never of an unknown scale.

use crate::checks::quoted;
use crate::error::{Error, Result};
use std::fmt;

/// A positive amount of Indonesian rupiah (IDR): from `1.00` to `9999999999999999.99`.
///
/// Read from decimal text, `"10000"` or `"10000.00"`: digits, and either no decimals or exactly two. A sign, a
/// thousands separator, an exponent, white space and digits of other scripts are refused, for each of them can turn a
/// price into a thousandth of it. On the wire it always has two decimals (protocol.md section 4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount {
    /// Hundredths of a rupiah: at most 18 digits, so it fits.
    sen: i64,
}

/// The only currency of this channel.
pub(crate) const CURRENCY: &str = "IDR";

const MOST_DIGITS: usize = 16;

impl Amount {
    /// Reads an amount; the error names the field `amount` and says what is wrong.
    pub fn parse(text: &str) -> Result<Self> {
        read(text).ok_or_else(|| Error::argument("amount", complaint(text)))
    }

    /// A whole number of rupiah; `None` when it is not between 1 and 16 digits.
    pub fn from_rupiah(rupiah: i64) -> Option<Self> {
        (1..10_i64.pow(16)).contains(&rupiah).then(|| Self { sen: rupiah * 100 })
    }

    /// Hundredths of a rupiah.
    pub(crate) fn sen(self) -> i64 {
        self.sen
    }

    /// From hundredths of a rupiah that were an amount before.
    pub(crate) fn from_sen(sen: i64) -> Option<Self> {
        (1..10_i64.pow(18)).contains(&sen).then_some(Self { sen })
    }

    /// Reads what DOKU sent, leniently: also `10000.0`, or a number's text. `None` when it is no amount.
    pub(crate) fn parse_answer(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > 2 {
            return None;
        }
        read_parts(whole, &format!("{decimals:0<2}"))
    }
}

fn read(text: &str) -> Option<Amount> {
    match text.split_once('.') {
        None => read_parts(text, "00"),
        Some((whole, decimals)) => read_parts(whole, decimals),
    }
    .filter(|amount| amount.sen >= 100)
}

fn read_parts(whole: &str, decimals: &str) -> Option<Amount> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=MOST_DIGITS).contains(&whole.len()) && decimals.len() == 2;
    if !fits || !digits(whole) || !digits(decimals) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let decimals: i64 = decimals.parse().ok()?;
    Some(Amount { sen: whole.checked_mul(100)?.checked_add(decimals)? })
}

/// Why `text` was refused, with the commonest mistakes named.
fn complaint(text: &str) -> String {
    if text.is_empty() {
        return "The amount is empty; give rupiah as digits, such as 10000 or 10000.00.".to_owned();
    }
    let why = if text.contains(',') {
        "a comma is not used, neither for thousands nor for decimals"
    } else if text.split_once('.').is_some_and(|(_, decimals)| decimals.len() != 2) {
        "after a point exactly two decimals are needed (a point never separates thousands)"
    } else if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        "only the digits 0 to 9 and one decimal point are allowed, no sign, space, exponent or currency"
    } else if text.split('.').next().is_some_and(|whole| whole.len() > MOST_DIGITS) {
        "at most 16 digits are allowed before the point"
    } else if text.split('.').count() > 2 || text.starts_with('.') {
        "it is not a number"
    } else {
        "the smallest amount is 1 rupiah"
    };
    format!("The amount{} cannot be used: {why}; give rupiah such as 10000 or 10000.00.", quoted(text))
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.sen / 100, self.sen % 100)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({self} {CURRENCY})")
    }
}

impl std::str::FromStr for Amount {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_rupiah_and_two_decimals_are_the_same_amount() {
        assert_eq!(Amount::parse("10000").unwrap(), Amount::parse("10000.00").unwrap());
        assert_eq!(Amount::parse("10000").unwrap().to_string(), "10000.00");
        assert_eq!(Amount::parse("9999999999999999.99").unwrap().to_string(), "9999999999999999.99");
        assert_eq!(Amount::from_rupiah(10_000), Amount::parse("10000").ok());
        assert_eq!(Amount::from_rupiah(0), None);
        assert_eq!(Amount::from_rupiah(10_i64.pow(16)), None);
    }

    #[test]
    fn the_message_names_the_mistake() {
        let message = |text| Amount::parse(text).unwrap_err().message().to_owned();
        assert!(message("10,000.00").contains("comma"));
        assert!(message("10.000").contains("exactly two decimals"));
        assert!(message("0").contains("smallest"));
        assert!(message("-5").contains("no sign"));
        assert!(message("12345678901234567").contains("16 digits"));
    }

    #[test]
    fn what_doku_writes_is_read_leniently() {
        for text in ["10000", "10000.0", "10000.00", "10000.000"] {
            assert_eq!(Amount::parse_answer(text), Amount::parse("10000").ok(), "{text}");
        }
        assert_eq!(Amount::parse_answer("0.00").map(|amount| amount.to_string()).as_deref(), Some("0.00"));
        assert_eq!(Amount::parse_answer("1.001"), None);
        assert_eq!(Amount::parse_answer("x"), None);
    }
}
