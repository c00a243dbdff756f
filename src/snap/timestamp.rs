//! X-TIMESTAMP and the other dates of the protocol: written in one form, read in every form that was seen
//! (protocol.md section 2, "X-TIMESTAMP format").

/// How a moment is written. The recommended form is [`Form::Wib`]; the others are there because the sources disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// `2024-07-10T11:57:58+07:00`: Jakarta time, whatever the zone of this machine.
    Wib,
    /// `2024-07-10T04:57:58Z`.
    Utc,
    /// `2024-07-10T11:57:58.000+07:00`.
    WibMillis,
    /// `2024-07-10T04:57:58.000Z`.
    UtcMillis,
}

/// Jakarta is seven hours ahead of UTC all year.
pub(crate) const WIB_OFFSET_S: i64 = 7 * 3600;
const DAY_S: i64 = 86_400;

/// The years that can be written with four digits.
const EARLIEST_S: i64 = -62_135_596_800;
const LATEST_S: i64 = 253_402_300_799 - WIB_OFFSET_S;

/// Writes a moment, given in milliseconds since 1970 UTC. Moments outside the years 1 to 9999 are moved to that range.
pub fn format(unix_ms: i64, form: Form) -> String {
    let wib = matches!(form, Form::Wib | Form::WibMillis);
    let seconds = unix_ms.div_euclid(1000).clamp(EARLIEST_S, LATEST_S);
    let millis = unix_ms.rem_euclid(1000);
    let local = if wib { seconds + WIB_OFFSET_S } else { seconds };
    let (year, month, day) = civil_from_days(local.div_euclid(DAY_S));
    let second_of_day = local.rem_euclid(DAY_S);
    let (hour, minute, second) = (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
    let zone = if wib { "+07:00" } else { "Z" };
    match form {
        Form::Wib | Form::Utc => {
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
        }
        Form::WibMillis | Form::UtcMillis => {
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}{zone}")
        }
    }
}

/// A moment as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970 UTC; a date without a zone is taken as Jakarta time.
    pub unix_ms: i64,
    /// Whether the text named its zone.
    pub has_zone: bool,
}

