//! The tutorial's finished program, and the template into which a learner pastes the steps.

use std::{fs, path::Path, process::Command};

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.rs"));
    fs::read_to_string(path).unwrap()
}

/// Returns the code of an example, without the comment that introduces it.
fn code(source: &str) -> &str {
    &source[source.find("\nuse ").unwrap()..]
}

/// Returns the piece that the book pastes for a step.
fn piece(step: u8) -> String {
    let source = example("negotiate_proof");
    let (begin, end) =
        (format!("    // ANCHOR: step-{step}\n"), format!("    // ANCHOR_END: step-{step}\n"));
    let (_, rest) = source.split_once(&begin).unwrap();
    rest.split_once(&end).unwrap().0.to_owned()
}

/// Cargo has built the finished program with this test. The next test says that it is the template
/// with the pieces.
#[test]
fn the_finished_program_runs_all_actions_to_the_end() {
    let tests = std::env::current_exe().unwrap();
    let examples = tests.parent().and_then(Path::parent).unwrap().join("examples");
    let output = Command::new(examples.join("negotiate_proof")).output().unwrap();
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.contains("\n 21. verified: true\n"), "{stdout}");
    assert!(stdout.ends_with("\n 24. deleted: \"pool\"\n"), "{stdout}");
}

#[test]
fn the_template_with_the_pasted_pieces_is_the_finished_program() {
    let mut pasted = example("template");
    for step in 2..=5 {
        let placeholder = format!("    // Step {step} code goes here\n");
        assert!(pasted.contains(&placeholder), "the template has no gap for step {step}");
        pasted = pasted.replace(&placeholder, &piece(step));
    }
    let finished: String = example("negotiate_proof")
        .split_inclusive('\n')
        .filter(|line| !line.trim_start().starts_with("// ANCHOR"))
        .collect();
    assert_eq!(code(&pasted), code(&finished));
}
