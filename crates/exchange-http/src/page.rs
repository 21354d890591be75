//! The pages that a browser gets: what a request asks for, or why there is none.
//!
//! A page has no script and loads nothing. All that it says of a request is foreign text: it is
//! escaped for HTML by the template, and isolated, with characters that are invisible or turn the
//! direction of writing escaped.

use std::sync::LazyLock;

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    },
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use exchange::message::{CredentialKind, Criterion, ProofRequest};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use stdx::text::Whole;
use url::Url;

use crate::{Problem, answer::answer, qr};

const STYLE: &str = include_str!("page.css");

/// Forbids everything but the style above, which is named by its hash.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
});

/// Returns the page of a request. `command` is that with which a holder answers it, without its
/// URL.
pub(crate) fn of_request(request: &ProofRequest, url: &Url, command: Option<&str>) -> Response {
    let body = &request.body;
    let content = html! {
        h1 { "A proof request" }
        p {
            "This address is for a wallet. A verifier asks for data from your credentials. Nothing is sent before you \
             answer with your wallet, which also checks that the verifier has signed the request: this page does not."
        }
        dl {
            (entry("Who asks", &foreign(&body.verifier)))
            (entry("What for", &foreign(&body.description)))
            (entry("Until when", &match &body.expires {
                Some(expires) => foreign(expires),
                None => html! { "The request names no end." },
            }))
            (entry("Where the answer goes", &match &request.proof_url {
                Some(url) => foreign(url),
                None => html! { "The request names no URL." },
            }))
        }
        h2 { "What is asked" }
        ol {
            @for criterion in &body.criteria {
                li { (criterion_item(criterion)) }
            }
        }
        h2 { "How to answer" }
        (answering(url, command))
    };
    page(StatusCode::OK, "A proof request", &content)
}

/// Returns the page of a problem.
pub(crate) fn of_problem(status: StatusCode, problem: &Problem) -> Response {
    let content = html! {
        h1 { (foreign(&problem.title)) }
        p { (foreign(&problem.detail)) }
    };
    page(status, "No proof request", &content)
}

fn page(status: StatusCode, title: &str, content: &Markup) -> Response {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (content) } }
        }
    };
    let mut response = answer(status, "text/html; charset=utf-8", document);
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn criterion_item(criterion: &Criterion) -> Markup {
    let required: Vec<&str> = criterion.required().collect();
    let optional: Vec<&str> = criterion.optional().collect();
    let issuers = criterion.issuers.dids.iter().map(String::as_str);
    let issuers: Vec<&str> = issuers.filter(|did| !["SELF", "did:self"].contains(did)).collect();
    html! {
        p { strong { (foreign(&criterion.description)) } ": " (foreign(&criterion.reason)) }
        dl {
            @if criterion.asks_for_all() { (entry("Shown", &html! { "all attributes" })) }
            @if !required.is_empty() { (entry("Shown", &list(&required))) }
            @if !optional.is_empty() { (entry("Shown only if you choose to", &list(&optional))) }
            @if !criterion.predicates.is_empty() {
                dt { "Proved, and not shown" }
                @for predicate in &criterion.predicates {
                    dd { (foreign(&predicate.name)) " " (foreign(&predicate.p_type)) " " (predicate.p_value) }
                }
            }
            (entry("From", &html! { (count_in_words(criterion)) ", " (kind(&criterion.kind)) }))
            @if criterion.allow_expired { (entry("Accepted", &html! { "credentials that have expired, too" })) }
            @if !issuers.is_empty() {
                (entry(if issuers.len() > 1 { "Issued by one of" } else { "Issued by" }, &list(&issuers)))
            }
            @if criterion.issuers.allow_self() {
                (entry(if issuers.is_empty() { "Issued by" } else { "Or" }, &html! { (if issuers.is_empty() { "yourself" } else { "stated by yourself" }) }))
            }
        }
    }
}

/// Returns in words how many credentials a criterion asks for.
pub fn count_in_words(criterion: &Criterion) -> String {
    match (criterion.min_count(), criterion.max) {
        (0, None) => "any number of credentials, or none".to_owned(),
        (0, Some(1)) => "one credential, or none".to_owned(),
        (0, Some(max)) => format!("at most {max} credentials, or none"),
        (1, Some(1)) => "one credential".to_owned(),
        (min, Some(max)) if min == max => format!("{min} different credentials"),
        (1, None) => "one credential or more".to_owned(),
        (min, None) => format!("at least {min} different credentials"),
        (min, Some(max)) => format!("{min} to {max} different credentials"),
    }
}

fn kind(kind: &CredentialKind) -> Markup {
    match kind {
        CredentialKind::Schema(id) => html! { "with the schema " (foreign(id)) },
        CredentialKind::LinkedData { context, kind } => {
            html! { "of the type " (foreign(kind)) ", as " (foreign(context)) " defines it" }
        }
    }
}

fn answering(url: &Url, command: Option<&str>) -> Markup {
    html! {
        p { "Give your wallet the address of this page:" }
        p { code { (url) } }
        @match qr::svg(url) {
            Ok(image) => {
                p { "Or scan it:" }
                // an XML declaration has no place inside HTML
                p { (PreEscaped(image.find("<svg").map_or("", |start| &image[start..]))) }
            }
            Err(error) => p { "There is no QR code: " (error) "." },
        }
        @if let Some(command) = command {
            p { "On a command line, with DIR the directory of your wallet:" }
            // a quotation mark in a URL would end the shell's
            p { code { (command) " '" (url.as_str().replace('\'', "%27")) "'" } }
        }
    }
}

fn entry(term: &str, content: &Markup) -> Markup {
    html! { dt { (term) } dd { (content) } }
}

fn list(texts: &[impl AsRef<str>]) -> Markup {
    html! {
        @for (index, text) in texts.iter().enumerate() {
            @if index > 0 { ", " }
            (foreign(text.as_ref()))
        }
    }
}

/// Returns a text that the request gives.
fn foreign(text: &str) -> Markup {
    html! { bdi { (Whole(text).to_string()) } }
}
