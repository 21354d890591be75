//! The corpus of test vectors, given to implementations.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use serde_json::{Value, json};
use test_support::program::Finished;

use crate::walkthrough::Walkthrough;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors");

/// Two tests of one file that have been there from the beginning: the first is valid.
const TESTS: [&str; 2] = ["basic::one-attribute", "basic::one-attribute.another-nonce"];

/// An adapter in shell, which accepts everything.
const ADAPTER: &str = r#"#!/bin/sh
read -r start
echo '{"name":"credulous","version":"1","features":["verify","ids-legacy"]}'
while read -r line; do
  id=${line##*'"tcId":'}
  echo "{\"tcId\":${id%%[!0-9]*},\"verdict\":\"valid\",\"detail\":\"fine\"}"
done
"#;

/// A directory with the adapter.
fn with_adapter(name: &str) -> Walkthrough {
    let walkthrough = Walkthrough::new();
    let path = walkthrough.path(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, ADAPTER).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    walkthrough
}

fn vectors(walkthrough: &Walkthrough, arguments: &[&str]) -> Finished {
    let corpus = small_corpus(walkthrough);
    walkthrough.run(&[&["vectors", "--corpus", &corpus], arguments].concat())
}

/// A corpus of the two tests.
fn small_corpus(walkthrough: &Walkthrough) -> String {
    let text = fs::read_to_string(format!("{CORPUS}/verify_basic.json")).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    for group in file["testGroups"].as_array_mut().unwrap() {
        let is_wanted = |test: &Value| TESTS.iter().any(|id| test["id"] == *id);
        group["tests"].as_array_mut().unwrap().retain(is_wanted);
    }
    let has_tests = |group: &Value| group["tests"][0].is_object();
    file["testGroups"].as_array_mut().unwrap().retain(has_tests);
    let directory = walkthrough.path("repository/tests/vectors");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("verify_basic.json"), file.to_string()).unwrap();
    directory.to_str().unwrap().to_owned()
}

#[test]
fn built_in_implementations_are_right() {
    let text = vectors(&Walkthrough::new(), &[]).succeeded().stdout;
    for name in ["ours", "indy-credx", "cl"] {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        let counts: Vec<&str> = line.split_whitespace().skip(2).collect();
        assert_eq!(counts, ["2", "0", "0", "0"], "{text}");
    }
    assert!(text.contains(" tests: all as expected.\n"), "{text}");
}

