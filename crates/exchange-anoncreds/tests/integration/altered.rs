//! Answers that were altered in one place.

use serde_json::{Value, json};

use crate::parties::{ACME, Key, Parties, adult, is_clean, request, two_payslips};

/// Returns all leaves of a value, as JSON pointers.
fn leaves(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                leaves(item, &format!("{pointer}/{number}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                leaves(member, &format!("{pointer}/{name}"), found);
            }
        }
        _ => found.push(pointer.to_owned()),
    }
}

/// Every leaf but the bytes of `c_list`, of which some, changed to something else of the same kind.
#[tokio::test]
async fn an_answer_altered_in_any_leaf_is_refused() {
    let mut parties = Parties::new().await;
    let identities = parties.identities().await;
    parties.hold_identity(&identities, "Alex", "28").await;
    let request = request(&[adult()]);
    let answer = parties.answer(&request).await.unwrap();
    let mut pointers = Vec::new();
    leaves(&answer, "", &mut pointers);
    let is_looked_at = |pointer: &str| !pointer.contains("/c_list/") || pointer.ends_with("/100");
    let mut altered = 0;
    for pointer in pointers.iter().filter(|pointer| is_looked_at(pointer)) {
        let mut other = answer.clone();
        let leaf = other.pointer_mut(pointer).unwrap();
        *leaf = match &*leaf {
            Value::String(text) => match text.strip_suffix('7') {
                Some(rest) => json!(format!("{rest}8")),
                None => json!(format!("{}7", &text[..text.len().saturating_sub(1)])),
            },
            Value::Number(number) => json!(number.as_i64().unwrap() ^ 1),
            // neither a registry nor a time belongs to a credential that cannot be revoked
            _ => json!({}),
        };
        let findings = parties.check(&request, &other).await;
        assert!(!is_clean(&findings), "{pointer}");
        altered += 1;
    }
    assert!(altered > 30, "{altered}");
}

#[tokio::test]
async fn an_answer_with_a_wrong_number_of_credentials_is_refused() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    parties.hold_payslip(&acme, &["january"], "2026-01", "3000").await;
    parties.hold_payslip(&acme, &["february"], "2026-02", "3000").await;
    let request = request(&[two_payslips()]);
    let answer = parties.answer(&request).await.unwrap();
    let changes: [fn(&mut Value); 5] = [
        // a credential too few, and its sub-proof left over
        |groups| {
            groups.as_object_mut().unwrap().remove("credential_2");
        },
        // a credential too many
        |groups| groups["credential_3"] = groups["credential_1"].clone(),
        // a gap
        |groups| {
            let second = groups.as_object_mut().unwrap().remove("credential_2");
            groups["credential_3"] = second.unwrap();
        },
        // each in the other's place: another request
        |groups| {
            let first = groups["credential_1"]["sub_proof_index"].take();
            groups["credential_1"]["sub_proof_index"] =
                groups["credential_2"]["sub_proof_index"].take();
            groups["credential_2"]["sub_proof_index"] = first;
        },
        // one in the other's place
        |groups| {
            groups["credential_2"]["sub_proof_index"] =
                groups["credential_1"]["sub_proof_index"].clone();
        },
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut other = answer.clone();
        change(&mut other["requested_proof"]["revealed_attr_groups"]);
        let findings = parties.check(&request, &other).await;
        assert!(!is_clean(&findings), "change {number}");
    }
}

/// The long form of an identifier means the same, so that one credential definition must not count
/// as two.
#[tokio::test]
async fn a_long_identifier_does_not_make_a_second_credential() {
    let mut parties = Parties::new().await;
    let acme = parties.payslips(ACME, Key::First).await;
    parties.hold_payslip(&acme, &["january", "copy"], "2026-01", "3000").await;
    let request = request(&[two_payslips()]);
    let choice = anoncreds::RequestedCredentials::default()
        .reveal("credential_1", "january")
        .reveal("credential_2", "copy");
    let shape = crate::parties::shape(2, &["month"]);
    let mut answer = parties.answer_by_choice(&request, &shape, &choice).await;
    let id = answer["identifiers"][1]["cred_def_id"].take();
    let long = proofs::identifiers::to_qualified(
        proofs::identifiers::IdentifierKind::CredDef,
        id.as_str().unwrap(),
    );
    assert_ne!(id, json!(long));
    answer["identifiers"][1]["cred_def_id"] = json!(long);
    let findings = parties.check(&request, &answer).await;
    assert!(!findings.distinct.is_empty(), "{findings:?}");
}
