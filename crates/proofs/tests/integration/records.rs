//! Records of other programs: each form, wrapped around the fixtures' cases, and what is not a
//! record.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use proofs::kinds::ObjectKind;
use proofs::records::{self, Problem, RecordForm};
use proofs::{Case, Record, RecordError};
use serde_json::{Value, json};

use crate::checks::cases::{ONE, OPERATORS, REVOCABLE, TWO};

const FIXTURES: [&str; 4] = [ONE, TWO, OPERATORS, REVOCABLE];

fn fixture(text: &str) -> (Value, Value) {
    let case: Value = serde_json::from_str(text).unwrap();
    (case["presentation_request"].clone(), case["presentation"].clone())
}

/// Returns the only record of a text.
fn one(text: &str) -> Result<Record, RecordError> {
    let mut records = records::read(text);
    assert_eq!(records.len(), 1, "{records:?}");
    records.remove(0)
}

#[track_caller]
fn problem(value: &Value) -> Problem {
    one(&value.to_string()).unwrap_err().problem
}

fn base64(value: &Value) -> Value {
    json!({"base64": STANDARD.encode(value.to_string())})
}

/// A message of present-proof 2.0 with one attachment.
fn message(kind: &str, format: &str, thread: &str, data: &Value) -> Value {
    let (name, attachments) = match kind {
        "request" => ("request-presentation", "request_presentations~attach"),
        _ => ("presentation", "presentations~attach"),
    };
    let mut message = json!({
        "@type": format!("https://didcomm.org/present-proof/2.0/{name}"),
        "@id": format!("{thread}-{kind}"),
        "formats": [{"attach_id": "indy", "format": format}],
        attachments: [{"@id": "indy", "mime-type": "application/json", "data": data}],
    });
    match kind {
        "request" => message["@id"] = json!(thread),
        _ => message["~thread"] = json!({"thid": thread}),
    }
    message
}

fn request_message(thread: &str, request: &Value) -> Value {
    message("request", "hlindy/proof-req@v2.0", thread, &base64(request))
}

fn presentation_message(thread: &str, presentation: &Value) -> Value {
    message("presentation", "hlindy/proof@v2.0", thread, &base64(presentation))
}

/// A message of present-proof 1.0, which has no formats.
fn message_v1(kind: &str, thread: &str, content: &Value) -> Value {
    let (name, attachments) = match kind {
        "request" => ("request-presentation", "request_presentations~attach"),
        _ => ("presentation", "presentations~attach"),
    };
    json!({
        "@type": format!("did:sov:BzCbsNYhMrjHiqZDTUASHg;spec/present-proof/1.0/{name}"),
        "@id": thread,
        attachments: [{"@id": format!("libindy-{name}-0"), "data": base64(content)}],
    })
}