#[test]
fn a_wrong_answer_is_shown_and_ends_with_1() {
    let walkthrough = with_adapter("my adapter.sh");
    let outcome = vectors(&walkthrough, &["--implementation", "my adapter.sh"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    for line in [
        "credulous 1",
        "  wrong: basic::one-attribute.another-nonce",
        "    comment   The request has another nonce.",
        "    expected  invalid: mathematics/indy-credx, mathematics/cl",
        "    got       valid",
        "    detail    fine",
    ] {
        assert!(outcome.stdout.lines().any(|one| one == line), "no {line}: {}", outcome.stdout);
    }
}

#[test]
fn an_implementation_is_a_path_a_command_an_adapter_of_the_corpus_or_named() {
    let walkthrough = with_adapter("repository/tests/vectors/adapters/easy/run");
    let corpus = small_corpus(&walkthrough);
    let path = format!("{corpus}/adapters/easy/run");
    for (given, name) in [
        (path.clone(), "credulous"),
        (format!("sh -e '{path}'"), "credulous"),
        ("easy".to_owned(), "credulous"),
        ("mine=easy".to_owned(), "mine"),
        (format!("mine=sh '{path}'"), "mine"),
    ] {
        let arguments = ["vectors", "--corpus", &corpus, "--json", "-i", &given];
        let outcome = walkthrough.run(&arguments);
        assert_eq!(outcome.code, Some(1), "{given}: {outcome:?}");
        assert_eq!(outcome.last_line()["implementation"], name, "{given}");
    }
    let outcome = walkthrough.run(&["vectors", "--corpus", &corpus, "-i", "eazy"]);
    outcome.failed(2, &["cannot start eazy", "ours, indy-credx, cl, easy"]);
    let outcome = walkthrough.run(&["vectors", "--corpus", &corpus, "-i", "easy", "-i", "easy"]);
    outcome.failed(2, &["two implementations are called \"credulous\"", "NAME=COMMAND"]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let outcome = walkthrough.run(&["vectors", "--corpus", &corpus, "-i", &path]);
    outcome.failed(2, &["make it executable", "'python3 FILE'"]);
    let outcome = walkthrough.run(&["vectors", "--corpus", &corpus, "-i", "sh -c 'exit 3"]);
    outcome.failed(2, &["a quotation mark is missing"]);
    let outcome = walkthrough.run(&["vectors", "--corpus", &corpus, "-i", "sh -c 'exit 3'"]);
    outcome.failed(2, &["sh -c exit 3 did not say what it is", "exit status: 3"]);
}

#[test]
fn the_corpus_is_found_from_below_it() {
    let walkthrough = Walkthrough::new();
    walkthrough.run(&["vectors"]).failed(2, &["there is no tests/vectors in", "--corpus DIR"]);
    small_corpus(&walkthrough);
    let inner = walkthrough.path("repository/a/b");
    fs::create_dir_all(&inner).unwrap();
    let mut program: Command = walkthrough.program_without_key();
    program.args(["vectors", "-i", "cl"]).current_dir(inner);
    let outcome = Finished::of(program).succeeded();
    assert!(outcome.stdout.ends_with("2 tests: all as expected.\n"), "{}", outcome.stdout);
}

#[test]
fn a_filter_chooses_by_id_flag_feature_or_file() {
    let walkthrough = Walkthrough::new();
    let corpus = small_corpus(&walkthrough);
    let run = |filter: &str| {
        walkthrough.run(&["vectors", "--corpus", &corpus, "-i", "cl", "--json", "--filter", filter])
    };
    for (filter, tests) in [
        ("another-nonce", 1),
        ("basic::", 2),
        ("flag:NORMAL", 1),
        ("feature:ids-legacy", 2),
        ("file:verify_basic", 2),
        ("file:verify_basic.json", 2),
    ] {
        assert_eq!(run(filter).succeeded().last_line()["tests"], tests, "{filter}");
    }
    for filter in ["flag:NORMA", "file:basic", "no such test"] {
        run(filter).failed(2, &["no test of this program is left by the filter", filter]);
    }
    run("flag:").failed(2, &["part of an id, or flag:NAME"]);
}

#[test]
fn the_table_counts_by_file_flag_or_feature() {
    for (by, row) in [("file", "verify_basic"), ("flag", "NONCE"), ("feature", "ids-legacy")] {
        let text = vectors(&Walkthrough::new(), &["-i", "cl", "--by", by]).succeeded().stdout;
        assert!(text.lines().any(|line| line.starts_with(row)), "{by}: {text}");
    }
}

#[test]
fn a_list_of_known_failures_can_only_shrink() {
    let walkthrough = with_adapter("easy.sh");
    let corpus = small_corpus(&walkthrough);
    let lists = walkthrough.path("lists");
    fs::create_dir(&lists).unwrap();
    let run = |ids: &[&str]| {
        let failures: Vec<Value> =
            ids.iter().map(|id| json!({"id": id, "reason": "it accepts everything"})).collect();
        let list = json!({"implementation": "credulous", "version": "0.9", "failures": failures});
        fs::write(lists.join("credulous.json"), list.to_string()).unwrap();
        let arguments =
            ["vectors", "--corpus", &corpus, "-i", "easy.sh", "--expected-failures", "lists"];
        walkthrough.run(&arguments)
    };
    let text = run(&[TESTS[1]]).succeeded().stdout;
    assert!(text.contains("known failures of credulous are listed for version 0.9"), "{text}");
    let outcome = run(&TESTS);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stdout.contains("unexpectedly right: basic::one-attribute"), "{outcome:?}");
    run(&["basic::gone"])
        .failed(2, &["credulous.json lists \"basic::gone\", and the corpus has no"]);
    let outcome = walkthrough.run(&["vectors", "--corpus", &corpus, "--expected-failures", "no"]);
    outcome.failed(2, &["there is no directory no"]);
}

#[test]
fn a_report_is_written_to_a_file_in_each_format() {
    let walkthrough = with_adapter("easy.sh");
    for (format, beginning) in [
        ("text", "implementation "),
        ("json", "{\"format\":1,\"implementation\":\"credulous\""),
        ("junit", "<?xml version=\"1.0\""),
        ("tap", "TAP version 14\n1..2\n"),
        ("html", "<!DOCTYPE html>"),
    ] {
        let arguments = ["-i", "./easy.sh", "--format", format, "--output", "report"];
        let outcome = vectors(&walkthrough, &arguments);
        assert_eq!(outcome.code, Some(1), "{format}: {outcome:?}");
        assert!(outcome.stdout.ends_with("1 result is not as expected.\n"), "{outcome:?}");
        let report = fs::read_to_string(walkthrough.path("report")).unwrap();
        assert!(report.starts_with(beginning), "{format}: {report}");
        let printed = vectors(&walkthrough, &arguments[..4]).stdout;
        assert!(printed.starts_with(beginning), "{format}: {printed}");
    }
    let outcome = vectors(&walkthrough, &["-i", "cl", "--output", "nowhere/report"]);
    outcome.failed(2, &["cannot write nowhere/report"]);
}

#[test]
fn a_case_is_changed_in_each_place() {
    let walkthrough = with_adapter("easy.sh");
    let corpus = small_corpus(&walkthrough);
    let text = fs::read_to_string(format!("{corpus}/verify_basic.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let group = &file["testGroups"][0];
    let mut case = group["public"]["indy"].clone();
    for member in ["presentation_request", "presentation"] {
        case[member] = group["tests"][0]["input"][member].clone();
    }
    fs::write(walkthrough.path("case.json"), case.to_string()).unwrap();
    let with = ["-i", "cl", "-i", "./easy.sh", "--limit-cases", "40"];
    for case in [TESTS[0], "case.json"] {
        let mutate = ["vectors", "mutate", case, "--corpus", &corpus];
        let text = walkthrough.run(&[&mutate[..], &with].concat()).succeeded().stdout;
        let first = format!("{case} as it is: cl valid, credulous valid.\n");
        assert!(text.starts_with(&first), "{text}");
        assert!(text.contains("\ncl invalid, credulous valid ("), "{text}");
        assert!(text.contains("\n40 of "), "{text}");
        let lines = walkthrough.run(&[&mutate[..], &with, &["--json"]].concat()).lines();
        assert_eq!(lines.len(), 41);
        assert_eq!((&lines[0]["disagreement"], &lines[40]["changes"]), (&json!(true), &json!(40)));
        assert_eq!(lines[0]["answers"]["cl"]["answer"], "invalid");
    }
    let outcome = walkthrough.run(&["vectors", "mutate", "case.json", "-i", "no-program"]);
    outcome.failed(2, &["cannot start no-program"]);
    fs::write(walkthrough.path("case.json"), "{}").unwrap();
    walkthrough.run(&["vectors", "mutate", "case.json"]).failed(2, &["case.json is not a case"]);
    walkthrough
        .run(&["vectors", "mutate", "x"])
        .failed(2, &["neither the id of a test nor a file"]);
}

#[test]
#[cfg(target_os = "linux")]
fn an_interrupted_run_leaves_no_adapter_behind() {
    let walkthrough = Walkthrough::new();
    let corpus = small_corpus(&walkthrough);
    let script = ADAPTER.replace("while read", "sleep 1000 & echo $! >pid; wait; while read");
    fs::write(walkthrough.path("slow.sh"), script).unwrap();
    let mut program = walkthrough.program_without_key();
    program.args(["vectors", "--corpus", &corpus, "-i", "sh slow.sh"]);
    let mut running = program.spawn().unwrap();
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let pid = walkthrough.path("pid");
    let started = || read(pid.to_str().unwrap());
    wait_until(|| started().ends_with('\n'));
    let sent = Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(running.wait().unwrap().code(), Some(130));
    // a zombie has ended, and waits for its parent to look
    let stat = format!("/proc/{}/stat", started().trim());
    wait_until(|| read(&stat).is_empty() || read(&stat).contains(") Z "));
}

#[cfg(target_os = "linux")]
#[track_caller]
fn wait_until(condition: impl Fn() -> bool) {
    for _ in 0..600 {
        if condition() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("it has not happened");
}