/// Reads `YYYY-MM-DDThh:mm:ss`, with or without a fraction, with `Z`, `±hh:mm`, `±hhmm` or no zone at all.
pub fn parse(text: &str) -> Option<Moment> {
    let (year, rest) = number(text, 4)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
    let (hour, rest) = number(rest.strip_prefix('T')?, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (millis, rest) = fraction(rest)?;
    let (offset_s, has_zone) = zone(rest)?;
    let real = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
        && year > 0;
    if !real {
        return None;
    }
    let seconds = days_from_civil(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second - offset_s;
    Some(Moment { unix_ms: seconds * 1000 + millis, has_zone })
}

/// Exactly `digits` decimal digits from the start of the text, and what follows.
fn number(text: &str, digits: usize) -> Option<(i64, &str)> {
    let (head, rest) = text.split_at_checked(digits)?;
    head.bytes().all(|byte| byte.is_ascii_digit()).then(|| head.parse().ok())?.map(|value| (value, rest))
}

/// An optional fraction of 1 to 9 digits, as milliseconds.
fn fraction(text: &str) -> Option<(i64, &str)> {
    let Some(after) = text.strip_prefix('.') else { return Some((0, text)) };
    let length = after.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = after.split_at_checked(length)?;
    let first_three: String = digits.chars().chain("000".chars()).take(3).collect();
    (1..=9).contains(&length).then(|| first_three.parse().ok())?.map(|millis| (millis, rest))
}

/// The zone's offset in seconds, and whether one was named.
fn zone(text: &str) -> Option<(i64, bool)> {
    if text.is_empty() {
        return Some((WIB_OFFSET_S, false));
    }
    if matches!(text, "Z" | "z") {
        return Some((0, true));
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = number(rest, 2)?;
    let (minutes, rest) = number(rest.strip_prefix(':').unwrap_or(rest), 2)?;
    (rest.is_empty() && hours <= 14 && minutes < 60).then_some((sign * (hours * 3600 + minutes * 60), true))
}

/// The calendar date of a day counted from 1970-01-01. The year is reckoned from March, so that the leap day is its
/// last; 400 years have 146,097 days.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The day, counted from 1970-01-01, of a calendar date.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether both moments lie on the same day in Jakarta and on the same day in UTC, and neither is within ten minutes of
/// a midnight of the two: nobody publishes whose day DOKU counts an X-EXTERNAL-ID by (journal.md rule 4), and our clock
/// may differ from DOKU's.
pub(crate) fn same_safe_day(first_ms: i64, now_ms: i64) -> bool {
    const MARGIN_S: i64 = 600;
    [0, WIB_OFFSET_S].iter().all(|offset| {
        let first = first_ms.div_euclid(1000) + offset;
        let now = now_ms.div_euclid(1000) + offset;
        let clear = |moment: i64| (MARGIN_S..DAY_S - MARGIN_S).contains(&moment.rem_euclid(DAY_S));
        first.div_euclid(DAY_S) == now.div_euclid(DAY_S) && clear(first) && clear(now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_forms_of_one_moment() {
        let moment = 1_720_587_478_123;
        assert_eq!(format(moment, Form::Wib), "2024-07-10T11:57:58+07:00");
        assert_eq!(format(moment, Form::Utc), "2024-07-10T04:57:58Z");
        assert_eq!(format(moment, Form::WibMillis), "2024-07-10T11:57:58.123+07:00");
        assert_eq!(format(moment, Form::UtcMillis), "2024-07-10T04:57:58.123Z");
    }

    #[test]
    fn extreme_clocks_still_give_a_date() {
        for clock in [i64::MIN, -1, 0, i64::MAX] {
            let text = format(clock, Form::Wib);
            assert_eq!(text.len(), 25, "{text}");
            assert!(parse(&text).is_some(), "{text}");
        }
    }

    #[test]
    fn every_form_that_was_seen_is_read() {
        let utc = Some(Moment { unix_ms: 1_720_587_478_000, has_zone: true });
        for text in [
            "2024-07-10T11:57:58+07:00",
            "2024-07-10T11:57:58+0700",
            "2024-07-10T04:57:58Z",
            "2024-07-10T04:57:58.000Z",
            "2024-07-09T23:57:58-05:00",
        ] {
            assert_eq!(parse(text), utc, "{text}");
        }
        let local = Moment { unix_ms: 1_720_587_478_123, has_zone: false };
        assert_eq!(parse("2024-07-10T11:57:58.123"), Some(local));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2024-02-30T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-07-10T24:00:00Z",
            "2024-07-10",
            "2024-07-10T11:57:58+7",
            "2024-07-10T11:57:58.Z",
            "٢٠٢٤-07-10T11:57:58Z",
            "+024-07-10T11:57:58Z",
            "2024-07-10T11:57:58Zx",
            "2024-07-10T11:57:58+99:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_safe_only_if_neither_midnight_is_near() {
        let at = |text: &str| parse(text).unwrap().unix_ms;
        let noon = at("2024-07-10T12:00:00+07:00");
        assert!(same_safe_day(noon, at("2024-07-10T13:00:00+07:00")));
        assert!(!same_safe_day(noon, at("2024-07-11T00:30:00+07:00")), "Jakarta's date has changed");
        assert!(!same_safe_day(noon, at("2024-07-10T23:55:00+07:00")), "Jakarta's midnight is near");
        let late = at("2026-11-22T00:05:00+07:00");
        assert!(!same_safe_day(late, at("2026-11-22T05:00:00+07:00")), "at first it was just past midnight");
        let early = at("2024-07-10T06:00:00+07:00");
        assert!(!same_safe_day(early, at("2024-07-10T08:00:00+07:00")), "the UTC date has changed at seven");
    }
}
