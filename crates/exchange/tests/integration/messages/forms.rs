//! The names of the revision of December 2019, and of the library of the draft's authors.

use exchange::message::{Form, MessageError, Mode, ProofRequest, ProofResponse, Received, Rule};
use serde_json::{Value, json};

use super::fixture::document;

fn rename(document: &mut Value, old: &str, new: &str) {
    let members = document.as_object_mut().unwrap();
    let value = members.remove(old).unwrap();
    members.insert(new.to_owned(), value);
}

fn december() -> Value {
    let mut request = document("request-json.json");
    rename(&mut request, "proofRequest", "presentationRequest");
    rename(&mut request, "proofURL", "presentationURL");
    for (old, new) in [("context", "@context"), ("type", "@type")] {
        rename(&mut request["presentationRequest"]["criteria"][1], old, new);
    }
    request
}

fn rules(document: Value) -> Vec<(Rule, String, String)> {
    match Received::<ProofRequest>::of(document, Mode::Usual) {
        Ok(_) => Vec::new(),
        Err(MessageError::Invalid { violations, .. }) => {
            violations.into_iter().map(|one| (one.rule, one.expected, one.got)).collect()
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn the_revision_of_december_is_read_into_the_same_types() {
    let draft: Received<ProofRequest> =
        Received::of(document("request-json.json"), Mode::Usual).unwrap();
    let read: Received<ProofRequest> = Received::of(december(), Mode::Usual).unwrap();
    let (draft, read) = (draft.message(), read.message());
    assert_eq!((draft.form, read.form), (Form::August2019, Form::December2019));
    assert_eq!(read.body, draft.body);
    assert_eq!(read.proof_url, draft.proof_url);
    for form in Form::ALL {
        assert_eq!(Form::of_name(form.name()), Some(form));
    }
}

#[test]
fn a_message_that_mixes_two_forms_is_refused_with_both_names() {
    let mut both = december();
    both["proofURL"] = json!("https://example.com/");
    let mut kind = december();
    rename(&mut kind["presentationRequest"]["criteria"][1], "@type", "type");
    let mut context = december();
    rename(&mut context["presentationRequest"]["criteria"][1], "@context", "context");
    let mut draft = document("request-json.json");
    rename(&mut draft["proofRequest"]["criteria"][1], "type", "@type");
    for (document, own, other) in [
        (both, "`presentationURL`", "`proofURL`"),
        (kind, "`@type`", "`type`"),
        (context, "`@context`", "`context`"),
        (draft, "`type`", "`@type`"),
    ] {
        let found = rules(document);
        let named = found.iter().find(|(rule, ..)| *rule == Rule::OneForm).unwrap();
        assert!(named.1.contains(own) && named.2 == other, "{found:?}");
    }
}

#[test]
fn the_librarys_names_are_read_where_they_map() {
    let mut request = document("request-json.json");
    rename(&mut request, "id", "proofRequestInstanceId");
    let read: Received<ProofRequest> = Received::of(request, Mode::Usual).unwrap();
    assert_eq!(read.message().form, Form::LedgerCommon);
    assert_eq!(read.message().id, document("request-json.json")["id"]);
    let mut response = document("response-single.json");
    rename(&mut response, "proofRequestId", "proofRequestInstanceId");
    let read: Received<ProofResponse> = Received::of(response, Mode::Usual).unwrap();
    assert_eq!(read.message().proof_request_id, document("response-single.json")["proofRequestId"]);
}

#[test]
fn members_that_would_change_the_meaning_are_refused_by_name() {
    let criterion = "/proofRequest/criteria/0";
    for (place, member) in [
        (criterion, "conditions"),
        (criterion, "non_revoked"),
        (criterion, "restrictions"),
        ("/proofRequest/criteria/0/properties/0", "value"),
        ("", "variables"),
        ("", "supportingCredentials"),
    ] {
        let mut request = document("request-json.json");
        request.pointer_mut(place).unwrap()[member] = json!([1]);
        let error = Received::<ProofRequest>::of(request, Mode::Usual).unwrap_err();
        assert!(error.to_string().contains(&format!("{place}/{member}:")), "{error}");
    }
    let mut request = document("request-json.json");
    request["proofRequest"]["criteria"][0]["schema"] = json!({"id": "x", "version": "^1.1"});
    let error = Received::<ProofRequest>::of(request, Mode::Usual).unwrap_err();
    assert!(error.to_string().contains("/proofRequest/criteria/0/schema/version:"), "{error}");
}
