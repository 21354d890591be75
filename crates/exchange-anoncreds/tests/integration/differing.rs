//! No credential counts twice: the differences that a verifier sees.

use anoncreds::RequestedCredentials;
use serde_json::json;

use crate::parties::{ACME, GLOBEX, Key, Parties, request, shape, two_payslips};

fn both(first: &str, second: &str) -> RequestedCredentials {
    RequestedCredentials::default().reveal("credential_1", first).reveal("credential_2", second)
}

#[tokio::test]
async fn one_payslip_given_for_two_is_refused() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    parties.hold_payslip(&acme, &["january"], "2026-01", "3000").await;
    let request = request(&[two_payslips()]);
    let choice = both("january", "january");
    let answer = parties.answer_by_choice(&request, &shape(2, &["month"]), &choice).await;
    let findings = parties.check(&request, &answer).await;
    assert_eq!(findings.distinct.len(), 1, "{findings:?}");
    assert_eq!(findings.distinct[0].got, "the same: sub-proof 0");
    assert_eq!(
        findings.distinct[0].referent.as_deref(),
        Some("/requested_proof/revealed_attr_groups/credential_2")
    );
}

#[tokio::test]
async fn one_payslip_presented_in_two_sub_proofs_is_refused() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    parties.hold_payslip(&acme, &["january", "copy"], "2026-01", "3000").await;
    let request = request(&[two_payslips()]);
    let choice = both("january", "copy");
    let answer = parties.answer_by_choice(&request, &shape(2, &["month"]), &choice).await;
    assert_eq!(answer["identifiers"].as_array().unwrap().len(), 2);
    let findings = parties.check(&request, &answer).await;
    assert!(findings.verified.is_empty(), "{findings:?}");
    assert_eq!(findings.distinct.len(), 1, "{findings:?}");
    let got = &findings.distinct[0].got;
    assert!(got.starts_with("nothing shows that they differ"), "{got}");
}

#[tokio::test]
async fn one_payslip_in_two_different_sub_proofs_is_refused() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    parties.hold_payslip(&acme, &["january", "copy"], "2026-01", "3000").await;
    let request = request(&[two_payslips()]);
    let mut shape = shape(2, &["month"]);
    shape.groups[1].insert("net pay".to_owned());
    let answer = parties.answer_by_choice(&request, &shape, &both("january", "copy")).await;
    let findings = parties.check(&request, &answer).await;
    assert!(findings.verified.is_empty(), "{findings:?}");
    assert_eq!(findings.distinct.len(), 1, "{findings:?}");
}

#[tokio::test]
async fn payslips_that_show_the_same_are_not_offered_as_two() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    parties.hold_payslip(&acme, &["january"], "2026-01", "3000").await;
    parties.hold_payslip(&acme, &["bonus"], "2026-01", "9000").await;
    let request = request(&[two_payslips()]);
    let refused = parties.answer(&request).await.unwrap_err();
    assert!(
        refused.to_string().contains(
            "asks for 2 different credentials; of the 2 that answer, nothing shows that more than 1 are distinct"
        ),
        "{refused}"
    );

    // the pay, which is optional, shows that they differ
    let answer = parties.answer_with(&request, &["net pay"]).await.unwrap();
    let findings = parties.check(&request, &answer).await;
    assert!(findings.distinct.is_empty(), "{findings:?}");
}

/// Two credential definitions with one key: a credential of the one verifies as one of the other.
#[tokio::test]
async fn two_definitions_with_one_key_do_not_tell_payslips_apart() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    let globex = parties.payslips(GLOBEX, Key::First).await;
    parties.hold_payslip(&acme, &["acme"], "2026-01", "3000").await;
    parties.hold_payslip(&globex, &["globex"], "2026-01", "3000").await;
    let request = request(&[two_payslips()]);
    let refused = parties.answer(&request).await.unwrap_err();
    assert!(
        refused.to_string().contains("nothing shows that more than 1 are distinct"),
        "{refused}"
    );
    let answer =
        parties.answer_by_choice(&request, &shape(2, &["month"]), &both("acme", "globex")).await;
    let findings = parties.check(&request, &answer).await;
    assert!(findings.verified.is_empty(), "{findings:?}");
    assert_eq!(findings.distinct.len(), 1, "{findings:?}");
}

#[tokio::test]
async fn with_predicates_alone_only_keys_tell_payslips_apart() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    let globex = parties.payslips(GLOBEX, Key::Second).await;
    parties.hold_payslip(&acme, &["january"], "2026-01", "3000").await;
    parties.hold_payslip(&acme, &["february"], "2026-02", "3100").await;
    let mut criterion = two_payslips();
    criterion["properties"] = json!([]);
    criterion["predicates"] = json!([{"name": "net pay", "p_type": ">", "p_value": 2500}]);
    let request = request(&[criterion]);
    let refused = parties.answer(&request).await.unwrap_err();
    assert!(
        refused.to_string().contains("nothing shows that more than 1 are distinct"),
        "{refused}"
    );
    parties.hold_payslip(&globex, &["globex"], "2026-01", "3000").await;
    let answer = parties.answer(&request).await.unwrap();
    let findings = parties.check(&request, &answer).await;
    assert!(crate::parties::is_clean(&findings), "{findings:?}");
    assert_eq!(findings.credentials, 2);
}
