//! Other programs' records as cases, with public data from files and homes.

use std::fs;

use serde_json::{Value, json};
use test_support::program::Finished;

use crate::walkthrough::Walkthrough;

const ONE: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/one-credential.json");
const REVOCABLE: &str = include_str!("../../../crates/proofs/tests/fixtures/cases/revocable.json");

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Writes a case as an ACA-Py record and a file of its public data, `record.json` and
/// `public.json`.
fn write(walkthrough: &Walkthrough, case: &Value) {
    let record = json!({"pres_ex_id": "e1", "state": "done", "verified": "true", "by_format": {
        "pres_request": {"indy": case["presentation_request"]}, "pres": {"indy": case["presentation"]}}});
    let mut public = case.clone();
    for part in ["id", "presentation_request", "presentation"] {
        public.as_object_mut().unwrap().remove(part);
    }
    fs::write(walkthrough.path("record.json"), record.to_string()).unwrap();
    fs::write(walkthrough.path("public.json"), public.to_string()).unwrap();
}

/// Returns the only line of output.
#[track_caller]
fn line(run: &Finished) -> Value {
    let lines = run.lines();
    assert_eq!(lines.len(), 1, "{run:?}");
    lines[0].clone()
}

#[test]
fn a_record_with_public_data_is_a_case_that_is_verified() {
    let walkthrough = Walkthrough::new();
    for text in [ONE, REVOCABLE] {
        let mut expected = parse(text);
        write(&walkthrough, &expected);
        let run = walkthrough
            .run(&["case", "from", "record.json", "--public", "public.json"])
            .succeeded();
        assert_eq!(run.stderr, "");
        let mut case = line(&run);
        assert_eq!(case["id"], "e1");
        for case in [&mut case, &mut expected] {
            case.as_object_mut().unwrap().retain(|name, _| name != "id" && name != "format");
        }
        assert_eq!(case, expected);
        let mut program = walkthrough.program_without_key();
        program.args(["verify", "--engine", "indy-credx", "-"]);
        let verdict = Finished::with_input(program, &run.stdout).succeeded();
        assert!(verdict.stdout.starts_with("e1: verified"), "{}", verdict.stdout);
    }
}

#[test]
fn a_home_s_ledger_has_what_the_record_lacks() {
    let walkthrough = Walkthrough::after_step(4);
    let own = line(&walkthrough.run_at_home(&["case"]).succeeded());
    write(&walkthrough, &own);
    let run = walkthrough.run_at_home(&["case", "from", "record.json"]).succeeded();
    assert_eq!(run.stderr, "");
    let mut case = line(&run);
    case["id"] = own["id"].clone();
    assert_eq!(case, own);

    // a file comes before the home, and the home before the record
    let mut record = own.clone();
    let schema = own["schemas"].as_object().unwrap().keys().next().unwrap();
    record["schemas"][schema]["version"] = json!("9.9");
    fs::write(walkthrough.path("record.json"), record.to_string()).unwrap();
    let with_home = walkthrough.run_at_home(&["case", "from", "record.json"]).succeeded();
    assert_eq!(line(&with_home)["schemas"], own["schemas"]);
    fs::write(walkthrough.path("other.json"), json!({"schemas": record["schemas"]}).to_string())
        .unwrap();
    let arguments = ["case", "from", "record.json", "--public", "other.json"];
    let with_file = walkthrough.run_at_home(&arguments).succeeded();
    assert_eq!(line(&with_file)["schemas"], record["schemas"]);
    let alone = walkthrough.run(&["case", "from", "record.json"]).succeeded();
    assert_eq!(line(&alone)["schemas"], record["schemas"]);
}

#[test]
fn what_no_source_has_is_named_and_is_not_an_error() {
    let walkthrough = Walkthrough::after_step(2);
    let case = parse(REVOCABLE);
    write(&walkthrough, &case);
    for arguments in
        [&["case", "from", "record.json"][..], &["case", "from", "record.json", "--home", "home"]]
    {
        let run = walkthrough.run(arguments);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!(line(&run)["schemas"], json!({}));
        for words in [
            "warning: record.json: no source has the schema NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0",
            "no source has the credential definition NcYxiDXkpYi6ov5FcYDi1e:3:CL:15:REVOCABLE",
            "no source has the revocation registry definition NcYxiDXkpYi6ov5FcYDi1e:4:",
            "CL_ACCUM:R1 at 1600000000",
        ] {
            assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
        }
    }
}

