//! The teacher's view.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::lab::{Lab, program};

/// Runs the program in a directory.
fn run(directory: &Path, arguments: &[&str]) -> Option<i32> {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(directory).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap().code()
}

#[test]
fn the_teacher_sees_each_home_at_its_action_with_its_last_verdict() {
    let class = tempfile::tempdir().unwrap();
    let class = class.path();
    assert_eq!(run(class, &["--home", "ann", "--until", "2", "--quiet"]), Some(0));
    assert_eq!(run(class, &["--home", "bob", "--quiet"]), Some(0));
    // Bob breaks his presentation
    let state = class.join("bob/state/step4.json");
    let text = fs::read_to_string(&state).unwrap();
    fs::write(&state, text.replace("\"raw\": \"Alex\"", "\"raw\": \"Mallory\"")).unwrap();
    assert_eq!(run(class, &["step", "5", "--home", "bob", "--quiet"]), Some(1));
    fs::create_dir(class.join("not-a-home")).unwrap();

    let lab = Lab::start(&["--homes", class.to_str().unwrap()]);
    let homes = lab.get_at(&lab.teacher.replace("teacher", "api/homes")).json();
    assert_eq!(homes["learners"], json!(lab.learners));
    let homes = homes["homes"].as_array().unwrap();
    let names: Vec<&Value> = homes.iter().map(|home| &home["name"]).collect();
    assert_eq!(names, ["ann", "bob"]);
    assert_eq!((&homes[0]["action"], &homes[0]["verdict"]), (&json!("17"), &Value::Null));
    assert_eq!(homes[1]["action"], "24");
    assert_eq!(
        (&homes[1]["verdict"], &homes[1]["check"]),
        (&json!("rejected"), &json!("encoding"))
    );
}

#[test]
fn without_homes_there_are_still_schedule_and_projector() {
    let lab = Lab::start(&[]);
    let page = lab.get_at(&lab.teacher);
    assert!(page.body.contains("id=\"schedule\"") && page.body.contains("id=\"projector\""));
    let homes = lab.get_at(&lab.teacher.replace("teacher", "api/homes")).json();
    assert_eq!(homes["homes"], Value::Null);
    assert_eq!(homes["advice"], "start the lab with --homes DIR");
}
