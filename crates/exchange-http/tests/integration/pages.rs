//! The pages that a browser gets.

use exchange::message::{Mode, Received};
use exchange_http::request_url;
use serde_json::{Value, json};

use crate::{
    requests::{document, request},
    server::{BROWSER, EXPIRED, HttpAnswer, LINKED, OPEN, TestServer, UNREADABLE, post},
};

/// Checks the headers of a page, and that it loads nothing.
#[track_caller]
fn check_page(answer: &HttpAnswer, status: u16) {
    assert_eq!(answer.status, status, "{answer:?}");
    for header in [
        "content-type: text/html; charset=utf-8\r\n",
        "content-security-policy: default-src 'none'; style-src 'sha256-",
        "x-content-type-options: nosniff\r\n",
        "cache-control: no-store\r\n",
        "referrer-policy: no-referrer\r\n",
        "vary: accept\r\n",
    ] {
        assert!(answer.head.contains(header), "{header} in {}", answer.head);
    }
    assert!(answer.body.starts_with("<!DOCTYPE html>"), "{}", answer.body);
    for part in ["<script", "<link", "<img", "<iframe", "<a ", "src=", " style=", "onclick"] {
        assert!(!answer.body.contains(part), "{part} in {}", answer.body);
    }
}

/// Publishes a request whose body has other members, and returns its page.
async fn page_of(members: Value) -> String {
    let server = TestServer::start();
    let id = "urn:of-this-test";
    let mut document = document(id);
    for (name, value) in members.as_object().unwrap() {
        document["proofRequest"][name] = value.clone();
    }
    server.publish_request(&Received::of(document, Mode::Usual).unwrap());
    let answer = server.browse(request_url(&server.url, id).path()).await;
    check_page(&answer, 200);
    answer.body
}

#[tokio::test]
async fn a_browser_reads_who_asks_for_what_and_how_to_answer() {
    let server = TestServer::start();
    let answer = server.browse(&format!("/requests/{OPEN}")).await;
    check_page(&answer, 200);
    let url = request_url(&server.url, OPEN);
    for part in [
        "did:work:WrgHL2icHVN8vwZtY9YmjY",
        "Credit card application information",
        "https://verifier.example/responses/1",
        "Contact Information",
        "Send information regarding your application",
        "emailAddress",
        "did:work:M1dAMR7zmHD18wELKQTcTU",
        "did:work:D7jC1h6LibDbZiF6E9uzhz;schema=1234;version=1.0",
        "one credential",
        "names no end",
        url.as_str(),
        "<svg ",
    ] {
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
    }
    assert!(!answer.body.contains("<?xml"), "{}", answer.body);
}

#[tokio::test]
async fn a_page_says_where_expired_credentials_are_accepted() {
    let mut criterion = document("1")["proofRequest"]["criteria"][0].take();
    let accepted = "credentials that have expired, too";
    let page = page_of(json!({"criteria": [criterion]})).await;
    assert!(!page.contains(accepted), "{page}");
    criterion["allowExpired"] = true.into();
    let page = page_of(json!({"criteria": [criterion]})).await;
    assert!(page.contains(accepted), "{page}");
}

