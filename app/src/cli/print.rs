//! Output: JSON, or tables for people. Nothing from a vault controls the terminal.

use std::io::{self, IsTerminal as _, Write};

use serde_json::Value;

/// In which form results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// One JSON value, as CLI.md describes it.
    Json,
    /// For people.
    Text,
}

/// Prints a JSON value on a line of its own.
pub(crate) fn json(value: &Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)
}

/// Prints a line, in which nothing is invisible or controls the terminal.
pub(crate) fn line(text: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{}", escaped(text))
}

/// Prints a value as it is: a person or a script asked for exactly this. On a terminal, control characters but line feed and tab are
/// written out.
pub(crate) fn value(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if io::stdout().is_terminal() {
        for part in text.split_inclusive('\n') {
            match part.strip_suffix('\n') {
                Some(line) => writeln!(out, "{}", escaped(line))?,
                None => write!(out, "{}", escaped(part))?,
            }
        }
    } else {
        out.write_all(text.as_bytes())?;
    }
    writeln!(out)
}

/// A hint for people, on standard error, so that standard output holds results only.
pub(crate) fn hint(text: &str) {
    // Nothing depends on a hint.
    writeln!(io::stderr(), "{}", escaped(text)).ok();
}

/// Prints rows in columns. The first row is the heading.
pub(crate) fn table(rows: &[Vec<String>]) -> io::Result<()> {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| shortened(&escaped(cell), 60)).collect()).collect();
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> =
        (0..n_columns).map(|n| rows.iter().filter_map(|row| row.get(n)).map(|cell| cell.chars().count()).max().unwrap_or(0)).collect();
    let mut out = io::stdout().lock();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

/// Control characters and marks that change direction, written out.
pub(super) fn escaped(text: &str) -> String {
    let is_bidi = |c: char| matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\t' && (c.is_control() || is_bidi(c)) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

fn shortened(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Bytes as a person reads them.
pub(crate) fn size(len_bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if len_bytes < 1024 {
        return format!("{len_bytes} B");
    }
    let mut value = len_bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// Unix milliseconds as `YYYY-MM-DDThh:mm:ssZ`; empty for 0 ("never").
pub(crate) fn time(ms: u64) -> String {
    if ms == 0 {
        return String::new();
    }
    let secs = ms / 1000;
    let (days, secs) = (secs / 86_400, secs % 86_400);
    let (year, month, day) = date_of(days);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", secs / 3600, secs / 60 % 60, secs % 60)
}

/// Days since 1970 as year, month, day (H. Hinnant, chrono-Compatible Low-Level Date Algorithms, `civil_from_days`).
fn date_of(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_iso_8601_in_utc() {
        assert_eq!(time(0), "");
        assert_eq!(time(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(time(1_795_219_199_999), "2026-11-20T23:59:59Z");
    }

    #[test]
    fn mf05_a_title_does_not_control_the_terminal() {
        assert_eq!(escaped("a\u{1b}[2Jb\u{202e}c\nd"), "a\\u{1b}[2Jb\\u{202e}c\\nd");
    }

    #[test]
    fn sizes_have_one_decimal() {
        assert_eq!((size(1023), size(1536), size(5 << 20)), ("1023 B".to_owned(), "1.5 KiB".to_owned(), "5.0 MiB".to_owned()));
    }
}
