//! Homes that earlier versions made: every later version opens them, continues them, and verifies
//! from them.
//!
//! `tests/fixtures/homes/README.md` says how each was made. The tests work on copies.

use std::{fs, path::Path};

use serde_json::Value;
use test_support::program::Finished;

use crate::walkthrough::{Walkthrough, actions};

/// The homes, by the names of their directories.
const HOMES: [&str; 2] = ["before-layers", "this-version"];

/// The first action of each step, and its first number.
const STEPS: [(u8, &str); 3] = [(3, "18"), (4, "20"), (5, "21")];

/// Returns a walkthrough whose home is a copy of one that was made by an earlier version.
fn copy(home: &str) -> Walkthrough {
    let walkthrough = Walkthrough::new();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/homes").join(home);
    copy_directory(&fixture, &walkthrough.home());
    walkthrough
}

fn copy_directory(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_directory(&entry.path(), &to),
            false => _ = fs::copy(entry.path(), to).unwrap(),
        }
    }
}

#[track_caller]
fn is_verified(run: &Finished) {
    assert_eq!(run.code, Some(0), "{run:?}");
    let end = run.last_line();
    assert_eq!(end["verdict"], "verified");
    assert_eq!(end["learned"], serde_json::json!(["the name is Alex", "the age is at least 18"]));
}

#[test]
fn a_finished_home_of_an_earlier_version_is_verified() {
    for home in HOMES {
        let walkthrough = copy(home);
        is_verified(&walkthrough.run_at_home(&["--json"]));
        // what the first run stored is reported by the second
        let again = walkthrough.run_at_home(&["--json"]);
        is_verified(&again);
        assert_eq!(again.last_line()["finished_before"], true, "{home}");
    }
}

#[test]
fn a_home_of_an_earlier_version_is_continued_from_each_step() {
    for home in HOMES {
        for (step, action) in STEPS {
            let walkthrough = copy(home);
            for later in step..=5 {
                fs::remove_file(walkthrough.state_path(later)).unwrap();
            }
            let run = walkthrough.run_at_home(&["--json"]);
            is_verified(&run);
            assert_eq!(actions(&run)[0], action, "{home}");
        }
    }
}

#[test]
fn step_2_of_an_earlier_version_s_home_is_continued() {
    for home in HOMES {
        let walkthrough = copy(home);
        let issued = walkthrough.state(2)["data"].clone();
        let ledger = walkthrough.home_file("pool/pool/transactions.jsonl");
        let written = fs::read(&ledger).unwrap();
        for step in 2..=5 {
            fs::remove_file(walkthrough.state_path(step)).unwrap();
        }
        is_verified(&walkthrough.run_at_home(&["--json"]));
        // without labels of DIDs, an interrupted step 2 began with a new issuer
        if home != "before-layers" {
            assert_eq!(walkthrough.state(2)["data"], issued, "{home}");
            assert_eq!(fs::read(&ledger).unwrap(), written, "{home}: nothing is written again");
        }
    }
}

#[test]
fn a_home_of_an_earlier_version_is_searched_and_makes_cases() {
    for home in HOMES {
        let walkthrough = copy(home);
        let request = walkthrough.state(3)["data"]["proof_request"].clone();
        fs::write(walkthrough.path("request.json"), request.to_string()).unwrap();
        let found = walkthrough.run_at_home(&["search", "request.json", "--json"]);
        assert_eq!(found.last_line()["answered"], true, "{home}: {found:?}");
        let disclosed = walkthrough.run_at_home(&["disclose", "request.json", "--json"]);
        assert_eq!(disclosed.last_line()["credentials"][0]["revealed"][0]["raw"], "Alex");

        let case = walkthrough.run_at_home(&["case"]);
        assert_eq!(case.code, Some(0), "{home}: {case:?}");
        let mut case: Value = case.last_line();
        case["id"] = "old".into();
        fs::write(walkthrough.path("case.json"), case.to_string()).unwrap();
        let verdict = walkthrough.run(&["verify", "case.json", "--json"]).succeeded();
        assert_eq!(verdict.last_line()["verdict"], "verified", "{home}");
    }
}
