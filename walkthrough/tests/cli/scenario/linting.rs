//! What is wrong with the files of a scenario.

use std::{collections::BTreeSet, fs, process::Command};

use serde_json::{Value, json};
use test_support::{keys, schema::Schema};

use super::{Played, shown};

#[test]
fn what_is_wrong_with_each_file_is_listed_with_its_place() {
    let played = Played::new("gvt");
    played.change("issuers/gvt.json", |issuer| {
        issuer["labell"] = json!("x");
        issuer["seed"] = json!("short");
        issuer["schemas"][0]["attributes"] = json!(["age", "sex", "height", "name", "A ge", ""]);
        issuer["schemas"][0]["version"] = json!("one");
        issuer["schemas"][0]["prepared_key"] = json!("nowhere.json");
    });
    played.change("holders/alex.json", |holder| {
        holder["did"] = json!("alex");
        holder["name"] = json!(17);
    });
    played.change("requests/proof_req_1.json", |request| {
        request["format"] = json!(2);
        request["hide"] = json!("all");
        request.as_object_mut().unwrap().remove("holder");
    });
    played.has_errors(&[
        "holders/alex.json /did wrong-value",
        "holders/alex.json /name wrong-type",
        "issuers/gvt.json /labell unknown-member",
        "issuers/gvt.json /schemas/0/attributes/4 repeated-name",
        "issuers/gvt.json /schemas/0/attributes/5 wrong-value",
        "issuers/gvt.json /schemas/0/prepared_key unusable-key",
        "issuers/gvt.json /schemas/0/version wrong-value",
        "issuers/gvt.json /seed wrong-value",
        "requests/proof_req_1.json /format wrong-value",
        "requests/proof_req_1.json /hide wrong-type",
        "requests/proof_req_1.json /holder missing-member",
    ]);
    fs::write(played.file("issuers/gvt.json"), "{\"label\": \"a\", \"label\": \"b\"}").unwrap();
    fs::write(played.file("holders/alex.json"), "{").unwrap();
    fs::write(played.file("holders/Alex Two.json"), "{}").unwrap();
    fs::remove_file(played.file("requests/proof_req_1.json")).unwrap();
    played.has_errors(&[
        "holders/Alex Two.json  file-name",
        "holders/alex.json  not-json",
        "issuers/gvt.json  not-json",
        "requests  nothing-to-play",
    ]);
}

