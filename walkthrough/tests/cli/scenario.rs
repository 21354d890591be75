//! Scenarios: made from a template, checked, and played as the tutorial's actions.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command, thread, time::Duration};

use serde_json::{Value, json};
use test_support::{
    keys,
    program::{Finished, Running, Sandbox},
    schema::Schema,
};

use crate::walkthrough::{ACTIONS, action_number, actions, read_up_to};

/// A directory with a scenario.
struct Played {
    sandbox: Sandbox,
}

impl Played {
    fn empty() -> Self {
        Self { sandbox: Sandbox::new(env!("CARGO_BIN_EXE_negotiate-proof")) }
    }

    /// Makes a scenario from a template, with keys made in advance.
    fn new(template: &str) -> Self {
        let played = Self::empty();
        played.run(&["scenario", "init", "scenario", "--template", template]).succeeded();
        for path in played.files("issuers") {
            let name = path.file_name().unwrap().to_str().unwrap();
            played.change(&format!("issuers/{name}"), |issuer| {
                for schema in issuer["schemas"].as_array_mut().unwrap() {
                    let attributes = schema["attributes"].as_array().unwrap();
                    let key = match attributes.last().unwrap().as_str().unwrap() {
                        "name" => keys::GVT_PATH,
                        "address" => keys::IDENTITY_PATH,
                        "permanent" => keys::PAYSLIP_PATH,
                        "photo" => keys::LICENCE_PATH,
                        "expires_dateint" => keys::DOCUMENT_PATH,
                        other => panic!("no key for {other}"),
                    };
                    schema["prepared_key"] = json!(key);
                }
            });
        }
        played
    }

    fn files(&self, kind: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.file(kind)).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    fn file(&self, name: &str) -> PathBuf {
        self.sandbox.path("scenario").join(name)
    }

    fn write(&self, name: &str, content: &Value) {
        fs::write(self.file(name), content.to_string()).unwrap();
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Value)) {
        let mut content = serde_json::from_slice(&fs::read(self.file(name)).unwrap()).unwrap();
        change(&mut content);
        self.write(name, &content);
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut program = self.sandbox.program();
        program.args(arguments);
        program
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        Finished::of(self.program(arguments))
    }

    fn play(&self, arguments: &[&str]) -> Finished {
        self.run(&[&["--scenario", "scenario"], arguments].concat())
    }

    /// Returns `[file, pointer, rule]` of each finding, and the exit code.
    fn lint(&self) -> (Option<i32>, Vec<[String; 3]>) {
        let run = self.run(&["scenario", "lint", "scenario", "--json"]);
        let of = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
        let lines = run.lines();
        let found =
            lines.iter().map(|line| [of(line, "file"), of(line, "pointer"), of(line, "lint")]);
        (run.code, found.collect())
    }

    /// Asserts that the errors are these and no others, each as `file pointer rule`.
    #[track_caller]
    fn has_errors(&self, expected: &[&str]) {
        let run = self.run(&["scenario", "lint", "scenario", "--json"]);
        assert_eq!(run.code, Some(1), "{run:?}");
        let schema = Schema::new(&self.run(&["schema", "finding"]).succeeded().stdout);
        let lines = run.lines();
        lines.iter().for_each(|line| schema.assert_describes(line));
        let errors = lines.iter().filter(|line| line["severity"] == "error");
        let found: BTreeSet<String> = errors
            .map(|line| {
                let of = |name: &str| line[name].as_str().unwrap();
                format!("{} {} {}", of("file"), of("pointer"), of("lint"))
            })
            .collect();
        let expected = expected.iter().map(|&error| error.to_owned()).collect();
        assert_eq!(found, expected, "{}", run.stdout);
    }
}

/// Returns the number and label of each action.
fn labels(run: &Finished) -> Vec<(String, String)> {
    let lines = run.lines();
    let shown = lines.iter().filter_map(|line| {
        Some((action_number(line)?, line["label"].as_str().unwrap().to_owned()))
    });
    shown.collect()
}

/// Returns what an action showed under a name.
#[track_caller]
fn shown(run: &Finished, action: &str, name: &str) -> Value {
    let lines = run.lines();
    let line = lines.iter().find(|line| action_number(line).as_deref() == Some(action));
    line.unwrap_or_else(|| panic!("no action {action}"))["value"][name].clone()
}

