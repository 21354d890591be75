//! The URL of a request as a QR code, for a holder's phone.

use qrcode::{QrCode, render::svg, render::unicode::Dense1x2, types::QrError as LibraryError};
use url::Url;

/// Why a URL has no QR code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// It is longer than the largest code.
    #[error("the URL has {bytes} bytes, and a QR code holds 2331; use a shorter URL")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// The library refuses it for another reason.
    #[error("the URL cannot be written as a QR code: {reason}; use another URL")]
    Refused {
        /// Why.
        reason: String,
    },
}

/// Returns the code in half blocks, for a terminal, with the quiet zone around it that scanners need.
///
/// It is black on white whatever the terminal's own colours are: each line sets its colours and resets them.
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
    QrCode::new(url.as_str()).map_err(|error| match error {
        LibraryError::DataTooLong => QrError::TooLong { bytes: url.as_str().len() },
        error => QrError::Refused { reason: error.to_string() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> Url {
        "https://verifier.example/requests/eedeec15-c364-4e4c-b7a7-871413e412f9".parse().unwrap()
    }

    #[test]
    fn a_code_for_a_terminal_is_black_on_white_with_a_quiet_zone() {
        let text = terminal(&url()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let inside = |line: &str| {
            let line = line.strip_prefix("\x1b[30;107m").unwrap();
            line.strip_suffix("\x1b[0m").unwrap().to_owned()
        };
        let width = inside(lines[0]).chars().count();
        assert_eq!(lines.len(), width.div_ceil(2));
        for (index, line) in lines.iter().enumerate() {
            let line = inside(line);
            assert_eq!(line.chars().count(), width);
            assert!(line.starts_with("    ") && line.ends_with("    "), "{line:?}");
            let is_quiet = line.trim().is_empty();
            let is_outside = index < 2 || index >= lines.len() - 2;
            assert_eq!(is_quiet, is_outside, "line {index}");
        }
    }

    #[test]
    fn a_code_as_an_image_is_svg() {
        let image = svg(&url()).unwrap();
        assert!(image.contains("<svg ") && image.ends_with("</svg>"));
    }

    #[test]
    fn a_url_that_is_too_long_is_refused_by_its_length() {
        let long: Url = format!("https://verifier.example/{}", "a".repeat(3000)).parse().unwrap();
        let expected = QrError::TooLong { bytes: 3025 };
        assert_eq!(terminal(&long), Err(expected.clone()));
        assert_eq!(svg(&long), Err(expected));
    }
}
