//! Clocks and quantiles.

use rustix::time::{ClockId, clock_gettime};

/// CPU seconds of this thread while `work` runs: the only clock that means something on a shared machine.
pub(crate) fn cpu_secs<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = cpu_now();
    let result = work();
    (cpu_now() - start, result)
}

/// CPU seconds of each call of `work`, repeated for at least 60 ms.
pub(crate) fn cpu_secs_each<T>(mut work: impl FnMut() -> T) -> f64 {
    let start = cpu_now();
    let mut n = 0.0;
    loop {
        std::hint::black_box(work());
        n += 1.0;
        let spent = cpu_now() - start;
        if spent > 0.06 {
            return spent / n;
        }
    }
}

fn cpu_now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The middle one.
pub(crate) fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The smallest value that at least `part` of the values do not exceed; NaN of none.
pub(crate) fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_the_smallest_value_that_covers_its_part() {
        let values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!([quantile(&values, 0.5), quantile(&values, 0.95), quantile(&values, 1.0)], [50.0, 95.0, 100.0]);
        assert_eq!(median(&[3.0]), 3.0);
        assert!(median(&[]).is_nan());
    }
}
