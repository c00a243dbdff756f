//! Near midnight a client rightly sends nothing again, for nobody knows by whose day DOKU remembers an X-EXTERNAL-ID. Tests
//! of what it does at all other hours have a DOKU then whose clock says another time.

use time::OffsetDateTime;

/// `away-from-midnight`, or a number of seconds.
const VARIABLE: &str = "BAYAR_SANDBOX_DATE_AHEAD_S";
/// The ten minutes of the client, and a minute.
const NEAR_S: i64 = 660;
/// How long a test may take. Together they stay below what X-TIMESTAMP may be off.
const TEST_S: i64 = 220;
const DAY_S: i64 = 86_400;
/// Of Jakarta and of Greenwich.
const ZONES_S: [i64; 2] = [7 * 3600, 0];

/// What the environment says.
pub(crate) fn date_ahead_s() -> i64 {
    match std::env::var(VARIABLE).as_deref() {
        Ok("away-from-midnight") => away_from_midnight(OffsetDateTime::now_utc().unix_timestamp()),
        Ok(seconds) => seconds.parse().unwrap_or(0),
        Err(_) => 0,
    }
}

fn away_from_midnight(now_s: i64) -> i64 {
    for zone_s in ZONES_S {
        let since = (now_s + zone_s).rem_euclid(DAY_S);
        let until = DAY_S - since;
        if since < NEAR_S {
            return NEAR_S - since;
        }
        if until < NEAR_S + TEST_S {
            return until - NEAR_S - TEST_S;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_test_comes_near_a_midnight_and_by_day_the_date_is_right() {
        let mut shifted = 0;
        for now_s in 0..DAY_S {
            let ahead_s = away_from_midnight(now_s);
            shifted += u32::from(ahead_s != 0);
            assert!(ahead_s.abs() < 900);
            for shown_s in [now_s + ahead_s, now_s + ahead_s + TEST_S] {
                for zone_s in ZONES_S {
                    let since = (shown_s + zone_s).rem_euclid(DAY_S);
                    assert!((600..=DAY_S - 600).contains(&since), "{now_s} {ahead_s}");
                }
            }
        }
        assert_eq!(shifted, 2 * u32::try_from(2 * NEAR_S + TEST_S - 1).unwrap());
    }
}
