//! Dates as they are stored: `YYYY-MM-DD` and `YYYY-MM`.

use super::Warning;

/// A day of the Gregorian calendar. Ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// 1 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Day {
    /// Reads `YYYY-MM-DD`; `None` if it is no day of the calendar.
    pub fn parse(text: &str) -> Option<Self> {
        let (month, day) = text.rsplit_once('-')?;
        let (year, month) = parse_month(month)?;
        let day = number(day, 2)?;
        let day = u8::try_from(day).ok().filter(|day| (1..=days_in(year, month)).contains(day))?;
        Some(Self { year, month, day })
    }

    /// The last day of a month written `YYYY-MM`.
    pub fn last_of_month(text: &str) -> Option<Self> {
        parse_month(text).map(|(year, month)| Self { year, month, day: days_in(year, month) })
    }

    /// The day (UTC) of a time in Unix milliseconds.
    pub fn of_unix_ms(ms: u64) -> Self {
        // Howard Hinnant, "chrono-compatible low-level date algorithms": civil_from_days, for days since 1970.
        let days = ms / 86_400_000 + 719_468;
        let era = days / 146_097;
        let of_era = days % 146_097;
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = (year_of_era + 400 * era + u64::from(month <= 2)).min(9999);
        Self { year: year as u16, month: month as u8, day: (of_year - (153 * shifted + 2) / 5 + 1) as u8 }
    }
}

impl std::fmt::Display for Day {
    /// `YYYY-MM-DD`, which sorts as the days do.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Reads `YYYY-MM`.
pub fn parse_month(text: &str) -> Option<(u16, u8)> {
    let (year, month) = text.split_once('-')?;
    let year = number(year, 4).filter(|year| *year > 0)?;
    let month = number(month, 2).and_then(|month| u8::try_from(month).ok()).filter(|month| (1..=12).contains(month))?;
    Some((year, month))
}

/// What is wrong with a date. `expires` says that it is the end of something.
pub(super) fn date(text: &str, ends: Ends, today: Day) -> Option<Warning> {
    match Day::parse(text.trim()) {
        None => Some(Warning::Date),
        Some(day) => (ends == Ends::Something && day < today).then_some(Warning::Expired),
    }
}

/// What is wrong with the month in which a card ends: it is good to its last day.
pub(super) fn month_year(text: &str, ends: Ends, today: Day) -> Option<Warning> {
    match parse_month(text.trim()) {
        None => Some(Warning::MonthYear),
        Some(month) => (ends == Ends::Something && month < (today.year, today.month)).then_some(Warning::Expired),
    }
}

/// Whether a date in the past is worth a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// Something ends then.
    Something,
    /// A birthday and the like.
    Nothing,
}

/// Exactly so many ASCII digits.
fn number(text: &str, n_digits: usize) -> Option<u16> {
    if text.len() == n_digits && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar_are_told_from_others() {
        for good in ["2024-02-29", "2000-02-29", "1999-12-31"] {
            assert!(Day::parse(good).is_some(), "{good}");
        }
        for bad in ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "24-01-01", "0000-01-01", "2024-01-01x", "", "-"] {
            assert!(Day::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn unix_time_becomes_a_day() {
        let check = |ms, text| assert_eq!(Some(Day::of_unix_ms(ms)), Day::parse(text));
        check(0, "1970-01-01");
        check(951_782_400_000, "2000-02-29");
        check(1_795_219_200_000 - 1, "2026-11-20");
        check(1_795_219_200_000, "2026-11-21");
        check(4_107_542_400_000, "2100-03-01");
    }

    #[test]
    fn the_last_day_of_a_month_is_a_day() {
        let check = |month, day: &str| assert_eq!(Day::last_of_month(month).map(|day| day.to_string()).as_deref(), Some(day));
        check("2027-02", "2027-02-28");
        check("2028-02", "2028-02-29");
        check("0999-12", "0999-12-31");
    }

    #[test]
    fn a_card_is_good_to_the_last_day_of_its_month() {
        let today = Day::parse("2026-11-30").unwrap();
        assert_eq!(month_year("2026-11", Ends::Something, today), None);
        assert_eq!(month_year("2026-10", Ends::Something, today), Some(Warning::Expired));
        assert_eq!(month_year("11/26", Ends::Something, today), Some(Warning::MonthYear));
    }
}
