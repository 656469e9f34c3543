//! Numbers and times as a person reads them.

use crate::{
    fl,
    l10n::{Language, language},
};

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// An amount of bytes with its unit: `1.2 MB` (decimal units).
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    if n < 1000 {
        return format!("{n}\u{202f}B");
    }
    let mut value = n as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = if value < 9.95 { format!("{value:.1}") } else { format!("{value:.0}") };
    format!("{}\u{202f}{}", decimal(digits), UNITS[unit])
}

/// A count with groups of three: `1 204`.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// Minutes and seconds: `4:31`.
pub fn countdown(ms: u64) -> String {
    let secs = ms.div_ceil(1000);
    if secs >= 3600 { format!("{}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60) } else { format!("{}:{:02}", secs / 60, secs % 60) }
}

/// Time until something, as long as it is far whole minutes, in the last minute seconds: `5 min`, `42 s`.
pub fn remaining(ms: u64) -> String {
    if ms > MINUTE_MS { fl!("remaining-minutes", n = (ms.div_ceil(MINUTE_MS))) } else { fl!("remaining-seconds", n = (ms.div_ceil(1000))) }
}

/// Milliseconds until [`remaining`] says something else; `None` if nothing is left.
pub fn remaining_steps_in_ms(ms: u64) -> Option<u64> {
    let step = if ms > MINUTE_MS { MINUTE_MS } else { 1000 };
    (ms > 0).then(|| (ms - 1) % step + 1)
}

/// How long ago, up to seven days; then the date.
pub fn ago(now_ms: u64, then_ms: u64) -> String {
    let age = now_ms.saturating_sub(then_ms);
    if age < MINUTE_MS {
        fl!("ago-now")
    } else if age < HOUR_MS {
        fl!("ago-minutes", n = (age / MINUTE_MS))
    } else if age < DAY_MS {
        fl!("ago-hours", n = (age / HOUR_MS))
    } else if age < 7 * DAY_MS {
        fl!("ago-days", n = (age / DAY_MS))
    } else {
        fl!("ago-date", date = date(then_ms))
    }
}

/// Milliseconds until [`ago`] says something else; `None` once it says the date.
pub fn ago_changes_in_ms(now_ms: u64, then_ms: u64) -> Option<u64> {
    let age = now_ms.saturating_sub(then_ms);
    let step = match age {
        0..HOUR_MS => MINUTE_MS,
        HOUR_MS..DAY_MS => HOUR_MS,
        _ => DAY_MS,
    };
    (age < 7 * DAY_MS).then(|| step - age % step)
}

/// The date of a time, UTC: `2026-11-21`, in German `21.11.2026`.
pub fn date(ms: u64) -> String {
    let (year, month, day) = civil(ms / DAY_MS);
    match language() {
        Language::En => format!("{year}-{month:02}-{day:02}"),
        Language::De => format!("{day:02}.{month:02}.{year}"),
    }
}

/// Whole days from one time to a `YYYY-MM-DD`; `None` if that is not a date.
pub fn days_until(now_ms: u64, date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Some(days_from_civil(year, month, day) - (now_ms / DAY_MS) as i64)
}

fn decimal(digits: String) -> String {
    match language() {
        Language::En => digits,
        Language::De => digits.replace('.', ","),
    }
}

/// Days since 1970-01-01 to a date (H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days).
fn civil(days: u64) -> (i64, u32, u32) {
    let z = days as i64 + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
    let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

/// The inverse of [`civil`] (same source, days_from_civil).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let yoe = year.rem_euclid(400);
    let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146_097 + doe - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_there_and_back() {
        for days in [0_u64, 58, 59, 60, 10_957, 20_000, 20_778, 47_541] {
            let (year, month, day) = civil(days);
            assert_eq!(days_from_civil(year, i64::from(month), i64::from(day)), days as i64);
        }
        assert_eq!(civil(20_778), (2026, 11, 21));
    }

    #[test]
    fn what_is_left_steps_by_minutes_and_in_the_last_one_by_seconds() {
        assert_eq!((remaining(300_000), remaining_steps_in_ms(300_000)), ("5 min".to_owned(), Some(60_000)));
        assert_eq!((remaining(240_001), remaining_steps_in_ms(240_001)), ("5 min".to_owned(), Some(1)));
        assert_eq!((remaining(240_000), remaining_steps_in_ms(61_000)), ("4 min".to_owned(), Some(1_000)));
        assert_eq!((remaining(60_000), remaining_steps_in_ms(60_000)), ("60 s".to_owned(), Some(1_000)));
        assert_eq!((remaining(1), remaining_steps_in_ms(1)), ("1 s".to_owned(), Some(1)));
        assert_eq!(remaining_steps_in_ms(0), None);
    }

    #[test]
    fn amounts_have_units() {
        assert_eq!(bytes(0), "0\u{202f}B");
        assert_eq!(bytes(1_240), "1.2\u{202f}kB");
        assert_eq!(bytes(999_999), "1.0\u{202f}MB");
        assert_eq!(bytes(41_000_000), "41\u{202f}MB");
        assert_eq!(count(1_204), "1\u{202f}204");
        assert_eq!(countdown(271_000), "4:31");
    }
}
