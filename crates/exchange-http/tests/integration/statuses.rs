//! Every status with its problem document.

use exchange::{check::ExchangeCheck, message::MAX_BYTES};
use exchange_http::{FailedCheck, request_url, response_url};
use serde_json::json;

use crate::{
    requests::{linked_request, request},
    server::{EXPIRED, HttpAnswer, LINKED, OPEN, TestServer, UNREADABLE, post},
};

#[tokio::test]
async fn a_request_is_served_as_it_was_signed() {
    let server = TestServer::start();
    let answer = server.get(&format!("/requests/{OPEN}")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: application/json\r\n"));
    assert_eq!(&answer.json(), request(OPEN).document());
}

#[tokio::test]
async fn a_request_whose_id_is_a_uri_is_found_under_its_encoded_path() {
    let server = TestServer::start();
    let url = request_url(&server.url, LINKED);
    let answer = server.get(url.path()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: application/ld+json\r\n"));
    assert_eq!(&answer.json(), linked_request(LINKED).document());

    let url = response_url(&server.url, LINKED);
    let text = post(LINKED, "application/ld+json", "{}");
    let answer = server.send(&text.replace(&format!("/responses/{LINKED}"), url.path())).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_verified_response_is_answered_with_its_verdict() {
    let server = TestServer::start();
    let answer = server.post(OPEN, "{}").await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("cache-control: no-store"));
    let verdict = answer.json();
    assert_eq!(verdict["verdict"], "verified");
    assert_eq!(verdict["checks"].as_array().unwrap().len(), ExchangeCheck::ALL.len());
}

#[tokio::test]
async fn each_failed_check_has_its_status_and_is_named() {
    let server = TestServer::start();
    for check in ExchangeCheck::ALL {
        let answer = server.post(OPEN, check.name()).await;
        let expected = match check {
            ExchangeCheck::Size => 400,
            ExchangeCheck::AnsweredOnce => 409,
            ExchangeCheck::InTime => 410,
            ExchangeCheck::RequestShape | ExchangeCheck::RequestSignature => 500,
            _ => 422,
        };
        assert_eq!(answer.status, expected, "{check}");
        let problem = answer.problem(check.name());
        assert_eq!(problem.check.as_deref(), Some(check.name()));
        assert_eq!(problem.instance, Some(format!("/responses/{OPEN}")));
        assert!(problem.detail.contains("expected this; found that; send this"));
        let found = FailedCheck {
            check: check.name().to_owned(),
            pointer: Some("/FulfilledCriteria/0".to_owned()),
            expected: "this".to_owned(),
            got: "that".to_owned(),
            remedy: "send this".to_owned(),
        };
        assert_eq!(problem.checks, [found]);
    }
}

#[tokio::test]
async fn every_type_of_problem_is_explained_where_it_points() {
    let server = TestServer::start();
    let mut types = vec!["/problems/busy".to_owned(), "/problems/time-out".to_owned()];
    for check in ExchangeCheck::ALL {
        let problem = server.post(OPEN, check.name()).await.problem(check.name());
        types.push(problem.kind);
    }
    for kind in types {
        let answer = server.get(&kind).await;
        assert_eq!(answer.status, 200, "{kind}");
        assert!(answer.head.contains("content-type: text/plain"));
        assert!(answer.body.lines().count() >= 2);
    }
    assert_eq!(server.get("/problems/none").await.status, 404);
}

#[tokio::test]
async fn an_unknown_request_is_404_to_read_to_draw_and_to_answer() {
    let server = TestServer::start();
    for path in ["/requests/other", "/requests/other/qr.svg"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 404);
        answer.problem("unknown-request");
    }
    let answer = server.post("other", "{}").await;
    assert_eq!(answer.status, 404);
    answer.problem("unknown-request");
}

#[tokio::test]
async fn an_expired_request_is_410_to_read_and_to_draw() {
    let server = TestServer::start();
    for path in [format!("/requests/{EXPIRED}"), format!("/requests/{EXPIRED}/qr.svg")] {
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 410);
        let problem = answer.problem("in-time");
        assert_eq!(problem.check.as_deref(), Some("in-time"));
        assert!(problem.detail.contains("2026-01-01T00:00:00Z"));
    }
}