#[test]
fn the_template_gvt_plays_the_walkthroughs_actions_under_their_labels() {
    let played = Played::new("gvt");
    let scenario = played.play(&["--json"]).succeeded();
    let walkthrough = played.run(&["--json", "--prepared-key", keys::GVT_PATH]).succeeded();
    assert_eq!(labels(&scenario), labels(&walkthrough));
    assert_eq!(labels(&scenario).len(), ACTIONS.len());
    // what is not drawn is the same too
    for (action, name) in [
        ("3", "Issuer wallet"),
        ("4", "Steward DID"),
        ("8", "Schema"),
        ("12", "Prover wallet"),
        ("12", "Prover DID"),
        ("13", "Link Secret name"),
        ("22", "Closed"),
        ("24", "Deleted"),
    ] {
        let (ours, theirs) = (shown(&scenario, action, name), shown(&walkthrough, action, name));
        assert_eq!(ours, theirs, "{action} {name}");
    }
    assert_eq!(shown(&scenario, "16", "Credential")["values"], {
        shown(&walkthrough, "16", "Credential")["values"].clone()
    });
    let (ours, theirs) = (scenario.last_line(), walkthrough.last_line());
    assert_eq!(ours["learned"], theirs["learned"]);
    assert_eq!((&ours["request"], &ours["holder"]), (&json!("proof_req_1"), &json!("alex")));
    assert_eq!(played.sandbox.left_behind(), Vec::<PathBuf>::new());
}

#[test]
fn each_template_has_no_findings_but_notes_and_plays_to_verified() {
    for (template, requests) in [
        ("gvt", &["proof_req_1"][..]),
        ("payslip", &["loan"]),
        ("licence", &["age", "rental"]),
        ("passport-or-licence", &["hotel-ada", "hotel-ben"]),
    ] {
        let played = Played::new(template);
        let lint = played.run(&["scenario", "lint", "scenario", "--json"]);
        assert_eq!(lint.code, Some(0), "{template}: {lint:?}");
        let serious: Vec<Value> =
            lint.lines().into_iter().filter(|line| line["severity"] != "note").collect();
        assert_eq!(serious, Vec::<Value>::new(), "{template}");

        let run = played.play(&["--json"]).succeeded();
        let schema = Schema::new(&played.run(&["schema", "action"]).succeeded().stdout);
        let lines = run.lines();
        lines.iter().for_each(|line| schema.assert_describes(line));
        let ends: Vec<&Value> = lines.iter().filter(|line| line.get("verdict").is_some()).collect();
        let names: Vec<&str> = ends.iter().map(|end| end["request"].as_str().unwrap()).collect();
        assert_eq!(names, requests, "{template}");
        assert!(ends.iter().all(|end| end["verdict"] == "verified"), "{template}: {ends:?}");
    }
}

#[test]
fn actions_for_several_issuers_and_credentials_are_numbered() {
    let run = Played::new("payslip").play(&["--json"]).succeeded();
    assert_eq!(
        actions(&run),
        [
            "1", "2", "3.1", "4.1", "5.1", "6.1", "7.1", "3.2", "4.2", "5.2", "6.2", "7.2", "8.1",
            "9.1", "10.1", "11.1", "11b.1", "8.2", "9.2", "10.2", "11.2", "11b.2", "12", "13",
            "14.1", "15.1", "16.1", "17.1", "14.2", "15.2", "16.2", "17.2", "18", "19", "20", "21",
            "22", "23", "24"
        ]
    );
    assert_eq!(shown(&run, "3.1", "Issuer"), "Mill & Sons");
    assert_eq!(shown(&run, "3.2", "Issuer wallet"), "issuer_wallet_registry");
    assert_eq!(shown(&run, "8.2", "Issuer"), "The residents' registry");
    assert_eq!(shown(&run, "14.2", "Credential"), "payslip");
    assert_eq!(shown(&run, "12", "Prover wallet"), "prover_wallet");
    // the same steward writes both schemas, each under its own name
    assert_eq!(shown(&run, "8.1", "Schema")["name"], "payslip");
}