#[tokio::test]
async fn a_page_says_what_each_criterion_asks_for() {
    let criterion = |min: u64, max: Option<u64>, name: &str| {
        let mut criterion = json!({
            "description": name, "reason": "r", "issuers": {"dids": ["did:work:a"]}, "min": min,
            "context": "https://example.com/c", "type": "Payslip",
            "properties": [{"name": "pay", "required": true}, {"name": "bonus", "required": false}],
            "predicates": [{"name": "age", "p_type": ">=", "p_value": 18}]
        });
        if let Some(max) = max {
            criterion["max"] = max.into();
        }
        criterion
    };
    let criteria = [
        criterion(0, None, "a"),
        criterion(0, Some(1), "b"),
        criterion(0, Some(3), "c"),
        criterion(1, Some(1), "d"),
        criterion(2, Some(2), "e"),
        criterion(1, None, "f"),
        criterion(2, None, "g"),
        criterion(2, Some(4), "h"),
    ];
    let mut criteria = criteria.to_vec();
    criteria[0]["issuers"]["dids"] = json!(["did:work:a", "did:work:b"]);
    criteria[1]["issuers"]["dids"] = json!(["did:work:c", "SELF"]);
    let mut all = criterion(1, Some(9), "i");
    all["issuers"]["dids"] = json!(["did:self"]);
    for member in ["properties", "predicates"] {
        all.as_object_mut().unwrap().remove(member);
    }
    criteria.push(all);
    let page = page_of(json!({"criteria": criteria, "expires": "2026-04-01T12:00:00Z"})).await;
    for part in [
        "any number of credentials, or none, of the type <bdi>Payslip</bdi>, as \
         <bdi>https://example.com/c</bdi> defines it",
        "one credential, or none, of",
        "at most 3 credentials, or none, of",
        "<dd>one credential, of",
        "<dd>2 different credentials, of",
        "one credential or more, of",
        "at least 2 different credentials, of",
        "2 to 4 different credentials, of",
        "<dt>Shown</dt><dd>all attributes</dd>",
        "<dt>Issued by</dt><dd>yourself</dd>",
        "<bdi>did:work:c</bdi></dd><dt>Or</dt><dd>stated by yourself</dd>",
        "<dt>Shown</dt><dd><bdi>pay</bdi></dd>",
        "<dt>Shown only if you choose to</dt><dd><bdi>bonus</bdi></dd>",
        "<dt>Proved, and not shown</dt><dd><bdi>age</bdi> <bdi>&gt;=</bdi> 18</dd>",
        "<dt>Issued by</dt><dd><bdi>did:work:a</bdi></dd>",
        "<dt>Issued by one of</dt><dd><bdi>did:work:a</bdi>, <bdi>did:work:b</bdi></dd>",
        "2026-04-01T12:00:00Z",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn what_a_request_says_is_text_and_never_markup() {
    let hostile = "<script>alert(1)</script>\"'&amp; \u{202e}abc\u{2066}\u{200b}\u{feff}\u{7}";
    let page = page_of(json!({
        "description": hostile,
        "criteria": [{
            "description": hostile, "reason": hostile, "issuers": {"dids": ["did:work:a"]}, "max": 1,
            "schema": "did:work:a;schema=1", "properties": [{"name": hostile, "required": true}]
        }]
    }))
    .await;
    assert_eq!(page.matches("&lt;script&gt;alert(1)&lt;/script&gt;").count(), 4, "{page}");
    assert_eq!(page.matches("&amp;amp;").count(), 4, "{page}");
    assert!(page.contains("\\u{202e}abc\\u{2066}\\u{200b}\\u{feff}\\u{7}"), "{page}");
    let is_hidden =
        |c: char| matches!(c, '\u{202e}' | '\u{2066}' | '\u{200b}' | '\u{feff}' | '\u{7}');
    assert!(!page.contains(is_hidden), "{page}");
}

#[tokio::test]
async fn a_program_gets_the_request_as_before() {
    let server = TestServer::start();
    let accepts =
        ["*/*", "application/json", "application/ld+json, */*;q=0.1", "text/html;q=0, */*"];
    for accept in accepts {
        let answer = server
            .send(&format!(
                "GET /requests/{OPEN} HTTP/1.1\r\nhost: v\r\nconnection: close\r\naccept: {accept}\r\n\r\n"
            ))
            .await;
        assert!(answer.head.contains("content-type: application/json\r\n"), "{accept}: {answer:?}");
        assert!(answer.head.contains("vary: accept\r\n"), "{accept}: {answer:?}");
        assert_eq!(&answer.json(), request(OPEN).document());
    }
}

#[tokio::test]
async fn a_head_request_has_the_headers_of_the_page() {
    let server = TestServer::start();
    let page = server.browse(&format!("/requests/{OPEN}")).await;
    let head = server
        .send(&format!(
            "HEAD /requests/{OPEN} HTTP/1.1\r\nhost: v\r\nconnection: close\r\naccept: {BROWSER}\r\n\r\n"
        ))
        .await;
    assert_eq!((head.status, &*head.body), (200, ""));
    assert!(head.head.contains("content-type: text/html; charset=utf-8\r\n"), "{head:?}");
    assert!(head.head.contains(&format!("content-length: {}\r\n", page.body.len())), "{head:?}");
}

#[tokio::test]
async fn a_browser_gets_a_page_where_there_is_no_request() {
    let server = TestServer::start();
    let cases = [
        ("/requests/unknown".to_owned(), 404, "Unknown proof request"),
        (format!("/requests/{EXPIRED}"), 410, "expired at 2026-01-01T00:00:00Z"),
        (format!("/requests/{UNREADABLE}"), 503, "disk cannot be read"),
        ("/".to_owned(), 404, "/requests/&lt;id&gt;"),
        (format!("/responses/{OPEN}"), 405, "POST"),
        ("/requests/%ff".to_owned(), 400, "not UTF-8"),
    ];
    for (path, status, part) in cases {
        let answer = server.browse(&path).await;
        check_page(&answer, status);
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
        assert!(!answer.body.contains("<svg"), "{}", answer.body);
        let answer = server.get(&path).await;
        assert!(answer.head.contains("content-type: application/problem+json\r\n"), "{answer:?}");
    }
}

#[tokio::test]
async fn a_browser_learns_that_a_request_has_been_answered() {
    let server = TestServer::start();
    assert_eq!(server.post(OPEN, "{}").await.status, 200);
    let answer = server.browse(&format!("/requests/{OPEN}")).await;
    check_page(&answer, 409);
    assert!(answer.body.contains("has been answered"), "{}", answer.body);
    assert_eq!(server.get(&format!("/requests/{OPEN}")).await.status, 200, "for a program");
}

#[tokio::test]
async fn a_refused_response_is_a_problem_for_a_browser_too() {
    let server = TestServer::start();
    let text = post(OPEN, "application/json", "count");
    let text = text.replace("content-type", &format!("accept: {BROWSER}\r\ncontent-type"));
    server.send(&text).await.problem("count");
}

#[tokio::test]
async fn a_request_in_linked_data_has_a_page_too() {
    let server = TestServer::start();
    let url = request_url(&server.url, LINKED);
    let answer = server.browse(url.path()).await;
    check_page(&answer, 200);
    assert!(answer.body.contains(url.as_str()), "{}", answer.body);
}

/// Returns whether a client with these fields `Accept` gets a page.
async fn gets_page(server: &TestServer, fields: &[&str]) -> bool {
    let accept: String = fields.iter().map(|field| format!("accept: {field}\r\n")).collect();
    let text =
        format!("GET /requests/{OPEN} HTTP/1.1\r\nhost: v\r\nconnection: close\r\n{accept}\r\n");
    let answer = server.send(&text).await;
    assert_eq!(answer.status, 200);
    answer.head.contains("content-type: text/html")
}

#[tokio::test]
async fn what_prefers_html_gets_a_page() {
    let server = TestServer::start();
    let chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;\
                  q=0.8,application/signed-exchange;v=b3;q=0.7";
    for field in [chrome, "text/html", "TEXT/HTML", "text/*", "text/html;q=0.2, */*;q=0.1"] {
        assert!(gets_page(&server, &[field]).await, "{field}");
    }
    let two = ["application/json;q=0.5", "text/html"];
    assert!(gets_page(&server, &two).await, "two fields are one list");
}

#[tokio::test]
async fn any_other_client_gets_json() {
    let server = TestServer::start();
    let fields = [
        "*/*",
        "application/json",
        "application/ld+json",
        "application/problem+json",
        "application/json, text/html;q=0.9",
        "application/json, text/html",
        "text/html;q=0, */*",
        "text/html;q=0",
        "text/plain",
        "text/html;q=0.1, */*",
        "",
        "nonsense",
        "text/html, ;;;",
    ];
    for field in fields {
        assert!(!gets_page(&server, &[field]).await, "{field:?}");
    }
    assert!(!gets_page(&server, &[]).await);
}
