//! The page that shows requests as they come.
//!
//! Whatever it shows of a request, anybody may have sent: its script writes text only, and the policy below lets nothing else run.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, header};

/// What browsers may do for the page: run its own script, read its own style, and ask this server (Content Security Policy Level 3). No text becomes HTML
/// (Trusted Types).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The page.
pub(super) async fn html() -> Response {
    file("text/html; charset=utf-8", include_str!("page.html"))
}

/// Its style.
pub(super) async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("page.css"))
}

/// Its script.
pub(super) async fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("page.js"))
}

fn file(media_type: &'static str, text: &'static str) -> Response {
    let headers: [(HeaderName, &str); 5] = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}
