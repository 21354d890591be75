//! The URL of a request as a QR code, for a holder's phone.

use qrcode::{
    QrCode,
    render::{svg, unicode::Dense1x2},
};
use url::Url;

/// Why a URL has no QR code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the URL of {0} bytes cannot be written as a QR code, which holds 2331: {1}; use a shorter URL"
)]
pub struct QrError(usize, String);

/// Returns the code in half blocks, for a terminal, with the quiet zone around it that scanners
/// need.
///
/// It is black on white whatever the terminal's own colours are: each line sets its colours and
/// resets them.
///
/// # Errors
///
/// [`QrError`].
pub fn terminal(url: &Url) -> Result<String, QrError> {
    const BLACK_ON_WHITE: &str = "\x1b[30;107m";
    const RESET: &str = "\x1b[0m";
    let blocks = code(url)?.render::<Dense1x2>().build();
    let lines = blocks.lines().map(|line| format!("{BLACK_ON_WHITE}{line}{RESET}\n"));
    Ok(lines.collect())
}

/// Returns the code as an SVG image.
///
/// # Errors
///
/// [`QrError`].
pub fn svg(url: &Url) -> Result<String, QrError> {
    let code = code(url)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(256, 256).build())
}

fn code(url: &Url) -> Result<QrCode, QrError> {
    let text = url.as_str();
    let code = QrCode::new(text);
    code.map_err(|error| QrError(text.len(), error.to_string()))
}