#[tokio::test]
async fn a_qr_code_is_an_image_and_a_long_url_is_a_problem() {
    let server = TestServer::start();
    let answer = server.get(&format!("/requests/{OPEN}/qr.svg")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: image/svg+xml\r\n"));
    assert!(answer.body.ends_with("</svg>"));

    // percent-encoded in a path, each slash takes three bytes
    let id = server.publish_as(&format!("urn:example:{}", "/".repeat(1000)));
    let path = format!("{}/qr.svg", request_url(&server.url, &id).path());
    let answer = server.get(&path).await;
    assert_eq!(answer.status, 500);
    answer.problem("qr-code");
}

#[tokio::test]
async fn other_types_than_json_are_415() {
    let server = TestServer::start();
    for media_type in ["text/plain", "application/jsonp", "multipart/form-data", ""] {
        let answer = server.send(&post(OPEN, media_type, "{}")).await;
        assert_eq!(answer.status, 415, "{media_type}");
        answer.problem("content-type");
    }
    let compressed = post(OPEN, "application/json\r\ncontent-encoding: gzip", "{}");
    assert_eq!(server.send(&compressed).await.status, 415);
    for media_type in ["application/json; charset=utf-8", "Application/LD+JSON"] {
        let answer = server.send(&post(&server.publish(), media_type, "{}")).await;
        assert_eq!(answer.status, 200, "{media_type}");
    }
}

#[tokio::test]
async fn other_methods_are_405_and_other_paths_404() {
    let server = TestServer::start();
    let answer = server.get(&format!("/responses/{OPEN}")).await;
    assert_eq!(answer.status, 405);
    assert!(answer.head.contains("allow: post"), "{}", answer.head);
    answer.problem("method-not-allowed");

    for path in ["/", "/requests", "/requests/", "/requests/../../etc/passwd"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        let problem = answer.problem("not-found");
        assert_eq!(problem.instance.as_deref(), Some(path));
    }
}

#[tokio::test]
async fn a_path_that_is_not_utf_8_is_400() {
    let server = TestServer::start();
    let answer = server.get("/requests/%ff").await;
    assert_eq!(answer.status, 400);
    answer.problem("malformed");
}

#[tokio::test]
async fn a_body_that_is_announced_too_long_is_413_before_it_is_sent() {
    let server = TestServer::start();
    let head = post(OPEN, "application/json", "");
    let head = head.replace("content-length: 0", &format!("content-length: {}", MAX_BYTES + 1));
    let answer = server.send(&head).await;
    assert_eq!(answer.status, 413);
    let problem = answer.problem("too-long");
    assert_eq!(problem.check.as_deref(), Some("size"));
    assert!(problem.detail.contains("1048577 bytes"));
}

#[tokio::test]
async fn a_lacking_disk_is_503_and_says_nothing_of_the_response() {
    let server = TestServer::start();
    for answer in
        [server.post(OPEN, "disk").await, server.get(&format!("/requests/{UNREADABLE}")).await]
    {
        assert_eq!(answer.status, 503);
        assert!(answer.head.contains("retry-after: 1"));
        let problem = answer.problem("unavailable");
        assert_eq!(problem.check, None);
        assert!(problem.detail.contains("disk"));
    }
}

#[tokio::test]
async fn the_servers_own_faults_are_told_with_the_file_and_the_peer() {
    let mut server = TestServer::start();
    let mut stream = server
        .begin(&format!(
            "GET /requests/{UNREADABLE} HTTP/1.1\r\nhost: v\r\nconnection: close\r\n\r\n"
        ))
        .await;
    let own = stream.local_addr().unwrap();
    assert_eq!(HttpAnswer::read(&mut stream).await.status, 503);
    let (peer, what) = server.faults.recv().await.unwrap();
    assert_eq!(peer, Some(own));
    assert!(what.contains("cannot read") && what.contains("requests/sha256-"), "{what}");
    server.post(OPEN, "panic").await;
    assert!(server.faults.recv().await.unwrap().1.contains("panicked"));
}

#[tokio::test]
async fn a_response_sent_again_is_told_that_it_had_been_accepted() {
    let server = TestServer::start();
    let first = server.post(OPEN, "{}").await;
    let again = server.post(OPEN, "{}").await;
    assert_eq!((first.status, again.status), (200, 200));
    let mut again = again.json();
    let before = again.as_object_mut().unwrap().remove("acceptedBefore").unwrap();
    assert_eq!(before, "2026-03-01T12:00:00+00:00");
    assert_eq!(again, first.json());
    let other = server.post(OPEN, "{ }").await;
    assert_eq!(other.status, 409);
    other.problem("answered-once");
}

#[tokio::test]
async fn a_fault_in_the_verifier_is_500_and_the_server_goes_on() {
    let server = TestServer::start();
    let answer = server.post(OPEN, "panic").await;
    assert_eq!(answer.status, 500);
    answer.problem("internal");
    assert_eq!(server.post(OPEN, "{}").await.status, 200);
    assert_eq!(server.get("/health").await.json(), json!({"status": "ok"}));
}
