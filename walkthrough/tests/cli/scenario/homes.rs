//! The home of a scenario: interrupted, continued, and open to other commands.

use std::{fs, thread, time::Duration};

use serde_json::{Value, json};
use test_support::{
    keys,
    program::{Finished, Running},
};

use super::{Played, shown};
use crate::walkthrough::{action_number, actions, read_up_to};

#[test]
fn commands_work_for_one_of_several_holders() {
    let played = Played::new("passport-or-licence");
    played.play(&["--quiet", "--home", "home"]).succeeded();
    let list =
        |options: &[&str]| played.run(&[&["wallet", "list", "--home", "home"], options].concat());
    let listed = list(&["--holder", "ben"]).succeeded();
    assert!(listed.stdout.contains("credential ben-licence"), "{}", listed.stdout);
    // neither no name nor a misspelt one makes a wallet
    for options in [&[][..], &["--holder", "bem"]] {
        let words = ["has several holders", "--holder: \"ada\", \"ben\""];
        list(options).failed(2, &words);
        let import = ["wallet", "import", "-", "--home", "home"];
        played.run(&[&import, options].concat()).failed(2, &words);
    }
    fs::write(
        played.sandbox.path("request.json"),
        json!({
            "nonce": "1", "name": "n", "version": "1.0",
            "requested_attributes": {"who": {"name": "name"}},
        })
        .to_string(),
    )
    .unwrap();
    let prove = ["prove", "request.json", "--home", "home", "--output", "proof.json", "--yes"];
    played.run(&[&prove[..], &["--holder", "ada"]].concat()).succeeded();
    played.run(&["verify", "proof.json"]).succeeded();
}

#[test]
fn a_home_whose_scenario_has_not_begun_to_issue_has_no_wallet_to_list() {
    let played = Played::new("gvt");
    kill_after(&played, "1");
    let list = played.run(&["wallet", "list", "--home", "home"]);
    list.failed(2, &["has no wallet of a holder", "`negotiate-proof --scenario DIR --home "]);
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
    fs::write(&state, whole.replace(r#"the categories is \"B, BE\""#, "the categories is C"))
        .unwrap();
    let run = played.play(&["--json", "--home", "home"]);
    assert_eq!(actions(&run), ["21.2", "22", "23", "24"], "{run:?}");
    assert!(
        run.stderr.contains("The home has changed since the stored outcome of the request rental")
    );
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert!(read(&fs::read_to_string(&state).unwrap()) == read(&whole), "the outcome as it was");

    let cleaned = played.play(&["--json", "--home", "home", "--clean"]);
    assert_eq!(actions(&cleaned), ["22", "23", "24"], "{cleaned:?}");
    assert!(!played.sandbox.path("home/wallets/prover_wallet.sqlite").exists());
    played.play(&["--quiet", "--home", "home"]).succeeded();
}

#[test]
fn a_request_that_has_changed_is_answered_again_in_its_home() {
    let played = Played::new("licence");
    let first = played.play(&["--json", "--home", "home"]).succeeded();
    played.change("requests/rental.json", |request| {
        request["proof_request"]["requested_predicates"]["valid"]["p_value"] = json!(20300101);
    });
    let run = played.play(&["--json", "--home", "home"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(actions(&run), ["18.2", "19.2", "20.2", "21.2", "22", "23", "24"], "{run:?}");
    assert!(run.stderr.contains("The request rental has changed; it is answered again."));
    let asked = shown(&run, "18.2", "Proof Request");
    assert_eq!(asked["requested_predicates"]["valid"]["p_value"], 20300101);
    // the credential is the one that was issued before
    let definition = &shown(&first, "11", "Credential definition")["id"];
    let restriction = &asked["requested_predicates"]["valid"]["restrictions"]["cred_def_id"];
    assert_eq!(restriction, definition);
    // nothing is done where nothing has changed
    let again = played.play(&["--json", "--home", "home"]).succeeded();
    assert_eq!(actions(&again), Vec::<String>::new());

    played.play(&["--quiet", "--home", "home", "--clean"]).succeeded();
    played
        .change("requests/age.json", |request| request["proof_request"]["name"] = json!("another"));
    played.play(&["--home", "home"]).failed(2, &["were deleted with --clean", "another --home"]);
}

#[test]
fn a_preview_issues_and_answers_nothing() {
    let played = Played::new("licence");
    let preview = ["scenario", "preview", "scenario", "--home", "home", "--json"];
    let first = played.run(&preview).succeeded();
    assert_eq!(actions(&first).last().map(String::as_str), Some("17"));
    let lines = first.lines();
    let [.., age, rental] = lines.as_slice() else { panic!("{first:?}") };
    assert_eq!((&age["request"], &rental["holder"]), (&json!("age"), &json!("kim")));
    let disclosed = &rental["disclosure"]["credentials"][0];
    assert_eq!(disclosed["revealed"][1]["raw"], "Kim Park", "{disclosed}");
    // the second time, all is issued
    assert_eq!(played.run(&preview).succeeded().lines().len(), 2);
    let text = played.run(&preview[..5]).succeeded().stdout;
    assert!(text.contains("The request age, to kim:\nFrom credential licence"), "{text}");

    let run = played.play(&["--json", "--home", "home"]);
    assert_eq!(actions(&run).first().map(String::as_str), Some("18.1"), "{run:?}");

    played.change("requests/age.json", |request| {
        request["proof_request"]["requested_predicates"]["born"]["p_value"] = json!(19000101);
    });
    let open = played.run(&preview);
    assert_eq!(open.code, Some(1), "{open:?}");
    assert!(open.lines()[0]["unanswered"]["born"].is_string(), "{open:?}");
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
    played.change("credentials/alex.json", |credential| credential["values"]["height"] = json!(1));
    played.play(&["--home", "home"]).failed(2, &["was begun with another scenario"]);

    let walkthrough = ["--quiet", "--home", "other", "--prepared-key", keys::GVT_PATH];
    played.run(&[&walkthrough[..], &["--until", "2"]].concat()).succeeded();
    played.play(&["--home", "other"]).failed(2, &["is the home of a walkthrough"]);
    played.run(&walkthrough).succeeded();

    fs::write(played.sandbox.path("home/state/scenario.json"), "{").unwrap();
    let words = ["scenario.json is damaged", "in another --home"];
    played.play(&["--home", "home"]).failed(2, &words);
}
