//! QR codes, and addresses to listen on.

use std::net::SocketAddr;

use exchange_http::{
    InvalidListenAddress, ListenAddress,
    qr::{svg, terminal},
};
use url::Url;

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
    for error in [terminal(&long).unwrap_err(), svg(&long).unwrap_err()] {
        assert!(error.to_string().contains("the URL of 3025 bytes"), "{error}");
    }
}

#[test]
fn a_host_and_a_port_are_read_and_written_back() {
    for text in ["localhost:8700", "127.0.0.1:0", "[::1]:8700", "bank.example:443"] {
        let address: ListenAddress = text.parse().unwrap();
        assert_eq!(address.to_string(), text);
    }
}

#[test]
fn what_is_not_a_host_and_a_port_is_refused() {
    let texts = [
        "",
        ":",
        ":8700",
        "8700",
        "localhost",
        "localhost:",
        "localhost:99999",
        "::1",
        "::1:8700",
        "[::1]",
        "http://localhost:8700",
        "local host:8700",
    ];
    for text in texts {
        assert_eq!(text.parse::<ListenAddress>(), Err(InvalidListenAddress), "{text:?}");
    }
}

#[tokio::test]
async fn a_name_is_resolved_to_addresses_of_ipv4_first() {
    let address: ListenAddress = "localhost:8700".parse().unwrap();
    let addresses = address.resolve().await.unwrap();
    assert!(!addresses.is_empty());
    assert!(addresses.iter().all(|found| found.ip().is_loopback() && found.port() == 8700));
    assert!(addresses.is_sorted_by_key(SocketAddr::is_ipv6), "{addresses:?}");
}

#[tokio::test]
async fn a_name_without_an_address_is_an_error_that_names_it() {
    let address: ListenAddress = "no-such-host.invalid:8700".parse().unwrap();
    let error = address.resolve().await.unwrap_err().to_string();
    assert!(error.starts_with("cannot listen on no-such-host.invalid: "), "{error}");
}
