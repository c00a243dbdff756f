//! An amount of rupiah in hundredths, written as `[0-9]{1,16}\.[0-9]{2}` (protocol 4).

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Money {
    hundredths: u64,
}

impl Money {
    /// Reads an amount of at least 1.00.
    pub(crate) fn parse(text: &str) -> Option<Money> {
        let (whole, fraction) = text.split_once('.')?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let shaped = (1..=16).contains(&whole.len()) && fraction.len() == 2;
        if !shaped || !digits(whole) || !digits(fraction) {
            return None;
        }
        // 16 + 2 digits stay below 2^64.
        let hundredths = whole.parse::<u64>().ok()? * 100 + fraction.parse::<u64>().ok()?;
        (hundredths >= 100).then_some(Money { hundredths })
    }

    pub(crate) fn is_zero(self) -> bool {
        self.hundredths == 0
    }

    pub(crate) fn plus(self, other: Money) -> Money {
        Money { hundredths: self.hundredths.saturating_add(other.hundredths) }
    }

    pub(crate) fn times(self, count: u64) -> Money {
        Money { hundredths: self.hundredths.saturating_mul(count) }
    }

    pub(crate) fn minus(self, other: Money) -> Money {
        Money { hundredths: self.hundredths.saturating_sub(other.hundredths) }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.hundredths / 100, self.hundredths % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_back() {
        for text in ["1.00", "100000.50", "9999999999999999.99"] {
            assert_eq!(Money::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            "1",
            "1.0",
            "1.000",
            "0.99",
            "0.00",
            "-1.00",
            "+1.00",
            "1,00",
            ".50",
            " 1.00",
            "1e3.00",
            "12345678901234567.00",
        ] {
            assert_eq!(Money::parse(text), None, "{text}");
        }
    }
}