#[test]
fn a_file_that_is_not_a_record_is_named_with_what_to_do() {
    let walkthrough = Walkthrough::new();
    let case = parse(ONE);
    let (request, presentation) = (&case["presentation_request"], &case["presentation"]);
    let schema = case["schemas"].as_object().unwrap().values().next().unwrap();
    for (value, words) in [
        (request.clone(), &["this looks like a proof request", "`negotiate-proof lint`"][..]),
        (
            presentation.clone(),
            &["this looks like a presentation", "with the request that it answers"],
        ),
        (schema.clone(), &["this looks like a schema", "--public"]),
        (
            json!({"@context": [], "type": "VerifiablePresentation"}),
            &["a presentation of W3C credentials"],
        ),
        (
            json!({"pres_ex_id": "e", "state": "request-sent"}),
            &["there is no request", "its state is \"request-sent\""],
        ),
        (
            json!({"x": 1}),
            &["give a case, or the record of a proof exchange as ACA-Py or Credo has it"],
        ),
        (json!({"results": []}), &["/results: the list of records is empty"]),
    ] {
        fs::write(walkthrough.path("file.json"), value.to_string()).unwrap();
        let run = walkthrough.run(&["case", "from", "file.json"]).failed(2, words);
        assert!(run.stderr.starts_with("error: file.json: "), "{}", run.stderr);
    }
    fs::write(walkthrough.path("file.json"), "not JSON").unwrap();
    walkthrough.run(&["case", "from", "file.json"]).failed(2, &["expected JSON"]);
    walkthrough.run(&["case", "from", "missing.json"]).failed(2, &["cannot read missing.json"]);
    walkthrough.run(&["case", "from"]).failed(2, &["<FILE>"]);
    walkthrough.run(&["case"]).failed(2, &["--home"]);
}

#[test]
fn each_record_of_a_list_is_printed_or_named() {
    let walkthrough = Walkthrough::new();
    let case = parse(ONE);
    write(&walkthrough, &case);
    let done = parse(&fs::read_to_string(walkthrough.path("record.json")).unwrap());
    let list = json!({"results": [{"pres_ex_id": "w", "state": "request-sent"}, done, done]});
    // the list, and after it another record
    fs::write(walkthrough.path("list.json"), format!("{list}\n{done}\n")).unwrap();
    let arguments = ["case", "from", "list.json", "--public", "public.json"];
    let run = walkthrough.run(&arguments).failed(2, &["error: list.json#1: /results/0: "]);
    assert_eq!(run.lines().len(), 3, "{run:?}");
}

#[test]
fn a_request_and_a_presentation_are_read_from_two_files() {
    let walkthrough = Walkthrough::new();
    let case = parse(ONE);
    write(&walkthrough, &case);
    fs::write(walkthrough.path("request.json"), case["presentation_request"].to_string()).unwrap();
    fs::write(walkthrough.path("presentation.json"), case["presentation"].to_string()).unwrap();
    for files in [["request.json", "presentation.json"], ["presentation.json", "request.json"]] {
        let arguments = [&["case", "from"], &files[..], &["--public", "public.json"]].concat();
        let found = line(&walkthrough.run(&arguments).succeeded());
        assert_eq!(found["presentation_request"], case["presentation_request"]);
        assert_eq!(found["presentation"], case["presentation"]);
    }
}

#[test]
fn sources_that_cannot_be_used_are_named() {
    let walkthrough = Walkthrough::new();
    let case = parse(ONE);
    write(&walkthrough, &case);
    let mut other = parse(&fs::read_to_string(walkthrough.path("public.json")).unwrap());
    other["schemas"]["NcYxiDXkpYi6ov5FcYDi1e:2:gvt:1.0"]["version"] = json!("2.0");
    fs::write(walkthrough.path("other.json"), other.to_string()).unwrap();
    let modern = json!({"issuerId": "x", "name": "gvt", "version": "1.0", "attrNames": []});
    fs::write(walkthrough.path("modern.json"), modern.to_string()).unwrap();
    let from = |arguments: &[&str]| {
        walkthrough.run(&[&["case", "from", "record.json"], arguments].concat())
    };
    from(&["--public", "public.json", "--public", "other.json"])
        .failed(2, &["other.json and an earlier file contradict each other", "occurs twice"]);
    from(&["--public", "modern.json"])
        .failed(2, &["cannot use modern.json", "without its identifier"]);
    from(&["--public", "record.json"]).failed(2, &["cannot use record.json", "not public data"]);
    from(&["--public", "missing.json"]).failed(2, &["cannot read missing.json"]);
    from(&["--home", "nowhere"]).failed(2, &["there is no ledger in nowhere"]);
    assert!(!walkthrough.path("nowhere").exists());
    from(&["--genesis", "record.json"]).failed(2, &["cannot use the pool of record.json"]);
}