#[test]
fn references_between_files_must_lead_somewhere() {
    let played = Played::new("gvt");
    played.change("credentials/alex.json", |credential| {
        credential["holder"] = json!("alix");
        credential["schema"] = json!("gvt2");
    });
    played.change("requests/proof_req_1.json", |request| {
        request["self_attested"] = json!({"attr1_referent": "Alex", "attr2_referent": "x"});
        request["hide"] = json!(["predicate1_referent"]);
        let attribute = &mut request["proof_request"]["requested_attributes"]["attr1_referent"];
        attribute["restrictions"]["schema_id"] = json!("${schema.gvt.other}");
    });
    played.has_errors(&[
        "credentials/alex.json /holder unknown-reference",
        "credentials/alex.json /schema unknown-reference",
        "requests/proof_req_1.json \
         /proof_request/requested_attributes/attr1_referent/restrictions/schema_id \
         unknown-placeholder",
        "requests/proof_req_1.json /self_attested/attr1_referent self-attested",
        "requests/proof_req_1.json /self_attested/attr2_referent unknown-reference",
        "requests/proof_req_1.json /hide/0 unknown-reference",
    ]);
    let lint = played.run(&["scenario", "lint", "scenario"]);
    let advice = r#"  do     write "${cred_def.gvt.gvt}" or "#;
    assert!(lint.stdout.contains(r#"  found  "${schema.gvt.other}""#), "{}", lint.stdout);
    assert!(lint.stdout.contains(advice), "{}", lint.stdout);
    assert!(lint.stdout.ends_with("6 errors, 1 warning, 1 note.\n"), "{}", lint.stdout);
}

#[test]
fn a_credential_has_the_attributes_of_its_schema_and_values_that_can_be_compared() {
    let played = Played::new("gvt");
    played.change("credentials/alex.json", |credential| {
        credential["values"] =
            json!({"sex": "male", "Name": "Alex", "age": "twenty-eight", "salary": 3, "height": null});
    });
    played.has_errors(&[
        "credentials/alex.json /values/height unusable-value",
        "credentials/alex.json /values/salary unknown-attribute",
        "credentials/alex.json /values/age not-comparable",
        "requests/proof_req_1.json \
         /proof_request/requested_predicates/predicate1_referent unanswered",
    ]);
}

#[test]
fn a_request_is_examined_as_by_lint_with_placeholders_filled_in() {
    let played = Played::new("gvt");
    played.change("requests/proof_req_1.json", |request| {
        let asked = &mut request["proof_request"]["requested_attributes"]["attr1_referent"];
        asked["restrictions"] = json!({"isuer_did": "${issuer.gvt}"});
        request["proof_request"]["requested_predicates"]["predicate1_referent"]["p_type"] =
            json!("=>");
    });
    let (code, found) = played.lint();
    assert_eq!(code, Some(1));
    let of = |rule: &str| found.iter().find(|found| found[2] == rule).map(|found| &found[1]);
    assert_eq!(
        of("unknown-predicate-type").unwrap(),
        "/proof_request/requested_predicates/predicate1_referent/p_type"
    );
    assert_eq!(
        of("unknown-tag").unwrap(),
        "/proof_request/requested_attributes/attr1_referent/restrictions/isuer_did"
    );
}

#[test]
fn what_a_verifier_refuses_of_a_group_is_found() {
    let played = Played::new("payslip");
    played.change("requests/loan.json", |request| {
        request["hide"] = json!(["employer", "who"]);
        request["self_attested"]["phones"] = json!("555 0137");
        request["proof_request"]["requested_attributes"]["phones"] = json!({"names": ["phone"]});
    });
    played.has_errors(&[
        "requests/loan.json /hide/1 group",
        "requests/loan.json /self_attested/phones group",
    ]);
    played.play(&[]).failed(2, &["requests/loan.json at /hide/1: "]);
}

#[test]
fn predicates_that_nothing_satisfies_and_long_requests_are_found() {
    let played = Played::new("gvt");
    let predicate = |p_type: &str, p_value: i32| {
        played.change("requests/proof_req_1.json", |request| {
            let one = &mut request["proof_request"]["requested_predicates"]["predicate1_referent"];
            one["p_type"] = json!(p_type);
            one["p_value"] = json!(p_value);
        });
    };
    let place = "requests/proof_req_1.json /proof_request/requested_predicates/predicate1_referent";
    let unanswered = format!("{place} unanswered");
    // 28 is as far from it as no library can prove
    predicate(">=", i32::MIN);
    played.has_errors(&[&unanswered]);
    let lint = played.run(&["scenario", "lint", "scenario"]);
    assert!(lint.stdout.contains("no distance above 2147483647 can be proved"), "{}", lint.stdout);
    predicate(">", i32::MAX);
    played.has_errors(&[&unanswered, &format!("{place}/p_value bound-never-holds")]);

    predicate(">=", 18);
    played.change("requests/proof_req_1.json", |request| {
        request["proof_request"]["name"] = json!("x".repeat(300_000));
    });
    let (code, found) = played.lint();
    assert_eq!(code, Some(1));
    assert!(found.iter().any(|found| found[1] == "/proof_request"), "{found:?}");
    played.play(&[]).failed(2, &["requests/proof_req_1.json at /proof_request: "]);
}

#[test]
fn literal_identifiers_that_follow_from_seeds_are_known() {
    let played = Played::new("gvt");
    played.change("issuers/gvt.json", |issuer| {
        issuer["seed"] = json!("0000000000000000000000000Issuer1");
    });
    let issuer = {
        let run = played.play(&["--json"]).succeeded();
        shown(&run, "5", "Trust anchor DID").as_str().unwrap().to_owned()
    };
    let steward = "Th7MpTaRZVRYnPiabds81Y";
    for restriction in [
        json!({"issuer_did": issuer}),
        json!({"schema_issuer_did": steward}),
        json!({"schema_id": format!("{steward}:2:gvt:1.0")}),
        json!({"cred_def_id": format!("{issuer}:3:CL:8:TAG1")}),
    ] {
        played.change("requests/proof_req_1.json", |request| {
            let asked = &mut request["proof_request"]["requested_attributes"]["attr1_referent"];
            asked["restrictions"] = restriction.clone();
        });
        let (code, found) = played.lint();
        assert_eq!(code, Some(0), "{restriction}: {found:?}");
        played.play(&["--quiet"]).succeeded();
    }
    // no stand-in for what is drawn is ever shown
    played.change("issuers/gvt.json", |issuer| {
        issuer.as_object_mut().unwrap().remove("seed");
    });
    let lint = played.run(&["scenario", "lint", "scenario"]);
    assert_eq!(lint.code, Some(1), "{lint:?}");
    assert!(lint.stdout.contains("${cred_def.gvt.gvt}"), "{}", lint.stdout);
}

#[test]
fn a_value_is_compared_only_if_the_predicate_admits_its_credential() {
    let played = Played::new("passport-or-licence");
    played.change("requests/hotel-ben.json", |request| {
        request["proof_request"]["requested_predicates"]["adult"]["name"] = json!("name");
    });
    played.has_errors(&[
        "credentials/ben-licence.json /values/name not-comparable",
        "requests/hotel-ben.json /proof_request/requested_predicates/adult unanswered",
    ]);
    played.change("requests/hotel-ben.json", |request| {
        let adult = &mut request["proof_request"]["requested_predicates"]["adult"];
        adult["restrictions"] = json!({"cred_def_id": "${cred_def.passport-office.passport}"});
    });
    played.has_errors(&[
        "requests/hotel-ben.json /proof_request/requested_predicates/adult unanswered",
    ]);
}

#[test]
fn what_cannot_be_used_has_one_finding_and_no_others_that_follow() {
    let played = Played::new("gvt");
    fs::write(played.file("issuers/gvt.json"), "{").unwrap();
    played.has_errors(&["issuers/gvt.json  not-json"]);
    let (_, found) = played.lint();
    assert!(found.iter().all(|found| found[2] != "unused"), "{found:?}");

    let played = Played::new("gvt");
    fs::write(played.file("credentials/alex.json"), "{").unwrap();
    played.has_errors(&["credentials/alex.json  not-json"]);
    let (_, found) = played.lint();
    assert!(found.iter().all(|found| found[2] != "unused"), "{found:?}");
}

#[test]
fn files_that_are_not_read_are_warned_of() {
    let played = Played::new("gvt");
    fs::create_dir(played.file("credential")).unwrap();
    fs::create_dir(played.file("requests/more")).unwrap();
    fs::create_dir(played.file("photos")).unwrap();
    fs::create_dir(played.file("keys")).unwrap();
    for name in ["credential/ben.json", "top.json", "photos/a.png"] {
        fs::write(played.file(name), "{}").unwrap();
    }
    fs::copy(keys::GVT_PATH, played.file("keys/gvt.json")).unwrap();
    played.change("issuers/gvt.json", |issuer| {
        issuer["schemas"][0]["prepared_key"] = json!("keys/gvt.json");
    });
    let (code, found) = played.lint();
    assert_eq!(code, Some(0), "{found:?}");
    let others: BTreeSet<&str> =
        found.iter().filter(|one| one[2] == "other-file").map(|one| one[0].as_str()).collect();
    assert_eq!(others, BTreeSet::from(["credential", "requests/more", "top.json"]));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_a_file_of_a_scenario() {
    let played = Played::new("gvt");
    let pipe = |name: &str| {
        let made = Command::new("mkfifo").arg(played.file(name)).status().unwrap();
        assert!(made.success());
    };
    pipe("pipe");
    fs::remove_file(played.file("holders/alex.json")).unwrap();
    pipe("holders/alex.json");
    played.change("issuers/gvt.json", |issuer| {
        issuer["schemas"][0]["prepared_key"] = json!("pipe");
    });
    played.change("credentials/alex.json", |one| one["values"]["name"] = json!({"file": "pipe"}));
    played.has_errors(&[
        "holders/alex.json  unreadable",
        "issuers/gvt.json /schemas/0/prepared_key unusable-key",
        "credentials/alex.json /values/name unusable-value",
    ]);
}

#[test]
fn two_issuers_have_different_seeds_and_schemas() {
    let played = Played::new("passport-or-licence");
    let seed = "0000000000000000000000000Issuer1";
    for issuer in ["passport-office", "road-authority"] {
        played.change(&format!("issuers/{issuer}.json"), |content| {
            content["seed"] = json!(seed);
            content["schemas"][0]["name"] = json!("document");
            if issuer == "road-authority" {
                content["schemas"][0].as_object_mut().unwrap().remove("prepared_key");
                content["schemas"][0]["attributes"] = json!(["name", "number"]);
            }
        });
    }
    let (_, found) = played.lint();
    let found: BTreeSet<&str> = found
        .iter()
        .filter(|found| found[0] == "issuers/road-authority.json")
        .map(|found| found[2].as_str())
        .collect();
    assert!(found.is_superset(&BTreeSet::from(["same-issuer", "other-schema"])), "{found:?}");

    // the same bytes, in hexadecimal digits
    played.change("issuers/road-authority.json", |content| {
        let digits: String = seed.bytes().map(|byte| format!("{byte:02X}")).collect();
        content["seed"] = json!(digits);
    });
    let (_, found) = played.lint();
    assert!(found.iter().any(|found| found[2] == "same-issuer"), "{found:?}");
}

#[test]
fn a_scenario_with_errors_is_not_played() {
    let played = Played::new("gvt");
    played.change("credentials/alex.json", |credential| {
        credential["values"]["weight"] = json!(70);
    });
    let run = played.play(&["--home", "home"]);
    run.failed(2, &["credentials/alex.json at /values/weight", "`negotiate-proof scenario lint"]);
    assert!(!played.sandbox.path("home").exists());
    let missing = played.run(&["--scenario", "nowhere"]);
    missing.failed(2, &["there is no nowhere", "negotiate-proof scenario init"]);
    played.run(&["scenario", "lint", "nowhere"]).failed(2, &["there is no nowhere"]);
    fs::remove_dir_all(played.file("holders")).unwrap();
    played.play(&[]).failed(2, &["no file in holders", "credentials/alex.json at /holder"]);
}

#[test]
fn every_file_of_a_template_is_as_its_schema_says() {
    let played = Played::empty();
    for template in ["gvt", "payslip", "licence", "passport-or-licence"] {
        let played = Played::new(template);
        for (kind, name) in [
            ("issuers", "scenario-issuer"),
            ("credentials", "scenario-credential"),
            ("holders", "scenario-holder"),
            ("requests", "scenario-request"),
        ] {
            let schema = Schema::new(&played.run(&["schema", name]).succeeded().stdout);
            for path in played.files(kind) {
                let content: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
                assert!(schema.allows(&content), "{}", path.display());
                let mut other = content;
                other["unknown"] = json!(1);
                assert!(!schema.allows(&other), "{}", path.display());
            }
        }
    }
    drop(played);
}

#[test]
fn an_error_of_several_lines_has_lines_and_each_is_escaped() {
    let played = Played::new("payslip");
    fs::remove_file(played.file("holders/mia.json")).unwrap();
    played.change("credentials/payslip.json", |one| one["values"]["a\nb"] = json!("x"));
    let run = played.play(&[]);
    assert_eq!(run.code, Some(2), "{run:?}");
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines[0], "error: cannot play scenario:");
    assert!(lines[1].starts_with("  credentials/identity.json at /holder: "), "{lines:?}");
    assert!(run.stderr.contains("at /values/a\\nb: "), "{lines:?}");
    assert_eq!(lines.last().unwrap(), &"`negotiate-proof scenario lint scenario` says why");
}
