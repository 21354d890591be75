//! The pictures of the proof show the recorded run of the lab, in which every equation holds, and
//! those of terminals the sessions of the book.

use std::{io::Write, process::Command};

use workspace_tests::root;

#[test]
fn the_pictures_are_those_of_the_recorded_run_and_of_the_sessions() {
    let output = Command::new("python3")
        .args(["-B", "docs/pictures/main.py", "--check"])
        .current_dir(root())
        .output();
    let Ok(output) = output else {
        // past the capture of the test harness, so that it can be seen
        let _ = writeln!(std::io::stderr(), "SKIPPED: this test needs Python");
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
}
