//! The one thing that is printed.

/// A line of the table.
pub(crate) struct Row {
    what: String,
    ours: String,
    peer: String,
    ratio: String,
    target: String,
    met: &'static str,
}

impl Row {
    /// A comparison: `ratio` against the target, whose verdict the caller has found.
    pub(crate) fn new(what: impl Into<String>, ours: String, peer: String, ratio: f64) -> Self {
        Self { what: what.into(), ours, peer, ratio: format!("{ratio:.2}"), target: "—".into(), met: "—" }
    }

    /// What is known without a peer.
    pub(crate) fn alone(what: impl Into<String>, ours: String) -> Self {
        Self { what: what.into(), ours, peer: "—".into(), ratio: "—".into(), target: "—".into(), met: "—" }
    }

    /// With a target.
    pub(crate) fn target(mut self, target: impl Into<String>, met: bool) -> Self {
        self.target = target.into();
        self.met = if met { "yes" } else { "NO" };
        self
    }

    /// A target that this program does not measure.
    pub(crate) fn unmeasured(what: &str, target: &str) -> Self {
        Self {
            what: what.into(), ours: "not measured here".into(), peer: "—".into(), ratio: "—".into(), target: target.into(), met: "—"
        }
    }

    fn cells(&self) -> [&str; 6] {
        [&self.what, &self.ours, &self.peer, &self.ratio, &self.target, self.met]
    }
}

/// The table in Markdown, columns aligned.
pub(crate) fn render(rows: &[Row]) -> String {
    const HEADER: [&str; 6] = ["what", "ours", "peer", "ratio", "target", "met?"];
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row.cells()[column]).chain([HEADER[column]]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |cells: [&str; 6]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!(" {cell}{} ", " ".repeat(width - cell.chars().count())));
        format!("|{}|\n", padded.collect::<Vec<_>>().join("|"))
    };
    let rule = format!("|{}|\n", widths.map(|width| "-".repeat(width + 2)).join("|"));
    line(HEADER) + &rule + &rows.iter().map(|row| line(row.cells())).collect::<String>()
}

/// Seconds, as a person reads them.
pub(crate) fn time(secs: f64) -> String {
    match secs {
        s if s < 1e-4 => format!("{:.2} µs", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}

/// Bytes per second.
pub(crate) fn speed(bytes: f64, secs: f64) -> String {
    format!("{:.0} MB/s", bytes / secs / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_equally_wide() {
        let rows = [
            Row::new("opening ≥ 1", time(0.5), time(2e-6), 0.25).target("≤ 0.35", true),
            Row::alone("size", "14 MB".into()).target("≤ 20 MB", false),
            Row::unmeasured("start", "≤ 1.3"),
        ];
        let table = render(&rows);
        let widths: Vec<usize> = table.lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths.len(), 5);
        assert!(widths.iter().all(|width| *width == widths[0]), "{table}");
        assert!(table.contains("| 500.00 ms") && table.contains("| 2.00 µs") && table.contains("| NO "));
    }
}