/// What a record is expected to contain: its form, its own name, and where the parts are.
type Expected = (RecordForm, Option<&'static str>, &'static str, &'static str);

/// Each form, with what it must be read as.
fn forms(request: &Value, presentation: &Value) -> Vec<(&'static str, Value, Expected)> {
    use RecordForm::{AcapyV1, AcapyV2, Credo, Messages};
    let (asked, answer) = (request_message("t", request), presentation_message("t", presentation));
    let anoncreds = (
        message("request", "anoncreds/proof-request@v1.0", "t", &base64(request)),
        message("presentation", "anoncreds/proof@v1.0", "t", &json!({"json": presentation})),
    );
    let base64_at = (
        "/pres_request/request_presentations~0attach/0/data/base64",
        "/pres/presentations~0attach/0/data/base64",
    );
    vec![
        (
            "a case without public data",
            json!({"id": "x", "presentation_request": request, "presentation": presentation}),
            (RecordForm::Case, Some("x"), "/presentation_request", "/presentation"),
        ),
        (
            "other names, JSON in texts",
            json!({"pres_req": request.to_string(), "proof": presentation.to_string()}),
            (RecordForm::Case, None, "/pres_req", "/proof"),
        ),
        (
            "ACA-Py, present-proof 1.0",
            json!({"presentation_exchange_id": "e1", "thread_id": "t", "state": "verified", "verified": "true",
                "presentation_request": request, "presentation": presentation}),
            (AcapyV1, Some("e1"), "/presentation_request", "/presentation"),
        ),
        (
            "ACA-Py, present-proof 1.0, with the message instead of the request",
            json!({"presentation_exchange_id": "e1", "presentation_request": {},
                "presentation_request_dict": message_v1("request", "t", request),
                "presentation": presentation.to_string()}),
            (
                AcapyV1,
                Some("e1"),
                "/presentation_request_dict/request_presentations~0attach/0/data/base64",
                "/presentation",
            ),
        ),
        (
            "ACA-Py, present-proof 2.0, by format",
            json!({"pres_ex_id": "e2", "thread_id": "t", "state": "done", "verified": "false",
                "by_format": {"pres_request": {"indy": request}, "pres": {"indy": presentation}},
                "pres_request": asked, "pres": answer}),
            (AcapyV2, Some("e2"), "/by_format/pres_request/indy", "/by_format/pres/indy"),
        ),
        (
            "ACA-Py, present-proof 2.0, by the format anoncreds",
            json!({"pres_ex_id": "e2", "by_format": {
                "pres_proposal": {"anoncreds": {}}, "pres_request": {"anoncreds": request},
                "pres": {"anoncreds": presentation}}}),
            (AcapyV2, Some("e2"), "/by_format/pres_request/anoncreds", "/by_format/pres/anoncreds"),
        ),
        (
            "ACA-Py, present-proof 2.0, messages only",
            json!({"pres_ex_id": "e2", "by_format": {}, "pres_request": asked, "pres": answer}),
            (AcapyV2, Some("e2"), base64_at.0, base64_at.1),
        ),
        (
            "ACA-Py, present-proof 2.0, messages with the formats of anoncreds",
            json!({"pres_ex_id": "e2", "pres_request": anoncreds.0, "pres": anoncreds.1}),
            (AcapyV2, Some("e2"), base64_at.0, "/pres/presentations~0attach/0/data/json"),
        ),
        (
            "the body of a webhook",
            json!({"topic": "present_proof_v2_0", "payload": {"pres_ex_id": "e2",
                "by_format": {"pres_request": {"indy": request}, "pres": {"indy": presentation}}}}),
            (
                AcapyV2,
                Some("e2"),
                "/payload/by_format/pres_request/indy",
                "/payload/by_format/pres/indy",
            ),
        ),
        (
            "format data of Credo",
            json!({"proposal": {}, "request": {"anoncreds": request}, "presentation": {"anoncreds": presentation}}),
            (Credo, None, "/request/anoncreds", "/presentation/anoncreds"),
        ),
        (
            "format data of Credo, by the format indy",
            json!({"threadId": "t", "request": {"indy": request}, "presentation": {"indy": presentation},
                "isVerified": true}),
            (Credo, Some("t"), "/request/indy", "/presentation/indy"),
        ),
        (
            "a Credo record with its messages",
            json!({"id": "r", "threadId": "t", "protocolVersion": "v2", "messages": [
                {"role": "sender", "message": asked}, {"role": "receiver", "message": answer}]}),
            (
                Messages,
                Some("t"),
                "/messages/0/message/request_presentations~0attach/0/data/base64",
                "/messages/1/message/presentations~0attach/0/data/base64",
            ),
        ),
        (
            "two messages in a list",
            json!([answer, asked]),
            (
                Messages,
                Some("t"),
                "/1/request_presentations~0attach/0/data/base64",
                "/0/presentations~0attach/0/data/base64",
            ),
        ),
        (
            "messages of present-proof 1.0",
            json!([
                message_v1("request", "t", request),
                message_v1("presentation", "t", presentation)
            ]),
            (
                Messages,
                Some("t"),
                "/0/request_presentations~0attach/0/data/base64",
                "/1/presentations~0attach/0/data/base64",
            ),
        ),
        (
            "an invitation with the request, and the presentation",
            json!({"invitation": {"@type": "https://didcomm.org/out-of-band/1.1/invitation",
                "requests~attach": [{"@id": "request-0", "data": {"json": asked}}]}, "answer": answer}),
            (
                Messages,
                Some("t"),
                "/invitation/requests~0attach/0/data/json/request_presentations~0attach/0/data/base64",
                "/answer/presentations~0attach/0/data/base64",
            ),
        ),
        (
            "messages beside a member of another meaning",
            json!({"request": {"method": "POST"}, "messages": [asked, answer]}),
            (
                Messages,
                Some("t"),
                "/messages/0/request_presentations~0attach/0/data/base64",
                "/messages/1/presentations~0attach/0/data/base64",
            ),
        ),
        (
            "messages of DIDComm 2",
            json!([
                {"type": "https://didcomm.org/present-proof/3.0/request-presentation", "id": "t", "body": {},
                    "attachments": [{"id": "0", "format": "anoncreds/proof-request@v1.0", "data": {"json": request}}]},
                {"type": "https://didcomm.org/present-proof/3.0/presentation", "id": "p", "thid": "t",
                    "attachments": [{"id": "0", "format": "anoncreds/proof@v1.0", "data": {"json": presentation}}]}]),
            (Messages, Some("t"), "/0/attachments/0/data/json", "/1/attachments/0/data/json"),
        ),
    ]
}

#[test]
fn each_form_is_read_with_request_and_presentation_as_they_were() {
    for text in FIXTURES {
        let (request, presentation) = fixture(text);
        for (name, record, (form, id, request_at, presentation_at)) in
            forms(&request, &presentation)
        {
            let read = one(&record.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(read.form, form, "{name}");
            assert_eq!(read.case.id.as_deref(), id, "{name}");
            assert_eq!(read.case.presentation_request, request, "{name}");
            assert_eq!(read.case.presentation, presentation, "{name}");
            assert_eq!(read.request_at, request_at, "{name}");
            assert_eq!(read.presentation_at, presentation_at, "{name}");
            assert!(record.pointer(request_at).is_some(), "{name}");
        }
    }
}

#[test]
fn a_complete_case_is_read_as_case_reads_it() {
    for text in FIXTURES {
        let record = one(text).unwrap();
        let case = Case::from_json(text).unwrap();
        let json = |case: &Case| serde_json::to_value(case).unwrap();
        assert_eq!(json(&record.case), json(&case));
    }
}

#[test]
fn a_record_keeps_the_result_that_its_program_noted() {
    let (request, presentation) = fixture(ONE);
    let record = |verified: Value| {
        json!({"pres_ex_id": "e", "verified": verified,
            "by_format": {"pres_request": {"indy": request}, "pres": {"indy": presentation}}})
    };
    for (verified, expected) in [
        (json!("true"), Some(true)),
        (json!("false"), Some(false)),
        (json!(true), Some(true)),
        (json!("maybe"), None),
        (Value::Null, None),
    ] {
        let claims = one(&record(verified).to_string()).unwrap().claims_verified;
        assert_eq!(claims, expected);
    }
}

#[test]
fn base64_is_read_in_both_alphabets_padded_or_not() {
    let (request, presentation) = fixture(OPERATORS);
    // characters that differ between the alphabets occur in text with such bytes
    let mut request = request;
    request["name"] = json!("ûÿ?>~ Zoë Müller ???>>>");
    let text = request.to_string();
    for encoded in [
        STANDARD.encode(&text),
        STANDARD_NO_PAD.encode(&text),
        URL_SAFE.encode(&text),
        URL_SAFE_NO_PAD.encode(&text),
        STANDARD
            .encode(&text)
            .as_bytes()
            .chunks(76)
            .map(|line| String::from_utf8_lossy(line) + "\r\n")
            .collect(),
    ] {
        let asked = message("request", "hlindy/proof-req@v2.0", "t", &json!({"base64": encoded}));
        let record = json!([asked, presentation_message("t", &presentation)]);
        assert_eq!(one(&record.to_string()).unwrap().case.presentation_request, request);
    }
}

#[test]
fn a_list_of_records_gives_a_case_or_an_error_for_each() {
    let (request, presentation) = fixture(ONE);
    let done = json!({"pres_ex_id": "a", "by_format": {
        "pres_request": {"indy": request}, "pres": {"indy": presentation}}});
    let waiting = json!({"pres_ex_id": "b", "state": "request-sent",
        "by_format": {"pres_request": {"indy": request}}});
    let records = records::read(&json!({"results": [done, waiting, 5]}).to_string());
    let [first, second, third] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!(first.as_ref().unwrap().case.id.as_deref(), Some("a"));
    let second = second.as_ref().unwrap_err();
    assert_eq!((second.id.as_deref(), second.pointer.as_str()), (Some("b"), "/results/1"));
    assert_eq!(
        second.to_string(),
        "/results/1: there is no presentation in an ACA-Py record of present-proof 2.0; its state is \"request-sent\""
    );
    assert_eq!(third.as_ref().unwrap_err().problem, Problem::NotARecord(ObjectKind::Scalar));

    assert_eq!(problem(&json!({"results": []})), Problem::Empty);
    assert_eq!(problem(&json!([])), Problem::Empty);
}

#[test]
fn messages_of_several_exchanges_are_paired_by_their_threads() {
    let (one_asked, one_answer) = fixture(ONE);
    let (two_asked, two_answer) = fixture(TWO);
    let log = json!([
        request_message("one", &one_asked),
        request_message("two", &two_asked),
        {"@type": "https://didcomm.org/trust_ping/1.0/ping", "@id": "x"},
        presentation_message("two", &two_answer),
        request_message("three", &one_asked),
        presentation_message("one", &one_answer),
        presentation_message("four", &one_answer),
    ]);
    let mut read: Vec<_> = records::read(&log.to_string());
    assert_eq!(read.len(), 4, "{read:?}");
    let unanswered = read.remove(3).unwrap_err();
    assert_eq!((unanswered.id.as_deref(), unanswered.pointer.as_str()), (Some("three"), "/4"));
    let unasked = read.remove(2).unwrap_err();
    assert_eq!((unasked.id.as_deref(), unasked.pointer.as_str()), (Some("four"), "/6"));
    let read: Vec<Record> = read.into_iter().map(Result::unwrap).collect();
    let ids: Vec<_> = read.iter().map(|record| record.case.id.clone().unwrap()).collect();
    assert_eq!(ids, ["two", "one"]);
    assert_eq!(read[0].case.presentation_request, two_asked);
    assert_eq!(read[1].case.presentation, one_answer);
}

#[test]
fn public_data_of_a_test_case_is_read_from_maps_and_lists() {
    let whole: Value = serde_json::from_str(REVOCABLE).unwrap();
    let expected = Case::from_json(REVOCABLE).unwrap();
    let (registry, times) = whole["rev_regs"].as_object().unwrap().iter().next().unwrap();
    let (time, entry) = times.as_object().unwrap().iter().next().unwrap();
    let list = |name: &str| {
        let objects: Vec<&Value> = whole[name].as_object().unwrap().values().collect();
        json!(objects)
    };
    let status = json!({"revRegDefId": registry, "issuerId": "NcYxiDXkpYi6ov5FcYDi1e",
        "revocationList": [0, 0, 0, 0, 0], "currentAccumulator": entry["value"]["accum"],
        "timestamp": time.parse::<u64>().unwrap()});
    let record = json!({
        "pres_req": whole["presentation_request"],
        "presentation": whole["presentation"],
        "schemas": list("schemas"),
        "credential_definitions": list("cred_defs"),
        "rev_reg_defs": list("rev_reg_defs"),
        "rev_regs": whole["rev_regs"],
        "rev_status_lists": [status],
    });
    let case = one(&record.to_string()).unwrap().case;
    assert_eq!(case.schemas, expected.schemas);
    assert_eq!(case.cred_defs, expected.cred_defs);
    assert_eq!(case.rev_reg_defs, expected.rev_reg_defs);
    assert_eq!(case.rev_regs, expected.rev_regs);
    assert_eq!(case.rev_status_lists[registry][time], status);
}

#[test]
fn what_is_not_a_record_is_named() {
    let whole: Value = serde_json::from_str(ONE).unwrap();
    let (request, presentation) = fixture(ONE);
    let schema = whole["schemas"].as_object().unwrap().values().next().unwrap();
    let cred_def = whole["cred_defs"].as_object().unwrap().values().next().unwrap();
    let w3c = |kind: &str| json!({"@context": ["https://www.w3.org/2018/credentials/v1"], "type": ["X", kind], "proof": {}});
    for (value, kind) in [
        (request.clone(), ObjectKind::ProofRequest),
        (presentation.clone(), ObjectKind::Presentation),
        (schema.clone(), ObjectKind::Schema),
        (cred_def.clone(), ObjectKind::CredentialDefinition),
        (json!({"schema_id": "s", "values": {}, "signature": {}}), ObjectKind::Credential),
        (
            json!({"cred_def_id": "c", "key_correctness_proof": {}, "nonce": "1"}),
            ObjectKind::CredentialOffer,
        ),
        (json!({"cred_ex_id": "c", "state": "done"}), ObjectKind::CredentialRecord),
        (
            json!({"@type": "https://didcomm.org/present-proof/2.0/ack", "status": "OK"}),
            ObjectKind::Message,
        ),
        (json!({"id": "r", "threadId": "t", "protocolVersion": "v2"}), ObjectKind::ProofRecord),
        (json!({"value": {"ms": "1"}}), ObjectKind::LinkSecret),
        (w3c("VerifiablePresentation"), ObjectKind::W3cPresentation),
        (w3c("VerifiableCredential"), ObjectKind::W3cCredential),
        (json!({"x": 1}), ObjectKind::OtherObject),
        (json!({}), ObjectKind::OtherObject),
        (json!(5), ObjectKind::Scalar),
        (json!("text"), ObjectKind::Scalar),
        (Value::Null, ObjectKind::Scalar),
    ] {
        assert_eq!(problem(&value), Problem::NotARecord(kind), "{value}");
    }
}

#[test]
fn a_part_that_is_missing_or_of_another_kind_is_named() {
    let (request, presentation) = fixture(ONE);
    let missing = |form, part| Problem::Missing { form, part, state: None };
    let asked = request_message("t", &request);
    let dif =
        message("request", "dif/presentation-exchange/definitions@v1.0", "t", &json!({"json": {}}));
    let link = message(
        "request",
        "hlindy/proof-req@v2.0",
        "t",
        &json!({"links": ["https://example.org"]}),
    );
    for (record, expected) in [
        (json!({"presentation_request": request}), missing(RecordForm::Case, "presentation")),
        (json!({"presentation": presentation}), missing(RecordForm::Case, "request")),
        (json!({"request": {"anoncreds": request}}), missing(RecordForm::Credo, "presentation")),
        (json!({"pres_ex_id": "e"}), missing(RecordForm::AcapyV2, "request")),
        (asked.clone(), missing(RecordForm::Messages, "presentation")),
        (presentation_message("t", &presentation), missing(RecordForm::Messages, "request")),
        (
            json!({"presentation_request": presentation, "presentation": request}),
            Problem::WrongKind { expected: "a proof request", got: ObjectKind::Presentation },
        ),
        (
            json!({"presentation_request": request,
                "presentation": {"@context": [], "type": "VerifiablePresentation"}}),
            Problem::WrongKind { expected: "a presentation", got: ObjectKind::W3cPresentation },
        ),
        (
            json!({"pres_ex_id": "e", "by_format": {"pres_request": {"dif": {}}, "pres": {"dif": {}}}}),
            Problem::OtherFormat { part: "request", formats: vec!["dif".to_owned()] },
        ),
        (
            json!([dif, presentation_message("t", &presentation)]),
            Problem::OtherFormat {
                part: "request",
                formats: vec!["dif/presentation-exchange/definitions@v1.0".to_owned()],
            },
        ),
        (json!([link, presentation_message("t", &presentation)]), Problem::Link),
    ] {
        assert_eq!(problem(&record), expected, "{record}");
    }
    for (part, got) in [
        (json!(5), "5"),
        (json!([]), "a list of 0"),
        (json!("[]"), "a list of 0"),
        (json!(""), "an end that comes too early"),
    ] {
        let record = json!({"presentation_request": request, "presentation": part});
        let error = one(&record.to_string()).unwrap_err();
        assert_eq!(error.pointer, "/presentation");
        assert!(
            matches!(&error.problem, Problem::Malformed { got: found, .. } if found == got),
            "{error}"
        );
    }
}

#[test]
fn a_member_twice_is_refused_at_every_depth() {
    let (request, presentation) = fixture(ONE);
    let twice = r#"{"nonce": "1", "nonce": "2", "requested_attributes": {}}"#;
    let with = |request: &str| {
        format!(r#"{{"presentation_request": {request}, "presentation": {presentation}}}"#)
    };
    let in_base64 = json!([
        message(
            "request",
            "hlindy/proof-req@v2.0",
            "t",
            &json!({"base64": STANDARD.encode(twice)})
        ),
        presentation_message("t", &presentation)
    ]);
    for (text, pointer) in [
        (with(twice), "/presentation_request/nonce"),
        (with(&json!(twice).to_string()), "/presentation_request/nonce"),
        (in_base64.to_string(), "/0/request_presentations~0attach/0/data/base64/nonce"),
        (
            format!(r#"{{"presentation": {request}, "presentation": {presentation}}}"#),
            "/presentation",
        ),
    ] {
        let error = one(&text).unwrap_err();
        assert_eq!((error.pointer.as_str(), &error.problem), (pointer, &Problem::RepeatedMember));
    }
}

#[test]
fn hostile_texts_are_errors_and_soon() {
    let deep = "[".repeat(200_000);
    let deep_inside =
        json!({"presentation_request": "[".repeat(100_000), "presentation": {}}).to_string();
    let many = format!("[{}1]", "1,".repeat(1_000_000));
    let nested_members = format!("{}1{}", r#"{"message":"#.repeat(120), "}".repeat(120));
    let texts = [
        String::new(),
        "{".to_owned(),
        "\u{feff}".to_owned(),
        "9".repeat(1 << 20),
        deep,
        deep_inside,
        nested_members,
        json!({"pres_ex_id": 5, "by_format": [1], "pres": "x"}).to_string(),
        json!([{"@type": "https://didcomm.org/present-proof/2.0/presentation"}]).to_string(),
        json!({"presentation_request": "\"\\\"{}\\\"\"", "presentation": {}}).to_string(),
        json!({"payload": {"payload": {"record": {"payload": {}}}}}).to_string(),
        "x".repeat(11 << 20),
    ];
    for text in texts {
        let read = records::read(&text);
        assert!(read.iter().all(Result::is_err), "{}", &text[..text.len().min(80)]);
    }
    // a record for each element is right, and fast enough
    assert_eq!(records::read(&many).len(), 1_000_001);
}

#[test]
fn two_texts_are_read_in_either_order() {
    let (request, presentation) = fixture(TWO);
    let texts = [request.to_string(), presentation.to_string()];
    let messages = [
        request_message("t", &request).to_string(),
        presentation_message("t", &presentation).to_string(),
    ];
    for [one, other] in [texts.clone(), messages] {
        for (one, other) in [(&one, &other), (&other, &one)] {
            let read = records::read_pair(one, other).unwrap().unwrap();
            assert_eq!(read.case.presentation_request, request);
            assert_eq!(read.case.presentation, presentation);
        }
    }
    assert!(records::read_pair(&texts[0], &texts[0]).is_none());
    assert!(records::read_pair(&texts[0], "{").is_none());
}