#[test]
fn a_request_is_filled_in_and_answered_as_its_file_says() {
    let run = Played::new("payslip").play(&["--json"]).succeeded();
    let request = shown(&run, "18", "Proof Request");
    let cred_def = shown(&run, "11.1", "Credential definition")["id"].clone();
    let asked = &request["requested_attributes"]["employer"]["restrictions"]["cred_def_id"];
    assert_eq!(asked, &cred_def);
    assert!(request["nonce"].as_str().unwrap().len() > 15, "{request}");
    let proof = shown(&run, "20", "Proof")["requested_proof"].clone();
    assert_eq!(proof["self_attested_attrs"], json!({"phone": "555 0137"}));
    assert!(proof["unrevealed_attrs"]["employer"]["sub_proof_index"].is_u64(), "{proof}");
    assert!(proof["revealed_attrs"].get("employer").is_none(), "{proof}");
    let learned = run.last_line()["learned"].to_string();
    for clause in [
        "the first_name is Mia",
        "the prover holds the attribute employer and does not show it",
        "the net_salary is at least 2500",
        "the prover says, without a credential, that the phone is 555 0137",
    ] {
        assert!(learned.contains(clause), "{clause}: {learned}");
    }
    assert!(!learned.contains("2950"), "{learned}");
}

#[test]
fn each_of_several_holders_answers_from_a_wallet_of_their_own() {
    let run = Played::new("passport-or-licence").play(&["--json"]).succeeded();
    assert_eq!(shown(&run, "12.1", "Prover wallet"), "prover_wallet_ada");
    assert_eq!(shown(&run, "12.2", "Prover wallet"), "prover_wallet_ben");
    let used = |action: &str| {
        let chosen = shown(&run, action, "Requested Credentials");
        chosen["requested_attributes"]["guest"]["cred_id"].clone()
    };
    assert_eq!([used("20.1"), used("20.2")], ["ada-passport", "ben-licence"]);
    let order: Vec<String> = actions(&run).into_iter().skip_while(|one| one != "18.1").collect();
    assert_eq!(
        order,
        ["18.1", "19.1", "20.1", "21.1", "18.2", "19.2", "20.2", "21.2", "22", "23", "24"]
    );
}

#[test]
fn the_text_ends_with_what_the_verifier_learned_from_each_request() {
    let played = Played::new("licence");
    let run = played.play(&[]).succeeded();
    assert!(
        run.stdout.contains("\n18.2. Prover gets the Proof Request\n    Request: rental\n"),
        "{}",
        run.stdout
    );
    let (_, end) = run.stdout.split_once("\n24. Deleting pool ledger config\n").unwrap();
    assert_eq!(
        end,
        "    Deleted: pool\n\n\
         age: Verified: the birthdate_dateint is at most 20071231; of the other attributes the verifier \
         learned nothing.\n\
         rental: Verified: the categories is B, BE, the name is Kim Park and the expires_dateint is at \
         least 20290101; of the other attributes the verifier learned nothing.\n"
    );
    assert_eq!(played.play(&["--quiet"]).succeeded().stdout, "");
}

