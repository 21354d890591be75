//! `answered-once`.

use super::*;
use crate::credit_card::*;
use exchange::verifier::{AcceptedFile, MemoryFailure, REQUEST_IDS};

#[tokio::test]
async fn a_response_is_accepted_once() {
    let request = request().await;
    let response = bytes(&response(&request).await);
    let (verifier, _) = verifier();
    assert!(verifier.explain(&request, &response, now()).await.verified());
    let verdict = verifier.explain(&request, &response, now()).await;
    only(&verdict, ExchangeCheck::AnsweredOnce);
}

#[tokio::test]
async fn a_refused_response_does_not_use_the_request_up() {
    let request = request().await;
    let whole = response(&request).await;
    let mut altered = whole.clone();
    altered["id"] = "672841fc-0000-4c13-b3e0-349da08ae9f3".into();
    let (verifier, _) = verifier();
    let verdict = verifier.explain(&request, &bytes(&altered), now()).await;
    only(&verdict, ExchangeCheck::ResponseSignature);
    let verdict = verifier.explain(&request, &bytes(&whole), now()).await;
    assert!(verdict.verified(), "{verdict}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_responses_at_the_same_time_one_is_accepted() {
    let request = Arc::new(request().await);
    let response = Arc::new(bytes(&response(&request).await));
    let (verifier, _) = verifier();
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (verifier, request, response) =
                (verifier.clone(), request.clone(), response.clone());
            tokio::spawn(async move { verifier.explain(&request, &response, now()).await })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        let verdict = task.await.unwrap();
        if verdict.verified() {
            accepted += 1;
        } else {
            only(&verdict, ExchangeCheck::AnsweredOnce);
        }
    }
    assert_eq!(accepted, 1);
}

/// Has no answer until one is recorded: another process was faster.
struct Quicker;

impl AcceptedOnce for Quicker {
    fn contains(&self, _: &str) -> Result<bool, MemoryFailure> {
        Ok(false)
    }

    fn accept(&self, _: &str) -> Result<bool, MemoryFailure> {
        Ok(false)
    }
}

/// Cannot record anything, or not even be read.
struct Broken {
    can_be_read: bool,
}

impl AcceptedOnce for Broken {
    fn contains(&self, _: &str) -> Result<bool, MemoryFailure> {
        self.can_be_read.then_some(false).ok_or_else(|| MemoryFailure::new("the disk is gone"))
    }

    fn accept(&self, _: &str) -> Result<bool, MemoryFailure> {
        Err(MemoryFailure::new("the disk is full"))
    }
}

#[tokio::test]
async fn the_second_of_two_concurrent_responses_is_rejected() {
    let request = request().await;
    let response = bytes(&response(&request).await);
    let verifier =
        Remembering { verifier: ExchangeVerifier::new(resolver()), answers: Arc::new(Quicker) };
    let verdict = verifier.explain(&request, &response, now()).await;
    let failures = only(&verdict, ExchangeCheck::AnsweredOnce);
    assert_eq!(failures[0].got, "another, after one was accepted");
}

#[tokio::test]
async fn a_memory_that_fails_is_no_verdict() {
    let request = request().await;
    let good = response(&request).await;
    let mut forged = good.clone();
    forged["id"] = "672841fc-0000-4c13-b3e0-349da08ae9f3".into();
    let verifier = ExchangeVerifier::new(resolver());
    for (can_be_read, reason) in [(true, "the disk is full"), (false, "the disk is gone")] {
        let answers: Arc<dyn AcceptedOnce> = Arc::new(Broken { can_be_read });
        let failed = verifier.explain_once(&request, &bytes(&good), now(), &answers).await;
        assert_eq!(failed, Err(MemoryFailure::new(reason)));
        let forged = verifier.explain_once(&request, &bytes(&forged), now(), &answers).await;
        assert!(!forged.is_ok_and(|verdict| verdict.verified()));
    }
}

#[tokio::test]
async fn without_a_memory_the_verdict_says_so() {
    let request = request().await;
    let response = bytes(&response(&request).await);
    let verifier = ExchangeVerifier::new(resolver());
    for _ in 0..2 {
        let verdict = verifier.explain(&request, &response, now()).await;
        assert!(verdict.verified(), "{verdict}");
        assert_eq!(verdict.outcome(ExchangeCheck::AnsweredOnce), Outcome::NotReached);
        assert!(verdict.to_string().contains("no record of answered requests"), "{verdict}");
    }
}

#[tokio::test]
async fn answered_requests_survive_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("answered.txt");
    let request = request().await;
    let response = bytes(&response(&request).await);
    let verifier = || Remembering {
        verifier: ExchangeVerifier::new(resolver()),
        answers: Arc::new(AcceptedFile::open(&path, REQUEST_IDS).unwrap()),
    };
    assert!(verifier().explain(&request, &response, now()).await.verified());
    let kept = std::fs::read_to_string(&path).unwrap();
    assert_eq!(kept.lines().count(), 2, "{kept}");
    assert!(kept.contains(&format!("\n{REQUEST_ID} ")), "{kept}");
    let verdict = verifier().explain(&request, &response, now()).await;
    only(&verdict, ExchangeCheck::AnsweredOnce);
}
