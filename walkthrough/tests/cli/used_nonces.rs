//! Nonces are accepted once, in all runs.

use std::{fs, process::Stdio};

use serde_json::json;

use crate::verify::{ONE, TWO, altered, check, has_verdicts, named, verdicts};
use crate::walkthrough::Walkthrough;

#[test]
fn a_nonce_is_accepted_once_in_all_runs() {
    let walkthrough = Walkthrough::new();
    let other = altered(|case| case["presentation_request"]["nonce"] = json!("1"));
    let cases = format!(
        "{other}\n{}\n{}\n{}",
        named("a"),
        named("b"),
        TWO.replacen("\"id\":\"two-credentials\"", "\"id\":\"two\"", 1)
    );
    fs::write(walkthrough.path("cases"), cases).unwrap();
    let arguments = ["verify", "--json", "--used-nonces", "used.txt", "cases"];
    let outcome = walkthrough.run(&arguments);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    let expected =
        [("cases:1", "rejected"), ("a", "verified"), ("b", "rejected"), ("two", "verified")];
    has_verdicts(&outcome, &expected);
    let lines = outcome.lines();
    assert_eq!(check(&lines[1], "nonce-fresh")["outcome"], "passed");
    assert_eq!(check(&lines[2], "nonce-fresh")["outcome"], "failed");
    // a case that is rejected for another reason does not use its nonce up
    let used = fs::read_to_string(walkthrough.path("used.txt")).unwrap();
    assert_eq!(used.lines().count(), 3, "{used}");
    assert!(used.starts_with("#accepted-once 2 used nonces\n"), "{used}");
    assert!(!used.lines().any(|line| line.starts_with("1 ")), "{used}");

    let again = verdicts(&walkthrough.run(&arguments));
    assert!(again.iter().all(|(_, verdict)| verdict == "rejected"), "{again:?}");
    assert_eq!(fs::read_to_string(walkthrough.path("used.txt")).unwrap(), used);
}

#[test]
fn used_nonces_of_an_older_version_are_read_and_rewritten() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("case"), ONE).unwrap();
    fs::write(walkthrough.path("used.txt"), "42\n123432421212").unwrap();
    let arguments = ["verify", "--json", "--used-nonces", "used.txt", "case"];
    let outcome = walkthrough.run(&arguments);
    assert_eq!(check(&outcome.last_line(), "nonce-fresh")["outcome"], "failed");
    let used = fs::read_to_string(walkthrough.path("used.txt")).unwrap();
    let nonces: Vec<_> = used.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(nonces, ["#accepted-once", "42", "123432421212"]);
}

#[test]
fn used_nonces_with_one_changed_bit_are_refused() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("case"), ONE).unwrap();
    let arguments = ["verify", "--quiet", "--used-nonces", "used.txt", "case"];
    walkthrough.run(&arguments).succeeded();
    let mut used = fs::read(walkthrough.path("used.txt")).unwrap();
    let last = used.len() - 20;
    used[last] ^= 1;
    fs::write(walkthrough.path("used.txt"), &used).unwrap();
    walkthrough.run(&arguments).failed(2, &["used.txt is damaged at line 2", "from a copy"]);
    assert_eq!(fs::read(walkthrough.path("used.txt")).unwrap(), used);
}

#[test]
fn used_nonces_that_were_shortened_or_emptied_are_refused() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("case"), ONE).unwrap();
    let arguments = ["verify", "--used-nonces", "used.txt", "case"];
    walkthrough.run(&arguments).succeeded();
    let whole = fs::read_to_string(walkthrough.path("used.txt")).unwrap();
    let first_line = whole.split_inclusive('\n').next().unwrap();
    for shortened in [first_line, ""] {
        fs::write(walkthrough.path("used.txt"), shortened).unwrap();
        let words = ["used.txt has 0 used nonces, and 1 were accepted", "from a copy"];
        let failed = walkthrough.run(&arguments).failed(2, &words);
        assert_eq!(failed.stdout, "");
        assert_eq!(fs::read_to_string(walkthrough.path("used.txt")).unwrap(), shortened);
    }
    // the advice
    fs::write(walkthrough.path("used.txt"), whole).unwrap();
    let again = walkthrough.run(&arguments);
    assert!(again.stdout.contains("rejected — nonce-fresh"), "{again:?}");
}

#[test]
fn a_file_without_used_nonces_is_left_alone() {
    let walkthrough = Walkthrough::new();
    fs::write(walkthrough.path("case"), ONE).unwrap();
    let arguments = ["verify", "--used-nonces", "case", "case"];
    walkthrough.run(&arguments).failed(2, &["cannot use case: line 1 is no nonce; name a file"]);
    assert_eq!(fs::read_to_string(walkthrough.path("case")).unwrap(), ONE);

    let arguments = ["verify", "--used-nonces", "nowhere/used.txt", "case"];
    let outcome = walkthrough.run(&arguments);
    outcome.failed(2, &["cannot open nowhere/used.txt; name a file for used nonces"]);
}

#[cfg(unix)]
#[test]
fn a_killed_run_has_stored_the_nonce_of_each_printed_verdict() {
    use std::io::{BufRead, BufReader, Write};

    let walkthrough = Walkthrough::new();
    let mut program = walkthrough.program_without_key();
    program.args(["verify", "--json", "--used-nonces", "used.txt", "-"]);
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let input = child.stdin.as_mut().unwrap();
    input.write_all(format!("{}\n", ONE.trim()).as_bytes()).unwrap();
    input.flush().unwrap();
    let mut line = String::new();
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    printed.read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.contains(r#""verdict":"verified""#), "{line}");

    fs::write(walkthrough.path("case"), ONE).unwrap();
    let again = walkthrough.run(&["verify", "--json", "--used-nonces", "used.txt", "case"]);
    assert_eq!(check(&again.last_line(), "nonce-fresh")["outcome"], "failed");
}
