//! How far homes have come, for a person who watches.

use std::fs;

use serde_json::{Value, json};
use test_support::program::Running;

use crate::walkthrough::Walkthrough;

/// Returns the lines about the home.
fn progress(walkthrough: &Walkthrough) -> Vec<Value> {
    walkthrough.run(&["progress", "home", "--json"]).succeeded().lines()
}

#[test]
fn a_home_is_read_while_it_is_in_use() {
    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program();
    program.args(["--json", "--pause", "--home", "home"]);
    let mut running = Running::start_with_open_input(program);
    running.press_enter();
    // action 2 has begun once the first one's line is there
    running.read_line();
    running.press_enter();
    running.read_line();
    let lines = progress(&walkthrough);
    assert_eq!(lines.len(), 1);
    let action = lines[0]["action"].as_str().unwrap();
    // the third one may not be recorded yet
    assert!(["2", "3"].contains(&action), "{lines:?}");
    assert_eq!((&lines[0]["step"], &lines[0]["scenario"]), (&json!(2), &json!(false)));
    assert_eq!(lines[0]["verdict"], Value::Null);
    running.child.kill().unwrap();
    running.child.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn a_home_of_a_class_cannot_hide_the_others() {
    use std::{
        ffi::OsStr,
        fs::File,
        os::unix::ffi::OsStrExt,
        time::{Duration, UNIX_EPOCH},
    };

    let walkthrough = Walkthrough::new();
    let class = walkthrough.path("class");
    let homes = [OsStr::from_bytes(b"ann\xff"), OsStr::new("bea")];
    for home in homes {
        fs::create_dir_all(class.join(home).join("progress")).unwrap();
        fs::write(class.join(home).join("home.json"), "{}").unwrap();
    }
    let action = class.join("bea/progress/action.json");
    let label = "9)\nclass/cem: action 24";
    fs::write(&action, json!({"action": "9", "step": 2, "label": label}).to_string()).unwrap();
    // not every file system has such a time
    let late = UNIX_EPOCH + Duration::from_secs(9_999_999_999_999_999);
    let _ = File::options().write(true).open(&action).unwrap().set_modified(late);
    let lines = walkthrough.run(&["progress", "class", "--json"]).succeeded().lines();
    let names: Vec<_> = lines.iter().map(|line| line["home"].clone()).collect();
    assert_eq!(names, [json!("class/ann\u{fffd}"), json!("class/bea")]);
    let text = walkthrough.run(&["progress", "class"]).succeeded().stdout;
    assert_eq!(text.lines().count(), 2, "{text}");
}

#[test]
fn the_last_verdict_is_that_of_step_5_or_of_verify_at_home() {
    let walkthrough = Walkthrough::after_step(5);
    let last = |of: &str| progress(&walkthrough)[0][of].clone();
    assert_eq!(
        (last("action"), last("verdict"), last("check")),
        (json!("24"), json!("verified"), Value::Null)
    );

    let case = walkthrough.run(&["case", "--home", "home"]).succeeded().stdout;
    fs::write(
        walkthrough.path("case.json"),
        case.replacen("\"raw\":\"Alex\"", "\"raw\":\"Mallory\"", 1),
    )
    .unwrap();
    let verify = |arguments: &[&str]| {
        walkthrough.run(&[&["verify", "case.json", "--quiet"], arguments].concat())
    };
    assert_eq!(verify(&[]).code, Some(1));
    assert_eq!(last("verdict"), "verified", "nothing was said of a home");
    assert_eq!(verify(&["--home", "home"]).code, Some(1));
    assert_eq!((last("verdict"), last("check")), (json!("rejected"), json!("encoding")));
    assert!(last("found").as_str().unwrap().contains("Mallory"));
    let text = walkthrough.run(&["progress", "home"]).succeeded().stdout;
    assert!(text.starts_with("home: action 24 (Deleting pool ledger config) at "), "{text}");
    assert!(text.contains("; rejected — encoding at "), "{text}");
}

#[test]
fn the_homes_of_a_directory_are_listed_and_nothing_else() {
    let walkthrough = Walkthrough::new();
    fs::create_dir_all(walkthrough.path("class/empty")).unwrap();
    fs::write(walkthrough.path("class/file"), "x").unwrap();
    for name in ["bob", "ann"] {
        let home = format!("class/{name}");
        walkthrough.run(&["--quiet", "--until", "2", "--home", &home]).succeeded();
    }
    let lines = walkthrough.run(&["progress", "class", "--json"]).succeeded().lines();
    let homes: Vec<&Value> = lines.iter().map(|line| &line["home"]).collect();
    assert_eq!(homes, ["class/ann", "class/bob"]);
    walkthrough.run(&["progress", "nowhere"]).failed(2, &["cannot read nowhere", "name a home"]);
}

#[test]
fn a_home_without_these_files_or_with_damaged_ones_is_read_by_its_steps() {
    let walkthrough = Walkthrough::after_step(3);
    fs::write(walkthrough.home_file("progress/action.json"), "{").unwrap();
    let [line] = &progress(&walkthrough)[..] else { panic!("one home") };
    assert_eq!((&line["action"], &line["label"]), (&json!("19"), &json!("")));
    fs::remove_dir_all(walkthrough.home_file("progress")).unwrap();
    // a file in the place of the directory does no harm either
    fs::write(walkthrough.home_file("progress"), "").unwrap();
    walkthrough.run_at_home(&["--quiet"]).succeeded();
    assert_eq!(progress(&walkthrough)[0]["action"], "24");
}