#[test]
fn a_record_is_verified_with_public_data_from_a_file() {
    let walkthrough = Walkthrough::new();
    write(&walkthrough, &parse(ONE));
    let verify = ["verify", "record.json", "--json"];
    let with = walkthrough.run(&[&verify[..], &["--public", "public.json"]].concat()).succeeded();
    let verdict = line(&with);
    assert_eq!(
        (verdict["id"].as_str(), verdict["verdict"].as_str()),
        (Some("e1"), Some("verified"))
    );

    // what is missing is no reason to reject
    let without = walkthrough.run(&verify);
    assert_eq!((without.code, without.stderr.as_str()), (Some(2), ""));
    let verdict = line(&without);
    assert_eq!(verdict["verdict"], "undecided");
    assert_eq!(
        verdict["checks"][2]["remedy"],
        "read it from the ledger and give it under `schemas`"
    );
    let text = walkthrough.run(&verify[..2]).stdout;
    assert!(text.contains("\n  public data is missing: take it from --public FILE, "), "{text}");
}

#[test]
fn a_request_and_a_presentation_are_verified_from_two_files() {
    let walkthrough = Walkthrough::new();
    let case = parse(ONE);
    write(&walkthrough, &case);
    for part in ["presentation", "presentation_request"] {
        fs::write(walkthrough.path(part), case[part].to_string()).unwrap();
    }
    let verify = ["verify", "presentation", "presentation_request", "--public", "public.json"];
    let verified = walkthrough.run(&verify).succeeded().stdout;
    assert!(verified.starts_with("presentation and presentation_request: verified"), "{verified}");
}

#[test]
fn what_verify_cannot_read_is_named_with_what_to_do() {
    let walkthrough = Walkthrough::new();
    let case = parse(ONE);
    for (part, looks_like, advice) in [
        ("presentation_request", "a proof request", "`negotiate-proof lint` reads proof requests"),
        ("presentation", "a presentation", "give it with the request that it answers"),
        ("schemas", "public data", "--public"),
    ] {
        fs::write(walkthrough.path("file"), case[part].to_string()).unwrap();
        let run = walkthrough.run(&["verify", "file"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{part}: {}", run.stderr);
        assert!(run.stderr.starts_with("error: file:1: "), "{}", run.stderr);
        if part != "schemas" {
            assert!(
                run.stderr.contains(looks_like) && run.stderr.contains(advice),
                "{}",
                run.stderr
            );
        }
    }
    // a linter that takes a presentation for a request would have it changed into one
    fs::write(walkthrough.path("file"), case["presentation"].to_string()).unwrap();
    let advice = ["this looks like a presentation", "`negotiate-proof verify`"];
    walkthrough.run(&["lint", "file"]).failed(2, &advice);
}

#[test]
fn a_list_of_messages_is_one_exchange_and_parts_may_be_texts() {
    let walkthrough = Walkthrough::new();
    let case = parse(ONE);
    write(&walkthrough, &case);
    let message = |kind: &str, part: &str, id: &str| {
        json!({"@type": format!("https://didcomm.org/present-proof/2.0/{kind}"), "@id": id,
            "~thread": {"thid": "t1"}, "formats": [],
            (if part == "presentation" { "presentations~attach" } else { "request_presentations~attach" }):
                [{"@id": "0", "data": {"json": case[part]}}]})
    };
    let request = message("request-presentation", "presentation_request", "t1");
    let presentation = message("presentation", "presentation", "p1");
    let record = json!({"presentation_exchange_id": "e2",
        "presentation_request": case["presentation_request"].to_string(),
        "presentation": case["presentation"].to_string()});
    let mut pending = record.clone();
    pending["presentation"] = Value::Null;
    for (written, verdict) in [
        (json!([presentation, request]), Some("t1")),
        (json!({"messages": [request, presentation]}), Some("t1")),
        (record, Some("e2")),
        (pending, None),
    ] {
        fs::write(walkthrough.path("file"), written.to_string()).unwrap();
        let run = walkthrough.run(&["verify", "file", "--json", "--public", "public.json"]);
        match verdict {
            Some(id) => {
                assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{id}");
                assert_eq!(line(&run)["verdict"], "verified");
            }
            None => {
                assert_eq!(run.code, Some(2), "{}", run.stderr);
                assert!(run.stderr.contains("there is no presentation"), "{}", run.stderr);
            }
        }
    }
}
