//! Who may ask. The first part of a URL's path is a token, one for learners and one for the
//! teacher, so that no other page in the browser, and no other user of the machine, can ask
//! anything.
//!
//! A cookie would do for less: those of one port of a machine are sent to all its other ports.

use std::net::IpAddr;

use axum::{
    body::Body,
    http::{
        HeaderName, HeaderValue, Request, Response, Uri,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
            X_FRAME_OPTIONS,
        },
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::refusal::Refusal;

/// A browser loads and sends nothing but from and to this server. Elements have style attributes,
/// which can do little.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// On every answer.
const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    // the token must not leave in a Referer
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Whose token it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A learner.
    Learner,
    /// The teacher.
    Teacher,
}

/// The tokens.
pub struct Gate {
    learners: String,
    teacher: String,
}

impl Gate {
    /// Draws tokens.
    pub fn new() -> Result<Self, getrandom::Error> {
        Ok(Self { learners: random_name()?, teacher: random_name()? })
    }

    /// Returns the learners' token.
    pub fn learners(&self) -> &str {
        &self.learners
    }

    /// Returns the teacher's token.
    pub fn teacher(&self) -> &str {
        &self.teacher
    }

    /// Returns who asks, and takes the token out of the request's path; or returns why that is not
    /// allowed.
    pub fn enter<B>(&self, request: &mut Request<B>) -> Result<Role, Refusal> {
        let mut hosts = request.headers().get_all(HOST).iter();
        let is_ours = match (hosts.next(), hosts.next()) {
            (Some(host), None) => host.to_str().is_ok_and(is_address),
            _ => false,
        };
        if !is_ours {
            return Err(Refusal::misdirected(
                "open the lab by the address that the program has printed",
            ));
        }
        let unknown = || Refusal::unknown("there is nothing here");
        let uri = request.uri().clone();
        let path = uri.path().strip_prefix('/').unwrap_or_default();
        let (token, rest) = path.split_once('/').ok_or_else(unknown)?;
        // both are compared, whichever it is
        let (learner, teacher) = (is_same(token, &self.learners), is_same(token, &self.teacher));
        let role = match (learner, teacher) {
            (true, _) => Role::Learner,
            (_, true) => Role::Teacher,
            _ => return Err(unknown()),
        };
        *request.uri_mut() = format!("/{rest}").parse::<Uri>().map_err(|_| unknown())?;
        Ok(role)
    }
}

/// Adds what a browser needs to know of every answer.
pub fn with_headers(mut answer: Response<Body>) -> Response<Body> {
    for (name, value) in HEADERS {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// Returns a name of 128 random bits that cannot be guessed.
pub fn random_name() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Returns whether a host is an IP address or `localhost`, with or without a port. A page of
/// another site that has its name point to this machine (DNS rebinding) asks under that name.
fn is_address(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => (address, port),
        None => match host.find(':') {
            Some(colon) => host.split_at(colon),
            None => (host, ""),
        },
    };
    let is_port =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    is_port && (name == "localhost" || name.parse::<IpAddr>().is_ok())
}

/// Compares a token in a time that does not depend on where it differs.
fn is_same(given: &str, token: &str) -> bool {
    let pairs = given.bytes().zip(token.bytes());
    let difference =
        pairs.fold(0, |difference, (one, other)| std::hint::black_box(difference | (one ^ other)));
    given.len() == token.len() && difference == 0
}

#[cfg(test)]
mod tests {
    use axum::{http::StatusCode, response::IntoResponse};

    use super::*;

    fn request(host: &str, path: &str) -> Request<()> {
        Request::builder().uri(path).header(HOST, host).body(()).expect("a request")
    }

    #[test]
    fn a_token_opens_its_own_pages_and_leaves_the_path() {
        let gate = Gate::new().expect("random numbers");
        let mut asked = request("127.0.0.1:80", &format!("/{}/api/x?y=1", gate.learners()));
        assert_eq!(gate.enter(&mut asked).ok(), Some(Role::Learner));
        assert_eq!(asked.uri(), "/api/x");
        let mut asked = request("localhost", &format!("/{}/", gate.teacher()));
        assert_eq!(gate.enter(&mut asked).ok(), Some(Role::Teacher));
        assert_eq!(asked.uri(), "/");
        for wrong in ["", "/", "/x", "/x/", &format!("/{}x/", gate.learners())] {
            let path = if wrong.is_empty() { "/" } else { wrong };
            let refused = gate.enter(&mut request("127.0.0.1", path)).expect_err(path);
            assert_eq!(refused.into_response().status(), StatusCode::NOT_FOUND);
        }
    }

    #[test]
    fn only_addresses_are_hosts() {
        for host in ["127.0.0.1:8700", "127.0.0.1", "localhost:1", "[::1]:8700", "10.0.0.5:80"] {
            assert!(is_address(host), "{host}");
        }
        for host in ["example.org", "localhost.example.org:80", "127.0.0.1:x", "", "[::1", "a:b:c"]
        {
            assert!(!is_address(host), "{host}");
        }
        let gate = Gate::new().expect("random numbers");
        let path = format!("/{}/", gate.learners());
        let refused = gate.enter(&mut request("evil.example:80", &path)).expect_err("rebinding");
        assert_eq!(refused.into_response().status(), StatusCode::MISDIRECTED_REQUEST);
    }
}
