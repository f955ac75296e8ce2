//! Ratios of what takes turns: machines differ, ratios hardly do.

/// How often a ratio is measured: the median of an odd number is one of them.
const ROUNDS: usize = 5;

/// Whether this is `cargo bench`, which says so, and not only a test that the benchmark runs.
pub fn is_measured() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// A ratio, measured several times: the median, the least and the greatest.
pub fn rounds(mut ratio: impl FnMut() -> f64) -> String {
    let mut ratios: Vec<f64> = (0..ROUNDS).map(|_| ratio()).collect();
    ratios.sort_by(f64::total_cmp);
    let [least, median, greatest] = [0, ROUNDS / 2, ROUNDS - 1].map(|index| ratios[index]);
    format!("{median:.2} ({least:.2} to {greatest:.2} in {ROUNDS} rounds of one beside the other)")
}