#[test]
fn a_request_without_an_answer_ends_with_the_reasons_and_the_others_are_played() {
    let played = Played::new("licence");
    played.change("requests/age.json", |request| {
        request["proof_request"]["requested_predicates"]["born"]["p_value"] = json!(19900101);
    });
    played.has_errors(&["requests/age.json /proof_request/requested_predicates/born unanswered"]);
    let run = played.play(&["--json", "--home", "home"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(!actions(&run).contains(&"20.1".to_owned()), "{:?}", actions(&run));
    let lines = run.lines();
    let [age, rental] = &lines[lines.len() - 2..] else { panic!("two requests") };
    assert_eq!(age["verdict"], "unanswered");
    assert!(age["reason"].as_str().unwrap().starts_with("born: credential licence: "), "{age}");
    assert_eq!(rental["verdict"], "verified");
    Schema::new(&played.run(&["schema", "action"]).succeeded().stdout).assert_describes(age);

    let again = played.play(&["--home", "home"]);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.stdout.contains("\nage: unanswered. born: "), "{}", again.stdout);
    assert!(again.stdout.contains("This scenario was played before"), "{}", again.stdout);
}

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
fn commands_say_which_wallets_a_scenarios_home_has() {
    let played = Played::new("passport-or-licence");
    played.play(&["--quiet", "--home", "home"]).succeeded();
    let words = ["prover_wallet_ada, prover_wallet_ben", "the home of a scenario with one holder"];
    for command in [&["wallet", "list"][..], &["wallet", "rebuild"]] {
        played.run(&[command, &["--home", "home"]].concat()).failed(2, &words);
    }
    let played = Played::new("gvt");
    kill_after(&played, "1");
    let list = played.run(&["wallet", "list", "--home", "home"]);
    list.failed(2, &["go on with `negotiate-proof --scenario DIR --home "]);
    played.play(&["--quiet", "--home", "home"]).succeeded();
    played.run(&["wallet", "list", "--home", "home"]).succeeded();
}

#[test]
fn a_scenario_without_answers_has_no_case() {
    let played = Played::new("gvt");
    played.change("requests/proof_req_1.json", |request| {
        request["proof_request"]["requested_predicates"]["predicate1_referent"]["p_value"] =
            json!(30);
    });
    let run = played.play(&["--home", "home"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("\nUnanswered. predicate1_referent: "), "{}", run.stdout);
    let case = played.run(&["case", "--home", "home"]);
    case.failed(2, &["there is no presentation in ", "play it in another --home"]);
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
fn options_that_make_no_sense_together_are_refused() {
    let played = Played::new("gvt");
    played.play(&["--until", "3"]).failed(2, &["'--scenario <DIR>' cannot be used with"]);
    played.run(&["--seed", "x"]).failed(2, &["--scenario <DIR>"]);
    let key = played.play(&["--prepared-key", keys::DEGREE_PATH]);
    key.failed(2, &["--prepared-key", "the attributes of no schema here"]);
}

#[test]
fn a_template_is_written_into_an_empty_directory_only() {
    let played = Played::empty();
    fs::create_dir(played.sandbox.path("scenario")).unwrap();
    let run = played.run(&["scenario", "init", "scenario", "--template", "payslip", "--json"]);
    let files = run.succeeded().last_line()["files"].clone();
    assert_eq!(files.as_array().unwrap().len(), 6);
    fs::write(played.file("holders/mia.json"), "{}").unwrap();
    for template in ["gvt", "payslip"] {
        let again = played.run(&["scenario", "init", "scenario", "--template", template]);
        again.failed(2, &["scenario is not empty"]);
    }
    assert_eq!(fs::read_to_string(played.file("holders/mia.json")).unwrap(), "{}");
    assert!(!played.file("issuers/gvt.json").exists());
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
fn a_seed_makes_dids_nonces_and_keys_the_same_again() {
    let played = Played::new("gvt");
    // without a key made in advance: this one is searched for, from the seed
    played.change("issuers/gvt.json", |issuer| {
        issuer["schemas"][0].as_object_mut().unwrap().remove("prepared_key");
    });
    played.change("holders/alex.json", |holder| {
        holder.as_object_mut().unwrap().remove("did");
    });
    let run = |seed: &str| {
        let run = played.play(&["--json", "--seed", seed]).succeeded();
        [
            shown(&run, "5", "Trust anchor DID"),
            shown(&run, "12", "Prover DID"),
            shown(&run, "18", "Proof Request"),
            shown(&run, "11", "Credential definition"),
        ]
    };
    let first = run("lesson 1");
    assert_eq!(run("lesson 1"), first);
    played.change("issuers/gvt.json", |issuer| {
        issuer["schemas"][0]["prepared_key"] = json!(keys::GVT_PATH);
    });
    let other = run("lesson 2");
    for (other, first) in other.iter().zip(&first) {
        assert_ne!(other, first);
    }
    assert_ne!(run("lesson 2")[2]["nonce"], first[2]["nonce"]);
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

#[test]
fn a_home_is_continued_with_the_seed_with_which_it_was_begun() {
    let played = Played::new("gvt");
    played.play(&["--quiet", "--home", "home", "--seed", "a"]).succeeded();
    let other = played.play(&["--home", "home", "--seed", "b"]);
    other.failed(2, &["home was begun with another --seed; give the same text again, or name"]);
    let none = played.play(&["--home", "home"]);
    none.failed(2, &["home was begun with --seed; give the same text again, or name"]);
    played.play(&["--home", "home", "--seed", "a"]).succeeded();
    let state = fs::read_to_string(played.sandbox.path("home/state/scenario.json")).unwrap();
    assert!(!state.contains("\"seed\": \"a\""), "{state}");

    played.play(&["--quiet", "--home", "other"]).succeeded();
    let added = played.play(&["--home", "other", "--seed", "a"]);
    added.failed(2, &["other was begun without --seed; leave it out, or name another --home"]);
    played.play(&["--seed", ""]).failed(2, &["--seed <TEXT>"]);
}

#[test]
fn an_issuers_seed_must_be_that_of_the_did_that_the_wallet_has() {
    let played = Played::new("gvt");
    played.play(&["--quiet", "--home", "first"]).succeeded();
    played.change("issuers/gvt.json", |issuer| {
        issuer["seed"] = json!("0000000000000000000000000Issuer1");
    });
    kill_after(&played, "1");
    // the wallet of another issuer, under the same name
    fs::create_dir_all(played.sandbox.path("home/wallets")).unwrap();
    fs::copy(
        played.sandbox.path("first/wallets/issuer_wallet.sqlite"),
        played.sandbox.path("home/wallets/issuer_wallet.sqlite"),
    )
    .unwrap();
    let words = ["has the DID ", "the seed in issuers/gvt.json makes ", "name another --home"];
    played.play(&["--home", "home"]).failed(2, &words);
}

/// Kills a run at home when it has printed this action.
fn kill_after(played: &Played, action: &str) {
    let program = played.program(&["--scenario", "scenario", "--home", "home", "--json"]);
    let mut running = Running::start(program);
    read_up_to(&mut running, action);
    running.child.kill().unwrap();
    running.child.wait().unwrap();
}

/// Asserts that the home can be played to the end, with nothing written twice.
#[track_caller]
fn continues_to_the_end(played: &Played, transactions: usize) -> Finished {
    let run = played.play(&["--json", "--home", "home"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let lines = run.lines();
    let ends = lines.iter().filter(|line| line.get("verdict").is_some());
    assert!(ends.clone().count() > 0 && ends.clone().all(|end| end["verdict"] == "verified"));
    let ledger = played.sandbox.path("home/pool/pool/transactions.jsonl");
    assert_eq!(fs::read_to_string(ledger).unwrap().lines().count(), transactions);
    run
}

#[test]
fn after_a_kill_at_any_action_the_scenario_continues() {
    let played = Played::new("payslip");
    for action in [
        "1", "3.1", "5.2", "7.1", "7.2", "10.1", "11.2", "11b.1", "11b.2", "13", "15.1", "16.1",
        "17.1", "16.2", "17.2",
    ] {
        kill_after(&played, action);
    }
    for action in ["18", "19", "20", "21"] {
        let run =
            Running::start(played.program(&["--scenario", "scenario", "--home", "home", "--json"]));
        kill_when(run, action);
    }
    continues_to_the_end(&played, 6);
    let state: Value =
        serde_json::from_slice(&fs::read(played.sandbox.path("home/state/scenario.json")).unwrap())
            .unwrap();
    assert_eq!(state["data"]["issued"]["credentials"].as_object().unwrap().len(), 2);
}

/// Kills a run when it has printed this action, or when it has ended without it.
fn kill_when(mut running: Running, action: &str) {
    while let Some(line) = running.read_line() {
        if action_number(&line).as_deref() == Some(action) {
            break;
        }
    }
    running.child.kill().unwrap();
    running.child.wait().unwrap();
}

#[test]
fn a_home_of_a_scenario_survives_kills_at_any_moment() {
    let played = Played::new("passport-or-licence");
    for milliseconds in [1, 3, 10, 30, 60, 100, 200, 300, 450, 600, 800, 1000] {
        let mut program = played.program(&["--scenario", "scenario", "--home", "home", "--quiet"]);
        let mut child = program.spawn().unwrap();
        thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    continues_to_the_end(&played, 6);
}

#[test]
fn a_second_run_at_home_says_that_the_scenario_was_played() {
    let played = Played::new("licence");
    played.play(&["--quiet", "--home", "home"]).succeeded();
    let again = played.play(&["--home", "home"]).succeeded();
    assert!(again.stdout.starts_with("\nage: Verified: "), "{}", again.stdout);
    assert!(again.stdout.ends_with(
        "This scenario was played before; nothing was changed. To play it again, name another --home.\n"
    ));
    let again = played.play(&["--json", "--home", "home"]).succeeded();
    assert!(again.lines().iter().all(|line| line["finished_before"] == true), "{}", again.stdout);

    let state = played.sandbox.path("home/state/scenario.json");
    let whole = fs::read_to_string(&state).unwrap();
    // an outcome that was edited is computed again
    fs::write(&state, whole.replace("the categories is B, BE", "the categories is C")).unwrap();
    let run = played.play(&["--json", "--home", "home"]);
    assert_eq!(actions(&run), ["21.2", "22", "23", "24"], "{run:?}");
    assert!(run.stderr.contains("The stored outcome of the request rental does not follow"));
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert!(read(&fs::read_to_string(&state).unwrap()) == read(&whole), "the outcome as it was");

    let cleaned = played.play(&["--json", "--home", "home", "--clean"]);
    assert_eq!(actions(&cleaned), ["22", "23", "24"], "{cleaned:?}");
    assert!(!played.sandbox.path("home/wallets/prover_wallet.sqlite").exists());
    played.play(&["--quiet", "--home", "home"]).succeeded();
}

#[test]
fn the_presentations_of_a_home_are_cases_to_verify() {
    let played = Played::new("licence");
    played.run(&["case", "--home", "home"]).failed(2, &["there is no home"]);
    played.play(&["--quiet", "--home", "home"]).succeeded();
    let cases = played.run(&["case", "--home", "home"]).succeeded();
    let ids: Vec<Value> = cases.lines().iter().map(|case| case["id"].clone()).collect();
    assert_eq!(ids, ["age", "rental"]);
    fs::write(played.sandbox.path("cases.jsonl"), cases.stdout).unwrap();
    let verdicts = played.run(&["verify", "cases.jsonl", "--json"]).lines();
    assert!(verdicts.iter().all(|verdict| verdict["verdict"] == "verified"), "{verdicts:?}");
    assert_eq!(verdicts.len(), 2);
}

#[test]
fn a_home_belongs_to_one_scenario_or_to_the_walkthrough() {
    let played = Played::new("gvt");
    played.play(&["--quiet", "--home", "home"]).succeeded();
    let walkthrough = ["--home", "home", "--prepared-key", keys::GVT_PATH];
    let words = ["is the home of a scenario", "--scenario DIR --home"];
    played.run(&walkthrough).failed(2, &words);
    played.run(&[&["step", "2"], &walkthrough[..]].concat()).failed(2, &words);
    played.change("requests/proof_req_1.json", |request| {
        request["proof_request"]["name"] = json!("x")
    });
    played.play(&["--home", "home"]).failed(2, &["was begun with another scenario"]);

    let walkthrough = ["--quiet", "--home", "other", "--prepared-key", keys::GVT_PATH];
    played.run(&[&walkthrough[..], &["--until", "2"]].concat()).succeeded();
    played.play(&["--home", "other"]).failed(2, &["is the home of a walkthrough"]);
    played.run(&walkthrough).succeeded();

    fs::write(played.sandbox.path("home/state/scenario.json"), "{").unwrap();
    let words = ["scenario.json is damaged", "in another --home"];
    played.play(&["--home", "home"]).failed(2, &words);
}

#[test]
fn pause_waits_between_the_actions_of_a_scenario() {
    let played = Played::new("gvt");
    let mut running = Running::start_with_open_input(played.program(&[
        "--scenario",
        "scenario",
        "--json",
        "--pause",
    ]));
    for (number, _) in ACTIONS {
        if number != "1" {
            running.press_enter();
        }
        if number == "24" {
            break;
        }
        // an action's line comes when the next one begins
        if number != "1" {
            read_up_to(&mut running, previous(number));
        }
    }
    let (code, _) = running.finish();
    assert_eq!(code, Some(0));
}

/// Returns the number of the action before this one.
fn previous(number: &str) -> &'static str {
    let position = ACTIONS.iter().position(|(other, _)| *other == number).unwrap();
    ACTIONS[position - 1].0
}
