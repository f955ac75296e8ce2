//! Reports: a fixed set of results with every outcome, in every form; and the HTML report and the page of `serve` in a real browser.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod browser;
mod commands;
mod fixed;
mod formats;
mod html;
mod kinds;
mod layout;
mod screenshots;
mod serve;
